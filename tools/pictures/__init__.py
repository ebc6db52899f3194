"""`make pictures`: the pictures of the manual, taken of the synthetic city in a browser, in both languages.

__main__.py   makes the city in a folder of its own, serves it, and walks
studio.py     browsers of its accounts, what part of a page is taken, how small the file is
walks.py      what each role is shown to do, and what is taken of it
stage.py      what those do meanwhile who have no account: run beside the site
"""

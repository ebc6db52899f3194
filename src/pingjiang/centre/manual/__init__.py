"""The manual: a page for each role, in both languages, read on the site itself.

text/zh, text/en    the pages in Markdown, which read as well where the code is read
static/manual       their pictures, made by tools/make_pictures.py from the synthetic city
texts.py            which page is whose, and how one becomes HTML
"""

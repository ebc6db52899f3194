"""Pages of the programme. Each starts from what the actor sees.

calls.py         calls, questions on them, the public pages
prechecking.py   check the conditions before writing, begin an application
applications.py  the list, an application as a case
writing.py       its steps: saved by hand and by themselves, conflicts, files, earlier drafts
citing.py        figures of the city lake
districts.py     what a district does;  checks.py  the formal check
"""

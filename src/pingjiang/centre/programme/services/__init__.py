"""What people do with calls and applications: each in one transaction, and once a request.

calls.py         draft and revise a call, ask and answer in public, what time does
applications.py  pre-check, begin, copy, hand in
drafts.py        save a section, settle a conflict, lay an attachment aside
districts.py     recommend, print for the stamp, seal
checks.py        the formal check
"""

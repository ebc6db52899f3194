"""Expert review: whom a panel may not have, whom it draws, what it writes under seal, and what comes of it.

workflow.py   two workflows as data: PANEL and REVIEW
rules.py      what their moves need
effects.py    what follows: lists and their draws, seats that are filled again, the lock
conflicts.py  who has something to do with which applicant, on which ground, known from where
grounds.py    strata and grounds of recusal over all packs, how much an expert carries
seating.py    the list of a panel, its draw, and who sits on it
recusing.py   who sits and leaves out one application, and whether enough others review it
sheets.py     the criteria sheet of a panel, and what experts write into it, sealed until all have locked
results.py    what is reckoned of a locked panel, and how it is read
access.py     who is which party, and who sees what
"""

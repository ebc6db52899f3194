"""Cases and how they move: workflows as data, the one door that changes a state, and the history that cannot be edited.

workflow.py     State, Move, Workflow: data, checked where it is written down; knows no web
models.py       Case, Event, AuditHead, Task, Clock, Notice
service.py      perform(): the only door that changes a state
access.py       visible_to(actor, Model): the only queryset that a view starts from
clocks.py       time limits in working days
tasks.py        待办, and one list of what is overdue
notices.py      the outbox: site and mail, tried again; digest.py: one mail a person a day
history.py      the hash chain of events: write and verify
append_only.py  what the database itself refuses
"""

"""Announcements and consultations: bureau, district or centre publishes; those addressed ask; the desk answers.

workflow.py   two workflows as data: ANNOUNCEMENT and CONSULTATION
rules.py      what a move needs
effects.py    what follows from a move, in its transaction: papers, notices, tasks, clocks
service.py    what people do, each in one transaction and once a request
access.py     who is which party
"""

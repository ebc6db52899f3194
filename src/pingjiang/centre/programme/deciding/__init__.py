"""From the experts' locked results to the final list.

workflow.py  two workflows as data: DECISION and OBJECTION
rules.py     what their moves need, and those of an application that follow from them
effects.py   what follows from a move: verdicts, papers, notices, tasks, the applications' own moves
sums.py      money and places: what there is, what was given, what one item may get
access.py    who is which party, and who sees what
"""

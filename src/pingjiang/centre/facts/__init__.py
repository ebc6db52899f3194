"""What happened, told once by the app that knows and counted by those who evaluate. It adds; it never edits.

kinds.py     Kind: what can be told, declared by each app; knows no database
models.py    Fact, Withdrawal
register.py  tell, withdraw: the only doors
count.py     Question → Answer: numbers and sums by group, each with the facts that it counts and those it set aside
access.py    who sees what

A fact that was wrong is withdrawn by a later row with its reason, and stays. What was known on an earlier day can be
counted again as it was. A fact without a value is counted, and said to have none: it adds nothing to a sum, not zero.
"""

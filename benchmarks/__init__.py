"""What is measured against what, runnable by anyone: `python -m benchmarks` from the root of the project.

`generate/` makes the data, `baseline/` holds the opponents, `tasks.py` runs one side once in a process of
its own, `harness.py` alternates the sides, `measures.py` and `who_is_who.py` say what is measured, `measuring.py` what
is common to that, and `report.py` writes the figures down.
"""

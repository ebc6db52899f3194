"""What an application says.

shape.py     texts and rows as they are kept, and as the flat names of a form
numbers.py   numbers as people type them
specs.py     what can be filled in, as data;  steps.py makes it from a pack, placing.py says where each datum is said
budget.py    lines × sources in Decimal;  derived.py what rules ask for and other sections say
reading.py   its facts, and what the rules say of them;  open.py what is still open in it
hashing.py   all of it as canonical JSON, and its hash
"""

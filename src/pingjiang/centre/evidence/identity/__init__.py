"""Who is who: organisations and persons of a release, pairs in doubt and people's judgements, the register of firms.

organisations, people  lists and pages of them; counts: what is counted of an organisation
review                 the queue of pairs in doubt, judged by keyboard; measuring: what the answers tell of its scores
register               what the register says of firms, and whom of it nobody knows
words                  how what the tables hold is said
"""

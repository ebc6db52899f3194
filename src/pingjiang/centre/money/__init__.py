"""One double-entry ledger for all that the site says about money. It adds; it never edits.

exact.py       a field that holds decimals as whole numbers: SQLite has no decimals, and floats are no money
currencies.py  ISO 4217 as data: minor units, words; what is an amount
chart.py       the chart of accounts as data: kind, words, whether it may be overdrawn
models.py      Account, Seal, Journal, Line
guards.py      what the database itself refuses, in one wording for SQLite and PostgreSQL
ledger.py      open_account, post, reverse: the only doors
statements.py  balance, statement of a period, trial balance
proof.py       recounts everything, and compares each journal with the event that tells it
access.py      who sees what

A line is positive for a debit and negative for a credit. A journal balances for each organisation in each currency, so
every organisation's books balance by themselves, whoever else is in the journal.

How the books are kept true on both databases, without a line of Python: a journal points at its seal by a foreign key
that is checked at commit; the seal's trigger lets it in only when the journal's lines balance and no guarded account
is overdrawn; after the seal no line goes in. So whatever is committed is sealed, and whatever is sealed balances.
(SQLite checks foreign keys on connections that switch them on: the site's do. One that does not could leave lines
without a seal, which `proof` names and statements count until then; it could not seal what does not balance.)
"""

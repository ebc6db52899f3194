"""Legal state: events of every source → one vocabulary → state, overlays, term, fees due, at any date."""

from pingjiang.legal.conclude import conclude_legal
from pingjiang.legal.fold import Fact, State, TermEnd, fold
from pingjiang.legal.states import conclude_states, kind_table
from pingjiang.legal.terms import Term, term_of

__all__ = [
    "Fact",
    "State",
    "Term",
    "TermEnd",
    "conclude_legal",
    "conclude_states",
    "fold",
    "kind_table",
    "term_of",
]

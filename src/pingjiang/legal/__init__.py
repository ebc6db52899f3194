"""Legal state: events of every source → one vocabulary → state, overlays, term, fees due, at any date."""

from pingjiang.legal.conclude import conclude_legal
from pingjiang.legal.diary import diary, find_organisations
from pingjiang.legal.fold import Fact, State, TermEnd, fold
from pingjiang.legal.lookup import state_at, state_of, without_kind
from pingjiang.legal.papers import write_calendar
from pingjiang.legal.states import conclude_states, kind_table
from pingjiang.legal.terms import Term, term_of

__all__ = [
    "Fact",
    "State",
    "Term",
    "TermEnd",
    "conclude_legal",
    "conclude_states",
    "diary",
    "find_organisations",
    "fold",
    "kind_table",
    "state_at",
    "state_of",
    "term_of",
    "without_kind",
    "write_calendar",
]

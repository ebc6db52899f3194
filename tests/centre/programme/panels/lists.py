"""Lists for draws: one that reads like a real one, and any that hypothesis thinks of."""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from pingjiang.centre.programme.panels.draw import Candidate, DrawRules, Roll, Stratum

unhurried = settings(deadline=None)
RULES = DrawRules(least_seats=5, odd=True, least_digits=6)
NUMBER = "05 11 17 23 28 33 + 09"
DUE = datetime.datetime(2026, 12, 8, 21, 15, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def _experts(letter: str, count: int) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"{letter}{number:02}") for number in range(1, count + 1))


ROLL = Roll(
    "2026年产业知识产权运营中心评审",
    "中国福利彩票双色球第2026142期",
    DUE,
    (
        Stratum("技术", 3, (*_experts("T", 8), Candidate("T09", "2025年与申报单位同一单位"))),
        Stratum("知识产权", 2, _experts("P", 6)),
        Stratum("财务", 1, _experts("F", 4)),
        Stratum("产业", 1, _experts("I", 5)),
    ),
)

_SIGNS = st.sampled_from("ABc09甲乙éÅ가𠮷-_.&<>\"'é")
_WORDS = st.text(_SIGNS, min_size=1, max_size=6)
_LINES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)


@st.composite
def rolls(draw: st.DrawFn) -> Roll:
    """Any list of one to four strata with at least a free candidate more than seats."""
    names = draw(st.lists(_LINES, min_size=1, max_size=4, unique_by=_folded))
    codes = draw(st.lists(_WORDS, min_size=len(names) * 3, max_size=30, unique_by=_folded))
    strata = []
    for at, name in enumerate(names):
        mine = codes[at :: len(names)]
        out = draw(st.sets(st.sampled_from(mine), max_size=len(mine) - 2))
        seats = draw(st.integers(1, len(mine) - len(out) - 1))
        candidates = tuple(Candidate(code, draw(_LINES) if code in out else "") for code in mine)
        strata.append(Stratum(name, seats, candidates))
    return replace(ROLL, title=draw(_LINES), number=draw(_LINES), strata=tuple(strata))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text)

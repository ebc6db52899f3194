"""How well scores part the pairs that people judged: precision and recall of a line, beside a plain method.

Only pairs that were in doubt have been judged: what is measured holds among those, and says nothing of the pairs that
the machine joined, or never doubted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pingjiang.intervals import Interval, wilson
from pingjiang.judgements import Judgement
from pingjiang.judging.pairs import Pair
from pingjiang.text import fold


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair that was judged.

    same    what people said; None where they are unsure
    alike   what the plain method says: that the names are one once width, case and script are folded
    drawn   whether it was judged in the order of chance
    """

    score: float
    same: bool | None
    alike: bool
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the interval of 95 %; the interval is None of none."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share; None of none."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's."""
        return wilson(self.hits, self.of)


@dataclass(frozen=True, slots=True)
class Measured:
    """Precision (of the pairs that a method joins, the same ones) and recall (of the same ones, those it joins)."""

    precision: Share
    recall: Share


def judged_pairs(
    pairs: Iterable[Pair], standing: Sequence[Judgement], drawn: Mapping[str, bool] | None = None
) -> list[Judged]:
    """Those of the pairs on which people have spoken and agree. `standing`: judgements in force; `drawn`: by row_id.

    Each pair counts by what was said of it alone: what follows from other judgements is no second observation.
    """
    said: dict[tuple[str, tuple[str, str]], set[str]] = {}
    for row in standing:
        if row.verdict is not None:
            said.setdefault((row.subject, row.pair), set()).add(row.verdict)
    found = []
    for pair in pairs:
        names = min(pair.name_a, pair.name_b), max(pair.name_a, pair.name_b)
        verdicts = said.get((pair.level, names), set())
        firm = verdicts - {"unsure"}
        if len(firm) > 1 or not verdicts:
            continue
        same = None if not firm else firm == {"same"}
        found.append(Judged(pair.score, same, _alike(pair), bool((drawn or {}).get(pair.row_id))))
    return found


def _alike(pair: Pair) -> bool:
    """Of a person the name stands behind the number of the publication."""
    names = (pair.name_a, pair.name_b)
    if pair.level == "inventor":
        names = (pair.name_a.partition("/")[2], pair.name_b.partition("/")[2])
    return fold(names[0]) == fold(names[1])


def by_line(rows: Iterable[Judged], line: float) -> Measured:
    """What a line would do that joins every pair of at least this score."""
    return _measured((row.score >= line, row.same) for row in rows)


def by_folding(rows: Iterable[Judged]) -> Measured:
    """What the plain method does."""
    return _measured((row.alike, row.same) for row in rows)


def _measured(rows: Iterable[tuple[bool, bool | None]]) -> Measured:
    told = [(joined, same) for joined, same in rows if same is not None]
    both = sum(joined and same for joined, same in told)
    return Measured(Share(both, sum(joined for joined, _ in told)), Share(both, sum(same for _, same in told)))

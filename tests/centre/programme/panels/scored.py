"""Panels of experts who scored, and the field's formulas written once more, plainly and slowly."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

from pingjiang.centre.programme.panels.scores import Band, ScoreRules, Totals

unhurried = settings(deadline=None)
RULES = ScoreRules(
    trim_from=5,
    spread_limit=Decimal(10),
    spread="population",
    bands=(Band("备选", Decimal(60)), Band("推荐", Decimal(75)), Band("不推荐", Decimal(0))),
)
Points = dict[str, dict[str, Decimal]]


def panel(rows: Mapping[str, Sequence[float | None]], names: str = "ABCDEFGHIJ") -> Totals:
    """From rows of points; None where an expert did not score."""
    points = {
        expert: {name: Decimal(str(value)) for name, value in zip(names, row, strict=False) if value is not None}
        for expert, row in rows.items()
    }
    return Totals.of(points, names[: max(map(len, rows.values()))])


@st.composite
def panels(
    draw: st.DrawFn, experts: tuple[int, int] = (1, 6), applications: tuple[int, int] = (1, 6), whole: bool = False
) -> Points:
    """Few values, so that ties are many; gaps unless `whole`."""
    who = [f"E{n}" for n in range(draw(st.integers(*experts)))]
    what = [f"A{n}" for n in range(draw(st.integers(*applications)))]
    value = st.integers(0, 12).map(lambda half: Decimal(60) + Decimal(half) / 2)
    cell = value if whole else st.one_of(st.none(), value, value, value)
    rows = {expert: {each: draw(cell) for each in what} for expert in who}
    return {expert: {each: v for each, v in row.items() if v is not None} for expert, row in rows.items()}


def columns(given: Totals) -> list[list[Fraction]]:
    """Valid points by application."""
    return [
        [row[at] for row in given.rows if row[at] is not None] for at in range(len(given.applications))  # type: ignore[misc]
    ]  # fmt: skip


def trimmed(values: Sequence[Fraction], trim_from: int) -> Fraction | None:
    """By hand: take one highest and one lowest out."""
    left = list(values)
    if len(left) >= trim_from:
        left.remove(max(left))
        left.remove(min(left))
    return statistics.mean(left) if left else None


def wins(given: Totals, times: Mapping[str, int] | None = None) -> dict[tuple[str, str], int]:
    """Experts who put a over b, each counted as often as told."""
    found = dict.fromkeys(itertools.permutations(given.applications, 2), 0)
    for expert, row in zip(given.experts, given.rows, strict=True):
        held = dict(zip(given.applications, row, strict=True))
        for a, b in found:
            x, y = held[a], held[b]
            found[a, b] += (1 if times is None else times[expert]) * (x is not None and y is not None and x > y)
    return found


def every_best(names: Iterable[str], over: Mapping[tuple[str, str], int]) -> tuple[int, list[tuple[str, ...]]]:
    """The least disagreements of any permutation, and all permutations that have them."""
    cost = {
        order: sum(over[b, a] for a, b in itertools.combinations(order, 2)) for order in itertools.permutations(names)
    }
    least = min(cost.values())
    return least, [order for order, its in cost.items() if its == least]


def first_of(best: Sequence[tuple[str, ...]], over: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """Of equally good orders the one that follows Borda, then the code."""
    names = sorted(best[0])
    net = {a: sum(over[a, b] - over[b, a] for b in names if b != a) for a in names}
    prior = {name: at for at, name in enumerate(sorted(names, key=lambda each: (-net[each], each)))}
    return min(best, key=lambda order: [prior[each] for each in order])

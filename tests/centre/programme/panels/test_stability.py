"""Stability against plain loops: the same seed, one draw after another, lists and fractions, no arrays."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import factorial, prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.centre.programme.panels import scores, stability
from pingjiang.centre.programme.panels.scores import METHODS, Method, ScoreRules, Totals
from pingjiang.centre.programme.panels.stability import Bootstrap, Funding, LeftOut
from tests.centre.programme.panels.scored import (
    RULES,
    Points,
    every_best,
    first_of,
    panel,
    panels,
    trimmed,
    unhurried,
    wins,
)

LIMITS = (Decimal("0.1"), Decimal("0.9"))
TRIMMED = replace(RULES, trim_from=3)


@st.composite
def fundings(draw: st.DrawFn, applications: Sequence[str]) -> Funding:
    """Amounts with cents, budgets for none to all, with and without quota and threshold."""
    asked = {each: Decimal(draw(st.integers(100, 500))) / 100 for each in applications}
    return Funding(
        Decimal(draw(st.integers(0, 1500))) / 100,
        asked,
        draw(st.sampled_from(("stop", "skip"))),
        draw(st.one_of(st.none(), st.integers(0, 4))),
        draw(st.one_of(st.none(), st.integers(120, 132).map(lambda half: Decimal(half) / 2))),
    )


def given_to(order: Sequence[str], may: set[str], funding: Funding) -> list[str]:
    """The line once more: one after another, until the money or the places are gone."""
    funded: list[str] = []
    left = funding.budget
    for each in order:
        if each not in may or len(funded) == funding.quota:
            continue
        if funding.asked[each] <= left:
            funded.append(each)
            left -= funding.asked[each]
        elif funding.misfit == "stop":
            break
    return funded


def results(
    totals: Totals, drawn: Sequence[int], rows: Sequence[scores.Row], trim_from: int | None
) -> dict[str, Fraction]:
    """Means of a draw of experts, one application after another."""
    found = {}
    for at, each in enumerate(totals.applications):
        column = [value for expert in drawn if (value := rows[expert][at]) is not None]
        result = trimmed(column, trim_from if trim_from is not None else len(column) + 1)
        if result is not None:
            found[each] = result
    return found


def slowly(totals: Totals, rules: ScoreRules, method: Method, funding: Funding, draws: int, seed: str) -> Counter[str]:
    """The bootstrap by its description: experts of all draws first, then the lots, draw by draw."""
    chance = random.Random(seed)
    experts = len(totals.experts)
    panels_drawn = [[int(chance.random() * experts) for _ in range(experts)] for _ in range(draws)]
    counted: Counter[str] = Counter()
    rows = {"z": [scores.z_scores(row) for row in totals.rows], "borda": [scores.borda_shares(r) for r in totals.rows]}
    for drawn in panels_drawn:
        lot = {each: chance.random() for each in totals.applications}
        cut = results(totals, drawn, totals.rows, rules.trim_from)
        if method == "kemeny":
            times = Counter(totals.experts[expert] for expert in drawn)
            over = wins(totals, times)
            order = list(first_of(every_best(cut, over)[1], over)) if cut else []
        else:
            held = cut if method == "trimmed" else results(totals, drawn, rows.get(method, totals.rows), None)
            order = sorted(held, key=lambda each: (-held[each], lot[each]))
        may = {each for each in order if funding.threshold is None or cut[each] >= Fraction(funding.threshold)}
        counted.update(given_to(order, may, funding))
    return counted


@unhurried
@given(panels(experts=(1, 6), applications=(1, 5)), st.data(), st.sampled_from(METHODS), st.text(max_size=3))
def test_bootstrap_by_plain_loops(points: Points, data: st.DataObject, method: Method, seed: str) -> None:
    totals = Totals.of(points, ["A0"])
    funding = data.draw(fundings(totals.applications))
    found = stability.bootstrap(totals, TRIMMED, method, funding, draws=40, seed=seed, limits=LIMITS)
    expected = slowly(totals, TRIMMED, method, funding, 40, seed)
    assert found.funded == {each: expected[each] for each in totals.applications}


def test_bootstrap_by_plain_loops_in_several_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stability, "_CHUNK", 250)
    chance = random.Random("several chunks")
    totals = panel({f"E{n}": [chance.randrange(120, 180) / 2 for _ in range(10)] for n in range(7)})
    funding = Funding(Decimal(5), dict.fromkeys(totals.applications, Decimal(1)), "stop")
    for method in METHODS[:4]:
        found = stability.bootstrap(totals, RULES, method, funding, draws=600, seed="s", limits=LIMITS)
        assert found.funded == {
            **dict.fromkeys(totals.applications, 0),
            **slowly(totals, RULES, method, funding, 600, "s"),
        }
        assert sum(found.funded.values()) == 600 * 5


def test_bootstrap_by_kemeny_over_many_panels() -> None:
    """The same panel may be drawn again, and no other is taken for it."""
    chance = random.Random("many panels")
    totals = panel({f"E{n}": [chance.randrange(140, 160) / 2 for _ in range(5)] for n in range(5)})
    funding = Funding(Decimal(2), dict.fromkeys(totals.applications, Decimal(1)), "stop")
    found = stability.bootstrap(totals, RULES, "kemeny", funding, draws=400, seed="s", limits=LIMITS)
    expected = slowly(totals, RULES, "kemeny", funding, 400, "s")
    assert found.funded == {each: expected[each] for each in totals.applications}
    assert len([count for count in found.funded.values() if 0 < count < 400]) >= 3


def test_below_the_threshold_nobody_ends_the_line() -> None:
    """B stands before C by Borda, lies below the threshold and asks more than there is: C is funded all the same."""
    totals = panel({"X": (90, 50, None, 40), "Y": (95, None, 80, None)})
    asked = dict(zip("ABCD", map(Decimal, (1, 100, 1, 1)), strict=True))
    funding = Funding(Decimal(5), asked, "stop", None, Decimal(60))
    found = stability.line(totals, RULES, "borda", funding)
    assert (found.funded, found.why_not) == (("A", "C"), {"B": "threshold", "D": "threshold"})
    drawn = stability.bootstrap(totals, RULES, "borda", funding, draws=400, seed="s", limits=LIMITS)
    without_y = sum(times[1] == 0 for times in stability.sampled(2, 4, 400, "s")[0])
    assert 0 < without_y < 400
    assert drawn.funded == {"A": 400, "B": 0, "C": 400 - without_y, "D": 0}


@unhurried
@given(panels(experts=(2, 6), applications=(1, 5)), st.data(), st.sampled_from(METHODS))
def test_numbers_of_any_size(points: Points, data: st.DataObject, method: Method) -> None:
    """Denominators too large for a machine word take the slow way, to the same end."""
    totals = Totals.of(points)
    funding = data.draw(fundings(totals.applications))
    tiny = Fraction(1, 10**21 + 1)
    finer = replace(totals, rows=tuple(tuple(None if v is None else v * tiny for v in row) for row in totals.rows))
    cents = replace(
        funding,
        threshold=None,
        budget=funding.budget.scaleb(20),
        asked={each: amount.scaleb(20) for each, amount in funding.asked.items()},
    )
    one = stability.bootstrap(
        totals, RULES, method, replace(funding, threshold=None), draws=20, seed="1", limits=LIMITS
    )  # fmt: skip
    assert stability.bootstrap(finer, RULES, method, cents, draws=20, seed="1", limits=LIMITS).funded == one.funded


def exactly(totals: Totals, funding: Funding) -> dict[str, Fraction]:
    """The probability itself: every panel that can be drawn, weighted by how often. For means without ties."""
    experts = range(len(totals.experts))
    found: dict[str, Fraction] = dict.fromkeys(totals.applications, Fraction(0))
    for drawn in itertools.combinations_with_replacement(experts, len(totals.experts)):
        ways = factorial(len(totals.experts)) // prod(factorial(drawn.count(each)) for each in experts)
        held = results(totals, drawn, totals.rows, None)
        assert len(set(held.values())) == len(held)
        for each in given_to(sorted(held, key=held.__getitem__, reverse=True), set(held), funding):
            found[each] += Fraction(ways, len(totals.experts) ** len(totals.experts))
    return found


def test_the_share_is_the_probability() -> None:
    """All 126 panels of five experts weighted, against 4,000 draws: within four standard errors."""
    chance = random.Random("no ties")
    totals = panel({f"E{n}": [chance.uniform(70, 80) + at for at in range(8)] for n in range(5)})
    funding = Funding(Decimal(3), dict.fromkeys(totals.applications, Decimal(1)), "stop")
    true = exactly(totals, funding)
    assert sum(true.values()) == 3
    found = stability.bootstrap(totals, RULES, "mean", funding, draws=4000, seed="x", limits=LIMITS)
    assert any(0 < share < 1 for share in true.values())
    for each, share in true.items():
        error = (float(share * (1 - share)) / 4000) ** 0.5
        assert abs(float(found.probability(each) - share)) <= 4 * error, each


@unhurried
@given(panels(experts=(2, 6), applications=(2, 5)), st.data(), st.sampled_from(METHODS))
def test_the_sequence_of_experts_changes_nothing(points: Points, data: st.DataObject, method: Method) -> None:
    totals = Totals.of(points)
    other = Totals.of({who: points[who] for who in data.draw(st.permutations(list(points)))})
    funding = data.draw(fundings(totals.applications))
    told: list[Any] = []
    for each in (totals, other):
        told.append(
            (
                stability.bootstrap(each, RULES, method, funding, draws=20, seed="1", limits=LIMITS),
                stability.leave_one_out(each, RULES, method, funding),
                stability.line(each, RULES, method, funding),
            )
        )
    assert told[0] == told[1]


def test_the_seed_alone_decides() -> None:
    totals = panel({"X": (80, 75, 70), "Y": (70, 76, 80), "Z": (75, 74, 73)})
    funding = Funding(Decimal(1), dict.fromkeys("ABC", Decimal(1)), "stop")

    def of(seed: str) -> dict[str, int]:
        return stability.bootstrap(totals, RULES, "trimmed", funding, draws=1000, seed=seed, limits=LIMITS).funded

    assert of("a") == of("a") == {"A": 517, "B": 133, "C": 350}  # on every machine and in every release
    assert of("b") != of("a")


@unhurried
@given(panels(experts=(2, 6), applications=(1, 5)), st.data(), st.sampled_from(METHODS))
def test_leaving_out_is_computing_without(points: Points, data: st.DataObject, method: Method) -> None:
    """Each expert's row taken out by hand, everything again."""
    totals = Totals.of(points)
    funding = data.draw(fundings(totals.applications))

    def whole(given: Totals) -> tuple[dict[str, int | None], set[str]]:
        order = scores.ranking(given, TRIMMED, method)
        cut = dict(zip(given.applications, scores.values(given, TRIMMED, "trimmed"), strict=True))
        bar = Fraction(funding.threshold) if funding.threshold is not None else None
        may = {p.application for p in order if p.rank and (bar is None or (cut[p.application] or 0) >= bar)}
        return {p.application: p.rank for p in order}, set(given_to([p.application for p in order], may, funding))

    ranks, funded = whole(totals)
    found = stability.leave_one_out(totals, TRIMMED, method, funding)
    assert [each.expert for each in found] == sorted(points)
    for each in found:
        rest = {who: row for who, row in points.items() if who != each.expert}
        less, then = whole(Totals.of(rest, totals.applications))
        assert each.moved == {name: (ranks[name], less[name]) for name in ranks if ranks[name] != less[name]}
        assert (set(each.into), set(each.out)) == (then - funded, funded - then)


def test_who_hangs_on_one_expert() -> None:
    totals = panel({"X": (80, 79, 60), "Y": (80, 79, 60), "Z": (70, 90, 60)})
    funding = Funding(Decimal(1), dict.fromkeys("ABC", Decimal(1)), "stop")
    found = stability.leave_one_out(totals, RULES, "mean", funding)
    assert found[0] == LeftOut("X", {}, (), ())
    assert found[2] == LeftOut("Z", {"A": (2, 1), "B": (1, 2)}, ("A",), ("B",))


ASKED: Mapping[str, Decimal] = {"A": Decimal(4), "B": Decimal(5), "C": Decimal(2), "D": Decimal(1)}


@pytest.mark.parametrize(
    ("change", "funded", "why_not"),
    [
        ({"misfit": "stop"}, "A", {"B": "budget", "C": "budget", "D": "budget"}),
        ({"misfit": "skip"}, "ACD", {"B": "budget"}),
        ({"misfit": "skip", "quota": 2}, "AC", {"B": "budget", "D": "quota"}),
        ({"misfit": "stop", "budget": Decimal(9)}, "AB", {"C": "budget", "D": "budget"}),
        ({"misfit": "stop", "budget": Decimal("8.99")}, "A", {"B": "budget", "C": "budget", "D": "budget"}),
        ({"misfit": "stop", "budget": Decimal(12)}, "ABCD", {}),
        ({"budget": Decimal(12), "threshold": Decimal("70.5")}, "AB", {"C": "threshold", "D": "threshold"}),
        ({"misfit": "stop", "budget": Decimal(12), "threshold": Decimal(70)}, "ABC", {"D": "threshold"}),
        ({"misfit": "stop", "quota": 0}, "", {"A": "quota", "B": "quota", "C": "quota", "D": "quota"}),
    ],
)  # fmt: skip
def test_the_rule_of_the_line(change: dict[str, Any], funded: str, why_not: dict[str, str]) -> None:
    """Order A B C D by 90, 80, 70, 60; they ask 4, 5, 2 and 1 of 8. E has no score."""
    totals = Totals.of({"X": dict(zip("ABCD", (90, 80, 70, 60), strict=True))}, "ABCDE")
    funding = replace(Funding(Decimal(8), {**ASKED, "E": Decimal(1)}, "stop"), **change)
    found = stability.line(totals, RULES, "mean", funding)
    assert ("".join(found.funded), found.why_not) == (funded, {**why_not, "E": "unscored"})
    assert found.spent == sum(ASKED[each] for each in funded)
    drawn = stability.bootstrap(totals, RULES, "mean", funding, draws=3, seed="", limits=LIMITS)
    assert drawn.funded == {each: 3 * (each in funded) for each in "ABCDE"}  # of one expert there is one panel


def test_a_tie_at_the_line_is_told() -> None:
    totals = panel({"X": (90, 80, 80, 80, 70)})
    funding = Funding(Decimal(2), dict.fromkeys("ABCDE", Decimal(1)), "stop")
    found = stability.line(totals, RULES, "mean", funding)
    assert (found.funded, found.tied) == (("A", "B"), ("B", "C", "D"))
    lot = stability.line(totals, RULES, "mean", replace(funding, ties=("D", "C", "B")))
    assert (lot.funded, lot.tied) == (("A", "D"), ("D", "C", "B"))
    assert stability.line(totals, RULES, "mean", replace(funding, budget=Decimal(4))).tied == ()
    draws = stability.bootstrap(totals, RULES, "mean", funding, draws=3000, seed="lots", limits=LIMITS)
    assert draws.funded["A"] == 3000 and draws.funded["E"] == 0
    assert all(abs(draws.funded[each] - 1000) < 4 * (3000 * 2 / 9) ** 0.5 for each in "BCD")  # no code is favoured


@pytest.mark.parametrize(
    ("count", "standing"),
    [(0, "out"), (100, "out"), (101, "borderline"), (899, "borderline"), (900, "in"), (1000, "in")],
)
def test_the_borderline_band(count: int, standing: str) -> None:
    found = Bootstrap("mean", 1000, "s", {"A": count}, LIMITS)
    assert (found.probability("A"), found.standing("A")) == (Fraction(count, 1000), standing)


def test_experts_of_one_mind_leave_nothing_open() -> None:
    totals = panel({f"E{n}": (90, 80, 70, 60) for n in range(5)})
    funding = Funding(Decimal(2), dict.fromkeys("ABCD", Decimal(1)), "stop")
    for method in METHODS:
        found = stability.bootstrap(totals, RULES, method, funding, draws=200, seed="1", limits=LIMITS)
        assert found.funded == {"A": 200, "B": 200, "C": 0, "D": 0}
        assert all(not each.moved for each in stability.leave_one_out(totals, RULES, method, funding))


def test_what_cannot_be_resampled() -> None:
    nobody = Totals.of({}, ["A"])
    one = panel({"X": (80,)})
    funding = Funding(Decimal(1), {"A": Decimal(1)}, "stop")
    wrong: list[tuple[Totals, int, tuple[str, str]]] = [
        (nobody, 10, ("0.1", "0.9")), (one, 0, ("0.1", "0.9")), (one, 10, ("0.9", "0.1")), (one, 10, ("0.5", "1.1")),
    ]  # fmt: skip
    for totals, draws, (low, high) in wrong:
        with pytest.raises(ValueError, match="bootstrap"):
            stability.bootstrap(
                totals, RULES, "mean", funding, draws=draws, seed="", limits=(Decimal(low), Decimal(high))
            )

"""Scores against statistics, scipy and the formulas by hand; ties, gaps and silent experts."""

from __future__ import annotations

import statistics
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pingjiang.centre.programme.panels import scores
from pingjiang.centre.programme.panels.scores import METHODS, Criterion, Method, Place, ScoresRefused, Totals
from tests.centre.programme.panels.scored import RULES, Points, columns, panel, panels, trimmed, unhurried

SHEET = (
    Criterion("industry", Decimal(30), Decimal(30), Decimal("0.5")),
    Criterion("operator", Decimal(20), Decimal(10), Decimal("0.5")),
    Criterion("plan", Decimal(50), Decimal(5), Decimal("0.5"), Decimal(1)),
)


def test_vector_20() -> None:
    values = [Fraction(each) for each in (88, 92, 79, 85, 90)]
    assert scores.shown(scores.trimmed_mean(values, 5) or Fraction(0)) == Decimal("87.6667")
    assert scores.trimmed_mean(values[:4], 5) == Fraction(88 + 92 + 79 + 85, 4)
    totals = panel({f"E{n}": (float(value),) for n, value in enumerate(values)})
    found = scores.side_by_side(totals, RULES).scored[0]
    assert (found.trimmed, found.mean, found.band) == (Fraction(263, 3), Fraction(434, 5), "推荐")


def test_points_of_a_sheet() -> None:
    """30 of 30, 7.5 of 10 with weight 20, 4 of 5 with weight 50: 30 + 15 + 40."""
    marks = {"industry": Decimal(30), "operator": Decimal("7.5"), "plan": Decimal(4)}
    totals = scores.totals(SHEET, {"E1": {"A": marks}, "E2": {}}, ["A", "B"])
    assert totals == Totals(("E1", "E2"), ("A", "B"), ((Fraction(85), None), (None, None)))


@pytest.mark.parametrize(
    ("criterion", "mark", "fits"),
    [
        ("industry", "30", True), ("industry", "30.5", False), ("industry", "0", True), ("industry", "-0.5", False),
        ("industry", "29.5", True), ("industry", "29.4", False), ("industry", "29.50", True),
        ("plan", "1", True), ("plan", "0.5", False), ("plan", "1.5", True), ("plan", "1.25", False),
    ],
)  # fmt: skip
def test_a_mark_lies_on_its_scale(criterion: str, mark: str, fits: bool) -> None:
    marks = {"industry": Decimal(1), "operator": Decimal(1), "plan": Decimal(1), criterion: Decimal(mark)}
    if fits:
        scores.totals(SHEET, {"E1": {"A": marks}})
        return
    with pytest.raises(ScoresRefused, match=f"E1.*A.*{criterion}") as told:
        scores.totals(SHEET, {"E1": {"A": marks}})
    assert "0.5" in str(told.value.remedy)


@pytest.mark.parametrize("change", ["less", "more"])
def test_a_sheet_that_is_begun_is_whole(change: str) -> None:
    marks = {criterion.code: Decimal(1) for criterion in SHEET}
    if change == "less":
        del marks["operator"]
    else:
        marks["other"] = Decimal(1)
    with pytest.raises(ScoresRefused, match=r"operator|other"):
        scores.totals(SHEET, {"E1": {"A": marks}})


@unhurried
@given(panels(experts=(1, 9)))
def test_means_by_hand(points: Points) -> None:
    totals = Totals.of(points)
    plain, cut = scores.values(totals, RULES, "mean"), scores.values(totals, RULES, "trimmed")
    for column, one, other in zip(columns(totals), plain, cut, strict=True):
        assert one == (statistics.mean(column) if column else None)
        assert other == trimmed(column, RULES.trim_from)
        if len(column) in (5, 6, 7, 8, 9):
            by_scipy = stats.trim_mean([float(each) for each in column], 1 / len(column) + 1e-9)
            assert float(other or 0) == pytest.approx(by_scipy)


@unhurried
@given(st.lists(st.integers(0, 200).map(lambda half: Fraction(half, 2)), min_size=1, max_size=9))
def test_spread_by_statistics(values: list[Fraction]) -> None:
    if len(values) == 1:
        assert scores.variance(values, "sample") is scores.variance(values, "population") is None
        return
    assert scores.variance(values, "population") == statistics.pvariance(values)
    assert scores.variance(values, "sample") == statistics.variance(values)


def test_the_spread_that_asks_for_a_discussion() -> None:
    """Ten is not above ten: 70 and 90 have σ = 10 of the population, 14.1421 of a sample."""
    totals = panel({"X": (70, 70, 70), "Y": (90, 90.5, None)})
    found = scores.side_by_side(totals, RULES).scored
    assert [(each.deviation, each.discuss) for each in found] == [
        (Decimal(10), False), (Decimal("10.25"), True), (None, False)
    ]  # fmt: skip
    sample = scores.side_by_side(totals, replace(RULES, spread="sample")).scored[0]
    assert (sample.deviation, sample.discuss) == (Decimal("14.1421"), True)


@unhurried
@given(panels(applications=(2, 6)))
def test_z_scores_by_scipy(points: Points) -> None:
    totals = Totals.of(points)
    for row in totals.rows:
        held = [float(each) for each in row if each is not None]
        found = [each for each in scores.z_scores(row) if each is not None]
        if len(set(held)) < 2:
            assert found == []
            continue
        assert [float(each) for each in found] == pytest.approx(list(stats.zscore(held)), abs=1e-8)
        assert all((each * 10**9).denominator == 1 for each in found)


def test_a_silent_expert_is_left_out_and_told() -> None:
    """Y gave the same to all, Z scored one: neither moves a z-score or Borda's, and C, scored by Z alone, has none."""
    totals = panel({"X": (80, 70, None), "Y": (75, 75, None), "Z": (None, None, 90)})
    alone = panel({"X": (80, 70, None)})
    found = scores.side_by_side(totals, RULES)
    assert found.silent == ("Y", "Z")
    assert scores.values(totals, RULES, "z") == scores.values(alone, RULES, "z") == (Fraction(1), Fraction(-1), None)
    assert found.rankings["z"][-1] == Place("C", None, None)
    # Ties speak in Borda's count: who puts two equal says that neither is below.
    assert scores.values(totals, RULES, "borda") == (Fraction(3, 4), Fraction(1, 4), None)


@unhurried
@given(panels(experts=(1, 6), applications=(2, 6), whole=True))
def test_borda_by_the_ranks_of_scipy(points: Points) -> None:
    """Without gaps: Borda's count from averaged ranks, Σ (m − rank), is the share times (m − 1) times the experts."""
    totals = Totals.of(points)
    many = len(totals.applications)
    ranks = [stats.rankdata([-float(each or 0) for each in row]) for row in totals.rows]
    for at, share in enumerate(scores.values(totals, RULES, "borda")):
        count = sum(many - row[at] for row in ranks)
        assert float(share or 0) * (many - 1) * len(totals.experts) == pytest.approx(count)


@unhurried
@given(st.permutations("ABCDEF"), st.integers(1, 7))
def test_borda_of_one_mind_is_its_order(order: list[str], experts: int) -> None:
    points = {f"E{n}": {each: Decimal(90 - at * (n + 1)) for at, each in enumerate(order)} for n in range(experts)}
    totals = Totals.of(points)
    for method in METHODS:
        assert [place.application for place in scores.ranking(totals, RULES, method)] == order


@unhurried
@given(panels(), st.randoms())
def test_the_sequence_of_experts_changes_nothing(points: Points, dice: object) -> None:
    names = list(points)
    dice.shuffle(names)  # type: ignore[attr-defined]
    turned = {name: dict(reversed(points[name].items())) for name in names}
    assert scores.side_by_side(Totals.of(turned), RULES) == scores.side_by_side(Totals.of(points), RULES)


@unhurried
@given(panels(), st.randoms())
def test_whose_scores_they_are_changes_nothing(points: Points, dice: object) -> None:
    """Names of experts handed round: every result is the same."""
    names = list(points)
    dice.shuffle(names)  # type: ignore[attr-defined]
    other = dict(zip(names, points.values(), strict=True))
    one, two = (scores.side_by_side(Totals.of(each), RULES) for each in (points, other))
    assert (one.scored, one.rankings, one.kemeny) == (two.scored, two.rankings, two.kemeny)


@unhurried
@given(panels(applications=(2, 6)), st.integers(-20, 20), st.integers(1, 9))
def test_severity_and_scale_of_an_expert_leave_z_and_ranks(points: Points, more: int, times: int) -> None:
    totals = Totals.of(points)
    first, *others = points
    moved = Totals.of(
        {
            first: {each: value * times + more for each, value in points[first].items()},
            **{o: points[o] for o in others},
        },
        totals.applications,
    )
    methods: tuple[Method, ...] = ("z", "borda", "kemeny")
    for method in methods:
        assert scores.ranking(moved, RULES, method) == scores.ranking(totals, RULES, method)


@unhurried
@given(panels(), st.sampled_from(METHODS))
def test_ranks_and_ties(points: Points, method: Method) -> None:
    """A rank is one more than how many are better; ties are those of equal value, and say so of each other."""
    totals = Totals.of(points)
    order = scores.ranking(totals, RULES, method)
    assert sorted(place.application for place in order) == list(totals.applications)
    by_name = {place.application: place for place in order}
    for place in order:
        assert all(place.application in by_name[other].tied for other in place.tied)
        if method == "kemeny":
            continue
        if place.value is None:
            assert (place.rank, place.tied) == (None, ())
            continue
        assert place.rank == 1 + sum(other.value > place.value for other in order if other.value is not None)
        assert set(place.tied) == {o.application for o in order if o is not place and o.value == place.value}
    known = [place.rank for place in order if place.rank is not None]
    assert known == sorted(known) and all(place.rank is None for place in order[len(known) :])


def test_too_few_scores_give_no_result() -> None:
    """B has one score of two that are needed: no result by any method, and X is measured by what is left of his."""
    totals = panel({"X": (80, 70, 60), "Y": (90, None, 85)})
    rules = replace(RULES, least_valid=2)
    for method in METHODS:
        last = scores.ranking(totals, rules, method)[-1]
        assert (last.application, last.rank) == ("B", None)
    assert scores.values(totals, rules, "z") == (Fraction(1), None, Fraction(-1))
    found = scores.side_by_side(totals, rules)
    assert (found.scored[1].valid, found.scored[1].band, found.scored[0].band) == (1, None, "推荐")


def test_nobody_has_scored() -> None:
    found = scores.side_by_side(Totals.of({}, ["A", "B"]), RULES)
    assert [(each.valid, each.mean, each.band, each.discuss) for each in found.scored] == [(0, None, None, False)] * 2
    assert all([place.rank for place in order] == [None, None] for order in found.rankings.values())


@pytest.mark.parametrize(
    ("points", "band"), [("59.99", "不推荐"), ("60", "备选"), ("74.99", "备选"), ("75", "推荐"), ("0", "不推荐")]
)
def test_a_band_begins_at_its_bar(points: str, band: str) -> None:
    assert scores.band(Fraction(points), RULES.bands) == band
    assert scores.band(Fraction(points), RULES.bands[1:2]) == ("推荐" if band == "推荐" else None)


@unhurried
@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounding_is_that_of_the_school(value: Fraction, places: int) -> None:
    shown = Fraction(scores.shown(value, places))
    assert abs(shown - value) <= Fraction(1, 2 * 10**places)
    if abs(shown - value) == Fraction(1, 2 * 10**places):
        assert abs(shown) > abs(value)


@unhurried
@given(st.fractions(0, 1000), st.integers(0, 9))
def test_roots(value: Fraction, places: int) -> None:
    found, half = Fraction(scores.root(value, places)), Fraction(1, 2 * 10**places)
    assert max(found - half, Fraction(0)) ** 2 <= value < (found + half) ** 2


def test_rules_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="three"):
        replace(RULES, trim_from=2)
    with pytest.raises(ValueError, match="needs one"):
        replace(RULES, least_valid=0)


def test_a_severe_expert_is_unjust_to_those_he_saw() -> None:
    """D was seen by the severe expert alone, and first with him: last by the mean, and first or second otherwise."""
    totals = panel({"mild": (90, 80, None, None), "mild2": (92, 82, 88, None), "severe": (None, 40, 48, 60)})
    orders = {method: "".join(p.application for p in scores.ranking(totals, RULES, method)) for method in METHODS}
    assert orders == {"mean": "ACBD", "trimmed": "ACBD", "z": "DACB", "borda": "ADCB", "kemeny": "ADCB"}
    assert scores.ranking(totals, RULES, "borda")[1] == Place("D", Fraction(1), 1, ("A",))

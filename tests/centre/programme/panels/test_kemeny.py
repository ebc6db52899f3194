"""Kemeny's order against all permutations; above, against what it must keep and the bound it tells."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.centre.programme.panels import kemeny as subject
from pingjiang.centre.programme.panels.kemeny import Counts, arranged, kemeny, quick_orders
from pingjiang.centre.programme.panels.scores import Totals, preferences
from tests.centre.programme.panels.scored import Points, every_best, first_of, panel, panels, unhurried, wins


def counted(totals: Totals) -> Counts:
    found: Counts = preferences(totals).sum(axis=0)
    return found


@unhurried
@given(panels(applications=(1, 7)))
def test_the_best_of_all_permutations(points: Points) -> None:
    totals = Totals.of(points)
    if not totals.applications:
        return
    over = wins(totals)
    least, best = every_best(totals.applications, over)
    found = kemeny(totals.applications, counted(totals))
    assert (found.disagreements, found.bound, found.optimal, found.unproved) == (least, least, True, ())
    assert found.order == first_of(best, over)
    for a in totals.applications:
        either = {
            b for b in totals.applications
            if a != b and {order.index(a) < order.index(b) for order in best} == {True, False}
        }  # fmt: skip
        assert set(found.tied[a]) == either


@unhurried
@given(panels(applications=(2, 7)), st.integers(0, 1))
def test_a_search_never_promises_too_much(points: Points, exact_up_to: int) -> None:
    """Its bound lies below the best, its order at or above; what it calls proved is."""
    totals = Totals.of(points)
    least, _ = every_best(totals.applications, wins(totals))
    found = kemeny(totals.applications, counted(totals), exact_up_to)
    assert found.bound <= least <= found.disagreements
    assert sorted(found.order) == sorted(totals.applications)
    assert found.optimal == (not found.unproved)
    over = wins(totals)
    cost = sum(over[b, a] for at, a in enumerate(found.order) for b in found.order[at + 1 :])
    assert cost == found.disagreements


@unhurried
@given(panels(applications=(2, 7)), st.sampled_from([0, 14]))
def test_condorcet(points: Points, exact_up_to: int) -> None:
    """Who beats every other is first, who loses to every other last, found exactly or by search."""
    totals = Totals.of(points)
    over = wins(totals)
    order = kemeny(totals.applications, counted(totals), exact_up_to).order
    for each in order:
        others = [other for other in order if other != each]
        if all(over[each, other] > over[other, each] for other in others):
            assert order[0] == each
        if all(over[each, other] < over[other, each] for other in others):
            assert order[-1] == each


@unhurried
@given(panels(experts=(1, 6), applications=(2, 7), whole=True), st.sampled_from([0, 14]))
def test_what_all_agree_on_stays(points: Points, exact_up_to: int) -> None:
    """Unanimity (Pareto): whom nobody puts below and somebody above stands above."""
    totals = Totals.of(points)
    over = wins(totals)
    order = kemeny(totals.applications, counted(totals), exact_up_to).order
    for at, a in enumerate(order):
        for b in order[at + 1 :]:
            assert not (over[b, a] == len(totals.experts) and over[a, b] == 0)


def test_condorcets_paradox_is_told() -> None:
    """Three experts in a ring: three orders are equally good, and each pair stands both ways in them."""
    ring = panel({"X": (3, 2, 1), "Y": (1, 3, 2), "Z": (2, 1, 3)})
    found = kemeny(ring.applications, counted(ring))
    assert (found.order, found.disagreements) == (("A", "B", "C"), 4)
    assert found.tied == {"A": ("B", "C"), "B": ("A", "C"), "C": ("A", "B")}
    searched = kemeny(ring.applications, counted(ring), 0)
    assert (searched.disagreements, searched.bound, searched.optimal) == (4, 4, True)  # the cycle of three is packed


def made(seed: int, applications: int, experts: int, noise: float) -> Counts:
    """Worth and noise in half points, as a panel scores."""
    chance = np.random.RandomState(seed)
    worth = chance.normal(75, 8, applications)
    points = np.round((worth + chance.normal(0, noise, (experts, applications))) * 2)
    return np.array(sum((row[:, None] > row[None, :]).astype(np.int64) for row in points), dtype=np.int64)


@pytest.mark.parametrize("seed", range(12))
def test_search_against_exact_where_both_can(seed: int) -> None:
    """Thirteen applications, much disagreement: within one in a hundred of the best, and never below it."""
    over = made(seed, 13, 7, 12)
    names = [f"{n:03}" for n in range(13)]
    exact, searched = kemeny(names, over), kemeny(names, over, 0)
    assert exact.optimal
    assert searched.bound <= exact.disagreements <= searched.disagreements <= 1.01 * exact.disagreements


@pytest.mark.parametrize("noise", [5, 10, 20])
def test_two_hundred_applications(noise: float) -> None:
    """Not proved to be the best, but proved to be near it; no single application stands better elsewhere."""
    over = made(1, 200, 7, noise)
    names = [f"{n:03}" for n in range(200)]
    found = kemeny(names, over)
    assert sorted(found.order) == names
    assert found.bound <= found.disagreements <= 1.01 * found.bound
    assert not found.optimal and found.unproved
    order = [int(each) for each in found.order]
    assert subject.disagreements(over, order) == found.disagreements
    margins = over - over.T
    for at, each in enumerate(order):
        assert all(margins[each, order[to:at]].sum() <= 0 for to in range(at))
        assert all(margins[each, order[at + 1 : to]].sum() >= 0 for to in range(at + 2, 201))
    quick = quick_orders(over[None], np.ones((1, 1), dtype=np.int64), np.ones((1, 200), dtype=bool))[0]
    assert sorted(quick) == list(range(200))
    assert found.disagreements <= subject.disagreements(over, quick.tolist()) <= 1.01 * found.bound


def grouped(over: Counts, names: list[int]) -> list[list[int]]:
    """Who can be reached from whom through the unbeaten, by hand; in a group by Borda, then as given."""
    reach = {a: {b for b in names if a == b or over[a, b] >= over[b, a]} for a in names}
    for through in names:
        for a in names:
            reach[a] |= reach[through] if through in reach[a] else set()
    net = {a: int((over[a] - over[:, a]).sum()) for a in names}
    by_borda = sorted(names, key=lambda a: (-net[a], a))
    found = {tuple(b for b in by_borda if b in reach[a] and a in reach[b]) for a in names}
    return [list(group) for group in sorted(found, key=lambda group: -len(reach[group[0]]))]


def improved(over: Counts, group: list[int]) -> list[int]:
    """One after another to the first place where it disagrees least, if that is better than where it stands."""
    order, moved = list(group), True
    while moved:
        moved = False
        for each in group:
            rest = [other for other in order if other != each]
            cost = [
                sum(over[other, each] for other in rest[place:]) + sum(over[each, other] for other in rest[:place])
                for place in range(len(order))
            ]
            if min(cost) < cost[order.index(each)]:
                order, moved = [*rest[: cost.index(min(cost))], each, *rest[cost.index(min(cost)) :]], True
    return order


def best_of(over: Counts, group: list[int]) -> list[int]:
    """The best of all permutations; of equals the one that takes the first of the group wherever it may."""
    orders = [list(order) for order in itertools.permutations(group)]  # as itertools has it: the first first
    return min(orders, key=lambda order: subject.disagreements(over, order))


@pytest.mark.parametrize("seed", range(30))
def test_many_panels_at_once_are_ordered_as_one_by_one(seed: int) -> None:
    """Against plain loops: other draws beside it change no order, with gaps, and with groups of every size."""
    chance = np.random.RandomState(seed)
    applications, experts = (8, 20, 33)[seed % 3], (3, 4, 7)[seed // 3 % 3]
    worth = chance.normal(75, 8, applications)
    points = np.round((worth + chance.normal(0, (2, 9, 30)[seed // 9 % 3], (experts, applications))) * 2)
    scored = chance.random_sample((experts, applications)) > 0.2
    prefers = ((points[:, :, None] > points[:, None, :]) & scored[:, :, None] & scored[:, None, :]).astype(np.int64)
    times = np.array([np.bincount(chance.randint(0, experts, experts), minlength=experts) for _ in range(9)])
    known = times @ scored > 0
    found = quick_orders(prefers, times, known, exact_up_to=3)
    whole = arranged(np.tensordot(times, prefers, axes=1), known, exact_up_to=3)
    for draw, there, order, searched in zip(times, known, found.tolist(), whole, strict=True):
        over, names = np.tensordot(draw, prefers, axes=1), np.flatnonzero(there).tolist()
        expected: list[int] = []
        for group in grouped(over, names):
            expected += improved(over, group) if len(group) > 3 else best_of(over, group)
        assert order == [*expected, *np.flatnonzero(~there).tolist()]
        # The whole search begins with the same and more, and is at least as good.
        assert sorted(searched.order) == names
        assert subject.disagreements(over, searched.order) <= subject.disagreements(over, expected)


def test_nothing_and_one() -> None:
    assert kemeny([], np.zeros((0, 0), dtype=np.int64)).order == ()
    one = kemeny(["A"], np.zeros((1, 1), dtype=np.int64))
    assert (one.order, one.disagreements, one.optimal) == (("A",), 0, True)

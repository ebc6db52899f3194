"""How firmly applications are in or out: with each expert left out, and with experts resampled.

    line       In the order of a method each application gets what it asks, while Σ ≤ budget and at most `quota` are
               funded. One that does not fit ends it (`stop`), or is passed over for the next that does (`skip`). Below
               the threshold (points, by the trimmed mean) and without a result nobody is funded, and nobody stopped.
    left out   The panel less one expert, everything computed anew: ranks that change, who crosses the line. A panel
               that falls below `trim_from` is then averaged untrimmed, as the rule has it.
    bootstrap  What is resampled is the expert with all that he scored, k of k, with replacement (Efron 1979), so that
               his severity and his gaps stay his. z-scores and Borda shares are his own and stay as they are; totals,
               trimming and order are computed in each draw. An application is funded in so many of the draws: the
               share is its probability under another panel like this one. It says nothing of the application's worth,
               and is coarse where experts are few: five make 126 different panels, seven 1,716. Of 1,000 draws the
               standard error of a share is 1.6 points at most. By Kemeny, groups too large to be ordered exactly are
               ordered in a draw by insertions alone (`kemeny.quick_orders`).
    ties       At the line as given by `ties`, then by code, and told. In a draw by lot, fresh in each, so that no code
               is favoured. Kemeny's order breaks its own ties (see kemeny.py) and needs no lot.
    seed       Experts are drawn by ⌊u · k⌋, lots are u, with u from `random.Random(seed).random()`, whose sequence
               Python guarantees: all k · draws of experts first, then the lots, draw by draw, in the order of codes.

All counting is in whole numbers: no rounding decides who is funded.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pingjiang.centre.programme.panels.kemeny import quick_orders
from pingjiang.centre.programme.panels.scores import (
    Method,
    Ranking,
    Row,
    ScoreRules,
    Totals,
    measured,
    preferences,
    ranking,
    rankings,
    values,
)

Standing = Literal["in", "borderline", "out"]
Whole = npt.NDArray[Any]  # of int64, or of Python's own where these are too small
_CHUNK = 1000  # draws at once
_LARGEST = 2**62


@dataclass(frozen=True)
class Funding:
    """What there is to give: budget and asked amounts in one currency, and the rule of the line.

    `threshold` in points; None for no threshold, and no `quota` for no limit of number. `ties`: applications in the
    order in which ties are broken, such as by a lot that was drawn.
    """

    budget: Decimal
    asked: Mapping[str, Decimal]
    misfit: Literal["stop", "skip"]
    quota: int | None = None
    threshold: Decimal | None = None
    ties: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """Who is funded, in order. `why_not` of the others: 'budget', 'quota', 'threshold' or 'unscored'.

    `tied`: applications of equal rank of which some are funded and some fail by budget or quota: a person decides.
    """

    funded: tuple[str, ...]
    spent: Decimal
    why_not: dict[str, str]
    tied: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """Without `expert`: ranks that became others, as (rank before, rank after), and who crosses the line."""

    expert: str
    moved: dict[str, tuple[int | None, int | None]]
    into: tuple[str, ...]
    out: tuple[str, ...]


@dataclass(frozen=True)
class Bootstrap:
    """In how many of so many draws each application was funded, and the limits of the borderline band."""

    method: Method
    draws: int
    seed: str
    funded: dict[str, int]
    limits: tuple[Decimal, Decimal]

    def probability(self, application: str) -> Fraction:
        """The share of draws in which it was funded."""
        return Fraction(self.funded[application], self.draws)

    def standing(self, application: str) -> Standing:
        """Firmly out up to the lower limit, firmly in from the upper one, between them borderline."""
        share = self.probability(application)
        low, high = self.limits
        return "out" if share <= Fraction(low) else "in" if share >= Fraction(high) else "borderline"


def line(given: Totals, rules: ScoreRules, method: Method, funding: Funding) -> Line:
    """The funding line of a panel by a method."""
    return drawn_line(ranking(given, rules, method), eligible(given, rules, funding), funding)


def drawn_line(order: Ranking, among: Iterable[str], funding: Funding) -> Line:
    """The line through a ranking; only `among` those (who reach the threshold) anybody is funded."""
    may = set(among)
    lot = {each: at for at, each in enumerate(funding.ties)}
    ranks = {place.application: place.rank for place in order}
    rows = sorted(order, key=lambda place: (place.rank or len(order) + 1, lot.get(place.application, len(lot))))
    funded: list[str] = []
    why_not: dict[str, str] = {}
    spent, stopped = Decimal(0), False
    for place in rows:
        each = place.application
        fits = spent + funding.asked[each] <= funding.budget
        if place.rank is None:
            why_not[each] = "unscored"
        elif each not in may:
            why_not[each] = "threshold"
        elif funding.quota is not None and len(funded) >= funding.quota:
            why_not[each] = "quota"
        elif stopped or not fits:
            why_not[each] = "budget"
            stopped = stopped or funding.misfit == "stop"
        else:
            funded.append(each)
            spent += funding.asked[each]
    beside = [each for each, why in why_not.items() if why in ("budget", "quota")]
    split = {ranks[each] for each in funded} & {ranks[each] for each in beside}
    tied = tuple(place.application for place in rows if place.rank in split and place.application in (*funded, *beside))
    return Line(tuple(funded), spent, why_not, tied)


def leave_one_out(given: Totals, rules: ScoreRules, method: Method, funding: Funding) -> tuple[LeftOut, ...]:
    """What changes without each expert, in the order of their codes."""
    panels = [given, *(given.without(expert) for expert in given.experts)]
    orders = rankings(panels, rules, method)
    ranks, *after = [{place.application: place.rank for place in order} for order in orders]
    funded, *then = [
        set(drawn_line(order, eligible(panel, rules, funding), funding).funded)
        for panel, order in zip(panels, orders, strict=True)
    ]
    found = []
    for expert, now, its in zip(given.experts, after, then, strict=True):
        moved = {each: (rank, now[each]) for each, rank in ranks.items() if now[each] != rank}
        found.append(LeftOut(expert, moved, tuple(sorted(its - funded)), tuple(sorted(funded - its))))
    return tuple(found)


def bootstrap(
    given: Totals,
    rules: ScoreRules,
    method: Method,
    funding: Funding,
    *,
    draws: int,
    seed: str,
    limits: tuple[Decimal, Decimal],
) -> Bootstrap:
    """In how many draws of experts each application is funded. ValueError without experts, draws or limits apart."""
    if not given.experts or draws < 1 or not 0 <= limits[0] < limits[1] <= 1:
        raise ValueError("a bootstrap needs experts, draws, and limits between 0 and 1, the lower one first")
    kept = given.enough(rules.least_valid)
    times, lots = sampled(len(given.experts), len(given.applications), draws, seed)
    counted = np.zeros(len(given.applications), dtype=np.int64)
    for start in range(0, draws, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        order, known = _orders(kept, rules, method, times[chunk], lots[chunk])
        counted += _funded(order, known & _reaching(kept, rules, funding, times[chunk]), given.applications, funding)
    funded = {each: int(count) for each, count in zip(given.applications, counted, strict=True)}
    return Bootstrap(method, draws, seed, funded, limits)


def sampled(experts: int, applications: int, draws: int, seed: str) -> tuple[Whole, npt.NDArray[np.float64]]:
    """How often each expert is in each draw (draws × experts), and the applications' lots (draws × applications)."""
    chance = random.Random(seed)
    times = np.zeros((draws, experts), dtype=np.int64)
    for draw in range(draws):
        for _ in range(experts):
            times[draw, int(chance.random() * experts)] += 1
    lots = np.array([chance.random() for _ in range(draws * applications)], dtype=np.float64)
    return times, lots.reshape(draws, applications)


def eligible(given: Totals, rules: ScoreRules, funding: Funding) -> list[str]:
    """Applications that reach the threshold."""
    if funding.threshold is None:
        return list(given.applications)
    bar = Fraction(funding.threshold)
    results = values(given, rules, "trimmed")
    return [each for each, value in zip(given.applications, results, strict=True) if value is not None and value >= bar]


def _orders(
    given: Totals, rules: ScoreRules, method: Method, times: Whole, lots: npt.NDArray[np.float64]
) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """Applications in the order of each draw, as indices (draws × places), and who has a result in it."""
    if method == "kemeny":
        return _kemeny_orders(given, times)
    results, _, known = _resampled(measured(given, method), times, rules.trim_from if method == "trimmed" else None)
    if results.dtype == object:  # too large to be sorted by numpy: their ranks are not
        results = np.array([np.unique(row, return_inverse=True)[1] for row in results], dtype=np.int64)
    return np.lexsort((lots, -results, ~known), axis=1), known


def _kemeny_orders(given: Totals, times: Whole) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """The same by Kemeny; draws of the same experts are ordered once."""
    scored = np.array([[mark is not None for mark in row] for row in given.rows], dtype=np.int64)
    panels, which = np.unique(times, axis=0, return_inverse=True)
    return quick_orders(preferences(given), panels, panels @ scored > 0)[which], times @ scored > 0


def _reaching(given: Totals, rules: ScoreRules, funding: Funding, times: Whole) -> npt.NDArray[np.bool_]:
    """Who reaches the threshold in each draw."""
    if funding.threshold is None:
        return np.ones((len(times), len(given.applications)), dtype=bool)
    results, unit, known = _resampled(given.rows, times, rules.trim_from)
    bar = Fraction(funding.threshold) * unit
    reached: npt.NDArray[np.bool_] = known & (results >= -(-bar.numerator // bar.denominator))
    return reached


def _resampled(rows: Sequence[Row], times: Whole, trim_from: int | None) -> tuple[Whole, int, npt.NDArray[np.bool_]]:
    """Means, or trimmed means, of each draw (draws × applications), in whole numbers of 1/unit; the unit; who has one.

    The unit takes every denominator and every count of scores, so that nothing is rounded.
    """
    experts = len(rows)
    counts = lcm(*range(1, experts + 1))
    common = lcm(*(each.denominator for row in rows for each in row if each is not None))
    whole = [[0 if each is None else int(each * common) for each in row] for row in rows]
    largest = max((abs(each) for row in whole for each in row), default=0)
    kind: Any = np.int64 if max(largest, 1) * experts * counts < _LARGEST else object
    points = np.array(whole, dtype=kind).reshape(experts, -1)
    scored = np.array([[each is not None for each in row] for row in rows], dtype=np.int64).reshape(experts, -1)
    number = times @ scored
    total = times.astype(kind) @ points
    if trim_from is not None:
        trims = number >= trim_from
        total = total - np.where(trims, sum(_ends(points, scored, times, largest)), 0)
        number = number - 2 * trims
    known = number > 0
    return total * (counts // np.maximum(number, 1).astype(kind)), common * counts, known


def _ends(points: Whole, scored: Whole, times: Whole, largest: int) -> tuple[Whole, Whole]:
    """The highest and the lowest score of each application among the experts of each draw."""
    highest = np.full((len(times), points.shape[1]), -largest - 1, dtype=points.dtype)
    lowest = np.full_like(highest, largest + 1)
    for at in range(len(points)):
        there = (times[:, at] > 0)[:, None] & (scored[at] > 0)[None, :]
        highest = np.where(there, np.maximum(highest, points[at]), highest)
        lowest = np.where(there, np.minimum(lowest, points[at]), lowest)
    return highest, lowest


def _funded(order: Whole, may: npt.NDArray[np.bool_], applications: Sequence[str], funding: Funding) -> Whole:
    """In how many of the draws each application is funded: the rule of the line, all draws at once."""
    asked, budget = _amounts([funding.asked[each] for each in applications], funding.budget)
    draws = np.arange(len(order))
    spent = np.zeros(len(order), dtype=asked.dtype)
    number = np.zeros(len(order), dtype=np.int64)
    going = np.ones(len(order), dtype=bool)
    counted = np.zeros(len(applications), dtype=np.int64)
    quota = len(applications) if funding.quota is None else funding.quota
    for each in order.T:
        asks = going & may[draws, each] & (number < quota)
        fits = (spent + asked[each] <= budget).astype(bool)
        given = asks & fits
        spent = spent + np.where(given, asked[each], 0)
        number += given
        np.add.at(counted, each[given], 1)
        if funding.misfit == "stop":
            going &= ~(asks & ~fits)
    return counted


def _amounts(asked: Sequence[Decimal], budget: Decimal) -> tuple[Whole, int]:
    """Amounts in whole numbers of their smallest unit."""
    exact = [Fraction(each) for each in (*asked, budget)]
    unit = lcm(*(each.denominator for each in exact))
    *whole, limit = (int(each * unit) for each in exact)
    kind: Any = np.int64 if sum(map(abs, (*whole, limit))) < _LARGEST else object
    return np.array(whole, dtype=kind), limit

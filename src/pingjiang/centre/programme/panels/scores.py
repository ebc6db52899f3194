"""What experts gave, side by side: totals, means, z-scores, ranks together, spread and bands.

    marks    expert × application × criterion, on the scale of the sheet. An expert who declined an application, or was
             excused, has no marks for it: it is missing, never nought. A sheet that is begun is whole, or refused
    points   Σ over criteria of weight · mark / highest; with weights that sum to 100, out of 100
    mean     Σ points / n over the n experts who scored
    trimmed  where n ≥ `trim_from`: without one highest and one lowest, Σ / (n − 2); else the mean (rules.md §5.4)
    z        an expert's points less his mean, over his standard deviation (of the population of what he scored), to
             nine decimals; of an application the mean of these. An expert who scored one application, or all alike,
             says nothing of their order: he is silent, and left out, which shrinks nobody's mean towards 0
    borda    of an expert the share of the others of his that he puts below an application, ties by half (Borda 1781,
             with averaged ranks); of an application the mean of these, 0 to 1. With no score missing this is the order
             by Borda's count: share · (m − 1), summed over experts
    kemeny   see kemeny.py
    spread   variance of an application's points; its root above `spread_limit` asks for a discussion

All are fractions, exact: what is equal is equal, and experts in another sequence change nothing. `shown` rounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Literal

import numpy as np

from pingjiang.centre.programme.panels.kemeny import Counts, Kemeny, arranged, kemeny
from pingjiang.errors import PingjiangError, Words

Method = Literal["mean", "trimmed", "z", "borda", "kemeny"]
METHODS: tuple[Method, ...] = ("mean", "trimmed", "z", "borda", "kemeny")
Number = int | Decimal | Fraction
Row = tuple[Fraction | None, ...]
_NINE = 10**9


class ScoresRefused(PingjiangError):
    """Marks do not fit their sheet. Names expert, application and criterion; nothing was computed."""

    def __init__(self, zh: str, en: str, remedy: Words) -> None:
        super().__init__(zh, en, remedy=remedy)


@dataclass(frozen=True)
class Criterion:
    """A line of the sheet: `weight` in points of the total, marks from `lowest` to `highest` by `step`."""

    code: str
    weight: Decimal
    highest: Decimal
    step: Decimal
    lowest: Decimal = Decimal(0)


@dataclass(frozen=True)
class Band:
    """A name for results of so many points and more."""

    name: str
    at_least: Decimal


@dataclass(frozen=True)
class ScoreRules:
    """What the pack lays down. `spread`: of n or of n − 1.

    `least_valid`: with fewer scores an application has no result, and takes no part in what others are measured by.
    """

    trim_from: int
    spread_limit: Decimal
    spread: Literal["population", "sample"]
    bands: tuple[Band, ...]
    least_valid: int = 1

    def __post_init__(self) -> None:
        if self.trim_from < 3 or self.least_valid < 1:
            raise ValueError("two scores can be dropped where three are, and a result needs one")


@dataclass(frozen=True)
class Totals:
    """Points, experts × applications; None where there is no score. Both axes in the order of their codes."""

    experts: tuple[str, ...]
    applications: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, points: Mapping[str, Mapping[str, Number]], applications: Iterable[str] = ()) -> Totals:
        """From points by expert and application. `applications` names those too that nobody scored."""
        named = tuple(sorted({*applications, *(each for row in points.values() for each in row)}))
        experts = tuple(sorted(points))
        rows = (tuple(_fraction(points[who].get(each)) for each in named) for who in experts)
        return cls(experts, named, tuple(rows))

    def without(self, expert: str) -> Totals:
        """The same panel less one expert."""
        at = self.experts.index(expert)
        experts = (*self.experts[:at], *self.experts[at + 1 :])
        return replace(self, experts=experts, rows=(*self.rows[:at], *self.rows[at + 1 :]))

    def valid(self) -> tuple[int, ...]:
        """Scores of each application."""
        return tuple(sum(each is not None for each in column) for column in _columns(self.rows, len(self.applications)))

    def enough(self, least: int) -> Totals:
        """The same, applications with fewer scores emptied."""
        kept = [count >= least for count in self.valid()]
        rows = (tuple(each if keep else None for each, keep in zip(row, kept, strict=True)) for row in self.rows)
        return replace(self, rows=tuple(rows))


@dataclass(frozen=True)
class Place:
    """An application in a ranking. `rank` 1 is the best, ties share the better rank (1, 2, 2, 4), None without a value.

    `tied`: those it shares the rank with; in Kemeny's order, those with which the best orders differ.
    """

    application: str
    value: Fraction | None
    rank: int | None
    tied: tuple[str, ...] = ()


Ranking = tuple[Place, ...]


@dataclass(frozen=True)
class Scored:
    """An application's results. `deviation`: of its points, known from two scores on; `band` goes by `trimmed`."""

    application: str
    valid: int
    mean: Fraction | None
    trimmed: Fraction | None
    z: Fraction | None
    borda: Fraction | None
    deviation: Decimal | None
    discuss: bool
    band: str | None


@dataclass(frozen=True)
class SideBySide:
    """All methods beside each other. `silent`: experts whose scores put no application before another."""

    scored: tuple[Scored, ...]
    rankings: dict[Method, Ranking]
    kemeny: Kemeny
    silent: tuple[str, ...]


def totals(
    sheet: Sequence[Criterion],
    marks: Mapping[str, Mapping[str, Mapping[str, Decimal]]],
    applications: Iterable[str] = (),
) -> Totals:
    """Points from marks by expert, application and criterion. ScoresRefused for a mark missing or off its scale."""
    points = {
        expert: {application: _points(sheet, given, expert, application) for application, given in sheets.items()}
        for expert, sheets in marks.items()
    }
    return Totals.of(points, applications)


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Arithmetic mean; None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None


def trimmed_mean(values: Sequence[Fraction], trim_from: int) -> Fraction | None:
    """The mean without one highest and one lowest where there are so many values, else of all; None of nothing."""
    return mean(sorted(values)[1:-1] if len(values) >= trim_from else values)


def variance(values: Sequence[Fraction], of: Literal["population", "sample"]) -> Fraction | None:
    """Mean square from the mean, over n or over n − 1; None below two values, which have no spread."""
    middle = mean(values)
    if middle is None or len(values) < 2:
        return None
    return sum(((value - middle) ** 2 for value in values), Fraction(0)) / (len(values) - (of == "sample"))


def z_scores(row: Row) -> Row:
    """One expert's points standardised, shape of the row; all None where he is silent."""
    values = [each for each in row if each is not None]
    middle, spread = mean(values), variance(values, "population")
    if middle is None or not spread:
        return (None,) * len(row)
    return tuple(None if each is None else _nine_decimals(each - middle, spread) for each in row)


def borda_shares(row: Row) -> Row:
    """One expert's shares of others put below, shape of the row; all None where he scored one or none."""
    values = sorted(each for each in row if each is not None)
    if len(values) < 2:
        return (None,) * len(row)
    below: dict[Fraction, int] = {}
    for at, value in enumerate(values):
        below.setdefault(value, at)
    alike = Counter(values)
    share = {each: Fraction(2 * below[each] + alike[each] - 1, 2 * (len(values) - 1)) for each in below}
    return tuple(None if each is None else share[each] for each in row)


def measured(given: Totals, method: Method) -> tuple[Row, ...]:
    """What a method takes the mean of, experts × applications: points, z-scores, or Borda shares."""
    if method == "z":
        return tuple(z_scores(row) for row in given.rows)
    if method == "borda":
        return tuple(borda_shares(row) for row in given.rows)
    return given.rows


def values(given: Totals, rules: ScoreRules, method: Method) -> Row:
    """The result of each application by a method other than Kemeny's; None without a score that says anything."""
    rows = measured(given.enough(rules.least_valid), method)
    columns = [[each for each in column if each is not None] for column in _columns(rows, len(given.applications))]
    if method == "trimmed":
        return tuple(trimmed_mean(column, rules.trim_from) for column in columns)
    return tuple(mean(column) for column in columns)


def ranked(applications: Sequence[str], results: Row) -> Ranking:
    """The highest value first; ties by code of the application, with their common rank; last those without a value."""
    pairs = list(zip(applications, results, strict=True))
    known = sorted(((value, each) for each, value in pairs if value is not None), key=lambda pair: (-pair[0], pair[1]))
    alike: dict[Fraction, list[str]] = {}
    for value, each in known:
        alike.setdefault(value, []).append(each)
    found: list[Place] = []
    for value, group in alike.items():
        rank = len(found) + 1
        found += [Place(each, value, rank, tuple(other for other in group if other != each)) for each in group]
    return (*found, *(Place(each, None, None) for each in sorted(each for each, value in pairs if value is None)))


def preferences(given: Totals) -> Counts:
    """Experts who put a over b, applications × applications, for each expert; 0 where he ties or did not score both."""
    shape = (len(given.experts), len(given.applications), len(given.applications))
    found = np.zeros(shape, dtype=np.int64)
    for at, row in enumerate(given.rows):
        place = {value: rank for rank, value in enumerate(sorted({each for each in row if each is not None}))}
        ranks = np.array([-1 if each is None else place[each] for each in row], dtype=np.int64)
        scored = ranks >= 0
        found[at] = (ranks[:, None] > ranks[None, :]) & scored[:, None] & scored[None, :]
    return found


def by_kemeny(given: Totals, rules: ScoreRules) -> Kemeny:
    """Kemeny's order of the applications that have a result."""
    kept = given.enough(rules.least_valid)
    at = [place for place, count in enumerate(kept.valid()) if count]
    wins: Counts = preferences(kept).sum(axis=0)[np.ix_(at, at)]
    return kemeny([given.applications[place] for place in at], wins)


def ranking(given: Totals, rules: ScoreRules, method: Method) -> Ranking:
    """The order by a method."""
    return rankings([given], rules, method)[0]


def rankings(panels: Sequence[Totals], rules: ScoreRules, method: Method) -> list[Ranking]:
    """The order by a method of each of several panels of the same applications."""
    if method != "kemeny":
        return [ranked(given.applications, values(given, rules, method)) for given in panels]
    kept = [given.enough(rules.least_valid) for given in panels]
    wins: Counts = np.array([preferences(given).sum(axis=0) for given in kept])
    known = np.array([given.valid() for given in kept]) > 0
    return [
        _as_ranking(given.applications, [given.applications[at] for at in found.order],
                    {given.applications[at]: sorted(given.applications[other] for other in others)
                     for at, others in found.tied.items()})
        for given, found in zip(panels, arranged(wins, known), strict=True)
    ]  # fmt: skip


def side_by_side(given: Totals, rules: ScoreRules) -> SideBySide:
    """Every method's result and order, spread and band of each application."""
    by_method = {method: values(given, rules, method) for method in METHODS if method != "kemeny"}
    order = by_kemeny(given, rules)
    by: dict[Method, Ranking] = {
        method: ranked(given.applications, found) for method, found in by_method.items()
    }  # fmt: skip
    by["kemeny"] = _as_ranking(given.applications, order.order, order.tied)
    scored = []
    for at, (column, valid) in enumerate(
        zip(_columns(given.rows, len(given.applications)), given.valid(), strict=True)
    ):
        spread = variance([each for each in column if each is not None], rules.spread)
        results = {method: found[at] for method, found in by_method.items()}
        scored.append(
            Scored(
                given.applications[at], valid, results["mean"], results["trimmed"], results["z"], results["borda"],
                None if spread is None else root(spread),
                spread is not None and spread > Fraction(rules.spread_limit) ** 2,
                band(results["trimmed"], rules.bands),
            )
        )  # fmt: skip
    kept = given.enough(rules.least_valid).rows
    silent = tuple(who for who, row in zip(given.experts, kept, strict=True) if len(set(row) - {None}) < 2)
    return SideBySide(tuple(scored), by, order, silent)


def band(value: Fraction | None, bands: Sequence[Band]) -> str | None:
    """The band with the highest bar that the value reaches; None below all, or without a value."""
    reached = [each for each in bands if value is not None and value >= Fraction(each.at_least)]
    return max(reached, key=lambda each: each.at_least).name if reached else None


def shown(value: Fraction, places: int = 4) -> Decimal:
    """A value with so many decimals, halves away from nought (四舍五入)."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def root(value: Fraction, places: int = 4) -> Decimal:
    """The square root with so many decimals, halves up, without a float between."""
    scaled = value * 4 * 100**places
    return Decimal((isqrt(scaled.numerator // scaled.denominator) + 1) // 2).scaleb(-places)


def _nine_decimals(distance: Fraction, spread: Fraction) -> Fraction:
    """Distance over the root of the spread, to nine decimals: exact, so that equal z-scores are equal."""
    billionths = int(root(distance * distance / spread, 9).scaleb(9))
    return Fraction(billionths if distance >= 0 else -billionths, _NINE)


def _points(sheet: Sequence[Criterion], given: Mapping[str, Decimal], expert: str, application: str) -> Fraction:
    where_zh, where_en = f"专家 {expert} 对 {application} 的评分", f"The sheet of expert {expert} on {application}"
    odd = sorted(given.keys() ^ {criterion.code for criterion in sheet})
    if odd:
        raise ScoresRefused(
            f"{where_zh}与评分表不符：{odd[0]}。", f"{where_en} does not have the criteria of the call: {odd[0]}.",
            ("逐项评分；回避或谢绝的项目整份不填。", "Mark every criterion; leave the whole sheet out where excused."),
        )  # fmt: skip
    total = Fraction(0)
    for criterion in sheet:
        mark = given[criterion.code]
        if not criterion.lowest <= mark <= criterion.highest or (mark - criterion.lowest) % criterion.step:
            raise ScoresRefused(
                f"{where_zh}中“{criterion.code}”为 {mark}，不在评分档内。",
                f"{where_en} has {mark} for '{criterion.code}', which is off the scale.",
                (f"填 {criterion.lowest} 至 {criterion.highest}，以 {criterion.step} 为一档。",
                 f"Give {criterion.lowest} to {criterion.highest} in steps of {criterion.step}."),
            )  # fmt: skip
        total += Fraction(criterion.weight) * Fraction(mark) / Fraction(criterion.highest)
    return total


def _as_ranking(applications: Sequence[str], order: Sequence[str], tied: Mapping[str, Sequence[str]]) -> Ranking:
    found = [Place(each, None, rank, tuple(tied.get(each, ()))) for rank, each in enumerate(order, start=1)]
    ordered = set(order)
    return (*found, *(Place(each, None, None) for each in applications if each not in ordered))


def _columns(rows: Sequence[Row], width: int) -> list[Row]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _fraction(value: Number | None) -> Fraction | None:
    return None if value is None else Fraction(value)

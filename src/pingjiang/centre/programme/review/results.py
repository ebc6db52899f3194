"""What is reckoned of a locked panel, once, and kept by the hash of its lock; and how it is read.

    of(panel)            the result of a locked panel; None before
    of_application(row)  the result and the line of one application; None before

Everything is reckoned in exact numbers and kept as decimals of four places. Experts in another sequence, or the same
sheets under other codes, give the same figures: the draws of the bootstrap are seeded by the sheets and the list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

from django.db.models import prefetch_related_objects

from pingjiang.centre.casework.history import canonical
from pingjiang.centre.casework.workflow import Label, Refused
from pingjiang.centre.programme.content.derived import derived
from pingjiang.centre.programme.content.hashing import digest
from pingjiang.centre.programme.content.reading import said_in
from pingjiang.centre.programme.models import Application, CallTrack, OpenedReview, Panel, PanelResult
from pingjiang.centre.programme.panels import scores, stability
from pingjiang.centre.programme.panels.scores import METHODS, Band, Method, ScoreRules, SideBySide, Totals, shown
from pingjiang.centre.programme.panels.stability import Bootstrap, Funding, Standing
from pingjiang.centre.programme.review import sheets
from pingjiang.centre.programme.rulepack import pack_of as pack_of_application
from pingjiang.rulebook.policies import Pack, Quantity
from pingjiang.rulebook.policies.units import convert

METHOD_WORDS: Mapping[str, Label] = {
    "mean": ("均值", "mean"), "trimmed": ("截尾均值", "trimmed mean"), "z": ("标准分", "z-score"),
    "borda": ("波达", "Borda"), "kemeny": ("凯梅尼", "Kemeny"),
}  # fmt: skip
MAIN: Method = "trimmed"  # by which the panel ranks; the others stand beside it


@dataclass(frozen=True)
class ResultLine:
    """What was reckoned of an application. Points and means are of the sheet's total, amounts in yuan.

    `rank`, `probability`, `standing`, `funded` and `why_not` are by method; None and '' where there is none.
    """

    application: int
    number: str
    asked: Decimal
    points: Mapping[str, Decimal]
    valid: int
    mean: Decimal | None
    trimmed: Decimal | None
    z: Decimal | None
    borda: Decimal | None
    deviation: Decimal | None
    discuss: bool
    band: str | None
    rank: Mapping[Method, int | None]
    tied: Mapping[Method, Sequence[str]]
    funded: Mapping[Method, bool]
    why_not: Mapping[Method, str]
    probability: Mapping[Method, Decimal]
    standing: Mapping[Method, Standing]


@dataclass(frozen=True)
class WithoutOne:
    """By the main method without one expert: ranks that change, and numbers of who comes in and who falls out."""

    expert: str
    moved: Mapping[str, tuple[int | None, int | None]]
    into: Sequence[str]
    out: Sequence[str]


@dataclass(frozen=True)
class Result:
    """The result of a panel. Lines stand in the order of the main method, the unranked last."""

    panel: int
    lock_hash: str
    experts: Sequence[str]
    lines: Sequence[ResultLine]
    without: Sequence[WithoutOne]
    silent: Sequence[str]
    budget: Decimal
    places: int
    threshold: Decimal
    draws: int
    limits: tuple[Decimal, Decimal]
    spread_limit: Decimal
    tied_at_line: Sequence[str]
    kemeny_unproved: Sequence[str]

    @property
    def borderline(self) -> list[ResultLine]:
        """Neither firmly in nor firmly out, by the main method."""
        return [line for line in self.lines if line.standing.get(MAIN) == "borderline"]

    @property
    def asked(self) -> Decimal:
        """What all ask for, in yuan."""
        return sum((line.asked for line in self.lines), Decimal(0))

    def line(self, application: int) -> ResultLine | None:
        """The line of an application."""
        return next((each for each in self.lines if each.application == application), None)


def of(panel: Panel) -> Result | None:
    """The result of a locked panel; None before it has locked."""
    if not panel.lock_hash:
        return None
    row = PanelResult.objects.filter(lock_hash=panel.lock_hash).first()
    return None if row is None else _read(panel, json.loads(row.content))


def of_application(application: Application) -> tuple[Result, ResultLine] | None:
    """The result of the locked panel that reviewed an application, and its line."""
    panel = Panel.objects.filter(
        entries__application=application, entries__left_out="", case__state="locked"
    ).first()  # fmt: skip
    result = of(panel) if panel is not None else None
    line = result.line(application.pk) if result is not None else None
    return None if result is None or line is None else (result, line)


def asked_of(application: Application) -> Decimal:
    """What an application asks of the city, in yuan. Refused where it does not say."""
    version = application.versions.first()
    pack = pack_of_application(application)
    found = derived(pack, said_in(version)).get("city_money") if version is not None else None
    yuan = convert(Decimal(found.value), found.unit, "yuan") if isinstance(found, Quantity) else None
    if yuan is None:
        raise Refused(
            "asked", f"“{application.case.title}”没有申请金额", f"'{application.case.title}' asks for nothing"
        )
    return yuan


def reckon(panel: Panel) -> PanelResult:
    """Reckon a panel whose reviews were opened, and keep it."""
    applications = {each.pk: each for each in sheets.live(panel)}
    prefetch_related_objects(list(applications.values()), "versions")
    opened = OpenedReview.objects.filter(review__panel=panel).select_related("review__expert")
    points = {each.review.expert.code: points_in(each.content, applications) for each in opened}
    content = reckoned(panel, points, applications)
    return PanelResult.objects.create(panel=panel, lock_hash=panel.lock_hash, content=canonical(content))


def points_in(content: str, applications: Mapping[int, Application]) -> dict[str, Decimal]:
    """Number of an application → points, of those that the panel still has."""
    given = json.loads(content)["sheets"]
    return {
        each.case.number: sum((Decimal(mark) for mark in given[str(pk)]["marks"].values()), Decimal(0))
        for pk, each in applications.items()
        if str(pk) in given
    }


def rules_of(pack: Pack) -> ScoreRules:
    """How scores are put together, as the pack says."""
    panel = pack.panel
    if panel is None or (panel.drop_highest, panel.drop_lowest) != (1, 1):
        raise Refused("trimming", "规则包的去高低分规则不能计算", "the trimming of this pack cannot be reckoned")
    spread: Literal["population", "sample"] = (
        "sample" if pack.parameter("spread_of").value == "sample" else "population"
    )
    bands = (Band("pass", _number(pack, "pass_mark")), Band("recommend", _number(pack, "recommend_mark")))
    return ScoreRules(panel.drop_from, panel.dispersion_limit, spread, bands)


def _number(pack: Pack, name: str) -> Decimal:
    return Decimal(str(pack.parameter(name).value))


def funding_of(panel: Panel, asked: Mapping[str, Decimal], pack: Pack) -> Funding:
    """What there is to give on the panel's track, how the line is drawn; ties by a lot that list and number give."""
    track = CallTrack.objects.get(call=panel.call_id, track=panel.case.track)
    lot = sorted(asked, key=lambda each: digest(f"{panel.list_hash}\n{panel.public_number}\n{each}"))
    misfit: Literal["stop", "skip"] = "stop" if pack.parameter("funding_misfit").value == "stop" else "skip"
    return Funding(track.budget, asked, misfit, track.places, _number(pack, "pass_mark"), lot)


def reckoned(
    panel: Panel, points: Mapping[str, Mapping[str, Decimal]], applications: Mapping[int, Application]
) -> dict[str, Any]:
    """All that is reckoned, as plain texts and whole numbers."""
    pack = sheets.pack_of(panel)
    rules = rules_of(pack)
    asked = {each.case.number: asked_of(each) for each in applications.values()}
    funding = funding_of(panel, asked, pack)
    given = Totals.of(points, asked)
    beside = scores.side_by_side(given, rules)
    among = stability.eligible(given, rules, funding)
    lines = {method: stability.drawn_line(beside.rankings[method], among, funding) for method in METHODS}
    limits = (_number(pack, "firmly_out_percent") / 100, _number(pack, "firmly_in_percent") / 100)
    drawn = _drawn(panel, given, rules, funding, int(_number(pack, "bootstrap_draws")), limits)
    return {
        "experts": list(given.experts),
        "applications": [
            _line(number, pk_of(applications, number), given, beside, lines, drawn, funding)
            for number in given.applications
        ],
        "order": [place.application for place in beside.rankings[MAIN]],
        "without": [
            {"expert": each.expert, "moved": {name: list(ranks) for name, ranks in each.moved.items()},
             "into": list(each.into), "out": list(each.out)}
            for each in stability.leave_one_out(given, rules, MAIN, funding)
        ],
        "silent": list(beside.silent), "tied": list(lines[MAIN].tied), "unproved": list(beside.kemeny.unproved),
        "budget": f"{funding.budget:f}", "places": funding.quota, "threshold": f"{funding.threshold:f}",
        "draws": drawn[MAIN].draws, "limits": [f"{each:f}" for each in limits],
        "spread_limit": f"{rules.spread_limit:f}",
    }  # fmt: skip


def pk_of(applications: Mapping[int, Application], number: str) -> int:
    """The application of a number."""
    return next(pk for pk, each in applications.items() if each.case.number == number)


def _drawn(
    panel: Panel, given: Totals, rules: ScoreRules, funding: Funding, draws: int, limits: tuple[Decimal, Decimal]
) -> dict[Method, Bootstrap]:
    """The bootstrap of each method. Experts stand by what they gave, not by code, so that no code decides."""
    rows = sorted(given.rows, key=lambda row: [(each is None, each or Fraction(0)) for each in row])
    nameless = Totals(tuple(f"{at:03}" for at in range(len(rows))), given.applications, tuple(rows))
    said = [[None if each is None else str(each) for each in row] for row in rows]
    seed = digest(canonical({"list": panel.list_hash, "rows": said}))
    return {
        method: stability.bootstrap(nameless, rules, method, funding, draws=draws, seed=seed, limits=limits)
        for method in METHODS
    }


def _text(value: Fraction | Decimal | None) -> str | None:
    if value is None:
        return None
    return f"{(shown(value) if isinstance(value, Fraction) else value):f}"


def _line(
    number: str, pk: int, given: Totals, beside: SideBySide, lines: Mapping[Method, stability.Line],
    drawn: Mapping[Method, Bootstrap], funding: Funding,
) -> dict[str, Any]:  # fmt: skip
    at = given.applications.index(number)
    scored = beside.scored[at]
    places = {
        method: next(each for each in beside.rankings[method] if each.application == number) for method in METHODS
    }
    return {
        "pk": pk, "number": number, "asked": f"{funding.asked[number]:f}",
        "points": {
            who: _text(row[at]) for who, row in zip(given.experts, given.rows, strict=True) if row[at] is not None
        },
        "valid": scored.valid, "mean": _text(scored.mean), "trimmed": _text(scored.trimmed), "z": _text(scored.z),
        "borda": _text(scored.borda), "deviation": _text(scored.deviation), "discuss": int(scored.discuss),
        "band": scored.band, "rank": {method: place.rank for method, place in places.items()},
        "tied": {method: list(place.tied) for method, place in places.items() if place.tied},
        "funded": {method: int(number in line.funded) for method, line in lines.items()},
        "why_not": {method: line.why_not.get(number, "") for method, line in lines.items()},
        "probability": {method: _text(each.probability(number)) for method, each in drawn.items()},
        "standing": {method: each.standing(number) for method, each in drawn.items()},
    }  # fmt: skip


# ── read again


def _read(panel: Panel, kept: Mapping[str, Any]) -> Result:
    at = {number: place for place, number in enumerate(kept["order"])}
    lines = sorted(map(_read_line, kept["applications"]), key=lambda line: at[line.number])
    without = [
        WithoutOne(each["expert"], {name: (old, new) for name, (old, new) in each["moved"].items()}, each["into"],
                   each["out"])
        for each in kept["without"]
    ]  # fmt: skip
    low, high = kept["limits"]
    return Result(
        panel=panel.pk, lock_hash=panel.lock_hash, experts=kept["experts"], lines=lines, without=without,
        silent=kept["silent"], budget=Decimal(kept["budget"]), places=kept["places"],
        threshold=Decimal(kept["threshold"]), draws=kept["draws"], limits=(Decimal(low), Decimal(high)),
        spread_limit=Decimal(kept["spread_limit"]), tied_at_line=kept["tied"], kemeny_unproved=kept["unproved"],
    )  # fmt: skip


def _read_line(row: Mapping[str, Any]) -> ResultLine:
    numbers = {name: _decimal(row[name]) for name in ("mean", "trimmed", "z", "borda", "deviation")}
    tied: dict[Method, Sequence[str]] = {method: row["tied"].get(method, []) for method in METHODS}
    return ResultLine(
        application=row["pk"], number=row["number"], asked=Decimal(row["asked"]),
        points={who: Decimal(value) for who, value in row["points"].items()}, valid=row["valid"],
        discuss=bool(row["discuss"]), band=row["band"], rank=row["rank"], tied=tied,
        funded={method: bool(value) for method, value in row["funded"].items()}, why_not=row["why_not"],
        probability={method: Decimal(value) for method, value in row["probability"].items()},
        standing=cast("Mapping[Method, Standing]", row["standing"]), **numbers,
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# ── told of a result


@dataclass(frozen=True)
class Scale:
    """How an expert marks: the mean of what they gave, its deviation, and how far it lies from the panel's mean."""

    expert: str
    mean: Decimal
    deviation: Decimal
    off: Decimal


def scale(result: Result) -> list[Scale]:
    """The scale of each expert, in points, to two decimals."""
    given = {who: [Fraction(line.points[who]) for line in result.lines if who in line.points] for who in result.experts}
    means = {who: scores.mean(values) for who, values in given.items()}
    middle = scores.mean([each for each in means.values() if each is not None])
    found = []
    for who, values in given.items():
        own = means[who]
        if own is not None and middle is not None:
            spread = scores.variance(values, "population")
            deviation = scores.root(spread, 2) if spread is not None else Decimal(0)
            found.append(Scale(who, shown(own, 2), deviation, shown(own - middle, 2)))
    return found


def spans(result: Result) -> dict[str, tuple[int, int]]:
    """Number → the best and the worst rank that an application has by the main method with all, and without each."""
    found: dict[str, tuple[int, int]] = {}
    for line in result.lines:
        rank = line.rank[MAIN]
        moved = [each.moved[line.number][1] for each in result.without if line.number in each.moved]
        ranks = [each for each in (rank, *moved) if each is not None]
        if ranks:
            found[line.number] = (min(ranks), max(ranks))
    return found

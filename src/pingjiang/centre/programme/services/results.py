"""What a decision takes from the experts: the ranked rows of the locked panels of a track, and nothing before that."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pingjiang.centre.casework.history import canonical
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Call, CallTrack, Panel, Recusal
from pingjiang.centre.programme.panels.scores import METHODS, Method
from pingjiang.centre.programme.review.results import Result as PanelResult
from pingjiang.centre.programme.review.results import ResultLine, of
from pingjiang.centre.programme.review.seating import excluded
from pingjiang.centre.programme.rulepack import pack_of


@dataclass(frozen=True)
class Ranked:
    """An application in the results. `rank` is by the method that ranks, `by` has the rank by each; `ranks` are the
    best and the worst of these. `group` is the number of its panel where there are several, beside it its place there
    and of how many. `probability` in per cent; None, as every number here, where there is none."""

    application: int
    rank: int | None
    ranks: tuple[int, int] | None
    mean: Decimal | None
    trimmed: Decimal | None
    probability: Decimal | None
    standing: str  # in, borderline, out; '' for unknown
    valid: int
    discuss: bool
    z: Decimal | None = None
    borda: Decimal | None = None
    by: Mapping[str, int | None] = field(default_factory=dict)
    group: str = ""
    group_rank: int | None = None
    group_size: int = 0

    def kept(self) -> dict[str, Any]:
        """As plain texts and whole numbers."""
        return {
            name: str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class Exclusion:
    """An expert who was kept from an application, and why."""

    expert: str
    application: str
    reason: str


@dataclass(frozen=True)
class Result:
    """The results of a track. `locked_on`: the day on which the last score was locked; `method`: what ranks them."""

    rows: tuple[Ranked, ...]
    experts: int
    locked_on: datetime.date
    draws: int
    seed: str
    method: Method
    panels: int
    exclusions: tuple[Exclusion, ...] = ()

    def kept(self) -> dict[str, Any]:
        """What is told beside the rows."""
        return {
            "experts": self.experts, "locked_on": self.locked_on.isoformat(), "draws": self.draws, "seed": self.seed,
            "method": self.method, "panels": self.panels, "exclusions": [asdict(each) for each in self.exclusions],
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 of all of it: another score, another digest."""
        text: Mapping[str, Any] = {**self.kept(), "rows": [row.kept() for row in self.rows]}
        return hashlib.sha256(canonical(text).encode()).hexdigest()


# States in which an application is on its way to the experts' results, from the district's stamp on.
_WAITING = ("submitted", "supplement", "resealing", "accepted", "reviewing")
ACROSS: tuple[Method, ...] = ("mean", "trimmed", "z", "borda")  # by which panels can be set beside each other


def waiting(call: Call, track: str) -> list[Application]:
    """Applications of a track that are on their way to the experts' results, and have none yet."""
    rows = Application.objects.filter(call=call, case__track=track, case__state__in=_WAITING)
    return list(rows.select_related("case__owner").order_by("case__number"))


def locked(call: Call, track: str, *, by: str = "", without: Collection[int] = ()) -> Result | None:
    """The results of a track, once none of its applications waits for a panel or in one, but for those of `without`;
    None before. `by`: the method that ranks; the pack's own for ''. Refused where panels cannot be ranked by it.

    Where one panel reviewed all, its ranks and probabilities are those of the track. Of several, applications are set
    beside each other by what each method gives; how firmly each is in, no panel can tell of the others: it is unknown.
    """
    panels = Panel.objects.filter(call=call, case__track=track, case__state="locked").select_related("case")
    if any(each.pk not in without for each in waiting(call, track)):
        return None
    lines: dict[int, tuple[Panel, PanelResult, ResultLine]] = {}
    for panel in panels:  # the last first: an application may have been reviewed anew
        found = of(panel)
        for line in found.lines if found is not None else ():
            if found is not None:
                lines.setdefault(line.application, (panel, found, line))
    if not lines:
        return None
    used = {panel.pk: panel for panel, _result, _line in lines.values()}
    method = _method(call, track, by, several=len(used) > 1)
    rows = _of_one(lines, method) if len(used) == 1 else _of_several(lines, method)
    first = next(iter(lines.values()))[1]
    moments = [panel.locked_at for panel in used.values() if panel.locked_at is not None]
    return Result(
        tuple(sorted(rows, key=lambda row: (row.rank or len(rows) + 1, row.application))),
        len({code for _panel, result, _line in lines.values() for code in result.experts}),
        timezone.localdate(max(moments)), first.draws, first.lock_hash[:16], method, len(used),
        _exclusions(list(used.values())),
    )  # fmt: skip


def methods_of(several: bool) -> tuple[Method, ...]:
    """The methods by which a pack can be ranked: Kemeny's order is of one panel alone."""
    return ACROSS if several else METHODS


def _method(call: Call, track: str, by: str, *, several: bool) -> Method:
    row = CallTrack.objects.get(call=call, track=track)
    wanted = by or str(pack_of(row).parameter("rank_across_by" if several else "rank_by").value)
    for method in methods_of(several):
        if method == wanted:
            return method
    raise Refused("ranking", "几个专家组的结果不能按这一方法排序", "the results of several panels have no such order")


_Lines = Mapping[int, tuple[Panel, PanelResult, ResultLine]]


def _of_one(lines: _Lines, method: Method) -> list[Ranked]:
    return [_row(line, line.rank, method, stable=True) for _panel, _result, line in lines.values()]


def _of_several(lines: _Lines, method: Method) -> list[Ranked]:
    """Ranks by what each method gives over all panels; equal values share the better rank."""
    ranks: dict[int, dict[Method, int | None]] = {pk: {} for pk in lines}
    for each in ACROSS:
        values = {pk: getattr(line, each) for pk, (_panel, _result, line) in lines.items()}
        known = sorted((value for value in values.values() if value is not None), reverse=True)
        for pk, value in values.items():
            ranks[pk][each] = None if value is None else known.index(value) + 1
    return [
        _row(line, ranks[pk], method, stable=False, panel=(panel.case.number, len(result.lines)))
        for pk, (panel, result, line) in lines.items()
    ]


def _row(
    line: ResultLine, ranks: Mapping[Method, int | None], method: Method, *, stable: bool,
    panel: tuple[str, int] = ("", 0),
) -> Ranked:  # fmt: skip
    given = [rank for rank in ranks.values() if rank is not None]
    chance = line.probability.get(method) if stable else None
    return Ranked(
        line.application, ranks.get(method), (min(given), max(given)) if given else None, _cents(line.mean),
        _cents(line.trimmed), None if chance is None else (chance * 100).quantize(Decimal("0.1")),
        line.standing.get(method, "") if stable else "", line.valid, line.discuss, _cents(line.z), _cents(line.borda),
        {str(name): rank for name, rank in ranks.items()}, panel[0], None if stable else line.rank.get(method),
        panel[1],
    )  # fmt: skip


def _cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.01"))


def _exclusions(panels: Collection[Panel]) -> tuple[Exclusion, ...]:
    """Who was kept from what, each pair once, with all its grounds; and who left out an application while writing."""
    found: dict[tuple[str, str], list[str]] = {}
    recusals = Recusal.objects.filter(review__panel__in=panels, by__isnull=False).select_related(
        "review__expert__membership__user", "application__case"
    )
    for recusal in recusals:
        pair = recusal.review.expert.membership.user.name, recusal.application.case.title
        found.setdefault(pair, []).append(recusal.reason_zh)
    for panel in panels:
        for conflicts in excluded(panel).values():
            for each in conflicts:
                pair = each.expert.membership.user.name, each.application.case.title
                found.setdefault(pair, []).append(each.reason_zh)
    return tuple(
        Exclusion(expert, application, "；".join(dict.fromkeys(reasons)))
        for (expert, application), reasons in sorted(found.items())
    )

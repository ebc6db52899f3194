"""What a decision takes from the experts: the ranked rows of the locked panels of a track, and nothing before that."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pingjiang.centre.casework.history import canonical
from pingjiang.centre.programme.models import Application, Call, Panel
from pingjiang.centre.programme.panels.scores import Method
from pingjiang.centre.programme.review.results import MAIN, ResultLine, of
from pingjiang.centre.programme.review.results import Result as PanelResult
from pingjiang.centre.programme.review.seating import excluded


@dataclass(frozen=True)
class Ranked:
    """An application in the results. `ranks`: the best and the worst that the methods give it. `probability` in per
    cent; None, as every number here, where there is none."""

    application: int
    rank: int | None
    ranks: tuple[int, int] | None
    mean: Decimal | None
    trimmed: Decimal | None
    probability: Decimal | None
    standing: str  # in, borderline, out; '' for unknown
    valid: int
    discuss: bool

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
    """The results of a track. `locked_on`: the day on which the last score was locked."""

    rows: tuple[Ranked, ...]
    experts: int
    locked_on: datetime.date
    draws: int
    seed: str
    exclusions: tuple[Exclusion, ...] = ()

    def kept(self) -> dict[str, Any]:
        """What is told beside the rows."""
        return {
            "experts": self.experts, "locked_on": self.locked_on.isoformat(), "draws": self.draws, "seed": self.seed,
            "exclusions": [asdict(each) for each in self.exclusions],
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 of all of it: another score, another digest."""
        text: Mapping[str, Any] = {**self.kept(), "rows": [row.kept() for row in self.rows]}
        return hashlib.sha256(canonical(text).encode()).hexdigest()


_ACTIVE = ("draft", "published", "drawn")
_WAITING = ("accepted", "reviewing")
_ACROSS: tuple[Method, ...] = ("mean", "trimmed", "z", "borda")  # of which panels can be set beside each other


def locked(call: Call, track: str) -> Result | None:
    """The results of a track, once all its panels are locked and none of its applications waits for one; None before.

    Where one panel reviewed all, its ranks and probabilities are those of the track. Of several, applications are set
    beside each other by their means; how firmly each is in, no panel can tell of the others: it is unknown.
    """
    panels = list(Panel.objects.filter(call=call, case__track=track).exclude(case__state="dissolved"))
    waiting = Application.objects.filter(call=call, case__track=track, case__state__in=_WAITING)
    if not panels or any(each.case.state in _ACTIVE for each in panels) or waiting.exists():
        return None
    lines: dict[int, tuple[PanelResult, ResultLine]] = {}
    used: dict[int, Panel] = {}
    for panel in panels:  # the last first: an application may have been reviewed anew
        found = of(panel)
        for line in found.lines if found is not None else ():
            if found is not None and lines.setdefault(line.application, (found, line))[1] is line:
                used[panel.pk] = panel
    if not lines:
        return None
    rows = _of_one(lines) if len(used) == 1 else _of_several([line for _result, line in lines.values()])
    first = next(iter(lines.values()))[0]
    moments = [panel.locked_at for panel in used.values() if panel.locked_at is not None]
    return Result(
        tuple(sorted(rows, key=lambda row: (row.rank or len(rows) + 1, row.application))),
        len({code for result, _line in lines.values() for code in result.experts}),
        timezone.localdate(max(moments)), first.draws, first.lock_hash[:16], _exclusions(used.values()),
    )  # fmt: skip


def _of_one(lines: Mapping[int, tuple[PanelResult, ResultLine]]) -> list[Ranked]:
    return [_row(line, line.rank, stable=True) for _result, line in lines.values()]


def _of_several(lines: Sequence[ResultLine]) -> list[Ranked]:
    """Ranks by each mean over all panels; equal values share the better rank."""
    ranks: dict[int, dict[Method, int | None]] = {line.application: {} for line in lines}
    for method in _ACROSS:
        values = {line.application: getattr(line, method) for line in lines}
        known = sorted((value for value in values.values() if value is not None), reverse=True)
        for pk, value in values.items():
            ranks[pk][method] = None if value is None else known.index(value) + 1
    return [_row(line, ranks[line.application], stable=False) for line in lines]


def _row(line: ResultLine, ranks: Mapping[Method, int | None], *, stable: bool) -> Ranked:
    given = [rank for rank in ranks.values() if rank is not None]
    chance = line.probability.get(MAIN) if stable else None
    return Ranked(
        line.application, ranks.get(MAIN), (min(given), max(given)) if given else None, _cents(line.mean),
        _cents(line.trimmed), None if chance is None else (chance * 100).quantize(Decimal("0.1")),
        line.standing.get(MAIN, "") if stable else "", line.valid, line.discuss,
    )  # fmt: skip


def _cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.01"))


def _exclusions(panels: Iterable[Panel]) -> tuple[Exclusion, ...]:
    """Who was kept from what, each pair once, with all its grounds."""
    found: dict[tuple[str, str], list[str]] = {}
    for panel in panels:
        for conflicts in excluded(panel).values():
            for each in conflicts:
                pair = each.expert.membership.user.name, each.application.case.title
                found.setdefault(pair, []).append(each.reason_zh)
    return tuple(
        Exclusion(expert, application, "；".join(dict.fromkeys(reasons)))
        for (expert, application), reasons in sorted(found.items())
    )

"""What evidence puts on the desk: how fresh lakes are, pairs that wait, figures of the newest release, jobs."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import READERS, WORKERS
from pingjiang.centre.evidence.framing import cutoff_day
from pingjiang.centre.evidence.identity import review, words
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake, SharedRelease
from pingjiang.centre.evidence.opening import NotBuilt, Opened, opened
from pingjiang.centre.jobs.functions import find
from pingjiang.centre.jobs.models import STATES, Job
from pingjiang.centre.pages import panels
from pingjiang.centre.pages.lists import Marked
from pingjiang.centre.pages.panels import Line, Panel
from pingjiang.centre.pages.words import named, said
from pingjiang.errors import PingjiangError
from pingjiang.schema.units import UNITS, Unit

_OLD = 90  # days since its cut-off from which a lake draws attention
_JOBS = 6
_SHOWN: tuple[Unit, ...] = ("simple_family", "application")


def counts(at: Opened) -> dict[Unit, int]:
    """Items of a release by unit."""

    def made() -> dict[Unit, int]:
        with at.session() as session:
            found = dict(session.rows("select b.unit, b.items from unit_basis b"))
        return {unit: int(found.get(unit) or 0) for unit in UNITS}

    return kept(at, "counts", made)


def _lakes(actor: Actor) -> Panel | None:
    rows = list(access.visible_to(actor, DataLake))
    if not rows:
        return None
    lines = [_freshness(row) for row in rows]
    return Panel(_("数据湖"), lines, _("距截止日的天数"), (), any(row.synthetic for row in rows))


def _freshness(row: DataLake) -> Line:
    try:
        at = opened(row)
        day = cutoff_day(at)
    except NotBuilt:
        return Line(named(row), url=reverse("evidence"), mark=Marked(_("未构建"), "warn"))
    except PingjiangError:
        return Line(named(row), url=reverse("evidence"), mark=Marked(_("读不出"), "bad"))
    told = f"{at.id} · {day.isoformat() if day else said(words.UNKNOWN)}"
    if day is None:
        return Line(named(row), said(words.UNKNOWN), reverse("evidence"), under=told)
    days = (timezone.localdate() - day).days
    mark = Marked(_("%(n)s 天") % {"n": days}, "warn" if days > _OLD else "ok")
    return Line(named(row), url=reverse("evidence"), mark=mark, under=told)


def _pairs(actor: Actor) -> Panel | None:
    lines: list[Line] = []
    for row in access.visible_to(actor, DataLake):
        try:
            at = opened(row)
        except NotBuilt:
            continue
        lines += [
            Line(f"{named(row)} · {said(words.LEVELS[level])}", f"{count:,}", f"{page}?level={level}")
            for level in review.LEVELS
            if (count := len(review.queue(at, level).pairs)) and (page := reverse("evidence-review", args=[row.pk]))
        ]
    return Panel(_("待核的对"), lines, _("对")) if lines else None


def _figures(actor: Actor) -> Panel | None:
    lines: list[Line] = []
    feet: list[str] = []
    synthetic = False
    for at, shown in _newest(actor):
        day = cutoff_day(at)
        told = counts(at)
        lines += [
            Line(f"{named(at.row)} · {words.unit(unit)}", f"{told[unit]:,}",
                 reverse("evidence-identity", args=[at.row.pk]) + f"?release={at.id}" if shown else None)
            for unit in _SHOWN
        ]  # fmt: skip
        feet.append(f"{named(at.row)} · {at.id} · {_('数据截止')} {day.isoformat() if day else said(words.UNKNOWN)}")
        synthetic = synthetic or at.row.synthetic
    return Panel(_("主要数字"), lines, _("全部年份"), tuple(feet), synthetic) if lines else None


def _newest(actor: Actor) -> Sequence[tuple[Opened, bool]]:
    """Newest releases of the actor's own lakes, and those that were shown; whether its rows may be read."""
    own = {row.pk: row for row in access.visible_to(actor, DataLake)}
    found: list[tuple[Opened, bool]] = []
    for row in own.values():
        try:
            found.append((opened(row), True))
        except NotBuilt:
            continue
    seen: set[int] = set()
    for each in access.visible_to(actor, SharedRelease).select_related("lake"):
        if each.lake_id in own or each.lake_id in seen:
            continue
        seen.add(each.lake_id)
        try:
            found.append((opened(each.lake, each.release), False))
        except NotBuilt:
            continue
    return found


def _jobs(actor: Actor) -> Panel | None:
    rows = access.visible_to(actor, Job).filter(state__in=("queued", "running"))[:_JOBS]
    lines = [
        Line(
            said(known.words) if (known := find(row.kind)) else row.kind,
            f"{row.done:,} / {row.of:,}" if row.of else "",
            mark=Marked(said(STATES[row.state]), "run" if row.state == "running" else "none"),
            under=said((row.words_zh, row.words_en)) if row.words_zh else "",
        )
        for row in rows
    ]
    return Panel(_("进行中的任务"), lines) if lines else None


panels.add("evidence-lakes", gettext_lazy("数据湖"), READERS, _lakes, order=10)
panels.add("evidence-pairs", gettext_lazy("待核的对"), WORKERS, _pairs, order=20)
panels.add("jobs", gettext_lazy("进行中的任务"), frozenset(ROLES), _jobs, order=25)
panels.add("evidence-figures", gettext_lazy("主要数字"), frozenset(ROLES), _figures, order=30)

"""The desk: what the actor must do, by when, and how much there is of what."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, clocks, tasks
from pingjiang.centre.casework.models import Case, Clock, Task
from pingjiang.centre.pages.lists import Linked, Marked
from pingjiang.centre.pages.panels import panels_of
from pingjiang.centre.pages.places import case_url
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said

_SHOWN = 12
_CLOCKS_SHOWN = 8
_SOON = 1  # working days left at which a task draws attention
_CLOCKS = 200  # running clocks read for the desk, the oldest first


@dataclass(frozen=True)
class Waiting:
    """A task as a line."""

    task: Task
    what: Linked
    left: Marked | None


@dataclass(frozen=True)
class Running:
    """A clock as a line."""

    clock: Clock
    url: str | None
    reading: clocks.Reading


@dataclass(frozen=True)
class KeyFigure:
    """A count with what it counts, and the list behind it."""

    label: Promise
    count: int
    url: str


def left_of(due: datetime.date | None, today: datetime.date) -> int | None:
    """Working days that are left until a day; negative once it has passed."""
    if due is None:
        return None
    if due < today:
        return -max(1, clocks.working_days_between(due, today))
    return clocks.working_days_between(today, due)


def waiting(open_tasks: QuerySet[Task]) -> list[Waiting]:
    """Tasks as lines."""
    return [Waiting(task, task_cell(task), left_cell(task)) for task in open_tasks]


def task_cell(task: Task) -> Linked:
    """What is to be done, leading to its case."""
    return Linked(said((task.label_zh, task.label_en)), case_url(task.case))


def left_cell(task: Task) -> Marked | None:
    """Working days left, as a mark: late ones stand out."""
    left = left_of(task.due_on, timezone.localdate())
    if left is None:
        return None
    if left < 0:
        return Marked(_("逾期 %(days)s") % {"days": -left}, "bad")
    return Marked(str(left), "warn" if left <= _SOON else "none")


def due_filter(rows: QuerySet[Task], value: str) -> QuerySet[Task]:
    """Late, due this week, or without a limit."""
    today = timezone.localdate()
    if value == "none":
        return rows.filter(due_on__isnull=True)
    if value == "late":
        return rows.filter(due_on__lt=today)
    return rows.filter(due_on__gte=today, due_on__lte=_end_of_week(today))


def _end_of_week(today: datetime.date) -> datetime.date:
    return today + datetime.timedelta(days=6 - today.weekday())


def running(actor: Actor) -> list[Running]:
    """Clocks of the actor's cases that have not ended, the next to end first; those that are paused last."""
    seen = Clock.objects.filter(access.with_case(actor), ended_on__isnull=True).select_related("case")
    lines = [Running(clock, case_url(clock.case), clocks.read(clock)) for clock in seen[:_CLOCKS]]
    return sorted(lines, key=lambda line: (line.reading.paused, line.reading.due_on or datetime.date.max))


def _figures(actor: Actor, open_tasks: QuerySet[Task]) -> list[KeyFigure]:
    today = timezone.localdate()
    week = _end_of_week(today)
    counts = open_tasks.aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=today)),
        week=Count("pk", filter=Q(due_on__gte=today, due_on__lte=week)),
    )
    cases = access.visible_to(actor, Case).aggregate(
        open=Count("pk", filter=Q(closed_at__isnull=True)), closed=Count("pk", filter=Q(closed_at__isnull=False))
    )
    return [
        KeyFigure(gettext_lazy("待办"), counts["all"], reverse("todo")),
        KeyFigure(gettext_lazy("逾期"), counts["late"], reverse("todo") + "?due=late"),
        KeyFigure(gettext_lazy("本周到期"), counts["week"], reverse("todo") + "?due=week"),
        KeyFigure(gettext_lazy("在办案件"), cases["open"], reverse("find") + "?open=yes"),
        KeyFigure(gettext_lazy("已办结案件"), cases["closed"], reverse("find") + "?open=no"),
    ]


@require_GET
@for_actor
def desk(request: ActorRequest) -> HttpResponseBase:
    """The first page of everyone who is signed in."""
    open_tasks = tasks.open_for(request.actor)
    lines = waiting(open_tasks[:_SHOWN])
    clocks_shown = running(request.actor)[:_CLOCKS_SHOWN]
    panels = panels_of(request.actor)
    request.synthetic = (
        any(line.task.case.synthetic for line in lines)
        or any(line.clock.case.synthetic for line in clocks_shown)
        or any(drawn.panel is not None and drawn.panel.synthetic for drawn in panels)
    )
    figures = _figures(request.actor, open_tasks)
    context = {
        "waiting": lines, "running": clocks_shown, "figures": figures, "more": figures[0].count > len(lines),
        "panels": panels,
    }  # fmt: skip
    return render(request, "pages/desk.html", context)

"""Tasks and what is overdue: one list over all cases, from clocks and tasks; who is told when it grows.

give / finish        in the transaction of the move that makes or does them; put_off where it is due later
open_for, count      待办: of a person by name, and of the people of a role that nobody has by name
overdue              everything late in the cases that an actor sees
on_overdue, escalate an app says who is told; each step of being late is told once
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Membership, Organisation, User
from pingjiang.centre.casework import access, clocks, counting, history, notices
from pingjiang.centre.casework.models import Case, Clock, Event, Task
from pingjiang.centre.casework.workflow import Label

MANY = 1000
# Working days late at which it is told: on the first, and again.
STEPS = (1, 3, 10)

access.register(Task, lambda actor: Task.objects.filter(access.with_case(actor)))


def give(
    case: Case, name: str, label: Label, organisation: Organisation, role: str, *, actor: Actor | None,
    assignee: Membership | None = None, due_on: datetime.date | None = None,
) -> Task:  # fmt: skip
    """Give a task of a case to the people of a role, or to one by name. One that is open under this name is closed."""
    finish(case, name, actor)
    task = Task.objects.create(
        case=case, name=name, label_zh=label[0], label_en=label[1], organisation=organisation, role=role,
        assignee=assignee, due_on=due_on,
    )  # fmt: skip
    after = {
        "task": name, "organisation": organisation.pk, "role": role, "assignee": assignee.pk if assignee else None,
        "due_on": due_on.isoformat() if due_on else None,
    }  # fmt: skip
    history.write("task given", f"task:{task.pk}", actor=actor, case=case, after=after)
    return task


def finish(case: Case, name: str | None, actor: Actor | None) -> int:
    """Close the open task of this name, or all of the case. How many there were."""
    found = Task.objects.select_for_update().filter(case=case, done_at__isnull=True)
    open_ones = list(found if name is None else found.filter(name=name))
    for task in open_ones:
        task.done_at, task.done_by = timezone.now(), actor.membership if actor else None
        task.save(update_fields=["done_at", "done_by"])
        history.write("task done", f"task:{task.pk}", actor=actor, case=case, after={"task": task.name})
    return len(open_ones)


def open_for(actor: Actor) -> QuerySet[Task]:
    """What an actor must do, the most urgent first."""
    mine = Q(assignee=actor.membership) | Q(assignee__isnull=True)
    found = access.visible_to(actor, Task).filter(
        mine, done_at__isnull=True, organisation=actor.organisation, role=actor.role
    )
    return found.select_related("case__owner")


def count(actor: Actor) -> int:
    """待办: how many, up to MANY. Every page asks it: beyond that nobody counts by the number."""
    of = ("tasks", actor.membership.pk, actor.organisation.pk, actor.role, access.rules(actor))
    return counting.count(of, lambda: open_for(actor), MANY)


def put_off(case: Case, name: str, due_on: datetime.date | None, actor: Actor | None) -> bool:
    """Give the open task of this name another day. Whether there was one whose day has changed."""
    task = Task.objects.select_for_update().filter(case=case, name=name, done_at__isnull=True).first()
    if task is None or task.due_on == due_on:
        return False
    before, task.due_on = task.due_on, due_on
    task.save(update_fields=["due_on"])
    days = [None if day is None else day.isoformat() for day in (before, due_on)]
    history.write("task put off", f"task:{task.pk}", actor=actor, case=case, before={"due_on": days[0]},
                  after={"task": name, "due_on": days[1]})  # fmt: skip
    return True


@dataclass(frozen=True)
class Late:
    """Something overdue: a clock or a task of a case, due when, and how many working days ago."""

    case: Case
    kind: str  # 'clock' or 'task'
    pk: int
    name: str
    label: Label
    due_on: datetime.date
    days: int


def overdue(actor: Actor | None, today: datetime.date | None = None) -> list[Late]:
    """Everything late in the cases that an actor sees, the latest first."""
    return _late(access.visible_to(actor, Case), today or timezone.localdate())


def _late(cases: QuerySet[Case], today: datetime.date) -> list[Late]:
    found = []
    tasks = Task.objects.filter(case__in=cases, done_at__isnull=True, due_on__lt=today).select_related("case__owner")
    for task in tasks:
        if task.due_on is not None:
            label, days = (task.label_zh, task.label_en), clocks.working_days_between(task.due_on, today)
            found.append(Late(task.case, "task", task.pk, task.name, label, task.due_on, days))
    running = Clock.objects.filter(case__in=cases, ended_on__isnull=True, resumed_on__lt=today)
    for clock in running.select_related("case__owner"):
        reading = clocks.read(clock, today)
        if reading.overdue and reading.due_on is not None:
            label = _clocks.get(clock.name, (clock.name, clock.name))
            found.append(Late(clock.case, "clock", clock.pk, clock.name, label, reading.due_on, -reading.left))
    return sorted(found, key=lambda late: (-late.days, late.case.pk, late.kind, late.pk))


_clocks: dict[str, Label] = {}


def name_clock(name: str, label: Label) -> None:
    """Say how a clock is called where it is shown."""
    _clocks[name] = label


Hook = Callable[[Late], Iterable[User]]
_hooks: dict[str, Hook] = {}


def on_overdue(workflow: str, who: Hook) -> None:
    """Say who is told when something in a case of a workflow is late. A second word on one workflow is a mistake."""
    if workflow in _hooks:
        raise RuntimeError(f"workflow {workflow} says already who is told")
    _hooks[workflow] = who


def escalate(today: datetime.date | None = None) -> int:
    """Tell what has become late, or a step later, since it was told last. How many things were told.

    Each in a transaction of its own, and once: run it as often as you like.
    """
    told = 0
    for late in _late(Case.objects.filter(workflow__in=list(_hooks)), today or timezone.localdate()):
        step = max((step for step in STEPS if step <= late.days), default=0)
        if step:
            told += _tell(late, step)
    return told


@transaction.atomic
def _tell(late: Late, step: int) -> bool:
    case = Case.objects.select_for_update().get(pk=late.case.pk)
    subject, after = f"{late.kind}:{late.pk}", history.canonical({"due_on": late.due_on.isoformat(), "step": step})
    if Event.objects.filter(kind="overdue", subject=subject, after=after).exists():
        return False
    history.write("overdue", subject, actor=None, case=case, after={"due_on": late.due_on.isoformat(), "step": step})
    words = (
        f"逾期 {late.days} 个工作日：{case.title}（{late.label[0]}）",
        f"{late.days} working days overdue: {case.title} ({late.label[1]})",
    )
    about = f"overdue:{subject}:{late.due_on}:{step}"
    notices.tell(_hooks[case.workflow](late), words, about=about, case=case, urgent=True)
    return True

"""Working-day clocks: start, pause, go on, extend, end. Each change is an event with its reason.

The day on which a clock starts does not count; n working days end with the end of the n-th working day after it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone

from pingjiang import calendar
from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.casework.models import Case, Clock
from pingjiang.centre.casework.workflow import Refused

_OFFICE = "CN"


@dataclass(frozen=True)
class Reading:
    """What a clock shows on a day. `due_on` is None while it is paused; `certain` is False where the make-up days of a
    year on the way are not announced yet."""

    due_on: datetime.date | None
    left: int
    paused: bool
    overdue: bool
    certain: bool


@lru_cache(maxsize=8192)  # a list of late cases asks for the same few days by the thousand
def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """Working days after `start` up to and including `end`."""
    days = (start + datetime.timedelta(days=n + 1) for n in range(max((end - start).days, 0)))
    return sum(calendar.is_working_day(day, _OFFICE) for day in days)


@lru_cache(maxsize=8192)
def working_day_after(start: datetime.date, count: int) -> datetime.date:
    """The `count`-th working day after a day; the day itself for 0."""
    day = start
    while count:
        day += datetime.timedelta(days=1)
        count -= calendar.is_working_day(day, _OFFICE)
    return day


def read(clock: Clock, today: datetime.date | None = None) -> Reading:
    """What a clock shows today, or on the day it ended."""
    today = clock.ended_on or today or timezone.localdate()
    left = clock.days - clock.used
    if clock.resumed_on is None:
        return Reading(None, left, paused=True, overdue=False, certain=True)
    due = working_day_after(clock.resumed_on, max(left, 0))
    late = left < 0 or today > due  # it may have been late before the last pause
    left -= working_days_between(clock.resumed_on, today)
    return Reading(due, left, paused=False, overdue=late, certain=calendar.is_certain(due, _OFFICE))


def start(case: Case, name: str, days: int, actor: Actor | None) -> Clock:
    """Start a clock of working days today."""
    today = timezone.localdate()
    clock = Clock.objects.create(case=case, name=name, days=days, started_on=today, resumed_on=today)
    _tell(clock, "clock started", actor, "")
    return clock


def pause(clock: Clock, actor: Actor, reason: str) -> None:
    """Stop counting; what is left is kept."""
    _reason(reason)
    clock = _running(clock)
    if clock.resumed_on is None:
        raise Refused("clock", "期限已经中止", "the clock is paused already")
    clock.used += working_days_between(clock.resumed_on, timezone.localdate())
    clock.resumed_on = None
    clock.save()
    _tell(clock, "clock paused", actor, reason)


def go_on(clock: Clock, actor: Actor, reason: str) -> None:
    """Count again from today."""
    _reason(reason)
    clock = _running(clock)
    if clock.resumed_on is not None:
        raise Refused("clock", "期限没有中止", "the clock is running")
    clock.resumed_on = timezone.localdate()
    clock.save()
    _tell(clock, "clock resumed", actor, reason)


def extend(clock: Clock, days: int, actor: Actor, reason: str) -> None:
    """Add working days."""
    _reason(reason)
    if days < 1:
        raise Refused("clock", "延长天数至少为 1", "an extension has one day at least")
    clock = _running(clock)
    clock.days += days
    clock.save()
    _tell(clock, "clock extended", actor, reason)


def end(clock: Clock, actor: Actor | None) -> None:
    """The thing was done."""
    clock = _running(clock)
    clock.ended_on = timezone.localdate()
    clock.save()
    _tell(clock, "clock ended", actor, "")


def _running(clock: Clock) -> Clock:
    found = Clock.objects.select_for_update().get(pk=clock.pk)
    if found.ended_on is not None:
        raise Refused("clock", "期限已经结束", "the clock has ended")
    return found


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("note", "须写明理由", "a reason is needed")


def _tell(clock: Clock, kind: str, actor: Actor | None, reason: str) -> None:
    after = {
        "clock": clock.name, "days": clock.days, "used": clock.used,
        "runs_since": clock.resumed_on.isoformat() if clock.resumed_on else None,
    }  # fmt: skip
    history.write(kind, f"clock:{clock.pk}", actor=actor, case=clock.case, after=after, note=reason)

"""Tasks, what is overdue, who is told, and the digest of a day."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from pingjiang.centre.casework import clocks, digest, history, notices, service, tasks
from pingjiang.centre.casework.models import Case, Clock, Event, Notice, Task
from pingjiang.centre.casework.workflow import Refused
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast, person

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2026, 11, 27)
Today = Callable[[datetime.date], None]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Today:
    def set_to(day: datetime.date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *_: day)

    set_to(FRIDAY)
    return set_to


@pytest.fixture
def case(cast: Cast, today: Today) -> Case:
    case = service.open_case(ERRAND, cast.alice, number="T-1", title="事", authority=cast.bureau)
    service.perform(case, "ask", cast.alice)
    return case


def give(case: Case, cast: Cast, name: str = "take", **more: Any) -> Task:
    return tasks.give(case, name, ("受理", "Take"), cast.bureau, "programme_officer", actor=cast.alice, **more)


def test_a_task_is_of_a_role_or_of_one_person(cast: Cast, case: Case) -> None:
    oscar = person("Oscar", cast.bureau, "programme_officer")
    give(case, cast)
    assert tasks.count(cast.olga) == tasks.count(oscar) == 1 and tasks.count(cast.alice) == 0
    give(case, cast, assignee=oscar.membership)  # the one before is closed
    assert (tasks.count(cast.olga), tasks.count(oscar), Task.objects.count()) == (0, 1, 2)
    assert tasks.finish(case, "take", oscar) == 1 and tasks.finish(case, "take", oscar) == 0
    assert tasks.count(oscar) == 0 and history.verify().whole
    assert [event.kind for event in Event.objects.filter(kind__startswith="task")] == [
        "task given", "task done", "task given", "task done"
    ]  # fmt: skip


def test_a_task_of_a_case_that_one_does_not_see_is_not_shown(cast: Cast, case: Case) -> None:
    draft = service.open_case(ERRAND, cast.alice, number="T-2", title="稿", authority=cast.bureau)
    give(draft, cast)
    assert tasks.count(cast.olga) == 0


def test_what_waits_is_counted_as_far_as_anybody_reads(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MANY", 2)
    for number in range(3):
        tasks.give(case, f"t{number}", ("办理", "Do it"), cast.bureau, "programme_officer", actor=cast.olga)
        assert tasks.count(cast.olga) == min(number + 1, 2)
    assert tasks.open_for(cast.olga).count() == 3


def test_the_most_urgent_comes_first(cast: Cast, case: Case) -> None:
    for name, due in (("c", None), ("b", FRIDAY + datetime.timedelta(9)), ("a", FRIDAY)):
        give(case, cast, name, due_on=due)
    assert [task.name for task in tasks.open_for(cast.olga)] == ["a", "b", "c"]


def test_one_list_of_what_is_overdue(cast: Cast, case: Case, today: Today) -> None:
    give(case, cast, due_on=datetime.date(2026, 11, 30))
    give(case, cast, "open")
    clock = clocks.start(case, "受理", 2, cast.alice)
    clocks.pause(clocks.start(case, "补正", 1, cast.alice), cast.alice, "等材料")
    assert tasks.overdue(cast.olga) == []
    today(datetime.date(2026, 12, 1))
    assert [(late.kind, late.days) for late in tasks.overdue(cast.olga)] == [("task", 1)]
    today(datetime.date(2026, 12, 4))
    found = tasks.overdue(cast.olga)
    assert [(late.kind, late.name, late.days) for late in found] == [("task", "take", 4), ("clock", "受理", 3)]
    assert found[1].due_on == datetime.date(2026, 12, 1)
    assert tasks.overdue(cast.alice) == found and tasks.overdue(cast.charlie) == [] == tasks.overdue(None)
    clocks.end(clock, cast.olga)
    tasks.finish(case, None, cast.olga)
    assert tasks.overdue(cast.olga) == []


@pytest.fixture
def hooked(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    monkeypatch.setattr(tasks, "_hooks", {})
    tasks.on_overdue("errand", lambda late: [cast.olga.user, cast.charlie.user])
    with pytest.raises(RuntimeError):
        tasks.on_overdue("errand", lambda late: [])


@pytest.mark.usefixtures("hooked")
def test_being_late_is_told_step_by_step_and_each_step_once(cast: Cast, case: Case, today: Today) -> None:
    clocks.start(case, "受理", 1, cast.alice)  # due on Monday the 30th
    told = []
    for n in range(0, 25):
        today(FRIDAY + datetime.timedelta(days=n))
        told += [FRIDAY + datetime.timedelta(days=n)] * tasks.escalate()
        assert tasks.escalate() == 0
    # One, three and ten working days after.
    assert [day.day for day in told] == [1, 3, 14]
    assert {notice.to for notice in Notice.objects.all()} == {cast.olga.user}  # Charlie does not see it
    assert Notice.objects.count() == 3 and Event.objects.filter(kind="overdue").count() == 3
    assert history.verify().whole


@pytest.mark.usefixtures("hooked")
def test_a_clock_that_was_extended_is_told_anew(cast: Cast, case: Case, today: Today) -> None:
    clock = clocks.start(case, "受理", 1, cast.alice)
    today(datetime.date(2026, 12, 1))
    assert tasks.escalate() == 1
    clocks.extend(clock, 2, cast.olga, "案情复杂")
    assert tasks.escalate() == 0
    today(datetime.date(2026, 12, 3))
    assert tasks.escalate() == 1


def test_one_digest_a_person_a_day(cast: Cast, case: Case, today: Today, settings: Any) -> None:
    settings.SITE_MAIL = True
    for actor in (cast.olga, cast.alice, cast.charlie):
        actor.user.email = f"{actor.user.username}@example.org"
        actor.user.save()
    give(case, cast, due_on=FRIDAY - datetime.timedelta(days=1))
    notices.tell([cast.olga.user], ("已有人提问", "A question"), about="x", case=case)
    assert digest.send(FRIDAY) == 1 and digest.send(FRIDAY) == 0  # nothing waits for Alice and Charlie
    assert notices.deliver() == {"sent": 1} and digest.send(FRIDAY) == 0
    (message,) = mail.outbox
    assert message.subject == "今日待办 1 件，逾期 1 件，未读通知 1 条"
    assert "【逾期】受理: T-1 事  截止 2026-11-26" in message.body and "* 已有人提问" in message.body
    assert digest.send(FRIDAY + datetime.timedelta(days=1)) == 1
    settings.SITE_MAIL = False
    assert digest.send(FRIDAY + datetime.timedelta(days=2)) == 0


def test_time_moves_only_what_is_times(cast: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="由人办理"):
        service.elapse(case, "take", "officer")
    case.refresh_from_db()
    assert case.state == "asked" and Clock.objects.count() == 0

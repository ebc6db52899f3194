"""Working-day clocks against a walk over the days, and what is refused."""

from __future__ import annotations

import datetime
import random
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang import calendar
from pingjiang.centre.casework import clocks, service
from pingjiang.centre.casework.models import Case, Clock, Event
from pingjiang.centre.casework.workflow import Refused
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast

DAYS = st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))


@given(DAYS, st.integers(0, 40))
def test_the_nth_working_day_has_n_working_days_before_it(start: datetime.date, count: int) -> None:
    end = clocks.working_day_after(start, count)
    assert clocks.working_days_between(start, end) == count
    assert count == 0 or calendar.is_working_day(end, "CN")


def test_make_up_days_count_and_holidays_do_not() -> None:
    # National Day 2026: 1 to 7 October off; Saturday 10 October is worked.
    assert clocks.working_day_after(datetime.date(2026, 9, 30), 1) == datetime.date(2026, 10, 8)
    assert clocks.working_days_between(datetime.date(2026, 10, 8), datetime.date(2026, 10, 10)) == 2


def on(day: datetime.date) -> mock._patch[mock.MagicMock]:
    """Make it that day."""
    return mock.patch("pingjiang.centre.casework.clocks.timezone.localdate", return_value=day)


@pytest.fixture
def case(cast: Cast) -> Case:
    return service.open_case(ERRAND, cast.alice, number="E-1", title="事", authority=cast.bureau)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_a_clock_agrees_with_a_walk_over_the_days(cast: Cast, case: Case, seed: int) -> None:
    """Whatever happens to a clock: what is left = days allowed − working days on which it ran."""
    draw = random.Random(seed)
    day = datetime.date(2026, 1, 5) + datetime.timedelta(days=draw.randrange(250))
    with on(day):
        clock = clocks.start(case, "answer", 10, cast.olga)
    allowed, ran, running, due_from = 10, 0, True, day
    for _ in range(12):
        for _ in range(draw.randrange(12)):
            day += datetime.timedelta(days=1)
            if running and calendar.is_working_day(day, "CN"):
                ran += 1
                due_from = day
        with on(day):
            if draw.random() < 0.3:
                clocks.extend(clock, 3, cast.olga, "材料多")
                allowed += 3
            elif running:
                clocks.pause(clock, cast.olga, "等补正")
                running = False
            else:
                clocks.go_on(clock, cast.olga, "补正已到")
                running, due_from = True, day
            clock.refresh_from_db()
            reading = clocks.read(clock)
        assert (reading.left, reading.paused) == (allowed - ran, not running)
        late = ran > allowed or (ran == allowed and day > due_from)  # the last day itself is in time
        assert reading.overdue == (running and late), (ran, allowed, reading)
        if running and reading.left > 0:
            assert reading.due_on is not None and clocks.working_days_between(day, reading.due_on) == reading.left


@pytest.mark.django_db
def test_what_makes_no_sense_is_refused_and_each_change_has_its_reason(cast: Cast, case: Case) -> None:
    clock = clocks.start(case, "answer", 5, cast.olga)
    with pytest.raises(Refused, match="理由"):
        clocks.pause(clock, cast.olga, " ")
    with pytest.raises(Refused, match="没有中止"):
        clocks.go_on(clock, cast.olga, "x")
    clocks.pause(clock, cast.olga, "鉴定")
    with pytest.raises(Refused, match="已经中止"):
        clocks.pause(clock, cast.olga, "x")
    with pytest.raises(Refused, match="至少"):
        clocks.extend(clock, 0, cast.olga, "x")
    clocks.end(clock, cast.olga)
    with pytest.raises(Refused, match="已经结束"):
        clocks.extend(clock, 1, cast.olga, "x")
    notes = list(Event.objects.filter(subject=f"clock:{clock.pk}").values_list("kind", "note"))
    assert notes == [("clock started", ""), ("clock paused", "鉴定"), ("clock ended", "")]


@pytest.mark.django_db
def test_a_day_late_is_overdue_and_the_day_itself_is_not(cast: Cast, case: Case) -> None:
    with on(datetime.date(2026, 11, 2)):  # a Monday
        clock = clocks.start(case, "answer", 5, cast.olga)
    assert clocks.read(clock, datetime.date(2026, 11, 9)).overdue is False
    assert clocks.read(clock, datetime.date(2026, 11, 10)).overdue is True
    assert Clock.objects.get().days == 5

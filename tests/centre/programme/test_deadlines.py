"""Times to the second: when a call closes, when districts must have recommended, when a correction is over."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pingjiang.centre.casework import clocks, service
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.models.calls import late
from pingjiang.centre.programme.rules import running
from pingjiang.centre.programme.services import applications, calls
from tests.centre.cast import Cast
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """The server's clock stands at a moment."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def send_at(made: Application, play: Play, moment: datetime.datetime, **how: datetime.datetime) -> str:
    try:
        with at(moment):
            applications.send(plays.fresh(made), play.cast.alice, **how)
    except Refused as refused:
        return refused.rule
    return ""


@pytest.mark.parametrize(("micro", "seconds", "expected"), [
    (0, -1, ""), (0, 0, ""), (999_999, 0, ""), (0, 1, "deadline"), (0, 3600, "deadline"),
])  # fmt: skip
def test_a_second_late_is_late(play: Play, micro: int, seconds: int, expected: str) -> None:
    made = plays.application(play)
    closes = made.call.closes_at
    assert closes is not None
    moment = closes + seconds * SECOND + datetime.timedelta(microseconds=micro)
    assert send_at(made, play, moment) == expected
    assert plays.fresh(made).case.state == ("draft" if expected else "district")


def test_the_refusal_names_both_times(play: Play) -> None:
    made = plays.application(play)
    closes = made.call.closes_at
    assert closes is not None
    with pytest.raises(Refused) as error, at(closes + SECOND):
        applications.send(made, play.cast.alice)
    for moment in (closes, closes + SECOND):
        assert timezone.localtime(moment).strftime("%H:%M:%S") in error.value.words[0]


def test_who_came_in_time_and_waited_is_served_and_nobody_may_claim_an_hour(play: Play) -> None:
    """The request came a second before; it was served two seconds after. Nor is a claim of an hour believed."""
    made = plays.application(play)
    closes = made.call.closes_at
    assert closes is not None
    hour = datetime.timedelta(hours=1)
    assert send_at(made, play, closes + hour, arrived=closes - SECOND) == "deadline"
    assert send_at(made, play, closes + 2 * SECOND, arrived=closes - SECOND) == ""


def test_the_page_tells_the_second_and_refuses_the_next(play: Play) -> None:
    made = plays.application(play)
    Call.objects.filter(pk=made.call_id).update(closes_at=timezone.now() - 2 * SECOND)
    client = Client()
    client.force_login(play.cast.alice.user)
    url = reverse("application", args=[made.case_id])
    page = client.get(url)
    assert f'data-closes="{int(plays.fresh(made).call.closes_at.timestamp() * 1000)}"' in page.content.decode()  # type: ignore[union-attr]
    version = plays.fresh(made).case.version
    answer = client.post(url, {"move": "send", "version": version})
    assert answer.status_code == 422 and "服务器收到时为" in answer.content.decode()
    assert plays.fresh(made).case.state == "draft"


def test_nothing_is_begun_before_it_opens_nor_after_it_closes(play: Play) -> None:
    call = plays.call(play)
    assert call.opens_at is not None and call.closes_at is not None
    expected = {
        call.opens_at - SECOND: "time",
        call.opens_at: "",
        call.closes_at: "",
        call.closes_at + SECOND: "deadline",
    }
    for moment, rule in expected.items():
        told = ""
        try:
            applications.begin(call, play.cast.alice, "patent", "项目", now=moment)
        except Refused as refused:
            told = refused.rule
        assert told == rule, moment
        assert call.takes(moment) == (rule == "")


def test_a_district_a_second_late_is_late(play: Play) -> None:
    made = plays.application(play, "district")
    plays.recommend(play, made)
    until = made.call.seals_until
    assert until is not None
    with pytest.raises(Refused) as error, at(until + SECOND):
        service.perform(plays.fresh(made).case, "recommend", play.district)
    assert error.value.rule == "district deadline"
    with at(until):
        service.perform(plays.fresh(made).case, "recommend", play.district)


def test_time_closes_calls_and_ends_what_was_not_handed_in(play: Play) -> None:
    call = plays.call(play)
    draft, sent, whole = (plays.application(play, state, on=call) for state in ("draft", "district", "submitted"))
    closes, until = call.closes_at, call.seals_until
    assert closes is not None and until is not None
    assert calls.pass_time() == (0, 0)
    with at(closes):
        assert calls.pass_time() == (0, 0)
    with at(closes + SECOND):
        assert calls.pass_time() == (1, 0)  # who asked in the last second may still be waiting for a lock
    with at(closes + datetime.timedelta(minutes=3)):
        assert calls.pass_time() == (0, 1)
        assert calls.pass_time() == (0, 0)
    assert [plays.fresh(made).case.state for made in (draft, sent, whole)] == ["lapsed", "district", "submitted"]
    with at(until + datetime.timedelta(minutes=3)):
        assert calls.pass_time() == (0, 1)
    assert [plays.fresh(made).case.state for made in (draft, sent, whole)] == ["lapsed", "lapsed", "submitted"]
    assert plays.fresh(sent).case.papers.filter(name="application-form", recall__isnull=False).exists()


def test_a_correction_has_its_working_days(play: Play) -> None:
    made = plays.application(play, "supplement")
    clock = running(made.case)
    assert clock is not None and clock.days == 5
    due = clocks.read(clock).due_on
    assert due is not None
    noon = datetime.datetime.combine(due, datetime.time(12), tzinfo=timezone.get_current_timezone())
    day = datetime.timedelta(days=1)
    with at(noon + day):
        with pytest.raises(Refused) as error:
            applications.send(plays.fresh(made), play.cast.alice)
        assert error.value.rule == "correction deadline"
    with at(noon):
        assert calls.pass_time() == (0, 0)
        applications.send(plays.fresh(made), play.cast.alice)  # the call has closed long ago: the clock decides
    with at(noon + day):
        calls.pass_time()
    assert plays.fresh(made).case.state == "lapsed"
    assert running(made.case) is None


@pytest.mark.parametrize("micro", [0, 1, 500_000, 999_999])
def test_late_counts_whole_seconds(micro: int) -> None:
    limit = datetime.datetime(2026, 12, 1, 17, 0, 0, tzinfo=datetime.UTC)
    assert not late(limit.replace(microsecond=micro), limit)
    assert late(limit + SECOND, limit.replace(microsecond=micro))

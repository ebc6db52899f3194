"""Figures and moments of the workflow's own rules: one below, at, one above, to the second and to the character."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pingjiang.centre.casework import clocks, service
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme import rules
from pingjiang.centre.programme.deciding import rules as deciding_rules
from pingjiang.centre.programme.models import Application, Call, CallTrack
from pingjiang.centre.programme.models.calls import MOST_MATERIALS
from pingjiang.centre.programme.review import rules as review_rules
from pingjiang.centre.programme.rules import running
from pingjiang.centre.programme.services import applications, calls, drafts, objections, panels
from pingjiang.centre.programme.services.drafts import LONGEST
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
HALF = datetime.timedelta(milliseconds=500)
# Working days over the National Day of 2026: 1 to 7 October are off, Saturday the 10th is worked.
BEFORE_HOLIDAY, FIVE_AFTER = datetime.date(2026, 9, 29), datetime.date(2026, 10, 12)


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """The server's clock stands at a moment."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def clock_at(day: datetime.date, hour: int, minute: int, second: int) -> datetime.datetime:
    """A time of a day in the office."""
    return datetime.datetime.combine(day, datetime.time(hour, minute, second), tzinfo=timezone.get_current_timezone())


def rule_of(do: Callable[[], object]) -> str:
    """The rule that refuses something; '' where it goes through."""
    try:
        do()
    except Refused as refused:
        return refused.rule
    return ""


# ── the call


@pytest.mark.parametrize(("after", "rule"), [
    (-SECOND, ""), (0 * SECOND, ""), (HALF, ""), (SECOND, "time"),
])  # fmt: skip
def test_questions_are_taken_to_the_last_second(play: Play, after: datetime.timedelta, rule: str) -> None:
    call = plays.call(play)
    assert call.closes_at is not None
    with at(call.closes_at + after):
        assert rule_of(lambda: calls.ask(call, play.cast.charlie, "可否？")) == rule


@pytest.mark.parametrize(("ahead", "rule"), [(-1, "complete"), (0, "complete"), (1, "")])
def test_a_call_is_issued_before_it_closes(play: Play, ahead: int, rule: str) -> None:
    call = plays.call(play, "review")
    assert call.closes_at is not None
    with at(call.closes_at - ahead * SECOND):
        assert rule_of(lambda: service.perform(call.case, "publish", play.leader)) == rule


@pytest.mark.parametrize(("opens", "closes", "seals", "rule"), [
    (0, 0, 5, "complete"), (1, 0, 5, "complete"), (-1, 0, 5, ""), (-1, 0, 0, ""), (-1, 1, 0, "complete"),
])  # fmt: skip
def test_its_times_stand_in_their_order(play: Play, opens: int, closes: int, seals: int, rule: str) -> None:
    """Seconds around a moment: it opens before it closes, and closes not after districts have recommended."""
    call = plays.call(play, "review")
    moment = timezone.now() + 10 * DAY
    call.opens_at, call.closes_at, call.seals_until = (moment + each * SECOND for each in (opens, closes, seals))
    case = call.case
    case.call = call  # the database itself would not keep it
    assert bool(rules.call_complete(case, {})) == bool(rule)


@pytest.mark.parametrize(("column", "values"), [
    ("budget", {"0": False, "0.01": True, "0.001": False}), ("places", {"0": False, "1": True}),
    ("district_quota", {"0": False, "1": True}),
])  # fmt: skip
def test_a_track_has_money_places_and_a_quota(play: Play, column: str, values: dict[str, bool]) -> None:
    row = CallTrack.objects.get(call=plays.call(play))
    for value, holds in values.items():
        setattr(row, column, value)
        if holds:
            row.full_clean()
        else:
            with pytest.raises(ValidationError):
                row.full_clean()


@pytest.mark.parametrize(
    ("count", "holds"), [(MOST_MATERIALS - 1, True), (MOST_MATERIALS, True), (MOST_MATERIALS + 1, False)]
)
def test_so_many_materials(play: Play, count: int, holds: bool) -> None:
    rows = [{"name": f"m{n}", "label": f"材料 {n}", "required": False} for n in range(count)]
    call = Call(case=plays.call(play).case, year=2026, materials=rows)
    try:
        call.clean_fields()
    except ValidationError as error:
        assert not holds and set(error.message_dict) == {"materials"}
    else:
        assert holds


# ── the application


@pytest.mark.parametrize(("over", "state"), [(0, "draft"), (120, "draft"), (121, "lapsed")])
def test_a_draft_lapses_once_who_waited_has_been_served(play: Play, over: int, state: str) -> None:
    """A request may wait two minutes for its turn: so long a draft that was not handed in stays."""
    made = plays.application(play)
    closes = made.call.closes_at
    assert closes is not None
    with at(closes + over * SECOND):
        calls.pass_time()
    assert plays.fresh(made).case.state == state


@pytest.mark.parametrize(("wait", "rule"), [(119, ""), (120, ""), (121, "deadline")])
def test_who_came_in_the_last_second_is_served_within_two_minutes(play: Play, wait: int, rule: str) -> None:
    made = plays.application(play)
    closes = made.call.closes_at
    assert closes is not None
    with at(closes + wait * SECOND):
        assert rule_of(lambda: applications.send(plays.fresh(made), play.cast.alice, arrived=closes)) == rule


@pytest.mark.parametrize(("over", "rule"), [(-1, ""), (0, ""), (1, "size")])
def test_a_section_holds_so_many_characters(play: Play, over: int, rule: str) -> None:
    made = applications.begin(plays.call(play), play.cast.alice, "patent", "项目")
    text = "字" * (LONGEST - len('{"text":""}') + over)
    assert rule_of(lambda: drafts.save(made, play.cast.alice, "goals", {"text": text}, revision=0)) == rule


def _corrected(play: Play, state: str) -> Application:
    """An application that went back for correction the day before the holiday."""
    made = plays.application(play, "submitted")
    with at(clock_at(BEFORE_HOLIDAY, 23, 59, 59)):
        plays.take(play, made, "correct")
        if state == "resealing":
            applications.send(plays.fresh(made), play.cast.alice)
    clock = running(made.case)
    assert clock is not None and (clock.days, clocks.read(clock, BEFORE_HOLIDAY).due_on) == (5, FIVE_AFTER)
    return plays.fresh(made)


MIDNIGHT = [
    ((FIVE_AFTER, 0, 0, 0), ""),
    ((FIVE_AFTER, 23, 59, 59), ""),
    ((FIVE_AFTER + DAY, 0, 0, 0), "correction deadline"),
]


@pytest.mark.parametrize(("moment", "rule"), MIDNIGHT)
def test_a_correction_runs_to_the_last_second_of_its_last_working_day(
    play: Play, moment: tuple[datetime.date, int, int, int], rule: str
) -> None:
    """Sent, and put forward again; a second later it has lapsed."""
    made = _corrected(play, "supplement")
    with at(clock_at(*moment)):
        calls.pass_time()
        assert plays.fresh(made).case.state == ("lapsed" if rule else "supplement")
    if not rule:
        with at(clock_at(*moment)):
            applications.send(plays.fresh(made), play.cast.alice)
            service.perform(plays.fresh(made).case, "reseal", play.district)
            assert plays.fresh(made).case.state == "submitted"


@pytest.mark.parametrize("move", ["return_again", "reseal"])
@pytest.mark.parametrize(("moment", "rule"), MIDNIGHT)
def test_the_district_has_the_same_days(
    play: Play, moment: tuple[datetime.date, int, int, int], rule: str, move: str
) -> None:
    made = _corrected(play, "resealing")
    with at(clock_at(*moment)):
        assert rule_of(lambda: service.perform(made.case, move, play.district, "理由")) == rule


# ── the panel


def test_a_panels_number_is_still_to_come_and_reviews_end_after_it(play: Play) -> None:
    panel_play.pool(play)
    made = panel_play.composed(play, [plays.application(play, "accepted")])
    panels.look(made, play.cast.olga)
    made = panel_play.fresh(made)
    assert made.due is not None
    for ahead, holds in ((-1, False), (0, False), (1, True)):
        with at(made.due - ahead * SECOND):
            assert (review_rules.composed(made.case, {}) is None) == holds
    known = timezone.localtime(made.due).date()
    for days, holds in ((-1, False), (0, False), (1, True)):
        made.case.panel.reviews_until = known + days * DAY
        assert (review_rules.composed(made.case, {}) is None) == holds


@pytest.mark.parametrize(("after", "draw", "recall"), [(-1, "number known", ""), (0, "", "number unknown"),
                                                       (1, "", "number unknown")])  # fmt: skip
def test_the_second_at_which_a_number_is_due(play: Play, after: int, draw: str, recall: str) -> None:
    made = panel_play.panel(play, "published")
    assert made.due is not None
    with at(made.due + after * SECOND):
        given = {"number": panel_play.NUMBER}
        assert rule_of(lambda: service.perform(made.case, "recall", play.cast.olga, "理由")) == recall
        if recall:
            told = rule_of(lambda: service.perform(made.case, "draw", play.cast.olga, given=given))
            assert told == draw


@pytest.mark.parametrize(("number", "rule"), [("12345", "number"), ("123456", ""), ("1234567", "")])
def test_a_number_has_six_digits_at_least(play: Play, number: str, rule: str) -> None:
    made = panel_play.panel(play, "published")
    with panel_play.later(days=1.01):
        given = {"number": number}
        assert rule_of(lambda: service.perform(made.case, "draw", play.cast.olga, given=given)) == rule


# ── the notice


NOTICE = [((FIVE_AFTER, 23, 59, 59), "notice", ""), ((FIVE_AFTER + DAY, 0, 0, 0), "", "time")]


@pytest.mark.parametrize(("moment", "issue", "objection"), NOTICE)
def test_a_notice_runs_to_the_last_second_of_its_last_working_day(
    cast: Cast, moment: tuple[datetime.date, int, int, int], issue: str, objection: str
) -> None:
    """Five working days after the day of the notice, over the holiday: until then objections, from then on the list."""
    table = deciding.begin(cast)
    made = deciding.decision(table, "decided")
    with at(clock_at(BEFORE_HOLIDAY, 0, 0, 0)):
        service.perform(made.case, "publicise", table.olga)
    made = deciding.fresh(made)
    assert (made.notice_from, made.notice_until) == (BEFORE_HOLIDAY, FIVE_AFTER)
    with at(clock_at(*moment)):
        item = deciding.items(made)[0].pk
        assert rule_of(lambda: objections.lodge(made, deciding.objector(table), item, deciding.GROUNDS)) == objection
        if objection:
            assert rule_of(lambda: service.perform(made.case, "issue", table.leader)) == issue
        else:
            assert deciding_rules.notice_over(made.case, {}) is not None

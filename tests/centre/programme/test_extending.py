"""A call is extended by its leader, to later times alone: what is due by it moves along, and everybody is told both."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, District
from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Event, Notice, Task
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.pages.cases import canal, history_of
from pingjiang.centre.programme.extensions import extensions_of
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.rules import clock_of
from pingjiang.centre.programme.services import applications, calls, checks
from pingjiang.centre.programme.workflow import CALL
from tests.centre.cast import Cast
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play
from tests.centre.programme.test_deadlines import at, send_at

pytestmark = pytest.mark.django_db
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def extend(play: Play, call: Call, closes: datetime.timedelta, seals: datetime.timedelta) -> str:
    """Extend it by so much; the rule that refuses, '' where none does."""
    assert call.closes_at is not None and call.seals_until is not None
    given = {"closes_at": call.closes_at + closes, "seals_until": call.seals_until + seals}
    try:
        service.perform(call.case, "extend", play.leader, "系统维护，顺延一周", given=given)
    except Refused as refused:
        return refused.rule
    return ""


def fresh(call: Call) -> Call:
    return Call.objects.select_related("case__owner").get(pk=call.pk)


@pytest.mark.parametrize(("closes", "seals", "expected"), [
    (7 * DAY, 7 * DAY, ""), (SECOND, 0 * DAY, ""), (0 * DAY, SECOND, ""), (10 * DAY, 0 * DAY, ""),
    (0 * DAY, 0 * DAY, "later"), (-SECOND, 7 * DAY, "later"), (7 * DAY, -SECOND, "later"), (-DAY, -DAY, "later"),
    (10 * DAY + SECOND, 0 * DAY, "later"),
])  # fmt: skip
def test_times_become_later_never_earlier_and_stay_in_their_order(
    play: Play, closes: datetime.timedelta, seals: datetime.timedelta, expected: str
) -> None:
    call = plays.call(play)
    assert call.closes_at is not None and call.seals_until is not None
    assert extend(play, call, closes, seals) == expected
    now = fresh(call)
    none = 0 * DAY
    moved = (none, none) if expected else (closes, seals)
    assert (now.closes_at, now.seals_until) == (call.closes_at + moved[0], call.seals_until + moved[1])
    assert now.case.state == "open" and bool(extensions_of(now)) == (expected == "")


def test_without_both_times_or_a_reason_it_is_refused(play: Play) -> None:
    call = plays.call(play)
    for given in ({}, {"closes_at": timezone.now() + 90 * DAY}):
        with pytest.raises(Refused) as error:
            service.perform(call.case, "extend", play.leader, "理由", given=given)
        assert error.value.rule == "later"
    with pytest.raises(Refused) as error:
        service.perform(call.case, "extend", play.leader, "", given=plays.later(call))
    assert error.value.rule == "note"


@pytest.mark.parametrize(("seconds", "expected"), [(0, ""), (1, "later")])
def test_what_has_closed_is_not_extended(play: Play, seconds: int, expected: str) -> None:
    """To the second, also where the site has not closed it yet."""
    call = plays.call(play)
    assert call.closes_at is not None
    with at(call.closes_at + seconds * SECOND):
        assert extend(play, call, 7 * DAY, 7 * DAY) == expected
    closed = plays.call(play, "closed")
    assert extend(play, closed, 30 * DAY, 30 * DAY) == "state"


def test_what_is_due_by_the_call_moves_along(play: Play) -> None:
    call = plays.call(play)
    begun = applications.begin(call, play.cast.alice, "patent", "已开始的申报")
    sent, back = plays.application(play, "district", on=call), plays.application(play, "district", on=call)
    service.perform(back.case, "return", play.district, "请补充")
    corrected = plays.application(play, "resealing", on=call)
    closes, seals = call.closes_at, call.seals_until
    assert closes is not None and seals is not None
    due = {row.case_id: row.due_on for row in Task.objects.filter(done_at=None)}
    assert extend(play, call, 7 * DAY, 8 * DAY) == ""
    now = {row.case_id: row.due_on for row in Task.objects.filter(done_at=None)}
    assert now[sent.case_id] == timezone.localtime(seals + 8 * DAY).date() != due[sent.case_id]
    assert now[back.case_id] == timezone.localtime(closes + 7 * DAY).date() != due[back.case_id]
    assert now[corrected.case_id] == due[corrected.case_id]  # its own days run
    told = Event.objects.get(kind="task put off", case=sent.case_id)
    assert json.loads(told.before)["due_on"] == str(due[sent.case_id])
    with at(closes + DAY):
        calls.pass_time()
    assert plays.fresh(begun).case.state == "draft" and fresh(call).case.state == "open"
    plays.fill(plays.fresh(begun), play.cast.alice)
    assert send_at(begun, play, closes + 7 * DAY + SECOND) == "deadline"
    assert send_at(begun, play, closes + 7 * DAY) == ""


def test_the_history_keeps_both_times_and_the_process_bar_its_day(play: Play) -> None:
    call = plays.call(play)
    times = [("closes_at", call.closes_at), ("seals_until", call.seals_until)]
    assert extend(play, call, 7 * DAY, 7 * DAY) == "" == extend(play, fresh(call), DAY, 0 * DAY)
    first, second = extensions_of(fresh(call))
    assert [(each.name, each.before) for each in first.times] == times
    assert [each.name for each in second.times] == ["closes_at"] and second.times[0].before == first.times[0].after
    assert first.reason == "系统维护，顺延一周"
    events = history_of(play.leader, fresh(call).case)
    published = next(each for each in events if each.kind == "move")
    (step,) = [each for each in canal(CALL, "open", events) if each.status == "now"]
    assert step.on == timezone.localtime(published.at).date()


def test_a_notice_with_a_code_and_the_public_page_tell_both_times(play: Play) -> None:
    call = plays.call(play)
    old, public = call.closes_at, reverse("public-call", args=[call.case_id])
    change = reverse("public-call-change", args=[call.case_id])
    assert Client().get(change).status_code == 404 and "延长至" not in Client().get(public).content.decode()
    assert extend(play, call, 7 * DAY, 7 * DAY) == ""
    page = Client().get(public).content.decode()
    paper = Paper.objects.get(case=call.case_id, name="extension")
    new = fresh(call).closes_at
    assert old is not None and new is not None
    assert f"由 {clock_of(old)} 延长至 {clock_of(new)}" in page and paper.code in page and "系统维护" in page
    assert clock_of(new) in page and "已延期" in Client().get(reverse("public-calls")).content.decode()
    for moment in (old, new):
        there = timezone.localtime(moment)
        assert f"{there.year}年{there.month}月{there.day}日{there:%H:%M:%S}" in paper.said
    assert "系统维护" in paper.said and Client().get(change).status_code == 200
    assert paper.code in Client().get(reverse("verify"), {"code": paper.code}).content.decode()
    assert extend(play, fresh(call), DAY, DAY) == ""
    assert papers.standing(paper) == "superseded"
    service.perform(fresh(call).case, "withdraw", play.leader, "政策调整")
    assert {papers.standing(each) for each in Paper.objects.filter(case=call.case_id, edition=2)} == {"recalled"}
    assert Client().get(change).status_code == 404


def told(actor: Actor, **how: str) -> set[str]:
    return set(Notice.objects.filter(to=actor.user, **how).values_list("subject_zh", flat=True))


def test_everybody_is_told_and_by_mail_whoever_has_begun_and_the_districts(play: Play, settings: object) -> None:
    settings.SITE_MAIL = {"host": "x"}  # type: ignore[attr-defined]
    people: dict[str, Actor] = {each: getattr(play.cast, each) for each in ("alice", "bob", "charlie", "olga")}
    people |= {"district": play.district, "other": play.other_district}
    for actor in people.values():
        actor.user.email = f"{actor.user.username}@example.org"
        actor.user.save()
    call = plays.call(play)
    applications.begin(call, play.cast.alice, "patent", "已开始的申报")
    assert extend(play, call, 7 * DAY, 7 * DAY) == ""
    new = fresh(call)
    assert new.closes_at is not None and new.seals_until is not None
    until = f"申报截止 {clock_of(new.closes_at)}，区县推荐截止 {clock_of(new.seals_until)}"
    subject = f"申报期限已延长，{until}：{call.case.title}"
    mailed = {"alice", "bob", "district", "other"}
    assert {name for name, actor in people.items() if subject in told(actor, channel="email")} == mailed
    on_site = {name for name, actor in people.items() if subject in told(actor, channel="site")}
    assert on_site == mailed | {"charlie", "olga"}


def test_the_leader_extends_it_on_the_page_once_it_is_confirmed(play: Play) -> None:
    call = plays.call(play)
    client, url = Client(), reverse("call", args=[call.case_id])
    client.force_login(play.leader.user)
    page = client.get(url).content.decode()
    assert call.closes_at is not None and call.seals_until is not None
    assert f'name="closes_at" value="{timezone.localtime(call.closes_at):%Y-%m-%dT%H:%M:%S}"' in page
    wanted = {name: timezone.localtime(each + 7 * DAY).strftime("%Y-%m-%dT%H:%M:%S")
              for name, each in (("closes_at", call.closes_at), ("seals_until", call.seals_until))}  # fmt: skip
    sent = {"move": "extend", "note": "系统维护", "version": str(call.case.version), **wanted}
    asked = client.post(url, sent).content.decode()
    assert "将正式办理" in asked and all(f'value="{each}" readonly' in asked for each in wanted.values())
    request = re.search(r'name="request" value="([^"]+)"', asked)
    assert request is not None and fresh(call).closes_at == call.closes_at
    done = client.post(url, {**sent, "confirmed": "extend", "request": request[1]}, follow=True).content.decode()
    assert "已办理：延长期限" in done and fresh(call).closes_at == call.closes_at + 7 * DAY
    wrong = client.post(url, {**sent, "confirmed": "extend", "closes_at": "明天", "version": ""})
    assert wrong.status_code == 422 and "须填写延长后的申报截止" in wrong.content.decode()
    officer = Client()
    officer.force_login(play.cast.olga.user)
    assert 'name="closes_at"' not in officer.get(url).content.decode()


# ── the districts' time, once the call is closed


def more_for_districts(play: Play, call: Call, by: datetime.timedelta, actor: Actor | None = None) -> str:
    """Extend the districts' time by so much; the rule that refuses, '' where none does."""
    now = fresh(call)
    assert now.seals_until is not None
    given = {"seals_until": now.seals_until + by, "closes_at": now.seals_until + by}
    try:
        service.perform(now.case, "extend_districts", actor or play.leader, "暴雨停工", given=given)
    except Refused as refused:
        return refused.rule
    return ""


def closed_with_one_at_the_district(play: Play) -> tuple[Call, Application]:
    call = plays.call(play)
    made = plays.application(play, "district", on=call)
    plays.close(call)
    return fresh(call), plays.fresh(made)


@pytest.mark.parametrize(("by", "expected"), [(SECOND, ""), (7 * DAY, ""), (0 * DAY, "later"), (-SECOND, "later")])
def test_once_closed_the_districts_time_becomes_later_alone(play: Play, by: datetime.timedelta, expected: str) -> None:
    call, made = closed_with_one_at_the_district(play)
    closes, seals = call.closes_at, call.seals_until
    assert seals is not None and more_for_districts(play, call, by) == expected
    now = fresh(call)
    assert (now.closes_at, now.seals_until) == (closes, seals if expected else seals + by)
    assert now.case.state == "closed" and bool(extensions_of(now)) == (expected == "")
    if by == 7 * DAY:
        task = Task.objects.get(case=made.case_id, name="recommend", done_at=None)
        assert task.due_on == timezone.localtime(seals + by).date()
        with at(seals + DAY):
            calls.pass_time()
            plays.recommend(play, made)
            service.perform(plays.fresh(made).case, "recommend", play.district)
        assert plays.fresh(made).case.state == "submitted"


def test_the_districts_time_is_extended_to_its_last_second_and_ends_after_it(play: Play) -> None:
    call, made = closed_with_one_at_the_district(play)
    seals = call.seals_until
    assert seals is not None
    with at(seals + SECOND):
        assert more_for_districts(play, call, 7 * DAY) == "later"
    with at(seals):
        assert more_for_districts(play, call, 7 * DAY) == ""
    with at(seals + DAY):
        calls.pass_time()
        assert (fresh(call).case.state, plays.fresh(made).case.state) == ("closed", "district")
    with at(seals + 8 * DAY):
        calls.pass_time()
    over = fresh(call).case
    assert (over.state, plays.fresh(made).case.state) == ("ended", "lapsed") and over.closed_at is not None
    assert more_for_districts(play, call, 30 * DAY) == "state"
    assert Client().get(reverse("public-call", args=[call.case_id])).status_code == 200


def test_no_more_time_for_a_list_that_the_bureau_looks_at(play: Play) -> None:
    """A check of another district's list keeps nobody from more time; one of the same, whatever came of it, does."""
    call, made = closed_with_one_at_the_district(play)
    checked = plays.application(play, "submitted", on=plays.call(play))
    Application.objects.filter(pk=checked.pk).update(call=call)
    assert more_for_districts(play, call, DAY) == ""
    checks.run(plays.fresh(checked), play.cast.olga)
    with pytest.raises(Refused) as refused:
        given = {"seals_until": timezone.now() + 90 * DAY}
        service.perform(fresh(call).case, "extend_districts", play.leader, "暴雨停工", given=given)
    assert refused.value.rule == "checking" and checked.case.number in refused.value.words[0]
    elsewhere = District.objects.create(code="320508", name_zh="姑苏区", name_en="Gusu")
    Application.objects.filter(pk=checked.pk).update(district=elsewhere)
    assert more_for_districts(play, call, DAY) == ""
    Application.objects.filter(pk=checked.pk).update(district=made.district)
    service.perform(plays.fresh(made).case, "withdraw", play.cast.alice, "不报了")
    assert more_for_districts(play, call, DAY) == ""  # nothing is with that district any more


def test_the_notice_for_districts_says_both_times_and_that_the_call_stays_closed(play: Play) -> None:
    call, _made = closed_with_one_at_the_district(play)
    assert call.seals_until is not None
    client, url = Client(), reverse("call", args=[call.case_id])
    client.force_login(play.leader.user)
    page = client.get(url).text
    assert 'name="seals_until"' in page and 'name="closes_at"' not in page
    until = timezone.localtime(call.seals_until + 7 * DAY)
    sent = {"move": "extend_districts", "note": "暴雨停工", "version": str(call.case.version),
            "seals_until": until.strftime("%Y-%m-%dT%H:%M:%S")}  # fmt: skip
    request = re.search(r'name="request" value="([^"]+)"', client.post(url, sent).text)
    assert request is not None
    done = client.post(url, {**sent, "confirmed": "extend_districts", "request": request[1]}, follow=True).text
    assert "已办理：延长区县推荐" in done
    paper = Paper.objects.get(case=call.case_id, name="extension")
    assert "区县推荐截止" in paper.said and "申报已经截止" in paper.said and "取回修改" not in paper.said
    new = fresh(call).seals_until
    assert new == call.seals_until.replace(microsecond=0) + 7 * DAY
    public = Client().get(reverse("public-call", args=[call.case_id])).text
    assert f"由 {clock_of(call.seals_until)} 延长至 {clock_of(new)}" in public and "暴雨停工" in public
    subject = f"区县推荐期限已延长至 {clock_of(new)}：{call.case.title}"
    assert subject in told(play.district) and subject in told(play.other_district) and subject in told(play.cast.alice)

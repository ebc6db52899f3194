"""Calls: two tracks and whose they are, public questions without who asked, who is told of what."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Event, Notice, Task
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Call
from pingjiang.centre.programme.services import applications, calls
from pingjiang.centre.programme.services.calls import Opened
from tests.centre.cast import Cast, person
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db
BOTH = [Opened(track, filling.PACK, filling.VERSION, Decimal(10_000_000), 2, None) for track in ("patent", "copyright")]


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def test_a_call_of_both_tracks_is_every_officers_and_each_changes_their_own(play: Play) -> None:
    both = person("Otto", play.cast.bureau, "programme_officer", ["patent", "copyright"])
    call = calls.draft(both, "两类通知", plays.times(), BOTH)
    assert call.case.track == ""
    mine = [Opened("patent", filling.PACK, filling.VERSION, Decimal(30_000_000), 5, 1)]
    calls.revise(call, play.cast.olga, "两类通知", plays.times(), mine, version=call.case.version)
    found = {row.track: (row.budget, row.places) for row in Call.objects.get(pk=call.pk).tracks.all()}
    assert found == {"patent": (Decimal(30_000_000), 5), "copyright": (Decimal(10_000_000), 2)}
    with pytest.raises(Refused) as error:
        calls.draft(play.cast.olga, "别类通知", plays.times(), BOTH)
    assert error.value.rule == "track"


def test_an_application_of_the_copyright_track_goes_by_its_own_reading(play: Play) -> None:
    both = person("Otto", play.cast.bureau, "programme_officer", ["patent", "copyright"])
    call = calls.draft(both, "两类通知", plays.times(), BOTH)
    service.perform(call.case, "publish", play.leader)
    made = applications.begin(Call.objects.get(pk=call.pk), play.cast.alice, "copyright", "版权项目")
    client = Client()
    client.force_login(play.cast.alice.user)
    page = client.get(reverse("application-step", args=[made.case_id, "strategic"])).content.decode()
    assert "地方特色或主流文化" in page and "known_works" in page and "research_bodies" not in page
    files = client.get(reverse("application-step", args=[made.case_id, "attachments"])).content.decode()
    assert "知名作品与登记清单" in files
    assert client.get(reverse("call-check", args=[call.case_id, "copyright"])).status_code == 200


@pytest.mark.parametrize(("changed", "rule"), [
    ({}, ""), ({"guide": " "}, "complete"), ({"closes_at": None}, "complete"), ({"seals_until": None}, "complete"),
    ({"tracks": []}, "complete"),
])  # fmt: skip
def test_what_a_call_needs_to_be_issued(play: Play, changed: dict[str, object], rule: str) -> None:
    tracks = changed.pop("tracks", plays.TRACKS) if "tracks" in changed else plays.TRACKS
    call = calls.draft(play.cast.olga, "通知", plays.times(**changed), tracks)  # type: ignore[arg-type]
    told = ""
    try:
        service.perform(call.case, "publish", play.leader)
    except Refused as refused:
        told = refused.rule
    assert told == rule


def test_questions_are_public_once_answered_and_who_asked_is_not(play: Play) -> None:
    call = plays.call(play)
    question = calls.ask(call, play.cast.charlie, "外省企业可否申报？")
    url, public = reverse("call", args=[call.case_id]), reverse("public-call", args=[call.case_id])
    alice, charlie, olga = Client(), Client(), Client()
    for client, actor in ((alice, play.cast.alice), (charlie, play.cast.charlie), (olga, play.cast.olga)):
        client.force_login(actor.user)
    name = play.cast.other.name_zh
    assert question.text not in alice.get(url).content.decode()
    assert question.text in charlie.get(url).content.decode()
    assert name in olga.get(url).content.decode()
    calls.answer(question, play.cast.olga, "须在本市登记。")
    for page in (alice.get(url), Client().get(public)):
        text = page.content.decode()
        assert question.text in text and "须在本市登记。" in text and name not in text and "Charlie" not in text
    with pytest.raises(Refused):
        calls.answer(question, play.cast.olga, "再答一次")
    with pytest.raises(Refused):
        calls.ask(call, play.cast.olga, "自己问自己")
    assert not Event.objects.filter(case=call.case_id, actor=play.cast.charlie.user).exists()
    assert not Task.objects.filter(case=call.case_id, done_at=None).exists()


def test_no_questions_after_it_closes(play: Play) -> None:
    call = plays.call(play)
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - datetime.timedelta(seconds=2))
    with pytest.raises(Refused) as error:
        calls.ask(Call.objects.get(pk=call.pk), play.cast.charlie, "还能问吗？")
    assert error.value.rule == "time"


def told(name: str) -> set[str]:
    return set(Notice.objects.filter(to__username=name.lower(), channel="site").values_list("subject_zh", flat=True))


def test_who_is_told_of_what(play: Play) -> None:
    made = plays.application(play, "resealing")
    plays.take(play, made, "reseal")
    plays.take(play, made, "accept")
    title = made.case.title
    assert {f"{word}：{title}" for word in ("待审核推荐", "补正后待重新盖章", "申报已受理")} <= told("Dora")
    assert {f"{word}：{title}" for word in ("区县已推荐上报", "退回补正", "申报已受理")} <= told("Alice")
    assert told("Bob") == told("Alice")
    assert f"新的申报：{title}" in told("Olga")
    assert f"新的申报通知：{made.call.case.title}" in told("Charlie") & told("Dora")
    assert not any(title in subject for subject in told("Charlie") | told("One_district_officer"))
    assert not Task.objects.filter(case=made.case_id, done_at=None).exists()


@pytest.mark.parametrize("state", plays.WAYS)
def test_its_pages_open_in_every_state_for_whoever_sees_it(play: Play, state: str) -> None:
    made = plays.application(play, state)
    everybody = [*play.cast.everyone.values(), play.district, play.cast.charlie]
    for actor in everybody:
        client = Client()
        client.force_login(actor.user)
        for name in ("application", "application-check", "application-district"):
            for language in ("zh-hans", "en"):
                client.cookies["django_language"] = language
                status = client.get(reverse(name, args=[made.case_id])).status_code
                assert status in (200, 404), (actor.role, name, state)

"""Writing: saved by hand and by itself, two windows, nothing lost; files; last year's; figures of the lake."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.content.hashing import attachments, hash_of
from pingjiang.centre.programme.content.reading import said_now
from pingjiang.centre.programme.models import Application, Draft
from pingjiang.centre.programme.services import applications, attaching, drafts
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


@pytest.fixture
def made(play: Play) -> Application:
    return applications.begin(plays.call(play), play.cast.alice, "patent", "项目")


def client(play: Play, who: str = "alice") -> Client:
    found = Client()
    found.force_login(getattr(play.cast, who).user)
    return found


def url(made: Application, page: str = "goals") -> str:
    return reverse("application-step", args=[made.case_id, page])


def goals(made: Application) -> tuple[str, int]:
    row = made.sections.filter(name="goals").first()
    return (json.loads(row.content).get("text", ""), row.revision) if row is not None else ("", 0)


def test_it_is_saved_by_itself_and_resumed_by_a_colleague_elsewhere(play: Play, made: Application) -> None:
    sent = {"goals-text": "一稿", "revision.goals": "0", "autosave": "1"}
    told = client(play).post(url(made), sent).json()
    assert told["revisions"] == {"goals": 1} and told["conflict"] is None and told["open"] == 0
    page = client(play, "bob").get(url(made)).content.decode()
    assert "一稿" in page and 'name="revision.goals" value="1"' in page


def test_each_step_saves_and_goes_on(play: Play, made: Application) -> None:
    browser = client(play)
    answer = browser.post(url(made), {"goals-text": "一稿", "revision.goals": "0", "go": "next"})
    assert answer.status_code == 302 and answer["Location"] == url(made, "indicators")
    assert goals(made) == ("一稿", 1)
    answer = browser.post(url(made), {"goals-text": "二稿", "revision.goals": "1", "go": "back"})
    assert answer["Location"] == url(made, "conditions") and goals(made) == ("二稿", 2)


def test_two_windows_lose_nothing(play: Play, made: Application) -> None:
    one, other = client(play), client(play, "bob")
    for each in (one, other):
        each.get(url(made))
    assert one.post(url(made), {"goals-text": "甲写的", "revision.goals": "0"}).status_code == 302
    answer = other.post(url(made), {"goals-text": "乙写的", "revision.goals": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "甲写的" in page and "乙写的" in page
    assert goals(made) == ("甲写的", 1)
    assert Draft.objects.get(aside=True).content == '{"text":"乙写的"}'
    # who saves again on what is there now has seen both, and decides; the other text stays among the drafts
    assert 'name="revision.goals" value="1"' in page
    assert other.post(url(made), {"goals-text": "乙写的", "revision.goals": "1"}).status_code == 302
    assert goals(made) == ("乙写的", 2)
    assert {json.loads(row.content)["text"] for row in Draft.objects.all()} == {"甲写的", "乙写的"}
    listed = one.get(reverse("application-drafts", args=[made.case_id, "goals"])).content.decode()
    assert listed.count("与现稿比较") == 3


def test_a_window_that_saves_itself_is_told_where_both_texts_stand(play: Play, made: Application) -> None:
    one, other = client(play), client(play, "bob")
    one.post(url(made), {"goals-text": "甲写的", "revision.goals": "0", "autosave": "1"})
    sent = {"goals-text": "乙写的", "revision.goals": "0", "autosave": "1"}
    for _ in range(3):
        answer = other.post(url(made), sent)
        assert answer.status_code == 409
    assert Draft.objects.filter(aside=True).count() == 1
    page = other.get(url(made) + answer.json()["conflict"]).content.decode()
    assert "甲写的" in page and "乙写的" in page


def test_the_same_text_twice_is_no_conflict(play: Play, made: Application) -> None:
    for _ in range(2):
        assert client(play).post(url(made), {"goals-text": "一样", "revision.goals": "0"}).status_code == 302
    assert goals(made) == ("一样", 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.text("天地人", max_size=3), st.booleans()), max_size=12))
def test_whatever_the_windows_do_every_text_is_kept(
    play: Play, made: Application, steps: list[tuple[str, str, bool]]
) -> None:
    """Three windows save in any order, each seeing what is there now only where it looks again first."""
    Draft.objects.all()
    seen = dict.fromkeys("甲乙丙", 0)
    typed: list[str] = []
    for window, text, looks in steps:
        if looks:
            seen[window] = goals(made)[1]
        content = {"text": text} if text else {}
        before = goals(made)
        saved = drafts.save(made, play.cast.alice, "goals", content, revision=seen[window])
        typed.append(text)
        if saved.aside is None:
            assert goals(made)[0] == text
            seen[window] = saved.section.revision
        else:
            assert goals(made) == before
    kept = {json.loads(row.content).get("text", "") for row in Draft.objects.filter(section__application=made)}
    assert {text for text in typed if text} <= kept


def test_only_the_applicant_writes_and_only_while_it_may(play: Play, made: Application) -> None:
    plays.fill(made, play.cast.alice)
    with pytest.raises(Http404):
        drafts.save(made, play.cast.charlie, "goals", {"text": "插手"}, revision=1)
    plays.take(play, made, "send")
    for actor in (play.cast.alice, play.district):
        with pytest.raises(Refused) as error:
            drafts.save(plays.fresh(made), actor, "goals", {"text": "改"}, revision=1)
        assert error.value.rule in ("edit", "party")
    answer = client(play).post(url(made), {"goals-text": "改", "revision.goals": "1"})
    assert answer.status_code == 404


def test_what_is_too_long_is_kept_and_told(play: Play, made: Application) -> None:
    long = "长" * 1501
    answer = client(play).post(url(made), {"goals-text": long, "revision.goals": "0"}, follow=True)
    assert goals(made)[0] == long
    page = answer.content.decode()
    assert "1501 字，超 1 字" in page and 'data-limit="1500"' in page


def test_line_ends_count_one_whatever_the_browser_sends(play: Play, made: Application) -> None:
    client(play).post(url(made), {"goals-text": "一\r\n二\r三", "revision.goals": "0"})
    assert goals(made)[0] == "一\n二\n三"


def test_files_are_of_the_kind_and_size_that_is_asked(play: Play, made: Application) -> None:
    alice = play.cast.alice

    def attach(material: str, name: str, size: int = 100) -> str:
        try:
            attaching.attach(made, alice, material, [filling.PDF], name, size)
        except Refused as refused:
            return refused.rule
        return ""

    assert attach("licence", "证照.pdf") == ""
    assert attach("licence", "证照.PDF", 20 * 2**20) == ""
    assert attach("licence", "证照.pdf", 20 * 2**20 + 1) == "size"
    assert attach("licence", "证照.docx") == "format"
    assert attach("matching_letter", "函.pdf") == "material"  # the district's
    assert attach("nothing", "函.pdf") == "material"
    found = attachments(made)
    before = hash_of(made)
    drafts.lay_aside(made, alice, found[0]["document"])
    assert len(attachments(made)) == len(found) - 1 and hash_of(made) != before
    drafts.lay_aside(made, alice, found[0]["document"], back=True)
    assert attachments(made) == found


def test_last_years_texts_are_taken_over_and_nothing_else(play: Play) -> None:
    older = plays.application(play, "submitted")
    newer = applications.begin(plays.call(play, title="2027 年通知"), play.cast.alice, "patent", "新项目", copied=older)
    said: dict[str, Any] = said_now(newer)
    expected = filling.content()
    expected["schedule"].pop("start")
    assert said == expected
    assert attachments(newer) == [] and newer.copied_from == older
    with pytest.raises(Http404):
        applications.begin(older.call, play.cast.charlie, "patent", "别人的", copied=older)


def test_what_the_precheck_stated_is_not_typed_twice(play: Play) -> None:
    call = plays.call(play)
    kept, lines = applications.precheck(call, play.cast.alice, "patent", filling.STATED)
    assert all(line.status in ("pass", "expert") for line in lines)
    made = applications.begin(call, play.cast.alice, "patent", "项目", precheck=kept)
    said = said_now(made)
    assert said["clustered"] == {"bodies": "101", "location_quotient": "1.4"}
    assert said["strategic"]["industry_lists"] == ["key"]
    assert said["high_end"] == {"text": filling.STATED["chain_position"]} and "city_money" not in json.dumps(said)


def test_the_same_click_begins_one(play: Play) -> None:
    import uuid

    call, click = plays.call(play), uuid.uuid4()
    made = {applications.begin(call, play.cast.alice, "patent", "项目", request=click).pk for _ in range(2)}
    assert len(made) == 1

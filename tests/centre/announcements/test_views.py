"""The pages: who finds which, what they show, what a form does, and what happens to what was typed."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor, District, Organisation
from pingjiang.centre.announcements.models import Announcement, Question
from pingjiang.centre.casework import service as casework
from pingjiang.centre.documents.models import Paper, Version
from tests.centre.announcements import play as plays
from tests.centre.announcements.play import Play
from tests.centre.cast import Cast, person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def client(actor: Actor | None) -> Client:
    made = Client()
    if actor:
        made.force_login(actor.user)
    return made


def form(**more: Any) -> dict[str, Any]:
    said = {
        "title": "关于<b>征集</b>的通知", "kind": "notice", "body": "正文。<script>alert(1)</script>", "to": ["firm"],
        "answer_days": 5, "request": str(uuid.uuid4()),
    }  # fmt: skip
    return {**said, **more}


def move(of: Announcement | Question, name: str, **more: Any) -> dict[str, Any]:
    of.case.refresh_from_db()
    return {
        "move": name,
        "version": of.case.version,
        "request": str(uuid.uuid4()),
        "note": "理由",
        "confirmed": name,
        **more,
    }


def test_every_page_by_who_asks(play: Play) -> None:
    """Own, colleague's, stranger's, nobody's: what is not theirs is not found, like what there is not."""
    draft, question = plays.announcement(play), plays.question(play)
    published = question.announcement
    cast = play.cast
    pages: dict[tuple[str, int | None], dict[str, int]] = {
        ("announcements", None): {"olga": 200, "alice": 200, "charlie": 200, "stella": 200},
        ("questions", None): {"olga": 200, "alice": 200, "charlie": 200, "stella": 200},
        ("announcement-new", None): {"olga": 200, "alice": 404, "charlie": 404, "stella": 404},
        ("announcement", draft.case_id): {"olga": 200, "alice": 404, "charlie": 404, "stella": 200},
        ("announcement-edit", draft.case_id): {"olga": 200, "alice": 404, "charlie": 404, "stella": 404},
        ("announcement", published.case_id): {"olga": 200, "alice": 200, "charlie": 200, "stella": 200},
        ("announcement-ask", published.case_id): {"olga": 404, "alice": 200, "charlie": 200, "stella": 404},
        ("question", question.case_id): {"olga": 200, "alice": 200, "charlie": 404, "stella": 200},
        ("announcement", 10**6): {"olga": 404, "alice": 404, "charlie": 404, "stella": 404},
        ("question", published.case_id): {"olga": 404, "alice": 404, "charlie": 404, "stella": 404},
    }
    actors = {"olga": cast.olga, "alice": cast.alice, "charlie": cast.charlie, "stella": cast.stella}
    for (name, pk), expected in pages.items():
        url = reverse(name, args=[pk] if pk else [])
        for who, status in expected.items():
            assert client(actors[who]).get(url).status_code == status, (name, who)
        assert client(None).get(url).status_code == 302, name


def test_a_notice_from_draft_to_answer(play: Play) -> None:
    olga, alice = client(play.cast.olga), client(play.cast.alice)
    sent = form()
    answers = [olga.post(reverse("announcement-new"), sent) for _ in range(2)]  # a double click
    assert [answer.status_code for answer in answers] == [302, 302] and Announcement.objects.count() == 1
    made = Announcement.objects.get()
    url = reverse("announcement", args=[made.case_id])
    changed = form(version=made.case.version, body="新正文。")
    assert olga.post(reverse("announcement-edit", args=[made.case_id]), changed).status_code == 302
    asked_first = client(play.leader).post(url, move(made, "publish", confirmed=""))
    assert (
        asked_first.status_code == 200 and "将正式办理" in asked_first.content.decode() and not Paper.objects.exists()
    )
    assert client(play.leader).post(url, move(made, "publish")).status_code == 302
    page = alice.get(url).content.decode()
    assert "新正文" in page and "<b>征集" not in page and "&lt;b&gt;征集" in page
    asked = alice.post(reverse("announcement-ask", args=[made.case_id]), {
        "title": "问", "text": "可否？", "request": str(uuid.uuid4()),
    })  # fmt: skip
    assert asked.status_code == 302
    question = Question.objects.get()
    url = reverse("question", args=[question.case_id])
    assert olga.post(url, move(question, "assign", to=play.cast.olga.membership.pk)).status_code == 302
    blank = olga.post(url, move(question, "answer", text=" ", note="留着"))
    assert blank.status_code == 422 and "答复内容" in blank.content.decode() and "留着" in blank.content.decode()
    assert olga.post(url, move(question, "answer", text="可以。")).status_code == 302
    assert "可以。" in alice.get(url).content.decode()


def test_two_who_write_one_draft_see_both_and_neither_wins_unseen(play: Play) -> None:
    olga, made = client(play.cast.olga), plays.announcement(play, to=[("firm", None)])
    url = reverse("announcement-edit", args=[made.case_id])
    begun = form(version=made.case.version, title=made.case.title)
    assert olga.post(url, {**begun, "body": "先存的字。", "to": ["bank", "fund"], "public": "on"}).status_code == 302
    late = olga.post(url, {**begun, "body": "后打的字。"})
    assert late.status_code == 409
    others = late.context["form"].others
    assert others == {"body": "先存的字。", "to": "银行、基金", "public": "是"}
    page = late.content.decode()
    assert "后打的字。" in page and "先存的字。" in page and "另一稿" in page and "再次保存即以本页为准" in page
    made.refresh_from_db()
    assert made.body == "先存的字。"
    version = late.context["form"]["version"].value()
    assert olga.post(url, {**begun, "body": "后打的字。", "version": version}).status_code == 302
    made.refresh_from_db()
    assert made.body == "后打的字。" and made.case.events.filter(kind="announcement revised").count() == 2


def test_a_draft_is_kept_as_it_is_and_told_what_review_would_refuse(play: Play) -> None:
    olga = client(play.cast.olga)
    assert olga.post(reverse("announcement-new"), form(body="", to=[])).status_code == 302
    made = Announcement.objects.get()
    edit, url = (reverse(name, args=[made.case_id]) for name in ("announcement-edit", "announcement"))
    for says in ("正文是空的", "没有发布对象"):
        assert says in olga.get(edit).content.decode()
        assert olga.post(url, move(made, "submit")).status_code == 422
        assert olga.post(edit, form(version=made.case.version, to=[])).status_code == 302
        made.case.refresh_from_db()
    assert olga.post(edit, form(version=made.case.version)).status_code == 302
    assert "可以送审" in olga.get(edit).content.decode()
    page = olga.get(edit)
    assert all(f'name="{field.name}"' in page.content.decode() for field in page.context["form"])


def test_what_a_form_says_wrongly_is_said_and_kept(play: Play) -> None:
    olga = client(play.cast.olga)
    for wrong in ({"answer_days": 0}, {"kind": "x"}, {"to": ["x"]}, {"title": ""}):
        answer = olga.post(reverse("announcement-new"), form(document_number="示〔1〕", **wrong))
        assert answer.status_code == 422 and "示〔1〕" in answer.content.decode() and "alert" in answer.content.decode()
    assert not Announcement.objects.exists()
    made = plays.announcement(play)
    url = reverse("announcement", args=[made.case_id])
    assert olga.post(url, move(made, "publish")).status_code == 422
    assert olga.post(url, move(made, "nothing")).status_code == 422
    assert olga.post(url, move(made, "submit", version=99)).status_code == 409
    assert olga.post(url, {"move": "submit"}).status_code == 422


def test_files_are_put_into_a_draft(play: Play, folder: Path) -> None:
    made = plays.announcement(play)
    url = reverse("announcement", args=[made.case_id])
    olga = client(play.cast.olga)
    for content, status in ((PDF, 302), (b"<svg onload=alert(1)>", 422)):
        sent = {"file": SimpleUploadedFile("申报表.pdf", content), "request": str(uuid.uuid4())}
        assert olga.post(url, sent).status_code == status
    assert Version.objects.get().file_name == "申报表.pdf" and "申报表.pdf" in olga.get(url).content.decode()
    assert client(play.cast.alice).post(url, {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 404


def test_the_public_reads_what_is_meant_for_it(play: Play) -> None:
    hidden, shown = (
        plays.announcement(play, "published"),
        plays.announcement(play, "published", public=True, title="公开"),
    )
    draft = plays.announcement(play, public=True)
    nobody = client(None)
    page = nobody.get(reverse("public-notices")).content.decode()
    assert (
        page.count(f"/public/notices/{shown.case_id}/") == 1
        and str(hidden.case_id) + "/" not in page
        and "公开" in page
    )
    for made, status in ((hidden, 404), (draft, 404), (shown, 200)):
        assert nobody.get(reverse("public-notice", args=[made.case_id])).status_code == status
        assert nobody.get(reverse("public-notice-paper", args=[made.case_id])).status_code == status
    code = Paper.objects.get(case=shown.case).code
    assert code in nobody.get(reverse("public-notice", args=[shown.case_id])).content.decode()
    assert nobody.get(reverse("verify"), {"code": code}).status_code == 200
    assert client(play.leader).post(
        reverse("announcement", args=[shown.case_id]), move(shown, "withdraw")
    ).status_code == 302  # fmt: skip
    assert nobody.get(reverse("public-notice", args=[shown.case_id])).status_code == 404


def test_pages_speak_english_where_words_are_data(play: Play) -> None:
    made = plays.announcement(play, "published")
    page = client(play.cast.alice).get(
        reverse("announcement", args=[made.case_id]), headers={"accept-language": "en"}
    )  # fmt: skip
    assert "Published" in page.content.decode() and "Notice" in page.content.decode()


def test_an_announcement_addresses_several_districts_and_reaches_them_alone(play: Play) -> None:
    near = District.objects.get(code="320506")
    far = District.objects.create(code="320583", name_zh="昆山市", name_en="Kunshan")
    other = District.objects.create(code="320505", name_zh="虎丘区", name_en="Huqiu")
    reader = person("Fara", Organisation.objects.create(kind="firm", name_zh="远公司", district=far), "member_user")
    stranger = person("Stan", Organisation.objects.create(kind="firm", name_zh="外公司", district=other), "member_user")
    olga = client(play.cast.olga)
    sent = form(to=["firm", "agency"], districts=[near.pk, far.pk])
    page = olga.post(reverse("announcement-new"), sent, follow=True)
    made = Announcement.objects.get()
    assert page.status_code == 200
    expected = {(kind, place.pk) for kind in ("firm", "agency") for place in (near, far)}
    assert set(made.addressees.values_list("kind", "district")) == expected
    again = olga.get(reverse("announcement-edit", args=[made.case_id])).context["form"]
    assert (again["to"].value(), again["districts"].value()) == (["agency", "firm"], sorted([near.pk, far.pk]))
    casework.perform(made.case, "publish", play.leader, "同意")
    shown = client(play.cast.alice).get(reverse("announcement", args=[made.case_id])).content.decode()
    assert "企业（吴中区、昆山市）" in shown
    assert client(reader).get(reverse("announcement", args=[made.case_id])).status_code == 200
    assert client(stranger).get(reverse("announcement", args=[made.case_id])).status_code == 404


def test_no_district_is_all_of_the_city_and_an_unknown_one_is_refused(play: Play) -> None:
    olga = client(play.cast.olga)
    refused = olga.post(reverse("announcement-new"), form(districts=[999_999]))
    assert refused.status_code == 422 and "关于" in refused.content.decode()
    olga.post(reverse("announcement-new"), form())
    (whom,) = Announcement.objects.get().addressees.all()
    assert (whom.kind, whom.district) == ("firm", None)


def test_an_official_act_is_asked_once_more_and_names_its_effect(play: Play) -> None:
    made = plays.announcement(play)
    leader, address = client(play.leader), reverse("announcement", args=[made.case_id])
    asked = leader.post(address, move(made, "publish", confirmed=""))
    assert "发给所列对象" in asked.content.decode() and 'name="confirmed" value="publish"' in asked.content.decode()
    made.case.refresh_from_db()
    assert made.case.state == "draft"

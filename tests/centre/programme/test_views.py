"""Pages of the programme: what they show, and what they do with what is sent."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import service
from pingjiang.centre.documents.models import Version
from pingjiang.centre.programme.content.steps import pages_of
from pingjiang.centre.programme.rulepack import pack_of
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def test_the_applicant_renames_it_while_it_is_theirs_to_write(play: Play) -> None:
    made = plays.application(play)
    alice, url = of(play.cast.alice), reverse("application", args=[made.case_id])
    assert alice.post(url, {"act": "rename", "title": " "}).status_code == 422
    assert alice.post(url, {"act": "rename", "title": "更改后的名称"}).status_code == 302
    page = alice.get(url).content.decode()
    assert "更改后的名称" in page and "更改名称" in page
    plays.take(play, made, "send")
    assert alice.post(url, {"act": "rename", "title": "再改"}).status_code == 422


def test_the_applicant_is_told_on_the_page_what_it_came_back_for(play: Play) -> None:
    made = plays.application(play, "submitted")
    alice, url = of(play.cast.alice), reverse("application", args=[made.case_id])
    service.perform(made.case, "correct", play.cast.olga, "请更换承诺函。")
    assert "退回：</b> 请更换承诺函。" in alice.get(url).content.decode()
    plays.take(play, made, "resend")
    assert "退回：</b>" not in alice.get(url).content.decode()


def test_the_checklist_leads_to_the_files_that_it_is_about(play: Play) -> None:
    made = plays.application(play, "supplement")
    plays.attach(made, play.cast.alice, "licence", filling.PDF + b"2")
    page = of(play.cast.olga).get(reverse("application-check", args=[made.case_id])).content.decode()
    rows = Version.objects.filter(document__case=made.case_id).select_related("document")
    for row in rows:
        url = reverse("document-version", args=[row.document_id, row.number])
        handed_in = (row.document.name, row.number) != ("material:licence", 2)
        assert (f'href="{url}"' in page) == handed_in, row


def test_what_was_ticked_in_the_checklist_stays_where_a_reason_is_missing(play: Play) -> None:
    made = plays.application(play, "submitted")
    olga, url = of(play.cast.olga), reverse("application-check", args=[made.case_id])
    sent = {"act": "answer", "item-seal": "yes", "item-letter": "no", "item-material:licence": "no",
            "reason-material:licence": "证照过期"}  # fmt: skip
    answer = olga.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "须写明理由" in page
    for name, value in (("seal", "yes"), ("letter", "no"), ("material:licence", "no")):
        assert f'name="item-{name}" value="{value}" checked' in page
    assert 'value="证照过期"' in page and not made.check_answers.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_an_application_is_shown(play: Play, language: str) -> None:
    made = plays.application(play)
    alice, pk = of(play.cast.alice), made.case_id
    alice.cookies["django_language"] = language
    for page in pages_of(pack_of(made), "patent"):
        for name in ("application-step", "application-drafts"):
            assert alice.get(reverse(name, args=[pk, page.name])).status_code == 200, page.name
    assert alice.get(reverse("application", args=[pk])).status_code == 200
    assert alice.get(reverse("applications")).status_code == 200
    call = made.call.case_id
    for url in (reverse("call", args=[call]), reverse("calls"), reverse("call-check", args=[call, "patent"])):
        assert alice.get(url).status_code == 200, url
    assert Client().get(reverse("public-call", args=[call])).status_code == 200
    assert Client().get(reverse("public-calls")).status_code == 200
    assert Client().get(reverse("public-call-paper", args=[call])).status_code == 200
    plays.take(play, made, "send")
    dora, olga = of(play.district), of(play.cast.olga)
    for url in (reverse("application-district", args=[pk]), reverse("district-applications")):
        assert dora.get(url).status_code == 200, url
    plays.take(play, made, "recommend")
    for name in ("application", "application-check"):
        assert olga.get(reverse(name, args=[pk])).status_code == 200, name
    assert dora.get(reverse("application-district", args=[pk])).status_code == 200
    draft = plays.call(play, "draft", title="另一通知")
    for url in (reverse("call-edit", args=[draft.case_id]), reverse("call-new")):
        assert olga.get(url).status_code == 200, url

"""Pages of the programme: what they show, and what they do with what is sent."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.programme.content.steps import pages_of
from pingjiang.centre.programme.rulepack import pack_of
from tests.centre.cast import Cast
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

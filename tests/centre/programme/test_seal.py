"""The stamp holds for exactly what was stamped: any change, by whatever way, voids it, and that is seen."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pingjiang.centre.casework import service
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.content.hashing import digest, hash_of, text_of
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models import Application, Section
from pingjiang.centre.programme.seals import standing_seal
from pingjiang.centre.programme.services import districts, drafts
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


@pytest.fixture
def sealed(play: Play) -> Application:
    made = plays.application(play, "district")
    plays.recommend(play, made)
    made = plays.fresh(made)
    assert standing_seal(made) is not None
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_byte_voids_the_stamp(sealed: Application, data: st.DataObject) -> None:
    """One byte of any section, changed in the database itself, past every service and page."""
    row = data.draw(st.sampled_from(sorted(sealed.sections.all(), key=lambda each: each.name)))
    kept = row.content.encode()
    at = data.draw(st.integers(0, len(kept) - 1))
    other = data.draw(st.integers(0, 255))
    assume(other != kept[at])
    spoilt = (kept[:at] + bytes([other]) + kept[at + 1 :]).decode("utf-8", errors="replace").replace("\x00", " ")
    assume(spoilt != row.content)
    Section.objects.filter(pk=row.pk).update(content=spoilt)
    try:
        assert standing_seal(plays.fresh(sealed)) is None
    finally:
        Section.objects.filter(pk=row.pk).update(content=row.content)
    assert standing_seal(plays.fresh(sealed)) is not None


def test_a_changed_byte_of_an_attachment_voids_the_stamp_and_the_same_bytes_do_not_mend_it(
    play: Play, sealed: Application
) -> None:
    service.perform(sealed.case, "return", play.district, "请更换证照")
    assert standing_seal(plays.fresh(sealed)) is not None  # nothing has changed yet
    plays.attach(sealed, play.cast.alice, "licence", filling.PDF + b" ")
    assert standing_seal(plays.fresh(sealed)) is None
    plays.attach(sealed, play.cast.alice, "licence", filling.PDF)
    assert standing_seal(plays.fresh(sealed)) is None  # a later version is another thing than what was stamped


@pytest.mark.parametrize("what", ["title", "file", "cited", "aside", "track", "new section"])
def test_other_ways_of_changing_it(play: Play, sealed: Application, what: str) -> None:
    case = sealed.case
    if what == "title":
        type(case).objects.filter(pk=case.pk).update(title="另一名称")
    elif what == "file":
        with connection.cursor() as cursor:  # past the rail of the database
            for verb in ("update", "delete"):
                on = " ON documents_version" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER documents_version_no_{verb}{on}")
            cursor.execute(
                "UPDATE documents_version SET file_name = 'x.pdf' WHERE document_id IN "
                "(SELECT id FROM documents_document WHERE case_id = %s AND name LIKE %s)", [case.pk, f"{MATERIAL}%"],
            )  # fmt: skip
    elif what == "track":
        type(case).objects.filter(pk=case.pk).update(track="copyright")
    else:
        name = {"cited": "cited", "aside": "attachments", "new section": "more"}[what]
        Section.objects.create(application=sealed, name=name, content='{"aside":[0]}')
    assert standing_seal(plays.fresh(sealed)) is None


def test_the_hash_is_that_of_the_text_and_of_nothing_else(sealed: Application) -> None:
    import hashlib

    text = text_of(sealed)
    assert hash_of(sealed) == digest(text) == hashlib.sha256(text.encode()).hexdigest()
    told = json.loads(text)
    assert told["title"] == sealed.case.title and len(told["attachments"]) == len(filling.MATERIALS)
    assert {name: json.loads(each) for name, each in told["sections"].items()} == filling.content()


def test_the_district_sees_that_it_is_void_and_cannot_put_it_forward(play: Play, sealed: Application) -> None:
    client = Client()
    client.force_login(play.district.user)
    url = reverse("application-district", args=[sealed.case_id])
    assert "盖章有效" in client.get(url).content.decode()
    service.perform(sealed.case, "return", play.district, "请补充目标")
    row = sealed.sections.get(name="goals")
    drafts.save(sealed, play.cast.alice, "goals", {"text": "改过的目标"}, revision=row.revision)
    plays.take(play, sealed, "send")
    page = client.get(url).content.decode()
    assert "内容已改，盖章失效" in page and "盖章有效" not in page
    assert "盖章失效" in client.get(reverse("district-applications")).content.decode()
    with pytest.raises(Refused) as error:
        service.perform(plays.fresh(sealed).case, "recommend", play.district)
    assert error.value.rule == "seal" and "失效" in error.value.words[0]
    plays.stamp(play, plays.fresh(sealed))
    assert "盖章有效" in client.get(url).content.decode()
    service.perform(plays.fresh(sealed).case, "recommend", play.district)


def test_the_code_is_that_of_the_print_of_what_it_says_now(play: Play, sealed: Application) -> None:
    other = plays.application(play, "district", on=sealed.call)
    foreign = districts.print_form(other, play.district).code
    old = districts.print_form(sealed, play.district).code

    def seal(code: str) -> str:
        try:
            districts.seal(
                plays.fresh(sealed), play.district, code, "某", timezone.localdate(), [filling.PDF], "盖章.pdf"
            )
        except Refused as refused:
            return refused.rule
        return ""

    assert [seal(code) for code in ("PJ26-AAAA-AAAA", "乱写", foreign)] == ["code"] * 3
    assert seal(old.replace("-", " ").lower()) == ""
    service.perform(plays.fresh(sealed).case, "return", play.district, "改")
    row = sealed.sections.get(name="goals")
    drafts.save(sealed, play.cast.alice, "goals", {"text": "改过"}, revision=row.revision)
    plays.take(play, sealed, "send")
    assert seal(old) == "code"
    assert seal(districts.print_form(plays.fresh(sealed), play.district).code) == ""


def test_no_other_district_touches_it(play: Play, sealed: Application) -> None:
    from django.http import Http404

    for act in (
        lambda: districts.recommend(sealed, play.other_district, {"comment": "插手"}, revision=1),
        lambda: districts.print_form(sealed, play.other_district),
    ):
        with pytest.raises(Http404):
            act()

"""What district and bureau read of an application: what was handed in, nothing of what is being written since."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.casework import service as casework
from pingjiang.centre.documents.models import Document, Version
from pingjiang.centre.programme.content.hashing import hash_of
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models import Application
from pingjiang.centre.programme.services import drafts
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def others(play: Play) -> list[Actor]:
    return [play.district, play.cast.olga, play.leader]


def client(actor: Actor) -> Client:
    found = Client()
    found.force_login(actor.user)
    return found


def files(actor: Actor, made: Application, material: str) -> list[int]:
    """Numbers of the versions of a material's documents that an actor reads: by the query, and by the address."""
    rows = Version.objects.filter(document__case=made.case_id, document__name=MATERIAL + material).order_by("pk")
    seen = set(access.visible_to(actor, Version).values_list("pk", flat=True))
    for row in rows:
        url = reverse("document-version", args=[row.document_id, row.number])
        assert client(actor).get(url).status_code == (200 if row.pk in seen else 404)
    return [row.number for row in rows if row.pk in seen]


def test_a_file_of_a_correction_is_the_applicants_until_it_is_sent_again(play: Play) -> None:
    made = plays.application(play, "supplement")
    plays.attach(made, play.cast.alice, "licence", filling.PDF + b"2")
    for actor in others(play):
        assert files(actor, made, "licence") == [1]
    for actor in (play.cast.alice, play.cast.bob, play.cast.everyone["steward"]):
        assert files(actor, made, "licence") == [1, 2]
    plays.take(play, made, "resend")
    for actor in (*others(play), play.cast.alice):
        assert files(actor, made, "licence") == [1, 2]


def test_a_file_that_was_never_handed_in_is_never_theirs(play: Play) -> None:
    made = plays.application(play, "supplement")
    plays.attach(made, play.cast.alice, "other", filling.PDF + b"x")
    document = Document.objects.get(case=made.case_id, name=MATERIAL + "other")
    drafts.lay_aside(made, play.cast.alice, document.pk)
    plays.take(play, made, "resend")
    plays.take(play, made, "reseal")
    for actor in others(play):
        assert files(actor, made, "other") == []
        assert not access.visible_to(actor, Document).filter(pk=document.pk).exists()
    assert files(play.cast.alice, made, "other") == [1]


def listed(actor: Actor, names: tuple[str, ...]) -> list[str]:
    """What lists say to somebody."""
    return [client(actor).get(reverse(name)).text for name in names]


def test_lists_have_the_title_that_was_sent_until_the_correction_is_sent(play: Play) -> None:
    """To everybody but who applies; also where it is withdrawn before that."""
    made = plays.application(play, "supplement")
    sent, corrected = made.case.title, "补正后的名称"
    drafts.rename(plays.fresh(made), play.cast.alice, corrected)
    lists = {
        play.district: ("district-applications", "applications", "find"), play.cast.olga: ("applications", "find"),
        play.leader: ("applications", "find"), play.cast.everyone["steward"]: ("applications",),
    }  # fmt: skip
    for actor, names in lists.items():
        for text in listed(actor, names):
            assert sent in text and corrected not in text, actor.role
        assert corrected not in client(actor).get(reverse("applications"), {"q": "补正后"}).text.partition("<tbody>")[2]
    for applicant in (play.cast.alice, play.cast.bob):
        assert corrected in listed(applicant, ("applications",))[0]
    own = client(play.cast.alice)
    page = own.get(reverse("application", args=[made.case_id])).text
    assert f'value="{corrected}"' in page
    assert corrected in own.get(reverse("application-step", args=[made.case_id, "goals"])).text
    before = hash_of(plays.fresh(made))
    plays.take(play, made, "resend")
    assert hash_of(plays.fresh(made)) == before == made.versions.first().content_hash  # type: ignore[union-attr]
    for actor, names in lists.items():
        for text in listed(actor, names):
            assert corrected in text and sent not in text, actor.role


def test_a_title_that_was_never_sent_is_in_no_list_when_it_ends(play: Play) -> None:
    made = plays.application(play, "supplement")
    drafts.rename(plays.fresh(made), play.cast.alice, "补正后的名称")
    casework.perform(plays.fresh(made).case, "withdraw", play.cast.alice, "不报了")
    for actor in others(play):
        (text,) = listed(actor, ("applications",))
        assert made.case.title in text and "补正后的名称" not in text


def test_a_title_given_back_to_what_was_sent_is_that(play: Play) -> None:
    made = plays.application(play, "supplement")
    for title in ("补正后的名称", made.case.title):
        drafts.rename(plays.fresh(made), play.cast.alice, title)
    found = plays.fresh(made)
    assert (found.retitled, found.title_now) == ("", made.case.title)
    with pytest.raises(ValidationError):
        drafts.rename(found, play.cast.alice, "")


def test_while_it_is_corrected_all_others_see_text_checks_and_stamp_of_what_was_handed_in(play: Play) -> None:
    made = plays.application(play, "supplement")
    row = made.sections.get(name="clustered")
    said = {"bodies": "102", "location_quotient": "1.4"}
    drafts.save(made, play.cast.alice, "clustered", {**said, "text": "补正中尚未报送的文字"}, revision=row.revision)
    drafts.rename(plays.fresh(made), play.cast.alice, "补正后的名称")
    pages = {
        play.district: ("application", "application-district"), play.cast.olga: ("application", "application-check"),
        play.leader: ("application", "application-check"),
    }  # fmt: skip
    for actor, names in pages.items():
        for name in names:
            text = client(actor).get(reverse(name, args=[made.case_id])).content.decode()
            assert "补正后的名称" not in text and made.case.title in text
            assert "补正中尚未报送的文字" not in text and "盖章有效" in text and "盖章失效" not in text, (
                actor.role,
                name,
            )
            assert made.versions.first().content_hash in text  # type: ignore[union-attr]
    assert "盖章有效" in client(play.district).get(reverse("district-applications")).content.decode()
    own = client(play.cast.alice).get(reverse("application", args=[made.case_id])).content.decode()
    assert "补正中尚未报送的文字" in own and "补正后的名称" in own and "盖章失效" in own and "盖章有效" not in own
    casework.perform(plays.fresh(made).case, "resend", play.cast.alice)
    for actor, name in ((play.district, "application-district"), (play.cast.olga, "application")):
        text = client(actor).get(reverse(name, args=[made.case_id])).content.decode()
        assert "盖章失效" in text and "盖章有效" not in text

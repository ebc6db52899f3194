"""The outbox: told once, to those who see it; sent, tried again, given up, never lost and never doubled."""

from __future__ import annotations

import datetime
import smtplib
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from pingjiang.centre.accounts.models import Actor, Membership, User, actors_of
from pingjiang.centre.casework import access, history, notices, service
from pingjiang.centre.casework.models import Case, Event, Notice
from pingjiang.centre.casework.workflow import Refused
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import SINCE, Cast

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def mailing(settings: Any, cast: Cast) -> None:
    settings.SITE_MAIL = True
    for actor in (cast.alice, cast.bob, cast.charlie, cast.olga):
        actor.user.email = f"{actor.user.username}@example.org"
        actor.user.save()


@pytest.fixture
def case(cast: Cast) -> Case:
    return service.open_case(ERRAND, cast.alice, number="N-1", title="事", authority=cast.bureau)


def told(case: Case | None, *people: Actor, about: str = "event:1", urgent: bool = True) -> list[str]:
    with transaction.atomic():
        found = notices.tell(
            [each.user for each in people], ("有新\r\nBcc: 事", "News"), about=about, case=case, urgent=urgent
        )
    return [user.username for user in found]


class Broken(EmailBackend):
    error: Exception = ConnectionRefusedError("no server")

    def send_messages(self, messages: Any) -> int:
        raise self.error


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> type[Broken]:
    monkeypatch.setattr(notices, "get_connection", Broken)
    return Broken


def test_who_does_not_see_the_case_is_not_told(cast: Cast, case: Case) -> None:
    assert told(case, cast.alice, cast.bob, cast.charlie, cast.olga) == ["alice", "bob"]
    assert {notice.to.username for notice in Notice.objects.all()} == {"alice", "bob"}
    for actor in (cast.alice, cast.charlie):
        assert all(notice.to == actor.user for notice in access.visible_to(actor, Notice))
    assert notices.unread(cast.alice).count() == 1 and notices.unread(cast.charlie).count() == 0


@pytest.mark.parametrize("state", [state.name for state in ERRAND.states])
def test_who_sees_a_case_is_found_at_once_as_one_by_one(cast: Cast, case: Case, state: str) -> None:
    """In every state, for everyone in every role, and for a person with a second role that sees it."""
    Case.objects.filter(pk=case.pk).update(**{"state": state})
    Membership.objects.create(user=cast.charlie.user, organisation=cast.bureau, role="steward", since=SINCE)
    actors = actors_of(User.objects.order_by("pk"))
    assert len(actors) == User.objects.count() + 1
    one_by_one = {actor.membership.pk for actor in actors if access.visible_to(actor, Case).exists()}
    assert {actor.membership.pk for actor in access.seers(actors, case)} == one_by_one
    assert [notices.sees(actor.user, case) for actor in (cast.alice, cast.charlie)] == [True, state == "done"]
    assert access.seers([], case) == [] == access.seers(actors, Case(pk=0))


def test_rules_beyond_one_query_are_asked_too(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_TOGETHER", 1)
    assert told(case, cast.charlie, cast.bob, cast.olga, cast.alice) == ["bob", "alice"]


def test_many_are_told_with_the_queries_of_few(
    cast: Cast, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    users = [User(username=f"u{number}", name=f"U{number}", email="u@example.org") for number in range(30)]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        Membership(user=user, organisation=cast.firm, role="member_user", since=SINCE) for user in users
    )
    actors = {actor.user.username: actor for actor in actors_of(users)}
    for number, names in enumerate((["u0"], list(actors))):
        # Which memberships they have, how the case stands, who sees it; then the rows.
        with transaction.atomic(), django_assert_num_queries(4):
            assert notices.tell([actors[name].user for name in names], ("甲", "A"), about=f"{number}", case=case)
    assert Notice.objects.count() == 31


def test_told_twice_is_told_once(cast: Cast, case: Case) -> None:
    for _ in range(2):
        told(case, cast.alice)
    assert sorted(Notice.objects.values_list("channel", "state")) == [("email", "queued"), ("site", "sent")]
    told(case, cast.alice, about="event:2")
    assert Notice.objects.count() == 4


def test_mail_goes_out_with_its_key_and_no_second_header(cast: Cast, case: Case) -> None:
    told(case, cast.alice)
    cast.bob.user.language = "en"
    cast.bob.user.save()
    told(case, cast.bob)
    assert notices.deliver() == {"sent": 2} and notices.deliver() == {}
    first, second = mail.outbox
    notice = Notice.objects.get(to=cast.alice.user, channel="email")
    assert (first.to, first.subject, second.subject) == (["alice@example.org"], "有新 Bcc: 事", "News")
    assert first.extra_headers["Message-ID"] == f"<{notice.key}@pingjiang>"
    assert (notice.state, notice.attempts) == ("sent", 1) and notice.sent_at is not None


def test_it_is_tried_again_later_and_given_up_at_last(
    cast: Cast, case: Case, broken: type[Broken], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(case, cast.alice)
    now, waited = timezone.now() + datetime.timedelta(seconds=1), []
    for _ in notices.WAITS:
        assert notices.deliver(now) == {"failed": 1} and notices.deliver(now) == {}
        notice = Notice.objects.get(channel="email")
        waited.append(notice.next_try_at - now)
        now = notice.next_try_at
    assert tuple(waited) == notices.WAITS
    assert notices.deliver(now) == {"gave_up": 1} and notices.deliver(now + datetime.timedelta(days=9)) == {}
    notice.refresh_from_db()
    assert "ConnectionRefusedError" in notice.problem and notice.attempts == len(notices.WAITS) + 1
    assert list(notices.undelivered(cast.stella)) == [notice] == list(notices.undelivered(cast.bob))
    assert not notices.undelivered(cast.charlie).exists() and not notices.undelivered(None).exists()
    with pytest.raises(Refused):
        notices.try_again(notice, cast.bob)
    notices.try_again(notice, cast.stella)
    assert Event.objects.filter(kind="notice sent again").count() == 1 and history.verify().whole
    monkeypatch.undo()
    assert notices.deliver() == {"sent": 1} and not notices.undelivered(cast.stella).exists()


@pytest.mark.parametrize(("code", "outcome"), [(550, "gave_up"), (450, "failed")])
def test_an_address_that_there_is_not_is_given_up_at_once(
    cast: Cast, case: Case, broken: type[Broken], monkeypatch: pytest.MonkeyPatch, code: int, outcome: str
) -> None:
    monkeypatch.setattr(broken, "error", smtplib.SMTPRecipientsRefused({"alice@example.org": (code, b"no")}))
    told(case, cast.alice)
    assert notices.deliver() == {outcome: 1}


def test_a_case_that_is_no_longer_theirs_is_not_mailed(cast: Cast, case: Case) -> None:
    told(case, cast.bob)
    cast.bob.membership.until = timezone.localdate() - datetime.timedelta(days=1)
    cast.bob.membership.save()
    told(None, cast.alice, about="all")
    cast.alice.user.is_active = False
    cast.alice.user.save()
    assert notices.deliver() == {"gave_up": 2} and mail.outbox == []


def test_a_message_of_a_dead_worker_is_taken_up(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    told(case, cast.alice)

    class Killed(BaseException):
        pass

    def die(*_: object) -> tuple[str, bool]:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(notices, "_send", die)
        with pytest.raises(Killed):
            notices.deliver()
    assert notices.deliver() == {}  # it may be at work still
    assert notices.deliver(timezone.now() + datetime.timedelta(minutes=11)) == {"sent": 1}
    assert Notice.objects.get(channel="email").attempts == 2 and len(mail.outbox) == 1


def test_without_mail_the_site_tells(cast: Cast, case: Case, settings: Any) -> None:
    settings.SITE_MAIL = False
    assert told(case, cast.alice) == ["alice"]
    assert [notice.channel for notice in Notice.objects.all()] == ["site"]
    with pytest.raises(RuntimeError, match="transaction"):
        _outside(cast)


def _outside(cast: Cast) -> None:
    from unittest.mock import patch

    with patch.object(transaction.get_connection(), "in_atomic_block", False):
        notices.tell([cast.alice.user], ("甲", "A"), about="x")


def test_reading_is_ones_own(cast: Cast, case: Case) -> None:
    told(case, cast.alice, cast.bob)
    keys = list(Notice.objects.values_list("pk", flat=True))
    assert notices.read(cast.alice, keys) == 1 and notices.read(cast.alice, keys) == 0
    assert notices.unread(cast.bob).count() == 1


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["alice", "bob", "charlie"]), st.integers(0, 2)), max_size=8))
def test_each_occasion_reaches_each_person_once(cast: Cast, tellings: list[tuple[str, int]]) -> None:
    """However often and in whatever order it is told and delivered."""
    batch = uuid.uuid4()
    mail.outbox.clear()
    people = {"alice": cast.alice, "bob": cast.bob, "charlie": cast.charlie}
    for name, occasion in tellings:
        told(None, people[name], about=f"{batch}:{occasion}")
        notices.deliver()
    notices.deliver()
    assert len(mail.outbox) == len(set(tellings))

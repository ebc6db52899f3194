"""Duties without processes: when they are due, who gets a turn, what is written of failures."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from unittest import mock

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.api.models import Token, issue
from pingjiang.centre.casework import notices
from pingjiang.centre.casework.models import Notice
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import store
from pingjiang.centre.rounds import duties, keeper
from pingjiang.centre.rounds.duties import Daily, Duty, Every, Said
from pingjiang.centre.rounds.keeper import Keeper
from pingjiang.centre.rounds.models import Turn
from tests.centre.cast import Cast

MOMENTS = st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2040, 1, 1), timezones=st.just(datetime.UTC))


class Register:
    """Duties of one test alone."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: Exception | None = None

    def add(self, name: str, rhythm: duties.Rhythm) -> Duty:
        def run() -> Said:
            self.done.append(name)
            if self.fails is not None:
                raise self.fails
            return ("做了", "done")

        return duties._duties.setdefault(name, Duty(name, ("甲", "A"), rhythm, run))


@pytest.fixture
def register(db: None) -> Iterator[Register]:
    with mock.patch.object(duties, "_duties", {}):
        yield Register()


def turn(name: str) -> Turn:
    return Turn.objects.get(pk=name)


def do(duty: Duty) -> bool | None:
    """Take the turn and do it; None where it could not be had."""
    lease = keeper.take(duty, "here")
    return None if lease is None else keeper.perform(lease)


def ago(name: str, **by: float) -> None:
    Turn.objects.filter(pk=name).update(due_at=Now() - datetime.timedelta(**by))


@given(now=MOMENTS, at=st.times().map(lambda each: each.replace(second=0, microsecond=0)))
def test_the_next_time_of_a_daily_duty(now: datetime.datetime, at: datetime.time) -> None:
    found = Daily(at).after(now)
    assert now < found <= now + datetime.timedelta(days=1)
    assert timezone.localtime(found).time() == at


def test_a_turn_is_taken_once_and_comes_again(register: Register) -> None:
    duty = register.add("tick", Every(30))
    keeper.enrol()
    assert keeper.due() == [duty]
    lease = keeper.take(duty, "here")
    assert lease is not None and keeper.take(duty, "there") is None and keeper.due() == []
    assert keeper.perform(lease) is True
    row = turn("tick")
    assert (row.lease, row.failures, row.said_zh, row.said_en) == (None, 0, "做了", "done")
    assert 25 < (row.due_at - timezone.now()).total_seconds() <= 30
    assert keeper.due() == [] and do(duty) is None and register.done == ["tick"]


def test_what_came_due_while_nothing_ran_is_done_once(register: Register) -> None:
    duty = register.add("digest", Daily(datetime.time(8, 30)))
    keeper.enrol()
    assert keeper.due() == [], "a site that was made today missed nothing yesterday"
    ago("digest", days=3)
    assert do(duty) is True and do(duty) is None and register.done == ["digest"]
    assert timezone.localtime(turn("digest").due_at).time() == datetime.time(8, 30)


def test_who_died_loses_the_turn_and_cannot_settle_it(register: Register) -> None:
    duty = register.add("long", Every(30))
    keeper.enrol()
    first = keeper.take(duty, "here")
    assert first is not None
    Turn.objects.update(heartbeat_at=Now() - keeper.SILENCE - datetime.timedelta(seconds=1))
    second = keeper.take(duty, "there")
    assert second is not None and keeper.take(duty, "third") is None
    assert keeper.settle(first, None) is False and turn("long").lease == second.key
    assert keeper.settle(second, None) is True


def test_a_failure_is_written_down_and_keeps_no_other(register: Register) -> None:
    bad, good = register.add("bad", Daily(datetime.time(3, 0))), register.add("good", Every(30))
    keeper.enrol()
    ago("bad", seconds=9)
    register.fails = ValueError("a secret of the inside")
    for failures in (1, 2):
        ago("bad", seconds=9)
        assert do(bad) is False
        row = turn("bad")
        assert (row.failures, row.lease) == (failures, None) and "ValueError" in row.said_en
        assert "secret" in row.detail and "secret" not in row.said_en
        assert row.due_at - timezone.now() < datetime.timedelta(minutes=11), "it is tried again before tomorrow"
    register.fails = None
    assert do(good) is True
    ago("bad", seconds=9)
    assert do(bad) is True and (turn("bad").failures, turn("bad").detail) == (0, "")
    register.fails = Refused("rule", "材料不全", "papers are missing")
    ago("bad", seconds=9)
    do(bad)
    assert (turn("bad").said_zh, turn("bad").said_en) == ("材料不全", "papers are missing")


def test_a_duty_that_comes_earlier_now_does_so_today(register: Register) -> None:
    register.add("digest", Daily(datetime.time(8, 30)))
    keeper.enrol()
    later = turn("digest").due_at + datetime.timedelta(hours=30)
    Turn.objects.update(due_at=later)
    keeper.enrol()
    assert turn("digest").due_at < later
    ago("digest", hours=1)
    keeper.enrol()
    assert [duty.name for duty in keeper.due()] == ["digest"], "what is due stays so"


def test_a_duty_of_another_program_is_let_be(register: Register) -> None:
    Turn.objects.create(name="of a newer program", due_at=timezone.now())
    assert keeper.due() == []


def test_two_of_one_name_are_a_mistake() -> None:
    with mock.patch.object(duties, "_duties", {}):
        duties.register("a", ("甲", "A"), Every(1))(lambda: None)
        with pytest.raises(RuntimeError):
            duties.register("a", ("甲", "A"), Every(1))(lambda: None)


def test_a_keeper_outlives_a_database_that_is_away(register: Register) -> None:
    kept = Keeper(idle=0)
    seen: list[int] = []

    def away() -> None:
        seen.append(1)
        if len(seen) == 3:
            kept.stop()
        raise DatabaseError("gone")

    with mock.patch.object(keeper, "enrol", away), mock.patch("pingjiang.centre.rounds.keeper.connection"):
        kept.run()
    assert len(seen) == 3
    with mock.patch.object(keeper, "enrol", side_effect=DatabaseError), pytest.raises(DatabaseError):
        Keeper().run(drain=True)


# -- the duties of the site ----------------------------------------------------------------------------


def run(name: str) -> Said:
    return duties.known()[name].run()


def test_the_site_has_its_duties() -> None:
    known = duties.known()
    assert {"mail", "digest", "overdue", "announcements", "unfinished", "files", "sessions", "tokens"} <= set(known)
    assert known["mail"].rhythm == Every(30) and known["digest"].rhythm == Daily(datetime.time(8, 30))
    assert all(duty.words[0] and duty.words[1] for duty in known.values())


@override_settings(SITE_MAIL=True)
def test_mail_goes_out_and_digests_come_once_a_day(cast: Cast) -> None:
    cast.alice.user.email = "alice@example.org"
    cast.alice.user.save()
    assert run("mail") is None and run("digest") is None
    with transaction.atomic():
        notices.tell([cast.alice.user], ("甲", "A"), about="x", urgent=True)
    said = run("mail")
    assert said is not None and "1 sent" in said[1] and len(mail.outbox) == 1
    assert run("digest") == ("写成 1 份", "1 written") and run("digest") is None
    assert run("mail") is not None and len(mail.outbox) == 2
    assert Notice.objects.filter(channel="email").count() == 2


def test_a_file_that_was_changed_is_a_failure_that_names_it(cast: Cast, tmp_path: object) -> None:
    with override_settings(SITE_FOLDER=tmp_path):
        content = store.keep_bytes(b"one", "text")
        assert run("files") is None and run("unfinished") is None
        store.path_of(content.sha256).chmod(0o640)
        store.path_of(content.sha256).write_bytes(b"two")
        with pytest.raises(Exception, match=f"{content.sha256[:12]} changed"):
            run("files")
        lease_of = Turn.objects.create(name="files", due_at=timezone.now() - datetime.timedelta(seconds=1))
        assert do(duties.known()["files"]) is False
        lease_of.refresh_from_db()
        assert content.sha256[:12] in lease_of.said_zh


def test_tokens_that_ended_long_ago_are_cleared(cast: Cast) -> None:
    tokens = [issue(cast.alice, f"程序{n}", ["cases:read"], 30)[0] for n in range(4)]
    today = timezone.localdate()
    Token.objects.filter(pk=tokens[0].pk).update(expires_on=today - datetime.timedelta(days=91))
    Token.objects.filter(pk=tokens[1].pk).update(revoked_at=timezone.now() - datetime.timedelta(days=91))
    Token.objects.filter(pk=tokens[2].pk).update(expires_on=today - datetime.timedelta(days=1))
    assert run("tokens") == ("清理 2 个", "2 cleared") and run("tokens") is None
    assert set(Token.objects.values_list("pk", flat=True)) == {tokens[2].pk, tokens[3].pk}


def test_sessions_past_their_end_are_cleared(cast: Cast) -> None:
    from django.contrib.sessions.models import Session

    for key, days in (("a", -1), ("b", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + datetime.timedelta(days))
    run("sessions")
    assert [row.session_key for row in Session.objects.all()] == ["b"]


def test_nothing_is_told_where_nothing_is_late(cast: Cast) -> None:
    assert run("overdue") is None and run("announcements") is None
    assert not Organisation.objects.filter(name_zh__startswith="tick").exists()

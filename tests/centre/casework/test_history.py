"""What is done to the events behind the program's back is found, with the first bad number."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.models import AuditHead, Event
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(cast: Cast) -> Cast:
    """Eight events, numbers 1 to 8."""
    for n in range(4):
        case = service.open_case(ERRAND, cast.alice, number=f"E-{n}", title="事", authority=cast.bureau)
        service.perform(case, "ask", cast.alice)
    assert Event.objects.count() == 8
    return cast


def behind(*statements: str) -> None:
    """Raw SQL by one who owns the database and has taken its triggers away."""
    on = " ON casework_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER casework_event_no_{verb}{on}")
        for statement in statements:
            cursor.execute(statement)


def test_a_whole_chain_is_whole(chain: Cast) -> None:
    verdict = history.verify()
    assert verdict.whole and verdict.events == 8 and verdict.head == Event.objects.get(number=8).digest
    assert history.verify(known=Event.objects.get(number=3).digest).whole
    assert history.verify(known="f" * 64).broken_at == 1


@pytest.mark.parametrize(
    ("statements", "first"),
    [
        (["UPDATE casework_event SET note = 'x' WHERE number = 3"], 3),
        (["UPDATE casework_event SET actor_id = NULL WHERE number = 5"], 5),
        (["UPDATE casework_event SET at = '2020-01-01 00:00:00+00' WHERE number = 1"], 1),
        (["UPDATE casework_event SET after = '{}' WHERE number = 8"], 8),
        (["UPDATE casework_event SET digest = 'aa' WHERE number = 4"], 4),
        (["DELETE FROM casework_event WHERE number = 6"], 6),
        (["DELETE FROM casework_event WHERE number = 1"], 1),
        (["DELETE FROM casework_event WHERE number = 8"], 8),
        (["DELETE FROM casework_event WHERE number > 4"], 5),
        (["UPDATE casework_event SET number = 99 WHERE number = 2",
          "UPDATE casework_event SET number = 2 WHERE number = 3",
          "UPDATE casework_event SET number = 3 WHERE number = 99"], 2),
        (["UPDATE casework_audithead SET number = 7, digest = (SELECT digest FROM casework_event WHERE number = 7)",
          "DELETE FROM casework_event WHERE number = 8"], 8),
        (["DELETE FROM casework_audithead"], 8),
    ],
)  # fmt: skip
def test_what_was_done_behind_the_back_is_found(chain: Cast, statements: list[str], first: int) -> None:
    behind(*statements)
    verdict = history.verify()
    assert not verdict.whole and verdict.broken_at == first and verdict.problem is not None


def test_the_database_itself_refuses(chain: Cast) -> None:
    for attempt in ("UPDATE casework_event SET note = 'x'", "DELETE FROM casework_event"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)
    event = Event.objects.first()
    assert event is not None
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(note="x")
    assert history.verify().whole and AuditHead.objects.count() == 1


@pytest.mark.parametrize("value", [1.5, datetime.date(2026, 1, 1), {1, 2}, b"x", [0.1], {"a": {"b": 1.0}}])
def test_what_json_does_not_hold_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        history.canonical({"value": value})


def test_an_event_needs_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        history.write("kind", "subject", actor=None)

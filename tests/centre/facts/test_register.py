"""What may be told, what is told once, what is withdrawn and stays."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from pingjiang.centre.casework import access, history
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.facts import kinds, register
from pingjiang.centre.facts.kinds import Kind
from pingjiang.centre.facts.models import Fact, Withdrawal
from pingjiang.centre.facts.register import Subject
from pingjiang.errors import DefinitionError
from tests.centre.cast import Cast
from tests.centre.facts.examples import DEAL, NOTE, PEOPLE, PROOF, SERVED

DAY = datetime.date(2026, 3, 1)


def tell(cast: Cast, kind: Kind = DEAL, **more: Any) -> Fact:
    told: dict[str, Any] = {
        "subject": Subject("deal", "D-1"), "organisation": cast.firm, "on": DAY, "actor": cast.alice,
        "request": uuid.uuid4(),
    }  # fmt: skip
    if kind is DEAL:
        told |= {"value": "1000.50", "currency_code": "CNY", "proof": PROOF}
    told |= more
    return register.tell(kind, told.pop("subject"), told.pop("organisation"), **told)


def test_a_fact_and_its_event(cast: Cast) -> None:
    fact = Fact.objects.get(pk=tell(cast).pk)
    assert fact.value == Decimal("1000.50") and register.digest(fact) == fact.digest
    event = Event.objects.get(kind="fact told")
    assert event.subject == f"fact:{fact.pk}" and fact.digest in event.after and history.verify().whole


@pytest.mark.parametrize(
    ("kind", "more", "rule"),
    [
        (DEAL, {"proof": ""}, "proof"),
        (DEAL, {"proof": "x"}, "proof"),
        (DEAL, {"value": None, "currency_code": ""}, "value"),
        (DEAL, {"value": "1.001"}, "amount"),
        (DEAL, {"value": "x"}, "amount"),
        (DEAL, {"currency_code": "XXX"}, "currency"),
        (DEAL, {"subject": Subject("firm", "1")}, "subject"),
        (DEAL, {"subject": Subject("deal", "")}, "subject"),
        (DEAL, {"text": "多余"}, "value"),
        (SERVED, {"subject": Subject("firm", "1"), "value": 1}, "value"),
        (PEOPLE, {"subject": Subject("training", "1"), "value": "0.0000001"}, "value"),
        (PEOPLE, {"subject": Subject("training", "1"), "value": 10**13}, "value"),
        (PEOPLE, {"subject": Subject("training", "1"), "value": "many"}, "value"),
        (PEOPLE, {"subject": Subject("training", "1"), "value": 5, "currency_code": "CNY"}, "currency"),
        (NOTE, {"subject": Subject("deal", "1")}, "value"),
    ],
)
def test_what_is_refused_changes_nothing(cast: Cast, kind: Kind, more: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        tell(cast, kind, **more)
    assert caught.value.rule == rule and not Fact.objects.exists() and not Event.objects.exists()


@pytest.mark.parametrize("kind", [DEAL, PEOPLE])
def test_a_value_is_no_float(cast: Cast, kind: Kind) -> None:
    with pytest.raises(TypeError):
        tell(cast, kind, subject=Subject(min(kind.subjects), "1"), value=1.5)


def test_a_value_that_is_not_known(cast: Cast) -> None:
    assert tell(cast, PEOPLE, subject=Subject("training", "1")).value is None


def test_the_same_request_twice(cast: Cast) -> None:
    request = uuid.uuid4()
    first = tell(cast, request=request)
    assert tell(cast, request=request) == first and Fact.objects.count() == 1
    assert tell(cast, request=request, value="1000.5") == first
    for more in ({"value": "1000.51"}, {"on": DAY + datetime.timedelta(1)}, {"actor": cast.bob}):
        with pytest.raises(Refused, match="已用于"):
            tell(cast, request=request, **more)


def test_a_withdrawal(cast: Cast) -> None:
    fact, request = tell(cast), uuid.uuid4()
    with pytest.raises(Refused, match="理由"):
        register.withdraw(fact, reason=" ", actor=cast.alice, request=request)
    row = register.withdraw(fact, reason="合同解除", actor=cast.alice, request=request)
    assert register.withdraw(fact, reason="合同解除", actor=cast.alice, request=request) == row
    with pytest.raises(Refused, match="已经撤回"):
        register.withdraw(fact, reason="再撤", actor=cast.alice, request=uuid.uuid4())
    with pytest.raises(Refused, match="已用于"):
        register.withdraw(tell(cast), reason="别的", actor=cast.alice, request=request)
    assert Fact.objects.filter(pk=fact.pk).exists()


def test_the_database_itself_refuses(cast: Cast) -> None:
    register.withdraw(tell(cast), reason="x", actor=None, request=uuid.uuid4())
    for table in ("facts_fact", "facts_withdrawal"):
        for attempt in (f"UPDATE {table} SET id = 99", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attempt)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "two words"}, {"words": ("", "x")}, {"subjects": frozenset()}, {"value": "float"}, {"value": "count"},
        {"unit": ("件", "item")}, {"key": ()}, {"key": ("colour",)}, {"key": ("year", "year")}, {"key": ("proof",)},
        {"key": ("text",)},
    ],
)  # fmt: skip
def test_a_kind_that_breaks_a_rule_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"name": "x", "words": ("某", "some"), "subjects": frozenset({"a"}), "key": ("subject",)}
    Kind(**right)
    with pytest.raises(DefinitionError):
        Kind(**{**right, **wrong})


def test_a_kind_is_registered_once(cast: Cast) -> None:
    stranger = Kind("stranger", ("生", "Stranger"), frozenset({"deal"}), ("subject",))
    with pytest.raises(LookupError):
        tell(cast, stranger)
    with pytest.raises(RuntimeError):
        kinds.register(DEAL)


def test_who_sees_what(cast: Cast) -> None:
    fact = tell(cast)
    register.withdraw(fact, reason="x", actor=None, request=uuid.uuid4())
    for role, actor in cast.everyone.items():
        sees = role in ("member_user", "programme_officer", "decision_maker")
        assert access.visible_to(actor, Fact).exists() == sees, role
        assert access.visible_to(actor, Withdrawal).exists() == sees, role
    assert access.visible_to(cast.bob, Fact).exists() and not access.visible_to(cast.charlie, Fact).exists()
    district = cast.everyone["district_officer"]
    district.organisation.district = cast.firm.district
    district.organisation.save()
    assert access.visible_to(district, Fact).exists()
    cast.stella.membership.hats.create(name="auditor", since=datetime.date(2020, 1, 1))
    assert access.visible_to(cast.stella, Fact).exists()

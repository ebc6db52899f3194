"""What the ledger refuses, what it does once, and what the database refuses to those who go round it."""

from __future__ import annotations

import datetime
import sqlite3
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.centre.casework import access
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.money import ledger, proof, statements
from pingjiang.centre.money.currencies import CURRENCIES, MOST, currency
from pingjiang.centre.money.exact import ExactField
from pingjiang.centre.money.models import Account, Journal, Line
from tests.centre import sites
from tests.centre.cast import Cast

DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def books(cast: Cast) -> tuple[Account, Account]:
    """Cash of the firm, and its income, with a hundred yuan in it."""
    cash = ledger.open_account(cast.firm, "cash", "CNY", cast.alice)
    income = ledger.open_account(cast.firm, "grant_income", "CNY", cast.alice)
    post(cast, ledger.debit(cash, "100"), ledger.credit(income, "100"))
    return cash, income


def post(cast: Cast, *entries: ledger.Entry, request: uuid.UUID | None = None, **more: Any) -> Journal:
    told: dict[str, Any] = {"on": DAY, "text": "拨款", "actor": cast.alice, "request": request or uuid.uuid4(), **more}
    return ledger.post(entries, **told)


# -- amounts -----------------------------------------------------------------------------------------


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 6))
def test_an_exact_decimal_comes_back(scaled: int, places: int) -> None:
    field: ExactField[Any, Any] = ExactField(places=places)
    value = Decimal(scaled).scaleb(-places)
    assert field.get_prep_value(value) == scaled and field.from_db_value(scaled) == value


@pytest.mark.parametrize("value", [1.5, True, "1", float("nan")])
def test_a_field_takes_no_float(value: Any) -> None:
    with pytest.raises(TypeError):
        ExactField[Any, Any](places=2).get_prep_value(value)


@pytest.mark.parametrize("value", [Decimal("0.001"), Decimal(10) ** 17, Decimal("NaN"), Decimal("Infinity")])
def test_a_field_takes_nothing_that_does_not_fit(value: Decimal) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        ExactField[Any, Any](places=2).get_prep_value(value)


@pytest.mark.parametrize(("code", "value", "fits"), [
    ("CNY", "0.01", True), ("CNY", "0.001", False), ("JPY", "1", True), ("JPY", "0.5", False),
    ("KWD", "0.001", True), ("KWD", "0.0001", False), ("USD", str(MOST), False), ("USD", "x", False),
    ("EUR", "NaN", False), ("EUR", "1" + "0" * 40, False),
])  # fmt: skip
def test_an_amount_has_the_decimals_of_its_currency(code: str, value: str, fits: bool) -> None:
    if fits:
        assert currency(code).amount(value).as_tuple().exponent == -CURRENCIES[code].minor
    else:
        with pytest.raises(Refused):
            currency(code).amount(value)


def test_an_amount_is_no_float() -> None:
    with pytest.raises(TypeError):
        currency("CNY").amount(0.1)  # type: ignore[arg-type]


# -- the doors ---------------------------------------------------------------------------------------


def test_a_journal_and_its_event(cast: Cast, books: tuple[Account, Account]) -> None:
    cash, income = books
    assert (statements.balance(cash), statements.balance(income)) == (Decimal("100.00"), Decimal("100.00"))
    journal = Journal.objects.get()
    event = Event.objects.get(kind="journal")
    assert event.subject == f"journal:{journal.pk}" and journal.digest in event.after
    assert list(proof.problems()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "amounts"), [("balance", ("5", "4.99")), ("overdrawn", ("-100.01", "-100.01"))])
def test_what_is_refused_changes_nothing(
    cast: Cast, books: tuple[Account, Account], rule: str, amounts: tuple[str, str]
) -> None:
    cash, income = books
    entries = [ledger.Entry(cash, Decimal(amounts[0])), ledger.Entry(income, -Decimal(amounts[1]))]
    before = Line.objects.count(), Journal.objects.count(), Event.objects.count()
    with pytest.raises(Refused) as caught:
        post(cast, *entries)
    assert caught.value.rule == rule
    assert (Line.objects.count(), Journal.objects.count(), Event.objects.count()) == before


def test_books_balance_by_themselves(cast: Cast, books: tuple[Account, Account]) -> None:
    """A debit of one organisation is no answer to a credit of another; nor is one currency to another."""
    cash, _ = books
    theirs = ledger.open_account(cast.other, "payable", "CNY", None)
    dollars = ledger.open_account(cast.firm, "payable", "USD", None)
    for other in (theirs, dollars):
        with pytest.raises(Refused, match="借贷不平"):
            post(cast, ledger.credit(cash, 1), ledger.debit(other, 1))
    assert list(proof.problems()) == []


def test_the_same_request_twice(cast: Cast, books: tuple[Account, Account]) -> None:
    cash, income = books
    request = uuid.uuid4()
    entries = ledger.debit(cash, 5), ledger.credit(income, 5)
    first = post(cast, *entries, request=request)
    assert post(cast, *entries, request=request) == first and Journal.objects.count() == 2
    for changed in ({"on": DAY + datetime.timedelta(1)}, {"text": "别的"}, {"actor": cast.bob}):
        with pytest.raises(Refused) as caught:
            post(cast, *entries, request=request, **changed)
        assert caught.value.rule == "request"
    with pytest.raises(Refused):
        post(cast, ledger.debit(cash, 6), ledger.credit(income, 6), request=request)


def test_a_reversal(cast: Cast, books: tuple[Account, Account]) -> None:
    cash, _ = books
    journal, request = Journal.objects.get(), uuid.uuid4()

    def reverse(what: Journal, reason: str = "记错", request: uuid.UUID | None = None) -> Journal:
        return ledger.reverse(what, on=DAY, reason=reason, actor=cast.alice, request=request or uuid.uuid4())

    with pytest.raises(Refused, match="理由"):
        reverse(journal, " ")
    back = reverse(journal, request=request)
    assert reverse(journal, request=request) == back and statements.balance(cash) == 0
    for again in (journal, back):
        with pytest.raises(Refused) as caught:
            reverse(again)
        assert caught.value.rule == "reversal"
    assert journal.reversed_by == back and list(proof.problems()) == []


def test_a_reversal_overdraws_nothing(cast: Cast, books: tuple[Account, Account]) -> None:
    cash, income = books
    post(cast, ledger.credit(cash, 60), ledger.debit(income, 60))
    with pytest.raises(Refused, match="余额不足"):
        ledger.reverse(Journal.objects.order_by("pk")[0], on=DAY, reason="退", actor=None, request=uuid.uuid4())


def test_an_account_is_opened_once_and_closed_empty(cast: Cast, books: tuple[Account, Account]) -> None:
    cash, income = books
    assert ledger.open_account(cast.firm, "cash", "CNY", cast.alice) == cash
    with pytest.raises(Refused):
        ledger.open_account(cast.firm, "cash", "CNY", cast.alice, may_overdraw=True)
    with pytest.raises(Refused, match="余额"):
        ledger.close_account(cash, cast.alice, "销户")
    post(cast, ledger.credit(cash, 100), ledger.debit(income, 100))
    ledger.close_account(cash, cast.alice, "销户")
    with pytest.raises(Refused, match="关闭"):
        post(cast, ledger.debit(cash, 1), ledger.credit(income, 1))
    with pytest.raises(Refused, match="没有币种"):
        ledger.open_account(cast.firm, "cash", "XXX", None)
    with pytest.raises(Refused, match="科目"):
        ledger.open_account(cast.firm, "treasure", "CNY", None)


# -- round the doors ---------------------------------------------------------------------------------


def inserts(journal: int, sealed: bool, *lines: tuple[int, int, int, int]) -> list[str]:
    """Raw SQL of a journal: lines are (account, amount in 1/10000, sequence, balance)."""
    seal = uuid.UUID(int=journal).hex
    made = [
        f'INSERT INTO money_journal (id, seal_id, "on", text, written_at, document, digest)'
        f" VALUES ({journal}, '{seal}', '2026-03-01', 'x', '2026-03-01 00:00:00+00', '', 'x')"
    ]
    made += [
        "INSERT INTO money_line (journal_id, account_id, amount, sequence, balance, text)"
        f" VALUES ({journal}, {account}, {amount}, {sequence}, {balance}, '')"
        for account, amount, sequence, balance in lines
    ]
    return made + ([f"INSERT INTO money_seal (id) VALUES ('{seal}')"] if sealed else [])


def account(pk: int, owner: int, kind: str, code: str, overdraw: bool) -> str:
    return (
        "INSERT INTO money_account (id, owner_id, purpose, kind, currency, name, may_overdraw, opened_at, synthetic)"
        f" VALUES ({pk}, {owner}, '{kind}', '{kind}', '{code}', '', {str(overdraw).lower()},"
        " '2026-03-01 00:00:00+00', false)"
    )


def owner(pk: int) -> str:
    return (
        "INSERT INTO accounts_organisation (id, kind, name_zh, name_en, tracks, synthetic, created_at)"
        f" VALUES ({pk}, 'firm', '甲', '', '[]', false, '2026-03-01 00:00:00+00')"
    )


CASH, INCOME, DOLLARS, THEIRS = 1, 2, 3, 4
GOOD = (CASH, 10_000, 2, 1_010_000), (INCOME, -10_000, 2, -1_010_000)
ATTEMPTS = {
    "out of balance": inserts(901, True, GOOD[0], (INCOME, -9_999, 2, -1_009_999)),
    "balanced across currencies": inserts(902, True, GOOD[0], (DOLLARS, -10_000, 1, -10_000)),
    "balanced across owners": inserts(903, True, GOOD[0], (THEIRS, -10_000, 1, -10_000)),
    "one line": inserts(904, True, GOOD[0]),
    "no line": inserts(905, True),
    "no seal, which only the commit can tell": inserts(906, False, *GOOD),
    "a line after the seal": [*inserts(907, True, *GOOD), *inserts(907, False, (INCOME, 5, 3, -1_009_995))[1:]],
    "lines into an old journal": inserts(1, False, *GOOD)[1:],
    "lines of no journal": inserts(908, False, *GOOD)[1:],
    "a seal of no journal": ["INSERT INTO money_seal (id) VALUES ('00000000000000000000000000000909')"],
    "overdrawn": inserts(910, True, (CASH, -1_000_001, 2, -1), (INCOME, 1_000_001, 2, 1)),
    "a wrong balance": inserts(911, True, (CASH, 10_000, 2, 99), GOOD[1]),
    "a gap": inserts(912, True, (CASH, 10_000, 3, 1_010_000), GOOD[1]),
    "a line of nothing": inserts(913, True, *GOOD, (DOLLARS, 0, 1, 0)),
    "a changed line": ["UPDATE money_line SET amount = 1"],
    "a deleted line": ["DELETE FROM money_line"],
    "a changed journal": ["UPDATE money_journal SET text = 'y'"],
    "a deleted journal": ["DELETE FROM money_journal"],
    "a deleted seal": ["DELETE FROM money_seal"],
    "another currency": [f"UPDATE money_account SET currency = 'USD' WHERE id = {CASH}"],
    "another owner": [f"UPDATE money_account SET owner_id = 2 WHERE id = {CASH}"],
    "an overdraft": [f"UPDATE money_account SET may_overdraw = true WHERE id = {CASH}"],
    "an account that goes": [f"DELETE FROM money_account WHERE id = {CASH}"],
    "into a closed account": [
        f"UPDATE money_account SET closed_at = '2026-03-01 00:00:00+00' WHERE id = {CASH}", *inserts(914, True, *GOOD)
    ],
}  # fmt: skip


def test_the_database_refuses_what_goes_round_the_ledger(site: Path) -> None:
    """By raw SQL on a connection of its own, each attempt in a transaction that is committed."""
    sites.sql(
        site, owner(1), owner(2), account(CASH, 1, "asset", "CNY", False), account(INCOME, 1, "income", "CNY", True),
        account(DOLLARS, 1, "liability", "USD", True), account(THEIRS, 2, "liability", "CNY", True),
        *inserts(1, True, (CASH, 1_000_000, 1, 1_000_000), (INCOME, -1_000_000, 1, -1_000_000)),
    )  # fmt: skip
    for what, attempt in ATTEMPTS.items():
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.Error)):
            sites.sql(site, *attempt)
            pytest.fail(what)
        left = [sites.rows(site, f"SELECT COUNT(*) FROM money_{each}") for each in ("line", "journal", "seal")]
        assert left == [[(2,)], [(1,)], [(1,)]], what
    sites.sql(site, *inserts(999, True, *GOOD))  # what is right goes in, whoever writes it
    assert sites.rows(site, "SELECT balance FROM money_line WHERE account_id = 1 AND sequence = 2") == [(1_010_000,)]


@pytest.mark.parametrize(
    ("behind", "found"),
    [
        ("UPDATE money_line SET amount = amount + 10000, balance = balance + 10000", "is out by"),
        ("UPDATE money_line SET balance = balance + 10000 WHERE amount > 0", "does not follow"),
        ("UPDATE money_journal SET text = 'y'", "not what the history tells"),
        ("UPDATE money_line SET text = 'y' WHERE amount > 0", "not what the history tells"),
        ("UPDATE money_journal SET \"on\" = '2020-01-01'", "not what the history tells"),
        ("DELETE FROM money_line; DELETE FROM money_journal; DELETE FROM money_seal", "is gone"),
    ],
)
def test_what_was_done_behind_the_back_is_named(
    cast: Cast, books: tuple[Account, Account], behind: str, found: str
) -> None:
    with connection.cursor() as cursor:
        for table in ("line", "journal", "seal"):
            on = f" ON money_{table}" if connection.vendor == "postgresql" else ""
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER money_{table}_no_{verb}{on}")
        for statement in behind.split(";"):
            cursor.execute(statement)
    assert any(found in en for _, en in proof.problems())


# -- who sees what -----------------------------------------------------------------------------------


def test_who_sees_the_books(cast: Cast, books: tuple[Account, Account]) -> None:
    cash, _ = books
    seen = {
        role: access.visible_to(actor, Account).filter(pk=cash.pk).exists() for role, actor in cast.everyone.items()
    }
    assert {role for role, sees in seen.items() if sees} == {"member_user"}
    assert access.visible_to(cast.bob, Journal).count() == 1 and access.visible_to(cast.bob, Line).count() == 2
    assert not access.visible_to(cast.charlie, Journal).exists() and not access.visible_to(None, Line).exists()
    cast.stella.membership.hats.create(name="auditor", since=DAY)
    assert access.visible_to(cast.stella, Line).count() == (2 if cast.stella.wears("auditor") else 0)

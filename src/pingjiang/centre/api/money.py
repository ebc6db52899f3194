"""Accounts, statements, journals. Amounts are texts of exact decimals; a line is positive for a debit."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema

from pingjiang.centre.api.frame import (
    ONE,
    USUAL,
    Day,
    Name,
    Page,
    Paging,
    RowId,
    api,
    day,
    known_only,
    page_of,
    scoped,
)
from pingjiang.centre.casework import access
from pingjiang.centre.money import statements
from pingjiang.centre.money.chart import CHART
from pingjiang.centre.money.currencies import CURRENCIES
from pingjiang.centre.money.models import Account, Journal, Line

_reads = scoped("money:read")


class AccountOut(Schema):
    """An account; the balance is shown as it grows."""

    id: int
    owner: str
    purpose: str
    purpose_zh: str
    purpose_en: str
    kind: str
    currency: str
    name: str
    case: int | None
    balance: str
    opened_at: datetime.datetime
    closed_at: datetime.datetime | None
    synthetic: bool


class AccountPage(Page):
    """A page of accounts."""

    items: list[AccountOut]


class StatementOut(Schema):
    """An account over a period, both days included."""

    account: int
    since: datetime.date
    until: datetime.date
    opening: str
    debits: str
    credits: str
    closing: str


class LineOut(Schema):
    """A line: positive for a debit, negative for a credit."""

    id: int
    journal: int
    on: datetime.date
    account: int
    amount: str
    currency: str
    text: str


class LinePage(Page):
    """A page of lines."""

    items: list[LineOut]


class JournalOut(Schema):
    """A journal, with the lines that the actor sees; `partly` where there are others."""

    id: int
    on: datetime.date
    text: str
    written_at: datetime.datetime
    case: int | None
    document: str
    digest: str
    reverses: int | None
    lines: list[LineOut]
    partly: bool


class JournalPage(Page):
    """A page of journals."""

    items: list[JournalOut]


class Accounts(Paging):
    """Which accounts."""

    purpose: Name | None = None
    currency: Name | None = None


class Span(Paging):
    """From a day to a day, both included."""

    since: Day | None = None
    until: Day | None = None


class Period(Schema):
    """From a day to a day, both included; by default this year up to today."""

    since: Day | None = None
    until: Day | None = None


def _account(account: Account) -> dict[str, Any]:
    words = CHART[account.purpose].words
    return {
        "id": account.pk, "owner": account.owner.name_zh, "purpose": account.purpose, "purpose_zh": words[0],
        "purpose_en": words[1], "kind": account.kind, "currency": account.currency, "name": account.name,
        "case": account.case_id, "opened_at": account.opened_at, "closed_at": account.closed_at,
        "balance": str(statements.shown(account, account.last)),  # type: ignore[attr-defined]
        "synthetic": account.synthetic,
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.pk, "journal": line.journal_id, "on": line.journal.on, "account": line.account_id,
        "amount": _amount(line.amount, line.account.currency), "currency": line.account.currency, "text": line.text,
    }  # fmt: skip


def _amount(value: Decimal, code: str) -> str:
    return str(value.quantize(Decimal(1).scaleb(-CURRENCIES[code].minor)))


@api.get("/money/accounts", response={200: AccountPage, **USUAL}, summary="账户 Accounts")
def accounts(request: HttpRequest, wanted: Query[Accounts]) -> dict[str, Any]:
    """Accounts that the actor sees, with their balances."""
    actor = _reads(request)
    known_only(request, Accounts)
    named = {"purpose": wanted.purpose, "currency": wanted.currency}
    seen = access.visible_to(actor, Account).filter(**{name: value for name, value in named.items() if value})
    return page_of(statements.with_balances(seen).select_related("owner"), wanted, _account)


def _found(request: HttpRequest, account_id: int) -> Account:
    return access.find(_reads(request), Account, pk=account_id)


@api.get("/money/accounts/{account_id}", response={200: AccountOut, **ONE}, summary="账户 Account")
def account(request: HttpRequest, account_id: RowId) -> dict[str, Any]:
    """One account."""
    found = _found(request, account_id)
    return _account(statements.with_balances(Account.objects.select_related("owner")).get(pk=found.pk))


@api.get(
    "/money/accounts/{account_id}/statement", response={200: StatementOut, **ONE, 409: ONE[404]},
    summary="对账单 Statement",
)  # fmt: skip
def statement(request: HttpRequest, account_id: RowId, wanted: Query[Period]) -> dict[str, Any]:
    """Opening, debits, credits and closing of a period: by default this year up to today."""
    found = _found(request, account_id)
    known_only(request, Period)
    until = day(wanted.until) or timezone.localdate()
    said = statements.statement(found, day(wanted.since) or datetime.date(until.year, 1, 1), until)
    sums = {name: str(getattr(said, name)) for name in ("opening", "debits", "credits", "closing")}
    return {"account": found.pk, "since": said.since, "until": said.until, **sums}


@api.get(
    "/money/accounts/{account_id}/lines", response={200: LinePage, **ONE, 409: ONE[404]}, summary="分录 Lines"
)  # fmt: skip
def account_lines(request: HttpRequest, account_id: RowId, wanted: Query[Span]) -> dict[str, Any]:
    """The lines of an account, in the order in which they were written."""
    found = _found(request, account_id)
    known_only(request, Span)
    rows = Line.objects.filter(account=found, **_between("journal__on", wanted)).select_related("journal", "account")
    return page_of(rows, wanted, _line)


def _between(field: str, span: Span) -> dict[str, Any]:
    since, until = day(span.since), day(span.until)
    return {
        **({f"{field}__gte": since} if since else {}), **({f"{field}__lte": until} if until else {}),
    }  # fmt: skip


@api.get("/money/journals", response={200: JournalPage, **USUAL, 409: ONE[404]}, summary="凭证 Journals")
def journals(request: HttpRequest, wanted: Query[Span]) -> dict[str, Any]:
    """Journals with a line that the actor sees, in the order in which they were written."""
    actor = _reads(request)
    known_only(request, Span)
    seen = access.visible_to(actor, Journal).filter(**_between("on", wanted))
    mine = access.visible_to(actor, Line)
    return page_of(seen, wanted, lambda row: _journal(row, list(_drawn(mine.filter(journal=row)))))


def _drawn(rows: Any) -> Any:
    return rows.select_related("account", "journal").order_by("pk")


def _journal(journal: Journal, seen: list[Line]) -> dict[str, Any]:
    return {
        "id": journal.pk, "on": journal.on, "text": journal.text, "written_at": journal.written_at,
        "case": journal.case_id, "document": journal.document, "digest": journal.digest,
        "reverses": journal.reverses_id, "lines": [_line(line) for line in seen],
        "partly": len(seen) < journal.lines.count(),
    }  # fmt: skip


@api.get("/money/journals/{journal_id}", response={200: JournalOut, **ONE}, summary="凭证 Journal")
def journal(request: HttpRequest, journal_id: RowId) -> dict[str, Any]:
    """One journal."""
    actor = _reads(request)
    found = access.find(actor, Journal, pk=journal_id)
    return _journal(found, list(_drawn(access.visible_to(actor, Line).filter(journal=found))))

"""What the books say: a balance on a day, a statement of a period, a trial balance. Dates are those of the journals.

Balances are shown as the account grows: a positive asset is money there, a positive liability money owed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Window

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.money.models import Account, Line

_BATCH = 1000


def shown(account: Account, value: Decimal | None) -> Decimal:
    """A sum of lines as the account grows, with the decimals of its currency; no lines are nothing."""
    return ((value or Decimal(0)) * account.sign).quantize(Decimal(1).scaleb(-account.minor)) + 0


def with_balances(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts with `last`, the sum of their lines after all that was written (None for no lines): see `shown`."""
    newest = Line.objects.filter(account=OuterRef("pk")).order_by("-sequence").values("balance")[:1]
    return accounts.annotate(last=Subquery(newest))


def balance(account: Account, on: datetime.date | None = None) -> Decimal:
    """Balance at the end of a day, or after all that was written."""
    lines = Line.objects.filter(account=account)
    if on is None:
        last = lines.order_by("-sequence").values_list("balance", flat=True).first()
        return shown(account, last)
    return shown(account, lines.filter(journal__on__lte=on).aggregate(all=Sum("amount"))["all"])


@dataclass(frozen=True)
class Statement:
    """An account over a period, both days included: opening + debits and credits in its direction = closing."""

    account: Account
    since: datetime.date
    until: datetime.date
    opening: Decimal
    debits: Decimal
    credits: Decimal
    closing: Decimal

    @property
    def lines(self) -> QuerySet[Line]:
        """Its lines by day, then as they were written."""
        found = Line.objects.filter(account=self.account, journal__on__range=(self.since, self.until))
        run = Window(Sum("amount"), order_by=[F("journal__on").asc(), F("sequence").asc()])
        return found.annotate(run=run).select_related("journal").order_by("journal__on", "sequence")

    def after(self, line: Line) -> Decimal:
        """The balance after one of `lines`."""
        return self.opening + shown(self.account, line.run)  # type: ignore[attr-defined]

    def running(self) -> Iterator[tuple[Line, Decimal]]:
        """Each line with the balance after it."""
        for line in self.lines.iterator(chunk_size=_BATCH):
            yield line, self.after(line)


def statement(account: Account, since: datetime.date, until: datetime.date) -> Statement:
    """The statement of a period."""
    if until < since:
        raise Refused("period", "期间的终点早于起点", "the period ends before it begins")
    opening = balance(account, since - datetime.timedelta(days=1))
    lines = Line.objects.filter(account=account, journal__on__range=(since, until))
    place = Decimal(1).scaleb(-account.minor)
    debits = (lines.filter(amount__gt=0).aggregate(all=Sum("amount"))["all"] or Decimal(0)).quantize(place)
    credits_ = -(lines.filter(amount__lt=0).aggregate(all=Sum("amount"))["all"] or Decimal(0)).quantize(place) + 0
    closing = opening + account.sign * (debits - credits_)
    return Statement(account, since, until, opening, debits, credits_, closing)


@dataclass(frozen=True)
class TrialRow:
    """An account with its balance on the side where it lies."""

    account: Account
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True)
class TrialBalance:
    """The accounts of an organisation in one currency; both totals are equal."""

    owner: Organisation
    currency: str
    rows: list[TrialRow]

    @property
    def debit(self) -> Decimal:
        """Total of the debit side."""
        return sum((row.debit for row in self.rows), Decimal(0))

    @property
    def credit(self) -> Decimal:
        """Total of the credit side."""
        return sum((row.credit for row in self.rows), Decimal(0))


def trial_balances(owner: Organisation, on: datetime.date) -> list[TrialBalance]:
    """One for each currency in which the organisation has lines by the end of a day."""
    sums = (
        Line.objects.filter(account__owner=owner, journal__on__lte=on)
        .order_by("account")
        .values_list("account")
        .annotate(all=Sum("amount"))
    )
    accounts = Account.objects.in_bulk([key for key, _ in sums])
    found: dict[str, TrialBalance] = {}
    for key, value in sums:
        account = accounts[key]
        shown = value.quantize(Decimal(1).scaleb(-account.minor))
        row = TrialRow(account, max(shown, Decimal(0)), max(-shown, Decimal(0)))
        found.setdefault(account.currency, TrialBalance(owner, account.currency, [])).rows.append(row)
    return [found[code] for code in sorted(found)]

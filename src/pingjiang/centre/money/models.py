"""Accounts, journals, lines, seals. All but the closing of an account is written once."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership, Organisation
from pingjiang.centre.casework.models import Case, Event, WrittenOnce
from pingjiang.centre.money.chart import CHART, DEBIT_KINDS, KINDS
from pingjiang.centre.money.currencies import CURRENCIES, PLACES
from pingjiang.centre.money.exact import ExactField


class Account(models.Model):
    """An organisation's account of one purpose in one currency, for a case or for none.

    What it is never changes, and it is never deleted: it can only be closed.
    """

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="money_accounts")
    purpose = models.CharField(max_length=30)  # of the chart
    kind = models.CharField(max_length=10, choices=[(kind, words[0]) for kind, words in KINDS.items()])
    currency = models.CharField(max_length=3)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="money_accounts")
    name = models.CharField(max_length=120, blank=True)  # tells apart accounts that are alike but for it
    may_overdraw = models.BooleanField()
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["owner", "purpose", "currency", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "purpose", "currency", "case", "name"], name="account_once_a_case"
            ),
            models.UniqueConstraint(
                fields=["owner", "purpose", "currency", "name"], condition=Q(case__isnull=True), name="account_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="account_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} · {CHART[self.purpose].words[0]} · {self.currency}"

    @property
    def sign(self) -> int:
        """1 where debit grows the account, else -1."""
        return 1 if self.kind in DEBIT_KINDS else -1

    @property
    def minor(self) -> int:
        """Decimals of its currency."""
        return CURRENCIES[self.currency].minor


class Seal(WrittenOnce):
    """Closes one journal: the database takes it only when the journal's lines balance. Its id is the request's."""

    id = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.id)


class Journal(WrittenOnce):
    """What happened to money at one time, as one: at least two lines that balance. Undone by a reversal alone."""

    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, related_name="journal")  # checked at commit
    on = models.DateField()
    text = models.CharField(max_length=300)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="journals")
    cause = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="journals")
    document = models.CharField(max_length=64, blank=True)  # SHA-256 of the paper that shows it
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["on"], name="journal_on")]

    def __str__(self) -> str:
        return f"{self.pk} {self.on} {self.text}"

    @property
    def request(self) -> uuid.UUID:
        """The request that wrote it."""
        return self.seal_id


class Line(WrittenOnce):
    """A debit (positive) or credit (negative). `sequence` is 1, 2, 3, … within the account, `balance` that after it."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    amount = ExactField(places=PLACES)
    sequence = models.PositiveBigIntegerField()
    balance = ExactField(places=PLACES)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "sequence"], name="line_sequence"),
            models.CheckConstraint(condition=~Q(amount=0), name="line_amount_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"

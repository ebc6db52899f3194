"""Facts and their withdrawals: rows that are written once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership, Organisation
from pingjiang.centre.casework.models import Case, Event, WrittenOnce
from pingjiang.centre.money.exact import ExactField

PLACES = 6


class Fact(WrittenOnce):
    """One happening: of a kind, about a subject, on a day, to the credit of an organisation.

    `key` is the digest of what makes it one with another telling of the same. `event` is the event that tells of it,
    `cause` the move that made it. A value that is not known is None.
    """

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="facts")
    on = models.DateField()
    value = ExactField(places=PLACES, null=True)
    text = models.CharField(max_length=300, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    proof = models.CharField(max_length=64, blank=True)  # SHA-256 of the paper that shows it
    release = models.CharField(max_length=80, blank=True)  # of the lake whose figures it rests on
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="facts")
    cause = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="facts")
    key = models.CharField(max_length=64)
    told_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    request = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["kind", "on"], name="fact_kind_on"),
            models.Index(fields=["organisation", "kind"], name="fact_organisation"),
            models.Index(fields=["subject_kind", "subject_id"], name="fact_subject"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(currency="") | Q(value__isnull=False), name="fact_currency_of_a_value"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_id} {self.on}"


class Withdrawal(WrittenOnce):
    """A fact does not stand, from this moment on, for this reason."""

    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    request = models.UUIDField(unique=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.fact_id}: {self.reason}"

"""A panel: whom it reviews, its published list and draw, its reviews sealed and opened, and its result."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import Case, WrittenOnce
from pingjiang.centre.programme.models.applications import Application
from pingjiang.centre.programme.models.calls import Call
from pingjiang.centre.programme.models.experts import Expert

OFF_THE_PANEL, OFF_THE_APPLICATION = "panel", "application"
RECUSALS: dict[str, tuple[str, str]] = {
    OFF_THE_PANEL: ("不参加本专家组", "Stays off the panel"),
    OFF_THE_APPLICATION: ("只回避该项申报", "Does not review that application"),
}  # fmt: skip


class Panel(models.Model):
    """A panel for a group of applications of one track of a call. The track is its case's.

    `number_words` says which public number will be used and `due` when it will be known; `list_text` is what was
    published before that, `list_hash` its hash. `lock_hash` is the hash over the hashes of all its reviews. `recusal`
    says what an interest in one application keeps an expert from: the panel, or that application.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="panel")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="panels")
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=40)
    number_words = models.CharField(_("采用的公开号码"), max_length=120, blank=True)
    due = models.DateTimeField(_("号码揭晓时间"), null=True, blank=True)
    reviews_until = models.DateField(_("评审截止"), null=True, blank=True)
    recusal = models.CharField(
        max_length=12, default=OFF_THE_PANEL, choices=[(name, words[0]) for name, words in RECUSALS.items()]
    )  # fmt: skip
    list_text = models.TextField(blank=True, editable=False)
    list_hash = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    public_number = models.CharField(max_length=40, blank=True, editable=False)
    drawn_at = models.DateTimeField(null=True, editable=False)
    drawn_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    lock_hash = models.CharField(max_length=64, blank=True, editable=False)
    locked_at = models.DateTimeField(null=True, editable=False)
    conflicts_at = models.DateTimeField(null=True, editable=False)
    looked = models.TextField(default="{}", editable=False)  # whose lakes were read for conflicts, and whose not

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.case.title


class SupplementaryList(models.Model):
    """A list for the vacant seats of a panel alone, where the one before is used up: published anew, with its own hash
    and a public number still to come. Its order follows those of the lists before it."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    number_words = models.CharField(max_length=120)
    due = models.DateTimeField()
    list_text = models.TextField()
    list_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    public_number = models.CharField(max_length=40, blank=True)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["panel", "number"], name="supplement_once")]

    def __str__(self) -> str:
        return f"{self.panel} · {self.number}"


class PanelSeat(models.Model):
    """How many of a stratum sit on a panel."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="seats")
    stratum = models.CharField(max_length=30)
    seats = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["panel", "stratum"], name="panel_seats_once")]

    def __str__(self) -> str:
        return f"{self.stratum} {self.seats}"


class PanelEntry(models.Model):
    """An application that a panel reviews. `left_out`: why it reviews it no more, though it was drawn for it; '' while
    it does."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="entries")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="entries")
    left_out = models.TextField(blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["panel", "application"], name="panel_entry_once")]

    def __str__(self) -> str:
        return str(self.application)


class Conflict(models.Model):
    """An expert and an application that have something to do with each other: on which ground, known from where.

    `certain`: it excludes; else a person decides (`ConflictRuling`). Rewritten until the list is published, added to
    after that; `source` is a declaration, the register of accounts, or a lake at a release.
    """

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="conflicts")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=30)
    certain = models.BooleanField()
    reason_zh = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)
    source_zh = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["expert__code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "expert", "application", "ground"], name="conflict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.expert.code} · {self.ground}"


class ConflictRuling(WrittenOnce):
    """What the officer decided of a match that is not certain, and why. The last word on it holds."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="rulings")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=30)
    excludes = models.BooleanField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.expert.code} · {self.ground}"


class PassedOver(WrittenOnce):
    """A candidate whose turn came after the draw and who was not offered the seat: an interest was found meanwhile, or
    the expert is of the pool no more. So the draw repeats with the same outcome whatever the pool holds later."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="passed_over")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["panel", "expert"], name="passed_over_once")]

    def __str__(self) -> str:
        return f"{self.expert.code} · {self.reason}"


class Review(models.Model):
    """An expert's review of all that a panel has. `place` is the expert's in the order of the stratum.

    `sealed_salt` makes `sheet_hash` one that nobody can find by trying sheets; it is opened with them.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="review")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="reviews")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="reviews")
    stratum = models.CharField(max_length=30)
    place = models.PositiveIntegerField()
    sealed_salt = models.TextField(editable=False)
    sheet_hash = models.CharField(max_length=64, blank=True, editable=False)
    locked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "expert"], name="review_once"),
            models.CheckConstraint(condition=Q(sheet_hash="") | Q(locked_at__isnull=False), name="review_hash_locked"),
        ]

    def __str__(self) -> str:
        return self.case.title


class Recusal(WrittenOnce):
    """An expert on a panel gives no sheet for one application, for this reason. `by`: who said so; None where it was
    known when the seat was offered."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="recusals")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    reason_zh = models.CharField(max_length=500)
    reason_en = models.CharField(max_length=500)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "application"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.review_id} · {self.application_id}"

    @property
    def reason(self) -> tuple[str, str]:
        """Why, in both languages."""
        return self.reason_zh, self.reason_en


class Sheet(models.Model):
    """Marks and comments on one application, sealed. Who writes them reads them, and nobody else before all lock."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="sheets")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    sealed = models.TextField(editable=False)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "application"], name="sheet_once")]

    def __str__(self) -> str:
        return f"{self.review_id} · {self.application_id}"


class OpenedReview(WrittenOnce):
    """A review as it was opened when its panel locked: the canonical JSON of which the hash was written before."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="opened")
    content = models.TextField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return str(self.review)


class PanelResult(WrittenOnce):
    """What was reckoned of a locked panel: canonical JSON, by the hash of what it was reckoned from."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="results")
    lock_hash = models.CharField(max_length=64, unique=True)
    content = models.TextField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.panel} · {self.lock_hash[:12]}"

"""A call for applications: its text, its times, its tracks; what is asked about it in public; pre-checks."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership, Organisation
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework.models import Case, WrittenOnce

_TRACKS = [(name, words[0]) for name, words in TRACKS.items()]
MOST_MATERIALS = 30
PUBLISHED = ("open", "closed", "ended")  # states of a call that was published and stands


def materials_are_whole(value: object) -> None:
    """A list of materials, each with a name of its own, a label, and whether an application needs it."""
    rows: list[Any] = value if isinstance(value, list) else [None]
    whole = all(
        isinstance(row, dict) and set(row) == {"name", "label", "required"} and row["name"] and row["label"].strip()
        and isinstance(row["required"], bool)
        for row in rows
    )  # fmt: skip
    if not whole or len({row["name"] for row in rows}) != len(rows) or len(rows) > MOST_MATERIALS:
        raise ValidationError(_("材料清单有误：每件须有不同的名称，至多 30 件"), code="materials")


class Call(models.Model):
    """A call. The title is its case's; `closes_at` is for applicants, `seals_until` for their districts."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="call")
    year = models.PositiveSmallIntegerField(
        _("年度"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )  # fmt: skip
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    guide = models.TextField(_("申报指南"), max_length=20_000, blank=True)
    opens_at = models.DateTimeField(_("开始申报"), null=True, blank=True)
    closes_at = models.DateTimeField(_("申报截止"), null=True, blank=True)
    seals_until = models.DateTimeField(_("区县推荐截止"), null=True, blank=True)
    materials = models.JSONField(_("另需材料"), default=list, blank=True, validators=[materials_are_whole])
    contact = models.CharField(_("联系方式"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                name="call_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(seals_until__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__lte=F("seals_until")),
                name="call_closes_before_seals_end",
            ),
        ]

    def __str__(self) -> str:
        return self.case.title

    def takes(self, moment: datetime.datetime) -> bool:
        """Whether applications are taken at a moment: to the second, the last one included."""
        opens, closes = self.opens_at, self.closes_at
        return opens is not None and closes is not None and opens <= moment and not late(moment, closes)


def late(moment: datetime.datetime, limit: datetime.datetime) -> bool:
    """Whether a moment is later than a limit, counted in the whole seconds that everybody is shown."""
    return moment.replace(microsecond=0) > limit.replace(microsecond=0)


class CallTrack(models.Model):
    """A track that a call opens: its rules (a pack at a version), its money, how many each district may put forward."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="tracks")
    track = models.CharField(max_length=20, choices=_TRACKS)
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=40)
    budget = models.DecimalField(max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    places = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    district_quota = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])

    class Meta:
        ordering: ClassVar = ["-track"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "track"], name="call_track_once"),
            models.CheckConstraint(condition=Q(track__in=list(TRACKS)), name="call_track_known"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="call_track_has_money"),
        ]

    def __str__(self) -> str:
        return f"{self.call} · {TRACKS[self.track][0]}"


class CallQuestion(WrittenOnce):
    """A question on a call. Everybody reads it once it is answered; who asked, only the bureau reads."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


class CallAnswer(WrittenOnce):
    """The answer to one, for everybody."""

    question = models.OneToOneField(CallQuestion, on_delete=models.PROTECT, related_name="answer")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


class PreCheck(WrittenOnce):
    """Facts that somebody stated before writing, and what the rules said of them. Both are canonical JSON texts."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="prechecks")
    track = models.CharField(max_length=20, choices=_TRACKS)
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    facts = models.TextField()
    outcomes = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.call}"

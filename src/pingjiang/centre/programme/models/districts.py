"""What a district says of an application, and the seal that it put on exactly one content."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import WrittenOnce
from pingjiang.centre.documents.models import Paper, Version
from pingjiang.centre.programme.models.applications import Application


class Recommendation(models.Model):
    """The district's opinion of an application: text, rank among its own of a track, money that it will add."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="recommendation")
    comment = models.TextField(_("推荐意见"), max_length=2000, blank=True)
    rank = models.PositiveSmallIntegerField(
        _("本区排序"), null=True, blank=True, validators=[MinValueValidator(1)]
    )  # fmt: skip
    match = models.DecimalField(
        _("配套经费（万元）"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0"))],
    )  # fmt: skip
    policy = models.CharField(_("配套政策文号"), max_length=200, blank=True)
    letter = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(match__isnull=True) | Q(match__gte=0), name="match_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.application)


class Seal(WrittenOnce):
    """A stamp on a printed application. It holds only while what was stamped is what the application says."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="seals")
    content_hash = models.CharField(max_length=64)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    signatory = models.CharField(max_length=60)
    sealed_on = models.DateField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.application} · {self.content_hash[:12]}"

"""What people asked of a lake, what they kept of it, and the files that were made for them."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.evidence.models.lakes import DataLake

KEPT_DAYS = 7  # an exported file


class AskedQuery(models.Model):
    """A query that somebody asked of a lake: `#3` is the third one of this person. Seen by the person alone."""

    lake = models.ForeignKey(DataLake, on_delete=models.CASCADE, related_name="asked")
    asked_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField()
    unit = models.CharField(max_length=20)
    release = models.CharField(max_length=40)
    total = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lake", "asked_by", "number"], name="query_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class SavedSet(models.Model):
    """A query that was kept by name (`##name`): one's own, or shared with all who read the lake."""

    lake = models.ForeignKey(DataLake, on_delete=models.CASCADE, related_name="sets")
    kept_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=40)
    text = models.TextField()
    shared = models.BooleanField(_("本单位可用"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lake", "kept_by", "name"], name="own_set_named_once"),
            models.UniqueConstraint(fields=["lake", "name"], condition=Q(shared=True), name="shared_set_named_once"),
        ]

    def __str__(self) -> str:
        return f"##{self.name}"


class ResultFile(models.Model):
    """A whole result in a file, kept for a week, handed out to those who read the lake."""

    lake = models.ForeignKey(DataLake, on_delete=models.CASCADE, related_name="files")
    made_for = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    job = models.BigIntegerField(unique=True)
    folder = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    rows = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(settings.SITE_FOLDER) / "exports" / str(self.folder) / f"result{Path(self.name).suffix}"

    @property
    def until(self) -> datetime.datetime:
        """When it goes."""
        return self.made_at + datetime.timedelta(days=KEPT_DAYS)

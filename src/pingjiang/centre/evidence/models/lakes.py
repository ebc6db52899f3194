"""Lakes, and the releases of them that were shown to others."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership, Organisation


def _new_folder() -> str:
    return uuid.uuid4().hex


class DataLake(models.Model):
    """A lake with one owner: a centre, or the bureau (the city lake, of open sources and the register of firms)."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="lakes")
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    folder = models.CharField(max_length=32, unique=True, default=_new_folder, editable=False)
    chain = models.CharField(_("产业链"), max_length=80, blank=True)  # by which it is built; see chain.tree
    open_sources = models.BooleanField(_("只含公开来源"), default=False)
    synthetic = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name_zh"], name="lake_named_once")]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def path(self) -> Path:
        """Where it lies: below the site's folder, so that a backup holds it."""
        return Path(settings.SITE_FOLDER) / "lakes" / self.folder


class SharedRelease(models.Model):
    """The figures of a release, shown to others than the lake's own people. The rows behind them are not."""

    lake = models.ForeignKey(DataLake, on_delete=models.PROTECT, related_name="shared")
    release = models.CharField(max_length=40)
    public = models.BooleanField(_("向社会公开"), default=False)
    shared_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lake", "release"], condition=Q(ended_at=None), name="release_shared_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lake} {self.release}"

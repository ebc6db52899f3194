"""Views of the atlas that somebody keeps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.evidence.models.lakes import DataLake


class SavedView(models.Model):
    """An address of a lake's atlas under a name; `shared` within the owner's organisation."""

    LONGEST: ClassVar = 2000

    lake = models.ForeignKey(DataLake, on_delete=models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(max_length=LONGEST)
    shared = models.BooleanField(_("本单位可见"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["lake", "owner", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name

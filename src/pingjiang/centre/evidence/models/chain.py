"""What the site keeps of chains and tagging: who codes which list, and what jobs found of a chain on a release."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.evidence.models.lakes import DataLake

# When a coder sees what the classifier says of a publication.
SUGGESTIONS: dict[str, tuple[str, str]] = {
    "after": ("自己标完之后", "After the own choice"),
    "before": ("标引时就显示", "Beside the tags"),
    "never": ("不显示", "Never"),
}


class TaggingList(models.Model):
    """A list of publications that people tag. What is in it and what they say lies in the lake; see judging."""

    lake = models.ForeignKey(DataLake, on_delete=models.PROTECT, related_name="tagging_lists")
    name = models.CharField(_("名称"), max_length=40)
    suggestion = models.CharField(_("分类器的建议"), max_length=10, default="after")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lake", "name"], name="tagging_list_named_once"),
            models.CheckConstraint(condition=Q(suggestion__in=list(SUGGESTIONS)), name="tagging_suggestion_known"),
        ]

    def __str__(self) -> str:
        return self.name


class TaggingAssignment(models.Model):
    """A person codes a list, under the name `coder` by which the lake knows them. It ends; it is never deleted."""

    list = models.ForeignKey(TaggingList, on_delete=models.PROTECT, related_name="assignments")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tagging")
    coder = models.CharField(max_length=60)
    assigned_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list", "membership"], condition=Q(ended_at=None), name="tagging_assigned_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list} · {self.coder}"


class ChainFinding(models.Model):
    """What a job found of a chain on a release, or an outline that waits to be taken.

    kind  'strategy', 'diff', 'national', 'draft'
    key   what it was found of: digests of chains and files
    told  what the library told, as plain data
    """

    lake = models.ForeignKey(DataLake, on_delete=models.PROTECT, related_name="chain_findings")
    release = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    told = models.JSONField()
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["lake", "kind", "key", "release"], name="chain_finding_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.release}"

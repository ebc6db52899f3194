"""What people keep of organisations, persons and publications: named lists of them; and the scores of judged pairs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.evidence.models.lakes import DataLake

# What stands in a roster, all of it of one kind.
KINDS: dict[str, tuple[str, str]] = {
    "organisation": ("机构", "Organisations"),
    "inventor": ("发明人", "Inventors"),
    "publication": ("公开文献", "Publications"),
}


class Roster(models.Model):
    """A list that somebody keeps under a name (重点企业): of organisations, of persons, or of publications.

    It is one's own, or shared with all who read the lake; a shared one is kept up by all who work on the lake.
    """

    lake = models.ForeignKey(DataLake, on_delete=models.CASCADE, related_name="rosters")
    kept_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(max_length=20)
    shared = models.BooleanField(_("本单位可用"), default=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lake", "kept_by", "name"], name="own_roster_named_once"),
            models.UniqueConstraint(fields=["lake", "name"], condition=Q(shared=True), name="shared_roster_named_once"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="roster_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class RosterEntry(models.Model):
    """One of a roster: `key` is its id in releases, which outlives them; `name` is what it was called when it came."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=400)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["roster", "key"], name="in_roster_once")]

    def __str__(self) -> str:
        return self.name


class JudgedPair(models.Model):
    """A doubtful pair as it stood when somebody judged it.

    The log of a lake holds what was said; the score that the machine gave is gone with the next build, which knows the
    answer. Without it nobody could measure how well scores part what people judge.

    drawn  it was judged in the order of chance, so that such pairs are a sample of those in doubt
    """

    lake = models.ForeignKey(DataLake, on_delete=models.CASCADE, related_name="judged_pairs")
    level = models.CharField(max_length=20)
    row_id = models.CharField(max_length=20)
    name_a = models.TextField()
    name_b = models.TextField()
    score = models.FloatField()
    drawn = models.BooleanField(default=False)
    release = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["lake", "row_id"], name="judged_pair_once")]

    def __str__(self) -> str:
        return f"{self.name_a} ↔ {self.name_b}"

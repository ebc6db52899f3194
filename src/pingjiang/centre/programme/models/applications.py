"""An application: sections that are written one by one, every draft of them, and the versions that were handed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from pingjiang.centre.accounts.models import District, Membership
from pingjiang.centre.casework.models import Case, WrittenOnce
from pingjiang.centre.programme.models.calls import Call


class Application(models.Model):
    """An application on a call, by the rules as they stood when it was begun.

    The case is owned by the applicant and governed by the bureau. `sent_at` is when the district first had it,
    `submitted_at` when the bureau first had it: before that they do not see it. `retitled` is its title from the next
    sending on, where it is corrected; '' where that stays. Until then every list has the title that was sent.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="application")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=40)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
    sent_at = models.DateTimeField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    retitled = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.case.title

    @property
    def title_now(self) -> str:
        """Its title as who applies has it now: theirs alone while it is corrected."""
        return self.retitled or self.case.title


class Section(models.Model):
    """One section as it is now. `content` is canonical JSON; `revision` counts its saves, and is compared on saving."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sections")
    name = models.CharField(max_length=20)
    content = models.TextField(default="{}")
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "name"], name="section_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.name}"


class Draft(WrittenOnce):
    """A state of a section that somebody sent. `aside` where it was not taken, as another had been saved meanwhile."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="drafts")
    revision = models.PositiveIntegerField()  # that it became; of one set aside, that which it was written on
    content = models.TextField()
    aside = models.BooleanField(default=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["section", "revision"], condition=models.Q(aside=False), name="draft_revision_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.revision}"


class ApplicationVersion(WrittenOnce):
    """All of an application as it was handed in: canonical JSON, and the hash that seals refer to."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "number"], name="application_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.number}"

"""What the formal check found. Each row is written once: a later one outranks it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import WrittenOnce
from pingjiang.centre.programme.models.applications import Application, ApplicationVersion


class CheckRun(WrittenOnce):
    """The rules, run by the officer on a version. `outcomes` is canonical JSON: what stands in the decision letter."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    version = models.ForeignKey(ApplicationVersion, on_delete=models.PROTECT, related_name="checks")
    outcomes = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.application} · {self.at:%Y-%m-%d}"


class CheckAnswer(WrittenOnce):
    """What the officer found of one item of a version: whether it holds, and why."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="check_answers")
    version = models.ForeignKey(ApplicationVersion, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=60)
    holds = models.BooleanField()
    reason = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} · {self.item}"


class Waiver(WrittenOnce):
    """The officer asks that a rule which lets itself be waived be waived for an application, and says why."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="waivers")
    version = models.ForeignKey(ApplicationVersion, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)
    reason = models.TextField(max_length=1000)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} · {self.rule}"


class WaiverApproval(WrittenOnce):
    """A leader approved a waiver. Without it, it waives nothing."""

    waiver = models.OneToOneField(Waiver, on_delete=models.PROTECT, related_name="approval")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return str(self.waiver)

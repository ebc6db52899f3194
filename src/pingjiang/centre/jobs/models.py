"""Jobs and their log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import WrittenOnce

# State → words. The last three are ends.
STATES: dict[str, tuple[str, str]] = {
    "queued": ("排队中", "Queued"),
    "running": ("进行中", "Running"),
    "done": ("已完成", "Done"),
    "failed": ("失败", "Failed"),
    "cancelled": ("已取消", "Cancelled"),
}
ENDS = ("done", "failed", "cancelled")


class Job(models.Model):
    """Something to do: a registered function and its arguments. Written in jobs/ alone."""

    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="jobs")  # None: the system
    arguments = models.JSONField(default=dict)
    request = models.UUIDField(unique=True)
    state = models.CharField(
        max_length=10, default="queued", choices=[(state, words[0]) for state, words in STATES.items()]
    )
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    not_before = models.DateTimeField(null=True)  # by the clock of the database; None: at once
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # of the present attempt
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    # what the one who waits sees
    done = models.PositiveBigIntegerField(default=0)
    of = models.PositiveBigIntegerField(null=True)  # None: nobody knows how much there is
    words_zh = models.CharField(max_length=200, blank=True)
    words_en = models.CharField(max_length=200, blank=True)
    cancel_asked_at = models.DateTimeField(null=True)
    cancel_asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    result = models.JSONField(null=True)
    problem_zh = models.CharField(max_length=500, blank=True)
    problem_en = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=Q(state="queued"), name="job_queued"),
            models.Index(fields=["heartbeat_at"], condition=Q(state="running"), name="job_running"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False) | (~Q(state="running") & Q(lease__isnull=True)),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDS, ended_at__isnull=False) | (~Q(state__in=ENDS) & Q(ended_at__isnull=True)),
                name="job_ended_at_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class JobLine(WrittenOnce):
    """A line of a job's log."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="lines")
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    zh = models.CharField(max_length=1000)
    en = models.CharField(max_length=1000)
    detail = models.TextField(blank=True)  # for the administrator: a traceback

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.zh

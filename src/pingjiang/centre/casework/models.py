"""What a case is made of. Rows of history are written once: the database itself refuses to change them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership, Organisation, User
from pingjiang.centre.accounts.roles import ROLES, TRACKS


class Case(models.Model):
    """One matter on its way through a workflow. `version` counts its changes: who saves an older one is told.

    The state is written in `service.py` alone.
    """

    workflow = models.CharField(max_length=40, editable=False)
    state = models.CharField(max_length=40, editable=False)
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    track = models.CharField(max_length=20, blank=True, choices=[(name, words[0]) for name, words in TRACKS.items()])
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases_owned")
    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cases_governed", null=True, blank=True
    )
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        # Lists begin with the latest. None on workflow and state: SQLite would gather by it all cases that somebody
        # sees, and sort them, where the first twenty are asked for.
        indexes: ClassVar = [models.Index(fields=["-opened_at", "id"], name="case_latest")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class WrittenOnce(models.Model):
    """A row that is written and never changed. Its table refuses UPDATE and DELETE too (append_only.py)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row. TypeError for one that is there already."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class Event(WrittenOnce):
    """What happened: who, in which role, when, before, after, why. Each carries the digest of the one before it.

    `before` and `after` are canonical JSON texts: what was hashed is what stands here, on every database.
    """

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3, … without a gap
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, db_index=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    before = models.TextField(default="{}")
    after = models.TextField(default="{}")
    note = models.TextField(blank=True)
    request = models.UUIDField(null=True, unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.subject}"


class AuditHead(models.Model):
    """The last event and its seal, one row. Whoever cuts events off the end cannot make the seal."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="audit_head_alone")]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class Task(models.Model):
    """Something that somebody must do: people of a role at an organisation, or one of them by name."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    name = models.CharField(max_length=40)
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=160)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=20, choices=[(role.name, role.words[0]) for role in ROLES.values()])
    assignee = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="tasks")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = [models.F("due_on").asc(nulls_last=True), "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "name"], condition=Q(done_at__isnull=True), name="task_open_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "role"], condition=Q(done_at__isnull=True), name="task_open_at")
        ]

    def __str__(self) -> str:
        return f"{self.label_zh} · {self.case}"


class Clock(models.Model):
    """A time limit in working days. Pausing keeps what is left; extending adds days; both have a reason (an Event)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=40)
    started_on = models.DateField()
    days = models.PositiveIntegerField()  # working days allowed, extensions included
    used = models.PositiveIntegerField(default=0)  # working days used up before the last pause
    resumed_on = models.DateField(null=True)  # runs since this day; None while it is paused
    ended_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "name"], condition=Q(ended_on__isnull=True), name="clock_runs_once"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="clock_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.case}"


class Notice(models.Model):
    """A message to one person by one channel: the outbox. Written in the transaction of what it tells."""

    STATES: ClassVar = ("queued", "sent", "failed", "gave_up")

    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="notices")
    channel = models.CharField(max_length=10, choices=[("site", "站内"), ("email", "邮件")])
    subject_zh = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=200)
    body_zh = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, default="queued", choices=[(state, state) for state in STATES])
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "channel"], name="notice_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("queued", "sent", "failed", "gave_up")), name="notice_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.subject_zh

"""When duties are due and how they went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Turn(models.Model):
    """A duty by its name. Written in rounds/ alone; times by the clock of the database."""

    name = models.CharField(max_length=40, primary_key=True)
    due_at = models.DateTimeField()
    # of the turn that runs now
    lease = models.UUIDField(null=True)
    holder = models.CharField(max_length=80, blank=True)
    began_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    # of the last turn that ended, well or not
    ended_at = models.DateTimeField(null=True)
    said_zh = models.CharField(max_length=300, blank=True)
    said_en = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row; 0: the last one went well
    detail = models.TextField(blank=True)  # for the administrator: a traceback

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

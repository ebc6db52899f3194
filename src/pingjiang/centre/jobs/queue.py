"""What a worker asks of the queue. Each change is one UPDATE that names the state and the lease it counts on: of two
who want the same, one gets it, on SQLite and on PostgreSQL. Time is the database's, so that clocks need not agree."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from pingjiang.centre.jobs import functions
from pingjiang.centre.jobs.models import Job, JobLine

BEAT = 3.0  # seconds between two signs of life
SILENCE = datetime.timedelta(seconds=30)  # after which a worker is held for dead
_AT_ONCE = 50
_DUE = Q(state="queued") & (Q(not_before__isnull=True) | Q(not_before__lte=Now()))
DIED = ("执行任务的进程中断了", "the process that ran it broke off")


@dataclass(frozen=True)
class Lease:
    """The right to work on a job. It holds while nobody has taken it away."""

    job: int
    key: uuid.UUID
    attempt: int

    def held(self) -> QuerySet[Job]:
        """The job's row while the lease holds, else no row."""
        return Job.objects.filter(pk=self.job, lease=self.key, state="running")


def claim(worker: str) -> Lease | None:
    """The earliest job that is due, for this worker; None where there is none."""
    while True:
        due = Job.objects.filter(_DUE).order_by("pk")
        keys = list(due.values_list("pk", flat=True)[:_AT_ONCE])
        for pk in keys:
            key = uuid.uuid4()
            got = Job.objects.filter(_DUE, pk=pk).update(
                state="running", lease=key, worker=worker[:80], attempts=F("attempts") + 1, heartbeat_at=Now(),
                started_at=Now(), done=0, of=None, words_zh="", words_en="",
            )  # fmt: skip
            if got:
                return Lease(pk, key, Job.objects.values_list("attempts", flat=True).get(pk=pk))
        if len(keys) < _AT_ONCE:
            return None


def beat(lease: Lease) -> bool:
    """A sign of life. False where the lease was lost."""
    return bool(lease.held().update(heartbeat_at=Now()))


def reap() -> int:
    """Take up, or fail, the jobs whose worker has been silent too long. How many there were. Anyone may call it."""
    silent = Job.objects.filter(state="running", heartbeat_at__lt=Now() - SILENCE)
    found = 0
    for job in list(silent.only("pk", "kind", "lease", "attempts")[:_AT_ONCE]):
        assert job.lease is not None
        lease = Lease(job.pk, job.lease, job.attempts)
        function = functions.find(job.kind)
        again = function is not None and function.repeatable
        found += settle_failure(lease, DIED, again=again, silent=True)
    return found


def settle(lease: Lease, state: str, result: Any = None, words: tuple[str, str] = ("", "")) -> bool:
    """The job has ended: 'done', 'failed' or 'cancelled'. False where the lease was lost: nothing is written then."""
    return bool(
        lease.held().update(
            state=state, lease=None, ended_at=Now(), result=result, problem_zh=words[0][:500], problem_en=words[1][:500]
        )
    )


@transaction.atomic
def settle_failure(
    lease: Lease, words: tuple[str, str], *, again: bool, detail: str = "", silent: bool = False
) -> bool:
    """An attempt failed: the job waits for the next, or has failed, or was to be cancelled anyway.

    False where the lease was lost; with `silent` also where the worker has given a sign of life meanwhile.
    """
    held = lease.held().filter(heartbeat_at__lt=Now() - SILENCE) if silent else lease.held()
    job = held.select_for_update().first()
    if job is None:
        return False
    function = functions.find(job.kind)
    JobLine(job=job, attempt=lease.attempt, zh=words[0][:1000], en=words[1][:1000], detail=detail).save()
    if job.cancel_asked_at is not None:
        return settle(lease, "cancelled")
    if again and function is not None and job.attempts < function.attempts:
        return hand_back(lease, function.wait(job.attempts))
    return settle(lease, "failed", words=words)


def hand_back(lease: Lease, wait: float = 0.0, *, counted: bool = True) -> bool:
    """Into the queue again; an attempt that is not `counted` was no attempt. False where the lease was lost."""
    taken = 0 if counted else 1
    return bool(
        lease.held().update(
            state="queued",
            lease=None,
            attempts=F("attempts") - taken,
            not_before=Now() + datetime.timedelta(seconds=wait) if wait else None,
        )
    )

"""What a page asks: put a job into the queue, ask for its end, begin a failed one anew."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.jobs import functions
from pingjiang.centre.jobs.models import Job


@transaction.atomic
def enqueue(kind: str, arguments: Mapping[str, Any], actor: Actor | None, *, request: uuid.UUID) -> Job:
    """Queue a job in the transaction of whoever asks: what is rolled back was never asked.

    The same request twice queues one; for another kind or other arguments it is Refused. LookupError for a kind that
    is not registered, TypeError for arguments that JSON does not hold.
    """
    if functions.find(kind) is None:
        raise LookupError(f"no function is registered for job {kind}")
    told = json.loads(json.dumps(dict(arguments), allow_nan=False))
    job = Job(kind=kind, arguments=told, owner=actor.membership if actor else None, request=request)
    done = Job.objects.filter(request=request).first()
    if done is None:
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:  # somebody was quicker
            done = Job.objects.get(request=request)
    if done is None:
        history.write("job queued", f"job:{job.pk}", actor=actor, after={"kind": kind})
        return job
    if (done.kind, done.arguments, done.owner_id) != (kind, told, job.owner_id):
        raise Refused("request", "这一请求已用于别的任务", "this request was used for another job")
    return done


@transaction.atomic
def cancel(job: Job | int, actor: Actor) -> Job:
    """Ask for a job's end: one that waits is cancelled at once, one that runs when its function next looks.

    Http404 for a job that the actor does not see; nothing happens to one that has ended.
    """
    pk = job if isinstance(job, int) else job.pk
    access.find(actor, Job, pk=pk)
    now = timezone.now()
    asked = {"cancel_asked_at": now, "cancel_asked_by": actor.membership}
    found = Job.objects.filter(pk=pk, cancel_asked_at__isnull=True)
    stopped = found.filter(state="queued").update(state="cancelled", ended_at=now, **asked)
    if stopped or found.filter(state="running").update(**asked):
        history.write("job cancel asked", f"job:{pk}", actor=actor)
    return Job.objects.get(pk=pk)


@transaction.atomic
def retry(job: Job | int, actor: Actor) -> Job:
    """Queue a failed or cancelled job anew, with all its attempts before it. Refused for any other."""
    pk = job if isinstance(job, int) else job.pk
    access.find(actor, Job, pk=pk)
    anew = Job.objects.filter(pk=pk, state__in=("failed", "cancelled")).update(
        state="queued", attempts=0, not_before=None, ended_at=None, started_at=None, done=0, of=None,
        words_zh="", words_en="", problem_zh="", problem_en="", cancel_asked_at=None, cancel_asked_by=None,
    )  # fmt: skip
    if not anew:
        raise Refused("state", "只有失败或已取消的任务可以重做", "only a failed or cancelled job is begun anew")
    history.write("job queued", f"job:{pk}", actor=actor, note="anew")
    return Job.objects.get(pk=pk)

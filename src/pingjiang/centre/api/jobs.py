"""Background jobs: how far they are, what came of them; their end asked, begun anew."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema

from pingjiang.centre.api.frame import DONE, ONE, USUAL, Page, Paging, RowId, api, known_only, page_of, scoped
from pingjiang.centre.casework import access
from pingjiang.centre.jobs import functions, service
from pingjiang.centre.jobs.models import Job, JobLine

_reads = scoped("jobs:read")
_manages = scoped("jobs:manage")


class JobOut(Schema):
    """A job; `of` is null where nobody knows how much there is to do."""

    id: int
    kind: str
    kind_zh: str
    kind_en: str
    state: str
    done: int
    of: int | None
    words_zh: str
    words_en: str
    attempts: int
    queued_at: datetime.datetime
    started_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    cancel_asked_at: datetime.datetime | None
    problem_zh: str
    problem_en: str
    result: Any


class JobPage(Page):
    """A page of jobs."""

    items: list[JobOut]


class JobLineOut(Schema):
    """A line of a job's log."""

    id: int
    at: datetime.datetime
    attempt: int
    zh: str
    en: str


class JobLinePage(Page):
    """A page of a job's log."""

    items: list[JobLineOut]


class Jobs(Paging):
    """Which jobs."""

    state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None


def _job(job: Job) -> dict[str, Any]:
    function = functions.find(job.kind)
    words = function.words if function else (job.kind, job.kind)
    same = (
        "kind", "state", "done", "of", "words_zh", "words_en", "attempts", "queued_at", "started_at", "ended_at",
        "cancel_asked_at", "problem_zh", "problem_en", "result",
    )  # fmt: skip
    return {"id": job.pk, "kind_zh": words[0], "kind_en": words[1], **{name: getattr(job, name) for name in same}}


@api.get("/jobs", response={200: JobPage, **USUAL}, summary="后台任务 Jobs")
def jobs(request: HttpRequest, wanted: Query[Jobs]) -> dict[str, Any]:
    """Jobs that the actor sees, in the order in which they were asked for."""
    actor = _reads(request)
    known_only(request, Jobs)
    seen = access.visible_to(actor, Job)
    return page_of(seen.filter(state=wanted.state) if wanted.state else seen, wanted, _job)


@api.get("/jobs/{job_id}", response={200: JobOut, **ONE}, summary="后台任务 Background job")
def job(request: HttpRequest, job_id: RowId) -> dict[str, Any]:
    """One job."""
    return _job(access.find(_reads(request), Job, pk=job_id))


@api.get("/jobs/{job_id}/lines", response={200: JobLinePage, **ONE}, summary="任务日志 Log lines of a job")
def job_lines(request: HttpRequest, job_id: RowId, wanted: Query[Paging]) -> dict[str, Any]:
    """What a job said, the earliest first."""
    found = access.find(_reads(request), Job, pk=job_id)
    known_only(request, Paging)
    return page_of(JobLine.objects.filter(job=found), wanted, lambda row: {
        "id": row.pk, "at": row.at, "attempt": row.attempt, "zh": row.zh, "en": row.en,
    })  # fmt: skip


@api.post("/jobs/{job_id}/cancel", response={200: JobOut, **DONE}, summary="取消任务 Cancel a job")
def cancel_job(request: HttpRequest, job_id: RowId) -> dict[str, Any]:
    """Ask for a job's end: one that waits ends at once, one that runs when it next looks, one that has ended stays."""
    return _job(service.cancel(job_id, _manages(request)))


@api.post("/jobs/{job_id}/retry", response={200: JobOut, **DONE}, summary="重新执行 Begin a job anew")
def retry_job(request: HttpRequest, job_id: RowId) -> dict[str, Any]:
    """Queue a failed or cancelled job anew; 409 for any other."""
    return _job(service.retry(job_id, _manages(request)))

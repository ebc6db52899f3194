"""Background jobs as pages: the list; a job that shows by itself how far it is, is ended and begun anew; its files."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.accounts.membership import manages_all
from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents.models import Content
from pingjiang.centre.documents.views import hand_out
from pingjiang.centre.jobs import functions, service
from pingjiang.centre.jobs.models import ENDS, STATES, Job
from pingjiang.centre.pages.figures import Work
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import refusal, said

_MARKS = {"queued": "none", "running": "run", "done": "ok", "failed": "bad", "cancelled": "none"}


def job_label(job: Job) -> str:
    """What it does, in words; its kind where this program has no such function."""
    function = functions.find(job.kind)
    return said(function.words) if function else job.kind


def _state(job: Job) -> Marked:
    return Marked(said(STATES[job.state]), _MARKS[job.state])


def _progress(job: Job) -> str | None:
    return f"{job.done:,} / {job.of:,}" if job.of is not None else f"{job.done:,}" if job.done else None


def _job_cell(job: Job) -> Linked:
    return Linked(job_label(job), reverse("job", args=[job.pk]), said((job.problem_zh, job.problem_en)))


_COLUMNS = [
    Column("kind", gettext_lazy("任务"), _job_cell, sort="kind", fixed=True),
    Column("number", gettext_lazy("编号"), lambda job: str(job.pk), sort="pk"),
    Column("state", gettext_lazy("状态"), _state, sort="state"),
    Column("progress", gettext_lazy("进度"), _progress, number=True),
    Column("owner", gettext_lazy("提交人"), lambda job: job.owner.user.name if job.owner else _("系统"),
           sort="owner__user__name"),
    Column("queued", gettext_lazy("提交时间"), lambda job: job.queued_at, sort="queued_at"),
    Column("ended", gettext_lazy("结束时间"), lambda job: job.ended_at, sort="ended_at"),
]  # fmt: skip


def _ended(rows: QuerySet[Job], value: str) -> QuerySet[Job]:
    return rows.filter(state=value)


@require_GET
@for_actor
def jobs(request: ActorRequest) -> HttpResponseBase:
    """Jobs that the actor sees: the own ones, as head of a centre those of its people, as administrator all."""
    listing = Listing(
        request, access.visible_to(request.actor, Job).select_related("owner__user", "owner__organisation"), _COLUMNS,
        name="jobs", order="-number",
        filters=[Filter("state", gettext_lazy("状态"), list(STATES.items()), _ended)],
        empty=gettext_lazy("生成报告、导出等耗时的工作在后台进行，列在这里。"),
        synthetic_of=lambda job: bool(job.owner and job.owner.organisation.synthetic),
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("后台任务")})


def _kept(job: Job) -> list[tuple[str, str]]:
    """Files of the result: name and digest."""
    kept = job.result.get("files") if isinstance(job.result, dict) else None
    files = [each for each in kept if isinstance(each, dict)] if isinstance(kept, list) else []
    return [(str(each.get("name", "")), str(each.get("sha256", ""))) for each in files]


def _results(job: Job) -> list[tuple[str, object]]:
    if isinstance(job.result, dict):
        return [(name, value) for name, value in job.result.items() if name != "files"]
    return [] if job.result is None else [("", job.result)]


@require_GET
@for_actor
def job(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A job. While it has not ended, the page asks anew every two seconds; without a script, a link does."""
    found = access.find(request.actor, Job, pk=pk)
    request.synthetic = bool(found.owner and found.owner.organisation.synthetic)
    words = said((found.words_zh, found.words_en))
    context = {
        "job": found, "label": job_label(found), "state": _state(found), "running": found.state not in ENDS,
        "work": Work(words or job_label(found), found.done, found.of) if found.of else None, "words": words,
        "lines": found.lines.all(), "may_cancel": found.state not in ENDS and found.cancel_asked_at is None,
        "may_retry": found.state in ("failed", "cancelled"), "results": _results(found), "files": _kept(found),
        "problem": said((found.problem_zh, found.problem_en)), "details": manages_all(request.actor),
    }  # fmt: skip
    return render(request, "pages/jobs/job.html", context)


@require_POST
@for_actor
def act(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Ask for a job's end, or begin it anew."""
    access.find(request.actor, Job, pk=pk)
    try:
        if request.POST.get("act") == "retry":
            service.retry(pk, request.actor)
            messages.success(request, _("已重新排队"))
        else:
            service.cancel(pk, request.actor)
            messages.success(request, _("已要求取消"))
    except Refused as refused:
        messages.error(request, refusal(refused))
    return HttpResponseRedirect(reverse("job", args=[pk]))


@require_GET
@for_actor
def file(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """A file that the job made."""
    kept = _kept(access.find(request.actor, Job, pk=pk))
    name, sha256 = kept[number] if number < len(kept) else ("", "")
    content = Content.objects.filter(pk=sha256).first()
    if content is None:
        raise Http404
    return hand_out(content, name or sha256)

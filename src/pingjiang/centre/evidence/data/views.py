"""Pages of a lake's data: what it holds and from where, files handed in, runs, releases."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access, history
from pingjiang.centre.evidence.access import FOUNDERS, shares, works_on
from pingjiang.centre.evidence.data import formats, runs, sharing, sources, uploads
from pingjiang.centre.evidence.data.forms import LakeForm, chain_choices, click
from pingjiang.centre.evidence.framing import frame, on_lake, on_release
from pingjiang.centre.evidence.models import DataLake, LakeRun, SharedRelease, Upload
from pingjiang.centre.evidence.opening import NotBuilt, Opened, lake_of, opened
from pingjiang.centre.jobs import service as jobs
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import refusal, said
from pingjiang.errors import PingjiangError

_PAGE = 50
_STALE_DAYS = 90  # since the cut-off: a release that old is marked


def _home(lake: DataLake) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("evidence-data", args=[lake.pk]))


def _require_work(request: ActorRequest, lake: DataLake) -> None:
    if not works_on(request.actor, lake):
        raise Http404


def _click(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("request", ""))
    except ValueError:
        raise Http404 from None


@require_GET
@on_lake
def overview(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """A lake: what its newest release holds, its sources, what waits, the kept releases."""
    release = sources.newest(lake)
    told = sources.sources(lake, release) if release else []
    held, why = None, ""
    try:
        at = opened(lake)
        held = sources.holdings(at)
    except NotBuilt as error:
        why = refusal(error)
    cutoff = held["horizon"]["cutoff_date"] if held and held["horizon"] else None
    showings = SharedRelease.objects.filter(lake=lake, ended_at=None).select_related("shared_by__user")
    context = {
        "lake": lake, "release": release, "held": held, "why": why, "works": works_on(request.actor, lake),
        "shares": shares(request.actor, lake), "founder": _may_found(request, lake), "click": click(),
        "days": sources.days_since(cutoff, timezone.localdate()), "stale_days": _STALE_DAYS,
        "page": Paginator(told, _PAGE).get_page(request.GET.get("page")),
        "unbuilt": [source for source in told if not source.counted],
        "releases": lake_of(lake).releases() if release else [], "shared": {row.release: row for row in showings},
        "running": runs.running(lake), "chain": dict(chain_choices(lake)).get(lake.chain, ""),
        "recent": LakeRun.objects.filter(lake=lake).select_related("job", "by__user")[:8], **_waiting(request, lake),
    }  # fmt: skip
    return render(request, "evidence/data/overview.html", context)


def _may_found(request: ActorRequest, lake: DataLake) -> bool:
    return request.actor.role in FOUNDERS and lake.owner_id == request.actor.organisation.pk


def _waiting(request: ActorRequest, lake: DataLake) -> dict[str, Any]:
    rows = list(uploads.waiting(lake))
    return {
        "waiting": rows, "looking": any(row.looked is None for row in rows), "choices": formats.choices(lake.owner),
        "ready": [row for row in rows if row.looked is not None and row.refused is None], "lake": lake,
        "works": works_on(request.actor, lake), "click": click(), "titles": dict(formats.choices(lake.owner)),
    }  # fmt: skip


@require_GET
@on_lake
def waiting(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """The part of the page that shows what waits; asked for again while files are looked into."""
    return render(request, "evidence/data/parts/waiting.html", _waiting(request, lake))


@require_POST
@on_lake
def upload(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """Take files."""
    _require_work(request, lake)
    for file in request.FILES.getlist("files"):
        try:
            uploads.hand_in(lake, request.actor, file.chunks(), file.name or "")
        except PingjiangError as error:
            messages.error(request, f"{file.name}: {refusal(error)}")
    return _home(lake)


def _upload(request: ActorRequest, lake: DataLake, pk: int) -> Upload:
    _require_work(request, lake)
    return access.find(request.actor, Upload, pk=pk, lake=lake)


@require_POST
@on_lake
def choose_format(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponseBase:
    """Read a file by a format."""
    return _done(request, lake, lambda: uploads.choose_format(
        _upload(request, lake, pk), request.actor, request.POST.get("format", "")
    ))  # fmt: skip


@require_POST
@on_lake
def set_aside(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponseBase:
    """Do not import a file."""
    return _done(request, lake, lambda: uploads.set_aside(_upload(request, lake, pk), request.actor))


def _done(request: ActorRequest, lake: DataLake, act: Any) -> HttpResponseBase:
    try:
        act()
    except PingjiangError as error:
        messages.error(request, refusal(error))
    return _home(lake)


@require_POST
@on_lake
def run(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """Have something done: 'import', 'build' or 'index', and what is to follow, joined by '+'."""
    _require_work(request, lake)
    kinds = request.POST.get("kinds", "").split("+")
    if kinds not in runs.ORDERS:
        raise Http404
    kind, *then = kinds
    try:
        made = runs.begin(lake, request.actor, kind, then=then, request=_click(request))
    except PingjiangError as error:
        messages.error(request, refusal(error))
        return _home(lake)
    return HttpResponseRedirect(reverse("evidence-data-run-page", args=[lake.pk, made.pk]))


@require_GET
@on_lake
def run_page(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponseBase:
    """A run and those behind it: progress, receipts as they come, why it was refused."""
    row = access.find(request.actor, LakeRun, pk=pk, lake=lake)
    chain = [row]
    while (following := LakeRun.objects.filter(after=chain[-1]).first()) is not None:
        chain.append(following)
    context = {
        "lake": lake, "run": row, "chain": chain, "works": works_on(request.actor, lake),
        "files": Upload.objects.filter(run=row).select_related("content"), "done": _ended(chain[-1]),
        "titles": dict(formats.choices(lake.owner)),
    }  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    return render(request, "evidence/data/parts/run.html" if part else "evidence/data/run.html", context)


def _ended(last: LakeRun) -> bool:
    """Whether nothing more will come: the last of a chain has ended, and none follows it."""
    state = last.job.state if last.job else ""
    return state in ("failed", "cancelled") or (state == "done" and not last.then)


@require_POST
@on_lake
def give_back(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponseBase:
    """Put the files of a failed import back among those that wait."""
    _require_work(request, lake)
    return _done(
        request, lake, lambda: runs.retry(access.find(request.actor, LakeRun, pk=pk, lake=lake), request.actor)
    )


@require_POST
@on_lake
def cancel(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponseBase:
    """Ask for the end of a run."""
    _require_work(request, lake)
    row = access.find(request.actor, LakeRun, pk=pk, lake=lake)
    assert row.job is not None
    jobs.cancel(row.job, request.actor)
    return HttpResponseRedirect(reverse("evidence-data-run-page", args=[lake.pk, pk]))


@require_GET
@on_lake
def leftover(request: ActorRequest, lake: DataLake, source: str, kind: str) -> HttpResponseBase:
    """The rejected rows of a source, or its cells in doubt, as the library wrote them."""
    release = sources.newest(lake)
    if release is None or kind not in sources.LEFTOVERS:
        raise Http404
    path = sources.leftover(lake, release, source, kind)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv")


@on_lake
def changes(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """What changed between two kept releases. A POST has it found out."""
    asked = request.POST if request.method == "POST" else request.GET
    before, after = asked.get("before", ""), asked.get("after", "")
    here = f"{reverse('evidence-data-changes', args=[lake.pk])}?before={before}&after={after}"
    kept = lake_of(lake).releases()
    if request.method == "POST":
        if before == after or not {before, after} <= {release.id for release in kept}:
            messages.error(request, _("请选两个不同的、还保留着的版本。"))
        elif runs.comparison(lake, before, after) is None:
            runs.start(lake, request.actor, "compare", request=_click(request), before=before, after=after)
        return HttpResponseRedirect(here)
    found = runs.comparison(lake, before, after) if before and after else None
    context = {
        "lake": lake, "releases": kept, "before": before, "after": after, "run": found, "click": click(),
        "found": found.result if found else None,
    }  # fmt: skip
    return render(request, "evidence/data/changes.html", context)


@require_GET
@on_release
def shared(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """To whom the figures of a release are shown, and all showings of the lake; showing and withdrawing start here."""
    if not shares(request.actor, at.row):
        raise Http404
    rows = SharedRelease.objects.filter(lake=at.row).select_related("shared_by__user")
    running = next((row for row in rows if row.release == at.id and row.ended_at is None), None)
    context = {**frame(request, at), "rows": rows, "running": running, "built": at.built == at.id}
    return render(request, "evidence/data/sharing.html", context)


def _shared(request: ActorRequest, lake: DataLake, act: Any) -> HttpResponseBase:
    """Do something about showing a release, and return to its page."""
    if not shares(request.actor, lake):
        raise Http404
    try:
        act()
    except PingjiangError as error:
        messages.error(request, refusal(error))
        return _home(lake)
    told = urlencode({"release": request.POST.get("release", "")})
    return HttpResponseRedirect(f"{reverse('evidence-data-sharing', args=[lake.pk])}?{told}")


@require_POST
@on_lake
def share(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """Show the figures of a release to others, or to everybody."""
    release, public = request.POST.get("release", ""), request.POST.get("to") == "public"
    return _shared(
        request, lake, lambda: sharing.share(lake, request.actor, release, public=public, request=_click(request))
    )


@require_POST
@on_lake
def withdraw(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """Show them no more."""
    release = request.POST.get("release", "")

    def act() -> None:
        for row in SharedRelease.objects.filter(lake=lake, ended_at=None, release=release):
            sharing.withdraw(row, request.actor)

    return _shared(request, lake, act)


@for_actor
def new(request: ActorRequest) -> HttpResponseBase:
    """A new lake of the actor's organisation."""
    if request.actor.role not in FOUNDERS:
        raise Http404
    return _edited(request, DataLake(owner=request.actor.organisation), "lake made")


@on_lake
def settings(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """Names and chain of a lake."""
    if not _may_found(request, lake):
        raise Http404
    return _edited(request, lake, "lake changed")


def _edited(request: ActorRequest, lake: DataLake, kind: str) -> HttpResponseBase:
    before = {} if lake.pk is None else _said(DataLake.objects.get(pk=lake.pk))
    form = LakeForm(request.POST or None, instance=lake)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                lake.synthetic = request.actor.organisation.synthetic if lake.pk is None else lake.synthetic
                lake.validate_constraints()
                made = form.save()
                history.write(kind, f"lake:{made.pk}", actor=request.actor, before=before, after=_said(made))
        except ValidationError:
            form.add_error("name_zh", _("已有同名的数据湖"))
        else:
            return _home(made)
    status = 422 if form.errors else 200
    title = said(("建立数据湖", "New lake")) if not before else said(("数据湖设置", "Settings of the lake"))
    return render(request, "evidence/data/edit.html", {"form": form, "title": title}, status=status)


def _said(lake: DataLake) -> dict[str, str | int]:
    return {
        "name_zh": lake.name_zh, "name_en": lake.name_en, "chain": lake.chain, "open_sources": int(lake.open_sources)
    }  # fmt: skip

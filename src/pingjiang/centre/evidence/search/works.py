"""Pages on exports, on similar documents, and on publications side by side."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.evidence.framing import frame, on_lake, on_release
from pingjiang.centre.evidence.models import DataLake, ResultFile
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.search import history, jobs
from pingjiang.centre.evidence.search.views import asking_of, index_context, index_of, state_mark
from pingjiang.centre.jobs import service
from pingjiang.centre.jobs.models import STATES, Job
from pingjiang.centre.pages.figures import Work
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import is_english, refusal, said
from pingjiang.errors import PingjiangError
from pingjiang.pipeline.publications import publication_record
from pingjiang.search.similar import MOST_CHARACTERS, shared, similar_in
from pingjiang.text.embeddings import shipped_encoder

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}
SIDE_BY_SIDE = 4


@require_POST
@on_release
def export(request: ActorRequest, at: Opened) -> HttpResponse:
    """Queue the whole result, or what was picked of it, as a file; leads to its progress."""
    asking = asking_of(request, at.row, request.POST)
    picked = request.POST.getlist("pick")[:1000]
    text = f"PN=({' OR '.join(picked)})" if picked else asking.text
    kind = request.POST.get("kind", "xlsx")
    if (asking.whole is None and not picked) or kind not in KINDS:
        return HttpResponseRedirect(reverse("evidence-search", kwargs={"lake": at.row.pk}))
    arguments = {
        "lake": at.row.pk, "release": at.id, "query": text,
        "sets": history.named_sets(request.actor, at.row) if "#" in text else {},
        "unit": "publication" if picked else asking.unit, "order": asking.order, "kind": kind,
    }  # fmt: skip
    job = service.enqueue(jobs.EXPORT, arguments, request.actor, request=_request(request))
    return HttpResponseRedirect(reverse("evidence-search-work", kwargs={"lake": at.row.pk, "pk": job.pk}))


def _request(request: ActorRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("request", ""))
    except ValueError:
        return uuid.uuid4()


@require_GET
@on_lake
def work(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponse:
    """How far an export is; at the end the file, or what went wrong."""
    own = Job.objects.filter(kind=jobs.EXPORT, arguments__lake=lake.pk, owner=request.actor.membership)
    job = get_object_or_404(own, pk=pk)
    words = job.words_en if is_english() else job.words_zh
    context = {
        "lake": lake, "job": job, "state": said(STATES[job.state]), "over": job.ended_at is not None,
        "work": Work(words or said(STATES[job.state]), job.done, job.of or 0),
        "problem": job.problem_en if is_english() else job.problem_zh,
        "file": ResultFile.objects.filter(job=job.pk).first(),
        "title": _("导出检索结果"),
    }  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    return render(request, "evidence/search/progress.html" if part else "evidence/search/work.html", context)


@require_GET
@on_lake
def result_file(request: ActorRequest, lake: DataLake, pk: int) -> FileResponse:
    """An exported result, as a file to be saved."""
    found = access.find(request.actor, ResultFile, pk=pk, lake=lake)
    if found.until < timezone.now() or not found.path.is_file():
        raise Http404
    response = FileResponse(found.path.open("rb"), content_type=KINDS[Path(found.name).suffix[1:]])
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@on_release
def similar(request: ActorRequest, at: Opened) -> HttpResponse:
    """Documents that are like a publication, or like a text that is compared and not kept."""
    context: dict[str, Any] = {
        **frame(request, at), **index_context(at, index_of(at)), "most": MOST_CHARACTERS,
        "publication": request.GET.get("publication", "").strip()[:60], "text": request.POST.get("text", ""),
    }  # fmt: skip
    index = shared(at.lake, at.release)
    context["ready"] = index is not None
    if index is not None and (context["publication"] or context["text"]):
        asked = {"text": context["text"]} if context["text"] else {"publication": context["publication"]}
        try:
            found = similar_in(index, at.id, **asked, encoder=shipped_encoder())
        except PingjiangError as error:
            context["problem"] = refusal(error)
        else:
            context |= _similar(at, found)
    status = 422 if context.get("problem") else 200
    return render(request, "evidence/search/similar.html", context, status=status)


def _similar(at: Opened, found: Any) -> dict[str, Any]:
    methods = {"terms": _("词项"), "vectors": _("跨语言向量"), "symbols": _("分类号")}
    kin = {"application": _("同一申请"), "simple_family": _("简单同族"), "extended_family": _("扩展同族")}
    hits = [
        {
            **hit,
            "url": _record(at, hit["publication_id"]),
            "by": "、".join(str(methods.get(name, name)) for name in hit["brought_by"]),
            "kin_words": kin.get(hit["kin"], ""),
        }
        for hit in found.hits()
    ]
    told = [(methods.get(one["method"], one["method"]), one) for one in found.methods()]
    return {"hits": hits, "methods": told, "candidates": len(found.fused.ordinals), "of": found.publication}


def _record(at: Opened, publication: str) -> str:
    url = reverse("evidence-record", kwargs={"lake": at.row.pk, "publication": publication})
    return f"{url}?{urlencode({'release': at.id})}"


@require_GET
@on_release
def compare(request: ActorRequest, at: Opened) -> HttpResponse:
    """Up to four publications side by side."""
    index = index_of(at)
    picked = list(dict.fromkeys(request.GET.getlist("pick")))
    context: dict[str, Any] = {**frame(request, at), **index_context(at, index)}
    if index is None:
        return render(request, "evidence/search/no_index.html", context)
    today = timezone.localdate()
    told = [publication_record(index.index, at.release, one, today) for one in picked[:SIDE_BY_SIDE]]
    context |= {
        "records": [
            {
                **one, "url": _record(at, one["publication"]["publication_id"]),
                "mark": state_mark(one["legal"]["state"], one["legal"]["life"]),
                "first_claim": next((claim["text"] for claim in one["claims"] if claim["independent"]), None),
            }
            for one in told if one is not None
        ],
        "left_out": len(picked) - SIDE_BY_SIDE if len(picked) > SIDE_BY_SIDE else 0,
    }  # fmt: skip
    return render(request, "evidence/search/compare.html", context)

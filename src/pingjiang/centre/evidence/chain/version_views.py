"""Versions of the chain: who kept which and when, what one changes of another, the outline out and in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.evidence.chain import changing, jobs, shown
from pingjiang.centre.evidence.chain.views import book, chain_frame, page_of
from pingjiang.centre.evidence.framing import on_release
from pingjiang.centre.evidence.models import ChainFinding
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import refusal
from pingjiang.chain.tree import Chain, load, shipped
from pingjiang.chain.versions import between
from pingjiang.errors import PingjiangError
from pingjiang.pipeline.own_chains import own_versions


def _sources(at: Opened) -> dict[str, str]:
    """The versions that there are, by digest: what `load` wants for each."""
    name = at.row.chain or shown.chain_told(at)["name"]
    found = {load(name).sha256: name} if name in shipped() else {}
    return found | {each.sha256: str(each.path) for each in own_versions(at.lake, name)}


def _chain(at: Opened, digest: str) -> Chain:
    """A version by its digest; Http404 for none."""
    source = _sources(at).get(digest)
    if source is None:
        raise Http404
    return load(source)


@require_GET
@on_release
def versions(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """All versions of the lake's chain, and which of them the next build goes by."""
    context = chain_frame(request, at, "versions")
    kept = {each.sha256: each for each in own_versions(at.lake, at.row.chain or context["told"]["name"])}
    coming = shown.chain_to_come(at.row) if at.row.chain else shown.chain_of(at)
    rows = [
        {
            "chain": load(source), "kept": kept.get(digest), "built": digest == context["told"]["sha256"],
            "next": coming is not None and digest == coming.sha256,
        }
        for digest, source in reversed(_sources(at).items())
    ]  # fmt: skip
    waits = coming is not None and coming.sha256 != context["told"]["sha256"]
    return render(request, "evidence/chain/versions.html", {**context, "rows": rows, "coming": coming, "waits": waits})


@require_GET
@on_release
def outline(request: ActorRequest, at: Opened, digest: str) -> HttpResponseBase:
    """A version as an outline in Excel."""
    chain = _chain(at, digest)
    return book(changing.outline_of(chain), f"{chain.id}-{chain.version}.xlsx")


@require_POST
@on_release
def hand_in(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """Read an outline or a chain file; what it would change is shown before it is taken."""
    back = HttpResponseRedirect(page_of(at, "evidence-chain-versions"))
    if not chain_frame(request, at, "versions")["works"]:
        raise Http404
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("请选择文件。"))
        return back
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(upload.name or "outline.xlsx").name
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        try:
            draft = changing.read_handed_in(at.row, path, request.actor)
        except PingjiangError as error:
            messages.error(request, refusal(error))
            return back
    return HttpResponseRedirect(page_of(at, "evidence-chain-draft", pk=draft.pk))


@on_release
def draft(request: ActorRequest, at: Opened, pk: int) -> HttpResponseBase:
    """What was handed in beside what the next build goes by; it is taken here."""
    context = chain_frame(request, at, "versions")
    found = access.find(request.actor, ChainFinding, pk=pk, lake=at.row, kind="draft")
    if not context["works"]:
        raise Http404
    if request.method == "POST":
        try:
            made = changing.take(found, request.actor, request.POST.get("why", ""))
        except PingjiangError as error:
            messages.error(request, refusal(error))
            return HttpResponseRedirect(page_of(at, "evidence-chain-draft", pk=pk))
        messages.success(request, _("已保存为第 %(n)s 版，下次构建即用。") % {"n": made.number})
        return HttpResponseRedirect(page_of(at, "evidence-chain-versions"))
    return render(request, "evidence/chain/draft.html", {**context, "draft": found, "changes": found.told})


@on_release
def diff(request: ActorRequest, at: Opened, old: str, new: str) -> HttpResponseBase:
    """What one version changes of another: nodes at once, publications that move by a job."""
    context = chain_frame(request, at, "versions")
    before, after = _chain(at, old), _chain(at, new)
    key = f"{old[:32]} {new[:32]}"
    if request.method == "POST":
        if not context["works"]:
            raise Http404
        sources = _sources(at)
        jobs.ask("chain diff", at.row, key, request.actor, new=sources[new], old=sources[old])
        return HttpResponseRedirect(page_of(at, "evidence-chain-diff", old=old, new=new))
    found = jobs.found(at.row, "diff", key, at.built)
    return render(
        request, "evidence/chain/diff.html",
        {
            **context, "before": before, "after": after, "finding": found,
            "job": jobs.latest("chain diff", at.row, key),
            "changes": between(before.nodes(), after.nodes(), after.removed).as_dict(),
        },
    )  # fmt: skip

"""Releases shown to others: the same figures, without a way to rows and without counts of one or two.

Who may show a release does so by data.sharing. What is shown stays the release that was shown.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from pingjiang.centre.casework import access
from pingjiang.centre.evidence.atlas.views import context_of, drawn, told
from pingjiang.centre.evidence.models import SharedRelease
from pingjiang.centre.evidence.opening import NotBuilt, opened
from pingjiang.centre.pages.requests import ActorRequest, SiteRequest, for_actor

# The network names who works with whom, pair by pair: it is not among the figures for others.
WITHOUT = frozenset({"network"})


@require_GET
@for_actor
def list_for_people(request: ActorRequest) -> HttpResponse:
    """The releases that are shown to all who are signed in."""
    rows = access.visible_to(request.actor, SharedRelease).select_related("lake__owner")
    return render(
        request,
        "evidence/atlas/shared_list.html",
        {"rows": rows, "base": "pages/page.html", "name": "evidence-shared-atlas"},
    )


@login_not_required
@require_GET
def list_for_all(request: SiteRequest) -> HttpResponse:
    """The releases that are shown to the public."""
    rows = SharedRelease.objects.filter(ended_at=None, public=True).select_related("lake__owner")
    return render(
        request, "evidence/atlas/shared_list.html", {"rows": rows, "base": "pages/public.html", "name": "public-atlas"}
    )


@require_GET
@for_actor
def for_people(request: ActorRequest, shared: int, view: str = "") -> HttpResponse:
    """Figures of a release for all who are signed in."""
    row = access.find(request.actor, SharedRelease, pk=shared)
    return _shown(request, row, view, "pages/page.html", reverse("evidence-shared-atlas", kwargs={"shared": shared}))


@login_not_required
@require_GET
def for_all(request: SiteRequest, shared: int, view: str = "") -> HttpResponse:
    """Figures of a release for the public."""
    row = get_object_or_404(SharedRelease, pk=shared, ended_at=None, public=True)
    return _shown(request, row, view, "pages/public.html", reverse("public-atlas", kwargs={"shared": shared}))


def _shown(request: Any, row: SharedRelease, view: str, base: str, home: str) -> HttpResponse:
    if view in WITHOUT:
        raise Http404
    try:
        at = opened(row.lake, row.release)
    except NotBuilt as error:
        raise Http404 from error
    request.synthetic = row.lake.synthetic
    tell = told(request, at, home, links=False)
    found = context_of(tell, view, home)
    found["tabs"] = [tab for tab in found["tabs"] if tab.value not in WITHOUT]
    context = {**found, "base": base, "at": at, "lake": row.lake, "row": row, "shared": True}
    return drawn(request, "evidence/atlas/shared.html", context)

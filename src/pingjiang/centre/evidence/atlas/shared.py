"""Releases shown to others: the same figures, without a way to rows and without counts of one or two.

Who may show a release does so from the atlas and ends it there. What is shown stays the release that was shown.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import shares
from pingjiang.centre.evidence.atlas.views import context_of, told
from pingjiang.centre.evidence.framing import on_release
from pingjiang.centre.evidence.models import SharedRelease
from pingjiang.centre.evidence.opening import NotBuilt, Opened, opened
from pingjiang.centre.pages.figure_pages import figure_page
from pingjiang.centre.pages.requests import ActorRequest, SiteRequest, for_actor

# The network names who works with whom, pair by pair: it is not among the figures for others.
WITHOUT = frozenset({"network"})


@require_POST
@on_release
def share(request: ActorRequest, at: Opened) -> HttpResponse:
    """Show a release to others, to the public too where that is said; or end it."""
    if not shares(request.actor, at.row):
        raise Http404
    running = SharedRelease.objects.filter(lake=at.row, release=at.id, ended_at=None)
    if request.POST.get("end") == "1":
        running.update(ended_at=timezone.now())
    else:
        try:
            with transaction.atomic():
                running.update(ended_at=timezone.now())
                SharedRelease.objects.create(
                    lake=at.row,
                    release=at.id,
                    public=request.POST.get("public") == "1",
                    shared_by=request.actor.membership,
                )
        except IntegrityError:  # somebody else did it at the same moment
            pass
    return HttpResponseRedirect(f"{reverse('evidence-atlas-sharing', kwargs={'lake': at.row.pk})}?release={at.id}")


@require_GET
@on_release
def sharing(request: ActorRequest, at: Opened) -> HttpResponse:
    """Which releases of a lake are shown to whom, and the button to show this one."""
    if not shares(request.actor, at.row):
        raise Http404
    rows = SharedRelease.objects.filter(lake=at.row).select_related("shared_by__user")
    running = rows.filter(release=at.id, ended_at=None).first()
    return render(request, "evidence/atlas/sharing.html", {"lake": at.row, "at": at, "rows": rows, "running": running})


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
    return figure_page(request, "evidence/atlas/shared.html", context, [part.figure for part in found["parts"]])

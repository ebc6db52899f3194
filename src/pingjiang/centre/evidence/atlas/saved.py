"""Saved views: an address of the atlas under a name, for oneself or for one's organisation."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.framing import on_lake
from pingjiang.centre.evidence.models import DataLake, SavedView
from pingjiang.centre.pages.requests import ActorRequest

access.register(
    SavedView,
    lambda actor: SavedView.objects.filter(lake__in=access.visible_to(actor, DataLake)).filter(
        Q(owner=actor.membership) | Q(shared=True, owner__organisation=actor.organisation)
    ),
)


def of(actor: Actor, lake: DataLake) -> QuerySet[SavedView]:
    """Those that an actor sees of a lake."""
    return access.visible_to(actor, SavedView).filter(lake=lake).select_related("owner__user")


@require_GET
@on_lake
def views(request: ActorRequest, row: DataLake) -> HttpResponse:
    """The list of saved views."""
    return render(
        request,
        "evidence/atlas/saved.html",
        {"lake": row, "rows": of(request.actor, row), "me": request.actor.membership.pk},
    )


@require_POST
@on_lake
def save(request: ActorRequest, row: DataLake) -> HttpResponse:
    """Keep an address of this lake's atlas; a name that is taken gets the new one. An address of elsewhere is none."""
    address = request.POST.get("address", "")
    name = request.POST.get("name", "").replace("\x00", "").strip()[:80]
    home = reverse("evidence-atlas", kwargs={"lake": row.pk})
    if name and address.startswith(home) and len(address) <= SavedView.LONGEST:
        SavedView.objects.update_or_create(
            lake=row,
            owner=request.actor.membership,
            name=name,
            defaults={"address": address, "shared": request.POST.get("shared") == "1"},
        )
    return HttpResponseRedirect(reverse("evidence-atlas-saved", kwargs={"lake": row.pk}))


@require_POST
@on_lake
def drop(request: ActorRequest, row: DataLake, pk: int) -> HttpResponse:
    """Drop one's own."""
    access.find(request.actor, SavedView, pk=pk, lake=row, owner=request.actor.membership).delete()
    return HttpResponseRedirect(reverse("evidence-atlas-saved", kwargs={"lake": row.pk}))

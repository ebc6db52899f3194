"""Beginning a pack: the tracks that may be decided on, what of each waits still, and a button that makes it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.pages.cases import click_of
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.forms.decisions import left_out_of
from pingjiang.centre.programme.models import Application, Call, CallTrack
from pingjiang.centre.programme.models.calls import PUBLISHED
from pingjiang.centre.programme.services import decisions, results
from pingjiang.centre.programme.views.shared import status_of, why
from pingjiang.errors import PingjiangError


@for_actor
def new(request: ActorRequest) -> HttpResponseBase:
    """Tracks of calls that may be decided on, each with a button; a POST makes its pack."""
    actor = request.actor
    if not decisions.may_prepare(actor):
        raise Http404
    problem, status = "", 200
    if request.method == "POST":
        call, track = request.POST.get("call", ""), request.POST.get("track", "")
        found = access.find(actor, Call, case_id=int(call) if call.isdecimal() else 0)
        left_out = left_out_of(request.POST)
        try:
            made = decisions.prepare(found, track, actor, left_out, request=click_of(request))
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            return HttpResponseRedirect(reverse("decision", args=[made.case_id]))
    rows = CallTrack.objects.filter(
        call__in=access.visible_to(actor, Call), call__case__owner=actor.organisation, track__in=actor.tracks,
        call__case__state__in=PUBLISHED,
    ).select_related("call__case").order_by("-call")  # fmt: skip
    ways = [_way(row) for row in rows]
    context = {"ways": ways, "problem": problem, "typed": left_out_of(request.POST)}
    return render(request, "programme/decision_new.html", context, status=status)


@dataclass(frozen=True)
class Way:
    """A track of which a pack may be made: its results as they are, and what waits still."""

    row: CallTrack
    track: str
    result: results.Result | None
    waiting: list[Application]
    click: uuid.UUID


def _way(row: CallTrack) -> Way:
    waiting = results.waiting(row.call, row.track)
    result = results.locked(row.call, row.track, without={each.pk for each in waiting})
    return Way(row, said(TRACKS[row.track]), result, waiting, uuid.uuid4())

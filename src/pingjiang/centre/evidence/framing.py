"""What every evidence page has: its lake and release by its address, what it may do, the line under its figures."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pingjiang.centre.casework import access
from pingjiang.centre.evidence import warming
from pingjiang.centre.evidence.access import works_on
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import NotBuilt, Opened, opened
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import refusal

_LAST = "evidence_lake"  # of the session: the lake that was looked at last


def on_lake(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of one lake: `view(request, lake, …)`, with `lake` a DataLake that the actor reads; else 404."""

    @wraps(view)
    def found(request: ActorRequest, lake: int, **more: Any) -> HttpResponseBase:
        row = access.find(request.actor, DataLake, pk=lake)
        if request.session.get(_LAST) != row.pk:  # what is set is written
            request.session[_LAST] = row.pk
        request.synthetic = row.synthetic
        return view(request, row, **more)

    return for_actor(found)


def on_release(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of one release: `view(request, at, …)`, with `at` the Opened that `?release=` names, else the newest.

    A lake without a built release, or a release that is not kept, is answered by a page that says what to do.
    """

    @on_lake
    @wraps(view)
    def found(request: ActorRequest, row: DataLake, **more: Any) -> HttpResponseBase:
        try:
            at = opened(row, request.GET.get("release") or None)
        except NotBuilt as error:
            context = {"lake": row, "why": refusal(error), "works": works_on(request.actor, row)}
            return render(request, "evidence/not_built.html", context, status=404 if "release" in request.GET else 200)
        warming.begin(at)
        asked = request.META.get("QUERY_STRING", "")
        _address(request, _with_release(request, at))
        try:
            return view(request, at, **more)
        except Http404:  # what is hidden reads like what is missing: it knows of no release
            _address(request, asked)
            raise

    return found


def _with_release(request: ActorRequest, at: Opened) -> str:
    """A query that names the release that is shown, so that every way on from the page keeps it.

    Pages of a list, files, switches are addresses made from this one: without the release they would lead to a newer
    one that was published while the page was open, and nobody would notice.
    """
    query = request.GET.copy()
    query["release"] = at.id
    return query.urlencode()


def _address(request: ActorRequest, query: str) -> None:
    """Let the request be one for this query."""
    request.GET = QueryDict(query)
    request.META["QUERY_STRING"] = query


def frame(request: ActorRequest, at: Opened) -> dict[str, Any]:
    """What the templates of a page on a release need.

    `at`, `lake`, `works`, `newer_url` (this page, newest one), `click` (what is sent twice with it is done once).
    """
    query = request.GET.copy()
    query.pop("release", None)
    newer = f"{request.path}?{query.urlencode()}" if query else request.path
    works = works_on(request.actor, at.row)
    return {
        "at": at, "lake": at.row, "works": works, "newer_url": newer if at.newer else "", "click": uuid.uuid4(),
        "ribbon": _("数据版本 %(id)s · %(cutoff)s") % {"id": at.id, "cutoff": cutoff(at)},
    }  # fmt: skip


def cutoff_day(at: Opened) -> datetime.date | None:
    """The cut-off of a release: up to when its sources reach; None where no day of publication is known."""

    def made() -> datetime.date | None:
        with at.session() as session:
            return next((day for (day,) in session.rows("select h.cutoff_date from horizon h")), None)

    return kept(at, "cutoff", made)


def cutoff(at: Opened) -> str:
    """How far the data of a release reach, in words."""
    return _("截止 %(day)s") % {"day": cutoff_day(at) or _("未知")}


def leading_to(name: str) -> Callable[..., HttpResponseBase]:
    """The view behind a menu entry: the page `name` of the lake that was looked at last, else of the actor's first."""

    @require_GET
    @for_actor
    def leads(request: ActorRequest) -> HttpResponseBase:
        mine = access.visible_to(request.actor, DataLake)
        row = mine.filter(pk=request.session.get(_LAST, 0)).first() or mine.first()
        if row is None:
            return HttpResponseRedirect(reverse("evidence"))
        return HttpResponseRedirect(reverse(name, kwargs={"lake": row.pk}))

    return leads

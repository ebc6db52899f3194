"""The search page, its live reading, one's history and sets."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence.framing import cutoff, frame, on_lake, on_release
from pingjiang.centre.evidence.models import DataLake, SavedSet
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rosters import keeping
from pingjiang.centre.evidence.search import facets, history
from pingjiang.centre.evidence.search.asking import COLUMNS, ORDER_WORDS, UNITS, Asking
from pingjiang.centre.pages.lists import SIZES, Marked
from pingjiang.centre.pages.requests import ActorRequest, next_of
from pingjiang.centre.pages.words import is_english, refusal, said
from pingjiang.errors import PingjiangError
from pingjiang.query import echo
from pingjiang.query.dialects import DIALECTS, translate
from pingjiang.search.shared import Shared, shared

_BEFORE = 12  # characters before the first mark
_LIVES = {"in_force": "ok", "pending": "run", "dead": "none", "elsewhere": "run"}
TOOLS = {"incopat": "incoPat", "patsnap": "PatSnap", "patentics": "Patentics", "espacenet": "Espacenet"}


def asking_of(request: ActorRequest, lake: DataLake, got: QueryDict | None = None) -> Asking:
    """What an address asks, with the sets of who asks."""
    asked = got if got is not None else request.GET
    # A query that names nothing does not have every set read.
    named = history.named_sets(request.actor, lake) if "#" in asked.get("q", "") else {}
    return Asking(asked, named)


def index_of(at: Opened) -> Shared | None:
    """The index that searches a release: its own, else the newest there is."""
    return shared(at.lake, at.release)


def index_context(at: Opened, found: Shared | None) -> dict[str, Any]:
    """What a page says of the index: of which release it is, and whether it waits."""
    searched = None if found is None else found.index.release
    return {"searched": searched, "waits": searched != at.built}


def _to(name: str, at: Opened, **more: Any) -> str:
    return f"{reverse(name, kwargs={'lake': at.row.pk, **more})}?{urlencode({'release': at.id})}"


@require_GET
@on_release
def search(request: ActorRequest, at: Opened) -> HttpResponse:
    """The query, its reading, what it finds."""
    began = time.perf_counter()
    asking = asking_of(request, at.row)
    index = index_of(at)
    context: dict[str, Any] = {**frame(request, at), "asking": asking, **index_context(at, index), **_reading(asking)}
    if asking.whole is not None and index is not None:
        context |= _result(request, at, asking, index)
        rosters = keeping.of_lake(request.actor, at.row, "publication")
        context["rosters"] = [each for each in rosters if keeping.changes(request.actor, each)]
        context["seconds"] = f"{time.perf_counter() - began:.2f}"
    elif asking.whole is None and not asking.refused:
        context |= {
            "asked": history.asked_of(request.actor, at.row)[:12],
            "kept": history.sets_of(request.actor, at.row),
        }
    context |= {"tools": TOOLS.items(), "translated": _translated(request)}
    return render(request, "evidence/search/search.html", context)


@require_GET
@on_lake
def reading(request: ActorRequest, lake: DataLake) -> HttpResponse:
    """The reading of a query while it is typed, a part of the page."""
    asking = asking_of(request, lake)
    return render(request, "evidence/search/reading.html", {"asking": asking, **_reading(asking)})


def _reading(asking: Asking) -> dict[str, Any]:
    read = asking.echo("en" if is_english() else "zh")
    return {"reading": read, "refused": refusal(asking.refused) if asking.refused else "", "remedy": _remedy(asking)}


def _remedy(asking: Asking) -> str:
    remedy = None if asking.refused is None else asking.refused.remedy_words
    return "" if remedy is None else said(remedy)


def _result(request: ActorRequest, at: Opened, asking: Asking, index: Shared) -> dict[str, Any]:
    assert asking.whole is not None and asking.tree is not None  # so says who calls
    found = index.found(asking.whole, asking.unit)
    pages = max(1, -(-found.total // asking.size))
    page = min(asking.page, pages)
    hits = found.page((page - 1) * asking.size, asking.size, asking.order)
    number = history.note(request.actor, at.row, asking.text, asking.unit, at.id, found.total)
    address = reverse("evidence-search", kwargs={"lake": at.row.pk})

    def here(**changes: str | None) -> str:
        return f"{address}?{asking.query(release=at.id, **changes)}"

    return {
        "found": found,
        "hits": [_line(at, asking, hit) for hit in hits],
        "number": number,
        "states_until": cutoff(at) if index.index.release == at.built else "",
        "parts": [(part, echo(part.node, "en" if is_english() else "zh")) for part in found.parts()],
        "facets": facets.drawn(found.facets(facets.MOST), asking.text, asking.tree),
        "first": facets.SHOWN,
        "units": [(unit, words, found.totals[unit], here(unit=unit)) for unit, words in UNITS.items()],
        "unit_words": UNITS[asking.unit],
        "orders": [(order, words, order == asking.order) for order, words in ORDER_WORDS.items()],
        "columns": [(name, words, name in asking.columns) for name, words in COLUMNS.items()],
        "heads": [COLUMNS[name] for name in asking.columns],
        "sizes": [(size, here(size=str(size)), size == asking.size) for size in SIZES],
        "page": page,
        "pages": pages,
        "before": here(page=str(page - 1)) if page > 1 else "",
        "after": here(page=str(page + 1)) if page < pages else "",
        "place": asking.query(release=at.id, q=None),
        "request_id": uuid.uuid4(),
        "kept_fields": [
            (name, value)
            for name, values in request.GET.lists()
            if name in ("q", "unit", "order", "size")
            for value in values
        ],
    }


def _line(at: Opened, asking: Asking, hit: dict[str, Any]) -> dict[str, Any]:
    """A hit as it is drawn: number, title with the words marked, where else they stand, its columns."""
    title = hit["title_zh"] or hit["title"] or hit["title_en"] or ""
    if is_english():
        title = hit["title_en"] or hit["title"] or title
    why = {(one["field"], one["text"]): one["places"] for one in hit["why"]}
    marked = pieces(title, why.get(("TI", title), []))
    rest = [
        (one["field"], _closer(pieces(one["text"], one["places"])))
        for one in hit["why"]
        if (one["field"], one["text"]) != ("TI", title)
    ]
    url = reverse("evidence-record", kwargs={"lake": at.row.pk, "publication": hit["publication_id"]})
    return {
        **hit,
        "url": f"{url}?{urlencode({'release': at.id})}&{asking.place()}",
        "marked": marked,
        "rest": rest[:2],
        "cells": [_cell(at, name, hit) for name in asking.columns],
    }


def _cell(at: Opened, name: str, hit: dict[str, Any]) -> dict[str, Any]:
    match name:
        case "applicants":
            names = zip(hit["applicants"], hit["organisations"] or [], strict=False)
            return {"links": [(label, organisation_url(at, whose)) for label, whose in names]}
        case "filed" | "published":
            return {"day": hit["filing_date" if name == "filed" else "publication_date"]}
        case "state":
            return {"state": state_mark(hit["state"], hit["life"]), "tags": hit["overlays"] or []}
        case "family":
            return {"number": hit["family_applications"]}
        case "ipc":
            return {"text": "; ".join((hit["ipc"] or [])[:3])}
    return {"text": "; ".join(hit["nodes"] or [])}


def state_mark(state: str | None, life: str | None) -> Marked | None:
    """A legal state in shape and words; None where it is not known."""
    if state is None or state == "unknown":
        return None
    return Marked(facets.code_label("legal_state", state), _LIVES.get(life or "", "none"))


def organisation_url(at: Opened, organisation: str | None) -> str:
    """The page of an organisation; '' where there is none."""
    if organisation is None:
        return ""
    try:
        url = reverse("evidence-organisation", kwargs={"lake": at.row.pk, "organisation": organisation})
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode({'release': at.id})}"


def pieces(text: str, places: Sequence[Sequence[int]]) -> list[tuple[str, bool]]:
    """A text cut at its marked places: (piece, whether it is marked)."""
    found: list[tuple[str, bool]] = []
    at = 0
    for start, stop in places:
        found += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    return [piece for piece in [*found, (text[at:], False)] if piece[0]]


def _closer(cut: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """A line that is one line high begins close to its first mark."""
    (text, marked), *rest = cut
    return cut if marked or len(text) <= _BEFORE else [("…" + text[-_BEFORE:], False), *rest]


def _translated(request: HttpRequest) -> dict[str, Any] | None:
    """A query of another tool in this language, with what could not be said, where the address asks for it."""
    tool, text = request.GET.get("tool", ""), request.GET.get("from", "").replace("\x00", "").strip()[:4_000]
    if tool not in DIALECTS or not text:
        return None
    try:
        told = translate(text, tool).as_dict()
    except PingjiangError as error:
        return {"tool": tool, "from": text, "problem": refusal(error)}
    english = is_english()
    notes = [
        (item["text"], item["en" if english else "zh"], bool(item.get("set")))
        for item in (*told["untranslated"], *told["changed"])
    ]
    return {"tool": tool, "from": text, "query": told["query"], "notes": notes, "assumed": told["assumed"]}


@require_GET
@on_release
def asked(request: ActorRequest, at: Opened) -> HttpResponse:
    """One's history, and the sets that one may use."""
    context = {
        **frame(request, at),
        "asked": history.asked_of(request.actor, at.row)[:200],
        "kept": history.sets_of(request.actor, at.row),
        "units": UNITS,
        "mine": request.actor.membership.pk,
    }
    return render(request, "evidence/search/history.html", context)


@require_POST
@on_lake
def keep(request: ActorRequest, lake: DataLake) -> HttpResponse:
    """Keep a query, or the publications that were picked, by a name."""
    picked = request.POST.getlist("pick")[:1000]
    text = f"PN=({' OR '.join(picked)})" if picked else request.POST.get("q", "").strip()
    back = next_of(request, reverse("evidence-search", kwargs={"lake": lake.pk}))
    try:
        made = history.keep(
            request.actor, lake, request.POST.get("name", ""), text, shared=request.POST.get("shared") == "1"
        )
    except Refused as refused:
        messages.error(request, said(refused.words))
    except PingjiangError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("已存为 %(name)s") % {"name": made})
    return HttpResponseRedirect(back)


@require_POST
@on_lake
def drop(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponse:
    """Let go of one's own set."""
    access.find(request.actor, SavedSet, pk=pk, lake=lake, kept_by=request.actor.membership).delete()
    return HttpResponseRedirect(next_of(request, reverse("evidence-search-history", kwargs={"lake": lake.pk})))

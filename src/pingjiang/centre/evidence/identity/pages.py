"""The page of an organisation, and that of a person."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pingjiang.centre.evidence.framing import frame, on_release
from pingjiang.centre.evidence.identity import counts, drawing, links, organisations, people, words
from pingjiang.centre.evidence.identity import rights as legal
from pingjiang.centre.evidence.identity.register import firm
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rosters import keeping
from pingjiang.centre.pages.lists import Marked
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import is_english, said
from pingjiang.judging.pairs import row_id
from pingjiang.legal.words import DISCLAIMER
from pingjiang.schema.units import UNITS, Level, Unit

_SPELLINGS_SHOWN = 60
_AHEAD = 365  # days within which what falls due is told


def asked_unit(request: ActorRequest, otherwise: Unit = "simple_family") -> Unit:
    """The counting unit that the address asks for."""
    wanted = request.GET.get("unit", "")
    return next((unit for unit in UNITS if unit == wanted), otherwise)


def _address(request: ActorRequest, at: Opened, **changes: str) -> str:
    query = request.GET.copy()
    query["release"] = at.id
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"


@require_GET
@on_release
def organisation(request: ActorRequest, at: Opened, organisation: str) -> HttpResponse:
    """All that is known of an organisation."""
    found = organisations.known(at, organisation)
    if found is None:
        raise Http404
    unit = asked_unit(request)
    level: Level = "group" if request.GET.get("level") == "group" else "entity"
    count = counts.counted(at, found.number[level], unit)
    both = {each: counts.total(at, found.number[each], unit) for each in ("entity", "group")}
    newest, inventors = organisations.newest(at, organisation), organisations.inventors(at, organisation)
    nodes, more_nodes = drawing.bars(
        [(None if node is None else _named(zh, en) or node, items, None) for node, zh, en, items in count.nodes],
        _("未归类"),
    )
    places, more_places = drawing.bars(
        [(_place(country, province, city), items, None) for country, province, city, items in count.places], _("未知")
    )
    states, _more = drawing.bars(
        [(None if state == "unknown" else words.state(state), items, None)
         for state, items in counts.states(at, found.number[level])],
        _("未知"), most=12,
    )  # fmt: skip
    spans, marks = drawing.spans(
        found.members, organisation, int(at.release.created_at[:4]), _held,
        lambda row: links.page(at, "evidence-organisation", row["organisation_id"]),
    )  # fmt: skip
    row = found.row
    context = {
        **frame(request, at), "known": found, "row": row, "unit": words.unit(unit), "count": count,
        "kind": words.kind(row["kind"]), "where": _place(row["country"], row["province"], row["city"]),
        "levels": [(label, both[each], _address(request, at, level=each), each == level)
                   for each, label in (("entity", _("本实体")), ("group", _("含集团")))],
        "units": [(words.unit(each), _address(request, at, unit=each), each == unit) for each in UNITS],
        "spellings": [_spelling(each, found.judgements) for each in found.spellings[:_SPELLINGS_SHOWN]],
        "more_spellings": max(0, len(found.spellings) - _SPELLINGS_SHOWN),
        "doubts": [_doubt(at, each) for each in found.doubts],
        "years": _years(count.years), "nodes": nodes, "more_nodes": more_nodes, "places": places,
        "more_places": more_places, "states": states, "spans": spans, "marks": marks, "drawn": drawing.WIDTH,
        "partners": [(name, items, links.page(at, "evidence-organisation", key))
                     for key, name, items in count.partners],
        "newest": [(each, links.publication(at, each["publication_id"]), _title(each)) for each in newest],
        "inventors": [(each, links.page(at, "evidence-person", each["inventor_id"])) for each in inventors],
        "firm": firm(at, found.row["credit_code"]), "search_url": links.search(at, "PA", found.row["name"]),
        "list_url": links.page(at, "evidence-identity"), "disclaimer": said(DISCLAIMER),
        "rights_url": links.page(at, "evidence-organisation-rights", organisation),
        "rosters": keeping.beside(request.actor, at.row, "organisation", organisation),
    }  # fmt: skip
    return render(request, "evidence/identity/organisation.html", context)


@require_GET
@on_release
def rights(request: ActorRequest, at: Opened, organisation: str) -> HttpResponse:
    """What falls due of an organisation's rights within a year, by the library's calendar."""
    found = organisations.known(at, organisation)
    if found is None:
        raise Http404
    today = timezone.localdate()
    entries = legal.ends(at, organisation, today, today + datetime.timedelta(days=_AHEAD))
    lines = [
        {
            **each, "title_shown": each["title"], "url": links.publication(at, each["publication_id"] or ""),
            "what_said": _("第 %(year)s 年年费") % {"year": each["year"]} if each["what"] == "fee" else _("期限届满"),
            "mark": Marked(_("滞纳期"), "warn") if each["standing"] == "in_grace" else None,
            "by": each["pay_by"] or each["due"], "state_said": words.state(each["state"]),
        }
        for each in entries
    ]  # fmt: skip
    context = {
        **frame(request, at), "row": found.row, "lines": lines, "from": today,
        "until": today + datetime.timedelta(days=_AHEAD),
        "back": links.page(at, "evidence-organisation", organisation), "disclaimer": said(DISCLAIMER),
    }  # fmt: skip
    return render(request, "evidence/identity/rights.html", context)


@require_GET
@on_release
def person(request: ActorRequest, at: Opened, inventor: str) -> HttpResponse:
    """What published patents say of a person named as inventor."""
    found = people.known(at, inventor)
    if found is None:
        raise Http404
    fields, more_fields = drawing.bars(
        [(None if node is None else _named(zh, en) or node, items, None) for node, zh, en, items in found.fields],
        _("未归类"),
    )
    context = {
        **frame(request, at), "row": found.row, "known": found, "fields": fields, "more_fields": more_fields,
        "spellings": [{**each, "said": words.reasons(each["reasons"])} for each in found.spellings],
        "employers": [(each, links.page(at, "evidence-organisation", each["organisation_id"]))
                      for each in found.employers],
        "colleagues": [(each, links.page(at, "evidence-person", each["inventor_id"])) for each in found.colleagues],
        "newest": [(each, links.publication(at, each["publication_id"]), _title(each)) for each in found.newest],
        "doubts": [
            {"a": each["mention_a"], "b": each["mention_b"], "score": each["score"],
             "url": links.page(at, "evidence-review", level="inventor",
                               pair=row_id("inventor", each["mention_a"], each["mention_b"]))}
            for each in found.doubts
        ],
        "years": _years(found.years), "search_url": links.search(at, "IN", found.row["name"]),
        "list_url": links.page(at, "evidence-people"),
        "rosters": keeping.beside(request.actor, at.row, "inventor", inventor),
    }  # fmt: skip
    return render(request, "evidence/identity/person.html", context)


def _named(zh: str | None, en: str | None) -> str:
    return (en if is_english() and en else zh) or en or ""


def _title(row: Mapping[str, Any]) -> str:
    return _named(row["title_zh"], row["title_en"]) or row["title"] or ""


def _place(country: str | None, province: str | None, city: str | None) -> str | None:
    return " · ".join(part for part in (words.country(country), province, city) if part) or None


def _years(rows: list[tuple[int | None, int]]) -> dict[str, Any]:
    """Bars by year, of 0 to 100, every year between the first and the last; and how many are without a year."""
    known = {int(year): items for year, items in rows if year is not None}
    top = max(known.values(), default=1)
    span = range(min(known), max(known) + 1) if known else range(0)
    drawn = [
        (at * 10, year, known.get(year, 0), round(100 * known.get(year, 0) / top, 1)) for at, year in enumerate(span)
    ]
    return {
        "bars": [(x, year, items, height, round(100 - height, 1)) for x, year, items, height in drawn],
        "width": max(10, 10 * len(drawn)), "first": min(known, default=None), "last": max(known, default=None),
        "unknown": sum(items for year, items in rows if year is None), "peak": top if known else 0,
    }  # fmt: skip


def _spelling(row: Mapping[str, Any], judgements: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A spelling with its reasons, and who concluded that it is this organisation."""
    told = [judgements[each.split()[1]] for each in row["reasons"] or () if each.startswith("judgement ")
            and each.split()[1] in judgements]  # fmt: skip
    names = set(row["reasons"] or ())
    if told:
        mark = Marked("、".join(sorted({each["who"] for each in told})), "ok")
    elif names & {"register", "former_name"}:
        mark = Marked(_("名录"), "ok")
    else:
        mark = Marked(_("系统推定"), "run")
    score = row["score"]
    return {
        "name": row["name"], "mentions": row["mentions"], "mark": mark,
        "why": [each["why"] for each in told if each["why"]],
        "score": None if score is None else round(100 * score), "reasons": words.reasons(row["reasons"]),
    }  # fmt: skip


def _doubt(at: Opened, row: Mapping[str, Any]) -> dict[str, Any]:
    key = row_id(row["level"], row["name_a"], row["name_b"])
    return {
        **row, "score": round(100 * row["score"]), "reasons": words.reasons(row["reasons"]),
        "level_said": said(words.LEVELS[row["level"]]),
        "url": links.page(at, "evidence-review", level=row["level"], pair=key),
    }  # fmt: skip


def _held(row: Mapping[str, Any]) -> str:
    """Since when and until when an entity belongs to the group, and who says so."""
    if row["source"] is None:
        return ""
    if row["source"] == "name":
        return _("依名称，起止未知")
    since = row["from_date"].isoformat() if row["from_date"] else _("起未知")
    until = row["to_date"].isoformat() if row["to_date"] else _("至今或未知")
    return _("名录：%(since)s 至 %(until)s") % {"since": since, "until": until}

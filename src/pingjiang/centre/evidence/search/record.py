"""The page of a publication: all that its release tells, each fact with the cell that it came from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pingjiang.centre.evidence.framing import frame, on_release
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rosters import keeping
from pingjiang.centre.evidence.rows import cell_of
from pingjiang.centre.evidence.search import facets
from pingjiang.centre.evidence.search.answering import NotIndexed, told_of
from pingjiang.centre.evidence.search.asking import UNITS, Asking
from pingjiang.centre.evidence.search.views import (
    asking_of,
    index_context,
    index_of,
    organisation_url,
    state_mark,
)
from pingjiang.centre.pages.figures import Provenance
from pingjiang.centre.pages.lists import Linked, Marked
from pingjiang.centre.pages.records import Bind, Fact, FactGroup, Record, Tab
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import is_english, refusal
from pingjiang.legal.vocabulary import load_kinds
from pingjiang.pipeline.publications import place_of
from pingjiang.search.shared import Shared

_TABS = ("", "claims", "family", "citations", "legal", "sources")


@require_GET
@on_release
def record(request: ActorRequest, at: Opened, publication: str) -> HttpResponse:
    """A publication. Where no index is there yet the page offers to make it: facts are fetched from beside it."""
    index = index_of(at)
    asking = asking_of(request, at.row)
    context: dict[str, Any] = {**frame(request, at), **index_context(at, index), "publication_id": publication}
    if index is None:
        return render(request, "evidence/search/no_index.html", context)
    try:
        told = told_of(at, index, publication)
    except NotIndexed as error:
        return render(request, "evidence/search/no_index.html", {**context, "why": refusal(error)})
    if told is None:
        raise Http404
    tab = request.GET.get("tab", "")
    page = _Page(request, at, told, tab if tab in _TABS else "")
    context |= {
        "told": told,
        "tab": page.tab,
        "record": page.record(),
        "claims": page.claims(),
        "sources": told["said"],
        "beside": _beside(at, asking, index, publication),
        "nodes": [(each, [_name(one) for one in each["path"]]) for each in told["nodes"]],
        "cites": page.citations("cites"),
        "cited_by": page.citations("cited_by"),
        "documents": page.documents(told["documents"]),
        "kin": page.documents(told["kin"]),
        "timeline": page.timeline(),
        "because": page.because(),
        "rosters": keeping.beside(request.actor, at.row, "publication", publication),
        "similar_url": f"{reverse('evidence-similar', kwargs={'lake': at.row.pk})}?"
        f"{urlencode({'release': at.id, 'publication': publication})}",
    }
    return render(request, "evidence/search/record.html", context)


def _name(row: Mapping[str, Any]) -> str:
    names = (row.get("name_en"), row.get("name_zh")) if is_english() else (row.get("name_zh"), row.get("name_en"))
    return str(names[0] or names[1] or row.get("name") or row.get("node_id") or "")


def _beside(at: Opened, asking: Asking, index: Shared, publication: str) -> dict[str, Any] | None:
    """Where it stands in the result that it was opened from, and its neighbours there."""
    if asking.whole is None:
        return None
    found = index.found(asking.whole, asking.unit)
    place = found.beside(publication, asking.order)
    if place is None:
        return None

    def to(one: str | None) -> str:
        if one is None:
            return ""
        url = reverse("evidence-record", kwargs={"lake": at.row.pk, "publication": one})
        return f"{url}?{urlencode({'release': at.id})}&{asking.place()}"

    number, before, after = place
    back = f"{reverse('evidence-search', kwargs={'lake': at.row.pk})}?{urlencode({'release': at.id})}&{asking.place()}"
    return {
        "number": number + 1, "total": found.total, "unit": UNITS[asking.unit], "before": to(before),
        "after": to(after), "back": back, "text": asking.text,
    }  # fmt: skip


class _Page:
    """The parts of the page, from what the library tells."""

    def __init__(self, request: ActorRequest, at: Opened, told: Mapping[str, Any], tab: str) -> None:
        self.request, self.at, self.told, self.tab = request, at, told, tab
        self.publication = told["publication"]

    def record(self) -> Record:
        """Title, state, tabs, facts, what binds."""
        titles = [self.publication[name] for name in ("title_zh", "title", "title_en")]
        first, *others = dict.fromkeys(title for title in (reversed(titles) if is_english() else titles) if title) or [
            self.publication["publication_id"]
        ]
        legal = self.told["legal"]
        home = f"{reverse('evidence-search', kwargs={'lake': self.at.row.pk})}?{urlencode({'release': self.at.id})}"
        mark = state_mark(legal["state"], legal["life"]) or Marked(_("法律状态未知"), "none")
        return Record(
            str(first),
            [(_("检索"), home), (self.publication["publication_id"], None)],
            replace(mark, text=_("%(state)s（截至 %(day)s）") % {"state": mark.text, "day": legal["at"]}),
            " · ".join(map(str, others[:1])),
            self._tabs(),
            list(self._facts()) if self.tab == "" else (),
            list(self._binds()),
        )

    def _tabs(self) -> list[Tab]:
        told = self.told
        counts: dict[str, tuple[str, int | None]] = {
            "": (_("著录"), None),
            "claims": (_("权利要求"), len(told["claims"])),
            "family": (_("同族"), len(told["kin"]) + len(told["documents"])),
            "citations": (_("引证"), len(told["cites"]) + len(told["cited_by"]) + len(told["literature"])),
            "legal": (_("法律"), len(told["facts"])),
            "sources": (_("来源"), len(told["said"])),
        }
        return [Tab(label, self.here(tab=name), count, name == self.tab) for name, (label, count) in counts.items()]

    def here(self, **changes: str) -> str:
        """This page with changes, on its release."""
        got = self.request.GET.copy()
        got["release"] = self.at.id
        for name, value in changes.items():
            got[name] = value
        return f"{self.request.path}?{got.urlencode()}"

    def _fact(self, label: str, name: str, value: object | None = None) -> Fact:
        shown = self.publication[name] if value is None else value
        if isinstance(shown, datetime.date):
            shown = shown.isoformat()
        return Fact(label, shown, provenance=self._cell(name, label) if shown is not None else None)

    def _cell(self, name: str, label: str) -> Provenance | None:
        """The cell that told a fact: file, sheet, row, column."""
        cell = self.told["cells"].get(name)
        return (
            None if cell is None else provenance(label, cell["source_row"], cell["columns"], self.here(tab="sources"))
        )

    def _facts(self) -> Iterator[FactGroup]:
        row = self.publication
        yield FactGroup(
            _("号码与日期"),
            [
                self._fact(_("公开号"), "publication_id"),
                Fact(_("申请号"), None)
                if _stands_in(row["application_id"])
                else self._fact(_("申请号"), "application_id"),
                self._fact(_("申请日"), "filing_date"),
                self._fact(_("公开日"), "publication_date"),
                self._fact(_("授权公告日"), "grant_date"),
                self._fact(_("最早优先权日"), "priority_date"),
                self._fact(_("专利类型"), "patent_type", facets.code_label("patent_type", row["patent_type"]) or None),
                self._fact(_("权利要求数"), "claim_count"),
            ],
        )
        yield FactGroup(_("申请人"), list(self._applicants()))
        yield FactGroup(_("发明人"), list(self._inventors()))
        yield FactGroup(_("分类号"), list(self._classes()))

    def _applicants(self) -> Iterator[Fact]:
        for party in self.told["applicants"]:
            names = [party["name"], *(party[name] for name in ("name_zh", "name_en") if party[name])]
            url = organisation_url(self.at, party["organisation_id"])
            label = " · ".join(dict.fromkeys(names))
            where = [text for text in (party["country"], party["address"]) if text]
            yield Fact(str(party["sequence"]), Linked(label, url or None), " · ".join(where))

    def _inventors(self) -> Iterator[Fact]:
        for person in self.told["inventors"]:
            names = [person["name"], *(person[name] for name in ("name_zh", "name_en") if person[name])]
            yield Fact(str(person["sequence"]), " · ".join(dict.fromkeys(names)), person["country"] or "")

    def _classes(self) -> Iterator[Fact]:
        for scheme in dict.fromkeys(row["scheme"] for row in self.told["classes"]):
            symbols = [row for row in self.told["classes"] if row["scheme"] == scheme]
            text = "; ".join(row["symbol"] for row in symbols)
            yield Fact(
                scheme, text, provenance=provenance(scheme, symbols[0]["source_row"], None, self.here(tab="sources"))
            )

    def _binds(self) -> Iterator[Bind]:
        legal = self.told["legal"]
        for name in legal["overlays"]:
            yield Bind(facets.code_label("legal_state", name), Marked(facets.code_label("legal_state", name), "warn"))
        term = legal["term"]
        if term is not None and term["ends_date"]:
            rules = "; ".join(f"{rule['source']} {rule['clause']}" for rule in legal["rules"])
            yield Bind(_("期限届满（推定）"), Marked(_("系统推定"), "run"), f"{term['ends_date']} · {rules}")
        if self.publication["standing"] in ("withdrawn", "deleted"):
            yield Bind(_("文献已撤回或删除，不计入统计"), Marked(_("不计"), "warn"))
        for row in self.told["conflicts"]:
            why = f"{row['taken']} ({row['taken_row']}) ≠ {row['other']} ({row['other_row']})"
            yield Bind(_("来源说法不一：%(field)s") % {"field": row["field"]}, Marked(_("已取其一"), "warn"), why)

    def claims(self) -> list[dict[str, Any]]:
        """Claims with what they depend on, those that depend set in."""
        return [
            {**row, "depends": ", ".join(map(str, row["depends_on"] or [])), "source": cell_of(row["source_row"])}
            for row in self.told["claims"]
        ]

    def citations(self, name: str) -> list[dict[str, Any]]:
        """Citations of one direction; what the lake holds leads to its page."""
        return [
            {**row, "url": self._to(row["other_id"]) if row["held"] else "", "source": cell_of(row["source_row"])}
            for row in self.told[name]
        ]

    def documents(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Publications with their pages and states."""
        return [
            {**row, "url": self._to(row["publication_id"]), "mark": state_mark(row["state"], row["life"])}
            for row in rows
        ]

    def _to(self, publication: str) -> str:
        url = reverse("evidence-record", kwargs={"lake": self.at.row.pk, "publication": publication})
        return f"{url}?{urlencode({'release': self.at.id})}"

    def timeline(self) -> list[dict[str, Any]]:
        """The facts of the legal state, by day."""
        return [
            {**row, "words": _event(row["kind"]), "source": cell_of(row["source_row"])} for row in self.told["facts"]
        ]

    def because(self) -> list[dict[str, Any]]:
        """What the state rests on."""
        legal = self.told["legal"]
        return [
            {**one, "words": _event(one["event"]), "place": None if one.get("computed") else cell_of(one["source"])}
            for one in legal["because"]
        ]


def _stands_in(application: str | None) -> bool:
    return application is None or application.startswith("publication:")


def _event(kind: str) -> str:
    words = load_kinds().get(kind)
    return kind if words is None else str(words.en if is_english() else words.zh)


def provenance(title: str, source_row: str | None, columns: list[str] | None, url: str) -> Provenance | None:
    """The card of a fact: file, sheet, row and column of the cell that told it."""
    place = place_of(source_row)
    if place is None:
        return None
    facts = [(_("文件"), str(place["file"])), (_("行"), str(place["row"])), (_("工具"), str(place["format"]))]
    if place["sheet"]:
        facts.insert(1, (_("工作表"), str(place["sheet"])))
    if columns:
        facts.insert(-1, (_("列"), " / ".join(columns)))
    return Provenance(title, facts, [(_("看来源行"), url)])

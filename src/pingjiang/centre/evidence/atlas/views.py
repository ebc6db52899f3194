"""Pages of the atlas for those who read the lake: figures, the list behind a number, the network as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.atlas import networks
from pingjiang.centre.evidence.access import shares
from pingjiang.centre.evidence.atlas import by_node, by_organisation, by_place, by_time, results, saved
from pingjiang.centre.evidence.atlas.asking import Asked, asked
from pingjiang.centre.evidence.atlas.bar import Bar
from pingjiang.centre.evidence.atlas.telling import Part, Telling
from pingjiang.centre.evidence.framing import frame, on_release
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.pages.figure_pages import figure_page
from pingjiang.centre.pages.lists import SIZES, Choice
from pingjiang.centre.pages.requests import ActorRequest, SiteRequest

Parts = Callable[[Telling], Iterable[Part | None]]


def _overview(tell: Telling) -> Iterable[Part | None]:
    yield by_node.wards(tell)
    yield _of_three(by_time.filings(tell))
    yield by_place.ranking(tell, 4)
    yield by_organisation.top(tell, 4, 10)


def _of_three(part: Part) -> Part:
    return Part(part.figure, 4, part.template, part.data, "time/")


def _time(tell: Telling) -> Iterable[Part | None]:
    return (
        by_time.filings(tell),
        by_time.growth(tell),
        by_time.grants(tell),
        by_time.grant_lag(tell),
        by_time.legal_states(tell),
    )


def _places(tell: Telling) -> Iterable[Part | None]:
    yield by_place.ranking(tell)
    yield by_place.tiles(tell)
    yield by_place.by_node(tell)
    yield by_place.firms(tell)


def _nodes(tell: Telling) -> Iterable[Part | None]:
    return (by_node.wards(tell), by_node.node_year(tell), by_node.firms_by_node(tell))


def _organisations(tell: Telling) -> Iterable[Part | None]:
    yield by_organisation.top(tell)
    yield by_organisation.entrants(tell)
    yield by_node.node_organisation(tell)
    yield by_organisation.concentration(tell)


def _network(tell: Telling) -> Iterable[Part | None]:
    return (by_organisation.network(tell),)


# The views of the atlas: address, name, figures. All of one release under one filter.
VIEWS: dict[str, tuple[str | Promise, Parts]] = {
    "": (gettext_lazy("概览"), _overview),
    "time": (gettext_lazy("时间"), _time),
    "places": (gettext_lazy("地域"), _places),
    "nodes": (gettext_lazy("节点"), _nodes),
    "organisations": (gettext_lazy("申请人"), _organisations),
    "network": (gettext_lazy("合作网络"), _network),
}


def told(request: SiteRequest, at: Opened, home: str, *, links: bool = True) -> Telling:
    """What is asked by the address of a request, of a release."""
    return Telling(at, asked(request.GET, at.id), home, links, at.row.synthetic)


def context_of(tell: Telling, view: str, home: str) -> dict[str, Any]:
    """What the pages with figures share: parts, bar, the way to the other views. Parts are made where they are read."""
    if view not in VIEWS:
        raise Http404
    name, make = VIEWS[view]
    chosen = f"{view}/" if view else ""
    parts = SimpleLazyObject(lambda: [part for part in make(tell) if part is not None])
    tabs = [
        Choice(key, str(label), key == view, f"{home}{key}{'/' if key else ''}?{tell.asked.query}")
        for key, (label, _make) in VIEWS.items()
    ]
    chain = list(tell.nodes.values())
    return {
        "title": name,
        "view": view,
        "tabs": tabs,
        "bar": Bar(tell, chosen),
        "parts": parts,
        "tell": tell,
        "n": tell.n,
        "ribbon": _ribbon(tell),
        "chain_name": tell.rule,
        "query": tell.asked.query,
        "home": home,
        "chain_counts": [
            sum(row["parent_id"] is None for row in chain),
            sum(not row["is_leaf"] and row["parent_id"] is not None for row in chain),
            sum(row["is_leaf"] for row in chain),
        ],
    }


def drawn(request: SiteRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of figures, or the workbook of the one that the address names."""
    named = "figure" in request.GET
    return figure_page(request, template, context, [part.figure for part in context["parts"]] if named else ())


def _ribbon(tell: Telling) -> str:
    return _("数据版本 %(id)s · %(cutoff)s") % {"id": tell.at.id, "cutoff": tell.cutoff}


def _home(at: Opened) -> str:
    return reverse("evidence-atlas", kwargs={"lake": at.row.pk})


@require_GET
@on_release
def atlas(request: ActorRequest, at: Opened, view: str = "") -> HttpResponse:
    """A view of the atlas."""
    home = _home(at)
    request.synthetic = at.row.synthetic
    tell = told(request, at, home)
    found = context_of(tell, view, home)
    context = {
        **frame(request, at),
        **found,
        "saves": saved.of(request.actor, at.row).count(),
        "may_share": shares(request.actor, at.row),
        "here": f"{request.path}?{tell.asked.query}",
        "graphml": f"{home}network.graphml?{tell.asked.query}",
    }
    return drawn(request, "evidence/atlas/view.html", context)


@require_GET
@on_release
def items(request: ActorRequest, at: Opened) -> HttpResponse:
    """The list of what is counted in a number."""
    home = _home(at)
    tell = told(request, at, home)
    size = next((size for size in SIZES if str(size) == request.GET.get("size")), SIZES[0])
    page = Paginator(range(tell.n), size).get_page(request.GET.get("page"))
    rows = results.listed(at, tell.asked.under, (page.number - 1) * size, size)
    lines = [
        {**row, "url": _record(at, row["publication_id"]), "node_names": [tell.node(each) for each in row["nodes"]]}
        for row in rows
    ]

    def to(**more: int) -> str:
        query = QueryDict(tell.asked.query, mutable=True)
        query.update({"size": str(size), **{name: str(value) for name, value in more.items()}})
        return f"{request.path}?{query.urlencode()}"

    request.synthetic = at.row.synthetic
    context = {
        **frame(request, at),
        "bar": Bar(tell, "items/"),
        "tell": tell,
        "lines": lines,
        "page": page,
        "n": tell.n,
        "sizes": [Choice(str(each), str(each), each == size, to(size=each)) for each in SIZES],
        "before": to(page=page.number - 1) if page.has_previous() else "",
        "after": to(page=page.number + 1) if page.has_next() else "",
        "figures_url": f"{home}?{tell.asked.query}",
    }
    return render(request, "evidence/atlas/items.html", context)


def _record(at: Opened, publication: str | None) -> str | None:
    """The page of a publication, where there is one."""
    if publication is None:
        return None
    for name in ("publication", "number", "key"):
        try:
            return f"{reverse('evidence-record', kwargs={'lake': at.row.pk, name: publication})}?release={at.id}"
        except NoReverseMatch:
            continue
    return None


@require_GET
@on_release
def graphml(request: ActorRequest, at: Opened) -> HttpResponse:
    """The whole network of co-applicants under the filter."""
    ask: Asked = asked(request.GET, at.id)
    pairs = results.pairs(at, ask.under, ask.level)
    about = " · ".join([*([_("示例数据")] if at.row.synthetic else []), _("共同申请网络"), at.id, ask.query])
    answer = HttpResponse(
        networks.as_graphml(networks.pairs_of(pairs), results.names_in(pairs), about),
        content_type="application/graphml+xml",
    )
    name = f"pingjiang-co-applicants-{at.id}.graphml"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer

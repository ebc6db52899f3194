"""The tree of the chain, its leaves, their samples judged by keyboard, and their release."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.evidence.chain import leaves, shown
from pingjiang.centre.evidence.framing import frame, on_release
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.persons import name_in_log
from pingjiang.centre.pages.lists import SIZES, XLSX, Marked
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import refusal
from pingjiang.errors import PingjiangError
from pingjiang.judging.placements import Standing
from pingjiang.judging.strategy import StrategyDesk

STATES: dict[str, tuple[tuple[str, str], str]] = {
    "empty": (("无公开", "Empty"), "none"),
    "not judged": (("未判读", "Not judged"), "none"),
    "in part": (("未判读完", "Judged in part"), "run"),
    "below": (("低于下限", "Below the bar"), "warn"),
    "ready": (("达到下限", "Meets the bar"), "ok"),
}
RELEASED: dict[str | None, tuple[tuple[str, str], str]] = {
    "yes": (("已发布", "Released"), "ok"),
    "changed": (("发布后改动", "Changed since"), "warn"),
    None: (("未发布", "Not released"), "none"),
}


def page_of(at: Opened, name: str, **more: Any) -> str:
    """The address of a page on this lake and release."""
    return f"{reverse(name, kwargs={'lake': at.row.pk, **more})}?release={at.id}"


def search_url(at: Opened, query: str) -> str | None:
    """The search page with a query; None where this site has none."""
    try:
        address = reverse("evidence-search", kwargs={"lake": at.row.pk})
    except NoReverseMatch:
        return None
    from urllib.parse import urlencode

    return f"{address}?{urlencode({'q': query, 'release': at.id})}"


def record_url(at: Opened, publication: str) -> str | None:
    """The page of a publication; None where this site has none."""
    try:
        address = reverse("evidence-record", kwargs={"lake": at.row.pk, "publication": publication})
    except NoReverseMatch:
        return None
    return f"{address}?release={at.id}"


def marks(standing: Standing | None) -> dict[str, Any]:
    """How a leaf stands, as it is drawn."""
    if standing is None:
        return {}
    state, released = STATES[standing.state], RELEASED[standing.released]
    return {"state": Marked(_say(state[0]), state[1]), "released": Marked(_say(released[0]), released[1])}


def _say(words: tuple[str, str]) -> str:
    from pingjiang.centre.pages.words import said

    return said(words)


def chain_frame(request: ActorRequest, at: Opened, tab: str) -> dict[str, Any]:
    """What each page on the chain needs."""
    unit = shown.unit_of(request.GET.get("unit"))
    query = request.GET.copy()
    query["release"] = at.id
    units = []
    for name, words in shown.UNIT_WORDS.items():
        query["unit"] = name
        query.pop("page", None)
        units.append((words, f"{request.path}?{query.urlencode()}", name == unit))
    tabs = [
        (name, words, page_of(at, address))
        for name, words, address in (
            ("tree", ("产业链", "Chain"), "evidence-chain"),
            ("coverage", ("覆盖率与对照表", "Coverage"), "evidence-chain-coverage"),
            ("strategy", ("检索策略", "Strategy"), "evidence-chain-strategy"),
            ("versions", ("版本", "Versions"), "evidence-chain-versions"),
            ("tags", ("标引", "Tagging"), "evidence-chain-tags"),
        )
    ]
    return {
        **frame(request, at), "unit": unit, "unit_words": shown.UNIT_WORDS[unit], "units": units, "tabs": tabs,
        "tab": tab, "told": shown.chain_told(at), "search": request.GET.urlencode(),
    }  # fmt: skip


@require_GET
@on_release
def tree(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """The tree with its counts, how its leaves stand, and what stands on none."""
    context = chain_frame(request, at, "tree")
    outline, standings = shown.outline(at, context["unit"]), shown.standings(at)
    parents = {row["node_id"]: row["parent_id"] for row in outline.nodes}
    rows = []
    for row in outline.nodes:
        above, node = [], row["parent_id"]
        while node is not None:
            above.append(node)
            node = parents[node]
        standing = standings.get(row["node_id"])
        url = f"{page_of(at, 'evidence-chain-node', node=row['node_id'])}&unit={context['unit']}"
        rows.append({**row, "above": " ".join(above), "url": url, "standing": standing, **marks(standing)})
    places = {
        where: f"{page_of(at, 'evidence-chain-where', where=where)}&unit={context['unit']}"
        for where in ("none", "several")
    }
    return render(
        request, "evidence/chain/tree.html",
        {**context, "outline": outline, "rows": rows, "places": places, "known": bool(standings)},
    )  # fmt: skip


@require_GET
@on_release
def coverage(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """Coverage by level, and national tables that were counted on this release."""
    from pingjiang.centre.evidence.models import ChainFinding

    context = chain_frame(request, at, "coverage")
    national = ChainFinding.objects.filter(lake=at.row, kind="national", release=at.built)[:10]
    return render(
        request, "evidence/chain/coverage.html",
        {**context, "outline": shown.outline(at, context["unit"]), "national": national},
    )  # fmt: skip


def _listed(request: ActorRequest, placed: leaves.Placed) -> dict[str, Any]:
    asked = request.GET.get("size", "")
    size = int(asked) if asked in {str(each) for each in SIZES} else SIZES[0]
    page: Page[Any] = Paginator(placed, size).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    query = request.GET.copy()
    query["release"] = placed.at.id

    def address(**changes: int) -> str:
        for name, value in changes.items():
            query[name] = str(value)
        return f"{request.path}?{query.urlencode()}#rows"

    return {
        "page": page, "items": [{**row, "url": record_url(placed.at, row["publication_id"])} for row in page],
        "before": address(page=page.previous_page_number()) if page.has_previous() else None,
        "after": address(page=page.next_page_number()) if page.has_next() else None,
        "sizes": [(each, address(size=each, page=1), each == size) for each in SIZES],
    }  # fmt: skip


@require_GET
@on_release
def where(request: ActorRequest, at: Opened, where: str) -> HttpResponseBase:
    """What stands on no leaf, or on several."""
    if where not in ("none", "several"):
        raise Http404
    context = chain_frame(request, at, "tree")
    placed = leaves.Placed(at, context["unit"], None, where)
    title = _("未归类") if where == "none" else _("归入多个末级")
    return render(request, "evidence/chain/where.html", {**context, "title": title, **_listed(request, placed)})


@require_GET
@on_release
def node(request: ActorRequest, at: Opened, node: str) -> HttpResponseBase:
    """A node: definition, rules, sample and precision, and what lies there with the reason."""
    context = chain_frame(request, at, "tree")
    outline = shown.outline(at, context["unit"])
    row = next((each for each in outline.nodes if each["node_id"] == node), None)
    if row is None:
        raise Http404
    leaf, standing = leaves.leaf_of(at, node), shown.standings(at).get(node)
    chain = shown.chain_of(at)
    return render(
        request, "evidence/chain/node.html",
        {
            **context, "row": row, "leaf": leaf, "standing": standing, **marks(standing),
            "rules": leaves.rules_of(at, leaf) if leaf else [], "bar": chain.release_at if chain else None,
            "sample": leaves.sample_of(at, leaf) if leaf and leaf.is_leaf else [],
            "judge_url": page_of(at, "evidence-chain-judge", node=node), "may": context["works"] and not at.newer,
            "search_url": search_url(at, f"NODE={node}"), **_listed(request, leaves.Placed(at, context["unit"], node)),
        },
    )  # fmt: skip


def _next(sample: list[Any], after: int) -> int | None:
    order = [*range(after, len(sample)), *range(after)]
    return next((at + 1 for at in order if sample[at].verdict is None), None)


@on_release
def judge(request: ActorRequest, at: Opened, node: str) -> HttpResponseBase:
    """The sample of a leaf, one publication at a time: right, wrong, unsure, and undo."""
    leaf = leaves.leaf_of(at, node)
    if leaf is None or not leaf.is_leaf:
        raise Http404
    context = chain_frame(request, at, "tree")
    sample = leaves.sample_of(at, leaf)
    asked = request.GET.get("at", "")
    place = int(asked) if asked.isdecimal() and 0 < int(asked) <= len(sample) else _next(sample, 0) or 1
    here = page_of(at, "evidence-chain-judge", node=node)
    if request.method == "POST":
        return _judged(request, at, leaf.id, here, context["works"])
    return render(
        request, "evidence/chain/judge.html",
        {
            **context, "leaf": leaf, "sample": sample, "place": place, "each": sample[place - 1] if sample else None,
            "standing": shown.standings(at).get(node), "may": context["works"] and not at.newer,
            "back": page_of(at, "evidence-chain-node", node=node), "rules": leaves.rules_of(at, leaf),
            "before": f"{here}&at={place - 1}" if place > 1 else None,
            "after": f"{here}&at={place + 1}" if place < len(sample) else None,
        },
    )  # fmt: skip


def _judged(request: ActorRequest, at: Opened, leaf: str, here: str, works: bool) -> HttpResponseBase:
    chain = shown.chain_of(at)
    if not works or chain is None:
        raise Http404
    if at.newer:
        messages.error(request, _("已有更新的版本，请在新版本上判读。"))
        return HttpResponseRedirect(here)
    desk, who = StrategyDesk(at.lake), name_in_log(request.actor)
    place = int(request.POST["at"]) if request.POST.get("at", "").isdecimal() else 0
    try:
        if "undo" in request.POST:
            undone = desk.undo_last(shown.source_of(chain), leaf, who=who)
            numbers = [each.publication_id for each in leaves.sample_of(at, leaves.leaf_of(at, leaf))]  # type: ignore[arg-type]
            back = numbers.index(undone[0].b) + 1 if undone and undone[0].b in numbers else place
            return HttpResponseRedirect(f"{here}&at={back}")
        publication, verdict = request.POST.get("publication", ""), request.POST.get("verdict", "")
        desk.say(shown.source_of(chain), leaf, publication, verdict, who=who)
    except PingjiangError as error:
        messages.error(request, refusal(error))
        return HttpResponseRedirect(f"{here}&at={place}")
    node = leaves.leaf_of(at, leaf)
    assert node is not None
    onward = _next(leaves.sample_of(at, node), place)
    return HttpResponseRedirect(f"{here}&at={onward}" if onward else page_of(at, "evidence-chain-node", node=leaf))


@require_POST
@on_release
def release(request: ActorRequest, at: Opened, node: str) -> HttpResponseBase:
    """Release a leaf whose measured precision is not below the bar."""
    context, chain = frame(request, at), shown.chain_of(at)
    if not context["works"] or chain is None:
        raise Http404
    try:
        if at.newer:
            messages.error(request, _("已有更新的版本，请在新版本上发布。"))
        else:
            StrategyDesk(at.lake).release(
                shown.source_of(chain), leaves=[node], who=name_in_log(request.actor), why=request.POST.get("why")
            )
            messages.success(request, _("已发布"))
    except PingjiangError as error:
        messages.error(request, refusal(error))
    return HttpResponseRedirect(page_of(at, "evidence-chain-node", node=node))


def book(data: bytes, name: str) -> HttpResponse:
    """A workbook to be saved."""
    from django.utils.http import content_disposition_header

    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response

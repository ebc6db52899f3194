"""The result of a locked panel: all methods side by side, and how firmly each application is in or out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.casework import access
from pingjiang.centre.documents.workbooks import workbook
from pingjiang.centre.pages.lists import XLSX, Marked
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.models import Application, Panel
from pingjiang.centre.programme.panels.scores import METHODS, Method
from pingjiang.centre.programme.review import recusing, results
from pingjiang.centre.programme.review.results import MAIN, Result, ResultLine
from pingjiang.centre.programme.views.panels import actor_sees_results

WORDS: Mapping[Method, tuple[Any, Any]] = {
    "mean": (gettext_lazy("按均值"), gettext_lazy("均值")),
    "trimmed": (gettext_lazy("按截尾均值"), gettext_lazy("截尾均值")),
    "z": (gettext_lazy("按标准分"), gettext_lazy("标准分")),
    "borda": (gettext_lazy("按波达名次"), gettext_lazy("波达")),
    "kemeny": (gettext_lazy("按凯梅尼名次"), gettext_lazy("凯梅尼")),
}
_BAR = 48  # pixels of a whole probability
_WHY = {
    "budget": ("资金不足", "no money left"), "quota": ("名额已满", "no place left"),
    "threshold": ("未达及格线", "below the mark to pass"), "unscored": ("没有评分", "not scored"), "": ("", ""),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A line as it is drawn."""

    line: ResultLine
    application: Application
    rank: int | None
    moved: Mapping[Method, int | None]
    span: str
    share: Decimal | None
    bar: int
    total: Decimal
    mark: Marked
    last: bool
    why: str


@require_GET
@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponse:
    """The result by a method. Http404 before the panel has locked, and for whoever is not of the bureau."""
    found = access.find(request.actor, Panel, case_id=pk)
    result = results.of(found)
    if result is None or not actor_sees_results(request.actor, found):
        raise Http404
    wanted = request.GET.get("by", MAIN)
    by: Method = next((each for each in METHODS if each == wanted), MAIN)
    rows = shown(result, by)
    if request.GET.get("export") == "xlsx":
        return _exported(found, rows, result)
    request.synthetic = found.case.synthetic
    context = {
        "case": found.case, "panel": found, "result": result, "rows": rows, "by": by, "by_words": WORDS[by][1],
        "methods": [(name, words[0]) for name, words in WORDS.items()], "borderline": result.borderline,
        "reviews": found.reviews.filter(case__state="locked").count(), "scale": results.scale(result),
        "titles": {row.line.number: row.application.case.title for row in rows}, "without": _without(result, rows),
        "missing": recusing.missing(found), "stable": any(by in line.probability for line in result.lines),
        "discussed": [row for row in rows if row.line.discuss],
        "left": result.budget - sum((row.line.asked for row in rows if row.line.funded[by]), Decimal(0)),
    }  # fmt: skip
    return render(request, "programme/panel_results.html", context)


def shown(result: Result, by: Method) -> list[Shown]:
    """Lines in the order of a method, the line of the budget marked. One query, whatever their number."""
    found = Application.objects.select_related("case__owner").in_bulk([line.application for line in result.lines])
    lines = sorted(result.lines, key=lambda line: (line.rank[by] is None, line.rank[by] or 0, line.number))
    spans = results.spans(result)
    total = Decimal(0)
    last = max((at for at, line in enumerate(lines) if line.funded[by]), default=-1)
    rows = []
    for at, line in enumerate(lines):
        total += line.asked if line.funded[by] else Decimal(0)
        share = line.probability.get(by)
        rows.append(
            Shown(
                line, found[line.application], line.rank[by], line.rank, _span(spans.get(line.number)), share,
                int((share or Decimal(0)) * _BAR), total if line.funded[by] else Decimal(0), _standing(line, by),
                at == last and at + 1 < len(lines), said(_WHY[line.why_not[by]]),
            )
        )  # fmt: skip
    return rows


def _span(span: tuple[int, int] | None) -> str:
    if span is None:
        return "—"
    low, high = span
    return str(low) if low == high else f"{low} – {high}"


def _standing(line: ResultLine, by: Method) -> Marked:
    standing = line.standing.get(by)
    if standing is None:
        return Marked(_("入选") if line.funded[by] else _("未入选"), "none")
    words = {"in": (_("稳入"), "ok"), "borderline": (_("临界"), "warn"), "out": (_("稳出"), "none")}
    return Marked(*words[standing])


@dataclass(frozen=True)
class WithoutShown:
    """What changes without an expert."""

    expert: str
    moved: int
    into: Sequence[str]
    out: Sequence[str]


def _without(result: Result, rows: Sequence[Shown]) -> list[WithoutShown]:
    titles = {row.line.number: row.application.case.title for row in rows}
    return [
        WithoutShown(
            each.expert, len(each.moved), [titles[name] for name in each.into], [titles[name] for name in each.out]
        )
        for each in result.without
    ]  # fmt: skip


def _exported(panel: Panel, rows: Sequence[Shown], result: Result) -> HttpResponse:
    """The same as a workbook."""
    heads = [
        _("名次"), _("编号"), _("项目"), _("申报单位"), _("均值"), _("截尾均值"), _("标准分"), _("波达名次"),
        _("凯梅尼名次"), _("标准差"), _("入选概率"), _("申请（元）"), *result.experts,
    ]  # fmt: skip
    told = [
        [
            row.rank, row.line.number, row.application.case.title, row.application.case.owner.name_zh, row.line.mean,
            row.line.trimmed, row.line.z, row.line.rank["borda"], row.line.rank["kemeny"], row.line.deviation,
            row.share, row.line.asked, *(row.line.points.get(who) for who in result.experts),
        ]
        for row in rows
    ]  # fmt: skip
    about = [f"{panel.case.number} {panel.case.title}", _("锁定摘要 %(hash)s") % {"hash": panel.lock_hash}]
    about += [
        _("缺评：%(expert)s · %(number)s · %(reason)s")
        % {"expert": each.review.expert.code, "number": each.application.case.number, "reason": said(each.reason)}
        for each in recusing.missing(panel)
    ]
    book = workbook(panel.case.number, heads, told, about, synthetic=panel.case.synthetic)
    made = HttpResponse(book, content_type=XLSX)
    made["Content-Disposition"] = f'attachment; filename="{panel.case.number}-results.xlsx"'
    return made

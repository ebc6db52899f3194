"""One page that shows every part, with made-up content. In the demo and in tests alone."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Move, State, Workflow
from pingjiang.centre.pages.cases import Opinion, canal
from pingjiang.centre.pages.figure_pages import figure_page
from pingjiang.centre.pages.figures import Board, Card, Figure, Provenance, Stage, Work, marked
from pingjiang.centre.pages.lists import Linked, Marked
from pingjiang.centre.pages.records import Bind, Fact, FactGroup, Record
from pingjiang.centre.pages.requests import ActorRequest, for_actor

_ALL = frozenset({"officer"})
# For this page alone: registered nowhere, so no case runs on it.
SAMPLE = Workflow(
    name="sample",
    label=("示例申报", "Sample application"),
    parties={"officer": ("承办人", "Officer")},
    initial="filed",
    states=(
        State("filed", ("单位申报", "Filed"), _ALL),
        State("endorsed", ("属地推荐盖章", "Endorsed"), _ALL),
        State("checked", ("形式审查", "Formal check"), _ALL),
        State("reviewed", ("专家评审", "Expert review"), _ALL),
        State("decided", ("会议审定", "Decided"), _ALL),
        State("published", ("公示", "Published"), _ALL, end=True),
        State("refused", ("不予受理", "Not accepted"), _ALL, end=True, news="bad"),
    ),
    moves=(
        Move("endorse", ("推荐盖章", "Endorse"), ("filed",), "endorsed", _ALL, official=True),
        Move("check", ("受理", "Take"), ("endorsed",), "checked", _ALL),
        Move("refuse", ("不予受理", "Not accepted"), ("checked",), "refused", _ALL, note="required", positive=False),
        Move("back", ("退回补正", "Return for correction"), ("checked",), "filed", _ALL, note="required",
             positive=False),
        Move("review", ("同意，转专家评审", "Agree, on to expert review"), ("checked",), "reviewed", _ALL),
        Move("decide", ("提请审定", "Submit for decision"), ("reviewed",), "decided", _ALL),
        Move("publish", ("签发公示", "Issue the notice"), ("decided",), "published", _ALL, official=True,
             effect=("公示期自明日起算。", "The time to object runs from tomorrow.")),
    ),
)  # fmt: skip


@dataclass
class _Happened:
    """What a step of the process bar needs of an event."""

    at: datetime.datetime
    after: str
    membership: Any = None
    before: str = "{}"


class SampleForm(forms.Form):
    """A form with a rule that is easily broken."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=20)
    amount = forms.DecimalField(
        label=gettext_lazy("市级经费"), max_value=500, decimal_places=2, help_text=gettext_lazy("万元，不超过 500")
    )
    reason = forms.CharField(label=gettext_lazy("说明"), required=False, widget=forms.Textarea({"rows": 2}))


def _figure() -> Figure:
    years = ["2019", "2020", "2021", "2022", "2023", "2024"]
    counts = [312, 355, 401, 428, 460, 187]
    bars: list[Any] = [{"value": counts[0], "url": "#rows"}, *counts[1:-1], marked("incomplete", counts[-1])]
    option = {
        "xAxis": {"type": "category", "data": years},
        "yAxis": {"type": "value"},
        "series": [{"type": "bar", "name": _("同族"), "data": bars, "barMaxWidth": 34}],
    }
    return Figure(
        "trend", _("各年同族数"), _("单位 同族"), "2019—2024", _("截止 2024-06-30"), _("n = 2,143，未知 36"),
        "R2026.11-1", _("规则 1.0"), [_("年份"), _("同族")],
        [*zip(years, counts, strict=True), (_("年份未知"), None)], option=option,
        summary=_("2019 年 312，2023 年 460；2024 年不完整"), synthetic=True,
    )  # fmt: skip


def _places() -> Figure:
    names = [_("甲区"), _("乙区"), _("丙区"), _("丁区"), _("未知")]
    values: list[Any] = [184, 96, marked("empty"), marked("missing"), marked("unknown", 36)]
    return Figure(
        "places", _("各区同族数"), _("单位 同族"), "2019—2024", _("截止 2024-06-30"), _("n = 316，未知 36"),
        "R2026.11-1", _("规则 1.0"), [_("区"), _("同族")],
        [(names[0], Linked("184", "#rows")), (names[1], 96), (names[2], 0), (names[3], None), (names[4], 36)],
        option={
            "xAxis": {"type": "value"}, "yAxis": {"type": "category", "data": names, "inverse": True},
            "series": [{"type": "bar", "name": _("同族"), "data": values, "barMaxWidth": 14}],
        },
        summary=_("甲区 184，乙区 96，丙区已核查无结果，丁区缺；所在地未知 36"), under_bar=True, synthetic=True,
    )  # fmt: skip


def _provenance() -> Provenance:
    return Provenance(
        _("质押融资额"),
        [
            (_("口径"), _("本年登记且未撤销的质押合同，按合同金额")),
            (_("去重"), _("同一笔贷款只计一次")),
            (_("行数"), _("14 份合同 · 11 家企业")),
            (_("定义"), "KPI-F2 v3"),
            (_("数据"), "R2026.11-1 · 2026-10-31"),
        ],
        [(_("看 14 行"), "#rows"), (_("计算过程"), "#how"), (_("为什么变了"), "#why")],
    )


def _board() -> Board:
    onward, back = (_("移到下一格"), "next", 1), (_("退回上一格"), "back", -1)

    def card(key: str, name: str, days: int, *moves: tuple[str, str, int], late: bool = False) -> Card:
        reasons = [_("同族 38，增长"), _("本市无厂址")]
        return Card(key, name, None, reasons, _("示例专员"), _("%(n)s 天") % {"n": days}, late, True, moves)

    return Board(
        _("招商对象走到哪一步"),
        [
            Stage(_("找到"), [card("a", "隼联化学", 3, onward), card("b", "泽灯生物", 6, onward)], 16),
            Stage(_("联系"), [card("c", "银鳍药物", 66, back, onward, late=True)], 13, "1,180"),
            Stage(_("落地"), [card("d", "柳门连接", 9, back)], 4, "245"),
        ],
        lost=[(_("选了别的城市"), 8), (_("无人答复"), 5)],
        sum_label=_("意向投资，百万元"),
        note=_("建议，非结论"),
    )


def _record() -> Record:
    facts = [
        Fact(_("登记号"), "SZ-2026-017"),
        Fact(_("质押融资额"), "1.86", _("亿元"), _provenance(), Marked(_("已核"), "ok")),
        Fact(_("截止"), None),
    ]
    binds = [
        Bind(_("质押中"), Marked(_("已核"), "warn"), _("质权人书面同意后方可入池"), datetime.date(2027, 3, 31)),
        Bind(_("利益冲突"), Marked(_("未查"), "none")),
    ]
    return Record(_("示例项目"), [(_("设计"), None)], facts=[FactGroup(_("记录"), facts)], binds=binds)


@for_actor
def components(request: ActorRequest) -> HttpResponseBase:
    """Every part on one page."""
    if request.method == "POST" and "card" in request.POST:
        return HttpResponseRedirect(request.path)
    request.synthetic = True
    now = timezone.now()
    events: list[Any] = [
        _Happened(now - datetime.timedelta(days=14), '{"state":"filed"}'),
        _Happened(now - datetime.timedelta(days=7), '{"state":"endorsed"}'),
        _Happened(now - datetime.timedelta(days=2), '{"state":"checked"}'),
    ]
    case = Case(number="SZ-2026-B-017", title=_("示例项目"), version=7)
    box = Opinion(case, SAMPLE.open_to("checked", ["officer"]), uuid.UUID(int=0), note=request.POST.get("note", ""))
    form = SampleForm(request.POST if "title" in request.POST else None)
    context = {
        "steps": canal(SAMPLE, "checked", events), "opinion": box, "form": form,
        "provenance": _provenance(), "record": _record(), "board": _board(),
        "work": Work(_("导入 4 个文件，第 3 个"), 19204, 30000, _("约余 40 秒")), "steps_of_scale": range(7),
    }  # fmt: skip
    figures = [_figure(), _places()]
    return figure_page(request, "pages/components.html", context, figures, 422 if form.errors else 200)


urlpatterns = [path("", components, name="components")]

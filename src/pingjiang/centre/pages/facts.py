"""The register of facts as pages: the list, a fact, counts by group, and the facts behind each count.

Who sees which facts, `facts.access` alone says. What was withdrawn stays in the list, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor, District, Organisation
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.casework.models import Case
from pingjiang.centre.facts import count, kinds
from pingjiang.centre.facts.access import may_see
from pingjiang.centre.facts.count import Answer, Number, Question
from pingjiang.centre.facts.models import Fact
from pingjiang.centre.money.currencies import CURRENCIES
from pingjiang.centre.pages import period
from pingjiang.centre.pages.lists import Amount, Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.money import case_cell
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named, said

GROUPS: dict[str, Promise] = {
    "kind": gettext_lazy("种类"), "organisation": gettext_lazy("单位"), "district": gettext_lazy("区县"),
    "track": gettext_lazy("类别"), "year": gettext_lazy("年度"), "quarter": gettext_lazy("季度"),
    "month": gettext_lazy("月份"), "case": gettext_lazy("案件"), "subject": gettext_lazy("事由"),
    "release": gettext_lazy("数据版本"),
}  # fmt: skip


def kind_label(name: str) -> str:
    """A kind in words; its name where no app of this program tells it."""
    kind = kinds.known().get(name)
    return said(kind.words) if kind else name


def _unit(kind: str, code: str) -> str:
    known = kinds.known().get(kind)
    return code or (said(known.unit) if known and known.value == "count" else "")


def number_of(value: Any, code: str) -> Amount:
    """A value with its currency's decimals, or with as many as it has."""
    if code:
        return Amount(value, CURRENCIES[code].minor)
    exponent = value.normalize().as_tuple().exponent
    return Amount(value, max(0, -exponent))


def _value(fact: Fact) -> object:
    if fact.text:
        return fact.text
    return None if fact.value is None else number_of(fact.value, fact.currency)


def _fact_cell(fact: Fact) -> Linked:
    gone = getattr(fact, "withdrawal", None)
    under = _("已撤回：%(reason)s") % {"reason": gone.reason} if gone else ""
    return Linked(kind_label(fact.kind), reverse("fact", args=[fact.pk]), under)


def standing(fact: Fact) -> Marked:
    """Whether it stands."""
    return Marked(_("已撤回"), "bad") if hasattr(fact, "withdrawal") else Marked(_("成立"), "ok")


_COLUMNS = [
    Column("kind", gettext_lazy("事实"), _fact_cell, sort="kind", fixed=True),
    Column("subject", gettext_lazy("事由"), lambda row: f"{row.subject_kind} {row.subject_id}", sort="subject_id"),
    Column("organisation", gettext_lazy("单位"), lambda row: named(row.organisation), sort="organisation__name_zh"),
    Column("on", gettext_lazy("日期"), lambda row: row.on, sort="on"),
    Column("value", gettext_lazy("数值"), _value, sort="value", number=True),
    Column("unit", gettext_lazy("计量单位"), lambda row: _unit(row.kind, row.currency)),
    Column("proof", gettext_lazy("证明"), lambda row: row.proof[:12] or None),
    Column("case", gettext_lazy("案件"), lambda row: row.case.number if row.case else None, sort="case__number",
           shown=False),
    Column("release", gettext_lazy("数据版本"), lambda row: row.release, sort="release", shown=False),
    Column("told", gettext_lazy("登记"), lambda row: row.told_at, sort="told_at", shown=False),
    Column("standing", gettext_lazy("状态"), standing),
]  # fmt: skip


def _seen(actor: Actor) -> QuerySet[Fact]:
    if not may_see(actor):
        raise Http404
    return access.visible_to(actor, Fact)


def _drawn(rows: QuerySet[Fact]) -> QuerySet[Fact]:
    return rows.select_related("organisation", "withdrawal", "case")


def _kinds_of(rows: QuerySet[Fact]) -> list[tuple[str, str]]:
    names = {*kinds.known(), *rows.order_by().values_list("kind", flat=True).distinct()}
    return sorted(((name, kind_label(name)) for name in names), key=lambda each: each[1])


def _stands(rows: QuerySet[Fact], value: str) -> QuerySet[Fact]:
    return rows.filter(withdrawal__isnull=value == "yes")


def _words(rows: QuerySet[Fact], words: str) -> QuerySet[Fact]:
    return rows.filter(
        Q(subject_id__icontains=words) | Q(text__icontains=words) | Q(organisation__name_zh__icontains=words)
        | Q(organisation__name_en__icontains=words) | Q(proof__startswith=words.lower())
    )  # fmt: skip


@require_GET
@for_actor
def facts(request: ActorRequest) -> HttpResponseBase:
    """All facts that the actor sees, the latest first; those withdrawn too."""
    seen = _seen(request.actor)
    years = sorted(set(seen.order_by().annotate(y=ExtractYear("on")).values_list("y", flat=True)), reverse=True)
    listing = Listing(
        request, _drawn(seen), _COLUMNS, name="facts", order="-on",
        filters=[
            Filter("kind", gettext_lazy("种类"), _kinds_of(seen), lambda rows, value: rows.filter(kind=value)),
            Filter("year", gettext_lazy("年度"), [(str(year), str(year)) for year in years],
                   lambda rows, value: rows.filter(on__year=int(value))),
            Filter("stands", gettext_lazy("状态"), [("yes", gettext_lazy("成立")), ("no", gettext_lazy("已撤回"))],
                   _stands),
        ],
        search=Search(gettext_lazy("事由、单位、证明摘要"), _words),
        empty=gettext_lazy("各项业务登记成果后，列在这里。"),
    )  # fmt: skip
    return listing.answer("pages/facts/facts.html", {"title": _("业绩事实"), "tab": "facts"})


@require_GET
@for_actor
def fact(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A fact: what it says, by whom it was told, whether it stands, and further tellings of the same happening."""
    actor = request.actor
    if not may_see(actor):
        raise Http404
    found = access.find(actor, Fact, pk=pk)
    request.synthetic = found.synthetic
    same = _drawn(access.visible_to(actor, Fact).filter(key=found.key).exclude(pk=found.pk)).order_by("pk")
    kind = kinds.known().get(found.kind)
    context = {
        "fact": found, "label": kind_label(found.kind), "standing": standing(found), "value": _value(found),
        "unit": _unit(found.kind, found.currency), "valued": kind is None or kind.value != "none",
        "case": case_cell(actor, found.case),
        "withdrawal": getattr(found, "withdrawal", None), "proof": said(kind.proof) if kind and kind.proof else "",
        "same": [(row, standing(row), _value(row)) for row in same],
    }  # fmt: skip
    return render(request, "pages/facts/fact.html", context)


def _question(request: ActorRequest, known: Sequence[tuple[str, str]]) -> Question:
    """The question of the address; kinds and groupings that there are not are as if they were not said."""
    names = [name for name, _label in known]
    chosen = [name for name in request.GET.getlist("kind") if name in names]
    span, by = period.asked(request), request.GET.get("by", "")
    return Question(
        frozenset(chosen or names), since=span.since, until=span.until, by=(by,) if by in GROUPS else ("organisation",)
    )


def _group_label(by: str, value: Any) -> str:
    """A group in words."""
    if value is None or value == "":
        return _("未知") if by != "case" else _("无案件")
    if by in ("organisation", "district"):
        return named((Organisation if by == "organisation" else District).objects.get(pk=value))
    if by == "case":
        return Case.objects.get(pk=value).number
    if by == "kind":
        return kind_label(value)
    if by == "track":
        return said(TRACKS[value]) if value in TRACKS else str(value)
    form = {"quarter": _("第 %(n)s 季度"), "month": _("%(n)s 月")}.get(by)
    return form % {"n": value} if form else str(value)


def _counted(request: ActorRequest, of: str | None = None, part: str = "") -> str:
    """The address of the facts behind a number."""
    asked = [(name, value) for name in ("kind", "since", "until", "by") for value in request.GET.getlist(name)]
    more = [("of", of)] if of is not None else []
    return f"{reverse('facts-counted')}?{urlencode([*asked, *more, *([('part', part)] if part else [])])}"


def _sum_column(kind: str, code: str) -> Column:
    unit = _unit(kind, code)
    label = f"{kind_label(kind)} · {unit}" if unit else kind_label(kind)

    def value(number: Number) -> Amount | None:
        found = number.sums.get((kind, code))
        return None if found is None else number_of(found, code)

    return Column(f"sum-{kind}-{code}", label, value, number=True)


def _columns(request: ActorRequest, answer: Answer) -> list[Column]:
    by = answer.question.by[0]
    return [
        Column(
            "group", GROUPS[by],
            lambda number: Linked(_group_label(by, number.of[0]), _counted(request, str(number.of[0]))), sort="of",
            fixed=True,
        ),
        Column("count", gettext_lazy("件数"), lambda number: f"{number.count:,}", sort="count", number=True),
        *[_sum_column(kind, code) for kind, code in answer.total.sums],
        Column("unvalued", gettext_lazy("无数值"), lambda number: f"{number.unvalued:,}", sort="unvalued",
               number=True),
    ]  # fmt: skip


@require_GET
@for_actor
def counts(request: ActorRequest) -> HttpResponseBase:
    """How many happenings there are, by group; each number leads to the facts that it counts."""
    seen = _seen(request.actor)
    known = _kinds_of(seen)
    answer = count.answer(_question(request, known), request.actor)
    question, total = answer.question, answer.total
    chosen = set(request.GET.getlist("kind"))
    listing = Listing(
        request, list(answer.groups), _columns(request, answer), name="counts", order="group",
        empty=gettext_lazy("没有可计的事实。"), synthetic_of=lambda number: False,
        own=("since", "until", "by", "kind"),
        notes=[str(period.asked(request)), f"{_('合计')}: {total.count}"],
    )  # fmt: skip
    request.synthetic = seen.filter(synthetic=True).exists()
    context = {
        "title": _("事实计数"), "tab": "counts", "by": question.by[0], "groups": GROUPS.items(),
        "known": [(name, label, name in chosen) for name, label in known], "since": question.since,
        "until": question.until,
        "figures": [
            (_("合计（件）"), total.count, _counted(request)),
            (_("重复登记，不计"), total.set_aside.count(), _counted(request, part="aside")),
            (_("其中数值不一致"), total.contradicted.count(), _counted(request, part="differs")),
        ],
    }  # fmt: skip
    return listing.answer("pages/facts/counts.html", context)


_PARTS = [
    ("counted", gettext_lazy("计入")), ("aside", gettext_lazy("重复登记，不计")),
    ("differs", gettext_lazy("数值不一致")),
]  # fmt: skip


@require_GET
@for_actor
def counted(request: ActorRequest) -> HttpResponseBase:
    """The facts that a number counts, or those that it set aside."""
    seen = _seen(request.actor)
    answer = count.answer(_question(request, _kinds_of(seen)), request.actor)
    of, by = request.GET.get("of"), answer.question.by[0]
    number = answer.total if of is None else next((each for each in answer.groups if str(each.of[0]) == of), None)
    if number is None:
        raise Http404
    label = _("合计") if of is None else _group_label(by, number.of[0])
    parts = {"counted": number.facts, "aside": number.set_aside, "differs": number.contradicted}
    listing = Listing(
        request, _drawn(number.facts), _COLUMNS, name="counted", order="on",
        filters=[Filter("part", gettext_lazy("口径"), _PARTS, lambda _rows, value: _drawn(parts[value]))],
        empty=gettext_lazy("没有可计的事实。"), notes=[f"{GROUPS[by]}: {label}", str(period.asked(request))],
    )  # fmt: skip
    context = {"title": _("计入的事实：%(group)s") % {"group": label}, "tab": "counts"}
    return listing.answer("pages/facts/counted.html", context)

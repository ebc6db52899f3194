"""Moments to the second, money, forms by names that a page reckons."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pingjiang.centre.documents.models import Paper
from pingjiang.centre.pages.templatetags.pj import fields, state
from pingjiang.centre.pages.words import named, said
from pingjiang.centre.programme.deciding.effects import OUTCOME
from pingjiang.centre.programme.rulepack import Called, label_of

register = template.Library()


@register.filter
def second(value: datetime.datetime | None) -> str:
    """A moment as 2026-11-28 15:42:07; a dash where there is none."""
    return "—" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def money(value: Decimal | None) -> str:
    """An amount with two decimals and commas; a dash for none."""
    return "—" if value is None else f"{value:,.2f}".replace("-", "\u2212")


@register.filter
def wan(value: Decimal | None) -> str:
    """An amount in yuan as ten thousand yuan, with two decimals and commas; a dash for none."""
    return money(None if value is None else value / 10_000)


@register.filter
def points(value: Decimal | str | None) -> str:
    """Points with two decimals, halves away from nought; a dash for none."""
    if value is None or value == "":
        return "—"
    return f"{Decimal(value).quantize(Decimal('0.01'), ROUND_HALF_UP):f}".replace("-", "\u2212")


@register.filter
def percent(value: Decimal) -> str:
    """A share of 1 as a percentage with one decimal."""
    return f"{(value * 100).quantize(Decimal('0.1'), ROUND_HALF_UP):f}%"


@register.filter
def signed(value: Decimal) -> str:
    """A number with its sign."""
    return f"{value:+f}".replace("-", "\u2212")


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key; nothing where none does."""
    return mapping.get(key, "")


@register.filter
def plain(value: Decimal) -> str:
    """A number without an exponent and without zeros behind its point."""
    return f"{value:f}"


@register.filter
def titled(thing: Called) -> str:
    """What a pack calls something, in the language of the page."""
    return said(label_of(thing))


@register.filter
def outcome(papers: Sequence[tuple[Paper, str]]) -> tuple[Paper, str] | None:
    """The last letter of a final list among the papers of an application, and how it stands; None where none is."""
    return next((row for row in papers if row[0].name == OUTCOME), None)


@register.inclusion_tag("pages/parts/form_fields.html")
def fields_of(form: BaseForm, names: Sequence[str]) -> dict[str, object]:
    """Fields of a form by a list of names."""
    return fields(form, *names)


@register.filter
def unlocal(value: float) -> str:
    """A number as drawings take it, in any language: a point, three digits behind it."""
    return f"{value:.3f}"


@register.filter
def plain_wan(value: Decimal) -> str:
    """Yuan as ten thousand yuan for scripts: two decimals, no commas, in any language."""
    return f"{value / 10_000:.2f}"


# ── rows of hundreds, which templates draw slowly: each a third of the time, and the same text

_ITEM = (
    '<td class="num b">{}{}</td><th scope="row"><a class="il" href="{}">{}</a><small>{} · {}</small></th>'
    '<td class="num b">{}{}</td><td class="num" title="{}">{}{}</td><td class="num">{}</td><td>{}{}</td>'
    '<td class="num">{}</td><td class="num">{}</td>'
)
_SMALL = "<small>{}</small>"
_CHANCE = (
    '{}%<svg class="pb{}" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="g" width="1000" height="10"></rect><rect class="f" width="{}" height="10"></rect></svg>'
)


def _small(shown: Any, words: str) -> SafeString | str:
    return format_html(_SMALL, words) if shown else ""


@register.simple_tag
def decision_item(row: Any, several: bool) -> SafeString:
    """What the results say of an item of a pack, in eight cells. `row` is views.decisions.Shown; `several`: more than
    one panel reviewed, and its rank within its own is said."""
    item, result, application = row.item, row.result, row.item.application
    first, *others = row.scores
    place = result.get("group_rank")  # packs of before there were several panels do not have it
    own = _("本组 %(n)s / %(of)s") % {"n": "—" if place is None else place, "of": result.get("group_size", "")}
    edge = " mid" if result["standing"] == "borderline" else ""
    return format_html(
        _ITEM, item.position, _small(row.tied, _("并列")), reverse("application", args=[application.case_id]),
        application.case.title, named(application.case.owner), named(application.district), first[1],
        format_html_join("", "<small>{} {}</small>", others), row.ranks_by, row.ranks, _small(several, own),
        "—" if row.chance is None else format_html(_CHANCE, result["probability"], edge, row.chance),
        state(row.standing) if row.standing else "—", _small(result["discuss"], _("分歧较大")), wan(item.asked),
        wan(item.match),
    )  # fmt: skip


_RESULT = (
    '<td class="num"><b>{}</b></td><th scope="row" class="wrap"><a class="il" href="{}">{}</a>{}</th>'
    '<td class="num">{}</td><td class="num">{}</td><td class="num">{}</td><td class="num">{}</td>'
    '<td class="num">{}</td><td class="num nw">{}</td><td class="num nw">{}</td><td class="num nw">{}</td>'
    '<td class="num nw">{}</td><td class="nw">{}</td>'
)
_DISCUSS = ' <span class="tag o" title="σ {}">{}</span>'
_SHARE = (
    '<svg class="pb {}" width="48" height="9" aria-hidden="true"><rect class="bg" width="48" height="9"></rect>'
    '<rect class="fg" width="{}" height="9"></rect></svg> <span class="pc">{}</span>'
)


@register.simple_tag
def result_line(row: Any) -> SafeString:
    """An application in the results of a panel, in twelve cells. `row` is views.panel_results.Shown."""
    line, case = row.line, row.application.case
    return format_html(
        _RESULT, "—" if row.rank is None else row.rank, reverse("application", args=[row.application.case_id]),
        case.title, format_html(_DISCUSS, line.deviation, _("σ 大，须合议")) if line.discuss else "",
        points(line.mean), points(line.trimmed), points(line.z),
        *("—" if (rank := line.rank.get(by)) is None else rank for by in ("borda", "kemeny")), row.span,
        "—" if row.share is None else format_html(_SHARE, row.mark.kind, row.bar, percent(row.share)),
        wan(line.asked), wan(row.total) if row.total else format_html('<span class="dim sm">{}</span>', row.why),
        state(row.mark),
    )  # fmt: skip


_ENTRY = (
    '<fieldset class="rseg"><legend>{}</legend>{}</fieldset>\n'
    '<div class="two-i"><input class="num" form="opn-form" name="amount-{}" value="{}" inputmode="decimal" '
    'placeholder="{}" aria-label="{}"><input form="opn-form" name="reason-{}" value="{}" maxlength="300" '
    'placeholder="{}" aria-label="{}"></div><input class="cond" form="opn-form" name="conditions-{}" value="{}" '
    'maxlength="300" placeholder="{}" aria-label="{}">'
)
_KIND = '<label{}><input type="radio" form="opn-form" name="kind-{}" value="{}"{}>{}</label>'
_KIND_CLASS = {"defer": SafeString(' class="d"'), "reject": SafeString(' class="n"')}
_CHECKED = SafeString(" checked")


@register.simple_tag
def decision_entry(row: Any, kinds: Sequence[tuple[str, str]], side: str) -> SafeString:
    """The fields in which an item of a pack is decided or proposed on.

    `row` is views.decisions.Shown; `kinds` name and words of what can be decided; `side` whose entry it is.
    """
    item = {"n": row.item.position}
    pk = row.item.pk
    buttons = format_html_join(
        "",
        _KIND,
        (
            (_KIND_CLASS.get(name, ""), pk, name, _CHECKED if row.kind == name else "", words)
            for name, words in kinds
        ),
    )  # fmt: skip
    why = _("与拟办不同时须写理由") if side == "leader" else _("理由")
    return format_html(
        _ENTRY, _("第 %(n)s 项决定") % item, buttons, pk, row.amount, _("调整额"), _("第 %(n)s 项调整额，万元") % item,
        pk, row.reason, why, _("第 %(n)s 项理由") % item, pk, row.conditions,
        _("附带条件（可不填，写入立项通知书）"), _("第 %(n)s 项附带条件") % item,
    )  # fmt: skip

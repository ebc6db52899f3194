"""Moments to the second, money, forms by names that a page reckons."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pingjiang.centre.documents.models import Paper
from pingjiang.centre.pages.templatetags.pj import fields
from pingjiang.centre.pages.words import said
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
    """The fields in which an item of a pack is decided or proposed on: a row of hundreds, which templates draw slowly.

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

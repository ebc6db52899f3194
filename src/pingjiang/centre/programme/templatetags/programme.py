"""Moments to the second, money, forms by names that a page reckons."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils import timezone

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

"""Moments to the second, money, forms by names that a page reckons."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.forms import BaseForm
from django.utils import timezone

from pingjiang.centre.pages.templatetags.pj import fields

register = template.Library()


@register.filter
def second(value: datetime.datetime | None) -> str:
    """A moment as 2026-11-28 15:42:07; a dash where there is none."""
    return "—" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def money(value: Decimal | None) -> str:
    """An amount with two decimals and commas; a dash for none."""
    return "—" if value is None else f"{value:,.2f}".replace("-", "\u2212")


@register.inclusion_tag("pages/parts/form_fields.html")
def fields_of(form: BaseForm, names: Sequence[str]) -> dict[str, object]:
    """Fields of a form by a list of names."""
    return fields(form, *names)


@register.filter
def wan(value: Decimal | None) -> str:
    """Yuan as ten thousand yuan with two decimals and commas; a dash for none."""
    return "—" if value is None else f"{value / 10_000:,.2f}".replace("-", "\u2212")


@register.filter
def unlocal(value: float) -> str:
    """A number as drawings take it, in any language: a point, three digits behind it."""
    return f"{value:.3f}"

"""Shares, bars and precision of the chain's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pingjiang.centre.pages.words import is_english
from pingjiang.judging.placements import Standing

register = template.Library()


@register.simple_tag
def share(value: float | None) -> str:
    """A share with one decimal; a dash where it is not known."""
    return "—" if value is None else f"{100 * value:.1f} %"


@register.simple_tag
def bar(value: float | None) -> SafeString:
    """A share as a bar, beside its number."""
    width = 0 if value is None else max(0.0, min(1.0, value)) * 100
    return format_html(
        '<svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="6"></rect></svg>',
        f"{width:.2f}",
    )


@register.simple_tag
def precision(standing: Standing) -> str:
    """Yes by judged, with Wilson's interval; of a part of the sample, the counts alone."""
    if standing.precision is None or standing.interval is None:
        return "—"
    low, high = standing.interval
    return f"{standing.yes}/{standing.judged} = {100 * standing.precision:.1f} % ({100 * low:.0f}–{100 * high:.0f})"


@register.filter
def named_of(row: Mapping[str, Any]) -> str:
    """The name of a node that is a row of a table."""
    return str((row["name_en"] if is_english() else None) or row["name_zh"])


@register.filter
def reason_name(reason: list[str]) -> str:
    """The name of the leaf of a placement: (id, Chinese, English, reason)."""
    return str((reason[2] if is_english() else None) or reason[1])


@register.filter
def named_tag(tag: Any) -> str:
    """The name of a tag in the language of the page."""
    return str(tag.en if is_english() else tag.zh)

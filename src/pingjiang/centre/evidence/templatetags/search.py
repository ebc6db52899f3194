"""Parts of a page of results of which there are hundreds: a template takes ten times as long over each."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pingjiang.centre.evidence.search.facets import Value
from pingjiang.query.fields import load_fields

register = template.Library()
_SHOWN = "<i></i><span>{}{}</span><u>{}</u>"
_HATCH = SafeString('<i class="hatch"></i>')


@register.simple_tag
def facet_value(value: Value, way: str) -> SafeString:
    """A value of a facet; `way`: the address of the search, to which the query is added that narrows it."""
    shown = format_html(_SHOWN, _HATCH if value.unknown else "", value.label, f"{value.count:,}")
    if not (value.query or value.chosen):
        return format_html('<span class="fv">{}</span>', shown)
    address = f"{way}&q={quote(value.query, safe='')}"
    if not value.chosen:
        return format_html('<a class="fv" href="{}">{}</a>', address, shown)
    return format_html(
        '<a class="fv on" href="{}" aria-current="true" title="{}">{}</a>', address, _("不再限定"), shown
    )


@register.simple_tag
@cache
def fields_of_queries() -> SafeString:
    """The fields of the language: name, Chinese, English, other names; the same in both languages."""
    return format_html_join(
        "",
        '<tr><td class="mono">{}</td><td>{}</td><td>{}</td><td class="dim">{}</td></tr>',
        ((one.name, one.zh, one.en, "、".join(one.also)) for one in load_fields().values()),
    )

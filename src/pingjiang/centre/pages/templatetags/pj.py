"""Parts of a page as template tags: icons, states, panels, figures, numbers with their provenance."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pingjiang.centre.casework.tasks import MANY
from pingjiang.centre.pages.figures import Figure, Provenance
from pingjiang.centre.pages.lists import Choice, Marked, text_of
from pingjiang.centre.pages.words import named as named_of
from pingjiang.centre.pages.words import role_label as role_label_of

register = template.Library()
_SELECTED = SafeString(" selected")


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An outline icon, beside its word. Its name stands in frontend/icons.txt."""
    return _icon(name, size, static("vendor/icons.svg"))


@lru_cache(maxsize=1000)
def _icon(name: str, size: int, file: str) -> SafeString:
    return format_html(
        '<svg class="ic" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        size, size, file, name,
    )  # fmt: skip


@register.simple_tag
def options(choices: Sequence[Choice]) -> SafeString:
    """The options of a field of choices, of which there may be hundreds."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each.value, _SELECTED if each.chosen else "", each.label) for each in choices),
    )


@register.filter
def said(words: Any) -> str:
    """The text of a pair (Chinese, English) in the language of the page."""
    return text_of(words)


@register.filter
def named(row: Any) -> str:
    """The name of a row that has `name_zh` and `name_en`."""
    return named_of(row)


@register.filter
def role_label(role: str) -> str:
    """A role in words."""
    return role_label_of(role)


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """A day as 2026-11-28; a dash where there is none."""
    if value is None:
        return "—"
    return (timezone.localtime(value) if isinstance(value, datetime.datetime) else value).strftime("%Y-%m-%d")


@register.filter
def minute(value: datetime.datetime | None) -> str:
    """A moment as 2026-11-28 15:42; a dash where there is none."""
    return "—" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def count(value: int) -> str:
    """A whole number with commas between thousands."""
    return f"{value:,}"


@register.filter
def at_most(value: int) -> str:
    """A number of what waits, which is counted up to a thousand."""
    return str(value) if value < MANY else f"{MANY - 1}+"


@register.filter
def lines(text: str) -> list[str]:
    """A text as people type it into a form: a line a paragraph, as papers set it."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def amount(value: object) -> str:
    """A cell of a figure's table: numbers with commas between thousands and a true minus."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    return f"{value:,}".replace("-", "\u2212")


@register.simple_tag
def state(mark: Marked | str, kind: str = "none") -> SafeString:
    """A state: shape, word, colour. From a Marked, or from a text and a kind."""
    made = mark if isinstance(mark, Marked) else Marked(text_of(mark), kind)
    return format_html('<span class="st {}">{}</span>', made.kind, made.text)


@register.inclusion_tag("pages/parts/number.html")
def number(value: object, unit: str = "", provenance: Provenance | None = None) -> dict[str, object]:
    """A number with its unit; with a provenance, it opens its card."""
    return {"value": value, "unit": unit, "provenance": provenance}


@register.inclusion_tag("pages/parts/form_fields.html")
def fields(form: BaseForm, *names: str) -> dict[str, object]:
    """Fields of a form: those named that it has, or all that people see.

    A form may say `others` (field → what another draft says of it) and `later` (fields that only a later step needs).
    """
    chosen = [form[name] for name in names if name in form.fields] if names else form.visible_fields()
    others = getattr(form, "others", {})
    return {"rows": [(field, others.get(field.name)) for field in chosen], "later": getattr(form, "later", ())}


@register.simple_block_tag(takes_context=True)
def panel(context: template.Context, content: str, title: str, aside: str = "", span: int = 0) -> str:
    """A panel: head, content. `span` of the twelve columns of a grid."""
    return _part(context, "pages/parts/panel.html", content=content, title=title, aside=aside, span=span)


@register.simple_block_tag(takes_context=True)
def figure(context: template.Context, content: str, figure: Figure, span: int = 0) -> str:
    """A figure in its frame: chart, twin as a table, foot, files. `content` is its picture where there is no chart."""
    if figure.option is not None or content.strip():
        context["pj"].charts = True
    query = context["request"].GET.copy()
    query["figure"] = figure.name
    return _part(
        context, "pages/parts/figure.html", content=content, figure=figure, span=span, workbook=f"?{query.urlencode()}"
    )


def _part(context: template.Context, name: str, **more: object) -> str:
    engine = context.template.engine if context.template else template.Engine.get_default()
    with context.push(**more):
        return engine.get_template(name).render(context)


@register.simple_tag
def canal_label(steps: Sequence[Any]) -> str:
    """The process bar as one sentence for those who do not see it."""
    return " → ".join(step.label for step in steps)

"""The figures of a page of the atlas, drawn once for all who ask the same."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from pingjiang.centre.evidence.kept import kept

register = template.Library()


class _Drawn(SafeString):
    """A part of a page, which knows what it takes."""

    @property
    def nbytes(self) -> int:
        """At most four bytes a character."""
        return 4 * len(self)


@register.simple_tag(takes_context=True)
def atlas_parts(context: template.Context) -> SafeString:
    """The figures: of a release, under what the address asks, in a language; nothing on them is of who asks."""
    shell, tell = context["pj"], context["tell"]
    shell.charts = True  # what is kept does not say so again
    asked = context["request"].GET.urlencode()
    key = ("figures drawn", context["view"], asked, tell.home, tell.links, shell.synthetic, get_language())

    def made() -> _Drawn:
        engine = context.template.engine if context.template else template.Engine.get_default()
        return _Drawn(engine.get_template("evidence/atlas/parts.html").render(context))

    return kept(tell.at, key, made)

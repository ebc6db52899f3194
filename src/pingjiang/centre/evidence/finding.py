"""The search field of the top bar leads into the lakes that somebody reads: to publications, and to organisations."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import READERS
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.pages import finding
from pingjiang.centre.pages.words import named
from pingjiang.errors import PingjiangError
from pingjiang.identifiers import NumberUnreadable, parse
from pingjiang.query import parse as read


def as_query(words: str) -> str:
    """The query that words mean: a number of a publication, a query as it stands, else the words as one phrase."""
    quoted = '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        parse(words, what="publication")
    except NumberUnreadable:
        try:
            read(words)
        except PingjiangError:
            return quoted
        return words
    return f"PN={quoted}"


def _ways(actor: Actor, words: str) -> list[finding.Ways]:
    query = as_query(words)
    found = []
    for lake in access.visible_to(actor, DataLake):
        links = [
            (_("专利"), f"{reverse('evidence-search', args=[lake.pk])}?{urlencode({'q': query})}"),
            (_("机构"), f"{reverse('evidence-identity', args=[lake.pk])}?{urlencode({'q': words})}"),
            (_("发明人"), f"{reverse('evidence-people', args=[lake.pk])}?{urlencode({'q': words})}"),
        ]
        found.append(finding.Ways(named(lake), links))
    return found


finding.add("lakes", gettext_lazy("专利、机构"), READERS, _ways)

"""Ways from who is who to its own pages and to those of other parts; every one keeps the release."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from pingjiang.centre.evidence.opening import Opened


def page(at: Opened, name: str, *args: str, **query: str) -> str:
    """A page of the lake at the release that is shown."""
    told = {"release": at.id, **{key: value for key, value in query.items() if value}}
    return f"{reverse(name, args=[at.row.pk, *args])}?{urlencode(told)}"


def elsewhere(at: Opened, names: tuple[str, ...], query: Mapping[str, str], *args: str) -> str | None:
    """The first of these pages that there is; None where the site has none of them."""
    for name in names:
        try:
            return f"{reverse(name, args=[at.row.pk, *args])}?{urlencode({'release': at.id, **query})}"
        except NoReverseMatch:
            continue
    return None


def publication(at: Opened, number: str) -> str | None:
    """The record page of a publication."""
    return elsewhere(at, ("evidence-publication", "evidence-record"), {}, number)


def search(at: Opened, field: str, name: str) -> str | None:
    """The search for what an organisation (PA) or a person (IN) of exactly this name has."""
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return elsewhere(at, ("evidence-search",), {"q": f"{field}=={quoted}"})

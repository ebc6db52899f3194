"""A release that is published while a page is open: every way on from the page keeps the release that it shows."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import opened
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db
FIRST = (
    "atlas/", "search/?q=电池", "search/history/", "search/similar/?publication=CN110000000A",
    "search/compare/?pick=CN110000000A", "identity/", "identity/people/", "identity/register/", "identity/review/",
    "chain/", "chain/versions/", "chain/strategy/", "chain/tags/",
)  # fmt: skip
# A query as it is typed is read without a release; saved views and the chain's own versions are of the lake.
OF_NO_RELEASE = {"evidence-search-reading", "evidence-atlas-saved"}


def main(page: str) -> str:
    """A page without its menu, which leads to what is newest."""
    return page[page.index("<main") : page.index("</main>")]


def ways(page: str, path: str) -> set[str]:
    """Where a page leads: its links, and its forms that ask for another page, with the fields that are sent along."""
    found = {unescape(url) for url in re.findall(r'(?:href|hx-get)="([^"#]+)"', page)}
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        head = form[: form.index(">")]
        if 'method="post"' not in head:
            action = re.search(r'action="([^"]*)"', head)
            hidden = re.search(r'name="release" value="([^"]+)"|value="([^"]+)" name="release"', form)
            sent = "" if hidden is None else f"?release={hidden[1] or hidden[2]}"
            found.add(f"{action[1] if action else path}{sent}")
    return {path + url if url.startswith("?") else url for url in found}


def test_every_way_on_keeps_the_release_and_the_newer_one_is_offered(cast: Cast, grown: DataLake) -> None:
    client = Client()
    client.force_login(cast.everyone["centre_manager"].user)
    home, at = f"/evidence/{grown.pk}/", opened(grown)
    before = next(each.id for each in at.lake.releases() if each.id != at.id and each.info.get("built") == each.id)
    waiting = [home + each for each in FIRST]
    seen: set[str] = set()
    lost: set[str] = set()
    silent: set[str] = set()
    while waiting:
        url = waiting.pop()
        path = urlsplit(url).path
        name = resolve(path).url_name or path
        if name in seen or name in OF_NO_RELEASE:
            continue
        seen.add(name)
        page = client.get(re.sub(r"(?<=[?&])release=[^&]*&?", "", url))
        if not page["Content-Type"].startswith("text/html"):
            continue
        assert page.status_code == 200, url
        head = page.content.decode().partition("<main")[0]
        assert f"release={at.id}" in unescape(head), "switching the language comes back to the same release"
        for way in ways(main(page.content.decode()), path):
            if not way.startswith(home) or way.startswith(f"{home}data/"):
                continue
            told = parse_qs(urlsplit(way).query).get("release")
            if told != [at.id] and resolve(urlsplit(way).path).url_name not in OF_NO_RELEASE:
                lost.add(f"{name}: {way}")
            waiting.append(way)
        older = client.get(path, {**{key: value[0] for key, value in parse_qs(urlsplit(url).query).items()},
                                  "release": before})  # fmt: skip
        if older.status_code == 200 and not leads_to_newer(main(older.content.decode()), path):
            silent.add(name)
    assert not lost, sorted(lost)
    assert not silent, sorted(silent)
    assert len(seen) > 20, sorted(seen)


def leads_to_newer(page: str, path: str) -> bool:
    """Whether a page at an older release offers itself at the newest: its own address without a release."""
    own = {urlsplit(unescape(url)) for url in re.findall(r'href="([^"#]+)"', page)}
    return any(each.path == path and "release" not in parse_qs(each.query) for each in own)

"""Every page that there is, found by the addresses of the site itself: in both languages and themes, at twice the size.

Quick: each page once in Chinese on paper and once in English as a rubbing, with axe-core only on what differs: all
rules on the first, colours on its rubbing without loading it again, all but colours on the English one.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Route

from pingjiang.centre.accounts.roles import ROLES
from tests.centre.pages.looking import all_but_contrast, at_twice_the_size, axe, contrast, too_wide
from tests.centre.serving import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]
# Files to be saved, and what only takes a form.
NO_PAGES = {
    "document-version", "paper-file", "public-notice-paper", "job-file", "job-act", "token-revoke", "call-apply",
    "public-call-paper", "application-reckon", "public-decision-paper", "public-panel-draw", "review-file", "expert-me",
}  # fmt: skip
WRONG = [("", "/nothing/"), ("olga", "/nothing/"), ("", "/wrong/broken/"), ("", "/wrong/bad/")]
MORE = [
    ("olga", "/cases/?q=nowhere&open=no"), ("olga", "/components/?wall=1"), ("", "/verify/?code=PJ26-7QK4-M2XD"),
    ("olga", "/announcements/"), ("stella", "/people/"), ("alice", "/jobs/1/"), ("olga", "/facts/counts/?by=kind"),
    ("stella", "/facts/counted/?part=aside"), ("", "/help/public/"),
]  # fmt: skip


def routes(within: list[URLPattern | URLResolver] | None = None, above: bool = False) -> Iterator[tuple[str, bool]]:
    """Names of the site's addresses, and whether they take arguments. The API has none for people."""
    for each in within or get_resolver().url_patterns:
        takes = above or bool(each.pattern.converters or each.pattern.regex.groups)
        if isinstance(each, URLResolver):
            if each.namespace is None:
                yield from routes(each.url_patterns, takes)
        elif each.name:
            yield each.name, takes


def answered(site: Site, who: str, path: str) -> tuple[int, str]:
    """Status and type of an answer."""
    there = urlsplit(site.url)
    connection = http.client.HTTPConnection(there.hostname or "", there.port)
    connection.request("GET", path, headers={"Cookie": f"sessionid={site.told['sessions'].get(who, '')}"})
    found = connection.getresponse()
    return found.status, found.headers.get("Content-Type", "")


def is_page(site: Site, who: str, path: str) -> bool:
    """Whether it is a page, for somebody."""
    status, kind = answered(site, who, path)
    return status == 200 and kind.startswith("text/html")


def every_page(site: Site, on_lakes: dict[str, Any]) -> list[tuple[str, str]]:
    """Who looks at which address: nobody where everybody may, else the first of the cast who may."""
    unseen: list[str] = []
    found = [(who, path) for _name, who, path in on_lakes["read"] if is_page(site, who, path)]
    told_of = {name for name, *_rest in on_lakes["read"]} | set(on_lakes["acts"]) | NO_PAGES
    cast = ["", "olga", "alice", "stella", *sorted(set(site.told["sessions"]) - {"olga", "alice", "stella"})]
    for name, has_arguments in routes():
        if has_arguments:
            if name in site.told["pages"]:
                found.append(tuple(site.told["pages"][name]))
            elif name not in told_of:
                unseen.append(name)
            continue
        seen = next((who for who in cast if is_page(site, who, reverse(name))), None)
        if seen is not None:
            found.append((seen, reverse(name)))
    assert unseen == [], "pages whose address populate.py does not tell"
    return [(who, path) for who, path in [*found, *MORE, *WRONG]]


@pytest.fixture(scope="module")
def pages(site: Site) -> list[tuple[str, str]]:
    """All pages, those on lakes too: the lakes are made now, for the walk alone."""
    site.run("tests.centre.evidence.fill_pages")
    found = every_page(site, site.read("evidence.json"))
    assert len([path for _who, path in found if path.startswith(("/evidence/", "/public/atlas/"))]) > 45
    assert len(found) > 90
    return found


def look(shown: Visit, theme: str, path: str) -> list[str]:
    """A page as it comes: what is wrong with its language, theme, width."""
    shown.keep("pj_theme", theme)
    shown.go(path)
    drawn = shown.page.evaluate("[document.documentElement.lang, document.documentElement.dataset.bsTheme]")
    expected = [{"zh-hans": "zh-CN", "en": "en"}[shown.language], "dark" if "wall=1" in path else theme]
    return [*too_wide(shown.page), *([] if drawn == expected else [f"{drawn} is not {expected}"])]


def complaints(shown: Visit) -> list[str]:
    """What the browser complained of, beside the statuses that were asked for."""
    return [text for text in shown.complaints if "the server responded with a status of" not in text]


@pytest.mark.slow
def test_every_page_in_both_languages_and_themes(visit: Open, pages: list[tuple[str, str]]) -> None:
    chinese, english = visit(), visit("en")
    found: dict[tuple[str, str], list[str]] = {}
    before = None
    for who, path in sorted(pages):
        if who != before:
            chinese.enter(who)
            english.enter(who)
            before = who
        wrong = [*look(chinese, "light", path), *axe(chinese.page), *at_twice_the_size(chinese.page)]
        chinese.page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        wrong += [*contrast(chinese.page), *look(english, "dark", path), *all_but_contrast(english.page)]
        if wrong:
            found[who, path] = wrong
    assert found == {}
    assert complaints(chinese) == complaints(english) == []


def test_the_desk_of_every_role_and_where_its_menu_leads(visit: Open, site: Site) -> None:
    shown = visit()
    people = {role: f"one_{role}" for role in ROLES} | {
        "programme_officer": "olga", "member_user": "alice", "steward": "stella",
    }  # fmt: skip
    for role, who in people.items():
        page = shown.enter(who)
        shown.go("/")
        assert too_wide(page) == [], role
        assert axe(page, {"runOnly": {"type": "rule", "values": ["link-name", "list", "aria-allowed-attr"]}}) == []
        links = page.evaluate("[...document.querySelectorAll('.pj-nav a, .pj-tools a')].map((a) => a.pathname)")
        assert len(links) >= 3
        assert {answered(site, who, path)[0] for path in set(links)} == {200}, role
    assert complaints(shown) == []


def test_a_form_of_another_session_is_told_and_keeps_to_the_look(visit: Open) -> None:
    shown = visit()
    shown.go("/sign-in/")
    shown.page.evaluate(
        """() => { document.querySelector('main input[name=csrfmiddlewaretoken]').value = 'old';
        document.querySelector('main form').requestSubmit(); }"""
    )
    shown.page.wait_for_selector("main h1, main b")
    shown.page.wait_for_load_state()
    assert axe(shown.page) == [] and too_wide(shown.page) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_whole_product(visit: Open, pages: list[tuple[str, str]], language: str, theme: str) -> None:
    shown = visit(language)
    found = {}
    for who, path in sorted(pages):
        shown.enter(who)
        wrong = [*look(shown, theme, path), *axe(shown.page), *at_twice_the_size(shown.page)]
        if wrong:
            found[who, path] = wrong
    assert found == {}
    assert complaints(shown) == []


# What Chromium 100 does not know. Under another name today's does not know it either, and treats it alike: a
# declaration is dropped, one that comes by a variable is void where it is used, a rule of an unknown selector is none.
_UNKNOWN_ONCE = re.compile(r"(?<![\w-])(color-mix|oklch|oklab|lab|lch|light-dark)\(|:has\(")


def as_once(style: str) -> str:
    """A style sheet as a browser of Chromium 100 reads it."""
    return _UNKNOWN_ONCE.sub(
        lambda found: found[0].replace("has", "x-has") if found[0] == ":has(" else f"x-{found[0]}", style
    )


_LOOKS = 3  # a number in the head or a minute may change between two looks, a rule of the style sheet does not


def drawn(shown: Visit, path: str) -> bytes:
    """A page as pixels, without what moves on by itself."""
    page = shown.go(path)
    return page.screenshot(animations="disabled", caret="hide", mask=[page.locator("[hx-trigger*=every]")])


@pytest.mark.slow
def test_an_older_browser_draws_every_page_alike(visit: Open, pages: list[tuple[str, str]]) -> None:
    """Where Tabler's mixtures of colours, which could not be lowered, are in nothing that our pages show."""
    now, once = visit(), visit()
    sheets: dict[str, str] = {}

    def older(route: Route) -> None:
        if route.request.url not in sheets:
            sheets[route.request.url] = route.fetch().text()
        route.fulfill(body=as_once(sheets[route.request.url]), content_type="text/css")

    once.context.route("**/*.css", older)
    before = None
    unlike = []
    for who, path in sorted(pages):
        if who != before:
            now.enter(who)
            once.enter(who)
            before = who
        if not any(drawn(now, path) == drawn(once, path) for _ in range(_LOOKS)):
            unlike.append((who, path))
    assert sum(len(_UNKNOWN_ONCE.findall(sheet)) for sheet in sheets.values()) > 100
    assert unlike == []

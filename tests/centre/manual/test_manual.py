"""The manual: its pictures, the pages that it names, what each role gets of it; both languages say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.manual import texts
from pingjiang.centre.pages import menu
from pingjiang.centre.programme import urls as programme
from tests.centre.cast import Cast

EVERY = [(language, name) for language in texts.LANGUAGES for name in texts.PAGES]
STATIC = texts.FOLDER / "static" / "manual"
MOST = 130_000  # bytes of a picture
# Files, what only takes a form, and what stands in every list and every case.
NO_PAGES = {
    "public-call-paper", "public-call-change", "public-decision-paper", "public-panel-draw", "public-panel-supplement",
    "review-file", "application-draft", "application-reckon", "call-apply",
}  # fmt: skip


@cache
def told(language: str, name: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Pictures of a page, and its links: where to, and in which words."""
    pictures, links, words, href = [], [], "", ""
    for token in texts.inner(texts.parsed(language, name)):
        if token.type == "image":
            pictures.append(str(token.attrGet("src")))
        elif token.type == "link_open":
            words, href = "", str(token.attrGet("href"))
        elif token.type == "link_close":
            links.append((href, words))
            href = ""
        elif href and token.type == "text":
            words += token.content
    return pictures, links


def names(within: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """Names of all addresses of the site."""
    for each in within or get_resolver().url_patterns:
        if isinstance(each, URLResolver):
            yield from names(each.url_patterns)
        elif each.name:
            yield each.name


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_picture_that_a_page_shows_is_there_and_small(language: str, name: str) -> None:
    pictures, _links = told(language, name)
    assert pictures, "a page with nothing to see"
    for src in pictures:
        file = (texts.path_of(language, name).parent / src).resolve()  # as whoever reads the folder finds it
        assert file.is_file() and file.parent == STATIC / language, src
        assert file.stat().st_size < MOST, f"{src}: {file.stat().st_size} bytes"
        width, height = texts.size_of(file)
        assert 150 <= width <= 1366 and 40 <= height <= 1400, (src, width, height)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_picture_that_there_is_is_shown_by_a_page(language: str) -> None:
    shown = {Path(src).name for name in texts.PAGES for src in told(language, name)[0]}
    assert {file.name for file in (STATIC / language).iterdir()} == shown


def test_every_picture_is_taken_by_the_tool() -> None:
    walks = (Path(__file__).parents[3] / "tools" / "pictures" / "walks.py").read_text(encoding="utf-8")
    taken = set(re.findall(r'(?:take|keep)\(\s*"([a-z-]+)"', walks))
    assert taken == {file.stem for file in (STATIC / "zh").iterdir()}


def test_all_pictures_together_are_small() -> None:
    assert sum(file.stat().st_size for file in STATIC.rglob("*.png")) < 6_000_000


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_page_that_it_names_exists_and_is_called_so(language: str, name: str) -> None:
    known = set(names())
    for href, words in told(language, name)[1]:
        if href.startswith(texts.SITE):
            page = href.removeprefix(texts.SITE)
            assert page in known, f"there is no page {page!r}"
            called = {entry.words for entry in [*menu._entries, *menu._public] if entry.url == page}
            if called:
                assert words in {each[texts.LANGUAGES.index(language)] for each in called}, (page, words)
        else:
            assert href.removesuffix(".md") in texts.PAGES, href


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_page_of_the_programme_is_told_of(language: str) -> None:
    said = {href.removeprefix(texts.SITE) for name in texts.PAGES for href, _words in told(language, name)[1]}
    pages = {str(each.name) for each in programme.urlpatterns} - NO_PAGES
    assert pages - said == set()


@pytest.mark.parametrize("name", texts.PAGES)
def test_both_languages_have_the_same_parts_pictures_and_pages(name: str) -> None:
    chinese, english = (texts.rendered(language, name, linked=True) for language in texts.LANGUAGES)
    assert len(chinese.parts) == len(english.parts) >= 6
    shapes = [
        [token.type for token in texts.parsed(language, name) if token.type in ("heading_open", "tr_open")]
        for language in texts.LANGUAGES
    ]
    assert shapes[0] == shapes[1], "headings and rows of tables"
    there, here = (told(language, name) for language in texts.LANGUAGES)
    assert [Path(src).name for src in there[0]] == [Path(src).name for src in here[0]]
    assert {href for href, _words in there[1]} == {href for href, _words in here[1]}


@pytest.mark.parametrize("name", texts.PAGES)
def test_a_page_tells_duties_refusals_undoing_and_questions(name: str) -> None:
    headings = " ".join(words for _anchor, words in texts.rendered("en", name, linked=False).parts)
    for part in ("do", "Where it is refused", "Questions"):
        assert part in headings
    assert re.search("Undoing|Withdraw", headings)


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_words_of_refusals_are_those_of_the_site(language: str, name: str) -> None:
    """The first column of the table of refusals quotes what the site says, with … for what differs."""
    spoken = _spoken()
    quoted = _quoted(language, name)
    assert quoted
    for text in quoted:
        parts = [part.strip(" :：，；“”'") for part in re.split(r"…+", text)]
        pieces = [part for part in parts if len(part) > 3]
        assert any(all(piece in line for piece in pieces) for line in spoken), f"nothing says: {text}"


def _quoted(language: str, name: str) -> list[str]:
    tokens = texts.parsed(language, name)
    found, within, first = [], False, False
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            within = tokens[at + 1].content in ("系统不让办时", "Where it is refused")
        first = token.type == "tr_open" or (first and token.type != "td_close")
        if within and first and token.type == "inline" and tokens[at - 1].type == "td_open":
            found.append(token.content)
            first = False
    return found


@cache
def _spoken() -> tuple[str, ...]:
    """Every text of the site's sources and of its English."""
    centre = texts.FOLDER.parent
    sources = [path for path in centre.rglob("*.py") if path.name != "demo.py"]
    sources += [*centre.rglob("*.html"), *centre.rglob("*.po"), *(centre.parent / "rulebook").rglob("*.py")]
    joined = []
    for path in sources:
        text = re.sub(r'"\n\s*f?"', "", path.read_text(encoding="utf-8"))  # a text that is broken over lines
        joined += [re.sub(r"\{[^}]*\}|%\(\w+\)s", "…", line) for line in text.splitlines()]
    return tuple(joined)


# ── as it is served


def test_everybody_comes_to_the_own_page(client: Client, cast: Cast) -> None:
    def title() -> str:
        page = client.get("/help/").content.decode()
        return str(re.findall(r'aria-current="page">([^<]*)</a></li>', page)[0])

    assert title() == "公众与异议人手册"
    assert client.get("/help/nothing/").status_code == 404
    for role in ROLES:
        client.force_login(cast.everyone[role].user)
        assert title() == texts.title_of("zh", texts.page_of(role))
    client.force_login(cast.alice.user)
    page = client.get("/help/applicant/").content.decode()
    assert 'class="pj"' in page and 'href="/calls/"' in page and "<h2 id" in page
    other = client.get("/help/officer/").content.decode()
    assert 'href="/simulation/"' not in other and "<strong>规则模拟</strong>" in other


def test_every_page_of_the_site_leads_there(client: Client, cast: Cast) -> None:
    assert 'href="/help/"' in client.get("/public/calls/").content.decode()
    client.force_login(cast.olga.user)
    assert 'href="/help/"' in client.get("/").content.decode()


def test_it_is_read_in_the_language_of_the_site(client: Client, cast: Cast) -> None:
    assert "区县主管手册" in client.get("/help/district/").content.decode()
    client.post("/language/", {"language": "en"})
    page = client.get("/help/district/").content.decode()
    assert "Manual for district officers" in page and "/static/manual/en/district-stamp.png" in page
    assert "手册" not in page


def test_what_is_written_in_it_is_never_html() -> None:
    for language, name in EVERY:
        assert "<script" not in texts.rendered(language, name, linked=True).body
    made = texts._parser().render("<b>x</b> [a](javascript:alert) [b](https://example.org) ![c](data:x)")
    assert "<b>" not in made and "href" not in made and "src" not in made

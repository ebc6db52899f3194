"""Which page of the manual is whose, and how its Markdown becomes HTML.

A page names pictures by their path beside it, other pages by their file, and pages of the site as `site:` and the name
of a URL: `[申报通知](site:calls)`. Those become links for who may open them, and bold words for all others.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parent
LANGUAGES = ("zh", "en")
PAGES = ("officer", "applicant", "district", "expert", "leader", "public", "steward")
_OF_ROLE = {
    "programme_officer": "officer", "centre_manager": "applicant", "centre_specialist": "applicant",
    "member_user": "applicant", "district_officer": "district", "expert": "expert", "decision_maker": "leader",
    "steward": "steward",
}  # fmt: skip
SITE = "site:"
_PICTURES = "../../static/"


@dataclass(frozen=True)
class Text:
    """A page as it is shown: its title, its parts with their anchors, its body."""

    title: str
    parts: tuple[tuple[str, str], ...]
    body: SafeString


def page_of(role: str) -> str:
    """The page of a role; that of everybody for who has none."""
    return _OF_ROLE.get(role, "public")


def path_of(language: str, name: str) -> Path:
    """Where a page is written."""
    return FOLDER / "text" / language / f"{name}.md"


@lru_cache
def title_of(language: str, name: str) -> str:
    """Its first heading."""
    return path_of(language, name).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def parsed(language: str, name: str) -> list[Token]:
    """A page as tokens. HTML in it is text."""
    found: list[Token] = _parser().parse(path_of(language, name).read_text(encoding="utf-8"))
    return found


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.validateLink = _fit  # type: ignore[method-assign]
    return made


def _fit(url: str) -> bool:
    """Addresses that a page of the manual may have: none leads out of the site."""
    return re.match(r"[a-z]+:", url) is None or url.startswith(SITE)


def inner(tokens: Sequence[Token]) -> Iterator[Token]:
    """All tokens, those within lines too."""
    for token in tokens:
        yield token
        yield from token.children or ()


@lru_cache
def rendered(language: str, name: str, *, linked: bool) -> Text:
    """A page. `linked`: pages of the site that it names are links."""
    tokens = parsed(language, name)[3:]  # without its first heading
    parts: list[tuple[str, str]] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            anchor = f"s{len(parts) + 1}"
            token.attrSet("id", anchor)
            parts.append((anchor, tokens[at + 1].content))
        elif token.type == "table_open":
            token.attrSet("class", "tb")
        if token.children:
            token.children = list(_line(token.children, linked=linked))
    made = _parser().renderer.render(tokens, _parser().options, {})
    return Text(title_of(language, name), tuple(parts), mark_safe(made))


def _line(tokens: Sequence[Token], *, linked: bool) -> Iterator[Token]:
    """A line's tokens as the site has them."""
    bold = False
    for token in tokens:
        if token.type == "image":
            yield _html(_picture(str(token.attrGet("src")), token.content))
        elif token.type == "link_open":
            address = _address(str(token.attrGet("href")), linked=linked)
            bold = address is None
            if address is None:
                yield Token("strong_open", "strong", 1)
            else:
                token.attrSet("href", address)
                yield token
        elif token.type == "link_close" and bold:
            bold = False
            yield Token("strong_close", "strong", -1)
        else:
            yield token


def _html(text: SafeString) -> Token:
    return Token("html_inline", "", 0, content=text)


def _address(href: str, *, linked: bool) -> str | None:
    """Where a link leads on the site; None where it is to be no link."""
    if href.startswith(SITE):
        try:
            return reverse(href.removeprefix(SITE)) if linked else None
        except NoReverseMatch:  # the page of a case: its address has a number
            return None
    return reverse("help-page", args=[href.removesuffix(".md")]) if href.endswith(".md") else href


def _picture(src: str, words: str) -> SafeString:
    """A picture, which opens by itself, with its words under it."""
    name = src.removeprefix(_PICTURES)
    width, height = size_of(FOLDER / "static" / name)
    return format_html(
        '<span class="fig"><a href="{0}"><img src="{0}" alt="{1}" width="{2}" height="{3}" loading="lazy"></a>'
        '<span class="cap" aria-hidden="true">{1}</span></span>',
        static(name), words, width, height,
    )  # fmt: skip


def size_of(file: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its head."""
    with file.open("rb") as opened:
        head = opened.read(24)
    width, height = struct.unpack(">II", head[16:24])
    return width, height

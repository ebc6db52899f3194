"""The scheme of the Cooperative Patent Classification: symbols, titles, and what stands above what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element
from pingjiang.sources.said import day


class ClassTitle(TypedDict):
    """A row of `class_title`, without its address."""

    scheme: str
    edition: str | None
    symbol: str
    parent: str | None
    level: int | None
    title: str | None
    allocatable: bool


def read(document: RawDocument) -> Iterator[ClassTitle]:
    """All entries of a scheme, from the top. An entry that only repeats a symbol as a heading has no title."""
    scheme: Element = document.content
    edition = day(scheme.get("publication-date"))
    stack: list[tuple[Element, str | None, str | None]] = [(scheme, None, None)]
    while stack:
        item, parent, above = stack.pop()
        symbol = (item.findtext("classification-symbol") or "").strip() or None
        parent = above if symbol == parent else parent  # below a heading of the same symbol
        stack += [(inner, symbol, parent) for inner in reversed(item.findall("classification-item"))]
        if symbol is None:
            continue
        level = item.get("level", "")
        yield ClassTitle(
            scheme=scheme.get("scheme-type", "cpc").upper(),
            edition=edition,
            symbol=symbol,
            parent=parent,
            level=int(level) if level.isdecimal() and len(level) <= 3 else None,
            title=_title(item.find("class-title")),
            allocatable=item.get("not-allocatable") != "true",
        )


def _title(title: Element | None) -> str | None:
    """The parts of a title by semicolons."""
    parts = [] if title is None else [_worded(part) for part in title.findall("title-part")]
    return "; ".join(part for part in parts if part) or None


_BRACKETS = {"reference": "({})", "CPC-specific-text": "{{{}}}"}


def _worded(element: Element) -> str:
    """The text of an element and of what it holds, in the brackets that the printed scheme has."""
    words = [element.text or ""]
    for inner in element:
        said = _worded(inner)
        words.append(f" {_BRACKETS[inner.tag].format(said)} " if inner.tag in _BRACKETS and said else said)
        words.append(inner.tail or "")
    return " ".join("".join(words).split())

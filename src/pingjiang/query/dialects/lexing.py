"""The text of another tool's query as pieces with their positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pingjiang.errors import QueryRefused
from pingjiang.query.dialects.dialect import Dialect, Proximity
from pingjiang.query.raw import MAX_LENGTH, half_width

Kind = Literal["word", "quoted", "(", ")", "range", "field", "turned", "operator", "near", "unsaid"]
_COMMENT = re.compile(r"(?m)^[ \t]*#[^\n]*$")
_SAME = {"andnot": "not", "与": "and", "或": "or", "非": "not", ",": "or", ";": "or"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the query. `name`, `mark`: of a field; `near`, `within`: of a distance; `why` it cannot be said."""

    kind: Kind
    text: str
    start: int
    end: int
    name: str = ""
    mark: str = ""
    near: Proximity | None = None
    within: int = 0
    why: tuple[str, str] = ("", "")


def pieces_of(text: str, dialect: Dialect) -> list[Piece]:
    """The pieces in order. QueryRefused where a character fits none, as a quotation mark without its partner."""
    if len(text) > MAX_LENGTH:
        raise QueryRefused("检索式过长。", "The query is too long.", query=text, position=MAX_LENGTH + 1)
    plain = half_width(text)
    if dialect.comments:
        plain = _COMMENT.sub(lambda found: " " * len(found[0]), plain)
    return list(_pieces(text, plain, dialect))


def _pieces(text: str, plain: str, dialect: Dialect) -> Iterator[Piece]:
    at, patterns = 0, _patterns(dialect)
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        special = _special(plain, at, dialect)
        if special is not None:
            yield special
            at = special.end
            continue
        match = patterns.match(plain, at)
        if match is None or match.lastgroup is None:
            zh, en = ("引号没有成对。", "The quotation mark has no partner.")
            if plain[at] not in "\"“”'":
                zh, en = f"“{plain[at]}”不能在这里。", f"{plain[at]!r} cannot stand here."
            raise QueryRefused(zh, en, query=text, position=at + 1)
        yield _piece(match)
        at = match.end()


def _special(plain: str, at: int, dialect: Dialect) -> Piece | None:
    """An operator that the dialect writes in its own way."""
    if at and (plain[at - 1].isalnum() or plain[at - 1] == "_") and plain[at] not in "($":
        return None
    for near in dialect.proximity:
        if match := near.pattern.match(plain, at):
            return Piece("near", match[0], at, match.end(), near=near, within=near.within(match))
    for pattern, why in dialect.not_said:
        if match := pattern.match(plain, at):
            return Piece("unsaid", match[0], at, match.end(), why=why)
    return None


@cache
def _patterns_of(separator: str, codes: tuple[str, ...], relations: bool) -> re.Pattern[str]:
    code = "|".join(re.escape(name) for name in codes)
    sign = re.escape(separator)
    marks = r"==|>=|<=|>|<" + (r"|\b(?:all|any|within)\b" if relations else "")
    # With a stroke for a sign only known codes are fields: and/or, 1/2 are none.
    named = code if separator == "/" else rf"{code}|[A-Za-z][\w-]*"
    return re.compile(
        rf"""(?P<turned>(?P<low>\d[\d.-]*)\s*(?P<first><=|<)\s*(?P<what>{code})(?:\s*(?P<second><=|<)\s*(?P<high>\d[\d.-]*))?)
        |(?P<field>(?P<name>{named})\s*(?:{sign}\s*(?P<after>>=|<=|>|<|=)?|(?P<mark>{marks})))
        |(?P<quoted>"[^"]*"|“[^”]*”|'[^'\s][^']*')
        |(?P<range>\[\s*[^\[\]]*?\s+to\s+[^\[\]]*\])
        |(?P<operator>(?:andnot|and|or|not|与|或|非)(?=[\s()\[\]"“']|$)|[,;])
        |(?P<open>\()|(?P<close>\))
        |(?P<word>[^\s()\[\]"“”,;=<>]+)""",
        re.VERBOSE | re.IGNORECASE,
    )


def _patterns(dialect: Dialect) -> re.Pattern[str]:
    return _patterns_of(dialect.separator, tuple(dialect.codes()), dialect.relations)


def _piece(match: re.Match[str]) -> Piece:
    group, start, end = match.lastgroup, match.start(), match.end()
    found = match[0]
    if match["turned"]:
        return Piece("turned", found, start, end, name=match["what"].upper())
    if match["field"]:
        return Piece(
            "field", found, start, end, name=match["name"].upper(), mark=(match["mark"] or match["after"] or "").lower()
        )
    if group == "operator":
        return Piece("operator", _SAME.get(found.lower(), found.lower()), start, end)
    if group in ("open", "close"):
        return Piece("(" if group == "open" else ")", found, start, end)
    kind: Kind = "quoted" if group == "quoted" else "range" if group == "range" else "word"
    return Piece(kind, found, start, end)

"""From characters to raw nodes by `grammar.lark`. Imported where a query is read: lark takes a moment to load."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput

from pingjiang.errors import QueryRefused
from pingjiang.query.raw import (
    MAX_LENGTH,
    Raw,
    RawField,
    RawMany,
    RawNear,
    RawNot,
    RawRange,
    RawSet,
    RawWord,
    half_width,
)
from pingjiang.query.refusing import refusal

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def read_raw(text: str) -> Raw:
    """The raw nodes of a query. QueryRefused where it cannot be read."""
    if len(text) > MAX_LENGTH:
        raise QueryRefused(
            f"检索式超过 {MAX_LENGTH:,} 个字符。", f"The query has more than {MAX_LENGTH:,} characters.",
            query=text, position=MAX_LENGTH + 1,
            remedy=("拆成几条，用 #1 OR #2 合并。", "Divide it and join the parts by #1 OR #2."),
        )  # fmt: skip
    plain = half_width(text)
    try:
        made: Raw = _parser().parse(plain)  # type: ignore[assignment]
    except UnexpectedInput as error:
        raise refusal(text, plain, error) from None
    return made


@cache
def _parser() -> Lark:
    text = resources.files("pingjiang.query").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", transformer=_Make(), maybe_placeholders=False)


class _Make(Transformer[Token, Raw]):
    """Raw nodes as the parser meets them: nothing recurs, however deep the brackets."""

    def start(self, found: list[Any]) -> Raw:
        return found[0]  # type: ignore[no-any-return]

    def simple(self, found: list[Token]) -> RawWord:
        token = found[0]
        quoted = token.type == "QUOTED"
        return RawWord(_unescaped(token[1:-1] if quoted else token), quoted, token.start_pos or 0)

    bound = simple

    def any_of(self, found: list[Any]) -> RawMany:
        return RawMany("or", tuple(found), found[0].at, _deepest(found))

    def all_of(self, found: list[Any]) -> RawMany:
        return RawMany("and", tuple(found), found[0].at, _deepest(found))

    def and_next(self, found: list[Any]) -> Raw:
        return found[0]  # type: ignore[no-any-return]

    def negated(self, found: list[Any]) -> RawNot:
        return RawNot(found[1], found[0].start_pos, found[1].depth + 1)

    except_next = negated

    def near(self, found: list[Any]) -> RawNear:
        sides, between = found[::2], found[1::2]
        marks = tuple((str(token), token.start_pos) for token in between)
        return RawNear(tuple(sides), marks, sides[0].at, _deepest(sides))

    def group(self, found: list[Any]) -> Raw:
        return _deeper(found[1])

    def fielded(self, found: list[Any]) -> RawField:
        return RawField(str(found[0]), found[1], found[0].start_pos, found[1].depth)

    def compared(self, found: list[Any]) -> RawField:
        return self.fielded([found[0], self.marked(found[1:])])

    def marked(self, found: list[Any]) -> RawWord:
        sign = {"==": "=", "=>": ">=", "=<": "<=", "≥": ">=", "≤": "<="}.get(found[0], str(found[0]))
        return RawWord(found[1].text, found[1].quoted, found[1].at, sign)

    def whole(self, found: list[Any]) -> RawWord:
        return RawWord(found[0].text, found[0].quoted, found[0].at, "=")

    def range(self, found: list[Any]) -> RawRange:
        return RawRange(found[1], found[2], found[0].start_pos)

    def saved(self, found: list[Any]) -> RawSet:
        return RawSet(str(found[0]), found[0].start_pos)


def _deepest(parts: Iterable[Any]) -> int:
    return max(int(part.depth) for part in parts)


def _deeper(raw: Raw) -> Raw:
    """The same within one more pair of brackets."""
    return replace(raw, depth=raw.depth + 1)


def _unescaped(text: str) -> str:
    r"""`\"` and the like as the sign itself; `\*`, `\?`, `\\` stay: they mean signs that would be wildcards."""
    return _ESCAPE.sub(lambda found: found[0] if found[1] in "*?\\" else found[1], text)

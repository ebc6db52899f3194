"""A tree as text, with every bracket that says how it is understood. What is printed parses to the same tree."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pingjiang.query.fields import Field, load_fields
from pingjiang.query.tree import (
    And,
    Code,
    DateSpan,
    Fielded,
    IntSpan,
    Known,
    Near,
    Node,
    Not,
    Number,
    Or,
    SetRef,
    Symbol,
    Term,
)
from pingjiang.schema.codes import code_words

Language = Literal["zh", "en"]
_OPERATORS = {"en": ("AND", "OR", "NOT"), "zh": ("与", "或", "非")}
# Words that need no quotes: nothing in them is a sign or an operator of the language.
_PLAIN = re.compile(
    r"(?!(?:AND|OR|NOT|与|或|非)$)[*?]?[^\W_][^\s()\[\]【】\"“”=:<>≤≥,、;#\\（）［］＂＝：＜＞，；＃　]*", re.IGNORECASE
)
_GLUED = re.compile(r"AND|OR|NOT")


def echo(node: Node, language: Language = "en") -> str:
    """The query with its brackets, in the codes of fields and operators or in Chinese.

    >>> from pingjiang.query.parse import parse
    >>> echo(parse("TI=电池 OR TI=隔膜 AND 申请日>=2015"))
    'TI=电池 OR (TI=隔膜 AND APD=[20150101 TO *])'
    """
    return _Printer(language).node(node, None)


class _Printer:
    def __init__(self, language: Language) -> None:
        self.and_, self.or_, self.not_ = _OPERATORS[language]
        self.chinese = language == "zh"

    def node(self, node: Node, field: Field | None) -> str:
        match node:
            case Or(parts):
                return f" {self.or_} ".join(self.bracketed(part, field) for part in parts)
            case And(parts):
                return f" {self.and_} ".join(self.bracketed(part, field) for part in parts)
            case Not(part):
                return f"{self.not_} {self.bracketed(part, field)}"
            case Near(left, right, within, ordered):
                sign = f"{within}{'W' if ordered else 'N'}"
                return f"{self.bracketed(left, field)} {sign} {self.bracketed(right, field)}"
            case SetRef():
                return node.text()
            case Fielded(name, part):
                return self.fielded(load_fields()[name], part)
            case _:
                return self.leaf(node, field)

    def bracketed(self, node: Node, field: Field | None) -> str:
        text = self.node(node, field)
        return f"({text})" if isinstance(node, Or | And | Near) or _nots(node) > 1 else text

    def fielded(self, field: Field, part: Node) -> str:
        name = field.zh if self.chinese else field.name
        text = self.node(part, field)
        return f"{name}=({text})" if isinstance(part, Or | And | Near | Not) else f"{name}={text}"

    def leaf(self, node: Node, field: Field | None) -> str:
        match node:
            case Known():
                return "*"
            case Term(text, whole):
                return ("=" if whole and not (field and field.kind == "node") else "") + _word(text)
            case DateSpan(low, high):
                return f"{_day(low)}" if low == high and low else f"[{_day(low)} TO {_day(high)}]"
            case IntSpan(least, most):
                ends = ["*" if end is None else str(end) for end in (least, most)]
                return ends[0] if ends[0] == ends[1] else f"[{ends[0]} TO {ends[1]}]"
            case Symbol(text) | Number(text):
                return text
            case Code(text):
                return (
                    _word(code_words(field.codes).get(text, text)) if self.chinese and field and field.codes else text
                )
        raise TypeError(f"no leaf: {node!r}")


def _nots(node: Node) -> int:
    """NOT above NOT is shown in brackets."""
    count = 0
    while isinstance(node, Not):
        node, count = node.part, count + 1
    return count


def _word(text: str) -> str:
    """Quoted where it has to be."""
    if text != "*" and _PLAIN.fullmatch(text) and not (text.isascii() is False and _GLUED.search(text)):
        return text
    return '"' + text.replace('"', '\\"') + '"'


def _day(day: date | None) -> str:
    return "*" if day is None else f"{day.year:04}{day.month:02}{day.day:02}"

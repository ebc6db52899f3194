"""A query as one SQL statement over the tables of `corpus`: each of them is read once, whatever is asked of it.

Every leaf is a condition on rows of one table. The rows that meet any condition of a table are gathered by publication,
a column a condition; the Boolean frame then decides among all publications. No comparison with NULL reaches the frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pingjiang.engine import Session, Table
from pingjiang.engine.session import quote
from pingjiang.identifiers import parse as parse_number
from pingjiang.query.corpus import fields_of, prepare
from pingjiang.query.fields import UNKNOWN, Field, load_fields
from pingjiang.query.symbols import parse_pattern
from pingjiang.query.tokens import has_wildcard, piece_pattern, pieces
from pingjiang.query.tree import (
    And,
    Code,
    DateSpan,
    Fielded,
    IntSpan,
    Known,
    Leaf,
    Near,
    Node,
    Not,
    Number,
    Or,
    SetRef,
    Symbol,
    Term,
)

_ROW = "query_publication"  # has one row a publication: its conditions stand in the frame itself
_COLUMNS = {
    "APD": "filing_date",
    "PD": "publication_date",
    "GD": "grant_date",
    "PRD": "priority_date",
    "CLN": "claim_count",
    "PT": "patent_type",
    "PNC": "authority",
    "KD": "kind",
    "PN": "publication_id",
    "AN": "application_id",
}
_BASIS = {"COUNTRY": "applicant", "INC": "inventor"}


def ask(session: Session, tables: Mapping[str, Table], node: Node) -> Table:
    """The publications of a release that a query holds: a Table of one column, publication_id.

    `tables`: those of the release that `corpus.TABLES` names. Sets must have been put in (`sets.expand`).
    """
    return session.sql(to_sql(node), **prepare(session, tables, fields_of(node)))


def to_sql(node: Node) -> str:
    """The statement; it names the tables of `corpus.prepare`."""
    frame = _Frame()
    condition = frame.outer(node)
    heads = [
        f"h_{source} as (select x.publication_id, "
        + ", ".join(f"max(case when {text} then 1 else 0 end) as c{nth}" for text, nth in conditions.items())
        + f" from {source} as x where {' or '.join(conditions)} group by x.publication_id)"
        for source, conditions in frame.sources.items()
    ]
    joins = "".join(f" left join h_{name} on h_{name}.publication_id = x.publication_id" for name in frame.sources)
    head = f"with {', '.join(heads)} " if heads else ""
    return f"{head}select x.publication_id from {_ROW} as x{joins} where {condition}"


class _Frame:
    """The Boolean frame, and the conditions of each table: text → number of its column."""

    def __init__(self) -> None:
        self.sources: dict[str, dict[str, int]] = {}

    def outer(self, node: Node) -> str:
        match node:
            case Or(parts):
                return "(" + " or ".join(self.outer(part) for part in parts) + ")"
            case And(parts):
                return "(" + " and ".join(self.outer(part) for part in parts) + ")"
            case Not(part):
                return f"(not {self.outer(part)})"
            case Fielded(name, part):
                return self.inner(load_fields()[name], part)
            case SetRef():
                raise ValueError(f"{node.text()} was not expanded")
        raise TypeError(f"asked of no field: {node!r}")

    def inner(self, field: Field, node: Node) -> str:
        match node:
            case Or(parts):
                return "(" + " or ".join(self.inner(field, part) for part in parts) + ")"
            case And(parts):
                return "(" + " and ".join(self.inner(field, part) for part in parts) + ")"
            case Not(part):
                return f"(not {self.inner(field, part)})"
            case Fielded() | SetRef():
                raise TypeError(f"not within {field.name}: {node!r}")
        source, condition = _condition(field, node)
        if source == _ROW:
            return f"coalesce({condition}, false)"
        conditions = self.sources.setdefault(source, {})
        number = conditions.setdefault(condition, len(conditions))
        return f"(coalesce(h_{source}.c{number}, 0) = 1)"


def _condition(field: Field, node: Near | Leaf) -> tuple[str, str]:
    """The table that a leaf reads, and what it asks of its rows (x)."""
    if field.is_words:
        names = ", ".join(quote(part) for part in field.parts)
        return "query_text", f"(x.field in ({names}) and {_words(field, node)})"
    if field.kind == "node":
        return "query_node", f"({_words(field, node)})"
    if field.kind == "symbol":
        return "query_class", _symbol(field, node)
    if field.name in _BASIS:
        asked = f"x.country = {quote(node.text)}" if isinstance(node, Code) else "x.country is not null"
        return "query_place", f"(x.basis = '{_BASIS[field.name]}' and {asked})"
    if field.name == "LS":
        asked = f"= {quote(node.text)}" if isinstance(node, Code) else f"<> {quote(UNKNOWN)}"
        return _ROW, f"(coalesce(x.state {asked}, false) or coalesce(x.life {asked}, false))"
    return _ROW, _value(field, f"x.{_COLUMNS[field.name]}", node)


def _value(field: Field, column: str, node: Near | Leaf) -> str:
    match node:
        case Known():
            return f"({column} is not null)"
        case DateSpan(low, high) | IntSpan(low, high):
            ends = [f"{column} {sign} {_literal(end)}" for sign, end in ((">=", low), ("<=", high)) if end is not None]
            return f"({' and '.join(ends)})"
        case Number(text) | Code(text) if text.endswith("*"):
            return f"(substr({column}, 1, {len(text) - 1}) = {quote(text[:-1])})"
        case Number(text) if field.what == "publication":
            number = parse_number(text, what="publication")
            if number.kind is None:
                return f"(x.authority = {quote(number.authority)} and x.number = {quote(number.number)})"
            return f"({column} = {quote(number.id)})"
        case Number(text) | Code(text):
            return f"({column} = {quote(text)})"
    raise TypeError(f"not asked of {field.name}: {node!r}")


def _literal(value: date | int) -> str:
    return f"cast('{value.isoformat()}' as date)" if isinstance(value, date) else str(value)


def _symbol(field: Field, node: Near | Leaf) -> str:
    schemes = f"x.scheme in ({', '.join(quote(scheme) for scheme in field.schemes)})"
    if not isinstance(node, Symbol):
        return f"({schemes})"
    pattern = parse_pattern(node.text)
    return f"({schemes} and x.sort_key >= {quote(pattern.low)} and x.sort_key <= {quote(pattern.high)})"


def _words(field: Field, node: Near | Leaf) -> str:
    """What words ask of a line of tokens."""
    if isinstance(node, Known):
        return "x.line <> ''"
    if not isinstance(node, Term):
        return f"regexp_matches(x.line, {quote(pattern_of(field, node) + ' ')})"
    found = pieces(node.text, names=field.kind != "text")
    if has_wildcard(found):
        pattern = pattern_of(field, node) + " "
        return f"regexp_matches(x.line, {quote(f'^{pattern}$' if node.whole else pattern)})"
    wanted = quote(f" {' '.join(found)} ")
    return f"x.line = {wanted}" if node.whole else f"strpos(x.line, {wanted}) > 0"


_TOKEN_CHARACTER = "[^ ]"


def pattern_of(field: Field, node: Node) -> str:
    """A regular expression for the spans of words (`meaning.spans`) in a line: each token with the space before it.

    What follows begins with a space too, so a pattern ends where a token does.
    """
    match node:
        case Term(text):
            found = pieces(text, names=field.kind != "text")
            return "".join(f" {piece_pattern(piece, _TOKEN_CHARACTER)}" for piece in found)
        case Or(parts):
            return f"(?:{'|'.join(pattern_of(field, part) for part in parts)})"
        case Near(left, right, within, ordered):
            a, b, gap = pattern_of(field, left), pattern_of(field, right), f"(?: {_TOKEN_CHARACTER}+){{0,{within}}}"
            return f"(?:{a}{gap}{b})" if ordered else f"(?:{a}{gap}{b}|{b}{gap}{a})"
    raise TypeError(f"no words: {node!r}")

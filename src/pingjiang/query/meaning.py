"""What a query means, told once: whether it holds of one document. Everything that answers queries answers like this.

It is plain and slow on purpose: the SQL of `sql.py`, and any index, is tested against it.

- **A set.** The answer is a set of publications, out of all rows of table `publication`. AND, OR and NOT are
  intersection, union and complement. What is not known does not match; so NOT holds of it. `*` asks whether
  anything is known.
- **Fields of several values** (titles in two languages, applicants, claims) are asked value by value: a word, phrase or
  nW must be found within one value; AND may find its parts in different ones. A field with `parts` (TIAB) has the
  values of all of them.
- **Term.** Its pieces (`tokens.pieces`) match tokens of the value that stand in a row. `*` is any run of characters of
  one token, `?` exactly one. `whole`: they are all tokens of the value.
- **Near.** A span is a run of tokens. `a nW b`: a span of a ends before a span of b begins and at most n tokens lie
  between; `a nN b`: so, or the other way round. Both together are a span again. Of Or: the spans of either.
- **Symbols** by number (`symbols.parse_pattern`), one symbol at a time; **dates and counts** by their ends; **numbers**
  by the compact form, any kind where none is written; **codes** alike; a legal state also by the life that holds it,
  and `unknown` is none that is known;
  a **node** holds what its descendants hold, and is asked by id or name as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pingjiang.identifiers import parse as parse_number
from pingjiang.query.fields import UNKNOWN, Field, load_fields
from pingjiang.query.symbols import parse_pattern
from pingjiang.query.tokens import has_wildcard, piece_pattern, pieces, tokens
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

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """A publication as queries see it.

    texts    values of fields of words, by the name of the field: TI, AB, CL, ICL, PA, GROUP, IN, ADDRESS, PROVINCE …
    dates    APD, PD, GD, PRD; only those that are known
    counts   CLN, likewise
    codes    PT, KD, PNC, COUNTRY, INC; LS: state and life
    symbols  (scheme, symbol in its display form)
    nodes    for each node and each above it: id, Chinese and English name
    """

    publication_id: str
    authority: str | None = None
    number: str | None = None
    application_id: str | None = None
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    symbols: frozenset[tuple[str, str]] = frozenset()
    nodes: frozenset[str] = frozenset()


def holds(node: Node, document: Document) -> bool:
    """Whether a query holds of a document. Sets (`#3`) must have been put in before (`sets.expand`)."""
    match node:
        case Or(parts):
            return any(holds(part, document) for part in parts)
        case And(parts):
            return all(holds(part, document) for part in parts)
        case Not(part):
            return not holds(part, document)
        case Fielded(name, part):
            return _asked(load_fields()[name], part, document)
        case SetRef():
            raise ValueError(f"{node.text()} was not expanded")
    raise TypeError(f"asked of no field: {node!r}")


def _asked(of: Field, node: Node, document: Document) -> bool:
    match node:
        case Or(parts):
            return any(_asked(of, part, document) for part in parts)
        case And(parts):
            return all(_asked(of, part, document) for part in parts)
        case Not(part):
            return not _asked(of, part, document)
        case Near() | Term() if of.is_words:
            return _found(of, node, document)
        case Known() if of.is_words:
            return any(_values(of, document))
        case Near() | Fielded() | SetRef():
            raise TypeError(f"not within {of.name}: {node!r}")
    return _KINDS[of.kind](of, node, document)


def _values(of: Field, document: Document) -> list[list[str]]:
    """The values of a field of words, as tokens; those without a token are none."""
    texts = (text for part in of.parts for text in document.texts.get(part, ()))
    return [found for text in texts if (found := tokens(text, names=of.kind == "name"))]


def _found(of: Field, node: Near | Term, document: Document) -> bool:
    if isinstance(node, Term) and node.whole:
        return any((0, len(value)) in spans(of, node, value) for value in _values(of, document))
    return any(spans(of, node, value) for value in _values(of, document))


def spans(of: Field, node: Node, value: list[str]) -> set[Span]:
    """Where words are found in the tokens of a value: from the first token to behind the last."""
    match node:
        case Term(text):
            first, *others = [_matcher(piece) for piece in pieces(text, names=of.kind != "text")]
            width = len(others) + 1
            return {
                (at, at + width)
                for at, token in enumerate(value)
                if first(token)
                and at + width <= len(value)
                and all(matches(value[at + nth]) for nth, matches in enumerate(others, start=1))
            }
        case Or(parts):
            return set().union(*(spans(of, part, value) for part in parts))
        case Near(left, right, within, ordered):
            lefts, rights = spans(of, left, value), spans(of, right, value)
            found = _joined(lefts, rights, within)
            return found if ordered else found | _joined(rights, lefts, within)
    raise TypeError(f"no words: {node!r}")


def _matcher(piece: str) -> Callable[[str], object]:
    """Whether a token is what a piece of a query means."""
    return re.compile(piece_pattern(piece), re.DOTALL).fullmatch if has_wildcard((piece,)) else piece.__eq__


def _joined(firsts: set[Span], seconds: set[Span], within: int) -> set[Span]:
    return {
        (start, stop)
        for start, end in firsts
        for begin, stop in seconds
        if end <= begin <= end + within
    }  # fmt: skip


def _symbols(of: Field, node: Leaf, document: Document) -> bool:
    have = [symbol for scheme, symbol in document.symbols if scheme in of.schemes]
    if isinstance(node, Symbol):
        pattern = parse_pattern(node.text)
        return any(pattern.covers(symbol) for symbol in have)
    return bool(have)


def _span(of: Field, node: Leaf, document: Document) -> bool:
    if isinstance(node, DateSpan):
        day = document.dates.get(of.name)
        return day is not None and (node.low or day) <= day <= (node.high or day)
    if isinstance(node, IntSpan):
        count = document.counts.get(of.name)
        low_fits = node.low is None or (count is not None and node.low <= count)
        return count is not None and low_fits and (node.high is None or count <= node.high)
    return of.name in document.dates or of.name in document.counts


def _number(of: Field, node: Leaf, document: Document) -> bool:
    own = document.publication_id if of.what == "publication" else document.application_id
    if not isinstance(node, Number):
        return own is not None
    if own is None:
        return False
    if node.text.endswith("*"):
        return own.startswith(node.text[:-1])
    number = parse_number(node.text, what=of.what or "publication")
    if of.what == "publication" and number.kind is None:
        return (document.authority, document.number) == (number.authority, number.number)
    return own == number.id


def _code(of: Field, node: Leaf, document: Document) -> bool:
    have = document.codes.get(of.name, frozenset())
    if not isinstance(node, Code):
        return bool(have - {UNKNOWN})
    if node.text.endswith("*"):
        return any(code.startswith(node.text[:-1]) for code in have)
    return node.text in have


def _node(of: Field, node: Leaf, document: Document) -> bool:
    if not isinstance(node, Term):
        return bool(document.nodes)
    values = (tokens(name, names=True) for name in document.nodes)
    return any((0, len(value)) in spans(of, node, value) for value in values)


_KINDS: Mapping[str, Callable[[Field, Leaf, Document], bool]] = {
    "symbol": _symbols,
    "date": _span,
    "integer": _span,
    "number": _number,
    "code": _code,
    "kind_code": _code,
    "node": _node,
}

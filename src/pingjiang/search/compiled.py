"""A tree of the query language as a query of the index that finds exactly the same publications.

What the index can say it is asked: words, phrases, whole values, wildcards within one word, keys, numbers. What it
cannot (distances, wildcards within a phrase) is asked twice: the index gives candidates, never one too few, and the
pattern that SQL uses too decides on the lines of tokens that are kept beside it. The ordinals that remain go back into
the query, so that AND, OR and NOT above them are the index's alone.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import tantivy
from tantivy import FieldType, Occur, Query

from pingjiang.identifiers import parse as parse_number
from pingjiang.query.fields import Field, load_fields
from pingjiang.query.meaning import spans
from pingjiang.query.sql import pattern_of
from pingjiang.query.symbols import parse_pattern
from pingjiang.query.tokens import ANY, ONE, has_wildcard, pieces
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
from pingjiang.search.layout import END, NODE, START, key, known, pairs, short
from pingjiang.search.runs import LONGEST, is_pair, word

Ordinals = np.ndarray[tuple[int], np.dtype[np.int64]]
Fits = Callable[[pa.Array], pa.Array]  # of lines of tokens, whether each is wanted


class Texts(Protocol):
    """What is needed of an opened index."""

    schema: tantivy.Schema
    symbols: Sequence[str]
    has_cut: bool

    def ordinals(self, query: Query) -> Ordinals:
        """The publications that a query of the index finds."""

    def frequency(self, field: str, term: str) -> int:
        """How many publications hold a term of the index."""

    def kept(self, field: str, ordinals: Ordinals, fits: Fits) -> Ordinals:
        """Those of the publications of which the line of a value of a field fits."""


def compiled(index: Texts, node: Node) -> Query:
    """The query of the index. Sets must have been put in before (`sets.expand`)."""
    return _Compiler(index).outer(node)


def every(parts: Iterable[Query]) -> Query:
    """All of them hold."""
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def some(parts: Iterable[Query]) -> Query:
    """At least one of them holds."""
    found = list(parts)
    return found[0] if len(found) == 1 else Query.boolean_query([(Occur.Should, part) for part in found])


def but(part: Query) -> Query:
    """All publications that it does not hold."""
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, part)])


class _Compiler:
    def __init__(self, index: Texts) -> None:
        self.index = index

    def outer(self, node: Node) -> Query:
        match node:
            case And(parts):
                return _all_of(parts, self.outer)
            case Or(parts):
                return some(map(self.outer, parts))
            case Not(part):
                return but(self.outer(part))
            case Fielded(name, part):
                return self.inner(load_fields()[name], part)
            case SetRef():
                raise ValueError(f"{node.text()} was not expanded")
        raise TypeError(f"asked of no field: {node!r}")

    def inner(self, field: Field, node: Node) -> Query:
        def within(part: Node) -> Query:
            return self.inner(field, part)

        match node:
            case And(parts):
                return _all_of(parts, within)
            case Or(parts):
                return some(map(within, parts))
            case Not(part):
                return but(within(part))
            case Fielded() | SetRef():
                raise TypeError(f"not within {field.name}: {node!r}")
            case Known():
                return some(self.term("key", known(part)) for part in field.schemes or field.parts)
            case Near() | Term():
                places = (NODE,) if field.kind == "node" else field.parts
                return some(self.words(field, place, node) for place in places)
        return self.value(field, node)

    def term(self, field: str, text: str) -> Query:
        return Query.term_query(self.index.schema, field, text, "basic")

    # -- numbers, dates, codes -----------------------------------------------------------------------

    def value(self, field: Field, node: Leaf) -> Query:
        match node:
            case Symbol(text):
                pattern = parse_pattern(text)
                low = bisect.bisect_left(self.index.symbols, pattern.low)
                high = bisect.bisect_right(self.index.symbols, pattern.high) - 1
                return some(self.between(scheme, low, high) for scheme in field.schemes)
            case DateSpan(first, last):
                return self.between(field.name, _day(first), _day(last))
            case IntSpan(least, most):
                return self.between(field.name, least, most)
            case Number(text) | Code(text) if text.endswith("*"):
                pattern_text = re.escape(key(field.name, text[:-1])) + ".*"
                return Query.regex_query(self.index.schema, "key", pattern_text)
            case Number(text) if field.what == "publication":
                number = parse_number(text, what="publication")
                if number.kind is None:
                    return self.term("key", key("PN without kind", f"{number.authority} {number.number}"))
                return self.term("key", key(field.name, number.id))
            case Number(text):
                return self.term("key", key(field.name, parse_number(text, what=field.what or "publication").id))
            case Code(text):
                return self.term("key", key(field.name, text))
        raise TypeError(f"not asked of {field.name}: {node!r}")

    def between(self, name: str, low: int | None, high: int | None) -> Query:
        if low is None and high is None:
            return self.term("key", known(name))
        if low is not None and high is not None and low > high:
            return Query.empty_query()
        return Query.range_query(self.index.schema, f"n_{name}", FieldType.Integer, low, high)

    # -- words ---------------------------------------------------------------------------------------

    def words(self, field: Field, place: str, node: Near | Term) -> Query:
        """Words in one of the fields that a field is made of."""
        query, exact = self.candidates(field, place, node)
        if exact:
            return query
        remaining = self.index.kept(place, self.index.ordinals(query), _fits(field, node))
        if not len(remaining):
            return Query.empty_query()
        return Query.term_set_query(self.index.schema, "ordinal", remaining.tolist())

    def candidates(self, field: Field, place: str, node: Node) -> tuple[Query, bool]:
        """A query that finds all of them, and whether it finds nothing else."""
        match node:
            case Near(left, right):
                return every(self.candidates(field, place, side)[0] for side in (left, right)), False
            case Or(parts):
                made = [self.candidates(field, place, part) for part in parts]
                return some(query for query, _ in made), all(exact for _, exact in made)
            case Term(text, whole):
                found = pieces(text, names=field.kind != "text")
                if not has_wildcard(found):
                    return self.phrase(place, tuple(map(short, found)), whole=whole), True
                each = [query for piece in found if (query := self.piece(place, piece)) is not None]
                exact = len(found) == len(each) == 1 and not whole and not self.index.has_cut
                return (every(each) if len(each) > 1 else each[0]), exact
        raise TypeError(f"no words: {node!r}")

    def piece(self, place: str, piece: str) -> Query | None:
        """The texts that hold a token; None for one that is any."""
        if not piece.strip(ANY + ONE):
            return None
        if not has_wildcard((piece,)):
            return self.term(f"u_{place}", short(piece))
        pattern = "".join(".*" if char == ANY else "." if char == ONE else re.escape(char) for char in piece)
        if self.index.has_cut:
            pattern = f"({pattern}|.*<….*)"
        return Query.regex_query(self.index.schema, f"u_{place}", pattern)

    def phrase(self, place: str, found: tuple[str, ...], *, whole: bool) -> Query:
        """Tokens in a row, by pairs where they make the whole of it."""
        if whole:
            found = (START, *found, END)
        elif 1 < len(found) <= LONGEST and not is_pair(found) and self.index.frequency(f"c_{place}", word(found)):
            return self.term(f"c_{place}", word(found))
        placed = _pairs(found)
        way = "u" if placed is None else "b"
        words: list[str | tuple[int, str]] = [*(enumerate(found) if placed is None else placed)]
        if len(words) == 1:
            return self.term(f"{way}_{place}", found[0] if placed is None else placed[0][1])
        return Query.phrase_query(self.index.schema, f"{way}_{place}", words)


def _all_of(parts: Sequence[Node], made: Callable[[Node], Query]) -> Query:
    """AND; what is refused is subtracted, so that not all publications are gone through."""
    wanted = [(Occur.Must, made(part)) for part in parts if not isinstance(part, Not)]
    refused = [(Occur.MustNot, made(part.part)) for part in parts if isinstance(part, Not)]
    return Query.boolean_query([*(wanted or [(Occur.Must, Query.all_query())]), *refused])


def _fits(field: Field, node: Near | Term) -> Fits:
    """Whether words are found in a line, all lines at once; a pattern that is too large is gone through one by one."""
    whole = isinstance(node, Term) and node.whole
    pattern = f"{pattern_of(field, node)} "

    def found(line: str) -> bool:
        value = line.split()
        at = spans(field, node, value)
        return (0, len(value)) in at if whole else bool(at)

    def fits(lines: pa.Array) -> pa.Array:
        try:
            return pc.match_substring_regex(lines, f"^{pattern}$" if whole else pattern)
        except pa.ArrowInvalid:
            return pa.array([found(line) for line in lines.to_pylist()], type=pa.bool_())

    return fits


def _pairs(found: Sequence[str]) -> list[tuple[int, str]] | None:
    """Places and words of `b_` that say the same as these tokens in a row; None where it cannot be said."""
    placed: list[tuple[int, str]] = []
    covered = 0  # tokens that are said
    for at, token in enumerate(found):
        if at < covered:
            continue
        after = found[at + 1] if at + 1 < len(found) else None
        if after is not None and pairs(token, after):
            placed.append((at, f"{token}<{after}"))
            covered = at + 2
        elif after is not None or not pairs(token, token):  # what follows is known, or does not matter
            placed.append((at, token))
            covered = at + 1
        elif at and pairs(found[at - 1], token):
            placed.append((at - 1, f"{found[at - 1]}<{token}"))
        else:
            return None
    return placed


def _day(day: date | None) -> int | None:
    return None if day is None else day.toordinal()

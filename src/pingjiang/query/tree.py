"""A query as a tree of typed values. What each node means is told once, in `meaning.py`.

A tree is either combinations of fields (`Fielded`, `SetRef`), or, inside a `Fielded`, combinations of what is asked of
that one field. No `Fielded` stands inside another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts, of which there are two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts, of which there are two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every publication that the part does not hold, those among them of which nothing is known."""

    part: Node


@dataclass(frozen=True, slots=True)
class Near:
    """Both in one text with at most `within` tokens between them; `ordered`: the left before the right.

    Sides are terms, an Or of terms, or Near.
    """

    left: Node
    right: Node
    within: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row, as they were written (`*`, `?` are wildcards). `whole`: a text that is just that."""

    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Whatever it is, as long as something is known: `*`."""


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A day from `low` to `high`, both included; None is open."""

    low: date | None
    high: date | None


@dataclass(frozen=True, slots=True)
class IntSpan:
    """A number from `low` to `high`, both included; None is open."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A pattern of class symbols in the form of `symbols.parse_pattern`."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in its compact form; without a kind any kind; with `*` all that begin so."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the field's list; for kind codes with `*` all that begin so."""

    text: str


@dataclass(frozen=True, slots=True)
class Fielded:
    """What is asked of one field."""

    field: str
    part: Node


@dataclass(frozen=True, slots=True)
class SetRef:
    """An earlier query: `#3` the third of the session, `##name` (saved) one that was kept by name."""

    name: str
    saved: bool = False

    def text(self) -> str:
        """As it is written."""
        return ("##" if self.saved else "#") + self.name


Leaf = Term | Known | DateSpan | IntSpan | Symbol | Number | Code
Node = Or | And | Not | Near | Fielded | SetRef | Leaf
MAX_DEPTH = 60  # of brackets and NOT within one another


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    match node:
        case Or(parts) | And(parts):
            return parts
        case Not(part) | Fielded(_, part):
            return (part,)
        case Near(left, right):
            return (left, right)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the left."""
    yield node
    for child in children(node):
        yield from walk(child)

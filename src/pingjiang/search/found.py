"""All that a query finds in one index, as pages need it: in a unit, in an order, from any place, by facets, by parts.

An index never changes, so what was found once is kept with it, as far as memory is granted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from pingjiang.bounded import Bounded
from pingjiang.query.tree import And, Fielded, Node, Not, Or
from pingjiang.search import highlight
from pingjiang.search.arrangement import NEWEST, PUBLICATION, UNITS
from pingjiang.search.compiled import Ordinals
from pingjiang.search.opened import Index

_AT_ONCE = 10_000
_SHOWN_VALUES = 3  # of a field
MEMORY = 64_000_000  # bytes of ordinals that are kept of an index
_COUNTED, _SMALL = 20_000, 200  # bytes that counted facets, and a number, are taken to need
T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """A part of a query: how deep it stands, and how many it finds by itself."""

    node: Node
    depth: int
    count: int


class Found:
    """What a tree (its sets put in) finds; `unit` is what is counted and listed once."""

    def __init__(self, index: Index, tree: Node, unit: str = PUBLICATION, kept: Bounded | None = None) -> None:
        self.index, self.tree, self.unit = index, tree, unit
        self._kept = kept or Bounded(MEMORY)

    def _ordinals(self, node: Node) -> Ordinals:
        return self._kept.get(("ordinals", node), lambda: self.index.ask(node), lambda found: found.nbytes + _SMALL)

    @cached_property
    def ordinals(self) -> Ordinals:
        """All publications that were found, in order."""
        return self._ordinals(self.tree)

    @cached_property
    def totals(self) -> dict[str, int]:
        """How many they are in each unit: an application or family counts where one publication of it was found."""
        return {unit: self._count(self.tree, unit) for unit in UNITS}

    @property
    def total(self) -> int:
        """How many they are in the unit."""
        return self.totals[self.unit]

    def _count(self, node: Node, unit: str) -> int:
        if unit == PUBLICATION and node is not self.tree:
            return self._kept.get(("count", node), lambda: self.index.count(node), lambda _: _SMALL)
        return self._kept.get(
            ("count", node, unit),
            lambda: self.index.arrangement.count(unit, self._ordinals(node)),
            lambda _: _SMALL,
        )

    def arranged(self, order: str = NEWEST) -> Ordinals:
        """One publication of each counted thing, in an order of `arrangement.ORDERS`."""
        if order == NEWEST and self.unit == PUBLICATION:
            return self.ordinals
        return self._kept.get(
            ("order", self.tree, self.unit, order),
            lambda: self.index.arrangement.arranged(self.ordinals, self.unit, order),
            lambda found: found.nbytes + _SMALL,
        )

    def page(self, start: int, size: int, order: str = NEWEST) -> list[dict[str, Any]]:
        """The hits from a place (from 0) on, as `hits` tells them."""
        return list(hits(self.index, self.tree, self.arranged(order)[start : start + size]))

    def beside(self, publication_id: str, order: str = NEWEST) -> tuple[int, str | None, str | None] | None:
        """Where a publication stands in the list (from 0), and the ones before and behind it; None where it does not.

        One that stands for another of its application or family is found at the place of that one.
        """
        own = self.index.ordinal(publication_id)
        if own is None:
            return None
        listed = self.arranged(order)
        mine, theirs = (self.index.arrangement.groups(self.unit, some) for some in (np.array([own]), listed))
        at = np.flatnonzero(listed == own if mine is None or theirs is None else theirs == mine[0])
        if not len(at):
            return None
        place = int(at[0])
        around = [n for n in (place - 1, place + 1) if 0 <= n < len(listed)]
        names = {n: self.index.shown(listed[n : n + 1])[0]["publication_id"] for n in around}
        return place, names.get(place - 1), names.get(place + 1)

    def facets(self, most: int | None = None) -> dict[str, dict[str, Any]]:
        """All of it counted by each facet, in the unit; see `Facets.counted`."""

        def made() -> dict[str, dict[str, Any]]:
            groups = self.index.arrangement.groups(self.unit, self.ordinals)
            return self.index.facets.counted(self.ordinals, most, groups)

        return self._kept.get(("facets", self.tree, self.unit, most), made, lambda _: _COUNTED)

    def parts(self) -> list[Part]:
        """What a query is made of, each with how many it finds alone; the whole comes last. One part: the whole."""
        told = [Part(node, depth, self._count(node, self.unit)) for node, depth in _parts(self.tree, 0)]
        return told if len(told) > 1 else []


def _parts(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    """The operands of a query and of its brackets, those within the brackets of a field too, each before its whole."""
    if isinstance(node, Not):
        yield from _parts(node.part, depth)
        return
    operands = _operands(node)
    for operand in operands:
        yield from _parts(operand, depth + 1)
    yield node, depth


def _operands(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts) | Or(parts):
            return parts
        case Fielded(field, And(parts) | Or(parts)):
            return tuple(Fielded(field, part) for part in parts)
    return ()


def hits(index: Index, tree: Node, ordinals: Ordinals) -> Iterator[dict[str, Any]]:
    """Publications as they are listed, with `why`: [{"field", "text", "places"}], the words that a query found."""
    wanted = highlight.asked(tree)
    for start in range(0, len(ordinals), _AT_ONCE):
        some = ordinals[start : start + _AT_ONCE]
        why: dict[int, list[dict[str, Any]]] = {ordinal: [] for ordinal in some.tolist()}
        for name in dict.fromkeys(part for one, _ in wanted for part in one.parts):
            mine = [(one, node) for one, node in wanted if name in one.parts]
            for ordinal, values in index.said(name, some).items():
                marked = ((text, highlight.places(text, mine)) for text in dict.fromkeys(values))
                found = [highlight.cut(text, places) for text, places in marked if places]
                why[ordinal] += [
                    {"field": name, "text": text, "places": [list(place) for place in places]}
                    for text, places in found[:_SHOWN_VALUES]
                ]
        for ordinal, row in zip(some.tolist(), index.shown(some), strict=True):
            yield {**row, "why": why[ordinal]}

"""Connected components: against union-find, over shapes that are hard for it."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.identities.components import connected_components

Edges = Iterable[tuple[int, int]]


def by_union_find(edges: Edges) -> set[frozenset[int]]:
    """The components, one edge after the other."""
    root: dict[int, int] = {}

    def find(node: int) -> int:
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = node = root[root[node]]
        return node

    for a, b in edges:
        root[find(a)] = find(b)
    found: dict[int, set[int]] = {}
    for node in list(root):
        found.setdefault(find(node), set()).add(node)
    return {frozenset(nodes) for nodes in found.values()}


def by_sql(edges: Edges) -> set[frozenset[int]]:
    with Session(threads=1) as session:
        table = session.from_rows({"a": "BIGINT", "b": "BIGINT"}, list(edges))
        labels = connected_components(session, table).rows()
    nodes = [node for node, _ in labels]
    assert len(nodes) == len(set(nodes)), "a node stands once"
    found: dict[int, set[int]] = {}
    for node, label in labels:
        found.setdefault(label, set()).add(node)
    return {frozenset(members) for members in found.values()}


NODES = st.integers(1, 12)


@given(st.lists(st.tuples(NODES, NODES), max_size=14))
@settings(max_examples=25, deadline=None)
def test_components_are_those_of_union_find(edges: list[tuple[int, int]]) -> None:
    assert by_sql(edges) == by_union_find(edges)


SIZE = 300
SHAPES: dict[str, list[tuple[int, int]]] = {
    "nothing": [],
    "path": [(n, n + 1) for n in range(1, SIZE)],
    "path backwards": [(n + 1, n) for n in range(SIZE, 0, -1)],
    "star": [(1, n) for n in range(2, SIZE)],
    "circle": [(n, n % SIZE + 1) for n in range(1, SIZE + 1)],
    "pairs": [(n, n + 1) for n in range(1, SIZE, 2)],
    "two stars and a bridge": [*((1, n) for n in range(3, 99)), *((2, n) for n in range(100, 200)), (98, 199)],
    "the largest numbers": [(2**31 - 2, 1), (2**31 - 2, 2**31 - 3)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shape_does_not_matter(shape: str) -> None:
    assert by_sql(SHAPES[shape]) == by_union_find(SHAPES[shape])


@pytest.mark.slow
def test_a_forest_of_many_chains() -> None:
    drawn = random.Random(7)
    edges = [(n, n + 1) for n in range(1, 20_000) if n % 10]
    drawn.shuffle(edges)
    assert by_sql(edges) == by_union_find(edges)

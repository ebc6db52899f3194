"""Clusters by average linkage."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.identities.organisations import cluster as linkage
from pingjiang.identities.organisations.cluster import average_linkage


def clusters(size: int, pairs: dict[tuple[int, int], float], threshold: float = 0.5) -> list[int]:
    one, other = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    score = np.array(list(pairs.values()), float)
    return average_linkage(size, one, other, score, threshold).tolist()  # type: ignore[no-any-return]


def test_a_chain_of_single_links_does_not_hold() -> None:
    assert clusters(4, {(0, 1): 0.9, (1, 2): 0.8, (2, 3): 0.9}) == [0, 0, 2, 2]


def test_one_link_does_not_join_two_large_clusters() -> None:
    inside = {(a, b): 0.9 for base in (0, 5) for a in range(base, base + 5) for b in range(a + 1, base + 5)}
    found = clusters(10, inside | {(0, 5): 0.8})
    assert len(set(found)) == 2
    assert found[0] != found[5]


def test_all_links_do() -> None:
    assert clusters(3, {(0, 1): 0.9, (0, 2): 0.7, (1, 2): 0.6}) == [0, 0, 0]


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([0.2, 0.4, 0.5, 0.6, 0.8, 1.0]),
    max_size=25,
)


@settings(deadline=None)
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_plays_no_part(pairs: dict[tuple[int, int], float], order: object) -> None:
    items = list(pairs.items())
    order.shuffle(items)  # type: ignore[attr-defined]
    assert clusters(10, pairs) == clusters(10, dict(items))


@settings(deadline=None)
@given(PAIRS)
def test_members_of_a_cluster_hang_together(pairs: dict[tuple[int, int], float]) -> None:
    found = clusters(10, pairs)
    for cluster in set(found):
        members = [node for node in range(10) if found[node] == cluster]
        assert cluster == min(members)
        linked = {node for pair in pairs for node in pair if set(pair) <= set(members)}
        assert len(members) == 1 or linked == set(members)


def by_definition(size: int, pairs: dict[tuple[int, int], float], threshold: float) -> list[int]:
    """All clusters against all, again and again: the pair of the highest mean is joined, of equals the smallest."""
    members = {node: [node] for node in range(size)}
    while True:
        means = [
            (-sum(pairs.get((min(x, y), max(x, y)), 0.0) for x in members[a] for y in members[b])
             / (len(members[a]) * len(members[b])), a, b)
            for a in members for b in members if a < b
        ]  # fmt: skip
        heapq.heapify(means)
        if not means or -means[0][0] < threshold:
            break
        _, a, b = means[0]
        members[a] += members.pop(b)
    return [next(head for head, inside in members.items() if node in inside) for node in range(size)]


# Halves, quarters and eighths add up alike in any order.
EXACT = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([0.125, 0.25, 0.5, 0.625, 0.75, 1.0]),
    max_size=25,
)


@settings(deadline=None)
@given(EXACT, st.integers(1, 30))
def test_clusters_are_those_of_the_definition_however_many_pairs_are_held_at_once(
    pairs: dict[tuple[int, int], float], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkage, "_AT_ONCE", at_once)
        assert clusters(10, pairs) == by_definition(10, pairs, 0.5)

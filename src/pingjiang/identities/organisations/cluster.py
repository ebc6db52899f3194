"""Clusters that refuse chains: two are joined where all their members together are alike enough (average linkage)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ids = NDArray[np.int64]
Numbers = NDArray[np.int32]
Scores = NDArray[np.float64]

_AT_ONCE = 200_000  # pairs that Python holds, or one component


def average_linkage(size: int, one: Ids | Numbers, other: Ids | Numbers, score: Scores, threshold: float) -> Ids:
    """The cluster of each of `size` nodes, called by its smallest member.

    Pairs (one, other) have scores between 0 and 1, each pair once; a pair that is not there counts 0. Clusters are
    joined, the best first, while the mean over all pairs between them reaches the threshold; so neither a chain of
    single links nor one common word brings two large clusters together. Ties go by the smaller ids: the result hangs
    neither on the order of the pairs nor on pairs of other components.
    """
    parent = np.arange(size, dtype=np.int64)
    for pair in _components(size, one, other, score >= threshold):
        _join(parent, one[pair], other[pair], score[pair], threshold)
    while (parent[parent] != parent).any():
        parent = parent[parent]
    return parent


def _components(size: int, one: Ids | Numbers, other: Ids | Numbers, strong: NDArray[np.bool_]) -> Iterator[Ids]:
    """Pairs that can matter, whole components of strong ones at a time: a mean of weak ones alone never is strong."""
    graph = coo_array((np.ones(strong.sum(), np.int8), (one[strong], other[strong])), shape=(size, size))
    component = connected_components(graph, directed=False)[1] if size else np.empty(0, np.int32)
    pair = np.flatnonzero(component[one] == component[other])
    of = component[one[pair]]
    order = np.argsort(of, kind="stable")
    pair, of = pair[order], of[order]
    ends = np.append(np.flatnonzero(of[1:] != of[:-1]) + 1, len(of))  # behind the last pair of each component
    start = 0
    while start < len(pair):
        fitting = int(np.searchsorted(ends, start + _AT_ONCE, "right")) - 1
        end = int(ends[fitting]) if fitting >= 0 and ends[fitting] > start else int(ends[ends > start][0])
        yield pair[start:end]
        start = end


def _join(parent: Ids, one: Ids | Numbers, other: Ids | Numbers, score: Scores, threshold: float) -> None:
    near: dict[int, dict[int, float]] = {}
    for a, b, value in zip(one.tolist(), other.tolist(), score.tolist(), strict=True):
        near.setdefault(a, {})[b] = value
        near.setdefault(b, {})[a] = value
    weight: dict[int, int] = dict.fromkeys(near, 1)
    heap = [(-value, a, b) for a, others in near.items() for b, value in others.items() if a < b and value >= threshold]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        total = near.get(a, {}).get(b)
        if total is None or -negative != total / (weight[a] * weight[b]):
            continue  # one of them has grown since
        gone, left = near.pop(b), near[a]
        del left[b], gone[a]
        parent[b] = a
        for node, value in gone.items():
            others = near[node]
            del others[b]
            others[a] = left[node] = left.get(node, 0.0) + value
        weight[a] += weight.pop(b)
        for node, value in left.items():
            mean = value / (weight[a] * weight[node])
            if mean >= threshold:
                heapq.heappush(heap, (-mean, min(a, node), max(a, node)))

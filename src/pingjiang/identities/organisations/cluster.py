"""Clusters that refuse chains: two are joined where all their members together are alike enough (average linkage)."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]


def average_linkage(size: int, one: Ids, other: Ids, score: Scores, threshold: float) -> Ids:
    """The cluster of each of `size` nodes, called by its smallest member.

    Pairs (one, other) have scores between 0 and 1, each pair once; a pair that is not there counts 0. Clusters are
    joined, the best first, while the mean over all pairs between them reaches the threshold; so neither a chain of
    single links nor one common word brings two large clusters together. Ties go by the smaller ids: the result hangs
    neither on the order of the pairs nor on pairs of other components.
    """
    near: dict[int, dict[int, float]] = {}
    for a, b, value in zip(one.tolist(), other.tolist(), score.tolist(), strict=True):
        near.setdefault(a, {})[b] = value
        near.setdefault(b, {})[a] = value
    weight: dict[int, int] = dict.fromkeys(near, 1)
    parent = np.arange(size, dtype=np.int64)
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
    for node in range(size):  # a parent is smaller than its child
        parent[node] = parent[parent[node]]
    return parent

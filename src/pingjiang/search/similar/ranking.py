"""Lists in order, and one list made of several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pingjiang.search.similar.arrays import Numbers, Scores
from pingjiang.search.similar.method import Fusing


@dataclass(frozen=True)
class Ranked:
    """The first documents of one method, best first, with their scores. Ranks count from 1."""

    ordinals: Numbers
    scores: Scores

    def only(self, kept: npt.NDArray[np.bool_]) -> Ranked:
        """Those that are kept."""
        return Ranked(self.ordinals[kept], self.scores[kept])

    def first(self, most: int) -> Ranked:
        """The first so many."""
        return Ranked(self.ordinals[:most], self.scores[:most])


def ranked(scores: Scores, allowed: npt.NDArray[np.bool_], depth: int) -> Ranked:
    """The first `depth` of those that are allowed and have a score above 0; ties by key."""
    found = np.flatnonzero(allowed & (scores > 0))
    if len(found) > depth:
        least = np.partition(scores[found], len(found) - depth)[len(found) - depth]
        found = found[scores[found] >= least]
    order = np.lexsort((found, -scores[found]))[:depth]
    return Ranked(found[order], scores[found[order]])


def fused(lists: Mapping[str, Ranked], fusing: Fusing) -> Ranked:
    """Weighted reciprocal ranks: the sum of weight / (constant + rank); ties by key."""
    if not lists:
        return Ranked(np.empty(0, np.int64), np.empty(0, np.float64))
    ordinals = np.unique(np.concatenate([one.ordinals for one in lists.values()])).astype(np.int64)
    total = np.zeros(len(ordinals), dtype=np.float64)
    for method, one in lists.items():
        ranks = np.arange(1, len(one.ordinals) + 1, dtype=np.float64)
        total[np.searchsorted(ordinals, one.ordinals)] += fusing.weights[method] / (fusing.constant + ranks)
    order = np.lexsort((ordinals, -total))
    return Ranked(ordinals[order], total[order])

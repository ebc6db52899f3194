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

    def first(self, most: int) -> Ranked:
        """The first so many."""
        return Ranked(self.ordinals[:most], self.scores[:most])

    def one_each(self, groups: Numbers) -> Ranked:
        """Of each group its first document alone; groups: that of each document, by ordinal."""
        _, firsts = np.unique(groups[self.ordinals], return_index=True)
        kept = np.sort(firsts)
        return Ranked(self.ordinals[kept], self.scores[kept])


def ranked(scores: Scores, allowed: npt.NDArray[np.bool_], depth: int) -> Ranked:
    """The first `depth` of those that are allowed and have a score above 0; ties by key."""
    found = np.flatnonzero(allowed & (scores > 0))
    if len(found) > depth:
        least = np.partition(scores[found], len(found) - depth)[len(found) - depth]
        found = found[scores[found] >= least]
    order = np.lexsort((found, -scores[found]))[:depth]
    return Ranked(found[order], scores[found[order]])


def fused(lists: Mapping[str, Ranked], fusing: Fusing, groups: Numbers | None = None) -> Ranked:
    """Weighted reciprocal ranks: the sum of weight / (constant + rank); ties by key.

    groups: where it is given, documents of one group are added up and stand for by the one that adds most; each list
    should hold one of each (`one_each`).
    """
    if not lists:
        return Ranked(np.empty(0, np.int64), np.empty(0, np.float64))
    ordinals = np.concatenate([one.ordinals for one in lists.values()])
    adds = np.concatenate(
        [
            fusing.weights[name] / (fusing.constant + np.arange(1, len(one.ordinals) + 1, dtype=np.float64))
            for name, one in lists.items()
        ]
    )
    by_adding = np.lexsort((ordinals, -adds))
    keys, firsts = np.unique((ordinals if groups is None else groups[ordinals])[by_adding], return_index=True)
    total = np.zeros(len(keys), dtype=np.float64)
    np.add.at(total, np.searchsorted(keys, ordinals if groups is None else groups[ordinals]), adds)
    chosen = ordinals[by_adding][firsts]
    order = np.lexsort((chosen, -total))
    return Ranked(chosen[order], total[order])

"""Mentions to persons: groups that are surely one are joined, round by round, and weak chains are refused.

In each round two groups are joined where each is the other's best and the score is above the bar; what is joined is
compared anew, as a whole. So a chain of likely pairs joins nothing that its whole does not support. Bars fall: what is
sure comes first, and speaks for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pingjiang.identities.inventors.candidates import candidates, possible
from pingjiang.identities.inventors.features import BATCH, Comparison, Floats, Groups, Integers, merged, picked
from pingjiang.identities.inventors.model import CATEGORIES, Model

DOUBTS = 20_000  # of a portion, the likeliest


@dataclass(frozen=True)
class Joined:
    """What became of the groups that were given.

    label     number of the person of each: the lowest row of those that are one
    score     log odds of the weakest join by which each came to the others; NaN where it is alone
    reasons   what each category added to the score when it was first joined (a row a group, columns as CATEGORIES)
    doubts    persons that may be one: two labels, log odds, and what each category adds to them
    """

    label: Integers
    score: Floats
    reasons: Floats
    doubts: tuple[Integers, Integers, Floats, Floats]


@dataclass
class _Joins:
    """What is known of the groups that were given while they are joined."""

    parent: Integers
    score: Floats
    reasons: Floats

    def labels(self) -> Integers:
        """The lowest row of each person, a row a group."""
        root = self.parent
        while True:
            above = root[root]
            if np.array_equal(above, root):
                self.parent = root
                return root
            root = above


def group(groups: Groups, model: Model) -> Joined:
    """Groups (single mentions, as a rule) joined to persons."""
    rows = len(groups)
    joins = _Joins(
        np.arange(rows, dtype=np.int64),
        np.full(rows, np.nan, np.float32),
        np.zeros((rows, len(CATEGORIES)), np.float32),
    )
    for bar in model.bars:
        current, lowest = _current(groups, joins)
        _join(current, lowest, joins, model, bar)
    return Joined(joins.labels(), joins.score, joins.reasons, _doubts(groups, joins, model))


def _doubts(groups: Groups, joins: _Joins, model: Model) -> tuple[Integers, Integers, Floats, Floats]:
    """Persons who may be one, the likeliest first: two lowest rows, log odds, what each category adds."""
    if model.doubt >= model.bars[-1]:
        nobody = np.empty(0, np.int64)
        return nobody, nobody, np.empty(0, np.float32), np.zeros((0, len(CATEGORIES)), np.float32)
    current, lowest = _current(groups, joins)
    comparison = Comparison(current)
    i, j = possible(comparison, *candidates(current))
    score = scored(comparison, model, i, j)
    likely = np.flatnonzero(score >= model.doubt)
    likely = likely[np.lexsort((j[likely], i[likely], -score[likely]))][:DOUBTS]
    i, j = i[likely], j[likely]
    return lowest[i], lowest[j], score[likely], _contributions(comparison, model, i, j)


def _current(groups: Groups, joins: _Joins) -> tuple[Groups, Integers]:
    """The groups as they are joined by now, and the lowest row of each."""
    lowest, label = np.unique(joins.labels(), return_inverse=True)
    return (groups if len(lowest) == len(groups) else merged(groups, label.astype(np.int64), len(lowest))), lowest


def _join(current: Groups, lowest: Integers, joins: _Joins, model: Model, bar: float) -> None:
    """Rounds at one bar, until no two groups are each other's best above it."""
    comparison = Comparison(current)
    i, j = possible(comparison, *candidates(current))
    score = scored(comparison, model, i, j)
    while True:
        busy = np.unique(current.block[i[score >= bar]])
        if not len(busy):
            return
        rows = np.flatnonzero(np.isin(current.block, busy))
        if len(rows) < len(current) // 2:  # what is done with is left aside
            place = np.full(len(current), -1, np.int64)
            place[rows] = np.arange(len(rows))
            keep = place[i] >= 0
            i, j, score = place[i[keep]], place[j[keep]], score[keep]
            current, lowest = picked(current, rows), lowest[rows]
            comparison = Comparison(current)
        pairs = mutual_best(len(current), i, j, score, bar)
        one, other = i[pairs], j[pairs]
        _note(joins, comparison, lowest, model, one, other, score[pairs])
        step = np.arange(len(current))
        step[other] = one
        kept, label = np.unique(step, return_inverse=True)
        current, lowest = merged(current, label.astype(np.int64), len(kept)), lowest[kept]
        comparison = Comparison(current)
        i, j, score = _followed(comparison, model, label, i, j, score)


def mutual_best(count: int, i: Integers, j: Integers, score: Floats, bar: float) -> Integers:
    """Which pairs are each other's best, at or above the bar.

    Ties go to the number that differs in the lowest bits: a thousand mentions that are all alike become five hundred
    pairs and not one, and rounds grow with the logarithm of their number.
    """
    above = np.flatnonzero(score >= bar)
    i, j, score = i[above], j[above], score[above]
    one, other, pair = np.r_[i, j], np.r_[j, i], np.r_[above, above]
    order = np.lexsort((one ^ other, -np.r_[score, score], one))
    first = order[np.flatnonzero(np.diff(one[order], prepend=-1))]
    best = np.full(count, -1, np.int64)
    best[one[first]] = pair[first]
    mutual = best[i] == best[j]
    found: Integers = above[mutual & (best[i] == above)]
    return found


def _note(
    joins: _Joins, comparison: Comparison, lowest: Integers, model: Model, i: Integers, j: Integers, score: Floats
) -> None:
    """Who was joined, how surely, and why: of the smaller of the two, of both where they are of one size."""
    size = comparison.groups.size
    why = _contributions(comparison, model, i, j)
    label = joins.labels()
    pair = np.full(len(label), -1, np.int64)
    for one, other in ((i, j), (j, i)):
        lesser = size[one] <= size[other]
        pair[lowest[one[lesser]]] = np.flatnonzero(lesser)
    of_row = pair[label]
    touched = np.flatnonzero(of_row >= 0)
    new = touched[np.isnan(joins.score[touched])]
    joins.reasons[new] = why[of_row[new]]
    joins.score[touched] = np.fmin(joins.score[touched], score[of_row[touched]])
    joins.parent = label.copy()
    joins.parent[np.maximum(lowest[i], lowest[j])] = np.minimum(lowest[i], lowest[j])


def _followed(
    comparison: Comparison, model: Model, label: Integers, i: Integers, j: Integers, score: Floats
) -> tuple[Integers, Integers, Floats]:
    """Pairs after a round: what was joined is compared anew, the rest keeps its score."""
    joined = np.bincount(label) > 1
    one, other = np.minimum(label[i], label[j]), np.maximum(label[i], label[j])
    stands = ~(joined[one] | joined[other])
    total = len(comparison.groups)
    code = np.unique((one * np.int64(total) + other)[~stands & (one != other)])
    a, b = possible(comparison, *np.divmod(code, total))
    return np.r_[one[stands], a], np.r_[other[stands], b], np.r_[score[stands], scored(comparison, model, a, b)]


def scored(comparison: Comparison, model: Model, i: Integers, j: Integers) -> Floats:
    """Log odds that the two groups of each pair are one person, in bounded batches."""
    score = np.empty(len(i), np.float32)
    for at in range(0, len(i), BATCH):
        part = slice(at, at + BATCH)
        score[part] = model.score(comparison.features(i[part], j[part]))
    return score


def _contributions(comparison: Comparison, model: Model, i: Integers, j: Integers) -> Floats:
    found = [
        model.contributions(comparison.features(i[at : at + BATCH], j[at : at + BATCH]))
        for at in range(0, len(i), BATCH)
    ]
    return np.concatenate(found) if found else np.zeros((0, len(CATEGORIES)), np.float32)

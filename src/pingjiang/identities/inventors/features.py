"""What speaks for and against two groups of mentions being one person, as numbers: bounded batches, no loops.

A group is one mention or several that are one person already. What its publications name (co-inventors,
organisations, classes, words of titles, places) are sparse rows, one a group; what two rows share is weighed by how
rare it is in the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pingjiang.identities.inventors import names

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

KINDS = ("co", "org", "firm", "cls", "word", "city", "state", "country")
BATCH = 200_000  # pairs whose features are held at once


@dataclass(frozen=True)
class Groups:
    """Groups of mentions, in the order of their numbers. Every array has a row a group.

    block    groups of different blocks are never compared
    given    given names: the commonest and the next common one of the group (an index into `givens`, twice the same)
    first, last   earliest and latest year; NaN where unknown
    commonness    log of how many mentions would bear the name by chance
    size     mentions
    tokens   kind → how many mentions of the group name each token
    rarity   kind → weight of each token: log of the inverse share of publications that name it
    """

    block: Integers
    given: Integers
    givens: Sequence[str]
    first: Floats
    last: Floats
    commonness: Floats
    size: Floats
    tokens: dict[str, sparse.csr_matrix]
    rarity: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.block)


def merged(groups: Groups, label: Integers, count: int) -> Groups:
    """The groups joined by label (0 … count − 1, all in use). Order of the new groups: their labels."""
    rows = len(groups)
    join = sparse.csr_matrix((np.ones(rows, np.float32), (label, np.arange(rows))), shape=(count, rows))
    size = np.bincount(label, groups.size, count).astype(np.float32)
    by_size = np.lexsort((np.arange(rows), -groups.size, label))
    starts = np.searchsorted(label[by_size], np.arange(count))
    largest = by_size[starts]
    given = groups.given[largest].copy()
    # The second name is the commonest one that differs from the first.
    other = groups.given[by_size, 0] != given[label[by_size], 0]
    second = by_size[other]
    at, where = np.unique(label[second], return_index=True)
    given[at, 1] = groups.given[second[where], 0]
    first, last = np.full(count, np.inf, np.float32), np.full(count, -np.inf, np.float32)
    np.fmin.at(first, label, groups.first)
    np.fmax.at(last, label, groups.last)
    common = np.full(count, np.inf, np.float32)
    np.minimum.at(common, label, groups.commonness)
    return Groups(
        groups.block[largest], given, groups.givens,
        np.where(np.isinf(first), np.nan, first), np.where(np.isinf(last), np.nan, last),
        common, size, {kind: join @ rows_ for kind, rows_ in groups.tokens.items()}, groups.rarity,
    )  # fmt: skip


def picked(groups: Groups, rows: Integers) -> Groups:
    """Some of the groups, in this order; their blocks numbered anew."""
    _, block = np.unique(groups.block[rows], return_inverse=True)
    return Groups(
        block.astype(np.int64), groups.given[rows], groups.givens, groups.first[rows], groups.last[rows],
        groups.commonness[rows], groups.size[rows], {kind: all_[rows] for kind, all_ in groups.tokens.items()},
        groups.rarity,
    )  # fmt: skip


class Comparison:
    """Features of pairs of groups. What is needed of each group is computed once."""

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self._named, self._weighed, self._norm = {}, {}, {}
        for kind, rows in groups.tokens.items():
            named = rows.copy()
            named.data = np.ones_like(named.data)
            self._named[kind] = named
            weighed = rows.copy()
            weighed.data = np.log1p(weighed.data) * groups.rarity[kind][weighed.indices]
            self._weighed[kind] = weighed
            self._norm[kind] = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        self._parted = np.array([" " in given for given in groups.givens], dtype=bool)
        self._known = {kind: np.diff(rows.indptr) > 0 for kind, rows in self._named.items()}

    def relation(self, i: Integers, j: Integers) -> npt.NDArray[np.int8]:
        """How the given names relate: the worst of those that the two groups bear."""
        worst = np.zeros(len(i), np.int8)
        for a in (0, 1):
            for b in (0, 1):
                worst = np.maximum(worst, self._related(self.groups.given[i, a], self.groups.given[j, b]))
        return worst

    def _related(self, a: Integers, b: Integers) -> npt.NDArray[np.int8]:
        low, high = np.minimum(a, b), np.maximum(a, b)
        pairs, where = np.unique(low * len(self.groups.givens) + high, return_inverse=True)
        ones, others = np.divmod(pairs, len(self.groups.givens))
        givens = self.groups.givens
        found = [names.relation(givens[x], givens[y]) for x, y in zip(ones.tolist(), others.tolist(), strict=True)]
        return np.array(found, np.int8)[where]

    def features(self, i: Integers, j: Integers) -> Floats:
        """One row a pair, columns as in NAMES."""
        return np.stack([*self._of_names(i, j), *self._of_evidence(i, j), *self._of_time(i, j)], axis=1)

    def _of_names(self, i: Integers, j: Integers) -> list[Floats]:
        g = self.groups
        related = self.relation(i, j)
        parted = self._parted[g.given[i, 0]] & self._parted[g.given[j, 0]]
        common = (g.commonness[i] + g.commonness[j]) / 2
        known = [(related == code).astype(np.float32) for code in range(1, names.OTHER)]
        long = ((related == names.SAME) & parted).astype(np.float32)
        rarer = np.maximum(np.minimum(g.commonness[i], g.commonness[j]) + 4, 0)
        varied = (related == names.SPELLING) * rarer
        return [*known, long, varied, common, np.maximum(common - 2, 0)]

    def _of_evidence(self, i: Integers, j: Integers) -> list[Floats]:
        small = np.log(np.minimum(self.groups.size[i], self.groups.size[j]))
        found, any_, cosine = [], {}, {}
        for kind in KINDS:
            count, weight = self._overlap(kind, i, j)
            known = self._known[kind][i] & self._known[kind][j]
            any_[kind], none = (count > 0).astype(np.float32), (known & (count == 0)).astype(np.float32)
            cosine[kind] = self._cosine(kind, i, j)
            if kind in ("co", "org", "city"):
                found += [np.log1p(weight), np.minimum(weight, 25), cosine[kind], none, none * small]
            elif kind in ("firm", "cls", "word"):
                found += [np.sqrt(cosine[kind]), cosine[kind], none]
            elif kind == "state":
                found += [np.minimum(weight, 25), none]
            else:
                found += [none]
        nothing = (1 - any_["co"]) * (1 - any_["org"]) * (1 - any_["city"])
        common = np.maximum((self.groups.commonness[i] + self.groups.commonness[j]) / 2, 0)
        found += [
            any_["org"] * any_["co"], any_["org"] * any_["city"], any_["org"] * np.sqrt(cosine["cls"]),
            nothing, nothing * common, nothing * small, any_["co"] * common,
        ]  # fmt: skip
        return found

    def _of_time(self, i: Integers, j: Integers) -> list[Floats]:
        g = self.groups
        gap = np.fmax(np.fmax(g.first[i], g.first[j]) - np.fmin(g.last[i], g.last[j]), 0)
        span = np.fmax(g.last[i], g.last[j]) - np.fmin(g.first[i], g.first[j])
        small, large = np.log(np.minimum(g.size[i], g.size[j])), np.log(np.maximum(g.size[i], g.size[j]))
        return [np.log1p(gap), np.maximum(gap - 5, 0), np.maximum(span - 25, 0), small, large]

    def _overlap(self, kind: str, i: Integers, j: Integers) -> tuple[Floats, Floats]:
        """How many tokens are shared, and the sum of their weights."""
        shared = self._named[kind][i].multiply(self._named[kind][j]).tocsr()
        return np.diff(shared.indptr).astype(np.float32), shared @ self.groups.rarity[kind]

    def _cosine(self, kind: str, i: Integers, j: Integers) -> Floats:
        product = np.asarray(self._weighed[kind][i].multiply(self._weighed[kind][j]).sum(axis=1)).ravel()
        found: Floats = np.minimum(product / np.maximum(self._norm[kind][i] * self._norm[kind][j], 1e-9), 1)
        return found


def _names() -> tuple[str, ...]:
    found = [f"name:{word}" for word in names.RELATIONS[1 : names.OTHER]]
    found += ["name:same_parts", "name:spelling*common", "common", "common>2"]
    for kind in KINDS:
        if kind in ("co", "org", "city"):
            found += [f"{kind}:{what}" for what in ("log", "weight", "alike", "none", "none*size")]
        elif kind in ("firm", "cls", "word"):
            found += [f"{kind}:{what}" for what in ("root", "alike", "none")]
        elif kind == "state":
            found += [f"{kind}:weight", f"{kind}:none"]
        else:
            found += [f"{kind}:none"]
    found += ["org*co", "org*city", "org*cls", "nothing", "nothing*common", "nothing*size", "co*common"]
    return (*found, "gap", "gap>5", "span>25", "size:small", "size:large")


NAMES = _names()

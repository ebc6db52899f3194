"""All best orders of few, for many groups of one size at once: dynamic programming over their subsets.

A subset is a bit mask of those placed already, `rest` what the others cost at least (Held and Karp 1962, as Betzler et
al. 2009 use it): n · 2^n steps for each group. A group's best order costs nothing where majorities make an order; what
is counted is margins that go the other way, which differs from disagreements by the same for every order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[Any]
_AT_ONCE = 1 << 21  # sums held at a time: groups · size · subsets


def best_orders(margins: Whole) -> npt.NDArray[np.intp]:
    """Of each group (groups × n × n) the best order that takes the first given wherever it may (groups × n)."""
    size = margins.shape[1]
    step = max(1, _AT_ONCE // (size << size))
    parts = [Few(margins[at : at + step]).orders() for at in range(0, len(margins), step)]
    return np.concatenate(parts) if parts else np.zeros((0, size), dtype=np.intp)


class Few:
    """Groups of one size: `margins[g, a, b]` is by how many more put a over b than b over a."""

    def __init__(self, margins: Whole) -> None:
        self.groups, self.size = margins.shape[:2]
        self._subsets = _subsets(self.size)
        # By each and the mask of those who come after it: what it costs to put it before them.
        self._cost = np.ascontiguousarray(_sums(np.maximum(margins, 0)).transpose(1, 2, 0)).reshape(-1, self.groups)
        self._rest = np.zeros((1 << self.size, self.groups), dtype=margins.dtype)
        for layer in reversed(self._subsets):
            self._rest[layer.placed] = self._through(layer).min(axis=1)

    @property
    def least(self) -> Whole:
        """What the best order of each group costs."""
        least: Whole = self._rest[0]
        return least

    def orders(self) -> npt.NDArray[np.intp]:
        """Of each group the best order that takes the first of those given wherever it may."""
        every, at = np.arange(self.size), np.arange(self.groups)
        placed = np.zeros(self.groups, dtype=np.intp)
        found = np.empty((self.groups, self.size), dtype=np.intp)
        for place in range(self.size):
            free = (placed[:, None] >> every & 1) == 0
            after = placed[:, None] | 1 << every
            follows = (every << self.size) | ((1 << self.size) - 1 & ~after)
            best = self._cost[follows, at[:, None]] + self._rest[after, at[:, None]] == self._rest[placed, at][:, None]
            each = (free & best).argmax(axis=1)
            found[:, place] = each
            placed |= 1 << each
        return found

    def open_pairs(self) -> list[set[int]]:
        """Of one group: for each those that stand before it in one best order and behind it in another."""
        before = self._before()
        return [
            {other for other in range(self.size) if before[each] >> other & 1 and before[other] >> each & 1}
            for each in range(self.size)
        ]

    def _through(self, layer: _Layer) -> Whole:
        """What the rest costs with each of those open next (subsets × open × groups)."""
        cost: Whole = self._cost[layer.follows]
        cost += self._rest[layer.after]
        return cost

    def _before(self) -> list[int]:
        """For each the mask of those who precede it in some best order."""
        reached = np.zeros(1 << self.size, dtype=bool)
        reached[0] = True
        before = np.zeros(self.size, dtype=np.int64)
        for layer in self._subsets:
            best = self._through(layer)[:, :, 0] == self._rest[layer.placed]
            best &= reached[layer.placed][:, None]
            reached[layer.after[best]] = True
            np.bitwise_or.at(before, layer.next[best], np.broadcast_to(layer.placed[:, None], best.shape)[best])
        return [int(mask) for mask in before]


@dataclass(frozen=True)
class _Layer:
    """Subsets of one number of members: `placed` (subsets); of each, those open: who comes `next`, the subset `after`
    it, and the row of the cost at which it `follows` (subsets × open)."""

    placed: npt.NDArray[np.intp]
    next: npt.NDArray[np.intp]
    after: npt.NDArray[np.intp]
    follows: npt.NDArray[np.intp]


@cache
def _subsets(size: int) -> tuple[_Layer, ...]:
    """All subsets but the whole, by how many they hold."""
    masks, every = np.arange(1 << size, dtype=np.intp), np.arange(size, dtype=np.intp)
    held = (masks[:, None] >> every & 1).sum(axis=1)
    found = []
    for count in range(size):
        placed = masks[held == count]
        free = np.nonzero((placed[:, None] >> every & 1) == 0)[1].reshape(len(placed), size - count)
        after = placed[:, None] | 1 << free
        found.append(_Layer(placed, free, after, free << size | ((1 << size) - 1 & ~after)))
    return tuple(found)


def _sums(margins: Whole) -> Whole:
    """Of each group and each member the sum of others' margins over it, for every subset of them, by bit mask."""
    groups, size, _ = margins.shape
    sums = np.zeros((groups, size, 1 << size), dtype=margins.dtype)
    for other in range(size):
        half = 1 << other
        sums[:, :, half : 2 * half] = sums[:, :, :half] + margins[:, other, :, None]
    return sums

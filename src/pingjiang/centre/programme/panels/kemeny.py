"""Kemeny's order: the one with the fewest disagreements with the experts, pair by pair (Kemeny 1959; Young 1988).

A disagreement is an expert who puts b over a where the order has a before b; a pair that he ties, or of which he did
not score both, is none. `wins[a, b]` counts experts who put a over b (unit: experts; shape n × n).

    groups   Applications fall into groups so that each of an earlier one beats each of a later one by a majority: the
             strong components of "not beaten by". Every best order keeps them apart (Truchon 1998), a Condorcet winner
             is a group of its own. Nothing is lost by ordering each group alone.
    exact    Up to `exact_up_to` applications in a group: dynamic programming over its subsets (Held and Karp 1962, as
             Betzler et al. 2009 use it), n · 2^n steps. All best orders are known, so that ties can be told.
    search   Above that: insertions as long as one helps, from the orders by Borda and by Copeland, of the better one
             each window of eight ordered exactly, and insertions again. It is not proved to be the best: `bound` tells
             how many disagreements no order can avoid: of each pair the smaller side, plus of each cycle of three
             majorities, packed so that no margin serves twice, its smallest margin (Conitzer et al. 2006).

Among orders that are equally good the one that follows Borda is taken, then the order of the applications given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

Counts = npt.NDArray[np.int64]
EXACT_UP_TO = 14
_WINDOW = 8


@dataclass(frozen=True)
class Kemeny:
    """An order, its disagreements, and what is known of them.

    `bound`: no order has fewer. `tied`: for each application those that stand before it in one best order and behind
    it in another; empty where the best orders are not all known. `unproved`: applications of groups that were searched
    and do not meet their bound.
    """

    order: tuple[str, ...]
    disagreements: int
    bound: int
    tied: dict[str, tuple[str, ...]]
    unproved: tuple[str, ...]

    @property
    def optimal(self) -> bool:
        """Whether it is proved that no order has fewer disagreements."""
        return self.disagreements == self.bound


def kemeny(names: Sequence[str], wins: Counts, exact_up_to: int = EXACT_UP_TO) -> Kemeny:
    """Order applications by the experts' pairwise preferences. The sequence of `names` matters in ties alone."""
    order: list[int] = []
    avoidable = 0  # what is not proved to be needed
    tied: dict[str, tuple[str, ...]] = dict.fromkeys(names, ())
    unproved: list[str] = []
    for group in groups(wins):
        inner = wins[np.ix_(group, group)]
        if len(group) <= exact_up_to:
            best = _Exact(inner)
            found = best.order()
            for at, others in enumerate(best.open_pairs()):
                tied[names[group[at]]] = tuple(sorted(names[group[other]] for other in others))
        else:
            found = _searched(inner)
            above = disagreements(inner, found) - lower_bound(inner)
            avoidable += above
            unproved += [names[group[at]] for at in found if above]
        order += [group[at] for at in found]
    whole = disagreements(wins, order)
    return Kemeny(tuple(names[at] for at in order), whole, whole - avoidable, tied, tuple(unproved))


def order_of(wins: Counts, exact_up_to: int = EXACT_UP_TO) -> list[int]:
    """An order alone, as indices, where many are asked for: larger groups by insertions from Borda's order alone."""
    order: list[int] = []
    for group in groups(wins):
        inner = wins[np.ix_(group, group)]
        exact = len(group) <= exact_up_to
        found = _Exact(inner).order() if exact else _inserted(_margins(inner), list(range(len(group))))
        order += [group[at] for at in found]
    return order


def disagreements(wins: Counts, order: Sequence[int]) -> int:
    """Experts who put the later of a pair over the earlier, summed over all pairs of an order."""
    return int(np.tril(wins[np.ix_(order, order)], -1).sum())


def groups(wins: Counts) -> list[list[int]]:
    """Indices by group, the winning group first; within a group by Borda, then as given."""
    if not len(wins):
        return []
    unbeaten = wins >= wins.T
    np.fill_diagonal(unbeaten, False)
    count, label = connected_components(unbeaten, directed=True, connection="strong")
    by_borda = _by(_margins(wins).sum(axis=1))
    found: list[list[int]] = [[] for _ in range(count)]
    for at in by_borda:
        found[label[at]].append(at)
    # Of two groups every member of the winning one is unbeaten by more.
    return sorted(found, key=lambda group: -int(unbeaten[group[0]].sum()))


def lower_bound(wins: Counts) -> int:
    """Disagreements that no order avoids: the smaller side of each pair, and a margin of each packed cycle of three."""
    least = _of_pairs(wins)
    free = np.maximum(_margins(wins), 0)
    for first, second in np.argwhere(free > 0):
        while free[first, second] > 0:
            closing = np.minimum(free[second], free[:, first])
            third = int(closing.argmax())
            margin = min(int(closing[third]), int(free[first, second]))
            if margin <= 0:
                break
            least += margin
            for one, other in ((first, second), (second, third), (third, first)):
                free[one, other] -= margin
    return least


def _of_pairs(wins: Counts) -> int:
    """The smaller side of each pair: met where the majorities make an order."""
    return int(np.triu(np.minimum(wins, wins.T), 1).sum())


def _margins(wins: Counts) -> Counts:
    margins: Counts = wins - wins.T
    return margins


def _by(score: Counts) -> list[int]:
    """Indices by score, the highest first, then as given."""
    return [int(at) for at in np.argsort(-score, kind="stable")]


def _searched(wins: Counts) -> list[int]:
    """The better of two local optima, then its windows, then insertions once more."""
    margins = _margins(wins)
    starts = (margins.sum(axis=1), np.sign(margins).sum(axis=1))
    found = min((_inserted(margins, _by(start)) for start in starts), key=lambda order: disagreements(wins, order))
    return _inserted(margins, _windows(wins, found))


def _inserted(margins: Counts, start: list[int]) -> list[int]:
    """Each application to the place where it disagrees least, until none moves."""
    order = np.array(start, dtype=np.int64)
    moved = True
    while moved:
        moved = False
        for each in start:
            at = int((order == each).argmax())
            passed = margins[each, order]
            # What standing at each place would add, and a constant: below, those passed gain; above, they lose.
            change = passed.cumsum()
            here = change[at]
            change[:at] -= passed[:at]
            to = int(change.argmin())
            if change[to] < here:
                if to < at:
                    order[to + 1 : at + 1] = order[to:at].copy()
                else:
                    order[at:to] = order[at + 1 : to + 1].copy()
                order[to] = each
                moved = True
    return [int(at) for at in order]


def _windows(wins: Counts, start: list[int]) -> list[int]:
    """Each window of neighbours in its exact order, from the top down."""
    order = list(start)
    for at in range(len(order) - _WINDOW + 1):
        window = order[at : at + _WINDOW]
        inner = wins[np.ix_(window, window)]
        now = disagreements(inner, range(_WINDOW))
        if now > _of_pairs(inner) and (best := _Exact(inner)).least < now:
            order[at : at + _WINDOW] = [window[place] for place in best.order()]
    return order


class _Exact:
    """All best orders of few: a subset is a bit mask of those placed already, `rest` what the others cost at least."""

    def __init__(self, wins: Counts) -> None:
        self.size = len(wins)
        self.whole = (1 << self.size) - 1
        self._over = [_sums(wins[:, each]) for each in range(self.size)]
        self.rest = self._rest()
        self.least = int(self.rest[0])

    def order(self) -> list[int]:
        """The best order that takes the first of the applications given wherever it may."""
        placed, order = 0, []
        while placed != self.whole:
            each = next(each for each in range(self.size) if self._may_follow(placed, each))
            order.append(each)
            placed |= 1 << each
        return order

    def open_pairs(self) -> list[set[int]]:
        """For each those that stand before it in one best order and behind it in another."""
        before = self._before()
        return [
            {other for other in range(self.size) if before[each] >> other & 1 and before[other] >> each & 1}
            for each in range(self.size)
        ]

    def _cost(self, placed: npt.NDArray[np.int64] | int, each: int) -> Counts:
        """Disagreements of `each` with those who come after it, when it comes next."""
        cost: Counts = self._over[each][self.whole & ~placed & ~(1 << each)]
        return cost

    def _may_follow(self, placed: int, each: int) -> bool:
        bit = 1 << each
        return not placed & bit and int(self._cost(placed, each) + self.rest[placed | bit]) == int(self.rest[placed])

    def _rest(self) -> Counts:
        rest = np.full(self.whole + 1, np.iinfo(np.int64).max // 2, dtype=np.int64)
        rest[self.whole] = 0
        for layer in reversed(_layers(self.size)[:-1]):
            for each in range(self.size):
                open_to = layer[(layer >> each & 1) == 0]
                found = self._cost(open_to, each) + rest[open_to | 1 << each]
                rest[open_to] = np.minimum(rest[open_to], found)
        return rest

    def _before(self) -> list[int]:
        """For each the mask of those who precede it in some best order."""
        reached = np.zeros(self.whole + 1, dtype=bool)
        reached[0] = True
        before = [0] * self.size
        for layer in _layers(self.size)[:-1]:
            for each in range(self.size):
                placed = layer[reached[layer] & ((layer >> each & 1) == 0)]
                after = placed | 1 << each
                best = self._cost(placed, each) + self.rest[after] == self.rest[placed]
                reached[after[best]] = True
                before[each] |= int(np.bitwise_or.reduce(placed[best], initial=0))
        return before


def _sums(values: Counts) -> Counts:
    """Of every subset the sum of its values, by bit mask."""
    sums = np.zeros(1, dtype=np.int64)
    for value in values:
        sums = np.concatenate([sums, sums + value])
    return sums


@cache
def _layers(size: int) -> tuple[npt.NDArray[np.int64], ...]:
    """Subsets by how many they hold."""
    masks = np.arange(1 << size, dtype=np.int64)
    held = np.zeros_like(masks)
    for bit in range(size):
        held += masks >> bit & 1
    return tuple(masks[held == count] for count in range(size + 1))

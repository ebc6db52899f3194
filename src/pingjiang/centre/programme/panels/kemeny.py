"""Kemeny's order: the one with the fewest disagreements with the experts, pair by pair (Kemeny 1959; Young 1988).

A disagreement is an expert who puts b over a where the order has a before b; a pair that he ties, or of which he did
not score both, is none. `wins[a, b]` counts experts who put a over b (unit: experts; shape n × n).

    groups   Applications fall into groups so that each of an earlier one beats each of a later one by a majority: the
             strong components of "not beaten by". Every best order keeps them apart (Truchon 1998), a Condorcet winner
             is a group of its own. Nothing is lost by ordering each group alone. k applications stand apart from the
             n − k others where they beat all of them: where their net majorities sum to k · (n − k).
    exact    Up to `exact_up_to` applications in a group: kemeny_few.py. All best orders are known, so that ties can be
             told.
    search   Above that: kemeny_many.py, insertions as long as one helps, from the orders by Borda and by Copeland, of
             the better one each window of eight ordered exactly, and insertions again. It is not proved to be the best:
             `bound` tells how many disagreements no order can avoid: of each pair the smaller side, plus of each cycle
             of three majorities, packed so that no margin serves twice, its smallest margin (Conitzer et al. 2006).
    quick    Where hundreds of orders are asked for, of panels that are drawn: the same groups, exact up to the same
             size; larger ones by insertions from Borda's order alone.

Among orders that are equally good the one that follows Borda is taken, then the order of the applications given.
Panels are ordered side by side, as arrays of panels × n × n, and each as it would be alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pingjiang.centre.programme.panels.kemeny_few import Few, best_orders
from pingjiang.centre.programme.panels.kemeny_many import Orders, inserted, windows_ordered

Counts = npt.NDArray[np.int64]
Margins = npt.NDArray[Any]  # panels × n × n, by how many more experts put the first over the second
Known = npt.NDArray[np.bool_]  # panels × n
EXACT_UP_TO = 14
_AT_ONCE = 1 << 23  # margins held at a time


@dataclass(frozen=True)
class Arranged:
    """An order, as indices. `tied`: of each those on either side of it in the best orders; none of groups `searched`,
    whose best orders are not all known."""

    order: list[int]
    tied: dict[int, set[int]]
    searched: list[list[int]]


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
    found = arranged(wins[None], np.ones((1, len(wins)), dtype=bool), exact_up_to)[0]
    by_borda = np.argsort(-(wins - wins.T).sum(axis=1), kind="stable").tolist()
    avoidable = 0  # what is not proved to be needed
    unproved: list[str] = []
    for group in found.searched:
        # Cycles are packed in the sequence of the pairs, which is free: the better of two.
        bound = max(lower_bound(wins[np.ix_(each, each)]) for each in (group, sorted(group, key=by_borda.index)))
        above = disagreements(wins, group) - bound
        avoidable += above
        unproved += [names[each] for each in group if above]
    whole = disagreements(wins, found.order)
    tied = {names[each]: tuple(sorted(names[other] for other in found.tied.get(each, ()))) for each in found.order}
    return Kemeny(tuple(names[each] for each in found.order), whole, whole - avoidable, tied, tuple(unproved))


def arranged(wins: Counts, known: Known, exact_up_to: int = EXACT_UP_TO) -> list[Arranged]:
    """The order of each panel (panels × n × n), of those it knows (panels × n), by the whole search where need be."""
    margins = _margins(wins, known)
    groups = _Groups(margins)
    orders = groups.start.copy()
    long = np.unique(groups.panel[groups.size > exact_up_to])
    orders[long] = _searched(margins[long], groups.start[long], groups.numbered[long])
    found = []
    for panel, order in enumerate(orders):
        tied: dict[int, set[int]] = {}
        searched = []
        for at, size in groups.of(panel):
            group = order[at : at + size]
            if size > exact_up_to:
                searched.append([int(each) for each in group])
            elif size > 1:
                group = groups.start[panel, at : at + size]
                few = Few(margins[panel][np.ix_(group, group)][None])
                order[at : at + size] = group[few.orders()[0]]
                tied |= {int(each): {int(group[other]) for other in others}
                         for each, others in zip(group, few.open_pairs(), strict=True)}  # fmt: skip
        found.append(Arranged([int(each) for each in order if known[panel, each]], tied, searched))
    return found


def quick_orders(prefers: Counts, times: Counts, known: Known, exact_up_to: int = EXACT_UP_TO) -> Orders:
    """The order of each panel, those it does not know behind (panels × n), without its proof.

    `prefers`: of each expert whom he puts over whom (experts × n × n); `times`: how often each panel has him.
    """
    panels, size = known.shape
    # Floats hold numbers as small as of experts exactly, and are multiplied many times as fast.
    each = (prefers - prefers.swapaxes(1, 2)).reshape(len(prefers), -1).astype(np.float32)
    orders = np.zeros((panels, size), dtype=np.intp)
    for chunk in np.array_split(np.arange(panels), -(-panels * size * size // _AT_ONCE) or 1):
        margins = (times[chunk].astype(np.float32) @ each).reshape(-1, size, size)
        orders[chunk] = _quick(_apart(margins, known[chunk]), exact_up_to)
    return orders


def disagreements(wins: Counts, order: Sequence[int]) -> int:
    """Experts who put the later of a pair over the earlier, summed over all pairs of an order."""
    return int(np.tril(wins[np.ix_(order, order)], -1).sum())


def lower_bound(wins: Counts) -> int:
    """Disagreements that no order avoids: the smaller side of each pair, and a margin of each packed cycle of three."""
    free = np.maximum(wins - wins.T, 0)
    over = (free > 0).astype(np.float32)
    return int(np.triu(np.minimum(wins, wins.T), 1).sum()) + sum(
        _closed(free, first, second) for first, second in np.argwhere((over > 0) & ((over @ over).T > 0))
    )


def _closed(free: Counts, first: int, second: int) -> int:
    """The smallest margins of the cycles of three through a pair, one after another, taken out of what is free."""
    taken = 0
    while free[first, second] > 0:
        closing = np.minimum(free[second], free[:, first])
        third = int(closing.argmax())
        margin = min(int(closing[third]), int(free[first, second]))
        if margin <= 0:
            break
        taken += margin
        for one, other in ((first, second), (second, third), (third, first)):
            free[one, other] -= margin
    return taken


class _Groups:
    """The groups of each panel. `start`: by group, then Borda, then as given; `numbered`: of each place its group.

    Groups of all panels stand one after another: the `panel` of each, the place `at` which it begins, its `size`.
    """

    def __init__(self, margins: Margins) -> None:
        count = margins.shape[1]
        majorities = np.sign(margins).sum(axis=2, dtype=np.int64)
        by = np.argsort(-majorities, axis=1, kind="stable")
        held = np.arange(1, count + 1)
        ends = np.take_along_axis(majorities, by, axis=1).cumsum(axis=1) == held * (count - held)
        self.numbered = ends.cumsum(axis=1) - ends
        group = np.empty_like(by)
        np.put_along_axis(group, by, self.numbered, axis=1)
        self.start: Orders = np.lexsort((-margins.sum(axis=2, dtype=np.int64), group), axis=1)
        self.panel, last = np.nonzero(ends)
        begins = np.ones(ends.shape, dtype=bool)
        begins[:, 1:] = ends[:, :-1]
        self.at = np.nonzero(begins)[1]
        self.size = last - self.at + 1

    def of(self, panel: int) -> list[tuple[int, int]]:
        """Where each group of a panel begins, and its size."""
        its = self.panel == panel
        return list(zip(self.at[its].tolist(), self.size[its].tolist(), strict=True))


def _margins(wins: Counts, known: Known) -> Margins:
    return _apart(wins - wins.swapaxes(1, 2), known)


def _apart(margins: Margins, known: Known) -> Margins:
    """Margins of a width that holds their sums; whom a panel does not know every other stands above."""
    largest = max(1, int(np.abs(margins).max(initial=0))) * max(1, margins.shape[1])
    found = margins.astype(np.int16 if largest < 2**15 else np.int64)
    for panel in np.flatnonzero(~known.all(axis=1)):
        there, absent = np.flatnonzero(known[panel]), np.flatnonzero(~known[panel])
        found[panel][np.ix_(there, absent)] = 1
        found[panel][np.ix_(absent, there)] = -1
    return found


def _quick(margins: Margins, exact_up_to: int) -> Orders:
    groups = _Groups(margins)
    orders = groups.start.copy()
    long = np.unique(groups.panel[groups.size > exact_up_to])
    orders[long] = inserted(margins[long], groups.start[long])
    for size in np.unique(groups.size[(groups.size > 1) & (groups.size <= exact_up_to)]):
        chosen = groups.size == size
        panel = groups.panel[chosen][:, None]
        places = groups.at[chosen][:, None] + np.arange(size)
        group = groups.start[panel, places]
        best = best_orders(margins[panel[:, :, None], group[:, :, None], group[:, None, :]])
        orders[panel, places] = np.take_along_axis(group, best, axis=1)
    return orders


def _searched(margins: Margins, starts: Orders, numbered: Orders) -> Orders:
    """Of each group the better of two local optima, then its windows, then insertions once more."""
    group = np.empty_like(numbered)
    np.put_along_axis(group, starts, numbered, axis=1)
    inner = np.where(group[:, :, None] == group[:, None, :], margins, 0)
    place = np.argsort(starts, axis=1)
    by_borda, by_copeland = (
        inserted(margins, np.lexsort((place, -score.sum(axis=2, dtype=np.int64), group), axis=1))
        for score in (inner, np.sign(inner))
    )
    better = _costs(margins, by_copeland, numbered) < _costs(margins, by_borda, numbered)
    found = np.where(np.take_along_axis(better, numbered, axis=1), by_copeland, by_borda)
    found = windows_ordered(margins, found, numbered)
    return inserted(margins, found)


def _costs(margins: Margins, orders: Orders, numbered: Orders) -> Counts:
    """Of each panel and group the margins against its order (panels × n; nought where there is no such group)."""
    panels = np.arange(len(orders))[:, None]
    against = np.tril(margins[panels[:, :, None], orders[:, :, None], orders[:, None, :]], -1)
    found = np.zeros(orders.shape, dtype=np.int64)
    np.add.at(found, (np.broadcast_to(panels, orders.shape), numbered), np.maximum(against, 0).sum(axis=2))
    return found

"""Orders of many panels at once, each by insertions: an application goes where it disagrees least, until none moves.

Panels are worked on side by side, one step of each at a time, and do not touch each other: each comes to the order to
which it would come alone. `margins[p, a, b]`: by how many more experts of panel p put a over b than b over a.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pingjiang.centre.programme.panels.kemeny_few import Few

Whole = npt.NDArray[Any]
Orders = npt.NDArray[np.intp]  # panels × places: who stands there
_WINDOW = 8


def inserted(margins: Whole, starts: Orders) -> Orders:
    """From each panel's start, whose sequence is also that in which its applications are tried."""
    size = starts.shape[1]
    orders, places = starts.copy(), np.argsort(starts, axis=1)
    flat, going = margins.reshape(-1), np.arange(len(starts))
    while len(going) and size:
        moved = np.zeros(len(going), dtype=bool)
        now, at, tried = orders[going], places[going], starts[going]
        for turn in range(size):
            moved |= _turn(flat, going, now, at, tried[:, turn])
        orders[going], places[going] = now, at
        going = going[moved]
    return orders


def _turn(flat: Whole, panels: Orders, now: Orders, places: Orders, each: Orders) -> npt.NDArray[np.bool_]:
    """One application of each panel to its best place; where it moved."""
    rows, size = np.arange(len(now)), now.shape[1]
    passed = flat.take(now + ((panels * size + each) * size)[:, None])
    # Below the first k of the order it has so much more against it than at the top.
    below = passed.cumsum(axis=1, dtype=flat.dtype)
    here = places[rows, each]
    best = below.argmin(axis=1)
    least = below[rows, best]
    gains = np.flatnonzero((least < below[rows, here]) | (below[rows, here] > 0))
    to = np.where(least < 0, best + 1, 0)[gains]
    old = here[gains]
    to -= to > old  # it stood above those places itself
    _move(now, places, gains, old, to)
    moved = np.zeros(len(now), dtype=bool)
    moved[gains] = True
    return moved


def _move(now: Orders, places: Orders, rows: Orders, old: Orders, new: Orders) -> None:
    """In each of these rows whoever stands at the old place goes to the new one, and those between make room."""
    every = np.arange(now.shape[1])
    between = (every >= np.minimum(old, new)[:, None]) & (every <= np.maximum(old, new)[:, None])
    source = every + between * np.sign(new - old)[:, None]
    source[np.arange(len(rows)), new] = old
    now[rows] = now[rows[:, None], source]
    places[rows[:, None], now[rows]] = every


def windows_ordered(margins: Whole, orders: Orders, numbered: Orders) -> Orders:
    """Each window of neighbours of one group in its exact order, from the top of each panel down."""
    found = orders.copy()
    panels = np.arange(len(orders))[:, None, None]
    for at in range(orders.shape[1] - _WINDOW + 1):
        window = found[:, at : at + _WINDOW]
        inner = margins[panels, window[:, :, None], window[:, None, :]]
        against = np.maximum(np.tril(inner), 0).sum(axis=(1, 2))
        worth = np.flatnonzero((against > 0) & (numbered[:, at] == numbered[:, at + _WINDOW - 1]))
        if len(worth):
            few = Few(inner[worth])
            better = few.least < against[worth]
            chosen = worth[better]
            found[chosen, at : at + _WINDOW] = np.take_along_axis(window[chosen], few.orders()[better], axis=1)
    return found

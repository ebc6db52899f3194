"""Intervals of 95 %: Wilson's for shares, the percentile bootstrap over labelled clusters for ratios of sums.

Both are deterministic: the bootstrap draws with a fixed seed from contributions in a fixed order.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

Interval = tuple[float, float]

_Z = 1.959963984540054  # of 95 %
_DRAWS = 1_000
_SEED = 20_260_701


def wilson(successes: int, trials: int) -> Interval | None:
    """Wilson's score interval of a share (Wilson 1927, without continuity correction). None without a trial."""
    if not trials:
        return None
    share, square = successes / trials, _Z * _Z
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def wilson_f1(both: int, predicted: int, actual: int) -> Interval | None:
    """An interval of F1 = 2·both / (predicted + actual), by Wilson's for the share both / (either).

    F1 grows with that share s alone, F1 = 2s / (1 + s), so that its ends carry over.
    """
    found = wilson(both, predicted + actual - both)
    return None if found is None else (2 * found[0] / (1 + found[0]), 2 * found[1] / (1 + found[1]))


def bootstrap(
    parts: Sequence[Sequence[float]], statistics: Sequence[Callable[[Sequence[float]], float | None]]
) -> list[Interval | None]:
    """An interval of each statistic of the summed parts; `parts` are drawn anew, with replacement.

    A part is what one labelled cluster adds to the sums; one that adds nothing changes no ratio of them, and is left
    out. A draw in which a statistic is undefined does not count for it; None where fewer than two parts or no such draw
    are there.
    """
    telling = [tuple(part) for part in parts if any(part)]
    if len(telling) < 2:
        return [None for _ in statistics]
    drawn = random.Random(_SEED)
    found: list[list[float]] = [[] for _ in statistics]
    for _ in range(_DRAWS):
        sums = [math.fsum(column) for column in zip(*drawn.choices(telling, k=len(telling)), strict=True)]
        for values, statistic in zip(found, statistics, strict=True):
            value = statistic(sums)
            if value is not None:
                values.append(value)
    return [_percentiles(sorted(values)) if values else None for values in found]


def _percentiles(values: Sequence[float]) -> Interval:
    """The 2.5th and the 97.5th percentile, by the nearest rank."""
    last = len(values) - 1
    return values[round(0.025 * last)], values[round(0.975 * last)]

"""How far two people who coded the same agree: Cohen's kappa with its interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pingjiang.intervals import Interval

_Z = 1.959963984540054  # of 95 %


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two codings of the same things.

    n         how many both have coded; agreed: of them, the share on which they say the same
    expected  the share on which they would agree by chance, each saying what they say as often as they do
    kappa     (agreed - expected) / (1 - expected). None where n is 0, or both say one and the same of all: then chance
              explains everything, and nothing can be told
    interval  of 95 % by the standard error of Fleiss, Cohen and Everitt (1969), cut to [-1, 1]; for small n it is rough
    """

    n: int
    agreed: float | None
    expected: float | None
    kappa: float | None
    interval: Interval | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def cohen(one: Sequence[str], two: Sequence[str]) -> Agreement:
    """Agreement of two codings, thing by thing; categories are nominal (Cohen 1960)."""
    n = len(one)
    if n == 0:
        return Agreement(0, None, None, None, None)
    cells = {pair: count / n for pair, count in Counter(zip(one, two, strict=True)).items()}
    categories = sorted(set(one) | set(two))
    rows = {each: sum(share for (a, _), share in cells.items() if a == each) for each in categories}
    columns = {each: sum(share for (_, b), share in cells.items() if b == each) for each in categories}
    agreed = sum(cells.get((each, each), 0.0) for each in categories)
    expected = sum(rows[each] * columns[each] for each in categories)
    if len(categories) == 1:
        return Agreement(n, agreed, expected, None, None)
    kappa = (agreed - expected) / (1 - expected)
    inside = sum(
        cells.get((each, each), 0.0) * (1 - (rows[each] + columns[each]) * (1 - kappa)) ** 2 for each in categories
    )
    outside = sum(share * (columns[a] + rows[b]) ** 2 for (a, b), share in cells.items() if a != b)
    variance = inside + (1 - kappa) ** 2 * outside - (kappa - expected * (1 - kappa)) ** 2
    half = _Z * math.sqrt(max(0.0, variance) / n) / (1 - expected)
    return Agreement(n, agreed, expected, kappa, (max(-1.0, kappa - half), min(1.0, kappa + half)))

"""Whether two sides gave the same rows. Nothing is timed before this says so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Sequence[Any]]
# Sums of floating-point numbers depend on the order of adding, and that on the threads.
RELATIVE_TOLERANCE = 1e-9


def differences(ours: Mapping[str, Rows], theirs: Mapping[str, Rows], *, limit: int = 5) -> list[str]:
    """What differs, in words; empty where every indicator has equal rows (in any order)."""
    found = [f"{name}: only ours has it" for name in sorted(set(ours) - set(theirs))]
    found += [f"{name}: only the baseline has it" for name in sorted(set(theirs) - set(ours))]
    for name in sorted(set(ours) & set(theirs)):
        found += [f"{name}: {text}" for text in _rows_differ(ours[name], theirs[name], limit)]
    return found


def _rows_differ(ours: Rows, theirs: Rows, limit: int) -> list[str]:
    if len(ours) != len(theirs):
        return [f"{len(ours)} rows, the baseline has {len(theirs)}"]
    pairs = zip(sorted(ours, key=_order), sorted(theirs, key=_order), strict=True)
    unequal = [f"{tuple(a)} ≠ {tuple(b)}" for a, b in pairs if not rows_equal(a, b)]
    more = [f"… and {len(unequal) - limit} more rows"] if len(unequal) > limit else []
    return unequal[:limit] + more


def rows_equal(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Equal cell by cell; floating-point numbers within the tolerance."""
    return len(one) == len(other) and all(_cells_equal(a, b) for a, b in zip(one, other, strict=True))


def _cells_equal(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) or isinstance(other, float):
        if one is None or other is None:
            return one is other
        return math.isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=0.0)
    return bool(one == other)


def _order(row: Sequence[Any]) -> list[tuple[int, str]]:
    """A sort key that puts equal rows at the same place whatever their types; floats count roughly."""
    return [(0, "") if cell is None else (1, f"{cell:.6e}" if isinstance(cell, float) else str(cell)) for cell in row]

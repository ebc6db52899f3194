"""What all measurements share: how often and how much, ratios held against goals, results as plain data."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.harness import Ratio, Series

Progress = Callable[[str], None]
# The engine counts its own memory: the process has some more, and stays under 8 GB.
MEMORY_LIMIT = "7.7GB"
MILLION = 1_000_000


class NotTheSame(AssertionError):
    """The two sides of a measurement don't give the same result: there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often the sides run; few in quick mode. `sizes`: of measurements that are asked for in another size."""

    usual: int
    slow: int
    sizes: Mapping[str, int] = field(default_factory=dict)


def result(
    name: str,
    title_zh: str,
    title_en: str,
    series: Mapping[str, Series],
    ratios: Sequence[dict[str, Any]],
    *,
    whole: bool,
    **more: Any,
) -> dict[str, Any]:
    """One measurement as plain data."""
    sides = {
        side: {
            "seconds": [round(second, 3) for second in held.seconds(whole=whole)],
            "median_seconds": round(statistics.median(held.seconds(whole=whole)), 3),
            "cpu_seconds": [round(second, 3) for second in held.cpu_seconds()],
            "peak_mb": round(held.peak_mb),
        }
        for side, held in series.items()
    }
    clock = "whole process" if whole else "work without start-up and imports"
    return {"name": name, "title_zh": title_zh, "title_en": title_en, "clock": clock, "sides": sides,
            "ratios": list(ratios), **more}  # fmt: skip


def ratio(series: Mapping[str, Series], of: str, against: str, *, whole: bool) -> tuple[Ratio, dict[str, Any]]:
    """The ratio of seconds, and as plain data beside it that of processor seconds."""
    seconds = Ratio.of(series[of].seconds(whole=whole), series[against].seconds(whole=whole))
    cpu = Ratio.of(series[of].cpu_seconds(), series[against].cpu_seconds())
    return seconds, {"of": of, "against": against, **seconds.as_dict(), "cpu_median": round(cpu.median, 3)}


def at_most(series: Mapping[str, Series], ours: str, against: str, limit: float, *, whole: bool) -> dict[str, Any]:
    """Ours takes at most `limit` times what the other takes."""
    found, told = ratio(series, ours, against, whole=whole)
    return {**told, "goal": f"≤ {limit}", "met": found.median <= limit}


def at_least(series: Mapping[str, Series], ours: str, against: str, limit: float, *, whole: bool) -> dict[str, Any]:
    """Ours is at least `limit` times faster than the other."""
    found, told = ratio(series, against, ours, whole=whole)
    return {**told, "goal": f"≥ {limit}", "met": found.median >= limit}


def figure(of: str, value: float, *, least: float | None = None, most: float | None = None) -> dict[str, Any]:
    """One figure that is no ratio of two sides, with a goal or without."""
    told = {"median": round(value, 3), "min": round(value, 3), "max": round(value, 3)}
    goal = f"≥ {least}" if least is not None else f"≤ {most}" if most is not None else ""
    met = (least is None or value >= least) and (most is None or value <= most)
    return {"of": of, "against": None, **told, "cpu_median": None, "goal": goal, "met": met}

"""Names and inventors linked at scale: synthetic data, each against what is done without linking."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from functools import partial
from typing import Any

from benchmarks import store
from benchmarks.generate import inventors as made_inventors
from benchmarks.generate import names as made_names
from benchmarks.harness import Series, Side, alternate
from benchmarks.measuring import MILLION, NotTheSame, Progress, Rounds, at_most, figure, ratio, result

SIZED = ("names", "inventors", "search", "similar")  # may be measured in another size
# The engine's share: the rest is for the arrays of pairs.
_NAMES_MEMORY, _INVENTORS_MEMORY = "3GB", "2500MB"
_TIMES_FOLDING, _NAMES_GB, _INVENTORS_SECONDS = 80, 6, 300


def names(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Distinct names linked end to end against folding the same names in SQL and nothing else."""
    size = rounds.sizes.get("names", MILLION)
    progress(f"data: {size:,} names")
    folder = store.ensure("names", {"names": size}, partial(made_names.generate, count=size))
    arguments: dict[str, str | int] = {"names": str(folder / "names.parquet"), "memory_limit": _NAMES_MEMORY}
    sides = [Side("ours", "names_ours", arguments), Side("folding", "names_baseline", arguments)]
    series = alternate(sides, rounds.slow, progress)
    answers = _alike(series, "names", size)
    return result(
        "names",
        f"{size:,} 个不同的名称（合成）归并为机构与集团，相对于只在 SQL 中规范化",
        f"{size:,} distinct names (synthetic) linked to organisations and groups, against folding them in SQL alone",
        series,
        [
            at_most(series, "ours", "folding", _TIMES_FOLDING, whole=False),
            figure("peak memory of ours, GB", series["ours"].peak_mb / 1024, most=_NAMES_GB),
        ],
        whole=False,
        answers=answers,
        data=store.made(folder),
    )


def inventors(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Mentions of inventors linked to persons against taking each name as printed for one person.

    Accuracy against the persons that were made up is told beside it: scale was not bought with nonsense. It says
    nothing about real data.
    """
    size = rounds.sizes.get("inventors", MILLION)
    progress(f"data: {size:,} mentions of inventors")
    folder = store.ensure("inventors", {"mentions": size}, partial(made_inventors.generate, mentions=size))
    arguments: dict[str, str | int] = {"folder": str(folder), "memory_limit": _INVENTORS_MEMORY}
    sides = [Side("ours", "inventors_ours", arguments), Side("by_name", "inventors_baseline", arguments)]
    series = alternate(sides, rounds.slow, progress)
    answers = _alike(series, "mentions", store.made(folder)["mentions"])
    seconds = statistics.median(series["ours"].seconds(whole=False))
    _, told = ratio(series, "ours", "by_name", whole=False)
    accuracy = [
        figure(f"{measure} of {side}, synthetic persons", answers[side][measure])
        for side in answers for measure in ("precision", "recall")
    ]  # fmt: skip
    allowed = _INVENTORS_SECONDS * size / MILLION
    return result(
        "inventors",
        f"{size:,} 次发明人提及（合成）归并为人，相对于把一个姓名当作一个人",
        f"{size:,} mentions of inventors (synthetic) linked to persons, against taking each name for one person",
        series,
        [{**told, "goal": "", "met": True}, figure("seconds of ours", seconds, most=allowed), *accuracy],
        whole=False,
        answers=answers,
        data=store.made(folder),
    )


def _alike(series: Mapping[str, Series], what: str, size: int) -> dict[str, dict[str, Any]]:
    """The answers of both sides, which account for everything that was given. Raises NotTheSame."""
    answers = {side: held.runs[-1].answer for side, held in series.items()}
    if any(answer[what] != size for answer in answers.values()):
        raise NotTheSame(f"{size} {what}, answers: {answers}")
    return answers

"""Runs each side of a measurement in a process of its own, in turns, and keeps what each run cost.

A round runs every side once (A B A B …), so that whatever else the machine does meets all sides alike;
ratios are taken within a round. Seconds are those of the whole process or those that the task itself
measured around its work. Beside them stand processor seconds, which other processes disturb less, and the
peak of memory, both as the kernel counts them for that process alone (not for what it starts in turn).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class TaskFailed(RuntimeError):
    """A task ended with an error; carries the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one task."""

    whole_seconds: float
    work_seconds: float
    cpu_seconds: float
    peak_mb: float
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """A contender: a task with its arguments, and what must be done, untimed, before each of its runs."""

    name: str
    task: str
    arguments: Mapping[str, str | int]
    before: Callable[[], None] | None = None

    def run(self) -> Run:
        """Run the task once in a fresh process."""
        if self.before is not None:
            self.before()
        return run_task(self.task, self.arguments)


@dataclass(slots=True)
class Series:
    """All runs of one side."""

    runs: list[Run] = field(default_factory=list)

    def seconds(self, *, whole: bool) -> list[float]:
        """Seconds of each run."""
        return [run.whole_seconds if whole else run.work_seconds for run in self.runs]

    def cpu_seconds(self) -> list[float]:
        """Processor seconds of each run's whole process, all threads."""
        return [run.cpu_seconds for run in self.runs]

    @property
    def peak_mb(self) -> float:
        """The highest peak of all runs."""
        return max(run.peak_mb for run in self.runs)


def run_task(task: str, arguments: Mapping[str, str | int]) -> Run:
    """Run `python -m benchmarks.tasks TASK ARGUMENTS` and read the JSON that it leaves.

    Raises TaskFailed where it ends with another code than 0.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        answer, log = Path(folder) / "answer.json", Path(folder) / "log"
        command = [sys.executable, "-m", "benchmarks.tasks", task, json.dumps(dict(arguments)), str(answer)]
        with log.open("wb") as output:
            began = time.perf_counter()
            process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                process.kill()
                process.wait()
                raise
            whole = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise TaskFailed(f"{task} {dict(arguments)}: exit {process.returncode}\n{log.read_text()[-4000:]}")
        told = json.loads(answer.read_text(encoding="utf-8"))
    cpu = usage.ru_utime + usage.ru_stime
    return Run(whole, told["seconds"], cpu, told["peak_mb"], told["answer"])


def alternate(
    sides: Sequence[Side], rounds: int, progress: Callable[[str], None], limits: Mapping[str, int] | None = None
) -> dict[str, Series]:
    """Run all sides in turns, `rounds` times; a side in `limits` rests after that many rounds."""
    series = {side.name: Series() for side in sides}
    for number in range(rounds):
        for side in sides:
            if limits and number >= limits.get(side.name, rounds):
                continue
            run = side.run()
            series[side.name].runs.append(run)
            progress(
                f"  {number + 1}/{rounds} {side.name}: {run.whole_seconds:.2f} s, "
                f"processor {run.cpu_seconds:.2f} s, {run.peak_mb:,.0f} MB"
            )
    return series


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ratios of two sides, round by round."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
        """Median, lowest and highest of the ratios of the rounds that both sides ran."""
        ratios = [a / b for a, b in zip(ours, theirs, strict=False)]
        return cls(statistics.median(ratios), min(ratios), max(ratios))

    def as_dict(self) -> dict[str, float]:
        """As plain data, rounded to three digits behind the point."""
        return {"median": round(self.median, 3), "min": round(self.low, 3), "max": round(self.high, 3)}

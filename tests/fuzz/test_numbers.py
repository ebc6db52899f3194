"""Hostile files by number: each is refused with its reason, or taken with a receipt that adds up; nothing else.

A case that fails is told by its number: `python -m tests.fuzz.judge NUMBER NUMBER+1` judges it again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pingjiang.sources import load_formats
from tests.fuzz.judge import SECONDS
from tests.fuzz.mutations import ALWAYS_REFUSED, case
from tests.fuzz.seeds import seeds

_ROOT = Path(__file__).parents[2]
_A_RUN = 1_000
# Of memory, over a whole run. An .xls may claim 65,536 rows of 256 columns, for which its reader takes 2 GB at once.
_MOST_KIB = 2304 * 1024
# Formats of documents whose every file is refused by name: nothing of them is read.
_BY_NAME = frozenset(
    name for name, spec in load_formats().items() if spec.documents is not None and spec.documents.refuse is not None
)


def judged(first: int, last: int) -> dict[str, Any]:
    """Judge these numbers in a process of their own, which ends where one of them takes too long."""
    command = [sys.executable, "-m", "tests.fuzz.judge", str(first), str(last)]
    limit = SECONDS * (last - first)
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=limit)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    faults = [line for line in told if "fault" in line]
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
    begun = max(line["begun"] for line in told if "begun" in line)
    assert done.returncode == 0, f"case {begun} ended the process or took too long:\n{done.stderr[-3000:]}"
    found: dict[str, Any] = told[-1]
    assert sum(found["verdicts"].values()) == last - first
    assert found["peak_kib"] < _MOST_KIB
    return found


def total(runs: list[dict[str, Any]]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Verdicts in all; verdicts by "file: verdict"; and what formats have seen, by "format: what"."""
    by_file, seen, verdicts = Counter[str](), Counter[str](), Counter[str]()
    for run in runs:
        by_file.update(run["verdicts"])
        seen.update(run["seen"])
    for key, count in by_file.items():
        verdicts[key.rpartition(": ")[2]] += count
    return verdicts, by_file, seen


def test_a_number_is_one_file() -> None:
    assert [case(number) for number in range(50)] == [case(number) for number in range(50)]


@pytest.mark.parametrize("first", [0, pytest.param(250, marks=pytest.mark.slow)])
def test_some_hostile_files(first: int) -> None:
    verdicts, by_file, _ = total([judged(first, first + 250)])
    assert verdicts["refused"] and verdicts["read"] and verdicts["taken"], "cases of each kind"
    assert len({key.rpartition(": ")[0] for key in by_file}) > 30


@pytest.mark.slow
def test_a_hundred_thousand_hostile_files(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, in one test: what was reached is told, and asserted, of the whole."""
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda first: judged(first, first + _A_RUN), range(_A_RUN, 101 * _A_RUN, _A_RUN)))
    verdicts, by_file, seen = total(runs)
    with capsys.disabled():
        peak, seconds = max(run["peak_kib"] for run in runs) // 1024, sum(run["seconds"] for run in runs)
        print(f"\n{verdicts.total()} hostile files: {dict(verdicts)}, {peak} MiB at most, {seconds:.0f} s of work")
        for name in seeds():
            print(f"  {name}: " + ", ".join(f"{by_file[f'{name}: {how}']} {how}" for how in verdicts))
        for name in sorted({key.rpartition(": ")[0] for key in seen}):
            counts = (f"{seen[f'{name}: {what}']} {what}" for what in ("files", "read", "rejected"))
            print(f"  format {name}: " + ", ".join(counts))
    assert verdicts.total() == 100_000
    for name in seeds():
        assert by_file[f"{name}: refused"], name
        reached = by_file[f"{name}: taken"] + by_file[f"{name}: read"]
        assert reached or name in ALWAYS_REFUSED, f"no file made of {name} got past the door"
    documents = {name for name, spec in load_formats().items() if spec.documents is not None} - _BY_NAME
    for name in documents | {"derwent_ciw", "generic", "incopat"}:
        assert seen[f"{name}: read"], f"no document or row was read by {name}"

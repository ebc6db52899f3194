"""What was cleaned to what, where a row holds lists; and what the command says of a bar."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pingjiang.evaluate.cleaned_applicants import TASKS, cleaned_names


@pytest.mark.parametrize(
    ("printed", "cleaned", "found"),
    [
        ("A", "B", {"A": {"B": 1}}),
        ("A; B", "B; X", {"A": {"X": 1}, "B": {"B": 1}}),
        ("A; B", "X; Y", {}),  # nobody knows which became which
        ("A; a", "a", {"a": {"a": 1}}),
        ("", None, {}),
    ],
)
def test_only_what_is_certain_is_taken(printed: str, cleaned: str | None, found: dict[str, dict[str, int]]) -> None:
    assert cleaned_names([(printed, cleaned)]) == {name: Counter(told) for name, told in found.items()}


@pytest.mark.slow
def test_a_missed_bar_ends_with_3_and_names_it(samples: Path, tmp_path: Path) -> None:
    """By the command; a bar of another file is not held against it."""
    truth = samples / TASKS[0].truth
    sha256 = hashlib.sha256(truth.read_bytes()).hexdigest()
    bars = tmp_path / "accuracy.yaml"
    bars.write_text(
        f"cleaned_applicants:\n- sha256: '{sha256}'\n  at_least: {{program.recall: 1.0}}\n"
        f"- sha256: '{'0' * 64}'\n  at_least: {{program.precision: 1.0}}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pingjiang", "evaluate", TASKS[0].name, str(truth), "--json", "--bars", str(bars)],
        capture_output=True, text=True, check=False,
        env={"PINGJIANG_SAMPLES": str(samples), "PINGJIANG_MEMORY_LIMIT": "3GB", "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    told = json.loads(done.stdout)
    assert told["baseline"]["precision"] > 0.8
    assert [(bar["figure"], bar["met"]) for bar in told["bars"]] == [("program.recall", False)]
    assert "cleaned_applicants program.recall = " in done.stderr
    assert "program.precision" not in done.stderr

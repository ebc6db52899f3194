"""Processes, rounds, ratios, reuse of data, comparing rows, and the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate import exports
from benchmarks.harness import Ratio, Run, Series, Side, TaskFailed, alternate, run_task

from benchmarks import __main__ as command
from benchmarks import compare, report, store


def test_a_task_runs_in_a_process_of_its_own_and_is_measured(tmp_path: Path) -> None:
    exports.incopat_large(tmp_path / "a.xlsx", rows=300)
    run = run_task("import_fastexcel", {"path": str(tmp_path / "a.xlsx")})
    assert run.answer == {"rows": 300}
    assert 0 < run.work_seconds < run.whole_seconds
    assert 20 < run.peak_mb < 2_000
    assert run.cpu_seconds > 0


def test_the_peak_is_the_task_s_own_and_not_what_we_held_when_it_was_started(tmp_path: Path) -> None:
    exports.incopat_large(tmp_path / "a.xlsx", rows=300)
    ours = bytearray(b"x") * 700_000_000
    run = run_task("import_fastexcel", {"path": str(tmp_path / "a.xlsx")})
    assert len(ours) / 2**20 > 600
    assert 20 < run.peak_mb < 400


def test_a_failing_task_says_why() -> None:
    with pytest.raises(TaskFailed, match=r"no-such-file|nothing|not found|No such"):
        run_task("import_fastexcel", {"path": "no-such-file.xlsx"})


def test_sides_take_turns_and_a_slow_one_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def fake(task: str, arguments: Mapping[str, Any]) -> Run:
        order.append(task)
        return Run(2.0, 1.0, 3.0, 10.0, {})

    monkeypatch.setattr("benchmarks.harness.run_task", fake)
    cleaned: list[str] = []
    sides = [Side("a", "one", {}, lambda: cleaned.append("a")), Side("b", "two", {})]
    series = alternate(sides, 3, lambda _text: None, {"b": 2})
    assert order == ["one", "two", "one", "two", "one"]
    assert cleaned == ["a", "a", "a"]
    assert series["a"].seconds(whole=True) == [2.0, 2.0, 2.0]
    assert series["b"].seconds(whole=False) == [1.0, 1.0]


def test_ratios_are_taken_within_a_round() -> None:
    ratio = Ratio.of([1.0, 4.0, 3.0], [2.0, 2.0, 2.0])
    assert (ratio.median, ratio.low, ratio.high) == (1.5, 0.5, 2.0)
    assert Ratio.of([3.0, 1.0], [1.0]).median == 3.0


def test_the_peak_is_the_highest_of_all_runs() -> None:
    assert Series([Run(1, 1, 1, 5, {}), Run(1, 1, 1, 9, {}), Run(1, 1, 1, 7, {})]).peak_mb == 9


def test_data_are_made_once_and_again_when_parameters_change(tmp_path: Path) -> None:
    calls: list[int] = []

    def make(folder: Path) -> dict[str, int]:
        calls.append(1)
        (folder / "data").write_text("x")
        return {"rows": len(calls)}

    first = store.ensure("thing", {"n": 1}, make, bench=tmp_path)
    assert store.ensure("thing", {"n": 1}, make, bench=tmp_path) == first
    assert store.made(first) == {"rows": 1}
    second = store.ensure("thing", {"n": 2}, make, bench=tmp_path)
    assert second != first
    assert not first.exists()
    assert len(calls) == 2


def test_data_half_made_are_made_anew(tmp_path: Path) -> None:
    def fail(folder: Path) -> dict[str, int]:
        (folder / "half").write_text("x")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        store.ensure("thing", {"n": 1}, fail, bench=tmp_path)
    folder = store.ensure("thing", {"n": 1}, lambda part: {"rows": len(list(part.iterdir()))}, bench=tmp_path)
    assert store.made(folder) == {"rows": 0}


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ([(1, None, 0.1 + 0.2)], [(1, None, 0.3)], True),
        ([(1, "a"), (2, "b")], [(2, "b"), (1, "a")], True),
        ([(1, "a")], [(1, "b")], False),
        ([(1, None)], [(1, 0)], False),
        ([(1, 0.3)], [(1, 0.3001)], False),
        ([(1, 0.3)], [(1, None)], False),
        ([(True,)], [(1,)], False),
        ([(1,)], [(1,), (1,)], False),
    ],
)
def test_rows_are_compared_cell_by_cell(ours: list[Any], theirs: list[Any], same: bool) -> None:
    assert (compare.differences({"x": ours}, {"x": theirs}) == []) is same


def test_a_missing_indicator_is_a_difference() -> None:
    assert compare.differences({"x": []}, {"y": []}) == ["x: only ours has it", "y: only the baseline has it"]


RESULTS: dict[str, Any] = {
    "machine": {"cpu": "A", "cores": 2, "memory_gb": 8, "system": "Linux", "python": "3.11", "packages": {"a": "1"}},
    "measurements": [
        {
            "name": "one", "title_zh": "一", "title_en": "One", "clock": "whole process",
            "sides": {"ours": {"seconds": [1.0, 2.0], "median_seconds": 1.5, "cpu_seconds": [2.0], "peak_mb": 1234}},
            "ratios": [
                {"of": "ours", "against": "b", "median": 1.1, "min": 1.0, "max": 1.3, "cpu_median": 1.05,
                 "goal": "≤ 1.2", "met": True}
            ],
            "findings": [{"name": "f", "zh": "错", "en": "wrong", "wrong": 5, "of": 50, "example": "CN1"}],
        }
    ],
}  # fmt: skip


def test_the_page_shows_ratio_opponent_goal_and_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(json.dumps(RESULTS))
    report.write_page(file, tmp_path / "docs" / "benchmarks.md")
    page = (tmp_path / "docs" / "benchmarks.md").read_text()
    assert "| 一<br>One | ours ÷ b | 1.10 | 1.00–1.30 | 1.05 | ≤ 1.2 | ✓ |" in page
    assert "1,234" in page
    assert "| 错<br>wrong | 5 (10.0%) | 50 | CN1 |" in page


def test_the_command_keeps_other_measurements_and_tells_a_missed_goal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "results.json"
    monkeypatch.setattr(command, "BENCH", tmp_path)
    one = RESULTS["measurements"][0]

    def measure(name: str, met: bool) -> Any:
        return lambda _rounds, _say: {**one, "name": name, "ratios": [{**one["ratios"][0], "met": met}]}

    monkeypatch.setattr(
        command, "MEASURES", {"indicators": measure("indicators", True), "import": measure("import", False)}
    )
    assert command.main(["--only", "indicators", "--results", str(file)]) == 0
    assert command.main(["--only", "import", "--results", str(file), "--page", str(tmp_path / "page.md")]) == 1
    names = [one["name"] for one in json.loads(file.read_text())["measurements"]]
    assert names == ["indicators", "import"]
    assert "✗" in capsys.readouterr().out
    assert (tmp_path / "page.md").is_file()

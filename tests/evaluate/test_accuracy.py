"""Bars hold the file that they were set for, and the page shows every figure beside its baseline."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pingjiang.config import Settings
from pingjiang.errors import DefinitionError, InputRefused, PingjiangError
from pingjiang.evaluate import accuracy
from pingjiang.evaluate.task import Answer, Line, Task, measures

TRUTH = b"a,b\n1,2\n"
SHA256 = hashlib.sha256(TRUTH).hexdigest()


def measured(_truth: Path, _settings: Settings) -> Answer:
    names = {"precision": 0.9, "recall": 0.5, "f1": None, "n": 1234, "intervals": {"precision": [0.8, 0.95]}}
    return {"held_out": {"names": names}, "baseline": {"names": {"precision": 1.0, "recall": 0.25, "f1": 0.4}}}


TASK = Task(
    "made", "made.csv", "自造", "Made up", "留出一半", "Half was held out", measured,
    [
        *measures("名称", "names", "held_out.names", "baseline.names"),
        Line("份额", "share", "held_out.names.recall", None, "held_out.names.n"),
    ],
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    def only_made() -> Iterator[Task]:
        yield TASK

    monkeypatch.setattr(accuracy, "tasks", only_made)
    (tmp_path / "made.csv").write_bytes(TRUTH)
    return Settings.from_environment({"PINGJIANG_SAMPLES": str(tmp_path)})


def bars(tmp_path: Path, text: str) -> list[accuracy.Bar]:
    path = tmp_path / "accuracy.yaml"
    path.write_text(text, encoding="utf-8")
    return accuracy.load_bars(path)


def bar_text(least: float, sha256: str = SHA256, figure: str = "held_out.names.precision") -> str:
    return f'made:\n- sha256: "{sha256}"\n  at_least:\n    {figure}: {least}\n'


def test_a_missed_bar_names_bar_and_figure(tmp_path: Path, settings: Settings) -> None:
    answer = accuracy.run(TASK, TASK.path(settings), settings, bars(tmp_path, bar_text(0.98)))
    assert answer["bars"] == [{"figure": "held_out.names.precision", "at_least": 0.98, "value": 0.9, "met": False}]
    error = accuracy.bars_missed([answer])
    assert error is not None
    assert error.exit_code == 3
    assert "held_out.names.precision = 0.9 < 0.98" in str(error)


def test_a_bar_that_is_met_or_of_another_file_is_silent(tmp_path: Path, settings: Settings) -> None:
    for text in (bar_text(0.9), bar_text(0.98, "0" * 64)):
        answer = accuracy.run(TASK, TASK.path(settings), settings, bars(tmp_path, text))
        assert accuracy.bars_missed([answer]) is None


def test_an_undefined_figure_misses_its_bar(tmp_path: Path, settings: Settings) -> None:
    set_bars = bars(tmp_path, bar_text(0.0, figure="held_out.names.f1"))
    assert accuracy.bars_missed([accuracy.run(TASK, TASK.path(settings), settings, set_bars)]) is not None


def test_a_bar_on_no_figure_is_an_error(tmp_path: Path, settings: Settings) -> None:
    set_bars = bars(tmp_path, bar_text(0.5, figure="held_out.names.accuracy"))
    with pytest.raises(PingjiangError, match=r"held_out\.names\.accuracy"):
        accuracy.run(TASK, TASK.path(settings), settings, set_bars)


@pytest.mark.parametrize(
    "text",
    [
        "[1]",
        "other:\n- {sha256: a, at_least: {x: 1}}",
        "made: 3",
        "made:\n- {sha256: a}",
        "made: [{sha256: a, at_least: {x: y}}]",
        ":\n-",
    ],
)
def test_bars_that_are_none_are_refused(tmp_path: Path, settings: Settings, text: str) -> None:
    assert settings.samples
    with pytest.raises(DefinitionError, match=r"accuracy\.yaml"):
        bars(tmp_path, text)


def test_the_page(tmp_path: Path, settings: Settings) -> None:
    answers, page = accuracy.evaluate_all(settings, bars(tmp_path, bar_text(0.8)))
    assert len(answers) == 1
    assert f"SHA-256 `{SHA256}`" in page
    told = "0.9000 (0.800–0.950) ≥ 0.8000 | 0.5000 | — | 1.0000 / 0.2500 / 0.4000 | 1,234 |"
    assert f"| 名称 · names | {told}" in page
    assert "| 份额 · share | 0.5000 |  | 1,234 |" in page
    assert "留出一半" in page
    assert "Half was held out" in page


def test_what_is_not_at_hand_is_said_and_not_measured(settings: Settings) -> None:
    assert settings.samples
    (settings.samples / "made.csv").unlink()
    answers, page = accuracy.evaluate_all(settings, [])
    assert answers == []
    assert "not among the sample files, not measured" in page
    with pytest.raises(InputRefused, match=r"made\.csv"):
        accuracy.run(TASK, TASK.path(settings), settings)


def test_an_unknown_evaluation_names_the_known_ones(settings: Settings) -> None:
    assert settings.samples
    with pytest.raises(DefinitionError, match="made"):
        accuracy.task("other")


def test_without_a_folder_of_samples_nothing_is_guessed() -> None:
    with pytest.raises(DefinitionError, match="PINGJIANG_SAMPLES"):
        TASK.path(Settings.from_environment({}))

"""Strategic emerging industries: the vendor's labels by the table, and that wrong placing would be seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pingjiang.config import Settings
from pingjiang.evaluate import sei
from pingjiang.evaluate.task import Answer


@pytest.fixture(scope="module")
def known(samples: Path) -> Settings:
    return replace(Settings.from_environment(), samples=samples)


def measured(known: Settings, name: str, *, main_only: bool = False) -> Answer:
    [task] = [each for each in sei.TASKS if each.name == name]
    return sei.evaluate(task.path(known), known, main_only=main_only)


def test_all_symbols_bring_the_labels(known: Settings) -> None:
    toyota = measured(known, "sei")
    assert (toyota["mode"], toyota["incomplete"], toyota["n"]) == ("symbol", False, 4173)
    assert toyota["exact_set"] >= 0.98
    assert toyota["exact_set"] > toyota["baseline"]["exact_set"] + 0.5
    # What strict does not assign it lists: nothing of mode symbol is dropped.
    assert 0 < toyota["strict"]["recall"] < 0.05
    assert toyota["strict"]["candidates"] > 5000


def test_chatbots_too(known: Settings) -> None:
    assert measured(known, "sei_chatbot")["exact_set"] >= 0.98


def test_the_main_symbol_alone_is_said_to_be_incomplete(known: Settings) -> None:
    main = measured(known, "sei", main_only=True)
    assert main["incomplete"]
    assert 0.5 <= main["recall"] <= 0.6
    assert main["precision"] >= 0.98


def test_a_file_with_the_main_symbol_alone_implies_it(known: Settings, tmp_path: Path) -> None:
    file = tmp_path / "main.csv"
    file.write_text("IPC主分类,新兴产业分类\nG06N3/08,1.5 (人工智能)\nA01B1/00,\n", encoding="utf-8")
    told = sei.evaluate(file, known)
    assert (told["incomplete"], told["n"], told["unlabelled"]["n"]) == (True, 1, 1)


def test_scores_are_counted() -> None:
    labels = {"a": frozenset({"1.1", "1.2"}), "b": frozenset({"2.1"}), "c": frozenset({"3.1"})}
    found = {"a": frozenset({"1.1"}), "b": frozenset({"2.1"}), "x": frozenset({"9.1"})}
    told = sei.score(labels, found)
    assert (told["n"], told["precision"], told["recall"], told["exact_set"]) == (3, 1.0, 0.5, 1 / 3)
    assert sei.score({}, found)["precision"] is None

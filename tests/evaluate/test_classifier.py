"""The classifier on the landscape of e-waste: scores as scikit-learn counts them, and bars held on the whole file."""

from __future__ import annotations

import csv
import gzip
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pingjiang.config import Settings
from pingjiang.errors import InputRefused
from pingjiang.evaluate import accuracy, classifier


@pytest.fixture(scope="module")
def known(samples: Path) -> Settings:
    return replace(Settings.from_environment(), samples=samples)


def cut(known: Settings, tmp_path: Path, rows: int, *, shuffled: bool = False) -> Path:
    """The first rows of the file, as a file."""
    with gzip.open(accuracy.task("classifier").path(known), "rt", encoding="utf-8", newline="") as source:
        told = list(csv.reader(source))
    kept = told[1 : rows + 1]
    if shuffled:
        random.Random(3).shuffle(kept)
    path = tmp_path / f"cut{'-shuffled' if shuffled else ''}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([told[0], *kept])
    return path


def test_scores_are_those_of_scikit_learn() -> None:
    drawn = np.random.default_rng(3)
    told, found = drawn.random((200, 7)) < 0.2, drawn.random((200, 7)) < 0.2
    told[:, 6] = False
    scores = classifier.scores(told, found)
    assert scores["micro"] == pytest.approx(f1_score(told, found, average="micro"))
    assert scores["macro"] == pytest.approx(f1_score(told, found, average="macro", zero_division=0))
    for name in ("micro", "macro"):
        low, high = scores["intervals"][name]
        assert low < scores[name] < high


def test_the_most_frequent_categories_are_counted_where_they_are_learnt() -> None:
    told = np.array([[True, False], [True, True], [True, False]])
    assert classifier.frequent(["a"] * 3, told, ["x", "y"]).tolist() == [[True, False], [True, False]]


@pytest.mark.slow
def test_a_part_of_the_file_whatever_its_order(
    known: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "_SIZES", (60,))
    one = classifier.evaluate(cut(known, tmp_path, 150), known)
    monkeypatch.setattr(classifier, "bag_of_words", classifier.frequent)  # which takes time
    two = classifier.evaluate(cut(known, tmp_path, 150, shuffled=True), known)
    assert (one["n"], one["categories"]) == (150, 72)
    assert (one["micro"], one["macro"]) == (two["micro"], two["macro"])
    assert one["micro"] > one["frequent"]["micro"]
    assert one["macro"] > one["bag_of_words"]["macro"] > one["frequent"]["macro"]
    assert [row["labelled documents"] for row in one["curve"]] == [60, "4/5"]


def test_titles_alone_are_read(known: Settings, tmp_path: Path) -> None:
    """The columns that tell the categories play no part: without them the figures are the same."""
    path = cut(known, tmp_path, 60)
    with path.open(encoding="utf-8", newline="") as file:
        told = list(csv.reader(file))
    leaking = [at for at, label in enumerate(told[0]) if label.startswith("Technical Categor")]
    assert len(leaking) == 5
    for row in told[1:]:
        for at in leaking:
            row[at] = ""
    blank = tmp_path / "blank.csv"
    with blank.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(told)
    one, two = (classifier._read(each, known) for each in (path, blank))
    assert one[0] == two[0] and np.array_equal(one[1], two[1])


def test_a_file_without_categories_is_refused(known: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("DWPI Title\nx\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="columns of categories"):
        classifier.evaluate(path, known)


@pytest.mark.slow
def test_bars_are_met_on_the_whole_file(known: Settings) -> None:
    task = accuracy.task("classifier")
    answer = accuracy.run(task, task.path(known), known, accuracy.load_bars(Path("docs/accuracy.yaml")))
    assert len(answer["bars"]) == 2 and all(bar["met"] for bar in answer["bars"])
    assert answer["micro"] > answer["bag_of_words"]["micro"] and answer["macro"] > answer["bag_of_words"]["macro"]

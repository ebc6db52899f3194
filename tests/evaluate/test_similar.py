"""Similar documents: figures counted by hand, weights chosen on one half alone, and the real files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pingjiang.config import Settings
from pingjiang.evaluate import similar, similar_titles
from pingjiang.evaluate.similar import Query
from pingjiang.evaluate.task import Task, figure_at
from pingjiang.search.similar.method import Fusing
from pingjiang.search.similar.ranking import Ranked

FUSING = Fusing(1000, 10, {"terms": 1, "vectors": 1, "symbols": 1})
ALONE = np.arange(40)


def listed(*ordinals: int) -> Ranked:
    return Ranked(np.array(ordinals, dtype=np.int64), np.ones(len(ordinals)))


def query(name: str, cited: set[int], **lists: Ranked) -> Query:
    return Query(name, len(name), frozenset(cited), lists)


def test_figures_are_counted() -> None:
    one = query("A", {3, 30}, terms=listed(*range(40)))
    assert one.figures(one.lists["terms"], ALONE) == (0.5, 1.0, 0.25)
    assert one.figures(listed(7), ALONE) == (0.0, 0.0, 0.0)


def test_a_family_is_found_by_any_of_its_publications_and_listed_once() -> None:
    families = np.array([0, 0, 0, 1, 1, 2])
    one = query("A", {4, 5}, terms=listed(0, 1, 2, 3, 5)).by_family(families)
    assert one.cited == {1, 2}
    assert one.lists["terms"].ordinals.tolist() == [0, 3, 5]
    assert one.figures(one.lists["terms"], families) == (1.0, 1.0, 0.5)


def test_the_method_that_is_right_gets_the_weight_and_the_other_half_is_not_asked() -> None:
    wrong, right = listed(*range(20, 40)), listed(*range(20))
    names = [f"CN{number}A" for number in range(60)]
    queries = [
        query(name, {0, 5, 9}, symbols=right if not query(name, set()).held_out else wrong,
              terms=wrong if not query(name, set()).held_out else right)
        for name in names
    ]  # fmt: skip
    tuning = [one for one in queries if not one.held_out]
    assert 10 < len(tuning) < 50
    best, recall = similar.chosen(tuning, FUSING, ALONE)
    assert recall == 1.0
    assert best.weights["symbols"] > 1
    told = similar.measured(queries, best, ALONE)
    assert told["tuning"]["best"]["symbols"] > 1
    assert told["held_out"]["terms"]["recall_10"] == 1.0
    assert told["held_out"]["fused"]["recall_10"] < 1.0
    assert told["held_out"]["vectors"]["recall_10"] == 0.0  # no list of it: it finds nothing
    assert told["held_out"]["terms"]["n"] == len(names) - len(tuning)
    for line in similar.TASKS[0].lines:
        figure_at(told, line.figure)  # raises where a line of the page has no figure
        if line.baseline is not None:
            figure_at(told, line.baseline)


def test_titles_are_scored() -> None:
    told = similar_titles.scored(
        [listed(4, 1), listed(2), listed()], [frozenset({1, 9}), frozenset({2}), frozenset({3})]
    )
    assert (told["top_1"], told["recall_10"], told["mrr"]) == (1 / 3, 2 / 3, 0.5)


@pytest.mark.slow
def test_what_real_publications_cite_is_found(samples: Path) -> None:
    settings = replace(Settings.from_environment({}), samples=samples, memory_limit="3GB")
    [task] = similar.TASKS
    told = task.evaluate(task.path(settings), settings)
    assert told["queries"] > 1400
    assert told["all"]["ratio"]["recall_10"] >= 1.7
    assert told["held_out"]["fused"]["recall_10"] > told["held_out"]["symbols"]["recall_10"]
    assert told["tuning"]["best"] == told["tuning"]["shipped"]


@pytest.mark.slow
@pytest.mark.parametrize("task", similar_titles.TASKS, ids=lambda task: task.name)
def test_chinese_titles_find_english_ones(samples: Path, task: Task) -> None:
    settings = replace(Settings.from_environment({}), samples=samples)
    told = task.evaluate(task.path(settings), settings)
    assert told["vectors"]["top_1"] >= 0.7
    assert told["terms"]["top_1"] < 0.1

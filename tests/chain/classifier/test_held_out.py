"""Thresholds and what is told of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.chain.classifier.held_out import at_threshold, best_threshold, counted, figures, steps
from pingjiang.intervals import wilson

Cases = st.lists(st.tuples(st.integers(-20, 20), st.booleans()), min_size=1, max_size=60)


@given(Cases)
def test_no_other_threshold_is_better(cases: list[tuple[int, bool]]) -> None:
    scores, told = np.array([score / 10 for score, _ in cases]), np.array([held for _, held in cases])
    found = best_threshold(scores, told)
    if not told.any():
        assert found == math.inf
        return

    def f1(threshold: float) -> float:
        taken = scores >= threshold
        return float((2 * (taken & told).sum() + 5) / (taken.sum() + told.sum() + 10))

    assert all(f1(found) >= f1(other) - 1e-12 for other in set(scores))


@given(Cases)
def test_figures_count_every_label(cases: list[tuple[int, bool]]) -> None:
    scores = {str(at): score / 10 for at, (score, _) in enumerate(cases)}
    told = {str(at): held for at, (_, held) in enumerate(cases)}
    found = figures(scores, told)
    assert (found["labels"], found["yes"], found["held_out"]["n"]) == (len(cases), sum(told.values()), len(cases))
    rows = steps(scores, told, list(scores.values()))
    assert [row["threshold"] for row in rows] == sorted({row["threshold"] for row in rows}, reverse=True)
    documents = [row["documents"] for row in rows]
    assert documents == sorted(documents)  # a lower threshold takes no fewer
    assert documents[-1] == len(cases) and rows[-1]["recall"] in (1.0, None)


def test_a_threshold_that_looks_at_the_document_would_look_better() -> None:
    """Noise has no skill: figures of thresholds chosen without the document do not pretend any."""
    drawn = np.random.default_rng(5)
    scores = {str(at): float(score) for at, score in enumerate(drawn.normal(size=400))}
    told = {each: bool(held) for each, held in zip(scores, drawn.random(400) < 0.1, strict=True)}
    found = figures(scores, told)
    precision, interval = found["held_out"]["precision"], found["held_out"]["intervals"]["precision"]
    assert precision is not None and interval[0] <= 0.1 + 0.05 and precision < 0.3


def test_undefined_figures_are_none() -> None:
    assert counted(0, 0, 0, 5) == {
        "precision": None, "recall": None, "f1": None, "n": 5, "intervals": {"precision": None, "recall": None},
    }  # fmt: skip


def test_counts_at_a_threshold() -> None:
    found = at_threshold({"a": 0.9, "b": 0.5, "c": 0.1}, {"a": True, "b": False, "c": True}, np.array([0.9, 0.5]), 0.5)
    assert (found["documents"], found["precision"], found["recall"]) == (2, 0.5, 0.5)
    assert found["intervals"]["precision"] == pytest.approx(wilson(1, 2))

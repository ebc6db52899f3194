"""Cohen's kappa beside published figures, scikit-learn's, and drawing anew."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from pingjiang.judging.agreement import cohen


def coded(table: list[list[int]]) -> tuple[list[str], list[str]]:
    """Two codings that give this table of counts."""
    pairs = [
        (str(row), str(column)) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)
    ]
    return [a for a, _ in pairs], [b for _, b in pairs]


def test_published_figures() -> None:
    # Fleiss, Cohen and Everitt (1969), table 1: 200 cases, three categories, kappa .429.
    fleiss = cohen(*coded([[106, 10, 4], [22, 28, 10], [2, 12, 6]]))
    assert fleiss.n == 200 and fleiss.agreed == pytest.approx(0.70) and fleiss.expected == pytest.approx(0.475)
    assert fleiss.kappa == pytest.approx(0.429, abs=5e-4)
    # The textbook grant panel: 20 and 15 agreed of 50, kappa .4.
    assert cohen(*coded([[20, 5], [10, 15]])).kappa == pytest.approx(0.4)


def test_the_interval_is_that_of_drawing_anew() -> None:
    one, two = coded([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    found = cohen(one, two)
    drawn = random.Random(1969)
    kappas = []
    for _ in range(2000):
        places = drawn.choices(range(len(one)), k=len(one))
        kappas.append(cohen([one[at] for at in places], [two[at] for at in places]).kappa or 0.0)
    assert found.interval is not None
    assert (found.interval[1] - found.interval[0]) / 2 / 1.96 == pytest.approx(statistics.stdev(kappas), rel=0.05)


@given(st.lists(st.tuples(st.sampled_from(["yes", "no", "unsure"]), st.sampled_from(["yes", "no", "unsure"]))))
def test_as_scikit_learn_says(pairs: list[tuple[str, str]]) -> None:
    one, two = [a for a, _ in pairs], [b for _, b in pairs]
    found = cohen(one, two)
    if len(set(one) | set(two)) < 2:
        assert found.kappa is None and found.interval is None
        return
    assert found.kappa is not None
    assert found.kappa == pytest.approx(cohen_kappa_score(one, two))
    assert found.interval is not None and -1 <= found.interval[0] <= found.kappa <= found.interval[1] <= 1
    assert cohen(two, one).kappa == pytest.approx(found.kappa)

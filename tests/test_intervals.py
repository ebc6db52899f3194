"""Intervals against published values and their own definitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.intervals import bootstrap, wilson, wilson_f1


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(successes: int, trials: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_there_is_no_interval() -> None:
    assert wilson(0, 0) is None
    assert wilson_f1(0, 0, 0) is None
    assert bootstrap([(1.0,)], [lambda sums: sums[0]]) == [None]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_f1_lies_in_its_interval(both: int, more_predicted: int, more_actual: int) -> None:
    predicted, actual = both + more_predicted, both + more_actual
    interval = wilson_f1(both, predicted, actual)
    if interval is not None:
        assert interval[0] - 1e-9 <= 2 * both / (predicted + actual) <= interval[1] + 1e-9


def test_the_bootstrap_of_a_mean_is_about_the_normal_one() -> None:
    """400 parts of 0 and 1 by halves: the mean's standard error is 0.025."""
    parts = [(float(n % 2), 1.0) for n in range(400)]
    (interval,) = bootstrap(parts, [lambda sums: sums[0] / sums[1]])
    assert interval is not None
    assert interval == pytest.approx((0.451, 0.549), abs=0.012)

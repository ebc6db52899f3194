"""Metrics over clusters against two oracles: pair by pair on small random data, and published values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.evaluate.pairs import Score, score, score_verdicts

COLUMNS = {"cluster": "VARCHAR", "label": "VARCHAR", "weight": "BIGINT"}
Item = tuple[str, str | None, int]


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(threads=1)


def scored(session: Session, items: Sequence[Item]) -> Score:
    with session.scratch():
        return score(session.from_rows(COLUMNS, items))


def by_hand(items: Sequence[Item]) -> tuple[int, int, int, float, float]:
    """The sums of `pairs` by looking at every pair of mentions, and B³ mention by mention."""
    mentions = [(cluster, label) for cluster, label, weight in items for _ in range(weight)]
    both = predicted = actual = 0
    for (a, x), (b, y) in itertools.combinations(mentions, 2):
        if x is None and y is None:
            continue
        same = x == y
        actual += same
        predicted += a == b
        both += same and a == b
    labelled = [(cluster, label) for cluster, label in mentions if label is not None]
    b_precision = b_recall = 0.0
    for a, x in labelled:
        together = [y for b, y in mentions if b == a]
        of_label = [b for b, y in mentions if y == x]
        b_precision += together.count(x) / len(together)
        b_recall += of_label.count(a) / len(of_label)
    count = len(labelled) or 1
    return both, predicted, actual, b_precision / count, b_recall / count


ITEMS = st.lists(
    st.tuples(st.sampled_from("pqrs"), st.sampled_from(["x", "y", "z", None]), st.integers(1, 4)), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(items=ITEMS)
def test_the_sums_are_those_of_looking_at_every_pair(session: Session, items: list[Item]) -> None:
    got, (both, predicted, actual, b_precision, b_recall) = scored(session, items), by_hand(items)
    assert (got.both, got.predicted, got.actual) == pytest.approx((both, predicted, actual))
    assert got.precision == (pytest.approx(both / predicted) if predicted else None)
    assert got.recall == (pytest.approx(both / actual) if actual else None)
    if got.weight:
        assert (got.b_precision, got.b_recall) == pytest.approx((b_precision, b_recall))
    else:
        assert (got.b_precision, got.b_recall) == (None, None)


@settings(max_examples=50, deadline=None)
@given(items=ITEMS, half=st.sets(st.sampled_from("xyz")))
def test_labels_left_out_are_strangers(session: Session, items: list[Item], half: set[str]) -> None:
    """Scoring some labels alone is scoring with the others blanked."""
    some = [(cluster, label if label in half else None, weight) for cluster, label, weight in items]
    assert scored(session, some).both == pytest.approx(by_hand(some)[0])


def test_a_published_vector(session: Session) -> None:
    """Amigó et al. 2009, and Manning, Raghavan, Schütze 2008, fig. 16.4: 17 points in three clusters.

    There TP = 20, FP = 20, FN = 24: P = 0.5, R = 0.455 (their table 16.2, F1 0.48).
    """
    items: list[Item] = [
        ("1", "x", 5), ("1", "o", 1),
        ("2", "x", 1), ("2", "o", 4), ("2", "d", 1),
        ("3", "x", 2), ("3", "d", 3),
    ]  # fmt: skip
    got = scored(session, items)
    assert (got.both, got.predicted, got.actual) == (20, 40, 44)
    assert got.precision == 0.5
    assert got.recall == pytest.approx(0.455, abs=5e-4)
    assert got.f1 == pytest.approx(0.476, abs=5e-4)


def test_strangers_count_only_with_labelled_items(session: Session) -> None:
    got = scored(session, [("p", "x", 2), ("p", None, 3), ("q", None, 5)])
    assert (got.both, got.predicted, got.actual) == (1, 1 + 6, 1)


def test_the_same_items_give_the_same_intervals(session: Session) -> None:
    items: list[Item] = [("p", "x", 3), ("p", "y", 2), ("q", "y", 4), ("r", "z", 2), ("q", None, 1)]
    first, second = scored(session, items), scored(session, list(reversed(items)))
    assert first == second
    for name in ("precision", "recall", "f1"):
        interval = first.intervals[name]
        assert interval is not None
        assert interval[0] <= getattr(first, name) <= interval[1]


def test_nothing_is_not_zero(session: Session) -> None:
    got = scored(session, [])
    assert (got.precision, got.recall, got.f1, got.b_precision) == (None, None, None, None)
    assert score_verdicts([]).precision is None


def test_verdicts_of_single_pairs() -> None:
    got = score_verdicts([(True, True)] * 8 + [(True, False)] * 2 + [(False, True)] * 8 + [(False, False)] * 5)
    assert (got.precision, got.recall) == (0.8, 0.5)
    assert got.f1 == pytest.approx(2 * 0.8 * 0.5 / 1.3)

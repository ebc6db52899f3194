"""Orders and their fusion beside a plain sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.search.similar.method import METHODS, Fusing
from pingjiang.search.similar.ranking import Ranked, fused, ranked

FUSING = Fusing(10, 60, {"terms": 1, "vectors": 1, "symbols": 3})
_scores = st.lists(st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0]), max_size=12)


@given(_scores, st.data(), st.integers(1, 13))
def test_the_first_are_those_of_a_sort(scores: list[float], data: st.DataObject, depth: int) -> None:
    allowed = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    found = ranked(np.array(scores), np.array(allowed, dtype=np.bool_), depth)
    wanted = sorted(
        (at for at, score in enumerate(scores) if score > 0 and allowed[at]), key=lambda at: (-scores[at], at)
    )
    assert found.ordinals.tolist() == wanted[:depth]
    assert found.scores.tolist() == [scores[at] for at in wanted[:depth]]


_order = st.lists(st.integers(0, 15), unique=True, max_size=10)
_orders = st.dictionaries(st.sampled_from(METHODS), _order)


def lists(orders: dict[str, list[int]]) -> dict[str, Ranked]:
    return {name: Ranked(np.array(order, dtype=np.int64), np.ones(len(order))) for name, order in orders.items()}


@given(_orders)
def test_fusion_is_the_sum_of_reciprocal_ranks(orders: dict[str, list[int]]) -> None:
    found = fused(lists(orders), FUSING)
    wanted: dict[int, float] = {}
    for name, order in orders.items():
        for rank, ordinal in enumerate(order, start=1):
            wanted[ordinal] = wanted.get(ordinal, 0.0) + FUSING.weights[name] / (60 + rank)
    assert np.allclose(found.scores, [wanted[at] for at in found.ordinals.tolist()])
    assert sorted(found.ordinals.tolist()) == sorted(wanted)
    keys = [(-score, at) for at, score in zip(found.ordinals.tolist(), found.scores.tolist(), strict=True)]
    assert keys == sorted(keys)
    alone = fused(lists(orders), FUSING, np.arange(16))
    assert (alone.ordinals == found.ordinals).all() and (alone.scores == found.scores).all()


@given(_orders, st.lists(st.integers(0, 4), min_size=16, max_size=16))
def test_families_are_listed_once_and_add_up(orders: dict[str, list[int]], families: list[int]) -> None:
    groups = np.array(families, dtype=np.int64)
    once = {name: one.one_each(groups) for name, one in lists(orders).items()}
    found = fused(once, FUSING, groups)
    wanted: dict[int, float] = {}
    best: dict[int, tuple[float, int]] = {}
    for name, order in orders.items():
        seen = list(dict.fromkeys(families[ordinal] for ordinal in order))
        for rank, family in enumerate(seen, start=1):
            adds = FUSING.weights[name] / (60 + rank)
            wanted[family] = wanted.get(family, 0.0) + adds
            first = next(ordinal for ordinal in order if families[ordinal] == family)
            best[family] = min(best.get(family, (0.0, 99)), (-adds, first))
    listed = groups[found.ordinals].tolist()
    assert sorted(listed) == sorted(wanted)
    assert np.allclose(found.scores, [wanted[family] for family in listed])
    assert found.ordinals.tolist() == [best[family][1] for family in listed]

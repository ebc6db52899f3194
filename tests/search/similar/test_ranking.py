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


@given(st.dictionaries(st.sampled_from(METHODS), _order))
def test_fusion_is_the_sum_of_reciprocal_ranks(orders: dict[str, list[int]]) -> None:
    lists = {name: Ranked(np.array(order, dtype=np.int64), np.ones(len(order))) for name, order in orders.items()}
    found = fused(lists, FUSING)
    wanted: dict[int, float] = {}
    for name in lists:
        for rank, ordinal in enumerate(orders[name], start=1):
            wanted[ordinal] = wanted.get(ordinal, 0.0) + FUSING.weights[name] / (60 + rank)
    assert found.ordinals.tolist() == sorted(wanted, key=lambda at: (-wanted[at], at))
    assert np.allclose(found.scores, [wanted[at] for at in found.ordinals.tolist()])

"""BM25 beside a plain count in Python, which knows nothing of files and SQL."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.search.similar import weights
from pingjiang.search.similar.weights import Weights, write_weights

BM25 = {"k1": 1.2, "b": 0.75}
_words = st.sampled_from(["电池", "电极", "a1", "zz", "池", "ab", "\U00020000"])


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=1, memory_limit="500MB") as made:
        yield made


def bm25(documents: list[Counter[str]], asked: set[str], at: int) -> float:
    """As the books have it, document by document; rarity among those that say anything."""
    telling = [one for one in documents if one]
    usual = sum(one.total() for one in telling) / max(1, len(telling))
    total = 0.0
    for term in asked:
        having = sum(term in one for one in telling)
        times = documents[at][term]
        if times:
            rarity = math.log(1 + (len(telling) - having + 0.5) / (having + 0.5))
            length = documents[at].total() / usual
            total += rarity * times * 2.2 / (times + 1.2 * (1 - 0.75 + 0.75 * length))
    return total


def written(session: Session, documents: list[Counter[str]], folder: Path) -> Weights:
    rows = [(at, term, times) for at, one in enumerate(documents) for term, times in one.items()]
    kinds = (pa.int64(), pa.string(), pa.int64())
    table = pa.table({
        name: pa.array([row[at] for row in rows], kinds[at]) for at, name in enumerate(("ordinal", "feature", "times"))
    })  # fmt: skip
    with session.scratch():
        write_weights(session, session.from_arrow(table), len(documents), BM25, folder / "terms")
    return Weights(folder / "terms")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_words, max_size=6), max_size=8), st.sets(_words, max_size=4), st.integers(1, 5))
def test_scores_are_those_of_the_formula(
    session: Session, texts: list[list[str]], asked: set[str], at_once: int
) -> None:
    documents = [Counter(text) for text in texts]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(weights, "_AT_ONCE", at_once)  # written in many parts
        made = written(session, documents, Path(folder))
        numbers = made.numbers(asked)
        assert numbers.keys() == {term for term in asked if any(term in one for one in documents)}
        assert all(made.name(number) == term for term, number in numbers.items())
        scores = made.scores(numbers.values())
        expected = [bm25(documents, asked, at) for at in range(len(documents))]
        assert np.allclose(scores, expected, rtol=1e-5, atol=1e-7)
        for at, one in enumerate(documents):
            assert {made.name(number) for number in made.of(at)} == set(one)

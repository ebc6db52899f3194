"""What is learnt: the same whatever the order, left out exactly, unknown where nothing is known."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from pingjiang.chain.classifier import learning
from pingjiang.chain.classifier.features import Document
from pingjiang.chain.classifier.learning import digest, learn, ridge
from pingjiang.errors import DefinitionError
from tests.chain.classifier.made import made


@given(st.integers(12, 25), st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_ridge_and_what_is_left_out_are_those_of_scikit_learn(count: int, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    rows, told = drawn.normal(size=(count, 6)), drawn.integers(0, 2, size=(count, 2)).astype(float)
    alpha, constant, without = ridge(rows @ rows.T, told)
    whole = Ridge(alpha=1.0).fit(rows, told)
    assert np.allclose((rows.T @ alpha).T, whole.coef_) and np.allclose(constant, whole.intercept_)
    for at in range(0, count, 5):  # learnt anew without it
        rest = np.arange(count) != at
        assert np.allclose(Ridge(alpha=1.0).fit(rows[rest], told[rest]).predict(rows[[at]])[0], without[at])


def test_the_order_of_rows_plays_no_part() -> None:
    documents, labels = made(80)
    one = learn(documents, {"solid": labels})
    mixed, told = list(documents), list(labels.items())
    random.Random(1).shuffle(mixed)
    random.Random(2).shuffle(told)
    two = learn(mixed, {"solid": dict(told)})
    assert digest({"solid": labels}) == digest({"solid": dict(told)})
    assert one.model.parts[0].terms == two.model.parts[0].terms
    assert np.array_equal(one.model.weights, two.model.weights) and one.left_out == two.left_out
    assert np.array_equal(one.model.scores(documents), two.model.scores(documents))


def test_it_learns_and_says_by_which_terms() -> None:
    documents, labels = made(120)
    model = learn(documents[:80], {"solid": {each.id: labels[each.id] for each in documents[:80]}}).model
    scores = model.scores(documents[80:])[:, 0]
    truth = np.array([labels[each.id] for each in documents[80:]])
    assert scores[truth].mean() > scores[~truth].mean() + 0.4
    told = Document("new", "固态电解质", ("H01M10/0562",))
    assert {term for term, _ in model.reasons(told, "solid")} <= {
        "固态", "态电", "电解", "解质", "H01", "H01M", "H01M10", "H01M10/0562",
    }  # fmt: skip
    added = sum(by for _, by in model.reasons(told, "solid", most=100)) + model.constant[0]
    assert added == pytest.approx(model.scores([told])[0, 0], abs=1e-5)


def test_nothing_is_known_of_a_document_without_a_known_term() -> None:
    documents, labels = made(40)
    model = learn(documents, {"solid": labels}).model
    assert np.isnan(model.scores([Document("new", "шахматы"), Document("empty")])).all()


def test_tags_labelled_on_different_documents_do_not_touch_each_other() -> None:
    documents, labels = made(60)
    some = {each.id: labels[each.id] for each in documents[:30]}
    alone = learn(documents[:30], {"a": some})
    beside = learn(documents, {"a": some, "b": {each: not held for each, held in labels.items()}})
    assert set(beside.left_out["a"]) == set(alone.left_out["a"]) and len(beside.left_out["b"]) == 60


@pytest.mark.parametrize(("count", "yes"), [(9, 4), (30, 1), (30, 29), (0, 0)])
def test_too_few_labels_are_refused(count: int, yes: int) -> None:
    documents = [Document(str(at), "电池") for at in range(count)]
    with pytest.raises(DefinitionError, match="是 "):
        learn(documents, {"solid": {each.id: at < yes for at, each in enumerate(documents)}})


def test_ten_labels_are_enough() -> None:
    documents, labels = made(10, seed=3)
    assert sum(labels.values()) >= learning.LEAST_EACH
    assert learn(documents, {"solid": labels}).model.tags == ("solid",)


def test_documents_without_texts_and_symbols_are_refused() -> None:
    documents = [Document(str(at)) for at in range(12)]
    with pytest.raises(DefinitionError, match="neither texts nor symbols"):
        learn(documents, {"solid": {each.id: at < 6 for at, each in enumerate(documents)}})

"""The classifier as it is measured: both sides score all documents, and what they find is held against the truth."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from benchmarks.generate.documents import documents
from benchmarks.measuring import Rounds

from benchmarks import classifying, store


def test_documents_are_the_same_for_a_seed() -> None:
    assert documents(30) == documents(30) != documents(30, seed=8)


@pytest.mark.slow
def test_both_sides_score_all_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ensure", partial(store.ensure, bench=tmp_path))
    monkeypatch.setattr(classifying, "DOCUMENTS", 500)
    told = classifying.classifier(Rounds(1, 1), lambda _text: None)
    assert {answer["scored"] for answer in told["answers"].values()} == {500}
    assert told["answers"]["ours"]["precision"] > 0.8 and told["answers"]["ours"]["recall"] > 0.5
    [against, seconds, *accuracy] = told["ratios"]
    assert (against["of"], against["against"]) == ("ours", "bag_of_words")
    assert (seconds["goal"], len(accuracy)) == ("≤ 10", 4)

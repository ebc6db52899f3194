"""Models beside a lake: read back as they were written, whole or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pingjiang.chain.classifier import kept
from pingjiang.chain.classifier.held_out import figures
from pingjiang.chain.classifier.kept import Kept
from pingjiang.chain.classifier.learning import digest, learn
from pingjiang.errors import DefinitionError, LakeCorrupt
from tests.chain.classifier.made import made


def trained(name: str = "battery", count: int = 40) -> Kept:
    documents, labels = made(count)
    learnt = learn(documents, {"solid": labels})
    return Kept(
        name, "R2026.11-1", digest({"solid": labels}), learnt.model,
        {"solid": figures(learnt.left_out["solid"], labels)},
        {"solid": {each: (score, labels[each]) for each, score in learnt.left_out["solid"].items()}},
    )  # fmt: skip


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    told = trained()
    first = kept.write(tmp_path, told)
    again = kept.read(tmp_path, "battery")
    documents, _ = made(60, seed=9)
    assert np.array_equal(again.model.scores(documents), told.model.scores(documents))
    assert again.left_out == told.left_out
    assert again.figures["solid"]["threshold"] == told.figures["solid"]["threshold"]
    assert again.sha256 == first.sha256 == kept.write(tmp_path, trained()).sha256  # the same labels, the same bytes
    assert [path.name for path in (tmp_path / "classifiers").iterdir()] == ["battery.json"]


def test_a_threshold_that_people_set_holds(tmp_path: Path) -> None:
    told = trained()
    assert told.threshold("solid") == told.figures["solid"]["threshold"]
    kept.write(tmp_path, kept.with_chosen(told, {"solid": {"value": 0.75, "who": "张伟", "why": None}}))
    assert kept.read(tmp_path, "battery").threshold("solid") == 0.75


def test_a_damaged_or_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="tag train battery"):
        kept.read(tmp_path, "battery")
    kept.write(tmp_path, trained())
    path = tmp_path / "classifiers" / "battery.json"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(LakeCorrupt, match="tag train"):
        kept.read(tmp_path, "battery")
    bad = trained()
    kept.write(tmp_path, replace(bad, model=replace(bad.model, weights=bad.model.weights[:, 1:])))
    with pytest.raises(LakeCorrupt):
        kept.read(tmp_path, "battery")


def test_rules_find_their_models(tmp_path: Path) -> None:
    kept.write(tmp_path, trained())
    assert set(kept.models_of(tmp_path, ["battery/solid"])) == {"battery"}
    with pytest.raises(DefinitionError, match="has not learnt 'liquid'"):
        kept.models_of(tmp_path, ["battery/liquid"])

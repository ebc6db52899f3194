"""Vectors: one a distinct text, without the mean of their kind; what is not known has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pingjiang.engine import Session
from pingjiang.search.similar import vectors
from pingjiang.search.similar.vectors import VectorIndex, centred, centres, whole_numbers, write_vectors

from .made import HashedTerms


def write(folder: Path, texts: list[tuple[int, str]], documents: int) -> VectorIndex:
    with Session(threads=1, memory_limit="500MB") as session:
        table = session.from_rows({"ordinal": "BIGINT", "text": "VARCHAR"}, texts)
        write_vectors(
            session, table, documents, HashedTerms(), folder / "vectors", threads=1, prior=2.0,
            progress=lambda _what, _done, _total: None,
        )  # fmt: skip
    return VectorIndex(folder / "vectors")


TEXTS = [(0, "lithium battery"), (1, "锂离子电池的隔膜"), (3, "lithium battery"), (4, "wafer cleaning"), (5, "…")]


def test_equal_texts_are_one_vector_and_no_text_is_none(tmp_path: Path) -> None:
    index = write(tmp_path, TEXTS, 6)
    first, same = index.of(0), index.of(3)
    assert first is not None and same is not None
    assert (first == same).all()
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-3)
    assert index.of(2) is None and index.of(5) is None
    scores = index.scores(first)
    assert scores[0] == scores[3] == pytest.approx(1, abs=1e-3)
    assert scores[2] == scores[5] == 0
    assert not (tmp_path / "vectors" / "raw.npy").exists()


def test_portions_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole = write(tmp_path / "a", TEXTS, 6)
    monkeypatch.setattr(vectors, "PORTION", 2)
    parts = write(tmp_path / "b", TEXTS[::-1], 6)
    for name in ("rows", "scales", "row_of", "means"):
        one, other = (tmp_path / folder / "vectors" / f"{name}.npy" for folder in "ab")
        assert one.read_bytes() == other.read_bytes()
    mine = whole.of(1)
    assert mine is not None
    assert (whole.scores(mine) == parts.scores(mine)).all()


def test_whole_numbers_keep_cosines() -> None:
    draw = np.random.default_rng(2)
    rows = draw.standard_normal((60, 512), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[3] = 0
    numbers, scales = whole_numbers(rows)
    back = numbers * scales[:, None]
    assert np.allclose(back @ back.T, rows @ rows.T, atol=0.01)
    assert not back[3].any()


def test_what_a_language_has_in_common_is_taken_away() -> None:
    draw = np.random.default_rng(1)
    chinese = np.arange(400) < 200
    apart = np.where(chinese[:, None], np.eye(8)[0], np.eye(8)[1])
    found = draw.standard_normal((400, 8)) / 4 + apart
    found = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    found[7] = 0
    made = centred(found, chinese, centres(found, chinese, 1))
    between = (found[chinese] @ found[~chinese].T).mean(), (made[chinese] @ made[~chinese].T).mean()
    within = (made[chinese] @ made[chinese].T).mean()
    assert abs(between[1] - within) < 0.03
    assert not made[7].any()
    few = centres(found[:1], chinese[:1], 100)
    assert np.linalg.norm(few[0]) < 0.02  # one text tells nothing of its language

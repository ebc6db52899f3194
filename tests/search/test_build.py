"""The making of an index: portions leave no trace, the same tables tell the same, what is empty can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pingjiang.engine import Session
from pingjiang.query import parse
from pingjiang.search import build as building
from pingjiang.search import runs
from pingjiang.search.build import build
from pingjiang.search.opened import Index
from tests.query import made

QUERIES = (
    "电池",
    "NOT 电池",
    "TI=(电池 3W 隔膜)",
    "IPC=H01M2-H01M10",
    "PA=丰田 OR PA=Toyota*",
    "NODE=材料",
    "LS=*",
    "APD>=2018",
)


def index_of(folder: Path, rows: made.Rows) -> tuple[Index, Mapping[str, Any]]:
    folder.mkdir()
    steps: list[tuple[str, int, int]] = []
    with Session(memory_limit="500MB", threads=1) as session:
        told = build(session, made.tables(session, rows), folder, lambda *step: steps.append(step))
    assert steps[-1][1:] == (told["publications"], told["publications"])
    return Index(folder, {"release": "R2026.11-1", **told}), told


def told(index: Index) -> list[Any]:
    """All that is told of some queries."""
    found = [index.ask(parse(query)) for query in QUERIES]
    return [(index.shown(each), index.said("TI", each), index.facets.counted(each)) for each in found]


def test_portions_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = index_of(tmp_path / "whole", made.rows())
    wanted = told(whole)
    again, _ = index_of(tmp_path / "again", made.rows())
    assert told(again) == wanted
    assert building.PORTION % building.ROWS == 0  # a batch of a portion's last rows is the last of all
    monkeypatch.setattr(building, "PORTION", 3)
    monkeypatch.setattr(building, "ROWS", 3)
    portions, _ = index_of(tmp_path / "portions", made.rows())
    assert told(portions) == wanted
    for name in ("symbols.json", "facets/node.values.npy", "facets/organisation.json"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "portions" / name).read_bytes()


def test_a_release_without_publications_is_asked_too(tmp_path: Path) -> None:
    index, about = index_of(tmp_path / "empty", {name: [] for name in made.rows()})
    assert about["publications"] == 0
    for query in QUERIES:
        assert len(index.ask(parse(query))) == 0
        assert index.first(index.query(parse(query)), 20)[0] == 0


def test_the_sample_is_spread_over_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that every second publication holds are found in a sample of some ten."""
    rows = {name: list(found) for name, found in made.rows().items()}
    paper = rows["publication"][0]
    rows["publication"] = [
        {
            **paper,
            "publication_id": f"CN{number}A",
            "title_zh": "锂电池组的隔膜" if number % 2 else "别的",
            "title": None,
        }
        for number in range(100)
    ]
    monkeypatch.setattr(runs, "SAMPLE", 10)
    monkeypatch.setattr(runs, "COMMON", 30)
    monkeypatch.setattr(runs, "LEAST", 2)
    index, _ = index_of(tmp_path / "index", rows)
    assert index.frequency("c_TI", "电<池<组<的") == index.frequency("c_TI", "锂<电<池") == 50
    assert index.frequency("c_TI", "电<池") == 0  # a pair already
    assert len(index.ask(parse("TI=电池组"))) == len(index.ask(parse("TI=池组的隔膜"))) == 50

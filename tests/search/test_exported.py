"""Exports: every publication that was found, in a file that is whole or not there."""

from __future__ import annotations

import csv
from pathlib import Path

import fastexcel
import orjson
import pytest

from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError
from pingjiang.search import find
from pingjiang.search.exported import export
from tests.search.conftest import SETTINGS


def test_tables_hold_all(kept_lake: Lake, tmp_path: Path) -> None:
    found = find(kept_lake, "芯片", settings=SETTINGS)
    ids = {hit["publication_id"] for hit in found.hits(None)}
    export(found, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))[1:]
    assert {row[0] for row in rows} == ids and len(rows) == 24
    assert not any(cell.startswith("=") for row in rows for cell in row)
    export(found, tmp_path / "all.xlsx")
    book = fastexcel.read_excel(tmp_path / "all.xlsx")
    assert set(book.load_sheet("hits").to_arrow().column(0).to_pylist()) == ids
    about = dict(zip(*(book.load_sheet("query").to_arrow().column(at).to_pylist() for at in (0, 1)), strict=True))
    assert about["命中 total"] == "24" and about["索引版本 index of"] == kept_lake.require_current().id


def test_lines_of_json_are_the_hits(kept_lake: Lake, tmp_path: Path) -> None:
    found = find(kept_lake, "标题=电池", settings=SETTINGS)
    assert export(found, tmp_path / "all.jsonl") == {"file": str(tmp_path / "all.jsonl"), "rows": 8, "cut": 0}
    lines = [orjson.loads(line) for line in (tmp_path / "all.jsonl").read_bytes().splitlines()]
    assert lines == [orjson.loads(orjson.dumps(hit)) for hit in found.hits(None)]
    assert lines[0]["why"][0]["places"]


def test_refusals_leave_nothing(kept_lake: Lake, tmp_path: Path) -> None:
    found = find(kept_lake, "电池", settings=SETTINGS)
    with pytest.raises(DefinitionError, match=r"\.xlsx"):
        export(found, tmp_path / "all.pdf")
    (tmp_path / "kept.csv").write_text("mine")
    with pytest.raises(DefinitionError, match="not replaced"):
        export(found, tmp_path / "kept.csv")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept.csv", "mine")]
    export(found, tmp_path / "kept.csv", overwrite=True)
    assert "CN110000000A" in (tmp_path / "kept.csv").read_text(encoding="utf-8-sig")

"""Opening files by their content: encodings, delimiters, title rows, workbooks, refusals."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.errors import InputRefused
from pingjiang.files import RawTable, open_tables

HEADER = ["公开号", "标题", "申请日"]


def known(cells: object) -> int:
    return sum(cell in HEADER for cell in cells)  # type: ignore[attr-defined]


def rows(table: RawTable) -> list[tuple[int, list[str | None]]]:
    found: list[tuple[int, list[str | None]]] = []
    for batch in table.batches():
        cells = [batch.data[name].to_pylist() for name in batch.data.column_names]
        found += list(zip(batch.row_numbers.to_pylist(), map(list, zip(*cells, strict=True)), strict=True))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_rows(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([HEADER, ["CN1A", "一种电池隔膜及其制备方法", "2020-01-02"], ["CN2A", "两行\n标题", ""]])
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    [table] = open_tables(path, known_headers=known)
    assert list(table.header) == HEADER
    assert rows(table) == [(2, ["CN1A", "一种电池隔膜及其制备方法", "2020-01-02"]), (3, ["CN2A", "两行\n标题", None])]


CELL = st.text(alphabet='ab电池 ",\n', max_size=6)


@given(cells=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_cells_are_those_of_the_csv_module(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    cells = [["x" + str(at), *row[1:]] for at, row in enumerate(cells)]
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADER, *cells])
    [table] = open_tables(path, known_headers=known)
    assert [row for _, row in rows(table)] == [[cell.strip() or None for cell in row] for row in cells]


def test_title_rows_stand_above_and_gzip_is_seen_through(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(("检索结果\n\n" + ",".join(HEADER) + "\nCN1A,题,2020\n").encode()))
    [table] = open_tables(path, known_headers=known)
    assert list(table.header) == HEADER
    assert [row for _, row in rows(table)] == [["CN1A", "题", "2020"]]


def test_cells_of_a_workbook_are_what_a_person_reads(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([None], HEADER, [201811107071, "2.01E+12", date(2020, 4, 16)], [], [8407913.0, "题", 43937]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    [table] = open_tables(tmp_path / "a.xlsx", known_headers=known)
    assert table.header_row == 2
    assert rows(table) == [(3, ["201811107071", "2.01E+12", "2020-04-16"]), (5, ["8407913", "题", "43937"])]


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"%PDF-1.7 x", b"\0" * 100, b"\x89PNG\r\n\x1a\n" + b"x" * 50])
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputRefused) as caught:
        open_tables(tmp_path / "a.csv", known_headers=known)
    assert caught.value.file == "a.csv"
    assert caught.value.remedy

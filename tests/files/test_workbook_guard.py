"""What is checked of an .xlsx before it is read."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.files import inflate, source, workbook_guard
from pingjiang.files.workbook_guard import check_workbook
from tests.files.made import HEADER, ROWS, SETTINGS, only, refused, rows, zip_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _relationship(kind: str, target: str) -> str:
    inner = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
    "_rels/.rels": _relationship("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _relationship("worksheet", "worksheets/sheet1.xml"),
}


def column_name(number: int) -> str:
    """'A' for 1, 'XFD' for 16,384."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = LETTERS[rest] + name
    return name


def cell(row: int, column: int, text: str = "x") -> str:
    return f'<c r="{column_name(column)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(sheet_rows: str) -> bytes:
    """An .xlsx of one sheet with these rows of XML below the made ones."""
    table = "".join(
        f'<row r="{at}">{"".join(cell(at, column, text) for column, text in enumerate(row, 1))}</row>'
        for at, row in enumerate([HEADER, *ROWS], 1)
    )
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{table}{sheet_rows}</sheetData></worksheet>'
    return zip_of({**PARTS, "xl/worksheets/sheet1.xml": sheet})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def test_a_sheet_within_reach_is_read(path: Path) -> None:
    far = f'<row r="900">{cell(900, 200)}</row>'
    assert rows(only(path, workbook(far)))[-1][0] == 900


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 16_384), (1_048_576, 200), (9_000, 16_384)])
def test_a_stray_cell_far_away_is_refused_with_its_place(path: Path, row: int, column: int) -> None:
    error = refused(path, workbook(f'<row r="{row}">{cell(row, column)}</row>'))
    assert error.row == row
    assert f"column {column}" in error.message
    assert "stray cells" in error.remedy
    assert "PINGJIANG_MAX_SHEET_CELLS" in error.remedy


PLACES = st.lists(st.tuples(st.integers(4, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=12)


@given(places=PLACES, piece=st.sampled_from([1, 7, 2**18]))
@settings(max_examples=60, deadline=None)
def test_the_reach_of_a_sheet_is_never_understated(places: list[tuple[int, int]], piece: int) -> None:
    columns: dict[int, set[int]] = {}
    for row, column in places:
        columns.setdefault(row, set()).add(column)
    xml = "".join(
        f'<row r="{row}">{"".join(cell(row, column) for column in sorted(columns[row]))}</row>'
        for row in sorted(columns)
    )
    most_rows, most_columns = max(row for row, _ in places), max(column for _, column in places)
    unlimited = replace(SETTINGS, max_sheet_cells=2**40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inflate, "_PIECE", piece)  # however the cuts between pieces fall
        extent = check_workbook(workbook(xml), "a.xlsx", unlimited)
    assert most_rows * most_columns <= extent.cells <= most_rows * max(most_columns, workbook_guard._NEAR_COLUMNS)


@pytest.mark.parametrize("delta", [-7, 7])
def test_a_part_of_another_size_than_the_list_says_is_refused(path: Path, delta: int) -> None:
    content = bytearray(workbook(""))
    at = content.index(b"PK\1\2")
    [size] = struct.unpack_from("<I", content, at + 24)
    struct.pack_into("<I", content, at + 24, size + delta)
    error = refused(path, bytes(content))
    assert re.search(r"Content_Types.*bytes, not \d", error.message)


def test_two_parts_of_one_name_are_refused(path: Path) -> None:
    doubled = zip_of({**PARTS, "_rels/.relx": "x"}).replace(b"_rels/.relx", b"_rels/.rels")
    assert "two parts" in refused(path, doubled).message


@pytest.mark.parametrize("setting", ["max_expanded_bytes", "max_expansion_ratio"])
def test_parts_that_grow_beyond_the_limits_are_refused(
    path: Path, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = workbook("<row/>" * 300_000)
    assert len(rows(only(path, content))) == 2
    monkeypatch.setattr(source, "_ALWAYS_ALLOWED", 2**20)
    limit = {"max_expanded_bytes": 2**20, "max_expansion_ratio": 100}[setting]
    assert f"PINGJIANG_{setting.upper()}" in refused(path, content, **{setting: limit}).remedy


def test_damaged_packed_data_are_refused(path: Path) -> None:
    content = workbook("")
    at = content.index(b"xl/worksheets/sheet1.xml") + 30
    assert "sheet1" in refused(path, content[:at] + b"\xff" * 8 + content[at + 8 :]).message

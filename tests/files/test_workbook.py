"""Workbooks, written by two libraries and by hand: sheets become tables of what people see."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.files.made import HEADER, ROWS, known, only, opened, refused, rows, xls_of, zip_of

Cells = dict[tuple[int, int], str | float]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def xlsx_of(**sheets: list[list[Any]]) -> bytes:
    """A workbook by openpyxl."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for at, row in enumerate(table, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(at, column).value = value
                    if isinstance(value, str):
                        sheet.cell(at, column).data_type = "s"  # also where it looks like a formula
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def written(fill: Callable[[Any], None], **options: object) -> bytes:
    """A workbook by xlsxwriter, which keeps texts in one list for all sheets."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as book:
        fill(book)
    return stream.getvalue()


def grid(table: list[list[str]]) -> Cells:
    return {(row, column): cell for row, cells in enumerate(table) for column, cell in enumerate(cells) if cell}


def test_each_sheet_with_rows_is_a_table_the_hidden_ones_too(path: Path) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx_of(一=[HEADER, ROWS[0]], 空=[], 只有表头=[HEADER], 藏=[HEADER, ROWS[1]]))
    )
    book["藏"].sheet_state = "hidden"
    book.create_chartsheet("图")
    book.save(path)
    tables = opened(path)
    assert [(table.file, table.sheet) for table in tables] == [("a.xlsx", "一"), ("a.xlsx", "藏")]
    assert [rows(table) for table in tables] == [[(2, ROWS[0])], [(2, ROWS[1])]]


SHEET_TEXT = st.text(alphabet="a电9=+-@ _xX0D\n\"'<>&;\u3000\U00020bb7,", max_size=8)


@given(table=st.lists(st.lists(SHEET_TEXT, min_size=3, max_size=3), min_size=1, max_size=15), packed=st.booleans())
@settings(max_examples=12, deadline=None)
def test_any_texts_come_back(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], packed: bool) -> None:
    path = tmp_path_factory.mktemp("texts") / "a"
    table = [["x" + first, *rest] for first, *rest in table]
    content = xlsx_of(s=[HEADER, *table]) if packed else xls_of({"s": grid([HEADER, *table])})
    expected = [[cell.strip() or None for cell in row] for row in table]
    assert rows(only(path, content)) == list(enumerate(expected, 2))


def test_dates_and_numbers_are_what_a_person_reads(path: Path) -> None:
    values: dict[object, str | None] = {
        date(2020, 1, 2): "2020-01-02",
        datetime(2020, 1, 2, 3, 4, 5): "2020-01-02 03:04:05",
        time(3, 4, 5): "03:04:05",
        43832: "43832",  # a serial number without the format of a date stays one: who reads the column knows
        201811107071: "201811107071",
        12345678901234567890: "1.23456789012346E+19",
        "12345678901234567890": "12345678901234567890",
        "00123": "00123",
        "2.01E+12": "2.01E+12",
        8407913.0: "8407913",
        0.1 + 0.2: "0.3",
        -1.5: "-1.5",
        True: "true",
    }
    content = xlsx_of(s=[HEADER, *(["x", "", value] for value in values)])
    assert [row[2] for _, row in rows(only(path, content))] == list(values.values())


@pytest.mark.parametrize("date_1904", [False, True])
def test_days_are_the_same_under_either_calendar(path: Path, date_1904: bool) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for at, pattern in enumerate(["yyyy-mm-dd", "d/m/yy", 'yyyy"年"m"月"d"日"'], 1):
            sheet.write_datetime(at, 2, datetime(2020, 1, 2), book.add_format({"num_format": pattern}))

    found = rows(only(path, written(fill, date_1904=date_1904)))
    assert [row[2] for _, row in found] == ["2020-01-02"] * 3


def test_formulas_rich_texts_and_links_give_what_they_show(path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_url(1, 0, "https://example.org/CN1A", string="CN1A")
        sheet.write_rich_string(1, 1, "电", book.add_format({"bold": True}), "池", "隔膜")
        sheet.write_formula(1, 2, '="20"&"20"', None, "2020")
        sheet.write_row(2, 0, ["CN2A", "两行\n标题"])
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    assert rows(only(path, written(fill))) == [(2, ["CN1A", "电池隔膜", "2020"]), (3, ["CN2A", "两行\n标题", None])]


def test_title_rows_and_merged_cells_stand_above_the_header(path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "检索结果")
        sheet.merge_range(2, 0, 2, 1, "公开")
        sheet.write(2, 2, "申请")
        sheet.write_row(3, 0, HEADER)
        sheet.merge_range(4, 0, 5, 0, "CN1A")
        sheet.write_row(4, 1, ["题", "2020"])
        sheet.write_row(5, 1, ["名", "2021"])

    table = only(path, written(fill))
    assert (list(table.header), table.header_row) == (HEADER, 4)
    assert table.preamble == (("检索结果",), ("公开", "", "申请"))
    # A cell merged downwards stands in its first row only.
    assert rows(table) == [(5, ["CN1A", "题", "2020"]), (6, [None, "名", "2021"])]


@pytest.mark.parametrize("packed", [True, False])
def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path, packed: bool) -> None:
    table = [[], [], HEADER, [], ROWS[0], ["", " "], [], ROWS[1]]
    content = xlsx_of(s=table) if packed else xls_of({"s": grid(table)})
    made = only(tmp_path / "a", content)
    assert made.header_row == 3
    assert rows(made) == [(5, ROWS[0]), (8, ROWS[1])]


def test_columns_without_header_and_cells_at_the_end_are_left_out(path: Path) -> None:
    table = only(path, xlsx_of(s=[["题名", *[""] * 4, " "], [*HEADER, "", ""], [*ROWS[0], "", "旁注", " "]]))
    assert list(table.header) == [*HEADER, "", ""]
    assert rows(table) == [(3, [*ROWS[0], None, "旁注"])]


def test_a_sheet_without_header_keeps_all_its_rows(path: Path) -> None:
    table = only(path, xlsx_of(s=[[1234567, 2.5], [], [2345678, 3.5]]))
    assert (table.header, table.header_row) == ((), 0)
    assert rows(table) == [(1, ["1234567", "2.5"]), (3, ["2345678", "3.5"])]


@pytest.mark.parametrize(
    "content", [xlsx_of(s=[]), xlsx_of(s=[HEADER]), xls_of({"s": {}}), xls_of({"s": grid([HEADER])})]
)
def test_a_workbook_without_rows_is_refused(path: Path, content: bytes) -> None:
    assert "no rows" in refused(path, content).message


def test_more_columns_than_the_limit_are_refused(path: Path) -> None:
    error = refused(path, xlsx_of(s=[[f"列{at}" for at in range(21)], ["x"] * 21]), max_columns=20)
    assert "21" in error.message
    assert "PINGJIANG_MAX_COLUMNS" in error.remedy


def test_passwords_are_named(path: Path) -> None:
    assert "password" in refused(path, xls_of({"s": grid([HEADER, *ROWS])}, encrypted=True)).remedy
    content = bytearray(xlsx_of(s=[HEADER, *ROWS]))
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # the flag of a part encrypted as in a zip
        content[content.index(sign) + at] |= 1
    assert "password" in refused(path, bytes(content)).remedy


@pytest.mark.parametrize("cut", [10, 600, 2000, -30, -1])
def test_a_cut_workbook_is_refused(tmp_path: Path, cut: int) -> None:
    refused(tmp_path / "a.xlsx", xlsx_of(s=[HEADER, *ROWS])[:cut])


@pytest.mark.parametrize("cut", [10, 600, 4000, -600])
def test_a_cut_xls_is_refused(tmp_path: Path, cut: int) -> None:
    refused(tmp_path / "a.xls", xls_of({"s": grid([HEADER, *ROWS])})[:cut])


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_parts_that_end_early_are_refused(path: Path, part: str) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEADER, *ROWS]):
            sheet.write_row(at, 0, row)

    with zipfile.ZipFile(io.BytesIO(written(fill))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert [row for _, row in rows(only(path, zip_of(parts)))] == ROWS
    assert "damaged" in refused(path, zip_of({**parts, part: parts[part][: len(parts[part]) // 2]})).message


def test_tables_can_be_read_again(path: Path) -> None:
    table = only(path, xlsx_of(s=[HEADER, *ROWS]))
    path.unlink()
    assert rows(table) == rows(table) == list(enumerate(ROWS, 2))
    assert known(table.header) == 3

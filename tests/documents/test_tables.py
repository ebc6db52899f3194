"""Whole tables as a workbook, read back with another library."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.documents.tables import TablesWorkbook, WholeTable, Written, joined
from pingjiang.errors import DefinitionError


def write(path: Path, *tables: WholeTable, last_row: int = 1_048_575) -> list[Written]:
    with TablesWorkbook(path, {"front": ("a", "b")}, scratch=path.parent, last_row=last_row) as book:
        told = [book.add(table) for table in tables]
        book.fill("front", [["x", 1], [None, "=2"]])
    return told


def values(path: Path, tab: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[tab].iter_rows(values_only=True))


@pytest.mark.parametrize("rows", [0, 1, 9, 10, 11, 20, 25])
def test_a_table_of_too_many_rows_goes_on_in_further_sheets(tmp_path: Path, rows: int) -> None:
    batches = [[[number] for number in range(start, min(start + 4, rows))] for start in range(0, rows, 4)]
    [told] = write(tmp_path / "a.xlsx", WholeTable("t", ["数 n"], batches), last_row=10)
    sheets = max(1, -(-rows // 10))
    assert (told.rows, told.tabs) == (rows, ["t", "t (2)", "t (3)"][:sheets])
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["front", *told.tabs]
    found = [values(tmp_path / "a.xlsx", tab) for tab in told.tabs]
    assert all(sheet[0] == ("数 n",) and len(sheet) <= 11 for sheet in found)
    assert [row[0] for sheet in found for row in sheet[1:]] == list(range(rows))


def test_front_sheets_come_first_whatever_is_told_last(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", WholeTable("t", ["a"], []))
    assert values(tmp_path / "a.xlsx", "front") == [("a", "b"), ("x", 1), (None, "=2")]


# What openpyxl reads back as another text, or cannot read: control characters, and returns.
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(TEXT, st.sampled_from("=+-@'0").flatmap(lambda c: TEXT.map(lambda t: c + t))), min_size=1))
def test_text_stays_text_in_any_script(tmp_path: Path, texts: list[str]) -> None:
    write(tmp_path / "a.xlsx", WholeTable("t", ["x"], [[[text] for text in texts]]))
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["t"].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None) for text in texts]


def test_nothing_is_an_empty_cell_and_an_empty_text_is_none_that_counts(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", WholeTable("t", ["x", "y"], [[[None, ""], ["", None]]]))
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["t"]
    kinds = [[page.cell(row, column).data_type for column in (1, 2)] for row in (2, 3)]
    assert kinds == [["n", "s"], ["s", "n"]], "'n' is what an empty cell has"


def test_what_a_spreadsheet_cannot_count_is_text(tmp_path: Path) -> None:
    early, day = datetime.date(1891, 5, 6), datetime.date(2020, 2, 29)
    rows = [[2**53, 2**53 - 1, -(2**60), early, day, True, 0.25]]
    write(tmp_path / "a.xlsx", WholeTable("t", list("abcdefg"), [rows]))
    found = values(tmp_path / "a.xlsx", "t")[1]
    assert found[:4] == ("9007199254740992", 9007199254740991, "-1152921504606846976", "1891-05-06")
    assert (found[4].date(), found[5], found[6]) == (day, True, 0.25)


@pytest.mark.parametrize("letter", ["a", "字", "𠮷"])
def test_a_text_too_long_for_a_cell_is_cut_shown_and_counted(tmp_path: Path, letter: str) -> None:
    units = len(letter.encode("utf-16-le")) // 2
    fits, long = letter * (32_767 // units), letter * 40_000
    [told] = write(tmp_path / "a.xlsx", WholeTable("t", ["x"], [[[fits], [long]]]))
    found = [row[0] for row in values(tmp_path / "a.xlsx", "t")[1:]]
    assert told.cut == 1 and found[0] == fits
    assert found[1].endswith("…") and long.startswith(found[1][:-1]) and len(found[1].encode("utf-16-le")) <= 2 * 32_767


def test_two_tables_of_one_tab_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError):
        write(tmp_path / "a.xlsx", WholeTable("t", ["x"], []), WholeTable("T", ["x"], []))


def test_nested_values_are_joined_for_reading() -> None:
    assert joined([]) == "" and joined(None) is None and joined(7) == 7
    assert joined(["H01L", None, "B60W"]) == "H01L; ; B60W"
    assert joined([{"name": "甲", "country": "CN", "city": None}, {"name": "乙"}]) == "甲 · CN; 乙"
    claims = [
        {"number": 2, "text": "如权利要求1", "depends_on": [1, 3]},
        {"number": 1, "text": "一种", "depends_on": []},
    ]
    assert joined(claims) == "2 · 如权利要求1 · 1; 3; 1 · 一种"

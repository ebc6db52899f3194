"""Workbooks, read back with another library."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.documents.workbook import Sheet, write_workbook
from pingjiang.errors import DefinitionError

KINDS = [("文字 Text", "text"), ("年 Year", "year"), ("数 Count", "count"), ("份额 Share", "share")]
PRINTABLE = st.text(
    alphabet=st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cs", "Co", "Cn"]),
    max_size=40,
)


def sheet(**changes: Any) -> Sheet:
    base: dict[str, Any] = {
        "name_zh": "表",
        "name_en": "Sheet",
        "title": "表 Sheet",
        "lines": ["单位 unit", "口径 definition"],
        "columns": KINDS,
        "rows": [["CN109462287A", 2020, 7, 0.25]],
    }
    return Sheet(**{**base, **changes})


def read(path: Path) -> Any:
    return openpyxl.load_workbook(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from("=+-@'0123456789").flatmap(lambda c: PRINTABLE.map(lambda t: c + t)), min_size=1))
def test_text_stays_text_whatever_it_looks_like(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, [sheet(rows=[[text, None, None, None] for text in texts])], first_line=None)
    page = read(path).active
    cells = [page.cell(row=5 + i, column=1) for i in range(len(texts))]
    assert [cell.data_type for cell in cells] == ["s"] * len(texts)
    assert [cell.value for cell in cells] == [text.replace("\r", "\n") for text in texts]
    assert all(cell.hyperlink is None for cell in cells)


def test_heads_freeze_filter_and_formats(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, [sheet()], first_line="合成数据 Synthetic")
    page = read(path).active
    column = [page.cell(row=i, column=1).value for i in range(1, 7)]
    assert column == ["合成数据 Synthetic", "表 Sheet", "单位 unit", "口径 definition", "文字 Text", "CN109462287A"]
    assert page.freeze_panes == "A6"
    assert page.auto_filter.ref == "A5:D6"
    values = [page.cell(row=6, column=i) for i in range(1, 5)]
    assert [cell.value for cell in values] == ["CN109462287A", 2020, 7, 0.25]
    assert [cell.number_format for cell in values] == ["@", "0", "#,##0", "0.0%"]


def test_long_heads_wrap_long_text_wraps_and_sheets_print_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    long = "一列很长的数字的名字 a long name of a column of numbers"
    write_workbook(
        path, [sheet(columns=[("文 Text", "prose"), (long, "count")], rows=[["字" * 300, 1]], held=1)], first_line=None
    )
    page = read(path).active
    assert page.freeze_panes == "B5" and page.print_title_rows == "$4:$4"
    assert page["A5"].alignment.wrap_text and page["A5"].number_format == "@" and page["B4"].alignment.wrap_text
    assert page.column_dimensions["B"].width < 20 and page.row_dimensions[4].height >= 45
    assert page.page_setup.orientation == "landscape" and page.sheet_properties.pageSetUpPr.fitToPage


def test_dates_and_unknowns(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    day = datetime.date(2022, 9, 27)
    write_workbook(
        path,
        [sheet(columns=[("日 Day", "date"), ("真 Bool", "bool")], rows=[[day, True], [None, None]])],
        first_line=None,
    )
    page = read(path).active
    assert page.cell(row=5, column=1).value.date() == day and page.cell(row=5, column=2).value is True
    assert page.cell(row=6, column=1).value is None


def test_names_of_tabs(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    names = ["国家/地区", "国家/地区", "节点×年份[1]?*:", "长" * 40, "长" * 40, "A", "a"]
    write_workbook(path, [sheet(name_zh=name) for name in names], first_line=None)
    found = read(path).sheetnames
    assert len(found) == len({name.lower() for name in found}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found)


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_workbook(tmp_path / name, [sheet()], first_line=None)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"columns": [("x", "colour")], "rows": []},
        {"rows": [["too", "short"]]},
        {"rows": [["a", "2020", 1, 0.1]]},
        {"rows": [["a", True, 1, 0.1]]},
        {"columns": [("日", "date")], "rows": [["2020-01-01"]]},
    ],
)
def test_refuses_what_does_not_fit(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError):
        write_workbook(tmp_path / "a.xlsx", [sheet(**changes)], first_line=None)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError):
        write_workbook(tmp_path / "a.xlsx", [], first_line=None)

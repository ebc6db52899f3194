"""Broken quotes cost their own row, not the rest of the file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.errors import InputRefused
from pingjiang.files.records import Record, records
from tests.files.made import HEADER, ROWS, bad, only, reasons, refused, rows, text_of

TEXT = text_of([HEADER, *ROWS])


def read(text: str, *, width: int | None = 3, limit: int = 1000) -> list[Record]:
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")
    return list(records(stream, delimiter=",", width=width, file="a.csv", limit=limit))


def test_records_are_counted_and_keep_their_text() -> None:
    assert read('a,b,c\r\n\r\n"x\ny",2,3\r\nlast,,') == [
        Record(1, ["a", "b", "c"], "a,b,c\r\n"),
        Record(2, [], "\r\n"),
        Record(3, ["x\ny", "2", "3"], '"x\ny",2,3\r\n'),
        Record(4, ["last", "", ""], "last,,"),
    ]


def test_the_limit_of_one_file_is_no_other_readers() -> None:
    before = csv.field_size_limit()
    stream = io.TextIOWrapper(io.BytesIO(b"a\nb\n"), "utf-8", newline="")
    reading = records(stream, delimiter=",", width=1, file="a", limit=9)
    next(reading)
    assert csv.field_size_limit() == before
    assert len(read("x" * 500)[0].cells[0]) == 500, "while the other file is being read"
    with pytest.raises(InputRefused):
        read("x" * 500, limit=400)
    assert csv.field_size_limit() == before


def test_numbers_begin_where_they_are_told_to() -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"a\nb\n"), "utf-8", newline="")
    found = records(stream, delimiter=",", width=1, file="a", limit=9, first_row=7)
    assert [record.row_number for record in found] == [7, 8]


@pytest.mark.parametrize("line", ['CN3A,"开,2020', '"CN3A,题,2020', 'CN3A,题,"2020'])
@pytest.mark.parametrize(
    "after",
    [[], [["CN4A", "题", "2020"]], [["CN4A", "题,名", "2020"], ["CN5A", '"题"', "2020"]], [["CN4A", "题", ",名"]]],
)
def test_an_open_quote_costs_its_row_only(tmp_path: Path, line: str, after: list[list[str]]) -> None:
    text = TEXT + line + "\r\n" + text_of(after)
    table = only(tmp_path / "a.csv", text)
    assert reasons(table) == [(4, "unclosed_quote")]
    assert bad(table)[0].text == line
    assert [row for _, row in rows(table)] == [*ROWS, *after]
    assert [number for number, _ in rows(table)] == [2, 3, *range(5, 5 + len(after))]


@pytest.mark.parametrize(("cell", "value"), [('题"名', '题"名'), ('题"名"', '题"名"'), ('5.1"', '5.1"')])
def test_a_quote_inside_a_cell_without_quotes_is_a_character(tmp_path: Path, cell: str, value: str) -> None:
    table = only(tmp_path / "a.csv", TEXT + f"CN3A,{cell},2020\r\nCN4A,题,2020\r\n")
    assert [row for _, row in rows(table)][2:] == [["CN3A", value, "2020"], ["CN4A", "题", "2020"]]


@given(
    table=st.lists(st.lists(st.text(alphabet='a电," ', max_size=5), min_size=3, max_size=3), min_size=1, max_size=8),
    at=st.integers(min_value=0),
    line=st.sampled_from(['CNxA,"开,2020', 'CNxA,题,"2020']),
)
@settings(max_examples=80, deadline=None)
def test_one_broken_line_costs_no_other(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], at: int, line: str
) -> None:
    table = [[f"CN{number}A", *(cell.strip() for cell in row[1:])] for number, row in enumerate(table)]
    lines = text_of(table).split("\r\n")
    lines.insert(at % len(lines), line)
    made = only(tmp_path_factory.mktemp("quotes") / "a.csv", text_of([HEADER, *ROWS]) + "\r\n".join(lines))
    assert [row.text for row in bad(made)] == [line]
    assert [row for _, row in rows(made)] == [*ROWS, *([cell or None for cell in row] for row in table)]


def test_quotes_that_never_close_are_given_up_with_their_row() -> None:
    part = 'x,"y,z\n' + "a,b,c\n" * 40  # more than a cell may have before the next quote
    assert [record.row_number for record in read(part * 9, limit=200) if record.reason] == [*range(1, 9 * 41, 41)]
    with pytest.raises(InputRefused) as caught:
        read(part * 90, limit=200)
    assert caught.value.row is not None
    assert caught.value.row % 41 == 1
    assert "paired" in caught.value.message


def test_a_cell_that_grows_over_many_lines_is_one_bad_row(tmp_path: Path) -> None:
    table = only(tmp_path / "a.csv", TEXT + 'CN3A,"开,2020\r\n' + "CN4A,题,2020\r\n" * 30, max_cell_chars=100)
    assert reasons(table) == [(4, "unclosed_quote")]
    assert len(rows(table)) == 32


@pytest.mark.parametrize("line_end", ["", "\n"])
def test_a_line_beyond_all_limits_is_refused_before_it_is_read_to_its_end(tmp_path: Path, line_end: str) -> None:
    error = refused(tmp_path / "a.csv", TEXT + "长" * 5000 + line_end, max_cell_chars=100)
    assert error.row == 4

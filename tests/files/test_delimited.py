"""Text tables as tools and people leave them: delimiters, line ends, ragged rows, what stands above."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang.files import RawBatch
from tests.files.made import HEADER, ROWS, bad, only, opened, reasons, refused, rows, text_of

TEXT = text_of([HEADER, *ROWS])
NUMBERED = [(at, row) for at, row in enumerate(ROWS, 2)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_and_line_end_gives_the_same_rows(path: Path, delimiter: str, line_end: str) -> None:
    text = text_of([HEADER, *ROWS], delimiter=delimiter, line_end=line_end)
    assert rows(only(path, text)) == NUMBERED
    assert rows(only(path, text.removesuffix(line_end))) == NUMBERED  # the last line need not end


@pytest.mark.parametrize("other", [",", ";", "|"])
def test_a_delimiter_inside_the_cells_does_not_deceive(path: Path, other: str) -> None:
    table = [["公开号", "标题", "申请日"], *([f"CN{at}A", other.join("题名很长"), "2020"] for at in range(30))]
    assert [row for _, row in rows(only(path, text_of(table, delimiter="\t")))] == table[1:]


def test_line_breaks_inside_quotes_start_no_new_row(path: Path) -> None:
    table = [["CN1A", "两行\n标题", "2020"], ["CN2A", '一个"引号"', "2021"], ["CN3A", "逗,号\r\n;", "2022"]]
    assert rows(only(path, text_of([HEADER, *table]))) == list(enumerate(table, 2))


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff"])
def test_byte_order_marks_are_no_part_of_the_first_name(path: Path, mark: str) -> None:
    table = only(path, mark + TEXT)
    assert list(table.header) == HEADER
    assert rows(table) == NUMBERED


def test_an_address_above_the_header_is_a_title_row(path: Path) -> None:
    address = "https://patents.google.com/?q=H01L&num=100,000"
    table = only(path, f'search URL:,"{address}"\r\n' + TEXT)
    assert list(table.header) == HEADER
    assert table.header_row == 2
    assert table.preamble == (("search URL:", address),)
    assert rows(table) == [(3, ROWS[0]), (4, ROWS[1])]


def test_title_rows_empty_lines_and_sep_stand_above(path: Path) -> None:
    table = only(path, "sep=,\r\n检索式：(电池)\r\n\r\n,,\r\n" + TEXT)
    assert table.header_row == 5
    assert [cells[0] for cells in table.preamble] == ["sep=", "检索式:(电池)"]
    assert rows(table) == [(6, ROWS[0]), (7, ROWS[1])]


@pytest.mark.parametrize("where", ["header", "data", "both"])
def test_a_delimiter_at_the_end_of_rows_adds_no_column(path: Path, where: str) -> None:
    head, _, data = TEXT.partition("\r\n")
    head += "," * (where != "data")
    data = data.replace("\r\n", ",\r\n") if where != "header" else data
    table = only(path, head + "\r\n" + data)
    assert list(table.header) == HEADER
    assert rows(table) == NUMBERED
    assert not bad(table)


def test_rows_with_too_few_and_too_many_cells_are_named_and_cost_no_other(path: Path) -> None:
    table = only(path, TEXT + "CN3A,只有两格\r\nCN4A,题,2020,多,出\r\nCN5A,题,2020,,\r\n" + "CN6A,题,2020\r\n")
    assert reasons(table) == [(4, "too_few_cells"), (5, "too_many_cells")]
    assert [row.text for row in bad(table)] == ["CN3A,只有两格", "CN4A,题,2020,多,出"]
    assert rows(table) == [*NUMBERED, (6, ["CN5A", "题", "2020"]), (7, ["CN6A", "题", "2020"])]


def test_a_writer_that_leaves_out_empty_cells_at_the_end_is_understood(path: Path) -> None:
    text = "公开号,标题,申请日\n" + "CN1A,题,2020\nCN2A,题\nCN3A\n" * 10
    table = only(path, text)
    assert not bad(table)
    assert [row for _, row in rows(table)] == [["CN1A", "题", "2020"], ["CN2A", "题", None], ["CN3A", None, None]] * 10


def test_a_record_broken_by_a_line_break_without_quotes_is_not_taken_for_short_rows(path: Path) -> None:
    table = only(path, TEXT + "CN3A,前半\r\n后半,2020\r\n" * 3)
    assert reasons(table) == [(row, "too_few_cells") for row in range(4, 10)]
    assert rows(table) == NUMBERED


def test_the_last_row_cut_inside_a_cell_is_no_row(path: Path) -> None:
    text = "公开号,标题,申请日\n" + "CN1A,题,2020\nCN2A\n" * 5 + "CN3A,一种电"
    assert reasons(only(path, text)) == [(12, "too_few_cells")]


def test_empty_rows_are_left_out_and_counted(path: Path) -> None:
    text = TEXT.replace("\r\n", "\r\n\r\n,,\r\n \u3000,\t,\r\n")
    table = only(path, text)
    assert rows(table) == [(5, ROWS[0]), (9, ROWS[1])]
    assert not bad(table)


def test_white_space_around_cells_is_trimmed(path: Path) -> None:
    table = only(path, '公开号,标题,申请日\n CN1A\t,"\u3000题 目\n",\u00a02020 \n')
    assert rows(table) == [(2, ["CN1A", "题 目", "2020"])]


def test_a_table_of_one_column(path: Path) -> None:
    assert rows(only(path, '公开号\nCN1A\n""\n\nCN2A\n')) == [(2, ["CN1A"]), (5, ["CN2A"])]


def test_a_table_without_header_is_read_from_its_first_row(path: Path) -> None:
    table = only(path, "1234567,2020-01-02\n2345678,2021-03-04\n")
    assert (table.header, table.header_row) == ((), 0)
    assert rows(table) == [(1, ["1234567", "2020-01-02"]), (2, ["2345678", "2021-03-04"])]


def test_a_broken_quote_in_the_header_loses_no_file_silently(path: Path) -> None:
    table = only(path, '公开号,"标题,申请日\r\nCN1A,题,2020-01-02\r\n')
    assert table.header == ()
    assert rows(table) == [(2, ["CN1A", "题", "2020-01-02"])]


@pytest.mark.parametrize(
    "text", ["", "\n\r\n\n", "\ufeff", " ,\t,\u3000\n", TEXT.partition("\r")[0], "公开号,标题,申请日\n,,\n"]
)
def test_a_file_without_rows_of_data_is_refused(path: Path, text: str) -> None:
    assert "again" in refused(path, text).remedy


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_beyond_the_limit_is_refused_with_its_row_and_the_setting(path: Path, quote: str) -> None:
    row = f"CN3A,{quote}{'长' * 100}{quote},2020\r\n"
    assert len(rows(only(path, TEXT + row, max_cell_chars=100))) == 3
    error = refused(path, TEXT + row.replace("长", "长长", 1), max_cell_chars=100)
    assert error.row == 4
    assert "PINGJIANG_MAX_CELL_CHARS" in error.remedy


def test_a_long_line_of_short_cells_is_no_long_cell(path: Path) -> None:
    names = [f"第{at}列" for at in range(300)]
    assert len(only(path, text_of([names, names, ["x"] * 300]), max_cell_chars=1000).header) == 300


def test_more_columns_than_the_limit_are_refused(path: Path) -> None:
    error = refused(path, "题名\n" + text_of([[f"列{at}" for at in range(21)], ["x"] * 21]), max_columns=20)
    assert error.row == 2
    assert "21" in error.message
    assert "PINGJIANG_MAX_COLUMNS" in error.remedy


def test_large_tables_come_in_batches_that_can_be_read_again(path: Path) -> None:
    table = [[f"CN{at}A", "一种电池隔膜", "2020-01-02"] for at in range(120_000)]
    path.write_text(text_of([HEADER, *table]), encoding="utf-8", newline="")
    [opened_table] = opened(path)
    batches: list[RawBatch] = list(opened_table.batches())
    assert len(batches) > 1
    assert max(batch.data.num_rows for batch in batches) < 120_000
    expected = list(enumerate(table, 2))
    assert rows(opened_table) == expected
    assert rows(opened_table) == expected


def test_an_irregular_row_far_down_hands_over_to_the_careful_way(path: Path) -> None:
    table = [[f"CN{at}A", "一种电池隔膜" * 10, "2020-01-02"] for at in range(30_000)]
    lines = text_of([HEADER, *table]).split("\r\n")
    lines[25_000] = 'CN24999A,一个"引号,2020-01-02'
    lines.insert(27_500, "CNxA,太少")
    made = only(path, "\r\n".join(lines))
    table[24_999][1] = '一个"引号'
    assert reasons(made) == [(27_501, "too_few_cells")]
    assert [row for _, row in rows(made)] == table
    assert [number for number, _ in rows(made)] == [*range(2, 27_501), *range(27_502, 30_003)]

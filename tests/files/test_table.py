"""Batches of cleaned text."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.files.table import BadRow, clean_column, clean_header, make_batch

TEXT = st.text(alphabet="ab电\u3000\u00a0 \t\n\r", max_size=6)


@given(texts=st.lists(st.none() | TEXT))
def test_columns_are_trimmed_and_empty_cells_null(texts: list[str | None]) -> None:
    cleaned = clean_column(pa.array(texts, pa.string())).to_pylist()
    assert cleaned == [(text or "").strip() or None for text in texts]


@given(rows=st.lists(st.tuples(st.none() | st.just("x"), st.none() | st.just("y")), max_size=8))
def test_empty_rows_are_left_out_with_their_numbers(rows: list[tuple[str | None, str | None]]) -> None:
    columns = [pa.array([row[at] for row in rows], pa.string()) for at in range(2)]
    batch = make_batch(columns, pa.array(range(5, 5 + len(rows)), pa.int64()))
    kept = [(at, row) for at, row in enumerate(rows, 5) if any(row)]
    assert batch.row_numbers.to_pylist() == [at for at, _ in kept]
    assert list(zip(*(column.to_pylist() for column in batch.data.columns), strict=True)) == [row for _, row in kept]


@given(cell=st.text(max_size=20))
def test_header_cells_are_one_line_and_cleaning_twice_changes_nothing(cell: str) -> None:
    cleaned = clean_header(cell)
    assert cleaned == " ".join(cleaned.split())
    assert clean_header(cleaned) == cleaned


def test_header_cells_lose_marks_and_widths() -> None:
    assert clean_header("\ufeff公开（公告）\r\n号") == "公开(公告) 号"
    assert clean_header(None) == ""


def test_the_text_of_a_bad_row_is_fit_to_store() -> None:
    row = BadRow.of(7, "bad_bytes", "题\udcff" + "x" * 1000 + "\r\n")
    assert row.text == "题\ufffd" + "x" * 498
    row.text.encode()

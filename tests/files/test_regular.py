"""The fast way and the careful way through a text table give the same rows; the csv module is the judge."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.files import RawBatch, delimited, regular
from pingjiang.files.regular import RegularReader
from tests.files.made import HEADER, bad, only, rows, text_of

# Quotes, delimiters and line ends far more often than by chance; white space that is not ASCII; a 4-byte character.
TOKENS = [
    '"',
    '""',
    ",",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\u3000",
    "\t",
    "a",
    "电",
    "\U00020bb7",
    '","',
    ',"',
    '",',
    "x,y,z\n",
]
ANY_TEXT = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)
CELL = st.text(alphabet='ab电 ",\n\r;\t\u3000', max_size=5)
TABLE = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12)


class Never(RegularReader):
    """A fast way that gives up at once."""

    def batches(self) -> Iterator[RawBatch]:
        yield from ()


def both_ways(path: Path, block: int) -> tuple[object, object]:
    """All that is read, with the fast way in blocks of so many bytes, and without it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regular, "_BLOCK", block)
        fast = only(path)
        first = (fast.header, rows(fast), bad(fast))
        patch.setattr(delimited, "RegularReader", Never)
        slow = only(path)
        return first, (slow.header, rows(slow), bad(slow))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("regular") / "a.csv"


@given(text=ANY_TEXT, block=st.sampled_from([16, 64, 256, 2**20]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_alike_both_ways(path: Path, text: str, block: int) -> None:
    path.write_bytes((",".join(HEADER) + "\r\nCN1A,题,2020\r\n" + text).encode())
    fast, slow = both_ways(path, block)
    assert fast == slow


@given(table=TABLE, line_end=st.sampled_from(["\n", "\r\n", "\r"]), delimiter=st.sampled_from(",;\t|"))
@settings(max_examples=100, deadline=None)
def test_any_table_is_read_as_the_csv_module_reads_it(
    path: Path, table: list[list[str]], line_end: str, delimiter: str
) -> None:
    table = [["x" + first, *rest] for first, *rest in table]
    text = text_of([HEADER, *table], delimiter=delimiter, line_end=line_end)
    path.write_bytes(text.encode())
    fast, slow = both_ways(path, 64)
    assert fast == slow
    [_, *judged] = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    assert [row for _, row in rows(only(path))] == [[cell.strip() or None for cell in row] for row in judged]


@pytest.mark.parametrize("before", range(20))
def test_a_line_end_in_a_cell_is_whole_wherever_a_block_ends(path: Path, before: int) -> None:
    table = [["x" * before, "一\r\n二", "\r\n"], *[["CN1A", "\r\n" * 9, "y"]] * 20]
    path.write_bytes(text_of([HEADER, *table]).encode())
    fast, slow = both_ways(path, 16)
    assert fast == slow
    assert next(row for _, row in rows(only(path)))[1] == "一\r\n二"

"""What the room gives: raw tables of text, in batches, with the row numbers that people see."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

KnownHeaders = Callable[[Sequence[str]], int]

TOO_MANY_CELLS = "too_many_cells"
TOO_FEW_CELLS = "too_few_cells"
UNCLOSED_QUOTE = "unclosed_quote"
BAD_BYTES = "bad_bytes"
_SHOWN_CHARS = 500


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be a record of its table: why, and its text (cut; unknown bytes shown as U+FFFD)."""

    row_number: int
    reason: str
    text: str

    @classmethod
    def of(cls, row_number: int, reason: str, text: str) -> BadRow:
        """A bad row with its raw text made fit to store."""
        shown = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text[:_SHOWN_CHARS])
        return cls(row_number, reason, shown.rstrip("\r\n"))


@dataclass(frozen=True)
class RawBatch:
    """Some rows of a table, in order.

    data          columns c0, c1, …: string, white space around trimmed, an empty cell is null
    row_numbers   int64, the row of each record as a spreadsheet shows it
    ragged        rows beside `data` that cannot be records
    """

    data: pa.Table
    row_numbers: pa.Array
    ragged: tuple[BadRow, ...] = ()


@dataclass(frozen=True)
class RawTable:
    """One table of a file: a text table, a sheet, a member of an archive.

    file         the name that people know: 'toyota.xlsx'; 'a.zip/b.csv' for a member of an archive
    header       one text a column (NFKC, trimmed, one line); '' where it has none, repeated names as they are;
                 () where the table has no header row at all, and then the columns still come
    header_row   its row as a spreadsheet shows it, the lower one of two; 0 without a header row.
                 In a text table records are counted: a line break inside quotes starts no new row
    preamble     the title rows above the header, without empty ones
    """

    file: str
    sheet: str | None
    header: tuple[str, ...]
    header_row: int
    preamble: tuple[tuple[str, ...], ...]
    read: Callable[[], Iterator[RawBatch]] = field(repr=False, compare=False)

    def batches(self) -> Iterator[RawBatch]:
        """All rows below the header, empty ones left out; at least one batch. Can be called again.

        Memory is bounded by a batch for text tables; a sheet comes as one batch. Raises InputRefused
        where reading on shows what opening could not (an archive cut short, a cell beyond the limit).
        """
        yield from self.read()


def clean_header(cell: str | None) -> str:
    """A header cell as one line: NFKC, white space (also line breaks) single and none around, no byte order mark.

    >>> clean_header(" 公开（公告）\\n号 ")
    '公开(公告) 号'
    """
    return " ".join(unicodedata.normalize("NFKC", cell or "").replace("\ufeff", "").split())


def clean_column(column: pa.Array) -> pa.Array:
    """A string column trimmed of white space, with null for what is then empty."""
    trimmed = pc.utf8_trim_whitespace(column)
    empty = pc.equal(trimmed, "")
    if not pc.any(empty).as_py():
        return trimmed
    return pc.if_else(empty, pa.scalar(None, pa.string()), trimmed)


def make_batch(columns: Sequence[pa.Array], row_numbers: pa.Array, ragged: Sequence[BadRow] = ()) -> RawBatch:
    """A batch of cleaned columns without the rows that are empty throughout."""
    names = [f"c{index}" for index in range(len(columns))]
    data = pa.Table.from_arrays(list(columns), names=names)
    empty = _empty_rows(columns)
    if empty is not None:
        keep = pc.invert(empty)
        data, row_numbers = data.filter(keep), row_numbers.filter(keep)
    return RawBatch(data, row_numbers, tuple(ragged))


def _empty_rows(columns: Sequence[pa.Array]) -> pa.Array | None:
    """Where all cells are null; None where no row is so."""
    empty: pa.Array | None = None
    for column in columns:
        if column.null_count == 0:
            return None
        nulls = pc.is_null(column)
        empty = nulls if empty is None else pc.and_(empty, nulls)
        if not pc.any(empty).as_py():
            return None
    return empty

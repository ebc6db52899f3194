"""The fast way through a text table: Arrow's CSV reader, as long as the text is regular.

Regular is a text whose records all have one number of cells and whose quotes stand where they should:
around whole cells, doubled inside. There Arrow and Python's csv module read the same (a property test says
so). At the first sign of anything else this reader stops; the slow way goes on from the row where it stopped.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from pingjiang.files.table import RawBatch, clean_column, make_batch

_BLOCK = 4 * 2**20
_QUOTED = re.compile(rb'"[^"]*"')


class RegularReader:
    """Reads `stream` (UTF-8, standing at the first row of data) in batches of `columns` columns.

    width       cells of each record; those beyond `columns` must be empty
    row         number of the last row read
    finished    whether all was regular to the end
    """

    def __init__(
        self, stream: BinaryIO, *, delimiter: str, columns: int, width: int, last_row: int, most_chars: int
    ) -> None:
        self._watch = _QuoteWatch(stream, delimiter, 4 * most_chars)
        self._delimiter = delimiter
        self._columns = columns
        self._names = [f"c{index}" for index in range(width)]
        self._most_chars = most_chars
        self.row = last_row
        self.finished = False

    def batches(self) -> Iterator[RawBatch]:
        """Batches up to the end, or up to where the text stops being regular."""
        with self._watch as stream:
            try:
                for rows in self._open(stream):
                    batch = self._batch(rows)
                    if batch is None:
                        return
                    self.row += rows.num_rows
                    yield batch
            except pa.ArrowInvalid:  # a record of another width, or larger than a block
                return
            self.finished = not self._watch.strayed

    def _open(self, stream: io.RawIOBase) -> arrow_csv.CSVStreamingReader:
        return arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(column_names=self._names, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )

    def _batch(self, rows: pa.RecordBatch) -> RawBatch | None:
        """Cleaned rows; None where they, or rows read ahead of them, are not regular."""
        if self._watch.strayed:
            return None
        columns = [clean_column(column) for column in rows.columns]
        if any(column.null_count < len(column) for column in columns[self._columns :]):
            return None
        columns = columns[: self._columns]
        # A cell's bytes are at least its characters: beyond the limit the slow way counts them.
        if any((pc.max(pc.binary_length(column)).as_py() or 0) > self._most_chars for column in rows.columns):
            return None
        numbers = pa.array(range(self.row + 1, self.row + 1 + rows.num_rows), pa.int64())
        return make_batch(columns, numbers)


class _QuoteWatch(io.RawIOBase):
    """Passes bytes on and notes whether a quote stands where a regular text has none (`strayed`)."""

    def __init__(self, stream: BinaryIO, delimiter: str, most_quoted: int) -> None:
        self._stream = stream
        self._most_quoted = most_quoted
        beside = re.escape(delimiter.encode()) + rb"\r\n\x01"
        # Begins with a literal byte, so that the search runs at memory speed; the dot is that byte itself.
        self._misplaced = re.compile(rb"\x01(?:(?<![" + beside + rb"].)|[^" + beside + rb"])", re.DOTALL)
        self._before = b"\n"
        self._open_quote = b""
        self._held = b""
        self.strayed = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._held + self._stream.read(len(buffer) - len(self._held))
        # A line end in a cell that is cut in two by the end of a block would lose its second half.
        end = len(chunk) - 1 if len(chunk) > 1 and chunk.endswith(b"\r") else len(chunk)
        chunk, self._held = chunk[:end], chunk[end:]
        if not self.strayed:
            self._look(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _look(self, chunk: bytes) -> None:
        """Cells in quotes become the sign \\x01; beside it only delimiters, line ends and itself may stand."""
        if not chunk:
            self.strayed = bool(self._open_quote)
            return
        text = self._open_quote + chunk
        quotes = text.count(b'"')
        end = text.rfind(b'"') if quotes % 2 else len(text)
        text, self._open_quote = text[:end], text[end:]
        outside = self._before + (_QUOTED.sub(b"\x01", text) if quotes > 1 else text)
        if quotes or self._before == b"\x01":
            self.strayed = self._misplaced.search(outside) is not None or len(self._open_quote) > self._most_quoted
        self._before = outside[-1:]

    def close(self) -> None:
        self._stream.close()
        super().close()

"""Records of a text table, one by one, by Python's csv module; and what to do where quotes are broken."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pingjiang.files.refusals import refusal, too_long
from pingjiang.files.table import UNCLOSED_QUOTE

# How often the text after quotes that never close may be read again before the file is given up.
_MOST_READ_AGAIN = 50
# No record has more lines; a line takes far more room than its characters.
_MOST_LINES = 2**18


class Record(NamedTuple):
    """One record, with its raw text. `reason` is set where it cannot be one; it has no cells then."""

    row_number: int
    cells: list[str]
    text: str
    reason: str | None = None


class _Lines:
    """The lines of a text; those taken since the list was last cleared can be given back."""

    def __init__(self, stream: io.TextIOWrapper, limit: int, file: str) -> None:
        self._stream = stream
        self._limit = limit
        self._file = file
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self.row = 0
        self.at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:  # quotes do not close, and their lines are too short to be rows
            raise refusal("quotes", self._file, at_row=self.row + 1)
        line = self._returned.popleft() if self._returned else self._stream.readline(self._limit)
        if not line:
            self.at_end = True
            raise StopIteration
        if len(line) >= self._limit:
            raise too_long(self._file, self.row + 1, self._limit)
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        """Lines to come next, before the stream's own."""
        self._returned.extendleft(reversed(lines))


def records(
    stream: io.TextIOWrapper, *, delimiter: str, width: int | None, file: str, limit: int, first_row: int = 1
) -> Iterator[Record]:
    """All records, numbered from `first_row` on; an empty line is a record without cells.

    A quote that is never closed would swallow what follows. Its line is given with the reason
    `unclosed_quote`, and reading goes on at the next line, where the text ends inside quotes, where a cell
    grows beyond `limit` characters, or where a record of several lines is ill-formed or has not `width`
    cells, and its second line alone has them. A record of more than _MOST_LINES lines is refused.
    """
    lines = _Lines(stream, 4 * limit, file)
    reader = csv.reader(lines, delimiter=delimiter)
    read_again = 0
    for row in _count_from(first_row):
        lines.row, lines.at_end = row - 1, False
        lines.taken.clear()
        others = csv.field_size_limit(limit)  # one for the whole process: it is ours for this record alone
        try:
            cells = next(reader, None)
        except csv.Error as error:  # without `strict` there is one kind: a cell beyond the limit
            if len(lines.taken) == 1:
                raise too_long(file, row, limit) from error
            broken = True
        else:
            if cells is None:
                return
            broken = lines.at_end or _swallows(lines.taken, cells, delimiter, width)
        finally:
            csv.field_size_limit(others)
        if not broken and cells is not None:
            yield Record(row, cells, lines.taken[0] if len(lines.taken) == 1 else "".join(lines.taken))
            continue
        read_again += sum(map(len, lines.taken))
        if read_again > _MOST_READ_AGAIN * limit:
            raise refusal("quotes", file, at_row=row)
        first, *rest = lines.taken
        lines.give_back(rest)
        reader = csv.reader(lines, delimiter=delimiter)
        yield Record(row, [], first, UNCLOSED_QUOTE)


def _count_from(start: int) -> Iterator[int]:
    number = start
    while True:
        yield number
        number += 1


def _swallows(taken: list[str], cells: list[str], delimiter: str, width: int | None) -> bool:
    """Whether a record of several lines has swallowed one that stands whole on a line of its own."""
    if len(taken) == 1 or width is None:
        return False
    if len(cells) == width and _well_formed(delimiter).fullmatch("".join(taken)):
        return False
    return any(len(next(csv.reader([line], delimiter=delimiter), [])) == width for line in taken[1:])


@cache
def _well_formed(delimiter: str) -> re.Pattern[str]:
    """A record whose quotes stand around whole cells, doubled inside: the csv module takes others as well."""
    between = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]|"")*+"|[^"\r\n{between}]*+)'
    return re.compile(rf"{cell}(?:{between}{cell})*+[\r\n]*")

"""Whole tables as a workbook: rows are streamed, memory stays, and a table of more rows than a sheet takes goes on
in further sheets.

What a cell cannot hold is told, never lost in silence: texts beyond a cell's length are cut and counted.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from pingjiang.documents.workbook import CELL_LENGTH, LAST_ROW, OPTIONS, measure, styles_of
from pingjiang.errors import DefinitionError

_WIDEST = 48.0
_TAB_LENGTH = 31
_EXACT = 2**53  # whole numbers above it are no longer exact in a spreadsheet
_FIRST_DAY = datetime.date(1900, 3, 1)  # earlier ones are another day in every second program


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table: `name` for its tab (ASCII), column heads, and rows in batches. A cell of None stays empty."""

    name: str
    heads: Sequence[str]
    batches: Iterable[Sequence[Sequence[object]]]


@dataclass
class Written:
    """What became of a table: its rows, the tabs that hold them, and how many texts were cut."""

    name: str
    rows: int = 0
    tabs: list[str] = field(default_factory=list)
    cut: int = 0


class TablesWorkbook:
    """A workbook under construction. Use as a context manager; `front` sheets come first and are filled at will."""

    def __init__(
        self, path: Path, front: Mapping[str, Sequence[str]], *, scratch: Path, last_row: int = LAST_ROW
    ) -> None:
        """`front`: tab → column heads. Rows wait in files of the folder `scratch`.

        `last_row`: the last row of a sheet, from 0; smaller in tests alone.
        """
        self._book = xlsxwriter.Workbook(str(path), {**OPTIONS, "constant_memory": True, "tmpdir": str(scratch)})
        self._book.use_zip64()
        self._book.set_properties({"created": datetime.datetime(2000, 1, 1)})
        self._styles = styles_of(self._book)
        self._last_row = last_row
        self._tabs: set[str] = set()
        self._front = {tab: _Page(self, tab, heads) for tab, heads in front.items()}

    def __enter__(self) -> TablesWorkbook:
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is not None:
            return
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from error

    def fill(self, tab: str, rows: Iterable[Sequence[object]]) -> None:
        """Write rows into one of the front sheets."""
        for row in rows:
            self._front[tab].write(row)

    def add(self, table: WholeTable) -> Written:
        """Write a table, into as many sheets as it needs."""
        written = Written(table.name)
        page = self._next_page(table, written)
        for batch in table.batches:
            for row in batch:
                if page.row == self._last_row:
                    page.finish()
                    page = self._next_page(table, written)
                page.write(row)
                written.rows += 1
        page.finish()
        return written

    def _next_page(self, table: WholeTable, written: Written) -> _Page:
        number = len(written.tabs) + 1
        suffix = f" ({number})" if number > 1 else ""
        tab = table.name[: _TAB_LENGTH - len(suffix)] + suffix
        written.tabs.append(tab)
        return _Page(self, tab, table.heads, written)


class _Page:
    """One sheet: its head, and rows from above."""

    def __init__(self, owner: TablesWorkbook, tab: str, heads: Sequence[str], written: Written | None = None) -> None:
        if tab.lower() in owner._tabs:
            raise DefinitionError(f"two tables would have the tab {tab!r}")
        owner._tabs.add(tab.lower())
        self._sheet = owner._book.add_worksheet(tab)
        self._styles, self._written, self._width = owner._styles, written, len(heads)
        self.row = 0
        for column, head in enumerate(heads):
            self._sheet.set_column(column, column, min(_WIDEST, max(10.0, measure(head) + 3.0)))
            self._sheet.write_string(0, column, head, self._styles["header"])
        self._sheet.freeze_panes(1, 0)

    def write(self, cells: Sequence[object]) -> None:
        """One row below the last."""
        self.row += 1
        for column, value in enumerate(cells):
            self._cell(column, value)

    def finish(self) -> None:
        """The filter over all rows."""
        if self._width:
            self._sheet.autofilter(0, 0, self.row, self._width - 1)

    def _cell(self, column: int, value: object) -> None:
        """A value as what it is, never as what it looks like."""
        if value is None:
            return
        if isinstance(value, bool):
            self._sheet.write_boolean(self.row, column, value)
        elif isinstance(value, int | float) and abs(value) < _EXACT:
            self._sheet.write_number(self.row, column, value)
        elif isinstance(value, datetime.date) and value >= _FIRST_DAY:
            self._sheet.write_datetime(self.row, column, value, self._styles["date"])
        else:
            self._text(column, str(value))

    def _text(self, column: int, text: str) -> None:
        if len(text.encode("utf-16-le")) // 2 > CELL_LENGTH:  # a cell counts as UTF-16 does
            text = text.encode("utf-16-le")[: 2 * (CELL_LENGTH - 1)].decode("utf-16-le", errors="ignore") + "…"
            if self._written is not None:
                self._written.cut += 1
        self._sheet.write_string(self.row, column, text, self._styles["text"])


def joined(value: Any) -> object:
    """A nested value as one readable text: entries of a list by '; ', parts of an entry by ' · '.

    A plain value is given back as it is; so is None, and an empty list is the empty text.
    """
    if isinstance(value, Mapping):
        return " · ".join(str(joined(part)) for part in value.values() if part not in (None, [], ""))
    if isinstance(value, list | tuple):
        return "; ".join("" if part is None else str(joined(part)) for part in value)
    return value

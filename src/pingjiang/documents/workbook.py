"""Sheets of plain rows become an xlsx workbook that opens the same everywhere.

Text stays text: nothing that begins with `=` becomes a formula, no patent number becomes a number, no
address becomes a link.
"""

from __future__ import annotations

import datetime
import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_range

from pingjiang.errors import DefinitionError

# What a column may be → its number format. `text`, `prose` (text of many words, wrapped) and `bool` have none.
FORMATS: Mapping[str, str | None] = {
    "text": None,
    "prose": None,
    "bool": None,
    "year": "0",
    "count": "#,##0",
    "money": "#,##0.00",
    "days": "#,##0",
    "number": "#,##0.0",
    "share": "0.0%",
    "ratio": "0.0000",
    "date": "yyyy-mm-dd",
}
# Text stays text, whatever it looks like.
OPTIONS: Mapping[str, bool] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_TAB_LENGTH = 31
CELL_LENGTH = 32_767
_WIDEST = 60.0
_WORDS = frozenset({"text", "prose"})
_LINE_HEIGHT = 15.0
LAST_ROW = 1_048_575
# The arrow of the filter takes so many letters of a head's width.
_ARROW = 3.0
_A4 = 9


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `columns` are (label, kind) with a kind of FORMATS; a cell of None stays empty.

    The first `held` columns stay in sight when the rest is moved sideways. `choices`: label of a column → the texts
    that its cells offer in a list, and others are refused as they are typed.
    """

    name_zh: str
    name_en: str
    title: str
    lines: Sequence[str]
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[object]]
    held: int = 0
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write_workbook(
    path: Path, sheets: Sequence[Sheet], *, first_line: str | None, created: datetime.datetime | None = None
) -> None:
    """Write `sheets` to `path`. `first_line` stands on top of every sheet (what must not be overlooked).

    Above the frozen header of each sheet stand its title and lines. The same sheets and `created` give the
    same bytes. Raises DefinitionError for an unknown kind, a ragged row or a value that does not fit its kind.
    """
    if not sheets:
        raise DefinitionError("a workbook needs at least one sheet")
    names = _tab_names(sheets)
    with tempfile.TemporaryDirectory(prefix="pingjiang-workbook-") as folder, system_errors():
        book = xlsxwriter.Workbook(str(path), {**OPTIONS, "constant_memory": True, "tmpdir": folder})
        try:
            book.set_properties({"created": created or datetime.datetime(2000, 1, 1)})
            styles = styles_of(book)
            for sheet, name in zip(sheets, names, strict=True):
                _write(book.add_worksheet(name), sheet, styles, first_line)
        finally:
            book.close()


@contextmanager
def system_errors() -> Iterator[None]:
    """What the system refuses, as it says it: the library makes an error of its own of it."""
    try:
        yield
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise cause if isinstance(cause, OSError) else error from None


def _tab_names(sheets: Sequence[Sheet]) -> list[str]:
    """Names that Excel takes: at most 31 characters, none of []:*?/\\, each once whatever its case."""
    names: list[str] = []
    taken: set[str] = set()
    for sheet in sheets:
        base = _FORBIDDEN.sub(" ", sheet.name_zh).strip("' ")[:_TAB_LENGTH] or "sheet"
        name, number = base, 2
        while name.lower() in taken:
            suffix = f" {number}"
            name, number = base[: _TAB_LENGTH - len(suffix)] + suffix, number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def styles_of(book: Any) -> dict[str, Any]:
    """The formats of cells by kind, added to a workbook."""
    styles = {kind: book.add_format({"num_format": code} if code else {}) for kind, code in FORMATS.items()}
    styles["text"] = book.add_format({"num_format": "@", "valign": "top"})
    styles["prose"] = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    styles["warning"] = book.add_format({"bold": True, "bg_color": "#ECEAE4"})
    styles["title"] = book.add_format({"bold": True, "font_size": 13})
    styles["line"] = book.add_format({"font_color": "#414D51"})
    styles["header"] = book.add_format(
        {
            "bold": True,
            "bg_color": "#ECEAE4",
            "bottom": 1,
            "bottom_color": "#BDB8AB",
            "valign": "top",
            "text_wrap": True,
        }
    )
    return styles


def _write(page: Any, sheet: Sheet, styles: Mapping[str, Any], first_line: str | None) -> None:
    for label, kind in sheet.columns:
        if kind not in FORMATS:
            raise DefinitionError(f"sheet {sheet.name_en!r}, column {label!r}: unknown kind {kind!r}")
    widths = _widths(sheet)
    for number, (width, (_, kind)) in enumerate(zip(widths, sheet.columns, strict=True)):
        page.set_column(number, number, width, styles[kind])
        if kind in _WORDS:
            page.ignore_errors({"number_stored_as_text": xl_range(0, number, LAST_ROW, number)})
    row = 0
    heads = [("warning", first_line)] if first_line else []
    heads += [("title", sheet.title), *(("line", line) for line in sheet.lines)]
    for style, text in heads:
        page.write_string(row, 0, text or "", styles[style])
        row += 1
    header = row
    _print_setup(page, header)
    page.set_row(header, _LINE_HEIGHT * _header_lines(sheet, widths))
    for column, (label, _) in enumerate(sheet.columns):
        page.write_string(header, column, label, styles["header"])
    for cells in sheet.rows:
        row += 1
        if len(cells) != len(sheet.columns):
            raise DefinitionError(f"sheet {sheet.name_en!r}, row {row + 1}: {len(cells)} cells")
        for column, (value, (label, kind)) in enumerate(zip(cells, sheet.columns, strict=True)):
            _cell(page, row, column, value, kind, styles, f"sheet {sheet.name_en!r}, column {label!r}")
    if sheet.columns:
        page.freeze_panes(header + 1, sheet.held)
        page.autofilter(header, 0, row, len(sheet.columns) - 1)
    if row > header:
        _offer(page, sheet, header + 1, row)


def _offer(page: Any, sheet: Sheet, first: int, last: int) -> None:
    """Lists to choose from, in the cells of the columns that have one."""
    for column, (label, _) in enumerate(sheet.columns):
        if label in sheet.choices:
            listed = {"validate": "list", "source": list(sheet.choices[label])}
            page.data_validation(first, column, last, column, listed)


def _print_setup(page: Any, header: int) -> None:
    """A4 across, all columns on one sheet's width, the header on every sheet."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header)
    page.set_footer("&L&A&R&P / &N")


def _cell(page: Any, row: int, column: int, value: object, kind: str, styles: Mapping[str, Any], where: str) -> None:
    """Write one value as what its column is, never as what it looks like."""
    if value is None:
        return
    if kind in _WORDS:
        page.write_string(row, column, _fit(str(value)), styles[kind])
    elif kind == "bool" and isinstance(value, bool):
        page.write_boolean(row, column, value, styles["bool"])
    elif kind == "date" and isinstance(value, datetime.date):
        page.write_datetime(row, column, value, styles["date"])
    elif kind not in ("bool", "date") and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        page.write_number(row, column, value, styles[kind])
    else:
        raise DefinitionError(f"{where}: {value!r} is no {kind}")


def _fit(text: str) -> str:
    """Text cut to what a cell holds, with the cut shown."""
    return text if len(text) <= CELL_LENGTH else text[: CELL_LENGTH - 1] + "…"


def _widths(sheet: Sheet) -> list[float]:
    """Column widths from the header and the first 200 rows; a Chinese character counts as two."""
    widths = []
    for number, (label, kind) in enumerate(sheet.columns):
        longest = measure(label) + 3.0
        for cells in sheet.rows[:200]:
            value = cells[number] if number < len(cells) else None
            if value is not None:
                longest = max(longest, measure(f"{value:,}" if kind == "count" else str(value)[:80]) + 1.5)
        widths.append(min(_WIDEST, max(8.0, longest if kind in _WORDS else min(longest, 18.0))))
    return widths


def _header_lines(sheet: Sheet, widths: Sequence[float]) -> int:
    """On how many lines the longest of the wrapped heads stands."""
    rooms = zip((label for label, _ in sheet.columns), widths, strict=True)
    return max((math.ceil(measure(label) / max(1.0, width - _ARROW)) for label, width in rooms), default=1)


def measure(text: str) -> float:
    """How wide a text is, in letters; a Chinese character counts as two."""
    return sum(2.0 if ord(letter) > 0x2E80 else 1.0 for letter in text)

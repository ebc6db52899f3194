"""The texts of a spreadsheet's cells, as people mean them.

The reader gives text for every cell; what it writes differently from what a person means is put right here:
dates (an ISO day instead of a time of midnight), long decimals (`97101765.4`, not `97101765.400000006`), and
numbers past the 15 digits that a spreadsheet keeps (they get the E of a number that is no longer known).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

_MIDNIGHT = r"\d{4}-\d\d-\d\d[ T]00:00:00(?:\.0+)?"
_BEYOND_CALENDAR = re.compile(r"\+(\d{5,})-(\d\d)-(\d\d) .*")
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{9}")
_LONG_INTEGER = re.compile(r"-?\d{16,}")
_TIME_OF_DAY = re.compile(r"1899-12-3[01] (\d\d:\d\d:\d\d(?:\.\d+)?)")
_REWRITTEN = "|".join(
    "(?:" + pattern + ")"
    for pattern in (
        _MIDNIGHT,
        _BEYOND_CALENDAR.pattern,
        _LONG_DECIMAL.pattern,
        _LONG_INTEGER.pattern,
        _TIME_OF_DAY.pattern,
    )
)
_DAY_ZERO = date(1899, 12, 30).toordinal()
_LARGEST_EXACT = 2**53


def as_meant(column: pa.Array, is_number: Callable[[], pa.Array]) -> pa.Array:
    """A column of texts with dates and numbers as a person means them. `is_number` tells which cells are numbers."""
    rewritten = pc.match_substring_regex(column, rf"\A(?:{_REWRITTEN})\z")
    if not pc.any(rewritten).as_py():
        return column
    midnight = pc.match_substring_regex(column, rf"\A{_MIDNIGHT}\z")
    column = pc.if_else(midnight, pc.utf8_slice_codeunits(column, 0, 10), column)
    rest = pc.fill_null(pc.and_not(rewritten, midnight), False)
    if not pc.any(rest).as_py():
        return column
    texts = column.filter(rest).to_pylist()  # few: everything else is done column by column
    if any(_LONG_INTEGER.fullmatch(text) for text in texts):
        numbers = is_number().filter(rest).to_pylist()
    else:
        numbers = [False] * len(texts)
    meant = [_meant(text, number) for text, number in zip(texts, numbers, strict=True)]
    return pc.replace_with_mask(column, rest, pa.array(meant, pa.string()))


def _meant(text: str, is_number: bool) -> str:
    """One cell as it is meant."""
    if _LONG_INTEGER.fullmatch(text):
        return _no_longer_known(text) if is_number else text
    if _LONG_DECIMAL.fullmatch(text):
        return _short_decimal(text)
    if found := _BEYOND_CALENDAR.fullmatch(text):
        return _serial_number(*map(int, found.groups()))
    found = _TIME_OF_DAY.fullmatch(text)
    return found[1] if found else text


def _short_decimal(text: str) -> str:
    """A number with nine decimals, as the fifteen digits that a spreadsheet keeps and shows.

    >>> _short_decimal("97101765.400000006"), _short_decimal("123456.123456789")
    ('97101765.4', '123456.123456789')
    """
    short = f"{float(text):.15g}"
    return text if "e" in short else short


def _serial_number(year: int, month: int, day: int) -> str:
    """The number under a date past the year 9999: nobody meant that date.

    >>> _serial_number(24920, 1, 30)
    '8407913'
    """
    cycles, rest = divmod(year - 2000, 400)
    return str(date(2000 + rest, month, day).toordinal() + cycles * 146_097 - _DAY_ZERO)


def _no_longer_known(text: str) -> str:
    """A number cell past 15 digits: what lies behind them is made up, so it is shown as a spreadsheet does.

    >>> _no_longer_known("100000000000000000000"), _no_longer_known("9007199254740991")
    ('1E+20', '9007199254740991')
    """
    return text if abs(int(text)) < _LARGEST_EXACT else f"{float(text):.15G}"

"""A column of numbers at once: each distinct text is read once, and the usual shapes by one regular expression.

The fast shapes are those in which the text is its own identity ('CN109462287A', 'US-11355780-B2') or nearly so; they
are read for all texts together. Whatever is not plainly one of them goes to `parse`, which alone knows the rules: a
property test holds that both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeVar, cast

from pingjiang.identifiers.folding import AUTHORITIES
from pingjiang.identifiers.number import CN_WEIGHTS, NumberUnreadable, What
from pingjiang.identifiers.parsed import ParsedNumbers
from pingjiang.identifiers.patent import parse
from pingjiang.identifiers.us_series import LAST_PLAIN_YEAR, fits, kind_of_series

# id, authority, number, kind, check, warnings, error
_Row = tuple[str | None, str | None, str | None, str | None, str | None, str | None, str | None]
_T = TypeVar("_T")
_EMPTY: Final[_Row] = (None, None, None, None, None, None, "empty")

# Groups: identity, authority, number, kind. One match a line, empty where the line is of no fast shape. Years end
# before the present one, so that `parse` decides which years can be.
_PUBLICATION: Final = re.compile(
    r"""^(?:(
        ([A-Z]{2})
        ( (?<=CN)[1-4]\d{6}(?:\d\d)?(?=[A-Z])
        | (?<=US)(?:[1-9]\d{6}|1\d{7})(?=A$|B[12]$)
        | (?<=US)20(?:0[1-9]|1\d|2[0-4])0\d{6}(?=A\d$)
        | (?<=EP)(?!0{7})\d{7}(?=[A-Z])
        | (?<=WO)(?:19[89]\d|20[01]\d|202[0-4])(?!0{6})\d{6}(?=[ABU])
        | (?<=JP)20(?:[01]\d|2[0-4])\d{6}(?=[AU]\d?$)
        | (?<=JP)(?:2[5-9]\d{5}|[3-8](?:[2-9]\d{5}|1[3-9]\d{4}))(?=B[12]$)
        | (?<=KR)20(?:[01]\d|2[0-4])\d{7}(?=[AU]\d?$)
        | (?<=KR)(?:10\d{7}(?=B\d$)|20\d{7}(?=Y\d$))
        | (?<=DE)(?:10|11|20|60)20\d{8}(?=[A-Z])
        | (?<=TW)20(?:[01]\d|2[0-4])\d{5}(?=A$)
        | (?<=TW)I\d{6}(?=B$)
        )
        ([A-Z]\d?)
    )$|.*$)""",
    re.VERBOSE | re.MULTILINE,
)
# Groups: CN number, its check character; US series, serial; PCT office, year, serial; JP number; KR number; EP
# number, without those that may be a year of four digits and a serial; short PCT office, year, serial.
_APPLICATION: Final = re.compile(
    r"""^(?:
        CN((?:198[5-9]|199\d|20[0-4]\d)[12389]\d{7})\.?([\dX])
      | US(\d\d)/(\d{3}),?(\d{3})
      | PCT/([A-Z]{2})((?:19[89]\d|20[01]\d|202[0-4])/\d{6})
      | JP(20(?:[01]\d|2[0-4])\d{6})
      | KR10(20(?:[01]\d|2[0-4])\d{7})
      | EP((?:7[89]|[89]\d|0\d|1[0-8]|2[1-4])\d{6})
      | WO([A-Z]{2})((?:[89]\d|0\d|1[0-8]|2[1-4])\d{6})
      | .*
    )$""",
    re.VERBOSE | re.MULTILINE,
)

# A series of utility applications and a serial; four digits that may be a year are none.
_US_EIGHT: Final = re.compile(r"US(1[0-7]|18(?=[0-3]))(\d{6})")


def parse_many(
    texts: Sequence[str | None],
    *,
    what: What,
    authority: str | Sequence[str | None] | None = None,
    year: int | Sequence[int | None] | None = None,
) -> ParsedNumbers:
    """`parse` of a column, never raising: what cannot be read has its code in `error`. None counts as empty.

    `authority` and `year` are one value for all or one a row; ValueError if their length differs.
    """
    distinct = list(dict.fromkeys(texts))
    quick = _publications if what == "publication" else _applications
    found: list[_Row | None] = quick([text or "" for text in distinct])
    by_text = dict(zip(distinct, found, strict=True))
    rows: list[_Row | None]
    rows = found if len(distinct) == len(texts) else [by_text[text] for text in texts]
    authorities = _per_row(authority, str, len(texts))
    years = _per_row(year, int, len(texts))
    slow: dict[tuple[str | None, str | None, int | None], _Row] = {}
    for at in [at for at, row in enumerate(rows) if row is None]:
        key = (texts[at], authorities(at), years(at))
        if key not in slow:
            slow[key] = (_us_application(key[0], key[2]) if what == "application" else None) or _row(
                key[0], what, key[1], key[2]
            )
        rows[at] = slow[key]
    whole = cast("list[_Row]", rows)
    return ParsedNumbers(
        what,
        [row[0] for row in whole],
        [row[1] for row in whole],
        [row[2] for row in whole],
        [row[3] for row in whole],
        [row[4] for row in whole],
        [row[5] for row in whole],
        [row[6] for row in whole],
    )


def _per_row(value: _T | Sequence[_T | None] | None, single: type[_T], size: int) -> Callable[[int], _T | None]:
    """A function of the row: the same value for all, or the row's own."""
    if value is None or isinstance(value, single):
        return lambda at: value
    column = cast("Sequence[_T | None]", value)
    if len(column) != size:
        raise ValueError(f"a column of {len(column)} values beside {size} numbers")
    return column.__getitem__


def _row(text: str | None, what: What, authority: str | None, year: int | None) -> _Row:
    if text is None:
        return _EMPTY
    try:
        number = parse(text, what=what, authority=authority, year=year)
    except NumberUnreadable as refusal:
        return (None, None, None, None, None, None, refusal.code)
    warnings = ",".join(number.warnings) or None
    return (number.id, number.authority, number.number, number.kind, number.check, warnings, None)


def _us_application(text: str | None, year: int | None) -> _Row | None:
    """The row of a US application written as eight digits, where the filing year leaves one reading only.

    From 2012 on it is series and serial: serial and two-digit year were written up to 2011.
    """
    found = _US_EIGHT.fullmatch(text) if text is not None and year is not None and year > LAST_PLAIN_YEAR else None
    if found is None or year is None or not fits(found[1], year, int(found[2])):
        return None
    number = found[1] + found[2]
    return (f"US{number}", "US", number, "A", None, None, None)


def _lines(texts: list[str]) -> str:
    """The texts, one a line. A text with line breaks of its own becomes an empty line: `parse` reads it."""
    joined = "\n".join(texts)
    if joined.count("\n") != max(0, len(texts) - 1):
        joined = "\n".join("" if "\n" in text else text for text in texts)
    return joined


def _publications(texts: list[str]) -> list[_Row | None]:
    """Rows of texts of a fast shape, None for the others. Spaces, hyphens and slashes mean nothing in these."""
    if not texts:
        return []
    squeezed = _lines(texts).replace(" ", "").replace("-", "").replace("/", "")
    return [
        (id_, authority, number, kind, None, None, None) if id_ and text[:2] == authority else None
        for text, (id_, authority, number, kind) in zip(texts, _PUBLICATION.findall(squeezed), strict=True)
    ]


def _applications(texts: list[str]) -> list[_Row | None]:
    """Rows of texts of a fast shape, None for the others."""
    if not texts:
        return []
    rows: list[_Row | None] = []
    row: _Row | None
    checks = _check_sums()
    found = _APPLICATION.findall(_lines(texts))
    for cn, check, series, high, low, office, serial, jp, kr, ep, short_office, short in found:
        if cn:
            right = "0123456789X"[(checks[0][cn[:4]] + checks[1][cn[4:8]] + checks[2][cn[8:]]) % 11]
            kind = "A" if cn[4] in "18" else "F" if cn[4] == "3" else "U"
            warning = None if check == right else "check_digit"
            row = (f"CN{cn}" if kind == "A" else f"CN{cn}{kind}", "CN", cn, kind, check, warning, None)
        elif series:
            kind = kind_of_series(series)
            number = series + high + low
            row = (f"US{number}" if kind == "A" else f"US{number}{kind}", "US", number, kind, None, None, None)
        elif office:
            number = office + serial[:4] + serial[5:]
            row = (f"WO{number}", "WO", number, "W", None, None, None) if office in AUTHORITIES else None
        elif jp:
            row = (f"JP{jp}", "JP", jp, "A", None, None, None)
        elif kr:
            row = (f"KR{kr}", "KR", kr, "A", None, None, None)
        elif ep:
            row = (f"EP{ep}", "EP", ep, "A", None, None, None)
        elif short:
            number = f"{short_office}{'19' if short >= '78' else '20'}{short}"
            row = (f"WO{number}", "WO", number, "W", None, None, None) if short_office in AUTHORITIES else None
        else:
            row = None
        rows.append(row)
    return rows


@cache
def _check_sums() -> tuple[dict[str, int], ...]:
    """For each of the three groups of four digits: the sum of its digits by their weights."""
    groups = [f"{group:04d}" for group in range(10_000)]
    return tuple(
        {group: int(group[0]) * a + int(group[1]) * b + int(group[2]) * c + int(group[3]) * d for group in groups}
        for a, b, c, d in (CN_WEIGHTS[0:4], CN_WEIGHTS[4:8], CN_WEIGHTS[8:12])
    )

"""Which row of a table is its header: title rows may stand above it, and it may take two rows or be missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pingjiang.files.table import KnownHeaders, clean_header

ROWS_SEARCHED = 30
_LONGEST_HEADER = 120
# What stands in data and not in header cells: a run of digits, a number (a year may head a column), a date, a link.
_DATUM = re.compile(r"\d{5,}|://|^\d{4}[-/.年]\d{1,2}|^[-+]?[\d.,]+%?$")
_YEAR = re.compile(r"(1[89]|20)\d\d年?$")

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class HeaderPlace:
    """The header found. `data_from` is the position, among the rows given, of the first row of data."""

    header: tuple[str, ...]
    header_row: int
    data_from: int
    preamble: tuple[tuple[str, ...], ...]


def find_header(rows: Sequence[Row], known: KnownHeaders) -> HeaderPlace:
    """The header among the first rows of a table: (row number as shown, cells), rows without text left out.

    The row with most known header names wins. Where no name is known, the first row that is as wide as the
    table is the header if it looks like one; a table of numbers has none: header () and header_row 0.
    """
    cleaned = [[clean_header(cell) for cell in cells] for _, cells in rows[:ROWS_SEARCHED]]
    best = _best_known(cleaned, known)
    if best is None:
        return _by_looks(rows, cleaned)
    labels, top, bottom = cleaned[best], best, best
    for upper in (best, best - 1):
        if upper >= 0 and upper + 1 < len(cleaned) and rows[upper + 1][0] == rows[upper][0] + 1:
            joined = _joined(cleaned[upper], cleaned[upper + 1], cleaned[best], known)
            if joined is not None:
                labels, top, bottom = joined, upper, upper + 1
                break
    return _place(rows, cleaned, labels, top, bottom)


def _place(
    rows: Sequence[Row], cleaned: Sequence[Sequence[str]], labels: Sequence[str], top: int, bottom: int
) -> HeaderPlace:
    return HeaderPlace(_without_tail(labels), rows[bottom][0], bottom + 1, _preamble(cleaned[:top]))


def _preamble(cleaned: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(_without_tail(cells) for cells in cleaned)


def _without_tail(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells without the empty ones at the end."""
    end = max((index + 1 for index, cell in enumerate(cells) if cell), default=0)
    return tuple(cells[:end])


def _is_datum(cell: str) -> bool:
    return _DATUM.search(cell) is not None and _YEAR.match(cell) is None


def _best_known(cleaned: Sequence[Sequence[str]], known: KnownHeaders) -> int | None:
    """The row with most known names over and above its data; a single name is enough in narrow rows only."""
    best, best_score = None, 0
    for index, cells in enumerate(cleaned):
        filled = [cell for cell in cells if cell]
        names = known(cells)
        score = names - sum(_is_datum(cell) for cell in filled)
        enough = 2 if len(filled) > 2 else 1
        if names >= enough and score > best_score:
            best, best_score = index, score
    return best


def _by_looks(rows: Sequence[Row], cleaned: Sequence[Sequence[str]]) -> HeaderPlace:
    """The first row as wide as the table, if it reads like names; else no header, and data from there on."""
    widths = Counter(len(_without_tail(cells)) for cells in cleaned)
    usual = max(widths, key=lambda width: (widths[width], width))
    for index, cells in enumerate(cleaned):
        filled = [cell for cell in cells if cell]
        if len(filled) * 2 >= usual:
            if any(_is_datum(cell) or len(cell) > _LONGEST_HEADER for cell in filled):
                return HeaderPlace((), 0, index, _preamble(cleaned[:index]))
            return _place(rows, cleaned, cells, index, index)
    return HeaderPlace((), 0, 0, ())


def _joined(upper: Sequence[str], lower: Sequence[str], alone: Sequence[str], known: KnownHeaders) -> list[str] | None:
    """Two header rows as one, where that helps: more names are known, or repeated ones are told apart.

    `alone` is the row that would be the header by itself.
    """
    below = [cell for cell in lower if cell]
    if not below or any(_is_datum(cell) for cell in [*upper, *lower] if cell):
        return None
    width = max(len(upper), len(lower))
    upper = [*upper, *[""] * (width - len(upper))]
    lower = [*lower, *[""] * (width - len(lower))]
    labels = _labels(upper, lower, known)
    mostly_names = known(below) * 2 >= len(below)
    if mostly_names and known(labels) > known(alone):
        return labels
    if mostly_names and min(known(upper), known(below)) >= 2 and not any(_blank_over(upper, lower)):
        return labels
    # A row of names that are known each for itself is the header: what stands below it is data.
    over = [cell for cell in upper if cell]
    if known(over) * 2 >= len(over):
        return None
    return labels if _tells_apart(upper, lower, labels) else None


def _blank_over(upper: Sequence[str], lower: Sequence[str]) -> list[bool]:
    return [bool(low) and not up for up, low in zip(upper, lower, strict=True)]


def _labels(upper: Sequence[str], lower: Sequence[str], known: KnownHeaders) -> list[str]:
    """One label a column. A group's cell stands over its first column only: it is carried to the right."""
    labels, group = [], ""
    times, groups = Counter(lower), Counter(upper)
    for own, sub in zip(upper, lower, strict=True):
        group = own or (group if sub else "")
        if not sub or not group:
            labels.append(sub or own)
        elif known([sub]) and times[sub] == 1:
            labels.append(sub)
        elif own and known([own]) and groups[own] == 1:
            labels.append(own)
        else:
            labels.append(sub if times[sub] == 1 else f"{group} / {sub}")
    return labels


def _tells_apart(upper: Sequence[str], lower: Sequence[str], labels: Sequence[str]) -> bool:
    """Whether names repeated in the lower row all become different under at least two groups above them."""
    repeated = [index for index, sub in enumerate(lower) if sub and list(lower).count(sub) > 1]
    groups = [cell for cell in upper if cell]
    made = [labels[index] for index in repeated]
    return bool(repeated) and len(groups) >= 2 and len(set(made)) == len(made) and len(set(groups)) == len(groups)

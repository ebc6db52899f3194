"""A column of numbers at once. First correct: each distinct text is parsed once."""

from __future__ import annotations

from collections.abc import Sequence

from pingjiang.identifiers.number import NumberUnreadable, What
from pingjiang.identifiers.parsed import ParsedNumbers
from pingjiang.identifiers.patent import parse

_Row = tuple[
    str | None, str | None, str | None, str | None, str | None, str | None, str | None
]  # id, authority, number, kind, check, warnings, error
_EMPTY: _Row = (None, None, None, None, None, None, "empty")


def parse_many(
    texts: Sequence[str | None],
    *,
    what: What,
    authority: str | None | Sequence[str | None] = None,
    filing_year: int | None | Sequence[int | None] = None,
) -> ParsedNumbers:
    """`parse` of a column, never raising: what cannot be read has its code in `error`. None counts as empty.

    `authority` and `filing_year` are one value for all or one a row.
    """
    size = len(texts)
    authorities = [authority] * size if authority is None or isinstance(authority, str) else authority
    years = [filing_year] * size if filing_year is None or isinstance(filing_year, int) else filing_year
    known: dict[tuple[str | None, str | None, int | None], _Row] = {}
    rows: list[_Row] = []
    for key in zip(texts, authorities, years, strict=True):
        row = known.get(key)
        if row is None:
            row = known[key] = _row(key[0], what, key[1], key[2])
        rows.append(row)
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    return ParsedNumbers(what, *(list(column) for column in columns))


def _row(text: str | None, what: What, authority: str | None, year: int | None) -> _Row:
    if text is None:
        return _EMPTY
    try:
        number = parse(text, what=what, authority=authority, filing_year=year)
    except NumberUnreadable as refusal:
        return (None, None, None, None, None, None, refusal.code)
    return (
        number.id, number.authority, number.number, number.kind, number.check,
        ",".join(number.warnings) or None, None,
    )  # fmt: skip

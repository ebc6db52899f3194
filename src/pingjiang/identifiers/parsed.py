"""What `parse_many` gives: parallel lists, one entry a row."""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.identifiers.number import What


@dataclass(frozen=True, slots=True)
class ParsedNumbers:
    """A column of numbers, read. All lists have the length of the input.

    id         compact identity ('CN109462287A'), None where the text is no number
    authority  two letters, None likewise
    number     number without authority and kind, None likewise
    kind       kind code; None also where the text has none
    check      check character of Chinese applications
    warnings   codes joined by ',' or None ('check_digit', 'float_artefact', 'ambiguous', 'year_conflict')
    error      code of NumberUnreadable ('empty', 'spreadsheet_number', ...) or None
    """

    what: What
    id: list[str | None]
    authority: list[str | None]
    number: list[str | None]
    kind: list[str | None]
    check: list[str | None]
    warnings: list[str | None]
    error: list[str | None]

    def __len__(self) -> int:
        return len(self.id)

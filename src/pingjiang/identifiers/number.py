"""What a patent number is once it has been read: PatentNumber, its identity and its written forms.

Three written forms, all of which `parse` reads back to the same number:

    id       'CN109462287A'      compact identity: authority + number + kind, leading zeros dropped
    docdb    'CN.109462287.A'    as the EPO's DOCDB writes it, joined by dots
    display  'CN109462287A', 'CN201811107071.6', 'US 11,355,780 B2': what a person expects to see

An application that is written without a kind letter is taken as a patent application (kind 'A'), as all
tools do; utility models ('U'), designs ('F') and provisionals ('P') carry their letter or number series.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from pingjiang.identifiers.show import docdb_parts, kind_goes_without_saying, shown

What = Literal["publication", "application"]

CN_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


class NumberUnreadable(ValueError):
    """A text that is no patent number. `code` says why, fit for a receipt.

    empty               nothing there, or a sign for nothing ('-', 'NA', '无')
    spreadsheet_number  a spreadsheet made it a rounded number ('2.01E+12'): the digits are lost
    no_authority        no country code in the text and none given, or one that no office has
    not_publication     an application number where a publication number is expected
    not_application     a publication number where an application number is expected
    unreadable          anything else that fits no rule
    """

    def __init__(self, code: str, text: str | None) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{code}: {text!r}")


@dataclass(frozen=True, slots=True)
class PatentNumber:
    """One patent publication or application number. Equality is that of the thing numbered.

    authority  two letters (WIPO ST.3), 'WO' also for international applications
    number     the number without authority and kind, in the office's full form ('201811107071',
               '20110185700', 'RE48294', 'H0723487', 'US2015035353' for PCT/US2015/035353)
    kind       'A', 'B2', ...; None only for a publication written without one
    what       'publication' or 'application'
    warnings   codes: 'check_digit' (written check digit does not fit), 'float_artefact' (a trailing '.0' was
               dropped), 'ambiguous' (another reading exists; a filing year may decide), 'year_conflict' (no reading
               agrees with the filing year given; read without it)
    check      check character of a Chinese application: as written, else computed; None for others
    year       filing year where the text or the caller told it and the number alone does not (US)
    """

    authority: str
    number: str
    kind: str | None
    what: What
    warnings: tuple[str, ...] = field(default=(), compare=False)
    check: str | None = field(default=None, compare=False)
    year: int | None = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """Compact identity, e.g. 'CN109462287A'; for applications the usual kind is left out."""
        if self.what == "application" and kind_goes_without_saying(self.authority, self.number, self.kind):
            return self.authority + self.number
        return f"{self.authority}{self.number}{self.kind or ''}"

    @property
    def docdb(self) -> str:
        """DOCDB form joined by dots, e.g. 'CN.109462287.A', 'US.2011185700.A1', 'US.2015035353.W'.

        A US application whose filing year is unknown has no DOCDB form; it is given as series and serial
        without kind ('US.16854380').
        """
        return ".".join(docdb_parts(self.authority, self.number, self.kind, self.what, self.year))

    @property
    def display(self) -> str:
        """What a person expects to see, e.g. 'CN201811107071.6', 'US 11,355,780 B2', 'PCT/US2015/035353'."""
        return shown(self.authority, self.number, self.kind, self.what, self.check)


def cn_check_digit(digits: str) -> str:
    """Check character ('0'-'9' or 'X') of a Chinese application number of 8 or 12 digits.

    C = sum(digit * weight) mod 11, weights 2..9 and then 2..5, 10 written X (ZC 0006-2003).
    Raises ValueError for anything but 8 or 12 ASCII digits.
    """
    if len(digits) not in (8, 12) or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"a Chinese application number has 8 or 12 digits, not {digits!r}")
    total = sum(int(digit) * weight for digit, weight in zip(digits, CN_WEIGHTS, strict=False))
    return "0123456789X"[total % 11]

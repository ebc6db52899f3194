"""What the rules of several offices share: making a number, refusing, years, the international application."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NoReturn

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import NumberUnreadable, PatentNumber, What

# Digits that would be a year in the future are no year: no number bears it yet.
LAST_YEAR: Final = date.today().year + 1


def refuse(w: Written, code: str = "unreadable") -> NoReturn:
    """Raise NumberUnreadable for a text that fits no rule of the office."""
    raise NumberUnreadable(code, w.authority + w.raw)


def made(
    w: Written,
    number: str,
    kind: str | None,
    what: What,
    *,
    warnings: tuple[str, ...] = (),
    check: str | None = None,
    year: int | None = None,
) -> PatentNumber:
    """A PatentNumber of the office that `w` names."""
    return PatentNumber(w.authority, number, kind, what, warnings, check, year)


def four_digit_year(digits: str, first: int) -> int | None:
    """The year in `digits` if it lies between `first` and LAST_YEAR, else None."""
    year = int(digits)
    return year if first <= year <= LAST_YEAR else None


def full_year(two_digits: str, first: int) -> int:
    """'99' -> 1999, '07' -> 2007, with the century such that the year is not before `first`."""
    year = first - first % 100 + int(two_digits)
    return year if year >= first else year + 100


def application_kind(w: Written, what: What = "application") -> str:
    """The kind of an application: as written, else 'A'. A kind with a digit belongs to a publication."""
    if w.kind is None:
        return "A"
    if len(w.kind) > 1:
        refuse(w, "not_application")
    return w.kind


def international(receiving: str, year: int, serial: str) -> PatentNumber:
    """PCT/US2015/035353 as ('WO', 'US2015035353', 'W'): receiving office, year, six digits."""
    return PatentNumber("WO", f"{receiving}{year}{int(serial):06d}", "W", "application")


_STANDIN: Final = re.compile(r"\d{1,9}[DXT]|X\d{4,8}")
_STANDIN_T: Final = frozenset({"CA", "FR", "GB", "US"})  # elsewhere T is the kind of a translation


def standin(w: Written) -> str | None:
    """DOCDB's stand-in for an unknown application number, else None.

    It is the number of the publication or priority with a letter: '3564134D', '610804X', '190113488T'.
    """
    if _STANDIN.fullmatch(w.flat):
        return w.flat.lstrip("0")
    if w.flat.isdigit() and (w.kind in ("D", "X") or (w.kind == "T" and w.authority in _STANDIN_T)):
        return w.flat.lstrip("0") + (w.kind or "")
    return None


def from_kind_w(w: Written) -> PatentNumber | None:
    """An international application in DOCDB form ('US 2006000980 W', 'US 9912817 W'), else None."""
    if w.kind != "W" or not w.flat.isdigit():
        return None
    if len(w.flat) > 8:
        year = four_digit_year(w.flat[:4], 1978)
        if len(w.flat) > 10 and (len(w.flat) > 11 or w.flat[4] != "0"):
            return None
        return None if year is None else international(w.authority, year, w.flat[4:])
    if len(w.flat) in (7, 8):
        return international(w.authority, full_year(w.flat[:2], 1978), w.flat[2:])
    return None


def nearest(readings: Sequence[tuple[int, str]], filing_year: int | None) -> list[str]:
    """The numbers whose year agrees best with the filing year: the same, else up to four years later.

    A number may bear a later year than its filing date: divisions and entries from the PCT keep the date of the
    application that they come from. Where nothing agrees, or no year is given, all stay, in their order.
    """
    if filing_year is not None:
        for later in range(5):
            found = [number for year, number in readings if year - filing_year == later]
            if found:
                return list(dict.fromkeys(found))
    return list(dict.fromkeys(number for _, number in readings))

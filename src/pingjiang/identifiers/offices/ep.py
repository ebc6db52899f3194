"""European Patent Office.

Publications have seven digits, leading zeros included. Applications: two-digit year, six digits, check digit
(Luhn). EPODOC writes the year in full and seven digits, other sources the year in full and the serial with or
without its leading zeros.
"""

from __future__ import annotations

from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices.common import (
    LAST_YEAR,
    application_kind,
    four_digit_year,
    from_kind_w,
    full_year,
    made,
    nearest,
    refuse,
)

_FIRST: Final = 1978
_PAPER_ENDED: Final = 2018  # serials below 100,000 were those of paper filings


def publication(w: Written) -> PatentNumber:
    """EP3188474A1, EP21717A1, 'EP 0004765 B1'."""
    if not w.flat.isdigit() or len(w.flat) > 7 or not w.flat.strip("0"):
        refuse(w, "not_publication" if w.flat.isdigit() and len(w.flat) > 7 else "unreadable")
    return made(w, w.flat.zfill(7), w.kind, "publication")


def luhn(digits: str) -> str:
    """Check digit of a European application number of eight digits ('18206603' -> '5')."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def application(w: Written) -> PatentNumber:
    """EP18206603.5, 'EP 83101967 A', EP182066035A, EP20220162490, EP2014290118, EP200613167A."""
    found = from_kind_w(w)
    if found is not None:
        return found
    kind = application_kind(w)
    if not w.flat.isdigit():
        refuse(w)
    readings = nearest([(full_year(number[:2], _FIRST), number) for number in _readings(w.flat)], w.year)
    if not readings:
        refuse(w)
    return made(w, readings[0], kind, "application", warnings=("ambiguous",) if len(readings) > 1 else ())


def _readings(digits: str) -> list[str]:
    """All eight-digit numbers that the digits may stand for, the likeliest first."""
    readings: list[str] = []
    year = four_digit_year(digits[:4], _FIRST) if len(digits) > 4 else None
    if len(digits) == 8 and full_year(digits[:2], _FIRST) <= LAST_YEAR:
        readings.append(digits)
    if len(digits) == 9 and luhn(digits[:8]) == digits[8]:
        readings.append(digits[:8])
    if year is not None and len(digits) <= 10 and (len(digits) > 8 or year < _PAPER_ENDED):
        readings.append(f"{year % 100:02d}{int(digits[4:]):06d}")
    if len(digits) == 11 and year is not None:
        if digits[4] == "0":
            readings.append(f"{year % 100:02d}{digits[5:]}")
        typed = digits[2:10]  # year in full, six digits, check digit; serials below 100,000 ended with paper
        if luhn(typed) == digits[10] and (digits[4] != "0" or (year < _PAPER_ENDED and int(digits[4:10]) < 30_000)):
            readings.append(typed)
    if len(digits) == 9 and not readings:
        readings.append(digits[:8])
    if len(digits) == 7:
        readings.append("0" + digits)  # a leading zero lost
    return readings

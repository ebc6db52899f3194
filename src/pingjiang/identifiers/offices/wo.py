"""WIPO: international publications (WO 2014/080385) and international applications (PCT/US2015/035353).

Publications: two-digit year and five digits to June 2002 (six to 2003), then year and six digits; here always
the four-digit year and six digits. Applications likewise, by receiving office; DOCDB gives them kind W under
the receiving office, EPODOC as WO, year, office, serial ('WO2017US28920').
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import AUTHORITIES, Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices.common import (
    LAST_YEAR,
    four_digit_year,
    full_year,
    international,
    made,
    refuse,
)

_FIRST: Final = 1978
_SLASHED: Final = re.compile(r"(?:PCT)?[/ -]*([A-Z]{2})[ -]?(\d{4}|\d{2})[/ -](\d{1,7})")
_OFFICE_FIRST: Final = re.compile(r"(?:PCT)?([A-Z]{2})(\d{7,10})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([A-Z]{2})(\d{1,7})")


def publication(w: Written) -> PatentNumber:
    """WO2014080385A2, 'WO 2005/123456', WO9838851A1, WO200004016A3, WO03103424A1; WO097993S (design)."""
    digits = w.flat
    if not digits.isdigit():
        refuse(w, "not_publication" if digits.startswith("PCT") else "unreadable")
    if w.kind is not None and w.kind[0] == "S":
        return made(w, digits.lstrip("0"), w.kind, "publication")
    year: int | None = None
    serial = ""
    if len(digits) in (9, 10):
        year, serial = four_digit_year(digits[:4], _FIRST), digits[4:]
    elif len(digits) in (7, 8):
        year, serial = full_year(digits[:2], _FIRST), digits[2:]
    if year is None or year > LAST_YEAR or not serial.strip("0"):
        refuse(w)
    return made(w, f"{year}{int(serial):06d}", w.kind, "publication")


def application(w: Written) -> PatentNumber:
    """PCT/EP2014/078449, PCT/US99/12817, WO2017US28920A, WOUS21036939, WOPCT/CN2015/075923."""
    if w.kind is not None and len(w.kind) > 1:
        refuse(w, "not_application")
    slashed = _SLASHED.fullmatch(w.raw)
    if slashed is not None and slashed.group(1) in AUTHORITIES:
        return international(slashed.group(1), _year(w, slashed.group(2)), slashed.group(3))
    first = _OFFICE_FIRST.fullmatch(w.flat)
    if first is not None and first.group(1) in AUTHORITIES:
        digits = first.group(2)
        cut = 2 if len(digits) <= 8 else 4
        return international(first.group(1), _year(w, digits[:cut]), digits[cut:])
    epodoc = _YEAR_FIRST.fullmatch(w.flat)
    if epodoc is not None and epodoc.group(2) in AUTHORITIES:
        return international(epodoc.group(2), _year(w, epodoc.group(1)), epodoc.group(3))
    if w.flat.isdigit() and 4 <= len(w.flat) <= 6:  # an international design (Hague)
        return made(w, w.flat.lstrip("0"), "F", "application")
    refuse(w, "not_application" if w.flat.isdigit() else "unreadable")


def _year(w: Written, digits: str) -> int:
    year = full_year(digits, _FIRST) if len(digits) == 2 else four_digit_year(digits, 1960)
    if year is None:
        refuse(w)
    return year

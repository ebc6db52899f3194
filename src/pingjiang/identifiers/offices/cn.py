"""China (CNIPA).

Applications: YY T NNNNN to September 2003, YYYY T NNNNNNN from October 2003 (ZC 0006-2003), each with a check
character that older prints and DOCDB leave out. T: 1 invention, 2 utility model, 3 design, 8 and 9
international applications for the first two. Publications: 7 digits, from 2007 on 9; until 1988 the
application number served (rules.md 7). EPODOC writes YYYY T NNNNNN: one leading zero of the serial is lost.
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber, cn_check_digit
from pingjiang.identifiers.offices.common import from_kind_w, international, made, refuse

_KIND_BY_TYPE: Final = {"1": "A", "2": "U", "3": "F", "8": "A", "9": "U"}
_APPLICATION: Final = re.compile(
    r"(?:((?:198[5-9]|199\d|20[0-5]\d)[12389]\d{7})|((?:8[5-9]|9\d|0[0-3])[12389]\d{5}))([\dX])?[AUFSD]?"
)
_EPODOC: Final = re.compile(r"(198[5-9]|199\d|20\d\d)([12389])(\d{6})[AUFS]?")
_OLD_PUBLICATION: Final = re.compile(r"(?:19)?(8[5-9][123]\d{5})")
_PCT: Final = re.compile(r"((?:19|20)\d\d)/(\d{6})")


def publication(w: Written) -> PatentNumber:
    """CN109462287A, CN1268940C, CN85102431A; without kind too."""
    digits = w.flat
    if digits.isdigit():
        if len(digits) in (7, 9) and digits[0] in "1234":
            return made(w, digits, w.kind, "publication")
        if len(digits) in (8, 10):
            old = _OLD_PUBLICATION.fullmatch(digits)
            if old is not None:
                return made(w, old.group(1), w.kind, "publication")
    if _APPLICATION.fullmatch(w.whole) is not None and len(digits) > 9:
        refuse(w, "not_publication")
    refuse(w)


def application(w: Written) -> PatentNumber:
    """CN201811107071.6, ZL89103229.2, 2018111070716, 'CN 200710063161 A', CN20081072486 (EPODOC)."""
    match = _APPLICATION.fullmatch(w.whole)
    if match is not None:
        number = match.group(1) or match.group(2)
        return _made(w, number, match.group(3))
    epodoc = _EPODOC.fullmatch(w.whole)
    if epodoc is not None:
        year, type_digit, serial = epodoc.groups()
        if int(year) > 2003 or (year == "2003" and serial >= "100000"):
            return _made(w, f"{year}{type_digit}0{serial}", None)
        if serial[0] == "0":
            return _made(w, year[2:] + type_digit + serial[1:], None)
    pct = _PCT.fullmatch(w.raw)
    if pct is not None:
        return international("CN", int(pct.group(1)), pct.group(2))
    found = from_kind_w(w)
    if found is not None:
        return found
    refuse(w, "not_application" if w.kind is not None and len(w.flat) in (7, 9) else "unreadable")


def _made(w: Written, number: str, check: str | None) -> PatentNumber:
    right = cn_check_digit(number)
    warnings = ("check_digit",) if check is not None and check != right else ()
    kind = _KIND_BY_TYPE[number[-8] if len(number) == 12 else number[2]]
    return made(w, number, kind, "application", warnings=warnings, check=check or right)

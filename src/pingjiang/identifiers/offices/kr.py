"""Korea (KIPO).

Since 1998 numbers are type, year, seven digits ('10-2005-0012345': 10 patent, 20 utility model, 30 design), grants
type and seven digits ('10-2134749'); before, two-digit year and seven digits. DOCDB keeps year and seven digits for
applications and unexamined publications (kind tells the type), Derwent drops leading zeros.

Here: '20050012345' with kind A or U; grants '102134749', '200355971'; old ones '810001285'.
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices.common import application_kind, four_digit_year, from_kind_w, made, refuse

_FIRST: Final = 1948
_TYPED: Final = re.compile(r"([123]0)((?:19[4-9]\d|20[0-5]\d)\d{7})(M\d{3})?")
_DESIGN: Final = re.compile(r"30\d{7}0{0,4}\d{0,4}(M\d{3})?")
_TYPE_BY_KIND: Final = {"A": "10", "B": "10", "U": "20", "Y": "20"}


def publication(w: Written) -> PatentNumber:
    """KR20190000400A, KR1020220095108A, KR10-2010-0122511A, KR2015127557A, KR102521398B1, KR1777994B1."""
    digits, kind = w.flat, w.kind
    letter = kind[0] if kind else ""
    typed = _TYPED.fullmatch(digits)
    if typed is not None and letter not in ("S",):
        return _typed(w, typed.group(1), typed.group(2), kind)
    if _DESIGN.fullmatch(digits) and letter in ("S", ""):
        return made(w, digits, kind, "publication")
    if not digits.isdigit() or not digits.strip("0"):
        refuse(w)
    year = four_digit_year(digits[:4], _FIRST) if len(digits) > 7 else None
    if len(digits) == 11 and year is not None:
        return made(w, digits, kind, "publication")
    if len(digits) == 10 and year is not None:
        return made(w, f"{year}{int(digits[4:]):07d}", kind, "publication")
    if len(digits) == 9:
        return made(w, _nine(digits, letter, year), kind, "publication")
    if len(digits) <= 8 and letter in _TYPE_BY_KIND and letter in "BY":
        registered = digits[2:] if len(digits) == 8 and digits[:2] == _TYPE_BY_KIND[letter] else digits
        if len(registered) <= 7:
            return made(w, _TYPE_BY_KIND[letter] + registered.zfill(7), kind, "publication")
    if len(digits) <= 8:
        return made(w, digits.lstrip("0"), kind, "publication")
    refuse(w)


def _typed(w: Written, type_: str, rest: str, kind: str | None) -> PatentNumber:
    year, serial = rest[:4], rest[4:]
    if kind is not None and kind[0] in "BY":  # an examined publication of before 1998
        return made(w, f"{year[2:]}{serial}", kind, "publication")
    if kind is None and int(year) >= 1999:  # only unexamined publications bear a year since then
        kind = {"10": "A", "20": "U"}.get(type_)
    return made(w, rest if type_ != "30" else type_ + rest, kind, "publication")


def _nine(digits: str, letter: str, year: int | None) -> str:
    """Nine digits: type + 7 (a grant), two-digit year + 7 (an old grant), or year + 5 (Derwent)."""
    if year is not None and (letter in ("A", "U") or digits[:2] == "19"):
        if letter in ("B", "Y"):
            return f"{year % 100:02d}{int(digits[4:]):07d}"
        return f"{year}{int(digits[4:]):07d}"
    return digits


def application(w: Written) -> PatentNumber:
    """KR10-2021-0164517, KR1020210164517, KR20187006767A, 'KR 780000451 A', KR201599858A, KR2013...U."""
    found = from_kind_w(w)
    if found is not None and len(w.flat) != 9:
        return found
    kind = application_kind(w)
    typed = _TYPED.fullmatch(w.flat) or _TYPED.fullmatch(w.whole)
    if typed is not None:
        type_, rest, part = typed.groups()
        if type_ == "30":
            return made(w, type_ + rest + (part or ""), "F", "application")
        return made(w, rest, "U" if type_ == "20" else kind, "application")
    digits = w.flat
    if not digits.isdigit():
        refuse(w)
    year = four_digit_year(digits[:4], _FIRST) if len(digits) > 4 else None
    if len(digits) == 9 and (year is None or digits[:2] not in ("19", "20")):
        return made(w, f"19{digits}", kind, "application")
    if year is not None and 5 <= len(digits) <= 11:
        return made(w, f"{year}{int(digits[4:]):07d}", kind, "application")
    refuse(w)

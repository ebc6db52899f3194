"""Taiwan and Australia.

Taiwan (TIPO): applications are year of the Republic (1911 + y) and six digits, of which the first is the type
(1 invention, 2 utility model, 3 design); publications year and five digits; grants I (invention), M (utility model), D
(design) and six digits, before 2004 six digits alone.

Australia: year and six digits since 2002; before, accepted patents have six digits, applications a serial of up
to five digits and the year ('AU-A-27188/84'), provisional ones two letters, four digits and the year.
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices.common import (
    application_kind,
    four_digit_year,
    from_kind_w,
    full_year,
    made,
    refuse,
)

_TW_GRANT: Final = re.compile(r"([IMD])0*(\d{1,7})")
_TW_KIND: Final = {"1": "A", "2": "U", "3": "F"}
_AU_PROVISIONAL: Final = re.compile(r"(?:([A-Z]{2})(\d{4})(\d\d|\d{4})?|(\d{4})([A-Z]{2})(\d{1,4}))")
_AU_SLASHED: Final = re.compile(r"(\d{1,6})/(\d\d)\s*[A-Z]?\d?")


def tw_publication(w: Written) -> PatentNumber:
    """TW201705407A, TWI588518B, TWM633556U, TW541255B."""
    grant = _TW_GRANT.fullmatch(w.flat)
    if grant is not None:
        return made(w, f"{grant.group(1)}{grant.group(2).zfill(6)}", w.kind, "publication")
    if not w.flat.isdigit() or not 4 <= len(w.flat) <= 9:
        refuse(w)
    if len(w.flat) == 9 and four_digit_year(w.flat[:4], 1999) is None:
        refuse(w, "not_publication")
    return made(w, w.flat.lstrip("0"), w.kind, "publication")


def tw_application(w: Written) -> PatentNumber:
    """TW107128438A, TW099125738, 'TW 95126320 A'; TW2005134116A and TW20154142830A (Western year)."""
    found = from_kind_w(w)
    if found is not None and len(w.flat) == 10:
        return found
    kind = application_kind(w)
    digits = w.flat
    if not digits.isdigit():
        refuse(w)
    western = four_digit_year(digits[:4], 1950) if len(digits) in (10, 11) else None
    if western is not None:
        republic = western - 1911
        if len(digits) == 11 and digits[4] not in ("0", str(republic % 10)):
            refuse(w)
        digits = f"{republic}{digits[-6:]}"
    digits = digits.lstrip("0")
    if len(digits) not in (8, 9) or not 38 <= int(digits[:-6]) <= 150:
        refuse(w)
    if kind == "A" and w.kind is None:
        kind = _TW_KIND.get(digits[-6], "A")
    return made(w, digits, kind, "application")


def au_publication(w: Written) -> PatentNumber:
    """AU2015297066A1, 'AU 2016/219013 A1', AU721875B2, AU2718884A (27188/84), AUPO19977933D0."""
    provisional = _au_provisional(w)
    if provisional is not None:
        return made(w, provisional, w.kind, "publication")
    return made(w, _au_number(w, publication=True), w.kind, "publication")


def au_application(w: Written) -> PatentNumber:
    """AU2015361218A, 'AU 1988/021052 A', AU27188/84A, AU199735864A, 'AU PO505497 A', AU20190275577."""
    found = from_kind_w(w)
    if found is not None:
        return found
    kind = application_kind(w)
    kind = "A" if kind == "D" else kind  # DOCDB's mark of a number taken from the publication
    number = _au_provisional(w)
    if number is None:
        number = _au_number(w, publication=False)
    return made(w, number, kind, "application")


def _au_provisional(w: Written) -> str | None:
    """'PO7933' and two digits of the year, from PO793397, PO19977933, 1997PO7933."""
    flat = w.flat
    match = _AU_PROVISIONAL.fullmatch(flat)
    if match is None:
        return None
    if match.group(5):
        year, letters, serial = match.group(4), match.group(5), match.group(6)
        return f"{letters}{int(serial):04d}{year[2:]}"
    letters, first, rest = match.group(1), match.group(2), match.group(3)
    if rest is not None and len(rest) == 4 and four_digit_year(first, 1960) is not None:
        return f"{letters}{int(rest):04d}{first[2:]}"
    return f"{letters}{first}{rest or ''}"


def _au_number(w: Written, *, publication: bool) -> str:
    slashed = _AU_SLASHED.fullmatch(w.raw)
    if slashed is not None:
        return f"{full_year(slashed.group(2), 1904)}{int(slashed.group(1)):06d}"
    digits = w.flat
    if not digits.isdigit() or not digits.strip("0"):
        refuse(w)
    year = four_digit_year(digits[:4], 1904) if len(digits) >= 8 else None
    if year is not None and len(digits) <= 10:
        return f"{year}{int(digits[4:]):06d}"
    if year is not None and len(digits) == 11 and digits[4] == "0":
        return f"{year}{digits[5:]}"
    if len(digits) == 7 or (len(digits) <= 6 and not publication and len(digits) > 2):
        return f"{full_year(digits[-2:], 1904)}{int(digits[:-2]):06d}"
    if len(digits) <= 6:
        return digits.lstrip("0")
    refuse(w)

"""Germany, France, United Kingdom, and Canada and the Netherlands (whose numbers only differ by EPODOC's year).

Germany (DPMA): since 2004 type, year, six digits, check digit ('10 2021 204 919.4'); 1995 to 2003 type digit, year,
five digits ('101 31 036'); before, P or G numbers of seven digits, the year first (P: year less 50).
France and United Kingdom: two-digit year and five digits, here always the year in full and five digits.
EPODOC and Derwent write the year in full first and keep or drop leading zeros of the serial.
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices import generic
from pingjiang.identifiers.offices.common import (
    LAST_YEAR,
    application_kind,
    four_digit_year,
    from_kind_w,
    full_year,
    made,
    nearest,
    refuse,
    standin,
)

_DE_NOW: Final = re.compile(r"((?:1[0-9]|2[0-3]|3[01]|50|60)20[0-5]\d\d{6})(\d)?")
_DE_EPODOC: Final = re.compile(r"(20[0-5]\d)(10|11|20|21|50|60)(\d{6})")
_DE_EPODOC_OLD: Final = re.compile(r"(199[5-9]|200[0-3])([1256])0(\d{5})")
_DE_CHECKED: Final = re.compile(r"(\d{3}) ?(\d{2}) ?(\d{3})\.\d")  # as printed, with the check digit
_DE_LETTER: Final = re.compile(r"(?:19\d\d)?([A-Z])0*(\d{1,6})")
_GB_MOST: Final = 36_000  # no year since 1978 had more applications than this
_GB_MOST_OLD: Final = 63_000  # no year before
_FR_MOST: Final = 75_000  # French serials include the ranges 50,000 and 70,000 for other offices


def de_publication(w: Written) -> PatentNumber:
    """DE102021204919A1, DE10131036A1, DE000019826114, DE199420497U1 (G 94 20 497)."""
    digits = w.flat
    if digits.isdigit() and len(digits) == 9 and w.kind is not None and w.kind[0] == "U" and digits[:2] == "19":
        digits = digits[2:]
    if not digits.isdigit() or not digits.strip("0") or len(digits.lstrip("0")) > 12:
        refuse(w)
    return made(w, digits.lstrip("0"), w.kind, "publication")


def de_application(w: Written) -> PatentNumber:
    """DE102021204919, DE1020211227569A (check digit), DE200710026701 (EPODOC), 'DE 3905405 A'."""
    found = from_kind_w(w)
    if found is not None:
        return found
    kind = application_kind(w)
    checked = _DE_CHECKED.fullmatch(w.raw)
    digits = w.flat if checked is None else "".join(checked.groups())
    letter = _DE_LETTER.fullmatch(digits)
    if letter is not None:
        return made(w, letter.group(1) + letter.group(2), kind, "application")
    unknown = standin(w)
    if unknown is not None:
        return made(w, unknown, "A", "application")
    readings = _de_readings(digits)
    if len(readings) > 1:
        by_kind = [reading for reading in readings if _de_kind(reading, kind) == kind]
        by_year = [reading for reading in readings if reading[2:6] == str(w.year)]
        readings = (by_year if w.year is not None else by_kind if w.kind is not None else []) or readings
    if not readings:
        refuse(w)
    warnings = ("ambiguous",) if len(set(readings)) > 1 else ()
    return made(w, readings[0], _de_kind(readings[0], kind), "application", warnings=warnings)


def _de_readings(digits: str) -> list[str]:
    readings: list[str] = []
    now = _DE_NOW.fullmatch(digits)
    if now is not None:
        readings.append(now.group(1))
    epodoc = _DE_EPODOC.fullmatch(digits)
    if epodoc is not None:
        readings.append(epodoc.group(2) + epodoc.group(1) + epodoc.group(3))
    old = _DE_EPODOC_OLD.fullmatch(digits)
    if old is not None:
        readings.append(f"{old.group(2)}{old.group(1)[2:]}{old.group(3)}")
    if digits.isdigit() and len(digits) == 9 and digits[:2] == "19" and not readings:
        readings.append(digits[2:])  # Derwent: G 94 20 497 as 199420497
    if digits.isdigit() and 1 <= len(digits.lstrip("0")) <= 9 and not readings:
        readings.append(digits.lstrip("0"))
    return readings


def _de_kind(number: str, kind: str) -> str:
    """Twelve digits tell the type: 20 to 23 utility models, 50 and 60 translations of European patents."""
    if len(number) != 12:
        return kind
    return {"2": "U", "5": "T", "6": "T"}.get(number[0], "A")


def fr_application(w: Written) -> PatentNumber:
    """FR2010056167, 'FR 1051751 A', FR21010582, FR20210004327, FR201553091A."""
    return _year_and_five(w, "FR")


def gb_application(w: Written) -> PatentNumber:
    """GB1709751, 'GB 201016225 A', GB2016002396, GB21010418A (check digit), GB20210009215."""
    return _year_and_five(w, "GB")


def gb_publication(w: Written) -> PatentNumber:
    """GB2607985A, 'GB 190113488 A'; the announcement of an application (D0) bears the application's number."""
    if w.kind == "D0" and w.flat.isdigit():
        readings = _gb_readings(w.flat, None)
        if readings:
            return made(w, readings[0], w.kind, "publication")
    return generic.publication(w)


def _year_and_five(w: Written, office: str) -> PatentNumber:
    found = from_kind_w(w)
    if found is not None and not (len(w.flat) == 7 and w.year is not None and w.year < 1978):
        return found
    kind = application_kind(w)
    digits = w.flat
    unknown = standin(w)
    if unknown is not None:
        return made(w, unknown, "A", "application")
    if not digits.isdigit():
        refuse(w)
    found_readings = _gb_readings(digits, w.year) if office == "GB" else _fr_readings(digits)
    readings = nearest([(int(number[:4]), number) for number in found_readings], w.year)
    if not readings:
        return made(w, digits.lstrip("0"), kind, "application")
    warnings = ("ambiguous",) if len(readings) > 1 else ()
    return made(w, readings[0], kind, "application", warnings=warnings)


def _year_first(digits: str, first: int) -> list[str]:
    """The year spelt out and a serial of any length up to seven digits."""
    year = four_digit_year(digits[:4], first) if 5 <= len(digits) <= 11 else None
    fits = year is not None and int(digits[4:]) < 100_000
    return [f"{year}{int(digits[4:]):05d}"] if fits else []


def _fr_readings(digits: str) -> list[str]:
    """Year and five digits, all that French digits may stand for, the likeliest first."""
    if len(digits) >= 9:
        return _year_first(digits, 1950)
    year = full_year(digits[:2], 1965)
    short = digits[3:] if len(digits) == 8 and digits[2] == "0" else digits[2:] if len(digits) == 7 else ""
    likely = short != "" and int(short) <= _FR_MOST and year <= LAST_YEAR
    return ([f"{year}{short}"] if likely else []) + _year_first(digits, 1950)


def _gb_readings(digits: str, filing_year: int | None) -> list[str]:
    """Year and five digits, all that British digits may stand for, the likeliest first."""
    if len(digits) >= 9:
        return _year_first(digits, 1900)
    readings: list[str] = []
    year = full_year(digits[:2], 1978)
    if filing_year is not None and filing_year < 1978 and int(digits[:2]) == filing_year % 100:
        year = filing_year
    if len(digits) in (7, 8) and year <= LAST_YEAR and int(digits[2:7]) <= _GB_MOST:  # 8: with check digit
        readings.append(f"{year}{digits[2:7]}")
    serial, year_last = digits[:-2], digits[-2:]  # DOCDB, old: the year last
    if 3 <= len(digits) <= 7 and int(year_last) <= 78 and digits[0] != "0" and int(serial) <= _GB_MOST_OLD:
        readings.append(f"19{year_last}{int(serial):05d}")
    return readings + _year_first(digits, 1900)


def ca_application(w: Written) -> PatentNumber:
    """CA3118402A, CA20193058634 (EPODOC: year in front)."""
    if w.flat.isdigit() and len(w.flat) == 11 and four_digit_year(w.flat[:4], 1978) is not None:
        return made(w, w.flat[4:].lstrip("0"), application_kind(w), "application")
    return generic.application(w)


def nl_application(w: Written) -> PatentNumber:
    """NL1010536A (numbered on since 1995), NL19981010536 (EPODOC: year in front)."""
    if w.flat.isdigit() and len(w.flat) == 11 and w.flat[4] in "12" and four_digit_year(w.flat[:4], 1995) is not None:
        return made(w, w.flat[4:], application_kind(w), "application")
    return generic.application(w)

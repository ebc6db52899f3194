"""Japan.

Numbers that begin anew each year carry an era year to 1999 (S Showa, H Heisei) and the Western year from 2000
on: applications, unexamined publications (A, T, U) and examined ones (B, B2, Y to 1996). Registered patents and
utility models are numbered on: patents from 2,500,001 (1996), utility models from 2,500,001 and 3,000,001.

Here: 'H0723487' (era, two-digit year, serial without leading zeros, as DOCDB) or '2005123456' (year and six
digits), or the plain registration number. Applications always have the Western year. Eight digits of an
application may be serial and two-digit year (DOCDB to 1999, '19640193' = 196401 of 1993) or era year and serial
('11269836' = Heisei 11-269836): the filing year decides; else a kind letter means the DOCDB reading.
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices.common import (
    LAST_YEAR,
    application_kind,
    four_digit_year,
    from_kind_w,
    made,
    nearest,
    refuse,
)

_ERAS: Final = {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}
_LAST_YEARS: Final = {"M": 45, "T": 15, "S": 64, "H": 31, "R": LAST_YEAR - 2018}
_ERA_WORDS: Final = {"明": "M", "大": "T", "昭": "S", "平": "H", "令": "R"}
_KIND_BY_WORD: Final = {
    "特開": "A", "特表": "A", "再表": "A1", "特公": "B2", "実開": "U", "実公": "Y2", "特願": "A", "実願": "U",
    "意願": "F",
}  # fmt: skip
# Words that say what a number is: of an application, or else of a publication or registration.
_APPLIED: Final = frozenset({"特願", "実願", "意願"})
_SIMPLE: Final = str.maketrans("开実實实愿発發发", "開実実実願発発発")
_WORD: Final = re.compile(
    r"(特開|特表|特公|特願|実開|実公|実願|意願|再公表特許|再表|特許第?|実用新案登録第?|意匠登録第?)\s*(.*?)(?:号(?:公報)?)?"
)
_SPELT: Final = re.compile(r"([MTSHR明大昭平令])[和成]?\s*(\d{1,2})\s*[-/ ]\s*0*(\d{1,6})")
_WESTERN: Final = re.compile(r"((?:19|20)\d\d)\s*[-/]\s*(\d{1,6})")
_ERA_FLAT: Final = re.compile(r"([MTSHR])(\d\d)0*(\d{1,6})")
_REPUBLISHED: Final = re.compile(r"WO\d{6,10}")
_LAST_EXAMINED: Final = 1996
_MOST_EXAMINED: Final = 125_000  # serials of examined publications stayed below this in every year
_FIRST_REGISTERED: Final = 2_500_001


def publication(w: Written) -> PatentNumber:
    """JP2005123456A, JPH0723487A, JP-H04-73270-B2, JP07119769B2, JP6216353B2, 特開平5-12345."""
    if _word(w) in _APPLIED:
        refuse(w, "not_publication")
    worded = _worded(w)
    kind = w.kind or worded[1]
    body = worded[0]
    spelt = _SPELT.fullmatch(body) or _ERA_FLAT.fullmatch(w.flat)
    if spelt is not None:
        return made(w, _era_number(w, *spelt.groups()), kind, "publication")
    western = _WESTERN.fullmatch(body)
    digits = f"{western.group(1)}{int(western.group(2)):06d}" if western else _digits(body, w)
    if _REPUBLISHED.fullmatch(digits):
        return made(w, digits, kind, "publication")
    if not digits.isdigit() or not digits.strip("0"):
        refuse(w)
    if digits[:3] == "000" and len(digits) > 7:
        digits = digits[-7:]
    if len(digits) == 10 and four_digit_year(digits[:4], 1900) is not None:
        return _by_year(w, digits, kind)
    if len(digits) == 9 and digits[0] in "34" and kind in ("A", "U"):  # EPODOC: 3 Showa, 4 Heisei
        return made(w, _era_number(w, "SH"[digits[0] == "4"], digits[1:3], digits[3:]), kind, "publication")
    if len(digits) <= 8:
        return _era_or_registered(w, digits, kind)
    refuse(w)


def _by_year(w: Written, digits: str, kind: str | None) -> PatentNumber:
    year, serial = int(digits[:4]), digits[4:]
    if kind == "T":  # published translations: their serials begin at 500,001, so A cannot be another one
        kind = "A"
    if year < 2000:  # a Western year where the office wrote an era year
        era = "H" if year >= 1989 else "S" if year >= 1926 else "T" if year >= 1912 else "M"
        return made(w, _era_number(w, era, str(year - _ERAS[era]), serial), kind, "publication")
    return made(w, digits, kind, "publication")


def _era_or_registered(w: Written, digits: str, kind: str | None) -> PatentNumber:
    """Up to eight digits: era year and serial without the era's letter, or a registration number."""
    letter = kind[0] if kind else ""
    registered = made(w, str(int(digits)), kind, "publication")
    if len(digits) < 7 or letter in ("S", "C", ""):
        if letter == "" and len(digits) == 8:
            return _era(w, digits, kind)
        return registered
    if letter in ("A", "T") or (letter == "U" and not _is_registered_model(digits)):
        return _era(w, digits, "A" if kind == "T" else kind)
    if letter not in ("B", "Y"):
        return registered
    return _examined_or_registered(w, digits, kind, registered)


def _examined_or_registered(w: Written, digits: str, kind: str | None, registered: PatentNumber) -> PatentNumber:
    era_year, serial = int(digits[:-6]), int(digits[-6:])
    western = era_year + (1988 if era_year <= 8 else 1925)
    examined_possible = 0 < era_year <= 64 and 0 < serial <= _MOST_EXAMINED and western <= _LAST_EXAMINED
    registered_possible = int(digits) >= _FIRST_REGISTERED and int(digits) < 10_000_000
    if kind is not None and kind[0] == "Y":
        registered_possible = registered_possible and int(digits) < 2_620_000
    if not examined_possible:
        return registered
    examined = _era(w, digits, kind)
    if not registered_possible:
        return examined
    # Tools that write era years without a letter write two digits of them; registrations have seven digits.
    first = examined if len(digits) == 8 else registered
    if w.year is None or (era_year == 3 and 1987 <= w.year <= 1991):
        return made(w, first.number, kind, "publication", warnings=("ambiguous",))
    # Examined publications came within twelve years of filing; registrations that high came later.
    return examined if 0 <= western - w.year <= 12 else registered


def _is_registered_model(digits: str) -> bool:
    return 3_000_001 <= int(digits) < 3_400_000 or (1_000_000 <= int(digits) < 2_000_000 and len(digits) == 7)


def _era(w: Written, digits: str, kind: str | None) -> PatentNumber:
    year = int(digits[:-6])
    if not (1 <= year <= 64) or not digits[-6:].strip("0"):
        refuse(w)
    era = "H" if year <= 11 else "S"
    return made(w, _era_number(w, era, f"{year:02d}", digits[-6:]), kind, "publication")


def _era_number(w: Written, era: str, year: str, serial: str) -> str:
    letter = _ERA_WORDS.get(era, era)
    if not 1 <= int(year) <= _LAST_YEARS[letter]:
        refuse(w)
    return f"{letter}{int(year):02d}{int(serial)}"


def _word(w: Written) -> str | None:
    """The Japanese word before the number."""
    match = _WORD.fullmatch(w.raw.translate(_SIMPLE))
    return match.group(1) if match else None


def _worded(w: Written) -> tuple[str, str | None]:
    """The body behind Japanese words and the kind that they mean: 特開平5-12345 -> ('平5-12345', 'A')."""
    raw = w.raw.translate(_SIMPLE)
    match = _WORD.fullmatch(raw)
    if match is None:
        kindless = raw[: -len(w.kind)] if w.kind and raw.endswith(w.kind) else raw
        return kindless.strip(" .-/"), None
    word = match.group(1)
    return match.group(2).strip(" .-/"), _KIND_BY_WORD.get(word)


def _digits(body: str, w: Written) -> str:
    return w.flat if w.flat.isascii() and w.flat else re.sub(r"\D", "", body)


def application(w: Written) -> PatentNumber:
    """JP2004117589A, 特願2005-123456, 特願平5-12345, 'JP 19640193 A', JP201773725A, JPD2019017650."""
    found = from_kind_w(w)
    if found is not None:
        return found
    if _word(w) not in {*_APPLIED, None}:
        refuse(w, "not_application")
    body, word_kind = _worded(w)
    kind = word_kind or application_kind(w)
    spelt = _SPELT.fullmatch(body) or _ERA_FLAT.fullmatch(w.flat)
    if spelt is not None:
        number = _era_number(w, *spelt.groups())
        return made(w, f"{_ERAS[number[0]] + int(number[1:3])}{int(number[3:]):06d}", kind, "application")
    western = _WESTERN.fullmatch(body)
    digits = f"{western.group(1)}{int(western.group(2)):06d}" if western else _digits(body, w)
    if digits[:1] == "D" and digits[1:].isdigit():
        digits, kind = digits[1:], "F"
    if not digits.isdigit() or not digits.strip("0"):
        refuse(w)
    found_readings = _readings(digits, kinded=w.kind is not None, docdb_style=w.dotted or w.apart)
    readings = nearest([(int(number[:4]), number) for number in found_readings], w.year)
    if not readings:
        refuse(w)
    return made(w, readings[0], kind, "application", warnings=("ambiguous",) if len(readings) > 1 else ())


def _likely(serial: int, year: int) -> bool:
    """True if a year, by its last two digits, may have had that many applications.

    Entries from the PCT have had numbers from 500,001 on since 1978.
    """
    most = 60_000 if year < 60 else 110_000 if year < 70 else 180_000 if year < 80 else 450_000
    return serial <= most or (year >= 78 and 500_000 < serial < 600_000)


def _readings(digits: str, *, kinded: bool, docdb_style: bool) -> list[str]:
    """Year and six digits, all that the digits may stand for, the likeliest first."""
    readings: list[str] = []
    size = len(digits)
    spelt = four_digit_year(digits[:4], 1880) if size > 4 else None
    if spelt is not None and size in (9, 10):
        return [f"{spelt}{int(digits[4:]):06d}"]
    if spelt is not None and size == 11 and digits[4] == "0":
        return [f"{spelt}{digits[5:]}"]
    if 3 <= size <= 8 and digits[0] != "0" and _likely(int(digits[:-2]), int(digits[-2:])):
        readings.append(f"19{digits[-2:]}{int(digits[:-2]):06d}")
        if kinded and docdb_style:
            return readings
    if size == 8:
        year = int(digits[:2])
        era = 1988 + year if 1 <= year <= 11 else 1925 + year if 30 <= year <= 64 else None
        if era is not None and _likely(int(digits[2:]), era - 1900):
            readings.insert(len(readings) if kinded else 0, f"{era}{digits[2:]}")
    if spelt is not None and 5 <= size <= 8:
        readings.append(f"{spelt}{int(digits[4:]):06d}")
    return readings

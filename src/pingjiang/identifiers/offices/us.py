"""United States.

Publications: grants numbered on since 1836 (kind A to 2000, then B1, B2), with letters for reissues (RE), designs
(D), plants (PP), statutory inventions (H) and defensive publications (T); applications since 2001 as year and seven
digits, of which DOCDB drops the first.

Applications: series code and six digits ('16/854,380'). The same application is also written

    US 202016854380 A   DOCDB and Lens, filed from 2011 on      year, series, serial
    US 65784810 A       DOCDB and Lens, filed before 2011       serial, two-digit year
    US2006645207A       Derwent, Thomson (leading zeros gone)   year, serial
    US15360203A         Derwent, newer                          series, serial
    US20040657848       EPODOC                                  year, seven-digit serial

All become series and serial ('16854380') where the series is written or is the only possible one for year and
serial (us_series.py). Where it is not, the number stays year and serial ('2006570000') and is kept apart from its
series form, until something beside the text tells the series (`series_form`). Eight digits without a separator may
be series + serial or serial + year: the filing year decides; without one the reading that is possible wins, the
DOCDB one if the text is in DOCDB style; and where both are possible the number carries the warning 'ambiguous'.
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
    international,
    made,
    refuse,
    standin,
)
from pingjiang.identifiers.us_series import LAST_PLAIN_YEAR, fits, is_of_year, kind_of_series, series_of

_LAST_GRANT: Final = 19_999_999
_LAST_OF_YEAR: Final = 999_999  # published applications of one year
_GRANT: Final = re.compile(r"(RE|R|D|PP|H|T|X|AI|N)?0*(\d+)")
_PREFIX_BY_KIND: Final = {"E": "RE", "S": "D", "H": "H"}
_PREFIX_SHORT: Final = {"R": "RE"}
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,3}),?(\d{3})\s*([APF])?")
_PCT: Final = re.compile(r"((?:19|20)\d\d)/(\d{5,6})")
_DERWENT_STANDIN: Final = re.compile(r"(T\d{6})|D(\d{4,8})")
_YEAR_SPELT: Final = re.compile(r"(18[4-9]\d|19\d\d|20[0-5]\d)(\d+)")


def publication(w: Written) -> PatentNumber:
    """US11355780B2, 'US 2011/0185700 A1', US2011185700A1, USRE048294E1, USD800603S1, USPP25068P2."""
    digits = w.flat
    if w.kind != "P0" and _SLASHED.fullmatch(w.raw) is not None:
        refuse(w, "not_publication")
    if digits.isdigit() and len(digits.lstrip("0")) >= 9:
        year = four_digit_year(digits[:4], 2001)
        if year is None or len(digits) not in (10, 11):
            refuse(w, "not_publication" if len(digits) == 12 else "unreadable")
        if int(digits[4:]) > _LAST_OF_YEAR:
            refuse(w)
        return made(w, f"{year}{int(digits[4:]):07d}", w.kind, "publication")
    match = _GRANT.fullmatch(digits)
    if match is None:
        refuse(w)
    letters, serial = match.groups()
    if letters is None and w.kind is not None:
        letters = "PP" if w.kind in ("P", "P2", "P3") else _PREFIX_BY_KIND.get(w.kind[0])
    letters = _PREFIX_SHORT.get(letters or "", letters or "")
    if w.kind == "P0" and not letters and _known(serial[:2]) and len(serial) == 8:
        return made(w, serial, "P0", "publication")  # a provisional application, laid open with a later one
    if not 0 < int(serial) <= _LAST_GRANT or (w.kind or "A")[0] in "FW" or w.kind == "P0":
        refuse(w, "not_publication")
    return made(w, letters + str(int(serial)), w.kind, "publication")


def application(w: Written) -> PatentNumber:
    """'US16/634,906', 'US 202016854380 A', 'US 65784810 A', US2006645207A, US62133061P, US2016578323F."""
    found = from_kind_w(w)
    if found is not None:
        return found
    slashed = _SLASHED.fullmatch(w.raw)
    if slashed is not None:
        return _with_series(w, slashed.group(1).zfill(2), slashed.group(2).zfill(3) + slashed.group(3), w.year)
    pct = _PCT.fullmatch(w.raw)
    if pct is not None:
        return international("US", int(pct.group(1)), pct.group(2))
    kind = application_kind(w)
    if kind == "D" and len(w.flat) > 8:  # year and serial: no stand-in
        return _plain(w, w.flat, "A")
    derwent = _DERWENT_STANDIN.fullmatch(w.flat)
    unknown = standin(w) or (derwent.group(1) or derwent.group(2) + "D" if derwent is not None else None)
    if unknown is not None:
        return made(w, unknown, "A", "application")
    if not w.flat.isdigit():
        refuse(w)
    return _plain(w, w.flat, kind)


def _plain(w: Written, digits: str, kind: str) -> PatentNumber:
    """Digits without a separator, kind A, P or F."""
    spelt = _YEAR_SPELT.fullmatch(digits)
    year = int(spelt.group(1)) if spelt is not None else None
    if len(digits) == 12 and year is not None:
        return _with_series(w, digits[4:6], digits[6:], year)
    if len(digits) == 11 and year is not None:
        if digits[4] == "0":
            return _by_year(w, year, digits[5:], kind)
        if fits(digits[4:6], year):  # Derwent: year, series, five digits of the serial
            return _with_series(w, digits[4:6], "0" + digits[6:], year)
    if len(digits) in (9, 10) and year is not None:
        return _by_year(w, year, digits[4:], kind)
    if len(digits) <= 8:
        return _short(w, digits, kind, year)
    refuse(w)


def _short(w: Written, digits: str, kind: str, year: int | None) -> PatentNumber:
    """Up to eight digits: series + serial, serial + two-digit year, or year + short serial."""
    if w.dotted and w.kind is None and len(digits) == 8:
        return _with_series(w, digits[:2], digits[2:], w.year)
    readings: list[PatentNumber] = []
    if len(digits) == 8 and _series_possible(digits[:2], digits[2:], w):
        readings.append(_with_series(w, digits[:2], digits[2:], w.year))
    old_year = full_year(digits[-2:], LAST_PLAIN_YEAR - 99)
    if len(digits) > 2 and digits[0] != "0" and w.year in (None, old_year):
        likely = is_of_year(old_year, int(digits[:-2]), kind, newest=12)
        old = _by_year(w, old_year, digits[:-2], kind, newest=12)
        if w.dotted or (w.apart and (likely or not readings)):
            return old  # DOCDB never puts the series first in eight digits
        if likely or (not readings and (w.year is not None or len(digits) > 4)):
            readings.append(old)
    if year is not None and len(digits) > 4 and (w.year == year or not readings):
        readings.append(_by_year(w, year, digits[4:], kind))
    if not readings:
        refuse(w)
    first = readings[0]
    if len({reading.number for reading in readings}) == 1:
        return first
    return made(w, first.number, first.kind, "application", warnings=("ambiguous",), year=first.year)


def _series_possible(series: str, serial: str, w: Written) -> bool:
    if not _known(series) or (w.kind is not None and kind_of_series(series) != w.kind):
        return False
    return w.year is None or fits(series, w.year, int(serial))


def _known(series: str) -> bool:
    return "00" <= series <= "19" or series in ("29", "35", "60", "61", "62", "63", "64")


def _with_series(w: Written, series: str, serial: str, year: int | None) -> PatentNumber:
    return made(w, series + serial, kind_of_series(series), "application", year=year)


def _by_year(w: Written, year: int, serial: str, kind: str, newest: int = 99) -> PatentNumber:
    """Year and serial: with the series where only one is possible, else kept as year and serial."""
    if len(serial) > 6 or not serial.strip("0"):
        refuse(w)
    series = series_of(year, int(serial), kind, newest)
    if series is not None:
        return _with_series(w, series, serial.zfill(6), year)
    return made(w, f"{year}{int(serial):06d}", kind, "application", year=year)

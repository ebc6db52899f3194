"""Which series a US application belongs to, when only its year and its serial number are written.

US serial numbers run to 999,999 and begin anew with the next series code. DOCDB (to 2010) and Derwent write
year and serial and leave the series out ('US 65784810 A' = 12/657,848 of 2010), so it must be worked out.

Source: USPTO, "Table of Filing Years and Patent Application Serial Numbers" and MPEP 503 (series codes by
period); the first number of each year is approximate, as there. Numbers are handed out from several pools at
once, and an application that enters from the PCT keeps its international filing date but takes a number of the
day it enters, up to three years later. So a series is named only where it is the only possible one.

From 2012 on a series lasts two years or less: the year alone leaves two series open for most serials (14/722,623 was
filed in 2015; 15/722,623 may bear 2015 too, if it entered from the PCT in 2017). A day on which the number was in
print settles most of them: what is published has its number already. Of 17,490 applications of real exports for which
the year leaves several series open, the day names one for 14,061; one of those is wrong, and four more whose filing
date is misprinted.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

LAST_PLAIN_YEAR: Final = 2011  # DOCDB wrote serial and two-digit year up to this filing year
_MILLION: Final = 1_000_000
_USUAL_YEAR: Final = 450_000  # applications of a year, for years that the table does not reach

# Approximate first utility application of each year, as series * 1,000,000 + serial.
_FIRST: Final[dict[int, int]] = {
    1960: 4_000_001, 1961: 4_079_900, 1962: 4_163_400, 1963: 4_249_000, 1964: 4_335_000, 1965: 4_422_500,
    1966: 4_517_900, 1967: 4_606_500, 1968: 4_694_700, 1969: 4_787_900, 1970: 5_000_001, 1971: 5_103_000,
    1972: 5_214_538, 1973: 5_320_177, 1974: 5_429_702, 1975: 5_537_821, 1976: 5_645_931, 1977: 5_756_051,
    1978: 5_866_211, 1979: 6_000_001, 1980: 6_108_971, 1981: 6_221_957, 1982: 6_336_510, 1983: 6_454_954,
    1984: 6_567_457, 1985: 6_688_174, 1986: 6_815_454, 1987: 7_000_001, 1988: 7_140_321, 1989: 7_292_671,
    1990: 7_459_413, 1991: 7_636_609, 1992: 7_816_500, 1993: 8_000_001, 1994: 8_176_000, 1995: 8_367_500,
    1996: 8_581_700, 1997: 8_777_600, 1998: 9_000_001, 1999: 9_222_000, 2000: 9_477_000, 2001: 9_751_500,
    2002: 10_037_500, 2003: 10_334_000, 2004: 10_750_800, 2005: 11_029_000, 2006: 11_324_200,
    2007: 11_648_000, 2008: 11_967_500, 2009: 12_348_100, 2010: 12_651_500, 2011: 12_982_800,
    2012: 13_341_900, 2013: 13_731_800, 2014: 14_145_950, 2015: 14_588_300, 2016: 14_986_600,
    2017: 15_395_500, 2018: 15_859_700, 2019: 16_237_000, 2020: 16_732_000, 2021: 17_138_800,
    2022: 17_566_000, 2023: 18_148_900, 2024: 18_401_500,
}  # fmt: skip
_BEFORE: Final = 100_000  # a pool of numbers opened in one year is still used this far into the next
_AFTER: Final = 3_000  # as approximate as the first numbers of the years are
_LATE: Final = 180_000  # entries from the PCT come up to 31 months after the international filing date
_LAST_LONG_SERIES: Final = 2011  # to here a series lasted three years or more: no late entry can look regular
# Numbers of series 10 for entries from the PCT, by the earliest filing year that they may bear.
_PCT_POOL: Final = {2004: range(470_000, 600_000), 2005: range(500_000, 565_000)}
_PCT_POOL_LATE: Final = range(565_000, 600_000)
_EFS_POOL: Final = range(904_000, 910_000)  # of series 10, for electronic filings to mid-2005
_END_OF_11: Final = range(973_000, 1_000_000)  # series 12 began before series 11 was used up
_END_OF_15: Final = range(927_000, 935_000)  # passed over in 2018, given out in 2020

# Plausible filing years of each series; for telling '15/360203' from serial 153602 of 2003.
YEARS_OF_SERIES: Final[dict[str, tuple[int, int]]] = {
    "00": (1836, 1915), "01": (1915, 1934), "02": (1935, 1947), "03": (1948, 1959), "04": (1960, 1969),
    "05": (1970, 1978), "06": (1979, 1986), "07": (1987, 1993), "08": (1992, 1998), "09": (1995, 2002),
    "10": (1999, 2007),
    "11": (2002, 2008), "12": (2004, 2012), "13": (2007, 2014), "14": (2010, 2016), "15": (2013, 2020),
    "16": (2015, 2021), "17": (2017, 2024), "18": (2019, 2026), "19": (2021, 2030), "29": (1992, 2060),
    "35": (2015, 2060), "60": (1995, 2007), "61": (2007, 2014), "62": (2012, 2020), "63": (2020, 2026),
    "64": (2025, 2060), "90": (1981, 2060), "95": (2001, 2013), "96": (2012, 2060),
}  # fmt: skip

_YEAR_FORM: Final = re.compile(r"US((?:18|19|20)\d\d)(\d{6})([PF]?)")


def kind_of_series(series: str) -> str:
    """'F' for design series, 'P' for provisional ones, else 'A'."""
    if series in ("29", "35"):
        return "F"
    return "P" if "60" <= series <= "69" else "A"


def series_form(application_id: str, published: date) -> str | None:
    """'US2015722623' -> 'US14722623': a US application known by year and serial, under its series.

    `published` is a day on which a document of the application was published. None where more than one series is
    possible even so, and for what is no such id.
    """
    match = _YEAR_FORM.fullmatch(application_id)
    if match is None:
        return None
    year, serial, kind = match.groups()
    series = series_of(int(year), int(serial), kind or "A", published=published)
    return f"US{series}{serial}{kind}" if series is not None else None


def series_of(year: int, serial: int, kind: str, newest: int = 99, *, published: date | None = None) -> str | None:
    """The series code of serial `serial` filed in `year`, or None where more than one is possible.

    `newest` is the newest series that the way of writing was used for; `published` a day on which the number was
    in print.
    """
    if kind == "P":
        return _provisional(year, serial)
    if kind == "F" and year >= 1992:
        return "29" if year > 1992 else None
    if year < 1960:
        periods = (("03", 1948, 1959), ("02", 1935, 1947), ("01", 1915, 1934))
        return next((series for series, first, last in periods if first <= year <= last), None)
    possible = _possible(year, serial)
    possible = {series for series in possible if series <= newest}
    if published is not None:
        possible = {series for series in possible if series * _MILLION + serial < _highest_by(published)}
    return f"{possible.pop():02d}" if len(possible) == 1 else None


def is_of_year(year: int, serial: int, kind: str, newest: int = 99) -> bool:
    """True if numbers of that height were given out in that year (not to late entries from the PCT)."""
    if kind == "A":
        return year in _FIRST and any(series <= newest for series in _regular(year, serial))
    return series_of(year, serial, kind) is not None


def _regular(year: int, serial: int) -> set[int]:
    first, last = _FIRST[year], _FIRST.get(year + 1, _FIRST[year] + _USUAL_YEAR)
    return {s for s in _around(year) if first <= s * _MILLION + serial < last + _AFTER}


def _around(year: int) -> range:
    first = _FIRST[year] // _MILLION
    return range(first - 1, first + 4)


def _possible(year: int, serial: int) -> set[int]:
    if year not in _FIRST:
        return set()
    if serial in _EFS_POOL and year == 2005:
        return {10}
    if serial in _PCT_POOL.get(year, ()):
        return {10}
    if serial in _PCT_POOL_LATE and year in (2005, 2006):
        return {10, 11}
    if serial in _END_OF_11 and year == 2008:
        return {11, 12}
    if serial in _END_OF_15 and year == 2020:
        return {15, 16, 17}
    first, next_, last = (_FIRST.get(year + years, _FIRST[year] + years * _USUAL_YEAR) for years in (0, 1, 3))
    regular = _regular(year, serial)
    if regular and year <= _LAST_LONG_SERIES:
        return regular
    late = {s for s in _around(year) if next_ <= s * _MILLION + serial < last + _LATE}
    early = {s for s in _around(year) if first - _BEFORE <= s * _MILLION + serial < first}
    return regular | late | early


def _highest_by(day: date) -> int:
    """Above all numbers given out by that day; years that the table does not reach set no bound."""
    if day.year not in _FIRST:
        return 100 * _MILLION
    first = _FIRST[day.year]
    next_ = _FIRST.get(day.year + 1, first + _USUAL_YEAR)
    return first + (next_ - first) * day.timetuple().tm_yday // 365 + _BEFORE


def _provisional(year: int, serial: int) -> str | None:
    if year in (2007, 2014, 2020):  # a series ended and the next began
        old, new = {2007: ("60", "61"), 2014: ("61", "62"), 2020: ("62", "63")}[year]
        return old if serial >= 800_000 else new if serial < 300_000 else None
    periods = (("60", 1995, 2006), ("61", 2008, 2013), ("62", 2015, 2019), ("63", 2021, 2024))
    return next((series for series, first, last in periods if first <= year <= last), None)


def fits(series: str, year: int, serial: int | None = None) -> bool:
    """True if an application of the series (with that serial) may bear a filing date of that year."""
    span = YEARS_OF_SERIES.get(series)
    if span is None or not span[0] <= year <= span[1]:
        return False
    if serial is None or kind_of_series(series) != "A" or year not in _FIRST:
        return True
    if serial in _PCT_POOL.get(year, _PCT_POOL_LATE) or serial in _EFS_POOL:
        return True
    last = _FIRST.get(year + 3, _FIRST[year] + 3 * _USUAL_YEAR) + _LATE
    return _FIRST[year] - _BEFORE <= int(series) * _MILLION + serial < last

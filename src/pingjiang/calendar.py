"""Working days by country: weekends, holidays, and the weekends on which work is made up for.

The days are those of the library `holidays` (years as offices announce them). A year that nobody has announced yet
has the holidays that the law fixes; what is moved in it is not known, and `certain` says so.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

import holidays

# An office → the country whose calendar it keeps; offices of several countries have weekends only.
_COUNTRIES = {"CN": "CN", "US": "US", "JP": "JP", "KR": "KR"}
# Countries that move days of work year by year: what is known ends with the last year announced.
_ANNOUNCED = {"CN"}
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A working day, and whether the calendar of its year is known."""

    day: datetime.date
    certain: bool


@cache
def _holidays(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)


def is_working_day(day: datetime.date, office: str) -> bool:
    """Whether people work on a day in the country of an office (WIPO ST.3)."""
    country = _COUNTRIES.get(office)
    return day.weekday() < _SATURDAY if country is None else bool(_holidays(country, day.year).is_working_day(day))


def is_certain(day: datetime.date, office: str) -> bool:
    """Whether the holidays of the year of a day are known for an office."""
    country = _COUNTRIES.get(office)
    if country is None:
        return False
    if country not in _ANNOUNCED:
        return True
    return day.year in getattr(_holidays(country, day.year), "special_public_holidays", {})


def working_day_from(day: datetime.date, office: str) -> WorkingDay:
    """This day or, where it is none, the next working day."""
    found = day
    while not is_working_day(found, office):
        found += datetime.timedelta(days=1)
    return WorkingDay(found, is_certain(day, office) and is_certain(found, office))

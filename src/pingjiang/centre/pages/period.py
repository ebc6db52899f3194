"""A period in the address of a page: from a day to a day, both included."""

from __future__ import annotations

import contextlib
import datetime
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone


@dataclass(frozen=True)
class Period:
    """Since and until; None for open."""

    since: datetime.date | None
    until: datetime.date | None

    def __str__(self) -> str:
        return f"{self.since or ''} — {self.until or ''}"


def asked(request: HttpRequest) -> Period:
    """The period that the address names; what is no day, or ends before it begins, is as if it were not said."""
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    return Period(None, None) if since and until and until < since else Period(since, until)


def asked_or_year(request: HttpRequest) -> tuple[datetime.date, datetime.date]:
    """The same; where an end is open, the year of the other end or of today, up to today."""
    found, today = asked(request), timezone.localdate()
    until = found.until or max(today, found.since or today)
    return found.since or datetime.date(until.year, 1, 1), until


def _day(text: str) -> datetime.date | None:
    with contextlib.suppress(ValueError):
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    return None

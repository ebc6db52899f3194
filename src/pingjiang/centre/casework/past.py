"""The site's clock at a moment that has passed: for the synthetic city alone, which has a year behind it.

Who made what happened when, is told by the services from the clock. To tell a year, the clock is set back, and what
happens goes through the same doors, under the same rules, in the order in which it is told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.conf import settings
from django.utils import timezone


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """As if it were that moment, and went on from there. RuntimeError where the site is no demo: history is no play."""
    if settings.SITE_MODE not in ("demo", "test"):
        raise RuntimeError("the clock of a site that people work on is not set back")
    begun, before = timezone.now(), vars(timezone)["datetime"]

    def now(tz: datetime.tzinfo | None = None) -> datetime.datetime:
        passed: datetime.timedelta = before.now(tz=datetime.UTC) - begun
        return (moment + passed).astimezone(tz)

    # `timezone.now` reads this. Fields of models hold that function itself, so that it cannot be another one.
    with mock.patch.object(timezone, "datetime", _Kind("Then", (), {"now": staticmethod(now)})):
        yield


class _Kind(type):
    """A kind that every moment is of, for what else asks there whether something is one."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime.datetime)

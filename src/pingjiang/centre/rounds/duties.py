"""What is done by the clock. An app registers its duties when it is made ready, so that all processes know the same.

@duties.register("mail", ("寄送邮件", "Send mail"), Every(seconds=30))
def mail() -> Said: ...
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils import timezone

Said = tuple[str, str] | None  # what was done (zh, en), for the administrator; None where there was nothing to do
Run = Callable[[], Said]
F = TypeVar("F", bound=Run)
_FIRST_WAIT, _LONGEST_WAIT = datetime.timedelta(minutes=5), datetime.timedelta(hours=2)


@dataclass(frozen=True)
class Every:
    """So many seconds after the last time."""

    seconds: float

    def after(self, now: datetime.datetime) -> datetime.datetime:
        """When it is due next."""
        return now + datetime.timedelta(seconds=self.seconds)

    def first(self, now: datetime.datetime) -> datetime.datetime:
        """When it is due on a site that never did it: at once."""
        return now


@dataclass(frozen=True)
class Daily:
    """Once a day at a time of the site's clock; later that day where nothing ran then."""

    at: datetime.time

    def after(self, now: datetime.datetime) -> datetime.datetime:
        """When it is due next."""
        local = timezone.localtime(now)
        today = timezone.make_aware(datetime.datetime.combine(local.date(), self.at))
        if today > now:
            return today
        return timezone.make_aware(datetime.datetime.combine(local.date() + datetime.timedelta(days=1), self.at))

    first = after


Rhythm = Every | Daily


@dataclass(frozen=True)
class Duty:
    """A duty. It may be begun anew at any moment, beside itself too: what it does, it does once."""

    name: str
    words: tuple[str, str]
    rhythm: Rhythm
    run: Run

    def after_failure(self, now: datetime.datetime, failures: int) -> datetime.datetime:
        """When it is tried again: in its rhythm, and where that is a day, sooner."""
        wait = min(_FIRST_WAIT * 2 ** min(failures - 1, 10), _LONGEST_WAIT)
        return min(self.rhythm.after(now), now + wait) if isinstance(self.rhythm, Daily) else self.rhythm.after(now)


_duties: dict[str, Duty] = {}


def register(name: str, words: tuple[str, str], rhythm: Rhythm) -> Callable[[F], F]:
    """Make a duty known by its name. A second one of that name is a mistake."""

    def known(run: F) -> F:
        if name in _duties:
            raise RuntimeError(f"duty {name} is registered already")
        _duties[name] = Duty(name, words, rhythm, run)
        return run

    return known


def known() -> dict[str, Duty]:
    """All duties by name."""
    return dict(_duties)

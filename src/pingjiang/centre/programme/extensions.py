"""How the times of a call were extended: the history keeps both, those before and those after."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.programme.models import Call

EXTENDED = "call extended"
TIMES = ("closes_at", "seals_until")


@dataclass(frozen=True)
class Extended:
    """A time as it was, and as it is from then on."""

    name: str
    before: datetime.datetime
    after: datetime.datetime


@dataclass(frozen=True)
class Extension:
    """What was extended at once: when, why, and each time that became later."""

    at: datetime.datetime
    reason: str
    times: tuple[Extended, ...]


def extend(call: Call, actor: Actor, closes_at: datetime.datetime, seals_until: datetime.datetime, reason: str) -> None:
    """Give a call its later times, and write down both. Call it in the transaction of the move."""
    before = {name: _told(getattr(call, name)) for name in TIMES}
    call.closes_at, call.seals_until = closes_at, seals_until
    call.full_clean()
    call.save(update_fields=list(TIMES))
    after = {name: _told(getattr(call, name)) for name in TIMES}
    history.write(EXTENDED, f"call:{call.pk}", actor=actor, case=call.case, before=before, after=after, note=reason)


def _told(moment: datetime.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def extensions_of(call: Call) -> list[Extension]:
    """All of them, the earliest first."""
    found = []
    for event in call.case.events.filter(kind=EXTENDED).order_by("number"):
        before, after = json.loads(event.before), json.loads(event.after)
        times = tuple(
            Extended(name, *(datetime.datetime.fromisoformat(each[name]) for each in (before, after)))
            for name in TIMES
            if before[name] != after[name]
        )
        found.append(Extension(event.at, event.note, times))
    return found

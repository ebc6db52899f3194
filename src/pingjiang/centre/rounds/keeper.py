"""The loop that keeps the duties: looks every second what is due, takes a turn, does it in a thread of its own, gives
signs of life while any runs. A duty that takes long, fails or hangs keeps no other from its time."""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Daily, Duty, Said
from pingjiang.centre.rounds.models import Turn
from pingjiang.errors import PingjiangError

_log = logging.getLogger("pingjiang.rounds")
BEAT = 3.0  # seconds between two signs of life
SILENCE = datetime.timedelta(seconds=30)  # after which who has a turn is held for dead
_IDLE = 1.0
_GRACE = 10.0  # seconds that a duty has to end when the process does
_LONGEST = 300
_BROKE = "出错 broke off"


@dataclass(frozen=True)
class Lease:
    """The right to do a duty now. It holds while nobody has taken it away."""

    duty: Duty
    key: uuid.UUID

    def held(self) -> QuerySet[Turn]:
        """The duty's row while the lease holds, else no row."""
        return Turn.objects.filter(pk=self.duty.name, lease=self.key)


def enrol() -> None:
    """See to it that every registered duty has a row; one that is now due earlier in the day than it was, is."""
    now = timezone.now()
    there = dict(Turn.objects.values_list("name", "due_at"))
    new = [Turn(name=duty.name, due_at=duty.rhythm.first(now)) for duty in duties.known().values()
           if duty.name not in there]  # fmt: skip
    Turn.objects.bulk_create(new, ignore_conflicts=True)
    for duty in duties.known().values():
        if isinstance(duty.rhythm, Daily) and duty.name in there:
            earlier = duty.rhythm.after(now)
            Turn.objects.filter(pk=duty.name, due_at__gt=earlier).update(due_at=earlier)


def _free() -> Q:
    return Q(due_at__lte=Now()) & (Q(lease__isnull=True) | Q(heartbeat_at__lt=Now() - SILENCE))


def due() -> list[Duty]:
    """The duties that wait for somebody, the longest waiting first."""
    known = duties.known()
    names = Turn.objects.filter(_free(), pk__in=known).order_by("due_at").values_list("name", flat=True)
    return [known[name] for name in names]


def hasten(name: str) -> bool:
    """Make a duty due now. False where there is none of that name, or it runs."""
    return bool(Turn.objects.filter(pk=name, lease__isnull=True).update(due_at=Now()))


def take(duty: Duty, holder: str) -> Lease | None:
    """The turn of a duty, for this process; None where it is not due, or another was quicker."""
    key = uuid.uuid4()
    got = Turn.objects.filter(_free(), pk=duty.name).update(
        lease=key, holder=holder[:80], began_at=Now(), heartbeat_at=Now()
    )
    return Lease(duty, key) if got else None


def settle(lease: Lease, said: Said, *, failed: bool = False, detail: str = "") -> bool:
    """A turn has ended. False where it was lost to another meanwhile: nothing is written then."""
    now, words = timezone.now(), said or ("", "")
    row = lease.held().first()
    if row is None:
        return False
    failures = row.failures + 1 if failed else 0
    then = lease.duty.after_failure(now, failures) if failed else lease.duty.rhythm.after(now)
    return bool(
        lease.held().update(
            lease=None, due_at=then, ended_at=Now(), failures=F("failures") + 1 if failed else 0, detail=detail,
            said_zh=words[0][:_LONGEST], said_en=words[1][:_LONGEST],
        )
    )  # fmt: skip


def perform(lease: Lease) -> bool:
    """Do a duty and write down how it went. Whether it went well."""
    try:
        said = lease.duty.run()
    except Exception as error:
        _log.exception("duty %s failed", lease.duty.name)
        if not connection.is_usable():
            connection.close()
        words = _words(error)
        settle(lease, words, failed=True, detail="".join(traceback.format_exception(error)))
        return False
    settle(lease, said)
    return True


def _words(error: Exception) -> tuple[str, str]:
    """What an error of ours says; of any other its kind alone, the rest is in the detail."""
    if isinstance(error, PingjiangError):
        words = getattr(error, "words", None)
        return words if isinstance(words, tuple) else (error.message, error.message)
    return f"{_BROKE}: {type(error).__name__}", f"{_BROKE}: {type(error).__name__}"


class Keeper:
    """One loop. `stop()` ends it; what runs then has ten seconds to end, or is done again by whoever comes next."""

    def __init__(self, *, idle: float = _IDLE) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._idle = idle
        self._stopping = threading.Event()
        self._running: dict[uuid.UUID, threading.Thread] = {}
        self._beaten = 0.0

    def stop(self) -> None:
        """End."""
        self._stopping.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to end."""
        return self._stopping.is_set()

    def run(self, *, drain: bool = False) -> int:
        """Keep the duties until stopped, or with `drain` until none is due. How many turns were begun."""
        begun, enrolled = 0, False
        while not self._stopping.is_set():
            try:
                if not enrolled:
                    enrol()
                    enrolled = True
                begun += self._begin()
                self._beat()
                if drain and not self._running and not due():
                    break
            except DatabaseError as error:
                if drain:
                    raise
                _log.warning("the duties cannot be looked up: %s", error)
                connection.close()
            self._stopping.wait(0.05 if drain else self._idle)
        self._let_end()
        return begun

    def _begin(self) -> int:
        """Take what is due, each in a thread. How many there were."""
        self._running = {key: thread for key, thread in self._running.items() if thread.is_alive()}
        begun = 0
        for duty in due():
            lease = take(duty, self.name)
            if lease is not None:
                thread = threading.Thread(target=_perform, args=(lease,), name=f"duty {duty.name}", daemon=True)
                self._running[lease.key] = thread
                thread.start()
                begun += 1
        return begun

    def _beat(self) -> None:
        if self._running and time.monotonic() >= self._beaten:
            Turn.objects.filter(lease__in=list(self._running)).update(heartbeat_at=Now())
            self._beaten = time.monotonic() + BEAT

    def _let_end(self) -> None:
        until = time.monotonic() + _GRACE
        for thread in self._running.values():
            thread.join(max(0.0, until - time.monotonic()))
        connection.close()


def _perform(lease: Lease) -> None:
    try:
        perform(lease)
    except DatabaseError as error:  # how it went cannot be written: it is due again
        _log.warning("duty %s: %s", lease.duty.name, error)
    finally:
        connection.close()


@contextlib.contextmanager
def beside() -> Iterator[Keeper]:
    """A keeper in a thread of this process; it ends with the block."""
    keeper = Keeper()

    def run() -> None:
        while not keeper.stopped:
            try:
                keeper.run()
            except Exception:  # whatever it was, no duty is to wait for a restart of the site
                _log.exception("the keeper broke off and begins anew")
                time.sleep(_IDLE)

    thread = threading.Thread(target=run, name="rounds", daemon=True)
    thread.start()
    try:
        yield keeper
    finally:
        keeper.stop()
        thread.join()

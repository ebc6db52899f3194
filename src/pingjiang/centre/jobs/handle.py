"""What the function of a job gets in its hands."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from pingjiang.centre.documents import store
from pingjiang.centre.jobs.models import Job, JobLine
from pingjiang.centre.jobs.queue import Lease

_EVERY = 0.5  # seconds between two writings of progress


class Stopped(Exception):
    """The function must end. It passes through the function; what is open closes."""


class Cancelled(Stopped):
    """Somebody asked for the job's end."""


class Lost(Stopped):
    """The lease was lost: somebody else has the job. Nothing may be written any more."""


class HandedBack(Stopped):
    """The worker is to end: the job goes back into the queue."""


class Handle:
    """Tells how far the job is, and hears whether it must end."""

    def __init__(self, lease: Lease, stopping: threading.Event, lost: threading.Event) -> None:
        self._lease, self._stopping, self._lost = lease, stopping, lost
        self._next = 0.0

    @property
    def attempt(self) -> int:
        """1 for the first."""
        return self._lease.attempt

    def progress(self, done: int, of: int | None = None, words: tuple[str, str] | None = None) -> None:
        """So many of so many; call it as often as you like, two a second are written. Raises as check_cancelled."""
        if done < 0 or (of is not None and of < done):
            raise ValueError(f"{done} of {of} cannot be")
        last = of is not None and done == of
        if time.monotonic() < self._next and not last:
            self._may_go_on()
            return
        told = {"words_zh": words[0][:200], "words_en": words[1][:200]} if words else {}
        if not self._lease.held().update(done=done, of=of, **told):
            raise Lost
        self.check_cancelled()

    def check_cancelled(self) -> None:
        """Raises Cancelled, Lost or HandedBack where the function must end; let it pass."""
        self._next = time.monotonic() + _EVERY
        self._may_go_on()
        row = self._lease.held().values_list("cancel_asked_at", flat=True).first()
        if row is not None:
            raise Cancelled
        if not self._lease.held().exists():
            raise Lost

    def log(self, zh: str, en: str) -> None:
        """A line for the log."""
        JobLine(job_id=self._lease.job, attempt=self.attempt, zh=zh[:1000], en=en[:1000]).save()

    def keep(self, file: Path, name: str, kind: str) -> dict[str, str]:
        """Keep a file that the job made, of one of the library's kinds of uploads. What comes back goes into the list
        `files` of the result, by which whoever sees the job gets the file."""
        with file.open("rb") as stream, store.receive(iter(lambda: stream.read(2**20), b"")) as incoming:
            content = store.keep(incoming, kind)
        return {"sha256": content.sha256, "name": name}

    @contextlib.contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction that only the one who holds the lease commits: what is written in it is written once."""
        with transaction.atomic():
            if self._lease.held().select_for_update().values_list("pk").first() is None:
                raise Lost
            yield

    def _may_go_on(self) -> None:
        if self._lost.is_set():
            raise Lost
        if self._stopping.is_set():
            raise HandedBack

    @property
    def job(self) -> Job:
        """The job as it stands."""
        return Job.objects.get(pk=self._lease.job)

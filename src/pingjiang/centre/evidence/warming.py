"""What is asked of every release is asked once it is opened, so that who comes to a page does not wait for it.

A process warms a release when somebody opens its first page on it: in a thread that gives way to those of pages. It
takes seconds for a lake of 200,000 publications. Pages that come before it is done work out what they show themselves;
who asks what is just being made waits for that.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.conf import settings

from pingjiang.centre.evidence.opening import Opened

Steps = Callable[[Opened], Iterator[Callable[[], object]]]
_log = logging.getLogger(__name__)
_NICE = 10  # of the thread, where the system has such a thing
_asked: list[Steps] = []


def add(steps: Steps) -> None:
    """Make known what is to be asked of each release."""
    _asked.append(steps)


def begin(at: Opened) -> None:
    """Have a release warmed, once in this process; returns at once. Under test nothing happens by itself."""
    if settings.SITE_MODE != "test":
        _warmer.take(at)


class _Warmer:
    """One thread of a process, made when it is first needed: a server's processes are made before they have threads."""

    def __init__(self) -> None:
        self._begun: set[tuple[str, str]] = set()  # lakes and releases
        self._waiting: queue.SimpleQueue[Opened] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, at: Opened) -> None:
        key = (str(at.lake.folder), at.id)
        with self._lock:
            if key in self._begun:
                return
            self._begun.add(key)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="warming", daemon=True)
                self._thread.start()
        self._waiting.put(at)

    def _work(self) -> None:
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        while True:
            warm(self._waiting.get())


_warmer = _Warmer()


def warm(at: Opened) -> float:
    """Ask what every release is asked; how many seconds that took. What fails is left to the page that needs it."""
    began = time.monotonic()
    for step in (step for of in _asked for step in of(at)):
        try:
            step()
        except Exception:
            _log.exception("warming %s of %s", at.id, at.lake.folder)
    took = time.monotonic() - began
    _log.info("release %s warmed in %.1f s", at.id, took)
    return took

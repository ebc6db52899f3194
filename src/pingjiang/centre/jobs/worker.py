"""The worker: claims a job, runs it, tells how it ended; beats while it runs, and looks after those who died.

A process of its own (`pingjiang worker`), or a thread beside the pages of a small site. Any number may work at once.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Iterator
from types import FrameType

from django.db import DatabaseError, close_old_connections, connection

from pingjiang.centre.jobs import functions, queue
from pingjiang.centre.jobs.handle import Cancelled, HandedBack, Handle, Lost
from pingjiang.centre.jobs.models import Job
from pingjiang.errors import PingjiangError

_log = logging.getLogger("pingjiang.jobs")
_IDLE = 1.0
_UNKNOWN = ("本程序没有这种任务", "this program knows no such job")
_NO_RESULT = ("任务的结果无法保存", "the result of the job cannot be kept")


class Worker:
    """One loop. `stop()` ends it: the running function is told at its next word of progress, and its job goes back."""

    def __init__(self, *, idle: float = _IDLE) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._idle = idle
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End after what runs now."""
        self._stopping.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to end."""
        return self._stopping.is_set()

    def wait(self) -> None:
        """As long as it waits when nothing is due; less where it is told to end."""
        self._stopping.wait(self._idle)

    def run(self, *, drain: bool = False) -> int:
        """Work until stopped, or with `drain` until nothing is due. How many attempts were made."""
        attempts, looked = 0, 0.0
        _log.info("worker %s begins", self.name)
        while not self._stopping.is_set():
            try:
                close_old_connections()
                if time.monotonic() >= looked:
                    queue.reap()
                    looked = time.monotonic() + queue.BEAT
                lease = queue.claim(self.name)
                if lease is not None:
                    attempts += 1
                    self._attempt(lease)
                    continue
            except DatabaseError as error:
                if drain:
                    raise
                # Away or busy: what runs nowhere is taken up when it is back.
                _log.warning("the queue cannot be reached: %s", error)
                connection.close()
            if drain:
                break
            self.wait()
        return attempts

    def _attempt(self, lease: queue.Lease) -> None:
        job = Job.objects.get(pk=lease.job)
        function = functions.find(job.kind)
        if function is None:
            queue.settle_failure(lease, _UNKNOWN, again=False)
            return
        with _beating(lease) as lost:
            _log.info("job %s %s, attempt %s", lease.job, job.kind, lease.attempt)
            handle = Handle(lease, self._stopping, lost)
            try:
                handle.check_cancelled()
                result = function.run(handle, **job.arguments)
            except Cancelled:
                queue.settle(lease, "cancelled")
            except Lost:
                _log.warning("job %s was lost to another worker", lease.job)
            except HandedBack:
                queue.hand_back(lease, counted=False)
            except Exception as error:
                _failed(lease, error)
            else:
                _ended(lease, result)
        _log.info("job %s: %s", lease.job, Job.objects.values_list("state", flat=True).get(pk=lease.job))


def _ended(lease: queue.Lease, result: object) -> None:
    try:
        told = json.loads(json.dumps(result, allow_nan=False))
    except (TypeError, ValueError):
        queue.settle_failure(lease, _NO_RESULT, again=False, detail=traceback.format_exc())
    else:
        queue.settle(lease, "done", told)


def _failed(lease: queue.Lease, error: Exception) -> None:
    """An error of ours is final and says why; any other may pass, and only the administrator reads its text."""
    if isinstance(error, PingjiangError):
        queue.settle_failure(lease, (error.message, error.message), again=False, detail=str(error))
        return
    _log.exception("job %s failed", lease.job)
    words = ("任务出错，管理员可在日志中查看原因", "the job broke; its log tells the administrator why")
    if not connection.is_usable():
        connection.close()
    queue.settle_failure(lease, words, again=True, detail="".join(traceback.format_exception(error)))


@contextlib.contextmanager
def _beating(lease: queue.Lease) -> Iterator[threading.Event]:
    """Signs of life, and a look at the others', while a job runs. The event says that the lease is lost."""
    over, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not over.wait(queue.BEAT):
            try:
                if not queue.beat(lease):
                    lost.set()
                    return
                queue.reap()
            except DatabaseError as error:
                _log.warning("no sign of life for job %s this time: %s", lease.job, error)
                connection.close()
        connection.close()

    thread = threading.Thread(target=beat, name=f"beat {lease.job}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        over.set()
        thread.join()


def serve(*, drain: bool = False) -> int:
    """Run a worker as a process: TERM and INT hand the job back and end it, a second one ends it at once."""
    worker = Worker()

    def ended(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ended)
    return worker.run(drain=drain)


@contextlib.contextmanager
def beside() -> Iterator[Worker]:
    """A worker in a thread of this process, for a site on one machine; it ends with the block."""
    worker = Worker()

    def run() -> None:
        while not worker.stopped:
            try:
                worker.run()
            except Exception:  # whatever it was, the next job is not to wait for a restart of the site
                _log.exception("the worker broke off and begins anew")
                worker.wait()
            finally:
                connection.close()

    thread = threading.Thread(target=run, name="jobs", daemon=True)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()

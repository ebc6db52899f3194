"""Duties with real processes: two workers at once, one killed with -9, and `serve` with what runs beside it."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tools.servers import free_port

from tests.centre import sites
from tests.centre.jobs.test_processes import ask, ended, look, until

_PATIENCE = 120.0
_LIVE = {"DJANGO_SETTINGS_MODULE": "tests.centre.pages.live_settings", "CHORES_BY_THE_CLOCK": "1"}
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(site: Path) -> Iterator[Start]:
    """Starts commands on the site; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str, **more: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "pingjiang", *arguments],
            env={**sites.surroundings(site), **_LIVE, **more}, cwd=sites.ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with the processes of its pages
        process.wait()


def left(site: Path, word: str) -> list[tuple[str, float]]:
    """What a duty left behind: process and time, the earliest first."""
    names = sites.rows(site, f"SELECT name_zh FROM accounts_organisation WHERE name_zh LIKE '{word} %' ORDER BY id")
    return [(pid, float(at)) for _, pid, at in (name.split() for (name,) in names)]


def wait(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_two_workers_do_nothing_twice_and_a_killed_one_is_replaced(site: Path, start: Start) -> None:
    first, second = start("worker", CHORES_LONG="60"), start("worker", CHORES_LONG="60")
    wait(lambda: len(left(site, "tick")) >= 6)
    times = [at for _, at in left(site, "tick")]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= 0.9, "a second at least lies between two turns, whoever has them"
    assert len(left(site, "begun")) == 1, "one of the two has the long one"
    ((pid, _),) = left(site, "begun")
    holder, other = (first, second) if str(first.pid) == pid else (second, first)
    holder.kill()
    holder.wait()
    count = len(left(site, "tick"))
    wait(lambda: len(left(site, "tick")) > count + 1)
    other.kill()
    other.wait()
    sites.sql(site, "UPDATE rounds_turn SET heartbeat_at = '2026-01-01 00:00:00+00' WHERE name = 'long'")
    start("worker")
    wait(lambda: left(site, "ended"))
    assert len(left(site, "begun")) == 2 and len(left(site, "ended")) == 1
    ((failures, said),) = sites.rows(site, "SELECT failures, said_en FROM rounds_turn WHERE name = 'broken'")
    assert failures >= 1 and "ValueError" in said and "secret" not in said


def test_drained_once_everything_due_is_done(site: Path, start: Start) -> None:
    assert start("worker", "--drain").wait(_PATIENCE) == 0
    assert len(left(site, "ended")) == 1 and len(left(site, "tick")) >= 1


@pytest.mark.slow
def test_beside_the_pages_and_not_with_them(site: Path, start: Start) -> None:
    """The processes of the pages are killed; what works beside them stays."""
    port = str(free_port())
    server = start("serve", "--port", port, "--workers", "1")
    job = ask(site, "count", upto=3, name="beside")
    assert until(site, job, ended)["state"] == "done"
    wait(lambda: left(site, "tick"))
    assert {pid for pid, _ in left(site, "tick")} == {str(server.pid)}
    for child in _children(server.pid):
        os.kill(child, signal.SIGKILL)
    job, count = ask(site, "count", upto=3, name="after"), len(left(site, "tick"))
    assert until(site, job, ended)["state"] == "done"
    wait(lambda: len(left(site, "tick")) > count)
    assert server.poll() is None and look(site, job)["attempts"] == 1
    server.send_signal(signal.SIGINT)
    assert server.wait(_PATIENCE) == 0
    job = ask(site, "count", upto=3, name="alone")
    alone = start("serve", "--no-worker", "--port", port, "--workers", "1")
    wait(lambda: _children(alone.pid))
    time.sleep(2)
    assert look(site, job)["state"] == "queued" and alone.poll() is None


def _children(pid: int) -> list[int]:
    """The processes that one started, those of the pages among them."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in found if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()]

"""Jobs with real worker processes, that are killed, stopped, and told to end. Asked and looked at by raw SQL."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.centre import sites

_PATIENCE = 120.0


@pytest.fixture
def workers(site: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts workers on the site; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "pingjiang", "worker", *arguments], env=sites.surroundings(site), cwd=sites.ROOT,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def ask(site: Path, kind: str, **arguments: Any) -> int:
    """A job in the queue."""
    told, request = json.dumps(arguments), uuid.uuid4().hex
    sites.sql(
        site,
        "INSERT INTO jobs_job (kind, arguments, request, state, queued_at, not_before, attempts, worker, done,"
        f" words_zh, words_en, problem_zh, problem_en) VALUES ('{kind}', '{told}', '{request}',"
        " 'queued', '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00', 0, '', 0, '', '', '', '')",
    )
    return int(sites.rows(site, "SELECT MAX(id) FROM jobs_job")[0][0])


def look(site: Path, job: int) -> dict[str, Any]:
    columns = "state", "attempts", "done", "worker", "problem_en", "result"
    (row,) = sites.rows(site, f"SELECT {', '.join(columns)} FROM jobs_job WHERE id = {job}")
    return dict(zip(columns, row, strict=True))


def until(site: Path, job: int, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The job once something is so. Fails when that takes too long."""
    end = time.monotonic() + _PATIENCE
    while not is_so(found := look(site, job)):
        assert time.monotonic() < end, found
        time.sleep(0.1)
    return found


def begun(found: dict[str, Any]) -> bool:
    return bool(found["state"] == "running" and found["done"] > 0)


def ended(found: dict[str, Any]) -> bool:
    return found["state"] in ("done", "failed", "cancelled")


def made(site: Path) -> list[str]:
    """Names of the organisations that the jobs left behind."""
    return [name for (name,) in sites.rows(site, "SELECT name_zh FROM accounts_organisation ORDER BY id")]


def aged(site: Path) -> None:
    """As if the last sign of life were a minute old."""
    sites.sql(site, "UPDATE jobs_job SET heartbeat_at = '2026-01-01 00:00:00+00' WHERE state = 'running'")


def test_a_killed_worker_is_taken_over_and_a_stopped_one_fenced(
    site: Path, workers: Callable[..., subprocess.Popen[bytes]]
) -> None:
    killed = ask(site, "count", upto=400, pause=0.02, name="killed")
    first = workers()
    until(site, killed, begun)
    first.kill()
    first.wait()
    stopped = ask(site, "count", upto=400, pause=0.02, name="stopped")
    second = workers()
    until(site, stopped, begun)
    assert look(site, killed)["state"] == "running"  # nobody knows yet that it died
    os.kill(second.pid, signal.SIGSTOP)
    aged(site)
    third = workers()
    for job in (killed, stopped):
        found = until(site, job, ended)
        assert (found["state"], found["attempts"]) == ("done", 2)
    os.kill(second.pid, signal.SIGCONT)
    second.terminate()
    third.terminate()
    _, told = second.communicate()
    assert b"was lost to another worker" in told and third.wait() == 0
    assert sorted(made(site)) == ["killed", "stopped"]
    died = sites.rows(site, "SELECT job_id FROM jobs_jobline WHERE en = 'the process that ran it broke off'")
    assert sorted(died) == [(killed,), (stopped,)]


def test_a_worker_that_is_told_to_end_hands_back(site: Path, workers: Callable[..., subprocess.Popen[bytes]]) -> None:
    job = ask(site, "count", upto=100_000, pause=0.01)
    worker = workers()
    until(site, job, begun)
    worker.terminate()
    assert worker.wait(_PATIENCE) == 0
    found = look(site, job)
    assert (found["state"], found["attempts"]) == ("queued", 0)


def test_a_worker_of_a_site_that_is_not_made_yet(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pingjiang", "worker"],
        env={**sites.surroundings(tmp_path), "PINGJIANG_SITE_DATABASE": ""},
        cwd=sites.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "pingjiang serve" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_killed_worker_is_noticed_within_a_minute(
    site: Path, workers: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """By one that is idle, and by one that is busy; what may not be begun anew fails with its reason."""
    again, never = ask(site, "count", upto=100_000, pause=0.05), ask(site, "once", pause=600.0)
    doomed = [workers(), workers()]
    until(site, again, begun)
    until(site, never, lambda found: found["state"] == "running")
    busy = ask(site, "count", upto=12_000, pause=0.01)
    other = workers()
    until(site, busy, begun)
    start = time.monotonic()
    for process in doomed:
        process.kill()
        process.wait()
    found = until(site, never, ended)
    assert found["state"] == "failed" and "broke off" in found["problem_en"]
    until(site, again, lambda found: found["state"] == "queued" or found["attempts"] == 2)
    noticed = time.monotonic() - start
    print(f"noticed after {noticed:.0f} s")
    assert noticed < 60
    assert look(site, busy)["state"] == "running" and other.poll() is None


@pytest.mark.slow
def test_many_workers_do_each_job_once(site: Path, workers: Callable[..., subprocess.Popen[bytes]]) -> None:
    jobs = [ask(site, "count", upto=2, name=f"n{n}") for n in range(200)]
    running = [workers("--drain") for _ in range(4)]
    for worker in running:
        _, told = worker.communicate()
        assert worker.returncode == 0, told
    assert all(look(site, job)["state"] == "done" and look(site, job)["attempts"] == 1 for job in jobs)
    assert sorted(made(site)) == sorted(f"n{n}" for n in range(200))
    assert len(set(sites.rows(site, "SELECT worker FROM jobs_job"))) > 1

"""An import whose worker is killed: by real processes and the real queue, and attempt by attempt in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pingjiang import pipeline
from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.evidence.data import runs
from pingjiang.centre.evidence.models import DataLake, LakeRun, Upload
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.jobs import queue
from pingjiang.centre.jobs.models import Job
from pingjiang.config import Settings
from pingjiang.engine import Lake, open_engine
from tests.centre import sites
from tests.centre.evidence.data.conftest import Rows, hand_in, work
from tests.search.conftest import SETTINGS, add, write_rows

_PATIENCE = 120.0
_MANY = 20_000  # rows of the second file: it is still being read when its worker is killed
_LONG_AGO = "2026-01-01 00:00:00+00"


def rows_of(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the newest release of a lake holds, row by row."""
    lake = Lake(folder)
    release = lake.require_current()
    with open_engine(Settings.from_environment({}), folder) as session:
        session.name_tables(release.open(session))
        return {
            name: sorted(session.rows(f"select t.* from {name} t"), key=repr)
            for name in ("record", "publication", "application") if name in release.tables
        }  # fmt: skip


def until(found: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for something to be so while a process runs."""
    end = time.monotonic() + _PATIENCE
    while not found():
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.02)


@pytest.fixture
def worker(site: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts workers on the site; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pingjiang", "worker", *arguments]
        started.append(subprocess.Popen(command, env=sites.surroundings(site), cwd=sites.ROOT))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def told_by(site: Path, *arguments: str) -> str:
    """What a program on the site says."""
    process = sites.program(site, "tests.centre.evidence.data.asked", *arguments)
    said, _ = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 0
    return said


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_an_import_leaves_nothing_half_done(
    site: Path, worker: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    base = Lake(tmp_path / "base" / "lake")
    base.folder.parent.mkdir()
    add(base, 0)
    files = [tmp_path / "small.csv", tmp_path / "large.csv"]
    write_rows(files[0], 100, 10)
    write_rows(files[1], 1000, _MANY)
    undisturbed = Lake(tmp_path / "undisturbed" / "lake")
    undisturbed.folder.parent.mkdir()
    add(undisturbed, 0)
    pipeline.import_files(files, undisturbed, settings=SETTINGS)
    asked = json.loads(told_by(site, "import", str(base.folder), *map(str, files)))
    folder, job, before = Path(asked["folder"]), asked["job"], rows_of(base.folder)

    def state() -> tuple[Any, ...]:
        return sites.rows(site, f"SELECT state, attempts FROM jobs_job WHERE id = {job}")[0]

    first = worker()
    receipts = "SELECT COUNT(*) FROM evidence_upload WHERE receipt IS NOT NULL"
    until(lambda: sites.rows(site, receipts) == [(1,)], first)  # one file is read, the other is not
    first.kill()
    first.wait()
    assert sites.rows(site, receipts) == [(1,)] and state() == ("running", 1)
    assert rows_of(folder) == before
    Lake(folder).require_current().verify()
    [left] = (site / "lakes" / ".laid-out.part").iterdir()
    os.utime(left, (0, 0))  # what was made a moment ago is left alone

    sites.sql(site, f"UPDATE jobs_job SET heartbeat_at = '{_LONG_AGO}' WHERE state = 'running'")
    assert worker("--drain").wait(_PATIENCE) == 0  # finds out; the job waits a while for its next attempt
    assert state() == ("queued", 1)
    page = told_by(site, "page", str(asked["run"]))
    assert "第 1 次执行中断" in page and "数据湖没有留下半成品" in page and "任务已从头再做" in page
    assert rows_of(folder) == before

    sites.sql(site, f"UPDATE jobs_job SET not_before = '{_LONG_AGO}' WHERE id = {job}")
    assert worker("--drain").wait(_PATIENCE) == 0
    assert state() == ("done", 2)
    assert rows_of(folder) == rows_of(undisturbed.folder)
    assert not list((site / "lakes" / ".laid-out.part").iterdir()), "what the killed one laid out is gone"
    told = sites.rows(site, "SELECT receipt FROM evidence_upload ORDER BY id")
    assert [json.loads(row[0] if isinstance(row[0], str) else json.dumps(row[0]))["accepted"] for row in told] == [
        10, _MANY
    ]  # fmt: skip


def dies(run: LakeRun) -> None:
    """An attempt whose worker is never heard of again, as the next one finds out."""
    job = Job.objects.filter(lake_run=run)
    job.update(not_before=None)
    assert queue.claim("a worker that dies") is not None
    job.update(heartbeat_at=_LONG_AGO)
    assert queue.reap() == 1


@pytest.mark.django_db
def test_who_dies_again_and_again_fails_cleanly_and_the_files_can_be_imported(
    client_of: Callable[[Actor], Client], manager: Actor, lake: DataLake, rows: Rows
) -> None:
    browser, before = client_of(manager), lake_of(lake).require_current().id
    hand_in(browser, lake, rows())
    work()
    run = runs.begin(lake, manager, "import", request=uuid.uuid4())
    here = f"/evidence/{lake.pk}/data/runs/{run.pk}/"
    dies(run)
    page = browser.get(here).content.decode()
    assert "第 1 次执行中断" in page and "任务已从头再做" in page and "排队中" in page
    dies(run)
    dies(run)
    page = browser.get(here).content.decode()
    assert page.count("次执行中断") == 3 and page.count("任务已从头再做") == 2
    assert "执行任务的进程中断了" in page and "数据湖仍是上一个完好版本" in page
    assert lake_of(lake).require_current().id == before and runs.running(lake) == []
    browser.post(f"{here}back/")
    assert Upload.objects.get(run=None).receipt is None
    again = runs.begin(lake, manager, "import", request=uuid.uuid4())
    work()
    again.refresh_from_db()
    assert again.release == lake_of(lake).require_current().id != before
    assert Upload.objects.get(run=again).receipt["accepted"] == 12

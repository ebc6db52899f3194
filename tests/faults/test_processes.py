"""Processes that are killed, that write at once, or whose clock goes wrong; and very many small files."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, Session
from tests.faults.disks import good, run, unfinished, unnamed
from tests.faults.processes import children, memory, open_files, peak_memory, runs
from tests.made import INCOPAT, incopat_file, incopat_row, write_csv


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pingjiang", *map(str, arguments), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def workbook(path: Path, rows: int, first: int = 1) -> Path:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([INCOPAT, *map(incopat_row, range(first, first + rows))]):
            sheet.write_row(at, 0, row)
    return path


def record_count(lake: Lake) -> int:
    with Session(threads=1) as session:
        return lake.require_current().open(session, "record")["record"].count()


# -- killed ------------------------------------------------------------------------------------------


_SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 20))]


@pytest.mark.parametrize("seed", _SEEDS)
def test_the_process_that_reads_a_workbook_is_killed(tmp_path: Path, seed: int) -> None:
    """At a random moment of its life. The file is refused, or was read before; the lake is whole."""
    lake = tmp_path / "lake"
    assert run("import", incopat_file(tmp_path / "a.csv", 5), "--lake", lake).code == 0
    before = Lake(lake).require_current().id
    book = workbook(tmp_path / "b.xlsx", 20_000, first=100)
    with started("import", book, "--lake", lake) as command:
        while command.poll() is None and not (readers := children(command.pid)):
            time.sleep(0.005)
        time.sleep(random.Random(seed).random() * 0.8)
        for reader in readers:
            with suppress(ProcessLookupError):  # it has done its work
                os.kill(reader, signal.SIGKILL)
        said, complaint = command.communicate()
    assert "Traceback" not in complaint
    if command.returncode == 0:
        assert record_count(Lake(lake)) == 20_005
        return
    assert command.returncode == 2
    error = json.loads(said)["error"]
    assert (error["kind"], error["file"]) == ("FileDamaged", "b.xlsx")
    assert "读取中断" in error["message"] and "broke off" in error["message"] and error["remedy"]
    assert good(Lake(lake).require_current()) == before
    assert unnamed(Lake(lake)) == set()


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_command_that_is_told_to_end(tmp_path: Path, seed: int) -> None:
    """SIGTERM, as a system that shuts down sends it."""
    lake = tmp_path / "lake"
    assert run("import", incopat_file(tmp_path / "a.csv", 5), "--lake", lake).code == 0
    before = Lake(lake).require_current().id
    book = workbook(tmp_path / "b.xlsx", 20_000, first=100)
    with started("import", book, "--lake", lake) as command:
        while command.poll() is None and not children(command.pid):
            time.sleep(0.005)
        time.sleep(random.Random(seed).random())
        readers = children(command.pid)
        command.terminate()
        _, complaint = command.communicate()
    assert command.returncode in (0, 130, 143, -signal.SIGTERM), complaint
    ends = time.monotonic() + 20
    while any(map(runs, readers)) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not any(map(runs, readers)), "who reads for it ends with it"
    current = Lake(lake).require_current()
    # It may have published already and be on its way out: then the release is the whole new one.
    assert good(current) == before or record_count(Lake(lake)) == 20_005
    assert run("import", book, "--lake", lake).code == 0
    assert record_count(Lake(lake)) == 20_005
    assert unnamed(Lake(lake)) == set()
    assert unfinished(lake) == []


# -- the clock ---------------------------------------------------------------------------------------


class _Clock(datetime):
    reads = datetime(2026, 11, 20, tzinfo=UTC)

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return cls.reads


@pytest.mark.slow
def test_a_clock_that_is_set_back_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids grow, the newest stays the newest, and what was imported by the wrong date is there."""
    monkeypatch.setattr("pingjiang.engine.lake.datetime", _Clock)
    lake = Lake(tmp_path / "lake", keep=10)
    dates = ["2026-11-20", "2019-01-01", "1970-01-01", "2026-11-21"]
    for at, day in enumerate(dates):
        monkeypatch.setattr(_Clock, "reads", datetime.fromisoformat(day).replace(tzinfo=UTC))
        pipeline.import_files([incopat_file(tmp_path / f"{at}.csv", 5, first=10 * at)], lake)
        pipeline.build(lake, load("semiconductors"))
    releases = lake.releases()
    numbers = [int(release.id.rpartition("-")[2]) for release in releases]
    assert numbers == list(range(2 * len(dates), 0, -1)), "newest first, each number once"
    assert [release.base for release in releases[:-1]] == [release.id for release in releases[1:]]
    assert [release.created_at[:10] for release in releases] == [day for day in reversed(dates) for _ in range(2)]
    for release in releases:
        good(release)
    assert record_count(lake) == 5 * len(dates)
    assert unnamed(lake) == set()
    told = pipeline.indicators(lake, names=["filings_by_year"])
    assert (told["release"], told["stale"]) == (releases[0].id, False)


# -- at once -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_of_several_writers_one_writes_and_the_others_are_told_to_wait(tmp_path: Path) -> None:
    """Imports and builds of one lake, begun together; whoever is refused says so, and comes through when run again."""
    lake = tmp_path / "lake"
    assert run("import", incopat_file(tmp_path / "a.csv", 2_000), "--lake", lake).code == 0
    work: list[list[str | Path]] = [
        ["import", incopat_file(tmp_path / "b.csv", 3_000, first=10_000)],
        ["import", incopat_file(tmp_path / "c.csv", 3_000, first=20_000)],
        ["build"],
    ]
    with ThreadPoolExecutor(len(work)) as pool:
        first = list(pool.map(lambda arguments: run(*arguments, "--lake", lake), work))
    assert any(answer.code == 0 for answer in first)
    for answer in first:
        if answer.code:
            assert (answer.code, answer.error["kind"]) == (1, "LakeBusy")
            assert str(lake) in answer.said
            assert "另一进程正在写入" in answer.said and "Another process is writing" in answer.said
            assert answer.error["remedy"]
    for arguments in work:
        assert run(*arguments, "--lake", lake).code == 0
    assert record_count(Lake(lake)) == 8_000
    good(Lake(lake).require_current())
    assert unnamed(Lake(lake)) == set()


@pytest.mark.slow
def test_readers_beside_a_writer_see_whole_releases(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([incopat_file(tmp_path / "0.csv", 50)], lake)
    pipeline.build(lake, load("semiconductors"))
    answers = []

    def write() -> None:
        for at in range(1, 4):
            pipeline.import_files([incopat_file(tmp_path / f"{at}.csv", 50, first=1_000 * at)], lake)
            pipeline.build(lake, load("semiconductors"))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not writing.done():
            [entry] = [
                entry
                for entry in pipeline.indicators(Lake(lake.folder), names=["filings_by_year"])["indicators"]
                if entry["unit"] == "publication"
            ]
            answers.append(sum(row["value"] for row in entry["rows"]))
        writing.result()
    assert answers == sorted(answers)
    assert set(answers) <= {50, 100, 150, 200}


# -- very many files ---------------------------------------------------------------------------------


def _small_files(folder: Path, count: int) -> list[Path]:
    """Exports of three rows each; every tenth has a row that is rejected."""
    folder.mkdir()
    paths = []
    for at in range(count):
        rows = [incopat_row(3 * at + k) for k in range(3)]
        if at % 10 == 0:
            rows.append(incopat_row(at, **{"公开（公告）号": "2.01E+12"}))
        paths.append(write_csv(folder / f"{at:05}.csv", INCOPAT, rows))
    return paths


def _imports_many(tmp_path: Path, count: int) -> None:
    lake, paths = Lake(tmp_path / "lake"), _small_files(tmp_path / "in", count)
    handles: list[int] = []
    taken: list[int] = []

    def measure(_what: str, done: int, _total: int) -> None:
        if done % 20 == 0:
            handles.append(open_files())
            taken.append(memory())

    result = pipeline.import_files(paths, lake, progress=measure)
    assert [Path(receipt.path) for receipt in result.receipts] == paths
    assert sum(receipt.accepted for receipt in result.receipts) == 3 * count
    assert sum(receipt.rejected for receipt in result.receipts) == -(-count // 10)
    assert len(list((lake.folder / "rejects").iterdir())) == -(-count // 10)
    release = lake.require_current()
    good(release)
    assert len(release.info["sources"]) == count
    assert record_count(lake) == 3 * count
    assert max(len(files) for files in release.tables.values()) <= 1 + count // 1_000, "few files for every later query"
    assert max(handles) - min(handles) < 20
    # A release of each file's tables was a megabyte a file; what stays of one now are its receipt and its rows.
    assert taken[-1] - taken[1] < 64 * 2**20 + count * 40_000
    again = pipeline.import_files(paths[:20], lake)
    assert all(receipt.already_imported for receipt in again.receipts)
    built = pipeline.build(lake, load("semiconductors"))
    assert built.rows["publication"] == 3 * count


@pytest.mark.slow
def test_very_many_small_files(tmp_path: Path) -> None:
    _imports_many(tmp_path, 60)


@pytest.mark.slow
def test_ten_thousand_small_files(tmp_path: Path) -> None:
    _imports_many(tmp_path, 10_000)


def test_a_peak_of_memory_is_that_of_the_program_alone() -> None:
    """Whoever started it may have had far more: what is measured is not that."""
    large = bytearray(os.urandom(2**20)) * 300
    command = [sys.executable, "-c", "from tests.faults.processes import peak_memory; print(peak_memory())"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert 2**12 < int(done.stdout) < 2**17 < peak_memory()
    assert large


@pytest.mark.slow
def test_more_files_than_handles(tmp_path: Path) -> None:
    """What was read is closed: a process may have few files open at once."""
    paths = _small_files(tmp_path / "in", 60)
    limited = ["bash", "-c", 'ulimit -n 48; exec "$@"', "-"]
    assert run("import", *paths, "--lake", tmp_path / "lake", within=tuple(limited)).code == 0
    good(Lake(tmp_path / "lake").require_current())

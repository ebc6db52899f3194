"""People judge while disks are full, read-only, or somebody pulls the plug."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pingjiang.engine import Lake
from pingjiang.judgements import Log
from tests.commands import pingjiang
from tests.faults.disks import Disk, disk, good, run
from tests.judging.conftest import APPLICANTS, original

__all__ = ["original"]
A, B, C, D, _ = APPLICANTS
WHO = {"PINGJIANG_WHO": "张伟"}


@pytest.fixture
def small(tmp_path: Path, original: Path) -> Iterator[Disk]:
    with disk(tmp_path / "disk", 4) as found:
        shutil.copytree(original, found.seen / "lake")
        yield found


def rows(lake: Lake) -> int:
    return len(Log(lake.judgements).read().rows)


def test_a_full_disk_keeps_what_was_judged_and_says_so(small: Disk) -> None:
    judge = ("identities", "accept", A, B, "--lake", small.path / "lake", "--verdict")
    assert small.run(*judge, "same", **WHO).code == 0
    small.leave(0)
    # A page of the log has room still; what does not fit it is refused, and nothing of it stays.
    refused = small.run(*judge, "different", "--why", "满" * 1_900, PINGJIANG_WHO="李娜")
    assert refused.code == 1 and "Make room" in refused.error["remedy"], refused
    assert "judgements.jsonl" in refused.said
    assert (rows(small.lake()), Log(small.lake().judgements).read().torn) == (1, 0)
    small.make_room()
    assert small.run(*judge, "different", "--why", "满" * 1_900, PINGJIANG_WHO="李娜").code == 0
    assert rows(small.lake()) == 2


def test_a_read_only_disk_can_be_read_and_not_judged_on(small: Disk) -> None:
    assert small.run("identities", "accept", A, B, "--verdict", "same", "--lake", small.path / "lake", **WHO).code == 0
    small.remount("ro")
    try:
        assert small.run("identities", "list", "--lake", small.path / "lake").code == 0
        assert small.run("identities", "review", "--lake", small.path / "lake").code == 0
        refused = small.run("identities", "accept", C, D, "--verdict", "same", "--lake", small.path / "lake", **WHO)
        assert refused.code == 1 and "permissions" in refused.error["remedy"], refused
    finally:
        small.remount("rw")
    assert rows(small.lake()) == 1


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 10))])
def test_an_import_of_answers_that_is_killed_has_all_of_them_or_none(original: Path, tmp_path: Path, seed: int) -> None:
    shutil.copytree(original, tmp_path / "lake")
    lake, sheet = Lake(tmp_path / "lake"), tmp_path / "a.xlsx"
    assert run("identities", "review", "--export", sheet, "--lake", lake.folder).code == 0
    book = openpyxl.load_workbook(sheet)
    assert book.active is not None
    for row in (5, 6):
        book.active.cell(row, 5).value = "异 different"
    book.save(sheet)
    command = [sys.executable, "-m", "pingjiang", "identities", "review", "--import", str(sheet), "--who", "张伟",
               "--lake", str(lake.folder)]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.Random(seed).uniform(0.2, 2.5))
    process.send_signal(signal.SIGKILL)
    process.wait()
    good(lake.require_current())
    assert rows(lake) in (0, 2)
    assert run("identities", "review", "--import", sheet, "--who", "张伟", "--lake", lake.folder).code == 0
    assert rows(lake) == 2


HALF = """
import os, signal
from pingjiang.judgements import log
write = log._write
def _half(handle, data):
    write(handle, data[: len(data) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
log._write = _half
"""


def test_a_kill_in_the_middle_of_a_line_leaves_the_last_good_state(original: Path, tmp_path: Path) -> None:
    shutil.copytree(original, tmp_path / "lake")
    lake = Lake(tmp_path / "lake")
    judge = ("identities", "accept", A, B, "--lake", lake.folder, "--verdict")
    assert pingjiang(*judge, "unsure", **WHO).returncode == 0
    assert pingjiang(*judge, "same", before=HALF, **WHO).returncode == -signal.SIGKILL
    read = Log(lake.judgements).read()
    assert [row.verdict for row in read.rows] == ["unsure"] and read.torn > 0
    done = pingjiang("identities", "list", "--lake", lake.folder)
    assert done.returncode == 0 and "never finished" in done.stderr
    assert pingjiang(*judge, "same", **WHO).returncode == 0
    assert [row.verdict for row in Log(lake.judgements).read().rows] == ["unsure", None, "same"]
    assert lake.judgements.with_name("judgements.jsonl.torn").stat().st_size == read.torn

"""A disk that is full or read-only, at every step: a clear message, the last good release stands, nothing half done."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from _pytest.mark.structures import ParameterSet

from tests.faults.disks import Answer, Disk, disk, good, run, unfinished, unnamed
from tests.made import INCOPAT, incopat_file, incopat_row

KIB = 1024


def _slow(free: int) -> ParameterSet:
    return pytest.param(free, marks=pytest.mark.slow)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with a built release."""
    folder = tmp_path_factory.mktemp("built")
    assert run("import", incopat_file(folder / "a.csv", 40), "--lake", folder / "lake").code == 0
    assert run("build", "--lake", folder / "lake").code == 0
    return folder / "lake"


@pytest.fixture
def small(tmp_path: Path, built: Path) -> Iterator[Disk]:
    """A small disk with that lake."""
    with disk(tmp_path / "disk", 8) as found:
        shutil.copytree(built, found.seen / "lake")
        (found.seen / "tmp").mkdir()
        yield found


def told_of(answer: Answer, place: Path, *remedy: str) -> None:
    """The refusal names the place and what to do, in both languages, in one line."""
    assert answer.code == 1, answer
    assert str(place) in answer.said
    [line] = answer.said.splitlines()
    assert re.search("[一-鿿]{4}", line) and re.search("[a-z]{3} [a-z]{2}", line)
    assert answer.error["remedy"], answer.error
    for words in remedy:
        assert words in answer.error["remedy"], answer.error


def as_before(found: Disk, release: str) -> None:
    """The lake is as it was: whole, listed, without anything half done."""
    lake = found.lake()
    assert good(lake.require_current()) == release
    assert lake.releases()[0].id == release
    assert unnamed(lake) == set()
    assert unfinished(found.seen) == []


@pytest.mark.parametrize("free", [0, *(_slow(kib * KIB) for kib in (8, 24, 80)), 36 * KIB])
def test_a_disk_that_fills_up_while_importing(small: Disk, tmp_path: Path, free: int) -> None:
    before = small.lake().require_current().id
    source = incopat_file(tmp_path / "b.csv", 6_000, first=1_000)
    small.leave(free)
    told_of(small.run("import", source, "--lake", small.path / "lake"), small.path / "lake", "磁盘空间", "Make room")
    as_before(small, before)
    small.make_room()
    assert small.run("import", source, "--lake", small.path / "lake").code == 0


@pytest.mark.parametrize("free", [_slow(0), _slow(8 * KIB), 36 * KIB])
def test_a_disk_that_fills_up_under_a_new_lake(small: Disk, tmp_path: Path, free: int) -> None:
    source = incopat_file(tmp_path / "b.csv", 6_000)
    small.leave(free)
    told_of(small.run("import", source, "--lake", small.path / "new"), small.path / "new", "磁盘空间", "Make room")
    assert not (small.seen / "new").exists()
    small.make_room()
    assert small.run("import", source, "--lake", small.path / "new").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("free", [_slow(0), 40 * KIB])
def test_a_disk_that_fills_up_while_building(small: Disk, tmp_path: Path, free: int) -> None:
    more = incopat_file(tmp_path / "b.csv", 3_000, first=1_000)
    before = small.run("import", more, "--lake", small.path / "lake").told["release"]
    small.leave(free)
    told_of(small.run("build", "--lake", small.path / "lake"), small.path / "lake", "磁盘空间", "Make room")
    as_before(small, before)
    small.make_room()
    assert small.run("build", "--lake", small.path / "lake").code == 0


@pytest.mark.parametrize("free", [_slow(0), 200 * KIB])
def test_a_disk_that_fills_up_while_the_atlas_is_written(small: Disk, free: int) -> None:
    command = ("atlas", "--lake", small.path / "lake", "--out", small.path / "out")
    small.leave(free)
    told_of(small.run(*command), small.path / "out", "磁盘空间", "Make room")
    assert unfinished(small.seen) == []
    assert not (small.seen / "out").exists() or not any((small.seen / "out").iterdir())
    small.make_room()
    assert small.run(*command).code == 0


def test_an_atlas_that_was_there_stays_when_the_next_has_no_room(small: Disk, tmp_path: Path) -> None:
    command = ("atlas", "--lake", small.path / "lake", "--out", small.path / "out")
    assert small.run(*command).code == 0
    there = {path.name: path.read_bytes() for path in (small.seen / "out").iterdir()}
    (tmp_path / "about.yaml").write_text("title_zh: 另一个\n", encoding="utf-8")
    for room in (0, len(there["atlas.html"]) + 8 * KIB):  # for nothing, and for the page but not for the workbook
        small.leave(room)
        told_of(small.run(*command, "--about", tmp_path / "about.yaml"), small.path / "out", "Make room")
        assert {path.name: path.read_bytes() for path in (small.seen / "out").iterdir()} == there


def test_a_full_folder_for_temporary_files(small: Disk, tmp_path: Path) -> None:
    """A workbook's cells go by a file in it."""
    before = small.lake().require_current().id
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([INCOPAT, *map(incopat_row, range(2_000, 4_000))]):
            sheet.write_row(at, 0, row)
    small.leave(16 * KIB)
    command = ("import", tmp_path / "b.xlsx", "--lake", tmp_path / "lake")
    told_of(small.run(*command, PINGJIANG_TEMP_DIR=small.path / "tmp"), small.path / "tmp", "磁盘空间", "Make room")
    assert not (tmp_path / "lake").exists()
    assert list((small.seen / "tmp").iterdir()) == []
    as_before(small, before)


@pytest.mark.slow
def test_a_full_folder_for_what_the_engine_spills(small: Disk, tmp_path: Path) -> None:
    text = "一种半导体器件的制造方法。" * 300
    rows = [",".join(INCOPAT), *(",".join(incopat_row(at, **{"摘要 (中文)": f"{at}{text}"})) for at in range(60_000))]
    (tmp_path / "large.csv").write_text("\n".join(rows), encoding="utf-8")
    command = ("import", tmp_path / "large.csv", "--lake", tmp_path / "lake")
    answer = small.run(*command, PINGJIANG_TEMP_DIR=small.path / "tmp", PINGJIANG_MEMORY_LIMIT="256MiB")
    told_of(answer, small.path / "tmp", "磁盘空间", "Make room")
    assert not (tmp_path / "lake").exists()
    assert list((small.seen / "tmp").iterdir()) == []


def test_a_read_only_lake_is_read_and_not_written(small: Disk, tmp_path: Path) -> None:
    before = small.lake().require_current().id
    source = incopat_file(tmp_path / "b.csv", 3, first=1_000)
    small.remount("ro")
    for command in (["import", source], ["build"]):
        told_of(small.run(*command, "--lake", small.path / "lake"), small.path / "lake", "权限", "permissions")
    as_before(small, before)
    assert small.run("releases", "--lake", small.path / "lake").told["releases"][0]["release"] == before
    assert small.run("indicators", "--lake", small.path / "lake", "--name", "node_counts").code == 0
    assert small.run("atlas", "--lake", small.path / "lake", "--out", tmp_path / "out").code == 0
    told_of(small.run("import", source, "--lake", small.path / "new"), small.path / "new", "权限", "permissions")
    answer = small.run("atlas", "--lake", small.path / "lake", "--out", small.path / "out")
    told_of(answer, small.path, "权限", "permissions")
    small.remount("rw")
    assert small.run("import", source, "--lake", small.path / "lake").code == 0

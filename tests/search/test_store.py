"""Indexes beside releases: whole or not there, told when they wait, made anew when broken."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, LakeError
from pingjiang.search import ensure, find, layout, store
from tests.search.conftest import SETTINGS, add, ask, grow


def indexes(lake: Lake) -> list[str]:
    """All that lies in the folder of indexes, hidden or not."""
    return sorted(path.name for path in (lake.folder / "search").iterdir())


def test_a_newer_release_waits_for_its_index(lake: Lake) -> None:
    first = find(lake, "电池", settings=SETTINGS)
    assert (first.total, first.stale, first.release) == (8, False, first.index.release)
    second = grow(lake, 24)
    waiting = find(lake, "电池", settings=SETTINGS)
    assert (waiting.total, waiting.stale, waiting.index.release) == (8, True, first.index.release)
    assert waiting.release == waiting.built == second
    index, _ = ensure(lake, settings=SETTINGS)
    assert index.release == second
    now = find(lake, "电池", settings=SETTINGS)
    assert (now.total, now.stale) == (16, False)
    assert indexes(lake) == [first.index.release, second]  # the one before serves who still looks at it
    assert (first.total, len(list(first.hits(None))), first.facets()["year"]["different"]) == (8, 8, 8)  # still open


def test_what_was_imported_and_not_built_waits_too(lake: Lake) -> None:
    built = lake.require_current().id
    add(lake, 24)
    waiting = find(lake, "电池", settings=SETTINGS)
    assert (waiting.total, waiting.stale, waiting.built, waiting.index.release) == (8, True, built, built)
    assert waiting.release == lake.require_current().id != built


def test_a_lake_without_a_build_tells_what_to_do(tmp_path: Path) -> None:
    empty = Lake(tmp_path / "lake")
    with pytest.raises(LakeError):
        ensure(empty, settings=SETTINGS)
    add(empty, 0)
    with pytest.raises(LakeError, match="not built") as caught:
        ensure(empty, settings=SETTINGS)
    assert "pingjiang build" in str(caught.value)


def _put(path: Path, data: bytes) -> None:
    """Another file under this name: one that is written in place may still be mapped by whoever has it open."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def _shorten(path: Path) -> None:
    _put(path, path.read_bytes()[:-1])


def _rot(path: Path) -> None:
    """One bit is another; size and times stay."""
    state = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    _put(path, bytes(data))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize("harm", [_shorten, _rot, Path.unlink])
def test_harm_to_any_file_is_noticed(lake: Lake, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    index, _ = ensure(lake, settings=SETTINGS)
    folder = lake.folder / "search" / index.release
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert len(files) > 30
    copy = tmp_path / "copy" / index.release
    shutil.copytree(folder, copy)
    assert store.opened(copy, None) is not None
    for name in files:
        harm(copy / name)
        assert store.opened(copy, None) is None, name
        _put(copy / name, (folder / name).read_bytes())
        assert store.opened(copy, None) is not None


def test_a_copy_with_other_times_is_whole(lake: Lake, tmp_path: Path) -> None:
    index, _ = ensure(lake, settings=SETTINGS)
    copy = shutil.copytree(lake.folder, tmp_path / "copy", copy_function=shutil.copyfile)
    before = (copy / "search" / index.release / "about.json").stat().st_mtime_ns
    assert len(ask(Lake(copy), "电池")) == 8
    assert (copy / "search" / index.release / "about.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["index/*.idx", "facets/year.values.npy", "shown.arrow", "said/TI.arrow"])
def test_a_broken_index_is_made_anew(lake: Lake, name: str) -> None:
    assert len(ask(lake, "标题=电池")) == 8
    [about] = (lake.folder / "search").rglob("about.json")
    before = about.stat().st_mtime_ns
    assert len(ask(lake, "标题=电池")) == 8
    assert about.stat().st_mtime_ns == before
    _rot(next(about.parent.glob(name)))
    [first, *others] = find(lake, "标题=电池", settings=SETTINGS).hits(None)
    assert len(others) == 7 and first["why"]
    assert about.stat().st_mtime_ns > before


def test_a_broken_older_index_is_not_used_while_a_newer_release_waits(lake: Lake) -> None:
    second = grow(lake, 24)
    _rot(next((lake.folder / "search").rglob("index/*.idx")))
    found = find(lake, "电池", settings=SETTINGS)
    assert (found.total, found.index.release, found.stale) == (16, second, False)


def test_an_index_of_other_data_or_another_version_is_made_anew(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    index, _ = ensure(lake, settings=SETTINGS)
    folder = lake.folder / "search" / index.release
    assert store.opened(folder, "another digest") is None
    monkeypatch.setattr(store, "VERSION", layout.VERSION + 1)
    assert store.opened(folder, None) is None
    assert len(ask(lake, "电池")) == 8
    assert store.opened(folder, None) is not None


def test_what_a_killed_build_left_is_swept_by_the_next(lake: Lake) -> None:
    """Also what was left of another release; what is locked is somebody's work and stays."""
    folder = lake.folder / "search"
    for name in ("R2020.01-7", "R2020.01-8"):
        (folder / f".{name}.part").mkdir()
        (folder / f".{name}.lock").touch()
    (folder / ".R2020.01-7.part" / "half").write_text("half")
    program = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    command = [sys.executable, "-c", program, str(folder / ".R2020.01-8.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "1\n"
        first, second = ensure(lake, settings=SETTINGS)[0].release, grow(lake, 24)
        ensure(lake, settings=SETTINGS)
        assert indexes(lake) == [".R2020.01-8.lock", ".R2020.01-8.part", first, second]
        other.kill()
    third = grow(lake, 48)
    ensure(lake, settings=SETTINGS)
    assert indexes(lake) == [second, third]


def index_process(lake: Lake) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pingjiang", "index", "--lake", str(lake.folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
def test_killed_while_it_writes_the_last_good_index_stands(lake: Lake) -> None:
    first = lake.require_current().id
    second = grow(lake, 24)
    process = index_process(lake)
    part = lake.folder / "search" / f".{second}.part"
    while process.poll() is None and not (part / "index").is_dir():
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert part.is_dir()
    found = find(lake, "电池", settings=SETTINGS)
    assert (found.total, found.index.release, found.stale) == (8, first, True)
    ensure(lake, settings=SETTINGS)
    assert indexes(lake) == [first, second]
    assert len(ask(lake, "电池")) == 16


@pytest.mark.slow
def test_killed_at_any_moment_the_last_good_index_stands(lake: Lake) -> None:
    second = grow(lake, 24, 3_000)
    began = time.monotonic()
    index_process(lake).wait()
    whole = time.monotonic() - began
    shutil.rmtree(lake.folder / "search" / second)
    assert len(ask(lake, "电池")) == 1_008  # no older one is left: it is made
    killed = 0
    for nth in range(12):
        shutil.rmtree(lake.folder / "search" / second, ignore_errors=True)
        process = index_process(lake)
        time.sleep(whole * (0.15 + nth * 0.075))
        killed += process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        whole_or_none = store.opened(lake.folder / "search" / second, None)
        assert whole_or_none is None or whole_or_none.publications == 3_024
        if whole_or_none is None:
            assert not (lake.folder / "search" / second).exists()
    assert killed > 5
    with contextlib.suppress(DefinitionError):
        ensure(lake, settings=SETTINGS)
    assert len(ask(lake, "电池")) == 1_008
    assert indexes(lake) == [second]

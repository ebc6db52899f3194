"""kill -9 at each moment that counts: whatever is written to the disk, the process dies right before or behind it.

A kill at a random moment (tests/test_pipeline.py) finds what nobody thought of; this one leaves no moment out.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, durable
from pingjiang.exchange.keys import Keys
from pingjiang.exchange.package import write_package
from pingjiang.exchange.receive import import_package
from tests.commands import LOADED
from tests.faults.disks import good, unfinished, unnamed
from tests.made import incopat_file

_NEW = "CN110000050A"  # the publication number of row 50


@dataclass(frozen=True)
class Given:
    """A lake that was built, a file and a package with something new, and keys."""

    folder: Path

    def copied(self, to: Path) -> Path:
        shutil.copytree(self.folder / "lake", to / "lake")
        return to / "lake"


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("given")
    incopat_file(folder / "b.csv", 5, first=50)
    for name, file in (("lake", incopat_file(folder / "a.csv", 20)), ("other", folder / "b.csv")):
        pipeline.import_files([file], Lake(folder / name))
        pipeline.build(Lake(folder / name), load("semiconductors"))
    write_package(Lake(folder / "other"), folder / "other.pjz", Keys(folder / "keys"))
    return Given(folder)


def _update(given: Path, lake: Path) -> None:
    pipeline.import_files([given / "b.csv"], Lake(lake))


def _package(given: Path, lake: Path) -> None:
    import_package(given / "other.pjz", Lake(lake), Keys(given / "keys"))


def _build(given: Path, lake: Path) -> None:
    pipeline.import_files([given / "b.csv"], Lake(lake))
    pipeline.build(Lake(lake), load("semiconductors"))


WORK: dict[str, Callable[[Path, Path], None]] = {"update": _update, "package": _package, "import and build": _build}


def _die_at(name: str, given: str, lake: str, moment: int, told: Any) -> None:
    """In a process of its own: do the work, and die at the n-th time that something is made sure of on the disk."""
    count = 0
    real = durable.sync

    def sync(path: Path) -> None:
        nonlocal count
        if count == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1
        real(path)

    durable.sync = sync
    WORK[name](Path(given), Path(lake))
    told.send(count)


def _run(name: str, given: Given, lake: Path, moment: int) -> int | None:
    """How often the work synchronised; None where it was killed."""
    here, there = LOADED.Pipe(duplex=False)
    process = LOADED.Process(target=_die_at, args=(name, str(given.folder), str(lake), moment, there))
    process.start()
    there.close()
    try:
        return int(here.recv())
    except EOFError:
        return None
    finally:
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)


def _known(lake: Lake, release: str | None = None) -> bool:
    [number] = pipeline.find(lake, [_NEW], release=release)["numbers"]
    return bool(number["publications"])


def _survives(name: str, given: Given, folder: Path, moment: int) -> None:
    lake = Lake(given.copied(folder))
    before = lake.require_current().id
    assert _run(name, given, lake.folder, moment) is None, "it was killed"
    current = lake.require_current()
    good(current)
    assert _known(lake) is (current.id != before), "the old one, or the whole new one"
    assert not _known(lake, before)
    assert _run(name, given, lake.folder, -1) is not None, "the next one goes on"
    pipeline.build(lake, load("semiconductors"))
    assert _known(lake)
    good(lake.require_current())
    assert unnamed(lake) == set() and unfinished(lake.folder) == []


@pytest.fixture(scope="module")
def moments(given: Given, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How many moments each piece of work has."""

    class Counted(dict[str, int]):
        """Counted once, when first asked for."""

        def __missing__(self, name: str) -> int:
            counted = _run(name, given, given.copied(tmp_path_factory.mktemp("counted")), -1)
            assert counted is not None and counted > 15
            self[name] = counted
            return counted

    return Counted()


@pytest.mark.slow
@pytest.mark.parametrize("name", WORK)
def test_killed_at_every_moment(name: str, given: Given, moments: dict[str, int], tmp_path: Path) -> None:
    """Of a build, which has some ninety, at every third, and when nearly all is written."""
    every = range(0, moments[name], 3 if name == "import and build" else 1)
    for moment in {*every, moments[name] - 2}:
        _survives(name, given, tmp_path / str(moment), moment)

"""Disks that are full or read-only, and commands that run on them: real file systems, in a namespace of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pingjiang.engine import Lake, Release
from tests.commands import pingjiang

_TOOLS = ("unshare", "nsenter", "mount")


@dataclass(frozen=True)
class Answer:
    """How a command ended: its exit code, its answer as JSON, and what it said to the user."""

    code: int
    told: Any
    said: str

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.told["error"]
        return found


def run(*arguments: str | Path, within: tuple[str, ...] = (), **environment: str | Path) -> Answer:
    """Run a command as a user would; its answer as JSON."""
    settings = {name: str(value) for name, value in environment.items()}
    if within:
        command = [*within, sys.executable, "-m", "pingjiang", *map(str, arguments), "--json"]
        surroundings = {**os.environ, "COLUMNS": "200", **settings}
        done = subprocess.run(command, capture_output=True, text=True, env=surroundings, timeout=300)
    else:
        done = pingjiang(*arguments, "--json", **settings)
    assert "Traceback" not in done.stderr, done.stderr
    return Answer(done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr)


@dataclass(frozen=True)
class Disk:
    """A small file system at `path`, which only commands in its namespace see there.

    seen   the same place for this process
    """

    path: Path
    seen: Path
    process: int

    @property
    def _within(self) -> tuple[str, ...]:
        return ("nsenter", f"--target={self.process}", "--user", "--mount", "--preserve-credentials", "--")

    def run(self, *arguments: str | Path, **environment: str | Path) -> Answer:
        """Run a command that sees the disk."""
        return run(*arguments, within=self._within, **environment)

    def leave(self, free: int) -> None:
        """Fill the disk but for so many bytes."""
        filler = self.seen / "filler"
        filler.unlink(missing_ok=True)
        with filler.open("wb") as stream:
            stream.write(b"\0" * max(0, shutil.disk_usage(self.seen).free - free))

    def make_room(self) -> None:
        """Free what `leave` filled."""
        (self.seen / "filler").unlink()

    def remount(self, how: str) -> None:
        """ "ro" or "rw"."""
        subprocess.run([*self._within, "mount", "-o", f"remount,{how}", str(self.path)], check=True)

    def lake(self) -> Lake:
        return Lake(self.seen / "lake")


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A file system of this size at `folder`, gone at the end whatever happens; a skip where none can be had."""
    if any(shutil.which(tool) is None for tool in _TOOLS):
        pytest.skip("unshare, nsenter and mount are needed for a disk of a test's own")
    folder.mkdir()
    mount = f'mount -t tmpfs -o size={megabytes}m none "$0" && echo mounted && exec cat'
    holder = subprocess.Popen(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None and holder.stdin is not None
        if holder.stdout.readline() != b"mounted\n":
            pytest.skip("this system lets nobody mount a disk of their own")
        yield Disk(folder, Path(f"/proc/{holder.pid}/root{folder}"), holder.pid)
        holder.stdin.close()


def good(release: Release) -> str:
    """The id of a release whose files are all as they were written."""
    release.verify()
    return release.id


def unfinished(folder: Path) -> list[Path]:
    """What was left half done below a folder."""
    return [path for path in folder.rglob("*") if path.name.endswith(".part") or path.name.startswith(".atlas")]


def unnamed(lake: Lake) -> set[str]:
    """Data files that no kept release names."""
    named = {file.path for release in lake.releases() for _, file in release.files()}
    there = {path.relative_to(lake.folder).as_posix() for path in (lake.folder / "data").rglob("*") if path.is_file()}
    return there - named

"""Releases opened for reading by the pages: the release that an address names, and sessions on it that are kept ready.

A release never changes, so a session on one serves as long as somebody reads it. Each process keeps a few idle ones;
a thread has a session for itself while it reads.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pingjiang.centre.evidence.models import DataLake
from pingjiang.config import Settings
from pingjiang.engine import Lake, Release, Session, open_engine
from pingjiang.errors import LakeError
from pingjiang.pipeline import reached

_KEPT = 8  # idle sessions of a process, of all lakes
_MEMORY = "1GiB"  # of one session; what is larger spills
_lock = threading.Lock()
_idle: OrderedDict[tuple[Path, str], list[Session]] = OrderedDict()


class NotBuilt(LakeError):
    """The lake holds no release that pages could show."""

    rule = "not_built"


class NotKept(NotBuilt):
    """The release that was asked for is not kept, or never was."""


@dataclass(frozen=True)
class Opened:
    """A lake at a release. `newest` is the release that a page opened now would show."""

    row: DataLake
    lake: Lake
    release: Release
    newest: str

    @property
    def id(self) -> str:
        """The release's id."""
        return self.release.id

    @property
    def built(self) -> str:
        """The release whose conclusions this one holds."""
        return str(reached(self.release)["built"])

    @property
    def newer(self) -> str | None:
        """A newer release than the one at hand, to be offered."""
        return self.newest if self.newest != self.release.id else None

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A session in which the release's tables carry their names; what is made in it is gone behind the block."""
        key = (self.lake.folder, self.release.id)
        session = _taken(key) or _made(self.lake.folder, self.release)
        try:
            with session.scratch():
                yield session
        except BaseException:
            session.close()
            raise
        _given_back(key, session)


def lake_of(row: DataLake) -> Lake:
    """The library's lake of a row."""
    return Lake(row.path)


def opened(row: DataLake, release: str | None = None) -> Opened:
    """A lake at this release, or at its newest that is built.

    NotBuilt where it has none, NotKept where it has others than this.
    """
    lake = lake_of(row)
    newest = lake.current()
    if newest is None or "built" not in newest.info:
        raise NotBuilt(
            f"数据湖“{row.name_zh}”还没有构建好的版本。",
            f"The lake {row.name_en or row.name_zh} has no release that is built.",
            remedy=("请先导入文件并构建。", "Import files and build it first."),
        )
    if release is None or release == newest.id:
        return Opened(row, lake, newest, newest.id)
    try:
        found = lake.release(release)
    except LakeError as error:
        raise NotKept(
            f"版本 {release} 已不保留。",
            f"Release {release} is not kept any more.",
            remedy=(f"请看最新版本 {newest.id}。", f"See the newest, {newest.id}."),
        ) from error
    return Opened(row, lake, found, newest.id)


def close_idle() -> None:
    """Close the sessions that nobody reads with; for tests, and before a lake's folder goes."""
    with _lock:
        sessions = [session for each in _idle.values() for session in each]
        _idle.clear()
    for session in sessions:
        session.close()


def _made(folder: Path, release: Release) -> Session:
    session = open_engine(replace(Settings.from_environment(), memory_limit=_MEMORY, threads=1), folder)
    try:
        session.name_tables(release.open(session))
    except BaseException:
        session.close()
        raise
    return session


def _taken(key: tuple[Path, str]) -> Session | None:
    with _lock:
        kept = _idle.get(key)
        return kept.pop() if kept else None


def _given_back(key: tuple[Path, str], session: Session) -> None:
    with _lock:
        _idle.setdefault(key, []).append(session)
        _idle.move_to_end(key)
        over: list[Session] = []
        while sum(map(len, _idle.values())) > _KEPT:
            oldest = next(iter(_idle))
            over += _idle[oldest][:1]
            del _idle[oldest][:1]
            if not _idle[oldest]:
                del _idle[oldest]
    for each in over:
        each.close()

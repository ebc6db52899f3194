"""The log of judgements of a lake: one file to which lines are added, and nothing else is ever done.

    {"batch":[1,2],"hash":"…","judgement":{…},"number":7,"previous":"…"}

A line is a judgement. `hash` is the SHA-256 of the line without it, and `previous` that of the line before: a line that
was altered, removed, added or moved does not fit its neighbours. Rows that were accepted together are a batch, and its
lines count once the last of them is there: what a kill or a power cut left of a batch is no part of the log, is told
to readers, and put aside by the next writer. Releases come and go beside it; the log stays.

Readers and writers lock the file itself, for moments: judging goes on while a build runs.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pingjiang.errors import LakeBusy, LakeCorrupt, LakeError
from pingjiang.judgements.judgement import Judgement, canonical, parsed
from pingjiang.judgements.standing import digest
from pingjiang.system import naming, remedy_for

_START = "0" * 64  # what stands before the first line
_PATIENCE = 10.0  # seconds that another may hold the lock
_PAUSE = 0.02


@dataclass(frozen=True)
class Seal:
    """What a release says of the log that it was built of: its first `count` rows, and their digest."""

    count: int
    digest: str

    @classmethod
    def of(cls, rows: Sequence[Judgement]) -> Seal:
        """The seal of these rows."""
        return cls(len(rows), digest(rows))


@dataclass(frozen=True)
class Content:
    """The rows of a log in order, the hash of its last line, and how many bytes behind that are no whole batch."""

    rows: tuple[Judgement, ...] = ()
    last: str = _START
    size: int = 0
    torn: int = 0

    @property
    def seal(self) -> Seal:
        """The seal of all its rows."""
        return Seal.of(self.rows)


class Log:
    """The log in a file, which need not be there yet."""

    def __init__(self, path: Path, *, patience: float = _PATIENCE) -> None:
        self.path = path
        self._patience = patience

    def read(self, seal: Seal | None = None) -> Content:
        """All that was judged. LakeCorrupt where a line was altered, or rows are gone that `seal` tells of."""
        try:
            with self.path.open("rb") as handle, _locked(handle, self.path, fcntl.LOCK_SH, self._patience):
                data = handle.read()
        except FileNotFoundError:
            data = b""
        content = _content(data, self.path)
        _require(content, seal, self.path)
        return content

    @contextlib.contextmanager
    def writing(self, seal: Seal | None = None) -> Iterator[Writing]:
        """The log, for one writer alone: others wait. LakeBusy where they have waited too long."""
        try:
            with naming(self.path):
                new = not self.path.exists()
                with (
                    self.path.open("a+b", buffering=0) as handle,
                    _locked(handle, self.path, fcntl.LOCK_EX, self._patience),
                ):
                    if new:
                        _sync_folder(self.path.parent)
                    # It may have been written anew while we waited: then this is the old one, kept aside.
                    if os.fstat(handle.fileno()).st_ino != self.path.stat().st_ino:
                        raise _busy(self.path)
                    handle.seek(0)
                    data = handle.read()
                    content = _content(data, self.path)
                    _require(content, seal, self.path)
                    yield Writing(handle, self.path, content, data[content.size :])
        except OSError as error:
            raise LakeError(
                f"系统报告：{error.strerror}；已有的判断完好，没有新增。",
                f"The system reports: {error.strerror}; what was judged is whole, nothing was added.",
                file=os.fsdecode(error.filename or self.path),
                remedy=remedy_for(error),
            ) from error

    def restore(self, known: Sequence[Judgement]) -> Restored:
        """Write the log anew from `known` (the copy in a release) and from its own lines that are whole.

        Each row proves itself by its id. The old file is kept beside it. A log that is as it was written is left alone.
        """
        try:
            self.read(Seal.of(known))
            return Restored(0, 0, None)
        except LakeCorrupt:
            pass
        with naming(self.path), contextlib.ExitStack() as stack:
            old = b""
            if self.path.exists():
                handle = stack.enter_context(self.path.open("rb"))
                stack.enter_context(_locked(handle, self.path, fcntl.LOCK_EX, self._patience))
                old = handle.read()
            own, lost = _proven(old)
            copied = {row.judgement_id for row in known}
            rows = [*known, *(row for row in own if row.judgement_id not in copied)]
            fresh = self.path.with_name(self.path.name + ".part")
            fresh.unlink(missing_ok=True)
            with Log(fresh).writing() as log:
                log.append(rows)
            kept = self.path.with_name(f"{self.path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}") if old else None
            if kept is not None:
                with kept.open("xb", buffering=0) as aside:
                    _write(aside, old)
            fresh.replace(self.path)
            _sync_folder(self.path.parent)
        return Restored(len(rows), lost, None if kept is None else str(kept))


@dataclass(frozen=True)
class Restored:
    """What became of a log that was written anew: its rows, the lines that could not be used, where the old one is."""

    rows: int
    lost: int
    kept: str | None


class Writing:
    """The log while one writer holds it. Made by `Log.writing()` alone."""

    def __init__(self, handle: Any, path: Path, content: Content, torn: bytes) -> None:
        self.rows = content.rows
        self._handle, self._path, self._content, self._torn = handle, path, content, torn

    def append(self, rows: Sequence[Judgement]) -> None:
        """Add rows as one batch: all of them are in the log when this returns, and none where it raises."""
        if not rows:
            return
        if self._torn:
            self._put_aside()
        lines, last = [], self._content.last
        for at, row in enumerate(rows, start=1):
            line, last = _line(len(self.rows) + at, (at, len(rows)), row, last)
            lines.append(line + b"\n")
        data, size = b"".join(lines), self._content.size
        try:
            _write(self._handle, data)
        except BaseException:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle.fileno(), size)
            raise
        self._content = Content((*self.rows, *rows), last, size + len(data))
        self.rows = self._content.rows

    def _put_aside(self) -> None:
        """Keep what is no whole batch in a file of its own, and end the log before it."""
        with self._path.with_name(self._path.name + ".torn").open("ab", buffering=0) as aside:
            _write(aside, self._torn)
        os.ftruncate(self._handle.fileno(), self._content.size)
        os.fsync(self._handle.fileno())
        self._torn = b""


def _line(number: int, batch: tuple[int, int], row: Judgement, previous: str) -> tuple[bytes, str]:
    """The text of a line, and its hash."""
    told: dict[str, Any] = {"number": number, "batch": list(batch), "judgement": row.as_dict(), "previous": previous}
    told["hash"] = hashlib.sha256(canonical(told).encode()).hexdigest()
    return canonical(told).encode(), told["hash"]


def _content(data: bytes, path: Path) -> Content:
    """What these bytes are as a log. LakeCorrupt names the first line that is not as it was written.

    Bytes that were found whole before, in this process, are not taken apart again: they are compared.
    """
    whole = _found_whole(data, path)
    *lines, _unfinished = data[whole.size :].split(b"\n")
    rows: list[Judgement] = list(whole.rows)
    last, size, done = whole.last, whole.size, 0
    ends = len(rows), last, size
    for number, line in enumerate(lines, start=len(rows) + 1):
        try:
            told = json.loads(line)
            part, parts = told["batch"]
            row = parsed(told["judgement"])
            expected, last = _line(number, (part, parts), row, last)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _altered(path, number) from error
        if expected != line or part != done + 1 or not part <= parts:
            raise _altered(path, number)
        rows.append(row)
        size += len(line) + 1
        done = part % parts
        if done == 0:
            ends = len(rows), last, size
    whole = Content(tuple(rows[: ends[0]]), ends[1], ends[2])
    with _remembering:
        _whole[path] = data[: whole.size], whole
        _whole.move_to_end(path)
        while len(_whole) > _KEPT:
            _whole.popitem(last=False)
    return replace(whole, torn=len(data) - whole.size)


_KEPT = 4  # logs of which a process remembers the bytes that it found whole
_whole: OrderedDict[Path, tuple[bytes, Content]] = OrderedDict()
_remembering = threading.Lock()


def _found_whole(data: bytes, path: Path) -> Content:
    """What was found whole of these very bytes."""
    known = _whole.get(path)
    return known[1] if known is not None and data.startswith(known[0]) else Content()


def _proven(data: bytes) -> tuple[list[Judgement], int]:
    """The rows of a damaged log that fit their ids, each once, and how many lines hold none."""
    rows: dict[str, Judgement] = {}
    lost = 0
    for line in data.split(b"\n"):
        if not line.strip():
            continue
        try:
            row = parsed(json.loads(line)["judgement"])
        except (ValueError, KeyError, TypeError, RecursionError):
            lost += 1
        else:
            rows.setdefault(row.judgement_id, row)
    return list(rows.values()), lost


def _require(content: Content, seal: Seal | None, path: Path) -> None:
    """LakeCorrupt where the log does not hold what a release was built of."""
    if seal is None or digest(content.rows[: seal.count]) == seal.digest:
        return
    raise LakeCorrupt(
        f"判断记录与数据版本不符：该版本依据前 {seal.count} 条判断构建，现有 {len(content.rows)} 条，已不是那些。",
        f"The log of judgements is not the one that the release was built of: that knew {seal.count} rows, of which "
        f"some are gone or others; there are {len(content.rows)}.",
        file=str(path),
        remedy=_RESTORE,
    )


_RESTORE = (
    "从备份恢复该文件；或运行 pingjiang identities restore，由数据版本中的副本和完好的行重写，原文件留作凭据。",
    "Restore the file from a backup; or run `pingjiang identities restore`: it writes the log anew from the copy in "
    "the release and from the lines that are whole, and keeps the old file beside it.",
)


def _altered(path: Path, number: int) -> LakeCorrupt:
    return LakeCorrupt(
        "判断记录的这一行与写入时不同，或前面有行被删改；不再使用这份记录。",
        "This line of the log of judgements is not as it was written, or one before it is gone: the log is not used.",
        file=str(path),
        row=number,
        remedy=_RESTORE,
    )


# -- the file ----------------------------------------------------------------------------------------


def _write(handle: Any, data: bytes) -> None:
    """Write all of it, and flush it to the disk."""
    view = memoryview(data)
    while view:
        view = view[handle.write(view) :]
    os.fsync(handle.fileno())


@contextlib.contextmanager
def _locked(handle: Any, path: Path, how: int, patience: float) -> Iterator[None]:
    """Hold the lock of an open file; LakeBusy where it cannot be had in time. The system frees it on a kill."""
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= until:
                raise _busy(path) from None
            time.sleep(_PAUSE)
    yield


def _busy(path: Path) -> LakeBusy:
    return LakeBusy(
        "另一进程正在写判断记录。",
        "Another process is writing judgements.",
        file=str(path),
        remedy=("请等它结束后再运行。", "Wait for it to end, then run again."),
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

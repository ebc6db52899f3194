"""Where a result lands: under its final name it is whole, or not there at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pingjiang.errors import DefinitionError

MARK = "schema.json"  # by which the folder of an export is known again


@contextmanager
def fresh_file(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary name beside `path`, to be written as a file; at the end it is flushed and takes the final name.

    DefinitionError where something is there already and may not be replaced. Where writing fails nothing is left.
    """
    _require_free(path, overwrite=overwrite and path.is_file())
    with _unfinished(path) as unfinished:
        yield unfinished
        _sync(unfinished)
        unfinished.replace(path)
    _sync(path.parent)


@contextmanager
def fresh_folder(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """The same for a folder. With `overwrite` a folder of an earlier export is replaced, never another one."""
    ours = path.is_dir() and not path.is_symlink() and (path / MARK).is_file()
    empty = path.is_dir() and not any(path.iterdir())
    _require_free(path, overwrite=empty or (overwrite and ours))
    with _unfinished(path) as unfinished:
        unfinished.mkdir()
        yield unfinished
        for made in (*unfinished.rglob("*"), unfinished):
            _sync(made)
        old = path.with_name(f".{path.name}.old")
        if path.exists():
            path.replace(old)
        unfinished.replace(path)
        shutil.rmtree(old, ignore_errors=True)
    _sync(path.parent)


def sweep(folder: Path) -> None:
    """Remove what killed writers left in a folder; what somebody still writes stays."""
    for lock in folder.glob(".*.lock"):
        name = lock.name.removeprefix(".").removesuffix(".lock")
        with suppress(DefinitionError), _unfinished(folder / name):
            pass  # to take the place of a writer clears it


def _require_free(path: Path, *, overwrite: bool) -> None:
    """Nothing is there, or what may be replaced."""
    if not path.name:
        raise DefinitionError(
            "没有给出结果的名称。",
            "The result has no name.",
            file=str(path),
            remedy=("请用 --out 给出名称。", "Give one by --out."),
        )
    if (path.exists() or path.is_symlink()) and not overwrite:
        raise DefinitionError(
            "那里已有文件或目录，没有覆盖。",
            "Something is there already: it was not replaced.",
            file=str(path),
            remedy=(
                "请另起名称；如要替换以前的导出，加 --overwrite。",
                "Name another, or add --overwrite to replace an earlier export.",
            ),
        )


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """The temporary name beside `path`, kept for one writer by a lock that the system frees when it is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    lock = path.with_name(f".{path.name}.lock")
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _busy(path) from error
        # Who has just ended removed the file that we opened: somebody else may hold the next one.
        if not lock.exists() or os.fstat(handle.fileno()).st_ino != lock.stat().st_ino:
            raise _busy(path)
        _remove(unfinished)  # of one that was killed
        try:
            yield unfinished
        finally:
            _remove(unfinished)
            lock.unlink(missing_ok=True)


def _busy(path: Path) -> DefinitionError:
    return DefinitionError(
        "另一进程正在写这里。",
        "Another process is writing there.",
        file=str(path),
        remedy=("请等它结束，或另起名称。", "Wait for it to end, or name another."),
    )


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

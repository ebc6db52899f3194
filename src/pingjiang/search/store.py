"""Where indexes lie: beside the releases, one a release, whole under their name or not there at all.

    LAKE/search/R2026.11-3/about.json   release, digest of its files, version, and size and CRC-32 of each file

An index is written under another name and published by one renaming. One that is not as `about.json` says is never
read: it is removed and made anew. A process reads a file through for its sum before it first uses it, and again when
anything was written to it since; the texts beside the index (`lines`, `said`) only where a query asks for the field.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import re
import shutil
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.documents.target import fresh_folder, sweep
from pingjiang.engine import Lake, Release, open_engine
from pingjiang.errors import LakeError
from pingjiang.files.inflate import crc32
from pingjiang.search.build import READ, Progress, build
from pingjiang.search.layout import VERSION
from pingjiang.search.opened import TEXTS, Index

_FOLDER, _ABOUT = "search", "about.json"
_CHECKED: dict[Path, tuple[int, int, int]] = {}  # files whose sum was right, as they were then
_KEPT = 2  # the newest, and the one before: who still looks at the release before goes on searching it
_NAMED = re.compile(r"^R\d{4}\.\d{2}-(\d+)$")


def silent(_what: str, _done: int, _total: int) -> None:
    """No progress is shown."""


def ensure(
    lake: Lake,
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
    newest: bool = True,
    fields: Collection[str] | None = None,
) -> tuple[Index, Release]:
    """A whole index, opened, and the current release.

    newest: that of the current release, which is made where it is not there. Otherwise an older one serves as long as
    it is whole; where there is none, one is made. fields: those of words whose texts will be read; None for all.
    """
    release = lake.require_current()
    if "built" not in release.info:
        raise LakeError(
            f"版本 {release.id} 已导入但未构建。",
            f"Release {release.id} is imported but not built.",
            remedy=(f"请运行 pingjiang build --lake {lake.folder}。", f"Run `pingjiang build --lake {lake.folder}`."),
        )
    for folder in folders(lake):
        if newest and folder.name != release.info["built"]:
            break
        index = opened(folder, digest(release) if folder.name == release.info["built"] else None, fields)
        if index is not None:
            return index, release
        _remove(folder)
    _make(lake, release, settings or Settings.from_environment(), progress)
    made = opened(lake.folder / _FOLDER / release.info["built"], digest(release), fields)
    if made is None:
        raise LakeError("检索索引建成后又被改动，请再试。", "The search index was changed behind us: run again.")
    return made, release


def folders(lake: Lake) -> list[Path]:
    """The indexes that are there, newest first."""
    with contextlib.suppress(FileNotFoundError):
        found = [path for path in (lake.folder / _FOLDER).iterdir() if _NAMED.match(path.name)]
        return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
    return []


def digest(release: Release) -> str:
    """What an index is made of."""
    told = sorted((name, file.sha256) for name, file in release.files(*READ) if name in READ)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def about_of(folder: Path) -> Path:
    """The file that tells of an index, written last."""
    return folder / _ABOUT


def _make(lake: Lake, release: Release, settings: Settings, progress: Progress) -> None:
    name = release.info["built"]
    with fresh_folder(lake.folder / _FOLDER / name, overwrite=False) as folder:
        with open_engine(settings, lake.folder) as session:
            told = build(session, release.open(session, *READ), folder, progress)
        files = {path.relative_to(folder).as_posix(): _file(path) for path in sorted(folder.rglob("*")) if _ours(path)}
        about = {"release": name, "digest": digest(release), "version": VERSION, **told, "files": files}
        (folder / _ABOUT).write_text(json.dumps({**about, "sum": _sum(about)}, indent=1), encoding="utf-8")
    sweep(lake.folder / _FOLDER)
    for old in folders(lake)[_KEPT:]:
        _remove(old)


def _ours(path: Path) -> bool:
    return path.is_file() and not path.name.endswith(".lock")


def _file(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "crc32": _crc32(path)}


def _crc32(path: Path) -> int:
    with path.open("rb") as handle:
        if not path.stat().st_size:
            return 0
        with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return crc32(data)


def _sum(about: dict[str, Any]) -> int:
    return crc32(json.dumps(about, sort_keys=True).encode())


def opened(folder: Path, digest: str | None, fields: Collection[str] | None = None) -> Index | None:
    """The index of a folder; None where it is not whole, of another version, or of other data.

    fields: those of words whose texts will be read; None for all.
    """
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        told = about.pop("sum")
        whole = (
            told == _sum(about)
            and about["version"] == VERSION
            and about["release"] == folder.name
            and digest in (None, about["digest"])
            and all((folder / name).stat().st_size == file["bytes"] for name, file in about["files"].items())
            and all(_right(folder / name, about["files"][name]["crc32"]) for name in _read(about["files"], fields))
        )
        return Index(folder, about, fields) if whole else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(files: Collection[str], fields: Collection[str] | None) -> Iterator[str]:
    """The files that will be read."""
    for name in files:
        path = Path(name)
        if fields is None or path.parent.name not in TEXTS or path.stem in fields:
            yield name


def _right(path: Path, wanted: int) -> bool:
    """Whether a file holds what was written; looked at once, as long as nobody writes to it."""
    state = path.stat()
    now = (state.st_ino, state.st_mtime_ns, state.st_ctime_ns)
    if _CHECKED.get(path) != now:
        if _crc32(path) != wanted:
            return False
        _CHECKED[path] = now
    return True


def _remove(folder: Path) -> None:
    """Out of sight in one step, then away; who still reads it keeps what is open."""
    for path in [path for path in _CHECKED if path.is_relative_to(folder)]:
        _CHECKED.pop(path, None)
    aside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.gone")
    with contextlib.suppress(OSError):
        folder.replace(aside)
    for old in folder.parent.glob(".*.gone"):
        shutil.rmtree(old, ignore_errors=True)

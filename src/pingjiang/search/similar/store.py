"""Where indexes of similar documents lie: beside the releases, one a release, whole under its name or not there.

    LAKE/similar/R2026.11-3/about.json   release, digest of its files and of the method, model, and each file's SHA-256

An index is written under another name and published by one renaming. One that is not as `about.json` says is never
read: it is removed and made anew, as is one of an older release, of another method or of another model.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import threading
import uuid
from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.documents.target import fresh_folder
from pingjiang.engine import Lake, Release, open_engine
from pingjiang.errors import LakeError
from pingjiang.search.similar.build import TABLES, VERSION, Progress, build
from pingjiang.search.similar.method import Method, shipped_method
from pingjiang.search.similar.opened import Index
from pingjiang.text.embeddings import Encoder

_FOLDER, _ABOUT = "similar", "about.json"
_NAMED = re.compile(r"^R\d{4}\.\d{2}-(\d+)$")


def silent(_what: str, _done: int, _total: int) -> None:
    """No progress is shown."""


def ensure(
    lake: Lake, settings: Settings, method: Method, encoder: Encoder | None, progress: Progress = silent
) -> tuple[Index, Release]:
    """The index of what the current release holds built, opened, and that release; made where it is not whole.

    Without an encoder an index that has vectors serves: those of publications lie in it.
    """
    release = lake.require_current()
    if "built" not in release.info:
        raise LakeError(
            f"版本 {release.id} 已导入但未构建。",
            f"Release {release.id} is imported but not built.",
            remedy=(f"请运行 pingjiang build --lake {lake.folder}。", f"Run `pingjiang build --lake {lake.folder}`."),
        )
    folder = lake.folder / _FOLDER / release.info["built"]
    digest = _digest(release, method)
    index = opened(folder, digest)
    if index is None or (encoder is not None and index.model != encoder.name):
        index = None
        _remove(folder)
        _make(lake, release, folder, digest, settings, method, encoder, progress)
        index = opened(folder, digest)
    if index is None:
        raise LakeError("相似索引建成后又被改动，请再试。", "The index was changed behind us: run again.")
    return index, release


def _digest(release: Release, method: Method) -> str:
    """What an index is made of, but for the model."""
    files = sorted((name, file.sha256) for name, file in release.files(*TABLES) if name in TABLES)
    told = {**asdict(method), "fusing": None}  # how lists are fused is no matter of the index
    return hashlib.sha256(json.dumps([files, told], sort_keys=True).encode()).hexdigest()


def _make(
    lake: Lake,
    release: Release,
    folder: Path,
    digest: str,
    settings: Settings,
    method: Method,
    encoder: Encoder | None,
    progress: Progress,
) -> None:
    with fresh_folder(folder, overwrite=False) as new:
        with open_engine(settings, lake.folder) as session:
            tables = release.open(session, *TABLES)
            told = build(session, tables, new, method, encoder, threads=settings.threads, progress=progress)
        files = {path.relative_to(new).as_posix(): _file(path) for path in sorted(new.rglob("*")) if path.is_file()}
        about = {"release": folder.name, "digest": digest, "version": VERSION, **told, "files": files}
        (new / _ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    for old in folder.parent.iterdir():
        if _NAMED.match(old.name) and old.name != folder.name:
            _remove(old)


def _file(path: Path) -> dict[str, Any]:
    state = path.stat()
    return {"bytes": state.st_size, "changed": state.st_mtime_ns, "sha256": _sha256(path)}


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def opened(folder: Path, digest: str) -> Index | None:
    """The index of a folder; None where it is not whole, of another version, or made of other data."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        whole = (
            about["version"] == VERSION
            and about["release"] == folder.name
            and about["digest"] == digest
            and all(_unchanged(folder / name, told) for name, told in about["files"].items())
        )
        return Index(folder, about) if whole else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


_OPEN = 4  # indexes of a process
_lock = threading.Lock()
_kept: OrderedDict[Path, tuple[tuple[int, int, str], Index | None]] = OrderedDict()


def shared(lake: Lake, release: Release, method: Method | None = None) -> Index | None:
    """The index of what a release holds built, opened once for all threads; None where it is not there or not whole.

    Nothing is made or removed.
    """
    folder = lake.folder / _FOLDER / str(release.info.get("built"))
    digest = _digest(release, method or shipped_method())
    try:
        state = (folder / _ABOUT).stat()
    except OSError:
        return None
    now = (state.st_ino, state.st_mtime_ns, digest)
    with _lock:
        known = _kept.get(folder)
        if known is None or known[0] != now:
            known = _kept[folder] = (now, opened(folder, digest))
        _kept.move_to_end(folder)
        while len(_kept) > _OPEN:
            _kept.popitem(last=False)
    return known[1]


def _unchanged(path: Path, told: dict[str, Any]) -> bool:
    """By size and time; where the time is another (a copied lake) by content."""
    state = path.stat()
    if state.st_size != told["bytes"]:
        return False
    return bool(state.st_mtime_ns == told["changed"] or _sha256(path) == told["sha256"])


def _remove(folder: Path) -> None:
    """Out of sight in one step, then away; who still reads it keeps what is open."""
    aside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.gone")
    with contextlib.suppress(OSError):
        folder.replace(aside)
    for old in folder.parent.glob(".*.gone"):
        shutil.rmtree(old, ignore_errors=True)

"""The lake: immutable releases of Parquet files, published in one atomic step.

    LAKE/
      CURRENT                      the id of the newest release; replaced atomically
      releases/R2026.11-3/manifest.json
      data/<table>/<file>.parquet  immutable; a file may serve several releases
      writer.lock

A release is its manifest: for each table the list of its files with SHA-256 and counts, beside the
sources, the checks and the release it was made from. Until CURRENT is replaced nobody sees anything of
a draft, and what a killed writer left behind is removed by the next one. Readers take no lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pingjiang.engine.session import Session, Table
from pingjiang.errors import LakeBusy, LakeCorrupt, LakeError

SCHEMA_VERSION = 1
_RELEASE_ID = re.compile(r"^R\d{4}\.\d{2}-(\d+)$")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One immutable Parquet file of a release. `path` is relative to the lake."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """A published release: what its manifest says, and where its files are."""

    lake: Path
    id: str
    created_at: str
    base: str | None
    tables: Mapping[str, tuple[DataFile, ...]]
    info: Mapping[str, Any] = field(default_factory=dict)

    def paths(self, table: str) -> list[Path]:
        """The Parquet files of a table, absolute; LakeError where the release has no such table."""
        if table not in self.tables:
            raise LakeError(f"release {self.id} has no table {table!r}: run `pingjiang build` first")
        return [self.lake / file.path for file in self.tables[table]]

    def rows(self, table: str) -> int:
        """The number of rows of a table, from the manifest."""
        return sum(file.rows for file in self.tables.get(table, ()))

    def open(self, session: Session) -> dict[str, Table]:
        """All tables of the release, by name, in a session."""
        return {name: session.read_parquet(self.paths(name)) for name, files in self.tables.items() if files}

    def verify(self) -> None:
        """Read every file and compare it with the manifest. LakeCorrupt names the first that differs."""
        for name, files in self.tables.items():
            for file in files:
                path = self.lake / file.path
                if not path.is_file():
                    raise LakeCorrupt(f"{self.id}, table {name}: {file.path} is missing")
                if _sha256(path) != file.sha256:
                    raise LakeCorrupt(f"{self.id}, table {name}: {file.path} differs from its manifest")


class Lake:
    """A folder of releases with one owner. Opening it reads nothing and creates nothing."""

    def __init__(self, folder: Path, *, keep: int = 5) -> None:
        if keep < 1:
            raise LakeError(f"a lake keeps at least one release, not {keep}")
        self.folder = folder
        self.keep = keep

    # -- reading -----------------------------------------------------------------------------------

    def current(self) -> Release | None:
        """The newest release, or None in a lake that has none yet."""
        pointer = self.folder / "CURRENT"
        try:
            name = pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return self.release(name)

    def require_current(self) -> Release:
        """The newest release; LakeError where there is none."""
        release = self.current()
        if release is None:
            raise LakeError(f"{self.folder} holds no release yet: import a file into it first")
        return release

    def release(self, name: str) -> Release:
        """A release by its id; LakeError where it is not kept."""
        path = self.folder / "releases" / name / "manifest.json"
        if not _RELEASE_ID.match(name) or not path.is_file():
            raise LakeError(f"{self.folder} holds no release {name!r}")
        try:
            return _read_manifest(self.folder, path)
        except (ValueError, KeyError, TypeError) as error:
            raise LakeCorrupt(f"{path}: not a manifest ({error})") from error

    def releases(self) -> list[Release]:
        """The kept releases, newest first."""
        found: list[Release] = []
        release = self.current()
        while release is not None:
            found.append(release)
            if release.base is None or len(found) >= self.keep:
                break
            path = self.folder / "releases" / release.base / "manifest.json"
            release = _read_manifest(self.folder, path) if path.is_file() else None
        return found

    # -- writing -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def draft(self) -> Iterator[Draft]:
        """A release under construction, with the writer's lock held. Nothing is seen before publish()."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with _writer_lock(self.folder / "writer.lock"):
            self._remove_leftovers()
            draft = Draft(self)
            try:
                yield draft
            finally:
                draft.discard_unpublished()

    def _remove_leftovers(self) -> None:
        """Remove what no kept release names: files of killed drafts and of releases past their time."""
        kept = self.releases()
        names = {release.id for release in kept}
        for folder in _children(self.folder / "releases"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)
        wanted = {file.path for release in kept for files in release.tables.values() for file in files}
        for table in _children(self.folder / "data"):
            for path in _children(table):
                if path.relative_to(self.folder).as_posix() not in wanted:
                    path.unlink(missing_ok=True)


class Draft:
    """A release under construction. Made by `Lake.draft()` alone."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.base = lake.current()
        self.tables: dict[str, list[DataFile]] = {}
        self._written: list[Path] = []
        self._published = False
        self.id = self._next_id()

    def _next_id(self) -> str:
        """The next id: the month, and a number that only grows, whatever the clock does."""
        number = 0
        if self.base is not None:
            match = _RELEASE_ID.match(self.base.id)
            number = int(match.group(1)) if match else 0
        return f"R{datetime.now(UTC):%Y.%m}-{number + 1}"

    def keep(self, *names: str) -> None:
        """Take tables over from the base release as they are (those it has)."""
        if self.base is None:
            return
        for name in names:
            if name in self.base.tables:
                self.tables[name] = list(self.base.tables[name]) + self.tables.get(name, [])

    def add(self, name: str, table: Table, *, order_by: str | None = None) -> int:
        """Write a table's rows as one more Parquet file of the draft. Returns the number of rows."""
        folder = self.lake.folder / "data" / name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{uuid.uuid4().hex}.parquet"
        self._written.append(path)
        rows = table.session.copy_to_parquet(table.name, path, order_by=order_by)
        _sync(path)
        self.tables.setdefault(name, []).append(
            DataFile(path.relative_to(self.lake.folder).as_posix(), rows, path.stat().st_size, _sha256(path))
        )
        return rows

    def publish(self, **info: Any) -> Release:
        """Make the draft the current release, in one atomic step. `info` goes into the manifest."""
        manifest = {
            "release": self.id,
            "schema_version": SCHEMA_VERSION,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "base": self.base.id if self.base else None,
            "tables": {
                name: {
                    "rows": sum(file.rows for file in files),
                    "files": [{"path": f.path, "rows": f.rows, "bytes": f.bytes, "sha256": f.sha256} for f in files],
                }
                for name, files in sorted(self.tables.items())
            },
            "info": info,
        }
        folder = self.lake.folder / "releases" / self.id
        folder.mkdir(parents=True, exist_ok=True)
        _write_durably(folder / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        for touched in {path.parent for path in self._written} | {folder.parent, self.lake.folder / "data"}:
            if touched.is_dir():
                _sync(touched)
        # The one step that publishes: until this rename the previous release is the current one.
        _write_durably(self.lake.folder / "CURRENT", self.id + "\n")
        self._published = True
        self.lake._remove_leftovers()
        return self.lake.release(self.id)

    def discard_unpublished(self) -> None:
        """Remove the files of a draft that was given up."""
        if self._published:
            return
        for path in self._written:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _writer_lock(path: Path) -> Iterator[None]:
    """Hold the lake's writer lock; LakeBusy where another process has it. Freed by the system on kill."""
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LakeBusy(
                f"another process is writing to {path.parent}: wait for it to end, then run again"
            ) from error
        yield


def _read_manifest(lake: Path, path: Path) -> Release:
    data = json.loads(path.read_text(encoding="utf-8"))
    if data["schema_version"] != SCHEMA_VERSION:
        raise LakeError(
            f"{path}: schema version {data['schema_version']}, this program reads {SCHEMA_VERSION}: "
            "import the sources into a new lake"
        )
    tables = {
        name: tuple(DataFile(f["path"], f["rows"], f["bytes"], f["sha256"]) for f in table["files"])
        for name, table in data["tables"].items()
    }
    return Release(lake, data["release"], data["created_at"], data["base"], tables, data["info"])


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Flush a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_durably(path: Path, text: str) -> None:
    """Replace a file's content: after a crash there is the old text or the new one, nothing between."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)

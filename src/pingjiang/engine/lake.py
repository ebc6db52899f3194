"""The lake: immutable releases of Parquet files, published in one atomic step.

    LAKE/
      CURRENT                      the id of the newest release, or "none" in a new lake; replaced atomically
      releases/R2026.11-3/manifest.json
      data/<table>/<file>.parquet  immutable; a file may serve several releases
      judgements.jsonl             what people decided (judgements/): of no release, and never removed
      pins.json                    releases that stay beyond the last few, and why (pins.py)
      writer.lock

A release is its manifest: for each table the list of its files with SHA-256 and counts, beside the
sources, the checks and the release it was made from. Until CURRENT is replaced nobody sees anything of
a draft, and what a killed writer left behind is removed behind the next publication. Readers take no lock.
Nothing is ever removed but files that bear the names of our own. A folder that holds other things is no lake.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pingjiang.engine import durable, pins
from pingjiang.engine.session import Session, Table
from pingjiang.errors import LakeBusy, LakeCorrupt, LakeError, NotALake, WriteFailed
from pingjiang.system import MAKE_ROOM, remedy_for

SCHEMA_VERSION = 3
_RELEASE_ID = re.compile(r"^R\d{4}\.\d{2}-(\d+)$")
_DATA_FILE = re.compile(r"^[0-9a-f]{32}\.parquet$")
_NONE = "none"
_PIECE = 2**20
_LOCK = "writer.lock"
JUDGEMENTS = "judgements.jsonl"


@dataclass(frozen=True, slots=True)
class DataFile:
    """One immutable Parquet file of a release. `path` is relative to the lake."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """A published release: what its manifest says, and where its files are.

    tables   what was said, and what was concluded from it when the release in info["built"] was built
    updates  what has been concluded since of a few of them, beside them; they are opened by `open_updates` alone
    """

    lake: Path
    id: str
    created_at: str
    base: str | None
    tables: Mapping[str, tuple[DataFile, ...]]
    info: Mapping[str, Any] = field(default_factory=dict)
    updates: Mapping[str, tuple[DataFile, ...]] = field(default_factory=dict)

    def paths(self, table: str) -> list[Path]:
        """The Parquet files of a table, absolute; LakeError where the release has no such table."""
        if table not in self.tables:
            raise LakeError(
                f"版本 {self.id} 没有表 {table!r}。",
                f"Release {self.id} has no table {table!r}.",
                remedy=("请先运行 pingjiang build。", "Run `pingjiang build` first."),
            )
        return [self.lake / file.path for file in self.tables[table]]

    def rows(self, table: str) -> int:
        """The number of rows of a table, from the manifest."""
        return sum(file.rows for file in self.tables.get(table, ()))

    def require_files(self, *tables: str) -> None:
        """LakeCorrupt where a file of these tables, or of any, is gone or of another size."""
        self._require(self.files(*tables))

    def _require(self, files: Iterable[tuple[str, DataFile]]) -> None:
        for name, file in files:
            path = self.lake / file.path
            if not path.is_file() or path.stat().st_size != file.bytes:
                raise self._differs(name, file)

    def files(self, *tables: str) -> Iterator[tuple[str, DataFile]]:
        """The files of these tables, or of all and of the updates, each with the name of its table."""
        for name, files in self.tables.items():
            for file in files if not tables or name in tables else ():
                yield name, file
        for name, files in self.updates.items() if not tables else ():
            for file in files:
                yield name, file

    def open(self, session: Session, *tables: str) -> dict[str, Table]:
        """These tables of the release, or all, by name, in a session; those without a file are left out.

        LakeCorrupt where a file of theirs is gone or of another size.
        """
        self.require_files(*tables)
        wanted = [name for name, files in self.tables.items() if files and (not tables or name in tables)]
        return {name: session.read_parquet(self.paths(name)) for name in wanted}

    def open_updates(self, session: Session) -> dict[str, Table]:
        """The updates of the release by name; LakeCorrupt as `open`."""
        self._require((name, file) for name, files in self.updates.items() for file in files)
        return {
            name: session.read_parquet([self.lake / file.path for file in files])
            for name, files in self.updates.items()
        }

    def verify(self, *tables: str) -> None:
        """Read the files of these tables, or of all, and compare them with the manifest.

        LakeCorrupt names the first that is gone or differs.
        """
        for name, file in self.files(*tables):
            path = self.lake / file.path
            if not path.is_file() or _sha256(path) != file.sha256:
                raise self._differs(name, file)

    def read(self, table: str, at: int) -> Iterator[bytes]:
        """The bytes of the `at`-th file of a table, in pieces; LakeCorrupt, behind the last, where they differ."""
        file = self.tables[table][at]
        told, size = hashlib.sha256(), 0
        self.require_files(table)
        with (self.lake / file.path).open("rb") as handle:
            while piece := handle.read(_PIECE):
                told.update(piece)
                size += len(piece)
                yield piece
        if size != file.bytes or told.hexdigest() != file.sha256:
            raise self._differs(table, file)

    def _differs(self, table: str, file: DataFile) -> LakeCorrupt:
        state = "differs from its manifest" if (self.lake / file.path).is_file() else "is missing"
        return LakeCorrupt(
            f"{self.lake}：版本 {self.id} 的数据文件 {file.path} 缺失或已改变，"
            "请从备份恢复，或把来源重新导入新的数据湖 · "
            f"release {self.id}, table {table}: {file.path} {state}; restore it from a backup, or import the sources "
            "into a new lake"
        )


class Lake:
    """A folder of releases with one owner. Opening it reads nothing and creates nothing."""

    def __init__(self, folder: Path, *, keep: int = 5) -> None:
        if keep < 1:
            raise LakeError(
                f"数据湖至少保留一个版本，不能是 {keep} 个。", f"A lake keeps at least one release, not {keep}."
            )
        self.folder = folder
        self.keep = keep

    @property
    def judgements(self) -> Path:
        """Where the log of judgements lies, if anything was judged."""
        return self.folder / JUDGEMENTS

    # -- reading -----------------------------------------------------------------------------------

    def current(self) -> Release | None:
        """The newest release, or None in a lake that has none yet. LakeCorrupt where CURRENT is lost or damaged."""
        name = self._pointer()
        if name is None:
            if manifests := self._manifests():
                raise self._lost(f"CURRENT 缺失 · CURRENT is missing, {len(manifests)} manifests are there")
            return None
        if name == _NONE:
            return None
        if not _RELEASE_ID.match(name) or self._manifest(name) not in self._manifests():
            raise self._lost(f"CURRENT 指向的版本不存在 · CURRENT names no release: {name[:40]!r}")
        return self.release(name)

    def _pointer(self) -> str | None:
        try:
            return (self.folder / "CURRENT").read_bytes().decode("utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            raise NotALake(f"{self.folder}：不是目录，请另指一个目录 · is no folder: name another") from None
        except OSError as error:
            raise LakeError(f"{self.folder}：无法读取 · cannot be read: {error.strerror}") from error

    def _manifest(self, name: str) -> Path:
        return self.folder / "releases" / name / "manifest.json"

    def _manifests(self) -> list[Path]:
        """The manifests that are there, oldest first."""
        found = [folder / "manifest.json" for folder in _children(self.folder / "releases")]
        named = [path for path in found if _RELEASE_ID.match(path.parent.name) and path.is_file()]
        return sorted(named, key=lambda path: int(path.parent.name.rpartition("-")[2]))

    def _lost(self, what: str) -> LakeCorrupt:
        remedy = "从备份恢复 · restore the lake from a backup"
        if manifests := self._manifests():
            newest = manifests[-1].parent.name
            remedy = (
                f"数据未动；在 CURRENT 文件中写入 {newest} 即可恢复 · "
                f"nothing was touched; write {newest} into the file CURRENT to go on from it"
            )
        return LakeCorrupt(f"{self.folder}：{what}. {remedy}")

    def require_current(self) -> Release:
        """The newest release; LakeError where there is none, NotALake where there is no lake."""
        release = self.current()
        if release is None:
            self.require_folder()
            raise LakeError(
                f"{self.folder}：还没有数据版本，请先导入文件 · holds no release yet: import a file into it first"
            )
        return release

    def release(self, name: str) -> Release:
        """A release by its id; LakeError where it is not kept."""
        path = self._manifest(name)
        if not _RELEASE_ID.match(name) or not path.is_file():
            raise LakeError(f"{self.folder}：没有版本 · holds no release {name!r}")
        try:
            return _read_manifest(self.folder, path)
        except (ValueError, KeyError, TypeError) as error:
            raise LakeCorrupt(
                f"不是版本清单（{error}）。",
                f"This is no manifest of a release ({error}).",
                file=str(path),
                remedy=("请从备份恢复。", "Restore it from a backup."),
            ) from error

    def releases(self) -> list[Release]:
        """The kept releases, newest first, as far back as their manifests can be read."""
        return self._kept()[0]

    def _kept(self) -> tuple[list[Release], bool]:
        """The kept releases, newest first, and whether all of them could be read."""
        found, complete = self._last()
        known = {release.id for release in found}
        try:
            pinned = {name for name in pins.read(self.folder) if self._manifest(name).is_file()} - known
            found += [self.release(name) for name in sorted(pinned, key=_number, reverse=True)]
        except LakeError:
            return found, False
        return found, complete

    def _last(self) -> tuple[list[Release], bool]:
        """The last few releases, newest first, and whether all of them could be read."""
        found: list[Release] = []
        release = self.current()
        while release is not None:
            found.append(release)
            if release.base is None or len(found) >= self.keep or not self._manifest(release.base).is_file():
                break
            try:
                release = self.release(release.base)
            except LakeError:
                return found, False
        return found, True

    # -- pins --------------------------------------------------------------------------------------

    def pin(self, release: str, reason: str) -> Release:
        """Keep a release, however many come after it, until `unpin` with the same reason. The release.

        LakeError where it is not kept any more. Whoever writes to the lake is not waited for.
        """
        self.require_folder()
        with pins.locked(self.folder):
            found = self.release(release)
            pins.write(self.folder, pins.added(pins.read(self.folder), release, reason))
        return found

    def unpin(self, release: str, reason: str) -> None:
        """Take one reason away; behind the last, the next publication removes a release that is past its time."""
        with pins.locked(self.folder):
            pins.write(self.folder, pins.removed(pins.read(self.folder), release, reason))

    def pinned(self) -> Mapping[str, tuple[str, ...]]:
        """Releases that are pinned → why. LakeCorrupt where the list cannot be read."""
        return pins.read(self.folder)

    # -- writing -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def draft(self) -> Iterator[Draft]:
        """A release under construction, with the writer's lock held. Nothing is seen before publish().

        Where nothing is published the folder is left as it was, or not at all where it is new. NotALake for
        a folder that holds other things.
        """
        made = not self.folder.exists()
        self._require_ours()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with _writer_lock(self.folder / _LOCK):
                new = self._pointer() is None and not self._manifests()
                draft = None
                try:
                    if new:
                        durable.write_durably(self.folder / "CURRENT", _NONE + "\n")
                    draft = Draft(self)
                    yield draft
                finally:
                    if (draft is None or not draft.discard_unpublished()) and new:
                        self._undo_creation(made)
        except OSError as error:
            raise LakeError(
                f"系统报告：{error.strerror}；数据湖仍是上一个完好版本。",
                f"The system reports: {error.strerror}; the last good release stands.",
                file=os.fsdecode(error.filename or self.folder),
                remedy=remedy_for(error),
            ) from error

    def require_folder(self) -> None:
        """NotALake for a path where no folder is, or one that holds other things."""
        if not self.folder.exists():
            raise NotALake(
                "没有这个目录。",
                "There is no such folder.",
                file=str(self.folder),
                remedy=("请检查路径；新的数据湖从导入文件开始。", "Check the path; a new lake begins with an import."),
            )
        self._require_ours()

    def _require_ours(self) -> None:
        """NotALake for a path that is no folder, or a folder with other things and no CURRENT of ours."""
        if self.folder.is_dir():
            names = {child.name for child in _children(self.folder)} - {_LOCK, JUDGEMENTS, "CURRENT.part"}
            if not names or self._pointer() is not None or self._manifests():
                return
        elif not self.folder.exists():
            return
        else:
            self._pointer()  # says what is wrong with it
        raise NotALake(
            f"{self.folder}：目录里已有其他文件，不是数据湖；请另指一个空目录或新目录 · "
            "holds other things and is no lake: name an empty folder or a new one"
        )

    def _undo_creation(self, made: bool) -> None:
        """Leave no trace of a lake in which nothing was ever published."""
        for name in ("CURRENT", "CURRENT.part", _LOCK):
            (self.folder / name).unlink(missing_ok=True)
        if made:
            with contextlib.suppress(OSError):  # somebody put a file there meanwhile: it stays
                self.folder.rmdir()

    def _remove_leftovers(self) -> None:
        """Remove what no kept release names: files of killed drafts and of releases past their time.

        Files that are not called as ours are never touched, and nothing is where a manifest or the pins cannot be
        read. Nobody pins a release meanwhile.
        """
        with pins.locked(self.folder):
            kept, complete = self._kept()
            if complete:
                self._remove_but(kept)

    def _remove_but(self, kept: list[Release]) -> None:
        names = {release.id for release in kept}
        for manifest in self._manifests():
            if manifest.parent.name not in names:
                manifest.unlink(missing_ok=True)
                manifest.with_name("manifest.json.part").unlink(missing_ok=True)
                with contextlib.suppress(OSError):
                    manifest.parent.rmdir()
        wanted = {file.path for release in kept for _, file in release.files()}
        for table in _children(self.folder / "data"):
            for path in _children(table) if table.is_dir() else ():
                if _DATA_FILE.match(path.name) and path.relative_to(self.folder).as_posix() not in wanted:
                    path.unlink(missing_ok=True)


class Draft:
    """A release under construction. Made by `Lake.draft()` alone."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.base = lake.current()
        self.tables: dict[str, list[DataFile]] = {}
        self.updates: dict[str, list[DataFile]] = {}
        self._written: list[Path] = []
        self._folders: set[Path] = set()  # of tables: made here, if they were not there
        self.id = self._next_id()

    def _next_id(self) -> str:
        """The next id: the month, and a number that only grows, whatever the clock does or CURRENT was set back to."""
        names = [manifest.parent.name for manifest in self.lake._manifests()]
        newest = max((int(name.rpartition("-")[2]) for name in names), default=0)
        return f"R{datetime.now(UTC):%Y.%m}-{newest + 1}"

    def keep(self, *names: str) -> None:
        """Take tables over from the base release as they are (those it has)."""
        if self.base is None:
            return
        for name in names:
            if name in self.base.tables:
                self.tables[name] = list(self.base.tables[name]) + self.tables.get(name, [])

    def keep_updates(self) -> None:
        """Take the updates of the base release over as they are."""
        self.updates = {} if self.base is None else {name: list(files) for name, files in self.base.updates.items()}

    def add(self, name: str, table: Table, *, order_by: str | None = None) -> int:
        """Write a table's rows as further Parquet files of the draft. Returns the number of rows."""
        return self._add(self.tables, name, table, order_by)

    def add_update(self, name: str, table: Table) -> int:
        """The same for an update, which lies beside the table of its name."""
        return self._add(self.updates, name, table, None)

    def _add(self, tables: dict[str, list[DataFile]], name: str, table: Table, order_by: str | None) -> int:
        folder = self.lake.folder / "data" / name
        self._folders.add(folder)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            files = table.session.write_parquet(table.name, folder, order_by=order_by)
        except WriteFailed as error:
            said = str(error).partition("\n")[0]
            raise LakeError(
                f"写入失败（{said}）；数据湖仍是上一个完好版本。",
                f"It cannot be written ({said}); the last good release stands.",
                file=str(folder),
                remedy=MAKE_ROOM,
            ) from error
        for path, rows in files:
            self._written.append(path)
            durable.sync(path)
            tables.setdefault(name, []).append(
                DataFile(path.relative_to(self.lake.folder).as_posix(), rows, path.stat().st_size, _sha256(path))
            )
        return sum(rows for _, rows in files)

    def take(self, name: str, pieces: Iterable[bytes], rows: int) -> None:
        """Take over a Parquet file of `rows` rows from elsewhere, as it is."""
        path = self.stage(name, pieces)
        self.tables.setdefault(name, []).append(
            DataFile(path.relative_to(self.lake.folder).as_posix(), rows, path.stat().st_size, _sha256(path))
        )

    def stage(self, name: str, pieces: Iterable[bytes]) -> Path:
        """Put a Parquet file into the lake that no release names, for a query to read. It goes with the draft."""
        folder = self.lake.folder / "data" / name
        self._folders.add(folder)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{uuid.uuid4().hex}.parquet"
        self._written.append(path)
        with path.open("wb") as handle:
            handle.writelines(pieces)
        durable.sync(path)
        return path

    def publish(self, **info: Any) -> Release:
        """Make the draft the current release, in one atomic step. `info` goes into the manifest."""
        manifest = {
            "release": self.id,
            "schema_version": SCHEMA_VERSION,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "base": self.base.id if self.base else None,
            "tables": _listed(self.tables),
            "updates": _listed(self.updates),
            "info": info,
        }
        folder = self.lake.folder / "releases" / self.id
        folder.mkdir(parents=True, exist_ok=True)
        durable.write_durably(folder / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        for touched in self._folders | {folder.parent, self.lake.folder / "data"}:
            if touched.is_dir():
                durable.sync(touched)
        # The one step that publishes: until this rename the previous release is the current one.
        durable.write_durably(self.lake.folder / "CURRENT", self.id + "\n")
        with contextlib.suppress(OSError):  # what cannot be tidied now is tidied next time
            self.lake._remove_leftovers()
        return self.lake.release(self.id)

    def discard_unpublished(self) -> bool:
        """Remove the files of a draft that was given up. True where it was published, and then nothing is removed.

        CURRENT alone decides: an interruption may come behind its renaming and before anybody has noted it.
        """
        if self.lake._pointer() == self.id:
            return True
        for path in self._written:
            path.unlink(missing_ok=True)
        manifest = self.lake._manifest(self.id)
        for path in (manifest, manifest.with_name("manifest.json.part")):
            path.unlink(missing_ok=True)
        data, releases = self.lake.folder / "data", self.lake.folder / "releases"
        for folder in (*self._folders, data, manifest.parent, releases):
            with contextlib.suppress(OSError):  # not empty: not this draft's alone
                folder.rmdir()
        return False


@contextlib.contextmanager
def _writer_lock(path: Path) -> Iterator[None]:
    """Hold the lake's writer lock; LakeBusy where another process has it. Freed by the system on kill."""
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _busy(path) from error
        # Who undid a new lake has removed the file that we waited at: somebody else may hold the next one.
        if not path.exists() or os.fstat(handle.fileno()).st_ino != path.stat().st_ino:
            raise _busy(path)
        yield


def _busy(path: Path) -> LakeBusy:
    return LakeBusy(
        f"另一进程正在写入 {path.parent}。",
        f"Another process is writing to {path.parent}.",
        remedy=("请等它结束后再运行。", "Wait for it to end, then run again."),
    )


def _read_manifest(lake: Path, path: Path) -> Release:
    data = json.loads(path.read_text(encoding="utf-8"))
    if data["schema_version"] != SCHEMA_VERSION:
        raise LakeError(
            f"结构版本为 {data['schema_version']}，本程序读取 {SCHEMA_VERSION}。",
            f"The schema version is {data['schema_version']}, this program reads {SCHEMA_VERSION}.",
            file=str(path),
            remedy=("请把来源重新导入新的数据湖。", "Import the sources into a new lake."),
        )
    tables, updates = (
        {
            name: tuple(DataFile(f["path"], f["rows"], f["bytes"], f["sha256"]) for f in table["files"])
            for name, table in data[part].items()
        }
        for part in ("tables", "updates")
    )
    return Release(lake, data["release"], data["created_at"], data["base"], tables, data["info"], updates)


def _listed(tables: Mapping[str, Iterable[DataFile]]) -> dict[str, Any]:
    return {
        name: {
            "rows": sum(file.rows for file in files),
            "files": [{"path": f.path, "rows": f.rows, "bytes": f.bytes, "sha256": f.sha256} for f in files],
        }
        for name, files in sorted(tables.items())
    }


def _number(release: str) -> int:
    return int(release.rpartition("-")[2])


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

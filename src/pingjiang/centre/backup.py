"""Backup and restore of a whole site in one file: its database, its uploads, its lakes. Made while the site works.

    manifest.json          what is in it: database kind, migrations, files with size, CRC-32 and SHA-256
    database               SQLite: a snapshot; PostgreSQL: `pg_dump -Fc`
    files/00000001 …       the files of the site's folder; their names are in the manifest

The database is taken first, the files after it: files are written before the rows that name them and never changed,
so every row finds its file. Lakes and uploads are linked, not copied, while the backup is written: a release that ends
meanwhile is in it all the same. The file is a zip of the one layout of `files.stored`.

Restoring reads and checks everything beside the site's folder before anything of the site is touched.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from pingjiang.documents.target import fresh_file
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, FileDamaged, InputRefused, LakeError, PingjiangError
from pingjiang.files import stored
from pingjiang.files.stored import LayoutDiffers, Member

MANIFEST = "manifest.json"
_DATABASE = "database"
_FORMAT = 1
_ATTEMPTS = 20
_MOST_MANIFEST = 2**30
# Copied, not linked: what is written to in place.
_WRITTEN_IN_PLACE = frozenset({"CURRENT", "judgements.jsonl"})
Progress = Callable[[str, int, int], None]


def _silent(_what: str, _done: int, _all: int) -> None:
    """No progress shown."""


@dataclass(frozen=True)
class Packed:
    """A file of a backup: its name below the site's folder, and its member."""

    name: str
    member: Member
    sha256: str


@contextlib.contextmanager
def in_use(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold the site's folder: shared while the site works, `alone` while it is replaced.

    DefinitionError where another process holds it in the other way.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = folder.with_name(f".{folder.name}.in-use")
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            raise DefinitionError(
                "网站正在运行，或另一进程正在恢复备份。",
                "The site is running, or another process is restoring a backup.",
                file=str(folder),
                remedy=("请先停止网站。", "Stop the site first."),
            ) from error
        yield


# -- backup ------------------------------------------------------------------------------------------


def backup(out: Path, *, overwrite: bool = False, progress: Progress = _silent) -> dict[str, Any]:
    """Write the whole site to `out`. Nothing is there under that name until it is whole. The manifest is given back."""
    folder: Path = settings.SITE_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (
        fresh_file(out, overwrite=overwrite) as path,
        tempfile.TemporaryDirectory(prefix=".backup-", dir=folder.parent) as scratch,
    ):
        snapshot = Path(scratch)
        _dump(snapshot / _DATABASE)
        _link(folder, snapshot / "files", except_for=(out.absolute(), path.absolute()))
        packed = [_pack(snapshot / _DATABASE, _DATABASE, _DATABASE)]
        found = sorted(each for each in (snapshot / "files").rglob("*") if each.is_file())
        for n, each in enumerate(found, 1):
            progress("sums", n, 2 * len(found))
            packed.append(_pack(each, each.relative_to(snapshot / "files").as_posix(), f"files/{n:08d}"))
        manifest = _manifest(packed)
        with path.open("wb") as handle:
            _write(handle, manifest, packed, [snapshot / _DATABASE, *found], progress)
    return manifest


def _dump(out: Path) -> None:
    """The database at one moment."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(out)) as copy:
            connection.connection.backup(copy)  # one step: a writer meanwhile is not in it
        return
    _postgres("pg_dump", "-Fc", "--no-owner", "--no-privileges", "--file", str(out))


def _postgres(program: str, *arguments: str) -> None:
    """A program of PostgreSQL, on the site's database. PingjiangError carries what it says."""
    database = settings.DATABASES["default"]
    surroundings = {
        **os.environ,
        **{
            name: str(database[key])
            for name, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD"))
            if database.get(key)
        },
        "PGDATABASE": str(connection.settings_dict["NAME"]),
    }
    try:
        done = subprocess.run([program, *arguments], env=surroundings, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise PingjiangError(
            f"没有 {program}。", f"There is no {program}.",
            remedy=("请安装 PostgreSQL 客户端程序。", "Install the client programs of PostgreSQL."),
        ) from None  # fmt: skip
    if done.returncode:
        raise PingjiangError(f"{program}：{done.stderr.strip()[-2000:]}")


def _link(source: Path, target: Path, *, except_for: tuple[Path, ...]) -> None:
    """Hold the files of the site's folder fast under other names; those written in place are copied, and first.

    So a lake's CURRENT is never newer than the releases beside it. Where a release ends while this runs, all is done
    again until every lake in the copy is whole.
    """
    for attempt in range(_ATTEMPTS):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        found = [
            path
            for path in source.rglob("*")
            if not _left_out(path.relative_to(source))
            and path.absolute() not in except_for
            and path.is_file()
            and not path.is_symlink()
        ]
        found.sort(key=lambda path: path.name not in _WRITTEN_IN_PLACE)
        gone = sum(not _hold(path, target / path.relative_to(source)) for path in found)
        try:
            for pointer in target.rglob("CURRENT"):
                for release in Lake(pointer.parent).releases():
                    release.require_files()
        except LakeError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            if not gone:
                return
    raise PingjiangError("数据湖一直在变，请稍后再备份。", "The lakes keep changing: try again later.")


def _left_out(name: Path) -> bool:
    """The database itself, and what is unfinished."""
    first = name.parts[0]
    return first.startswith("site.sqlite3") or any(
        part.endswith((".part", ".lock")) or part.startswith(".backup-") for part in name.parts
    )


def _hold(path: Path, target: Path) -> bool:
    """Link or copy one file; False where it has gone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.name not in _WRITTEN_IN_PLACE:
            try:
                os.link(path, target)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
            else:
                return True
        shutil.copyfile(path, target)
        return True
    return False


def _pack(path: Path, name: str, member: str) -> Packed:
    digest, crc, size = hashlib.sha256(), 0, 0
    with path.open("rb") as handle:
        while piece := handle.read(stored.PIECE):
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
    return Packed(name, Member(member, size, crc), digest.hexdigest())


def _manifest(packed: list[Packed]) -> dict[str, Any]:
    loader = MigrationLoader(connection)
    return {
        "format": _FORMAT,
        "program": f"pingjiang {metadata.version('pingjiang')}",
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in loader.applied_migrations),
        "files": [
            {
                "name": each.name, "member": each.member.name, "size": each.member.size, "crc32": each.member.crc32,
                "sha256": each.sha256,
            }
            for each in packed
        ],
    }  # fmt: skip


def _write(
    handle: BinaryIO, manifest: Mapping[str, Any], packed: list[Packed], paths: list[Path], progress: Progress
) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    first = Member(MANIFEST, len(text), zlib.crc32(text))
    handle.write(stored.header(first))
    handle.write(text)
    for n, (each, path) in enumerate(zip(packed, paths, strict=True)):
        progress("write", len(packed) + n, 2 * len(packed))
        handle.write(stored.header(each.member))
        with path.open("rb") as content:
            shutil.copyfileobj(content, handle, stored.PIECE)
    for part in stored.tail([first, *(each.member for each in packed)]):
        handle.write(part)


# -- restore -----------------------------------------------------------------------------------------


def restore(file: Path, *, overwrite: bool = False, progress: Progress = _silent) -> dict[str, Any]:
    """Put a backup in place of the site. The manifest is given back.

    FileDamaged where a byte is not as it was; DefinitionError where there is a site already (`overwrite` replaces it;
    its folder stays beside as NAME.old until the next restore), or the backup is of another kind of database.
    """
    folder: Path = settings.SITE_FOLDER
    with in_use(folder, alone=True):
        there = folder.exists() and any(folder.iterdir())
        if there and not overwrite:
            raise DefinitionError(
                "这里已有网站的数据，没有覆盖。", "There is a site already: it was not replaced.", file=str(folder),
                remedy=("如要以备份替换它，加 --overwrite。", "Add --overwrite to replace it by the backup."),
            )  # fmt: skip
        new = folder.with_name(f".{folder.name}.restored")
        shutil.rmtree(new, ignore_errors=True)  # of one that was killed
        new.mkdir(parents=True)
        try:
            manifest = _unpack(file, new, progress)
            dump = new.with_name(f".{folder.name}.database")
            (new / _DATABASE).replace(dump)
            _put(dump, new, overwrite=overwrite)
            old = folder.with_name(f"{folder.name}.old")
            if folder.exists():
                shutil.rmtree(old, ignore_errors=True)
                folder.replace(old)
            new.replace(folder)
            dump.unlink(missing_ok=True)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return manifest


def _put(dump: Path, new: Path, *, overwrite: bool) -> None:
    """The database into its place: for SQLite a file of the new folder, for PostgreSQL in one transaction."""
    if connection.vendor == "sqlite":
        connection.close()
        dump.replace(new / "site.sqlite3")
        return
    if not overwrite and connection.introspection.table_names():
        raise DefinitionError(
            "数据库里已有表，没有覆盖。", "The database holds tables already: they were not replaced.",
            remedy=("请用空库，或加 --overwrite。", "Name an empty database, or add --overwrite."),
        )  # fmt: skip
    connection.close()
    _postgres(
        "pg_restore", "--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges",
        "--dbname", str(connection.settings_dict["NAME"]), str(dump),
    )  # fmt: skip


def _unpack(file: Path, new: Path, progress: Progress) -> dict[str, Any]:
    """Every file of the backup into a new folder, each byte checked."""
    try:
        with file.open("rb") as stream:
            first, text = stored.read_first(stream, MANIFEST, _MOST_MANIFEST)
            manifest, packed = _read_manifest(text, file)
            for n, each in enumerate(packed):
                progress("read", n, len(packed))
                _unpack_one(stream, each, new, file)
            stored.read_end(stream, [first, *(each.member for each in packed)])
    except LayoutDiffers as wrong:
        raise _damaged(file, str(wrong)) from wrong
    except FileNotFoundError:
        raise InputRefused(
            "没有这个备份文件。", "There is no such backup.", file=str(file),
            remedy=("请检查路径。", "Check the path."),
        ) from None  # fmt: skip
    return manifest


def _unpack_one(stream: BinaryIO, each: Packed, new: Path, file: Path) -> None:
    target = new / each.name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as out:
        for piece in stored.read_member(stream, each.member):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != each.sha256:
        raise _damaged(file, f"{each.name}：内容与清单不符 · differs from the manifest")


def _read_manifest(text: bytes, file: Path) -> tuple[dict[str, Any], list[Packed]]:
    try:
        manifest = json.loads(text)
        packed = [
            Packed(each["name"], Member(each["member"], each["size"], each["crc32"]), each["sha256"])
            for each in manifest["files"]
        ]
        kind, made = manifest["database"], manifest["format"]
    except (ValueError, KeyError, TypeError) as wrong:
        raise _damaged(file, "清单不能读 · its manifest cannot be read") from wrong
    if made != _FORMAT or not packed or packed[0].name != _DATABASE:
        raise _damaged(file, "不是本程序的备份 · it is no backup of this program")
    for each in packed:
        parts = Path(each.name).parts
        if Path(each.name).is_absolute() or ".." in parts or not parts or "\0" in each.name:
            raise _damaged(file, f"文件名 {each.name!r} 不在网站目录之内 · a name leads out of the folder")
    _fits(manifest, kind, file)
    return manifest, packed


def _fits(manifest: Mapping[str, Any], kind: str, file: Path) -> None:
    """The database is of this kind, and this program knows its tables."""
    if kind != connection.vendor:
        raise InputRefused(
            f"备份来自 {kind}，本站使用 {connection.vendor}。",
            f"The backup is of {kind}, this site uses {connection.vendor}.", file=str(file),
            remedy=("请把 PINGJIANG_SITE_DATABASE 设为同一种。", "Set PINGJIANG_SITE_DATABASE to one of that kind."),
        )  # fmt: skip
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if newer := sorted(set(manifest["migrations"]) - known):
        raise InputRefused(
            f"备份由更新的程序写成（{newer[0]}）。", f"The backup was written by a newer program ({newer[0]}).",
            file=str(file), remedy=("请先更新程序。", "Update the program first."),
        )  # fmt: skip


def _damaged(file: Path, what: str) -> FileDamaged:
    return FileDamaged(
        f"备份不完整或已改变：{what}", "The backup is cut short or was changed.", file=str(file),
        remedy=("请用另一份备份；网站没有改动。", "Use another backup; the site was not touched."),
    )  # fmt: skip

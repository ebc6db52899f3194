"""A release in one signed file: written, and verified down to the last byte.

    manifest.json                    what the package holds (manifest.py)
    manifest.sig                     'ed25519:' public key, and its signature over the bytes of manifest.json
    data/<table>/<number>.parquet    the release's files as they are

It is a zip of the one layout of `files.stored`, so that every byte of it follows from the manifest, the signature and
the contents: the signature holds the manifest, its sums hold the contents, and the layout holds the rest. The same
release packed by the same installation is the same file, byte for byte.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from pingjiang.documents.target import fresh_file
from pingjiang.engine import Lake, Release
from pingjiang.engine.lake import SCHEMA_VERSION
from pingjiang.errors import DefinitionError, LakeError, PackageRefused, SenderUnknown, Words
from pingjiang.exchange import manifest as manifests
from pingjiang.exchange.described import describe, licences, parquet_columns, schema_columns, told_elsewhere
from pingjiang.exchange.keys import Keys, PublicKey, Sender
from pingjiang.exchange.manifest import Manifest, ManifestWrong, PackedFile
from pingjiang.exchange.part import Chosen, find_release, table_names
from pingjiang.files import stored
from pingjiang.files.stored import LayoutDiffers, Member
from pingjiang.pipeline import Progress

SIGNATURE = "manifest.sig"
_SIGNATURE = re.compile(rb"ed25519:([0-9a-f]{64})\n([0-9a-f]{128})\n")
_SEND_ANEW: Words = (
    "不要使用；请发送方重新导出，并用另一途径核对。",
    "Do not use it; have the sender export it again, and check with them on another way.",
)
_SAME_PROGRAM: Words = (
    "请让双方使用同一版本的程序，由发送方重新构建并导出。",
    "Use the same version of the program on both sides; have the sender build and export again.",
)


def _silent(_what: str, _done: int, _all: int) -> None:
    """No progress shown."""


# -- writing -----------------------------------------------------------------------------------------


def write_package(
    lake: Lake,
    out: Path,
    keys: Keys,
    *,
    chosen: Chosen | None = None,
    overwrite: bool = False,
    progress: Progress = _silent,
) -> Manifest:
    """Write a release, or chosen tables of it, as the package `out`, signed by this installation.

    Raises DefinitionError (rows cannot be chosen, `out` is taken), LakeError where the release is not of this
    program's schema, LakeCorrupt where its files are not as they were written; then there is no package.
    """
    chosen = chosen or Chosen()
    if chosen.by_row:
        raise DefinitionError(
            "数据包按整表打包，不能按公开号或环节选取。",
            "A package holds whole tables: nothing can be chosen by number or node.",
            remedy=("请用 --table 选表，或导出为 xlsx、jsonl、parquet。", "Choose tables, or export in another form."),
        )
    release = find_release(lake, chosen)
    with fresh_file(out, overwrite=overwrite) as path:
        made = _manifest(release, table_names(release, chosen), progress)
        with path.open("wb") as handle:
            for piece in _pieces(release, made, keys, progress):
                handle.write(piece)
    return made


def _manifest(release: Release, tables: list[str], progress: Progress) -> Manifest:
    """Read each file once, for its sums and columns."""
    packed: dict[str, tuple[PackedFile, ...]] = {}
    described = {}
    for done, table in enumerate(tables):
        progress(table, done, 2 * len(tables))
        wanted = schema_columns(table)
        packed[table] = tuple(_packed(release, table, at) for at in range(len(release.tables[table])))
        if wanted is None or any(file.columns != wanted for file in packed[table]):
            raise LakeError(
                f"版本 {release.id} 的表 {table} 不是本程序的结构，不能打包。",
                f"Table {table} of release {release.id} is not of this program's schema: it cannot be packed.",
                remedy=(
                    "请先运行 pingjiang build；或把来源重新导入新的数据湖。",
                    "Run `pingjiang build`, or import the sources into a new lake.",
                ),
            )
        described[table] = describe(table, wanted)
    program = f"pingjiang {metadata.version('pingjiang')}"
    info = told_elsewhere(release.info)
    return Manifest(release.id, release.created_at, SCHEMA_VERSION, program, packed, described, info)


def _packed(release: Release, table: str, at: int) -> PackedFile:
    file, crc = release.tables[table][at], 0
    for piece in release.read(table, at):
        crc = zlib.crc32(piece, crc)
    columns, rows = parquet_columns(release.paths(table)[at])
    if rows != file.rows:
        raise LakeError(f"{file.path}：清单写 {file.rows} 行，文件有 {rows} 行 · rows differ from the manifest")
    member = Member(manifests.member_name(table, at + 1), file.bytes, crc)
    return PackedFile(member, rows, file.sha256, columns)


def _pieces(release: Release, made: Manifest, keys: Keys, progress: Progress) -> Iterator[bytes]:
    """The whole package, piece by piece."""
    content = made.to_bytes()
    head = {manifests.NAME: content, SIGNATURE: _signature(keys, content)}
    members = [Member(name, len(text), zlib.crc32(text)) for name, text in head.items()]
    for member, text in zip(members, head.values(), strict=True):
        yield stored.header(member)
        yield text
    for done, table in enumerate(sorted(made.tables)):
        progress(table, len(made.tables) + done, 2 * len(made.tables))
        for at, file in enumerate(made.tables[table]):
            yield stored.header(file.member)
            yield from release.read(table, at)
    yield from stored.tail([*members, *(file.member for _, file in made.files())])


def _signature(keys: Keys, content: bytes) -> bytes:
    return f"{keys.own().text}\n{keys.sign(content).hex()}\n".encode()


# -- verifying ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was verified: by whom it is, what it holds, and the SHA-256 of its manifest, which names it."""

    path: Path
    manifest: Manifest
    sender: Sender
    sha256: str
    head: tuple[Member, ...]  # the members before the data


def verify(path: Path, keys: Keys, *, progress: Progress = _silent) -> Package:
    """Read a package and check every byte of it, then that this program can use it. Memory is bounded.

    PackageRefused says what is wrong; SenderUnknown where all is right, but nobody here trusts the sender.
    """
    with _opened(path) as stream:
        package, key = _read_head(path, stream, keys)
        files = package.manifest.files()
        for done, (_, file) in enumerate(files):
            progress(file.member.name, done, len(files))
            for _piece in _content(stream, file):
                pass
        stored.read_end(stream, [*package.head, *(file.member for _, file in files)])
        if package.sender.name == "":
            raise _unknown(path, key)
        _check_schema(path, package.manifest)
        _check_parquet(path, stream, package)
    return package


def summary(package: Package) -> dict[str, Any]:
    """What a verified package is, as plain data."""
    told = package.manifest
    return {
        "good": True,
        "file": str(package.path),
        "sha256": package.sha256,
        "release": told.release,
        "created_at": told.created_at,
        "schema_version": told.schema_version,
        "program": told.program,
        "sender": package.sender.name,
        "fingerprint": package.sender.key.fingerprint,
        "own": package.sender.own,
        "rows": {table: told.rows(table) for table in told.tables},
        "sources": licences(told.info),
    }


def contents(package: Package, *tables: str) -> Iterator[tuple[str, PackedFile, Iterator[bytes]]]:
    """The files of a package that was verified, of these tables or of all: (table, file, its bytes in pieces).

    They are checked once more: PackageRefused where the package was changed meanwhile.
    """
    place = sum(len(stored.header(member)) + member.size for member in package.head)
    with _opened(package.path) as stream:
        for table, file in package.manifest.files():
            if not tables or table in tables:
                stream.seek(place)
                yield table, file, _refusing(package.path, _content(stream, file))
            place += len(stored.header(file.member)) + file.member.size


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file; what is wrong with it becomes a refusal."""
    with _refusals(path), path.open("rb") as stream:
        yield stream


def _refusing(path: Path, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, for one who reads them elsewhere."""
    with _refusals(path):
        yield from pieces


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except (LayoutDiffers, ManifestWrong) as error:
        raise PackageRefused(str(error) + "。", file=str(path), remedy=_SEND_ANEW) from error
    except FileNotFoundError as error:
        raise PackageRefused(
            "找不到该文件。", "There is no such file.", file=str(path), remedy=("请检查路径。", "Check the path.")
        ) from error
    except IsADirectoryError as error:
        raise PackageRefused(
            "这是目录，不是数据包。",
            "This is a folder, no package.",
            file=str(path),
            remedy=("请给出其中的文件。", "Name the file in it."),
        ) from error


def _read_head(path: Path, stream: BinaryIO, keys: Keys) -> tuple[Package, PublicKey]:
    """Manifest and signature, the manifest being what its key has signed, and the file as long as that says."""
    first, content = stored.read_first(stream, manifests.NAME, manifests.MOST_BYTES)
    second, text = stored.read_first(stream, SIGNATURE, 1024)
    match = _SIGNATURE.fullmatch(text)
    key = None if match is None else PublicKey(bytes.fromhex(match[1].decode()))
    if match is None or key is None or not key.verifies(bytes.fromhex(match[2].decode()), content):
        raise LayoutDiffers("签名与清单不符 · the signature is not one of this manifest")
    told = manifests.read_manifest(content)
    members = [first, second, *(file.member for _, file in told.files())]
    wanted, there = stored.total_size(members), os.fstat(stream.fileno()).st_size
    if there != wanted:
        raise LayoutDiffers(
            f"文件应有 {wanted} 字节，实有 {there} 字节：不完整，或被添加 · the file has {there} bytes, not {wanted}: "
            "it is cut short, or something was added"
        )
    sender = keys.find(key) or Sender(key, "")
    return Package(path, told, sender, hashlib.sha256(content).hexdigest(), (first, second)), key


def _content(stream: BinaryIO, file: PackedFile) -> Iterator[bytes]:
    told = hashlib.sha256()
    for piece in stored.read_member(stream, file.member):
        told.update(piece)
        yield piece
    if told.hexdigest() != file.sha256:
        raise LayoutDiffers(f"{file.member.name} 已改变 · {file.member.name} was changed")


def _unknown(path: Path, key: PublicKey) -> SenderUnknown:
    return SenderUnknown(
        f"数据包完好，但发送方 {key.fingerprint} 未被信任。",
        f"The package is whole, but its sender {key.fingerprint} is not trusted here.",
        file=str(path),
        remedy=(
            f"请先用电话等途径与发送方核对指纹，再运行 pingjiang package trust {key.text} --name 名称。",
            f"Compare the fingerprint with the sender by telephone or in person, then run "
            f"`pingjiang package trust {key.text} --name NAME`.",
        ),
    )


def _check_schema(path: Path, told: Manifest) -> None:
    """The tables of the package are those of this program, column by column."""
    if told.schema_version != SCHEMA_VERSION:
        raise PackageRefused(
            f"数据包的结构版本为 {told.schema_version}，本程序为 {SCHEMA_VERSION}。",
            f"The schema version of the package is {told.schema_version}, that of this program {SCHEMA_VERSION}.",
            file=str(path),
            remedy=_SAME_PROGRAM,
        )
    for table, files in told.tables.items():
        wanted = schema_columns(table)
        if wanted is None:
            raise PackageRefused(
                f"本程序没有表 {table!r}。", f"This program has no table {table!r}.",
                file=str(path), remedy=_SAME_PROGRAM,
            )  # fmt: skip
        for file in files:
            _check_columns(path, file.member.name, file.columns, wanted)


def _check_parquet(path: Path, stream: BinaryIO, package: Package) -> None:
    """Each Parquet file has the rows and columns that the manifest tells of it."""
    place = sum(len(stored.header(member)) + member.size for member in package.head)
    for _, file in package.manifest.files():
        place += len(stored.header(file.member))
        window = io.BufferedReader(_Window(stream, place, file.member.size))
        try:
            columns, rows = parquet_columns(cast(BinaryIO, window))
        except (pa.ArrowException, OSError) as error:
            raise PackageRefused(
                f"{file.member.name} 不是 Parquet 文件。", f"{file.member.name} is no Parquet file.",
                file=str(path), remedy=_SEND_ANEW,
            ) from error  # fmt: skip
        if rows != file.rows:
            raise PackageRefused(
                f"{file.member.name} 有 {rows} 行，清单写 {file.rows} 行。",
                f"{file.member.name} has {rows} rows, the manifest tells {file.rows}.",
                file=str(path),
                remedy=_SEND_ANEW,
            )
        _check_columns(path, file.member.name, columns, file.columns)
        place += file.member.size


def _check_columns(path: Path, name: str, found: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    if list(found.items()) == list(wanted.items()):
        return
    differing = sorted(dict(set(found.items()) ^ set(wanted.items()))) or ["order"]
    raise PackageRefused(
        f"{name} 的列与应有的不同。",
        f"The columns of {name} are not as they should be.",
        file=str(path),
        column=differing[0],
        remedy=_SAME_PROGRAM,
    )


class _Window(io.RawIOBase):
    """A part of a file, as a file."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._start, self._size, self._at = stream, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        left = max(0, min(len(buffer), self._size - self._at))
        self._stream.seek(self._start + self._at)
        piece = self._stream.read(left)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

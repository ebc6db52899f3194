"""The manifest of a package: what it holds, byte for byte, of which release, by which program.

It is what is signed. Everything else of a package follows from it: names, order, sizes, sums.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pingjiang.files.stored import Member

FORMAT, VERSION = "pingjiang-package", 1
NAME = "manifest.json"
MOST_BYTES = 64 * 2**20  # of a manifest
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST = 2**53  # bytes or rows


class ManifestWrong(Exception):
    """A manifest is not what one of this format is. `str()` says what, in both languages."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One Parquet file of a package: where it stands, its rows and columns, and its sums."""

    member: Member
    rows: int
    sha256: str
    columns: Mapping[str, str]  # name → engine type, in order


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself. `release` is the id that it had where it was made; `info` what that said."""

    release: str
    created_at: str
    schema_version: int
    program: str
    tables: Mapping[str, tuple[PackedFile, ...]]
    described: Mapping[str, Any]  # table → titles, key, columns
    info: Mapping[str, Any]

    def files(self) -> list[tuple[str, PackedFile]]:
        """(table, file) in the order of the package."""
        return [(table, file) for table in sorted(self.tables) for file in self.tables[table]]

    def rows(self, table: str) -> int:
        """The rows of a table."""
        return sum(file.rows for file in self.tables[table])

    def to_bytes(self) -> bytes:
        """The one text of this manifest, UTF-8."""
        told = {
            "format": FORMAT,
            "version": VERSION,
            "release": self.release,
            "created_at": self.created_at,
            "schema_version": self.schema_version,
            "program": self.program,
            "tables": {
                table: {**self.described[table], "rows": self.rows(table), "files": [_told(file) for file in files]}
                for table, files in self.tables.items()
            },
            "info": self.info,
        }
        return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _told(file: PackedFile) -> dict[str, Any]:
    return {
        "name": file.member.name,
        "rows": file.rows,
        "bytes": file.member.size,
        "sha256": file.sha256,
        "crc32": f"{file.member.crc32:08x}",
        "columns": [[name, kind] for name, kind in file.columns.items()],
    }


def member_name(table: str, number: int) -> str:
    """The name of the `number`-th file of a table, from 1."""
    return f"data/{table}/{number:06}.parquet"


# -- reading -----------------------------------------------------------------------------------------


def read_manifest(content: bytes) -> Manifest:
    """The manifest that these bytes are. ManifestWrong where they are none, or one of another version."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ManifestWrong("清单不是 JSON · the manifest is no JSON") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ManifestWrong("清单不是数据包的清单 · the manifest is none of a package")
    if told.get("version") != VERSION:
        raise ManifestWrong(
            f"数据包格式为第 {told.get('version')} 版，本程序读第 {VERSION} 版 · the format of the package is of "
            f"version {told.get('version')}, this program reads {VERSION}"
        )
    try:
        return _parsed(told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestWrong(
            f"清单有缺项或不合规定（{error}）· the manifest lacks something, or breaks a rule ({error})"
        ) from error


def _parsed(told: Mapping[str, Any]) -> Manifest:
    tables: dict[str, tuple[PackedFile, ...]] = {}
    described: dict[str, Any] = {}
    for table, entry in told["tables"].items():
        if not _TABLE.fullmatch(table):
            raise ValueError(f"table {table!r}")
        tables[table] = tuple(_file(table, at + 1, each) for at, each in enumerate(_list(entry["files"])))
        described[table] = {name: entry[name] for name in ("zh", "en", "key", "columns")}
        if entry["rows"] != sum(file.rows for file in tables[table]):
            raise ValueError(f"rows of {table}")
    info = told["info"]
    if not isinstance(info, dict) or not all(isinstance(source, dict) for source in _list(info.get("sources", []))):
        raise ValueError("info")
    texts = [told[name] for name in ("release", "created_at", "program")]
    if not all(isinstance(text, str) and len(text) < 200 for text in texts):
        raise ValueError("release, created_at, program")
    release, created_at, program = texts
    return Manifest(release, created_at, _count(told["schema_version"]), program, tables, described, info)


def _file(table: str, number: int, told: Mapping[str, Any]) -> PackedFile:
    name = member_name(table, number)
    if told["name"] != name:
        raise ValueError(f"file {told['name']!r} instead of {name!r}")
    if not _SHA256.fullmatch(told["sha256"]) or not re.fullmatch(r"[0-9a-f]{8}", told["crc32"]):
        raise ValueError(f"sums of {name}")
    columns = {str(column): str(kind) for column, kind in told["columns"]}
    if len(columns) != len(told["columns"]):
        raise ValueError(f"columns of {name}")
    member = Member(name, _count(told["bytes"]), int(told["crc32"], 16))
    return PackedFile(member, _count(told["rows"]), told["sha256"], columns)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("a list is wanted")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST:
        raise ValueError(f"{value!r} is no count")
    return value

"""Lakes and packages made by the tests."""

from __future__ import annotations

import datetime
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, Session
from pingjiang.exchange.keys import Keys
from pingjiang.exchange.manifest import NAME
from pingjiang.exchange.package import SIGNATURE
from pingjiang.files import stored
from pingjiang.files.stored import Member
from pingjiang.schema import table

# What a cell may be told as: nothing, an empty text, other scripts, other planes, what Excel takes for a formula.
TEXTS = (
    None, "", " ", "平江图", "𠮷野家 🗺️ é", "=1+1", "+86", "-2", "@x", "'", "CN109462287A", "0012", "2.01E+12",
    "一行\n二行", "a\tb", 'he said "x"', "\\", "_x0041_", "مرحبا", "\u202e",
    "http://a.b/c", "null", "NULL", "{}", "NaN",
)  # fmt: skip
DAY = datetime.date(2020, 2, 29)


def record_row(number: int, **values: object) -> dict[str, object]:
    """A row of `record`, with something in every kind of column that there is."""
    row: dict[str, object] = dict.fromkeys(table("record").engine_columns())
    row |= {
        "source_id": "s", "source_row": f"incopat:导出.csv:{number}", "row_number": number, "format": "incopat",
        "key": f"CN{100000000 + number}A", "key_kind": "publication", "content_hash": f"{number:032x}",
        "publication_id": f"CN{100000000 + number}A", "authority": "CN", "number": str(100000000 + number), "kind": "A",
        "title": TEXTS[number % len(TEXTS)], "publication_date": DAY if number % 2 else datetime.date(1891, 5, 6),
        "claim_count": None if number % 3 else number,
        "ipc": [None, [], ["H01L21/768"], ["H01L21/768", "", "B60W; 30"]][number % 4],
        "applicants": [None, [], [party("甲公司", "CN"), party("𠮷野", None)]][number % 3],
    }  # fmt: skip
    return row | values


def party(name: str | None, country: str | None) -> dict[str, object]:
    return {"name": name, "country": country, "state": None, "city": "", "address": "a · b; c"}


def publish(lake: Lake, rows: Sequence[Mapping[str, object]], **info: Any) -> None:
    """A release with these records, and what an import tells of them."""
    with lake.draft() as draft, Session(threads=1, folder=lake.folder) as session:
        schema = session.from_rows(table("record").engine_columns(), []).arrow().schema
        draft.add("record", session.from_arrow(pa.Table.from_pylist(list(rows), schema=schema)))
        for name in ("reject", "doubt"):
            draft.add(name, session.from_rows(table(name).engine_columns(), []))
        draft.publish(made_by="import", sources=[], **info)


def imported(folder: Path, *files: Path) -> Lake:
    """A lake with these files, as they were imported."""
    lake = Lake(folder)
    pipeline.import_files(files, lake)
    return lake


def built(folder: Path, *files: Path) -> Lake:
    """A lake with these files, built."""
    lake = imported(folder, *files)
    pipeline.build(lake, load("semiconductors"))
    return lake


def all_rows(lake: Lake, *, but: Sequence[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the current release, by table, but of those whose name begins so."""
    with Session(threads=1) as session:
        return {name: sorted(rows.rows(), key=repr) for name, rows in lake.require_current().open(session).items()
                if not name.startswith(tuple(but))}  # fmt: skip


def parts(data: bytes) -> dict[str, bytes]:
    """The members of a package, in order."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: Mapping[str, bytes]) -> bytes:
    """A package of these members, in the layout of packages."""
    listed = [Member(name, len(content), zlib.crc32(content)) for name, content in contents.items()]
    head = b"".join(stored.header(member) + contents[member.name] for member in listed)
    return head + b"".join(stored.tail(listed))


def signed_anew(
    contents: Mapping[str, bytes], keys: Keys, change: Callable[[dict[str, Any]], None] = lambda _told: None
) -> bytes:
    """The same members under another manifest, signed by these keys."""
    told = json.loads(contents[NAME])
    change(told)
    manifest = json.dumps(told, ensure_ascii=False).encode()
    signature = f"{keys.own().text}\n{keys.sign(manifest).hex()}\n".encode()
    return packed({**contents, NAME: manifest, SIGNATURE: signature})

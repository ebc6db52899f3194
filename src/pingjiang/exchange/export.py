"""A release or a part of it as Excel, JSON lines or Parquet, each with its schema, its sources and their terms."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pingjiang.config import Settings
from pingjiang.documents.tables import TablesWorkbook, WholeTable, Written, joined
from pingjiang.documents.target import MARK, fresh_file, fresh_folder
from pingjiang.engine import Lake, Release, Table
from pingjiang.engine.lake import SCHEMA_VERSION
from pingjiang.exchange.described import licences, told_elsewhere
from pingjiang.exchange.keys import Keys
from pingjiang.exchange.package import write_package
from pingjiang.exchange.part import Chosen, Part, find_release
from pingjiang.pipeline import Progress

_ROWS = 2_048  # in memory at once; one may hold a whole specification
_NO_TERMS = ("未说明", "not told")


@dataclass
class Exported:
    """What was written: where, of which release, rows by table, and what must be told of it."""

    path: str
    kind: str
    release: str
    rows: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    cut: dict[str, int] = field(default_factory=dict)  # texts that an Excel cell could not hold whole, by table
    sheets: dict[str, list[str]] = field(default_factory=dict)


def export(
    lake: Lake,
    kind: str,
    out: Path,
    *,
    chosen: Chosen | None = None,
    overwrite: bool = False,
    settings: Settings | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> Exported:
    """Write `out`: with `kind` "xlsx" or "package" a file, with "jsonl" or "parquet" a folder.

    Rows are in the order of their keys. Raises DefinitionError (what is chosen is not there, `out` is taken),
    LakeError, LakeCorrupt; then nothing stands at `out`, or what stood there before.
    """
    settings, chosen = settings or Settings.from_environment(), chosen or Chosen()
    if kind == "package":
        made = write_package(lake, out, Keys.of(settings), chosen=chosen, overwrite=overwrite, progress=progress)
        return Exported(str(out), kind, made.release, {table: made.rows(table) for table in made.tables})
    release = find_release(lake, chosen)
    with Part(release, chosen, settings) as part:
        told = Exported(str(out), kind, release.id, left_out=part.left_out)
        if kind == "xlsx":
            with fresh_file(out, overwrite=overwrite) as path:
                write_xlsx(part, path, told, progress)
        else:
            write = {"jsonl": write_jsonl, "parquet": write_parquet}[kind]
            with fresh_folder(out, overwrite=overwrite) as path:
                files = write(part, path, told, progress)
                _write_schema(part, path, told, files)
    return told


def _each(part: Part, progress: Progress) -> Iterator[tuple[str, Table]]:
    for done, (name, rows) in enumerate(part.tables.items()):
        progress(name, done, len(part.tables))
        yield name, rows
    progress("", len(part.tables), len(part.tables))


def about(part: Part) -> dict[str, Any]:
    """What an export says of its release: id, cut-off, schema version, sources with their terms, what was chosen."""
    release = part.release
    told = {name: value for name, value in asdict(part.chosen).items() if value}
    return {
        "release": release.id,
        "created_at": release.created_at,
        "built": release.info.get("built"),
        "cutoff": _cutoff(part),
        "schema_version": SCHEMA_VERSION,
        "chosen": told or None,
        "sources": licences(release.info),
    }


def _cutoff(part: Part) -> str | None:
    """The day up to which the data reach, where the release was built."""
    if "horizon" not in part.release.tables or not part.tables:
        return None
    session = next(iter(part.tables.values())).session
    horizon = session.read_parquet(part.release.paths("horizon"))
    found = session.rows("select max(h.cutoff_date) from h", h=horizon)
    return None if found[0][0] is None else str(found[0][0])


# -- JSON lines --------------------------------------------------------------------------------------


def write_jsonl(part: Part, folder: Path, told: Exported, progress: Progress) -> dict[str, list[str]]:
    """A file a table: a row a line, lists and entries nested, dates as 'YYYY-MM-DD', unknown as null."""
    files: dict[str, list[str]] = {}
    for name, rows in _each(part, progress):
        files[name] = [f"{name}.jsonl"]
        with (folder / f"{name}.jsonl").open("wb") as handle:
            told.rows[name] = 0
            for batch in rows.batches(_ROWS):
                lines = batch.to_pylist()
                handle.write(b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))
                told.rows[name] += len(lines)
    return files


# -- Parquet -----------------------------------------------------------------------------------------


def write_parquet(part: Part, folder: Path, told: Exported, progress: Progress) -> dict[str, list[str]]:
    """A folder a table: the release's files as they are, or the chosen rows in one."""
    files: dict[str, list[str]] = {}
    for name, rows in _each(part, progress):
        (folder / name).mkdir()
        if part.chosen.by_row:
            files[name] = [f"{name}/0001.parquet"]
            told.rows[name] = _write_rows(rows, folder / files[name][0])
            continue
        files[name] = [_copied(part.release, name, at, folder) for at in range(len(part.release.tables[name]))]
        told.rows[name] = part.release.rows(name)
    return files


def _copied(release: Release, table: str, at: int, folder: Path) -> str:
    file = f"{table}/{at + 1:04}.parquet"
    with (folder / file).open("wb") as handle:
        for piece in release.read(table, at):
            handle.write(piece)
    return file


def _write_rows(rows: Table, path: Path) -> int:
    """Rows as one Parquet file. Returns their number."""
    count = 0
    schema = rows.session.arrow(f"select * from {rows.name} limit 0").schema
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in rows.batches(_ROWS):
            writer.write_table(pa.Table.from_batches([batch], schema))
            count += batch.num_rows
    return count


def _write_schema(part: Part, folder: Path, told: Exported, files: dict[str, list[str]]) -> None:
    """schema.json: what the tables are, where their rows lie, what the release is; in Parquet its manifest too."""
    described = {
        name: {**table, "rows": told.rows[name], "files": files[name]} for name, table in part.schema().items()
    }
    _write_json(
        folder / MARK, {"format": "pingjiang-export", "version": 1, "as": told.kind, **about(part), "tables": described}
    )
    if told.kind == "parquet" and not part.chosen.by_row:
        listed = {
            name: [
                {"path": path, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256}
                for path, file in zip(files[name], part.release.tables[name], strict=True)
            ]
            for name in files
        }
        info = told_elsewhere(part.release.info)
        _write_json(folder / "manifest.json", {"release": part.release.id, "tables": listed, "info": info})


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# -- Excel -------------------------------------------------------------------------------------------

_RELEASE_TAB, _SCHEMA_TAB = "release", "schema"
_FRONT = {
    _RELEASE_TAB: ("项 item", "内容 content", "", "", "", "", ""),
    _SCHEMA_TAB: ("表 table", "列 column", "类型 type", "主键 key", "中文", "English"),
}


def write_xlsx(part: Part, path: Path, told: Exported, progress: Progress, *, last_row: int | None = None) -> None:
    """A sheet a table, behind one that tells of the release and one that tells of the schema."""
    limit = {} if last_row is None else {"last_row": last_row}
    with (
        tempfile.TemporaryDirectory(prefix="pingjiang-xlsx-", dir=part.settings.temp_dir) as scratch,
        TablesWorkbook(path, _FRONT, scratch=Path(scratch), **limit) as book,
    ):
        schema = part.schema()
        sheets = []
        for name, rows in _each(part, progress):
            heads = [f"{column['zh']} {column['name']}" for column in schema[name]["columns"]]
            sheets.append(book.add(WholeTable(name, heads, _cells(rows))))
        book.fill(_RELEASE_TAB, _release_rows(part, schema, sheets))
        book.fill(_SCHEMA_TAB, _schema_rows(schema))
    told.rows = {sheet.name: sheet.rows for sheet in sheets}
    told.cut = {sheet.name: sheet.cut for sheet in sheets if sheet.cut}
    told.sheets = {sheet.name: sheet.tabs for sheet in sheets}


def _cells(rows: Table) -> Iterator[list[list[object]]]:
    """Rows as cells, nested values joined."""
    for batch in rows.batches(_ROWS):
        columns = [[joined(value) for value in column.to_pylist()] for column in batch.columns]
        yield [list(row) for row in zip(*columns, strict=True)]


def _release_rows(part: Part, schema: dict[str, Any], sheets: Sequence[Written]) -> Iterator[list[object]]:
    """The release, the tables, and the sources with their terms."""
    told = about(part)
    yield ["数据版本 release", told["release"]]
    yield ["生成时间 created", told["created_at"]]
    yield ["截止日 cut-off", told["cutoff"]]
    yield ["结构版本 schema version", told["schema_version"]]
    if told["chosen"]:
        yield ["选取 chosen", json.dumps(told["chosen"], ensure_ascii=False)]
    yield [
        "说明 notes",
        "多值以“; ”相连，一项内的各部分以“ · ”相连；超过单元格长度的文字截断并以“…”结尾；"
        "JSON lines 与 Parquet 保留全文与结构",
    ]
    yield [
        None,
        "Lists are joined by '; ', parts of an entry by ' · '; texts longer than a cell are cut and end in '…'; "
        "JSON lines and Parquet keep them whole and nested",
    ]
    yield []
    yield ["表 table", "中文", "English", "行数 rows", "工作表 sheets", "截断的文字 texts cut"]
    for sheet in sheets:
        table = schema[sheet.name]
        yield [sheet.name, table["zh"], table["en"], sheet.rows, ", ".join(sheet.tabs), sheet.cut]
    yield []
    yield ["来源 source", "格式 format", "SHA-256", "许可 licence", "署名 attribution", "截止 cut-off"]
    for source in told["sources"]:
        terms = [source[name] or " · ".join(_NO_TERMS) for name in ("licence", "attribution")]
        yield [source["path"], source["format"], source["sha256"], *terms, source["cutoff"]]


def _schema_rows(schema: dict[str, Any]) -> Iterator[list[object]]:
    for name, table in schema.items():
        yield [name, None, None, None, table["zh"], table["en"]]
        for column in table["columns"]:
            key = "✓" if column["name"] in table["key"] else None
            yield [name, column["name"], column["type"], key, column["zh"], column["en"]]

"""What a table is, told beside its rows: columns, types, titles, key. The same words in every export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pingjiang.schema import load_tables

_SCALARS: Mapping[str, str] = {
    "string": "VARCHAR",
    "large_string": "VARCHAR",
    "int64": "BIGINT",
    "int32": "INTEGER",
    "double": "DOUBLE",
    "float": "FLOAT",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
}


def engine_type(kind: pa.DataType) -> str:
    """An Arrow type in the engine's words, names without quotation marks: 'STRUCT(name VARCHAR)[]'.

    A type that the schema never has is told in Arrow's own words, and so equals none of the schema's.
    """
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return engine_type(kind.value_type) + "[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{part.name} {engine_type(part.type)}' for part in kind)})"
    return _SCALARS.get(str(kind), str(kind))


def schema_columns(table: str) -> dict[str, str] | None:
    """Column name → engine type as this program's schema has them; None for a table that it does not know."""
    known = load_tables().get(table)
    if known is None:
        return None
    return {name: kind.replace('"', "") for name, kind in known.engine_columns().items()}


def parquet_columns(file: Path | BinaryIO) -> tuple[dict[str, str], int]:
    """Column name → engine type of a Parquet file, and its number of rows. Raises pa.ArrowException, OSError."""
    opened = pq.ParquetFile(file)
    columns = {field.name: engine_type(field.type) for field in opened.schema_arrow}
    return columns, int(opened.metadata.num_rows)


def describe(table: str, columns: Mapping[str, str]) -> dict[str, Any]:
    """A table as plain data: titles, key, columns (name, engine type, titles) in the order of `columns`.

    A table or column that this program's schema does not know is told by its name alone.
    """
    known = load_tables().get(table)
    titles = {column.name: column for column in known.columns} if known else {}
    told = []
    for name, kind in columns.items():
        column = titles.get(name)
        told.append(
            {
                "name": name,
                "type": kind,
                "zh": column.zh if column else name,
                "en": column.en if column else name,
            }
        )
    return {
        "zh": known.zh if known else table,
        "en": known.en if known else table,
        "key": [part for part in known.key if part in columns] if known else [],
        "columns": told,
    }


# -- where the data come from ------------------------------------------------------------------------

_LOCAL = ("rejects_file", "doubts_file")  # files of the machine that imported


def told_elsewhere(info: Mapping[str, Any]) -> dict[str, Any]:
    """What a release says of itself, fit to leave this machine: files by their names, and of tables that go along."""
    sources = [
        {
            **source,
            "path": Path(str(source.get("path", ""))).name,
            **{name: None for name in _LOCAL if name in source},
        }
        for source in info.get("sources", ())
    ]
    return {name: value for name, value in {**info, "sources": sources}.items() if name != "updated"}


def licences(info: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sources with their terms: file, format, SHA-256, licence, attribution, cut-off (None where none is told)."""
    wanted = ("path", "format", "sha256", "source_id", "licence", "attribution", "cutoff")
    return [{name: source.get(name) for name in wanted} for source in told_elsewhere(info)["sources"]]

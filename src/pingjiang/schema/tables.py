"""The tables of a release, read from `definitions/*.yaml`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pingjiang import definitions
from pingjiang.errors import DefinitionError

# What each type of the schema is to the engine. Parties: name and whatever address the source gives. The others are
# told by whole documents: see sources/said.py.
ENGINE_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "texts": "VARCHAR[]",
    "integer": "BIGINT",
    "integers": "BIGINT[]",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "parties": "STRUCT(name VARCHAR, country VARCHAR, state VARCHAR, city VARCHAR, address VARCHAR)[]",
    "claims": 'STRUCT("number" BIGINT, "text" VARCHAR, "language" VARCHAR, depends_on BIGINT[])[]',
    "citations": 'STRUCT("number" VARCHAR, "text" VARCHAR, category VARCHAR, origin VARCHAR, claims VARCHAR)[]',
    "events": 'STRUCT(code VARCHAR, "date" DATE, effective_date DATE, authority VARCHAR, "text" VARCHAR, '
    "details VARCHAR[])[]",
    "relations": 'STRUCT(kind VARCHAR, side VARCHAR, "number" VARCHAR, "date" DATE)[]',
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `field` names how a source cell becomes a value (only in `record`)."""

    name: str
    type: str
    zh: str
    en: str
    field: str | None = None

    @property
    def engine_type(self) -> str:
        """The type in SQL."""
        return ENGINE_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table: its columns in order, the key that is unique and orders its rows, and other sets that are unique."""

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    also_unique: tuple[tuple[str, ...], ...] = ()

    def column(self, name: str) -> Column:
        """A column by name; DefinitionError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise DefinitionError(f"table {self.name} has no column {name!r}")

    def engine_columns(self) -> dict[str, str]:
        """Column name → SQL type, in order."""
        return {column.name: column.engine_type for column in self.columns}

    def select_list(self) -> str:
        """The columns as a select list with casts, in schema order."""
        return ", ".join(f'cast("{c.name}" as {c.engine_type}) as "{c.name}"' for c in self.columns)


@cache
def load_tables() -> dict[str, TableSchema]:
    """All tables by name. DefinitionError names the file that breaks a rule."""
    found: dict[str, TableSchema] = {}
    folder = resources.files("pingjiang.schema") / "definitions"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            parsed = _parse(entry.name, definitions.parse(entry.read_text(encoding="utf-8")))
            found[parsed.name] = parsed
    return found


def table(name: str) -> TableSchema:
    """One table by name; DefinitionError where there is none."""
    try:
        return load_tables()[name]
    except KeyError:
        raise DefinitionError(f"the schema has no table {name!r}") from None


def _parse(file: str, data: Mapping[str, Any]) -> TableSchema:
    columns = tuple(Column(**column) for column in data["columns"])
    names = [column.name for column in columns]
    if data["table"] + ".yaml" != file:
        raise DefinitionError(f"schema/definitions/{file}: the table is called {data['table']!r}")
    if len(set(names)) != len(names):
        raise DefinitionError(f"schema/definitions/{file}: a column stands twice")
    for column in columns:
        if column.type not in ENGINE_TYPES:
            raise DefinitionError(f"schema/definitions/{file}: unknown type {column.type!r}")
    also_unique = tuple(tuple(parts) for parts in data.get("also_unique", ()))
    missing = [part for part in (*data["key"], *itertools.chain(*also_unique)) if part not in names]
    if missing:
        raise DefinitionError(f"schema/definitions/{file}: key column {missing[0]!r} is no column")
    return TableSchema(data["table"], data["zh"], data["en"], tuple(data["key"]), columns, also_unique)

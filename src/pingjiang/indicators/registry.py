"""The registry: finds every indicator by itself and refuses what would differ between engines.

An indicator is `sql/<name>.sql`: YAML between `/* ---` and `--- */`, then one query. The front matter:

    name_zh, name_en, definition_zh, definition_en, source
    year_kind    filing, grant or none: which year its period means
    key          columns that are unique and order the rows; the first is `unit`
    columns      all columns of the result; labels and kinds stand in columns.yaml
    parameters   name → whole number, or the id of a rule of the rulebook; `$name` in the query
    kernel       optional: a function of kernels/ that turns the query's rows into the indicator's

Refused with file and rule: see rules.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pingjiang.errors import DefinitionError
from pingjiang.indicators.rules import check_query
from pingjiang.rulebook import ask

UNITS = ("publication", "application", "simple_family")
_REQUIRED = {"name_zh", "name_en", "definition_zh", "definition_en", "source", "year_kind", "key", "columns"}
_OPTIONAL = {"parameters", "kernel"}
_OPEN, _CLOSE = "/* ---\n", "\n--- */\n"


@dataclass(frozen=True, slots=True)
class IndicatorColumn:
    """A column: its label in both languages, and what kind of thing it holds."""

    name: str
    label_zh: str
    label_en: str
    kind: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A checked indicator. `query` still has its parameters; `sql()` puts them in."""

    name: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    source: str
    year_kind: str
    key: tuple[str, ...]
    columns: tuple[IndicatorColumn, ...]
    parameters: Mapping[str, int]
    kernel: str | None
    query: str

    def sql(self) -> str:
        """The query with its parameters written out."""
        text = self.query
        for name in sorted(self.parameters, key=len, reverse=True):
            text = text.replace(f"${name}", str(self.parameters[name]))
        return text


@cache
def load_all() -> Mapping[str, Indicator]:
    """Every indicator of `sql/`, by name. Nobody registers one."""
    folder = resources.files("pingjiang.indicators") / "sql"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda e: e.name)
    found = [parse(entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8")) for entry in files]
    return {indicator.name: indicator for indicator in found}


@cache
def _known_columns() -> Mapping[str, IndicatorColumn]:
    text = (resources.files("pingjiang.indicators") / "columns.yaml").read_text(encoding="utf-8")
    return {
        name: IndicatorColumn(name, entry["zh"], entry["en"], entry["kind"])
        for name, entry in yaml.safe_load(text).items()
    }


def parse(name: str, text: str) -> Indicator:
    """One indicator from its file's text. DefinitionError names the file and the rule that it breaks."""
    file = f"indicators/sql/{name}.sql"
    front, query = _split(file, text)
    _check_front(file, front)
    columns = tuple(_column(file, column) for column in front["columns"])
    parameters = {key: _parameter(file, key, value) for key, value in (front.get("parameters") or {}).items()}
    indicator = Indicator(
        name=name,
        columns=columns,
        key=tuple(front["key"]),
        parameters=parameters,
        kernel=front.get("kernel"),
        query=query,
        **{field: str(front[field]) for field in _REQUIRED - {"key", "columns"}},
    )
    check_query(
        file,
        indicator.sql(),
        key=indicator.key,
        # A kernel makes its own columns out of the query's.
        columns=None if indicator.kernel else tuple(column.name for column in columns),
    )
    return indicator


def _split(file: str, text: str) -> tuple[Mapping[str, Any], str]:
    if not text.startswith(_OPEN) or _CLOSE not in text:
        raise DefinitionError(f"{file}: begins with front matter between '/* ---' and '--- */'")
    front, query = text.removeprefix(_OPEN).split(_CLOSE, 1)
    try:
        data = yaml.safe_load(front)
    except yaml.YAMLError as error:
        raise DefinitionError(f"{file}: the front matter is no YAML: {error}") from error
    if not isinstance(data, dict):
        raise DefinitionError(f"{file}: the front matter is a mapping")
    return data, query.strip()


def _check_front(file: str, front: Mapping[str, Any]) -> None:
    missing = sorted(_REQUIRED - set(front))
    unknown = sorted(set(front) - _REQUIRED - _OPTIONAL)
    if missing:
        raise DefinitionError(f"{file}: the front matter lacks {', '.join(missing)}")
    if unknown:
        raise DefinitionError(f"{file}: the front matter knows no key {unknown[0]!r}")
    if front["year_kind"] not in ("filing", "grant", "none"):
        raise DefinitionError(f"{file}: year_kind is filing, grant or none")
    if not front["key"] or front["key"][0] != "unit":
        raise DefinitionError(f"{file}: the key begins with 'unit': every number has its counting unit")
    outside = [column for column in front["key"] if column not in front["columns"]]
    if outside:
        raise DefinitionError(f"{file}: key column {outside[0]!r} is no column")


def _column(file: str, name: str) -> IndicatorColumn:
    try:
        return _known_columns()[name]
    except KeyError:
        raise DefinitionError(f"{file}: column {name!r} has no label in indicators/columns.yaml") from None


def _parameter(file: str, name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise DefinitionError(f"{file}: parameter {name!r} is a whole number or the id of a rule")
    return int(ask(value).value) if isinstance(value, str) else value


def describe() -> list[dict[str, Any]]:
    """Every indicator as plain data, for generated pages and method sections."""
    return [
        {
            "name": indicator.name,
            "name_zh": indicator.name_zh,
            "name_en": indicator.name_en,
            "definition_zh": indicator.definition_zh,
            "definition_en": indicator.definition_en,
            "source": indicator.source,
            "parameters": dict(indicator.parameters),
            "columns": [
                {"name": c.name, "label_zh": c.label_zh, "label_en": c.label_en, "kind": c.kind}
                for c in indicator.columns
            ],
        }
        for indicator in load_all().values()
    ]

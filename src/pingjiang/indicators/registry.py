"""The registry: finds every indicator by itself and refuses what would differ between engines.

An indicator is `sql/<name>.sql`: YAML between `/* ---` and `--- */`, then one query. The front matter:

    name_zh, name_en, definition_zh, definition_en, source
    year_kind    filing, grant or none: which year its period means
    key          columns that are unique and order the rows; the first is `unit`
    columns      all columns of the result; labels and kinds stand in columns.yaml
    parameters   name → whole number, or the id of a rule of the rulebook; `$name` in query and definitions
    units        optional: [firm] for an indicator of the register; without it, those of patents
    kernel       optional: a function of kernels/ that turns the query's rows into the indicator's

Refused with file, line and rule: see rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pingjiang import definitions
from pingjiang.errors import DefinitionError
from pingjiang.indicators.rules import check_query, tables_of
from pingjiang.rulebook import ask
from pingjiang.schema.units import UNITS

FIRM = "firm"  # 家: a unit of the register, never beside those of patents
_REQUIRED = {"name_zh", "name_en", "definition_zh", "definition_en", "source", "year_kind", "key", "columns"}
_OPTIONAL = {"parameters", "kernel", "units"}
_OPEN, _CLOSE = "/* ---\n", "\n--- */\n"
_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")


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
    units: tuple[str, ...] = UNITS

    def sql(self) -> str:
        """The query with its parameters written out."""
        return _written_out(self.query, self.parameters)

    def tables(self) -> frozenset[str]:
        """The tables of a release that it reads."""
        return tables_of(self.sql())


def _written_out(text: str, parameters: Mapping[str, int]) -> str:
    """A text with its parameters put in; one that is not declared stays as it is."""
    return _PARAMETER.sub(lambda found: str(parameters.get(found[1], found[0])), text)


@cache
def names() -> tuple[str, ...]:
    """The names of all indicators, in order: the files of `sql/`. Nobody registers one."""
    folder = resources.files("pingjiang.indicators") / "sql"
    return tuple(sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql")))


@cache
def load(name: str) -> Indicator:
    """One indicator, read and checked. DefinitionError for a name that is none, or a file that breaks a rule."""
    if name not in names():
        raise DefinitionError(
            f"没有指标 {name!r}。",
            f"There is no indicator {name!r}.",
            remedy=(f"现有：{', '.join(names())}。", f"there are: {', '.join(names())}."),
        )
    file = resources.files("pingjiang.indicators") / "sql" / f"{name}.sql"
    return parse(name, file.read_text(encoding="utf-8"))


def load_all() -> Mapping[str, Indicator]:
    """Every indicator, by name."""
    return {name: load(name) for name in names()}


@cache
def _known_columns() -> Mapping[str, IndicatorColumn]:
    text = (resources.files("pingjiang.indicators") / "columns.yaml").read_text(encoding="utf-8")
    return {
        name: IndicatorColumn(name, entry["zh"], entry["en"], entry["kind"])
        for name, entry in definitions.parse(text).items()
    }


def parse(name: str, text: str) -> Indicator:
    """One indicator from its file's text. DefinitionError names file, line and the rule that it breaks."""
    file = f"indicators/sql/{name}.sql"
    front, lines, query, first_line = _split(file, text)
    _check_front(file, front, lines)
    columns = tuple(_column(f"{file}:{lines['columns']}", column) for column in front["columns"])
    parameters = {
        key: _parameter(f"{file}:{lines['parameters']}", key, value)
        for key, value in (front.get("parameters") or {}).items()
    }
    unused = sorted(set(parameters) - set(_PARAMETER.findall(query)))
    if unused:
        raise DefinitionError(f"{file}:{lines['parameters']}: the query does not use the parameter ${unused[0]}")
    said = {field: str(front[field]) for field in _REQUIRED - {"key", "columns"}}
    for field in ("definition_zh", "definition_en"):
        for used in _PARAMETER.findall(said[field]):
            if used not in parameters:
                raise DefinitionError(f"{file}:{lines[field]}: parameter ${used} is not declared in the front matter")
        said[field] = _written_out(said[field], parameters)
    indicator = Indicator(
        name=name,
        columns=columns,
        key=tuple(front["key"]),
        parameters=parameters,
        kernel=front.get("kernel"),
        query=query,
        units=tuple(front.get("units") or UNITS),
        **said,
    )
    check_query(
        file,
        indicator.sql(),
        key=indicator.key,
        # A kernel makes its own columns out of the query's.
        columns=None if indicator.kernel else tuple(column.name for column in columns),
        first_line=first_line,
    )
    return indicator


def _split(file: str, text: str) -> tuple[Mapping[str, Any], Mapping[str, int], str, int]:
    """Front matter, the line of each of its keys, the query, and the line that it begins in."""
    if not text.startswith(_OPEN) or _CLOSE not in text:
        raise DefinitionError(f"{file}:1: begins with front matter between '/* ---' and '--- */'")
    front, rest = text.removeprefix(_OPEN).split(_CLOSE, 1)
    try:
        tree = yaml.compose(front, Loader=definitions.LOADER)
        data = definitions.parse(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        raise DefinitionError(f"{file}:{line}: the front matter is no YAML: {error}") from error
    if not isinstance(tree, yaml.MappingNode):
        raise DefinitionError(f"{file}:2: the front matter is a mapping")
    lines = {str(key.value): key.start_mark.line + 2 for key, _ in tree.value}
    if len(lines) < len(tree.value):
        raise DefinitionError(f"{file}:2: a key of the front matter stands twice")
    query = rest.strip()
    return data, lines, query, text.count("\n", 0, text.index(query, len(text) - len(rest))) + 1


def _check_front(file: str, front: Mapping[str, Any], lines: Mapping[str, int]) -> None:
    missing = sorted(name for name in _REQUIRED if not front.get(name))
    unknown = sorted(set(lines) - _REQUIRED - _OPTIONAL)
    if missing:
        raise DefinitionError(f"{file}:2: the front matter lacks {', '.join(missing)}")
    if unknown:
        raise DefinitionError(f"{file}:{lines[unknown[0]]}: the front matter knows no key {unknown[0]!r}")
    for name in ("key", "columns"):
        if not isinstance(front[name], list) or len({str(each) for each in front[name]}) < len(front[name]):
            raise DefinitionError(f"{file}:{lines[name]}: {name} is a list of names, each once")
    if not isinstance(front.get("parameters") or {}, dict):
        raise DefinitionError(f"{file}:{lines['parameters']}: parameters are a mapping")
    if front["year_kind"] not in ("filing", "grant", "none"):
        raise DefinitionError(f"{file}:{lines['year_kind']}: year_kind is filing, grant or none")
    if front.get("units") not in (None, [FIRM]):
        raise DefinitionError(f"{file}:{lines['units']}: units is [{FIRM}] or left out: firms and patents never mix")
    if front["key"][0] != "unit":
        raise DefinitionError(f"{file}:{lines['key']}: the key begins with 'unit': every number has its counting unit")
    outside = [column for column in front["key"] if column not in front["columns"]]
    if outside:
        raise DefinitionError(f"{file}:{lines['key']}: key column {outside[0]!r} is no column")


def _column(place: str, name: str) -> IndicatorColumn:
    try:
        return _known_columns()[name]
    except KeyError:
        raise DefinitionError(f"{place}: column {name!r} has no label in indicators/columns.yaml") from None


def _parameter(place: str, name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise DefinitionError(f"{place}: parameter {name!r} is a whole number or the id of a rule")
    if isinstance(value, int):
        return value
    try:
        return int(ask(value).value)
    except (DefinitionError, ValueError) as error:
        raise DefinitionError(f"{place}: parameter {name!r}: {error}") from error


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
            "units": list(indicator.units),
            "year_kind": indicator.year_kind,
            "key": list(indicator.key),
            "parameters": dict(indicator.parameters),
            "columns": [
                {"name": c.name, "label_zh": c.label_zh, "label_en": c.label_en, "kind": c.kind}
                for c in indicator.columns
            ],
        }
        for indicator in load_all().values()
    ]

"""Running indicators over the tables of a release that carry their names in a session."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import Any

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.errors import DefinitionError
from pingjiang.indicators import registry
from pingjiang.indicators.registry import Indicator, load

# Columns by which rows say what period they cover.
_YEARS = ("year", "from_year", "to_year")
Rows = list[dict[str, Any]]
Kernel = Callable[[pa.Table], pa.Table]


def run(indicator: Indicator, session: Session, /, **instead: Table) -> pa.Table:
    """One indicator, computed now: its columns in order, its rows in the order of its key.

    The session must carry the release's tables under their names (`session.name_tables`); `instead` of some of them
    it reads these.
    """
    result = session.arrow(indicator.sql(), **instead)
    if indicator.kernel is not None:
        result = _kernel(indicator)(result)
    return result.select([column.name for column in indicator.columns])


def _kernel(indicator: Indicator) -> Kernel:
    """The function `compute` of the named module of kernels/: the query's rows → the indicator's."""
    try:
        module = import_module(f"pingjiang.indicators.kernels.{indicator.kernel}")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("pingjiang.indicators.kernels"):
            raise
        raise DefinitionError(f"indicators/sql/{indicator.name}.sql: no kernel {indicator.kernel!r}") from None
    compute: Kernel = module.compute
    return compute


def run_all(session: Session, names: Sequence[str] | None = None) -> dict[str, pa.Table]:
    """These indicators, or all, by name. DefinitionError for a name that is none."""
    wanted = [load(name) for name in names or registry.names()]
    return {indicator.name: run(indicator, session) for indicator in wanted}


def results_as_json(session: Session, results: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    """One entry per indicator and unit: name, unit, names, period, cutoff, rows without the unit."""
    told_of = session.sql("select h.first_year, h.last_year, h.cutoff_date from horizon h").dicts()
    horizon = told_of[0] if told_of else dict.fromkeys(("first_year", "last_year", "cutoff_date"))
    entries: list[dict[str, Any]] = []
    for name, table in results.items():
        indicator = load(name)
        by_unit: dict[str, Rows] = {unit: [] for unit in indicator.units}
        for row in table.to_pylist():
            told = {column: _plain(value) for column, value in row.items()}
            by_unit[told.pop("unit")].append(told)
        for unit, rows in by_unit.items():
            entries.append(
                {
                    "name": name,
                    "unit": unit,
                    "name_zh": indicator.name_zh,
                    "name_en": indicator.name_en,
                    "period": _period(indicator, rows, horizon),
                    "cutoff": _plain(horizon["cutoff_date"]),
                    "rows": rows,
                }
            )
    return entries


def _period(indicator: Indicator, rows: Rows, horizon: Mapping[str, Any]) -> list[int] | None:
    """First and last year that the rows cover: their own years where they have any, else the release's."""
    years = [row[name] for row in rows for name in _YEARS if row.get(name) is not None]
    if years:
        return [min(years), max(years)]
    if horizon["first_year"] is None or indicator.year_kind == "none":
        return None
    return [horizon["first_year"], horizon["last_year"]]


def _plain(value: Any) -> Any:
    """A value as JSON can carry it; no NaN ever leaves."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value

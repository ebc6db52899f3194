"""Putting an atlas together: the parts of a release in the shape that page and workbook read, checked.

A figure that does not fit is refused here, with its name, rather than drawn wrong on somebody's wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pingjiang.atlas.contract import (
    FIGURES,
    ITEM_COLUMNS,
    KINDS,
    AtlasData,
    ChainNode,
    Figure,
    Items,
    Meta,
)
from pingjiang.errors import DefinitionError
from pingjiang.schema.units import UNITS

_META_TEXT = ("title_zh", "title_en", "release", "created_at")
_BASES = ("applicant", "inventor")


def assemble(
    *,
    meta: Meta,
    chain: Sequence[ChainNode],
    figures: Mapping[str, Figure],
    items: Mapping[str, Items],
    organisations: Sequence[tuple[str, str, int]],
    groups: Sequence[tuple[str, str]],
    places: Sequence[Sequence[str | None]],
    aliases: Sequence[Sequence[object]] = (),
    reasons: Mapping[str, tuple[str, str]] | None = None,
) -> AtlasData:
    """The atlas of one release, checked (see `check`)."""
    data: AtlasData = {
        "meta": meta,
        "chain": list(chain),
        "figures": dict(figures),
        "items": dict(items),
        "organisations": list(organisations),
        "groups": list(groups),
        "places": [list(place) for place in places],
        "aliases": [list(alias) for alias in aliases],
        "reasons": dict(reasons or {}),
    }
    check(data)
    return data


def check(data: AtlasData) -> None:
    """Raise DefinitionError naming the part of `data` that breaks the contract.

    Besides shapes this holds: every row points to a known node, organisation and place; the years of
    `filings_by_year` sum to the unit's items, so that no figure is drawn over another set than its list.
    """
    meta, chain, figures, items = data["meta"], data["chain"], data["figures"], data["items"]
    organisations, places = data["organisations"], data["places"]
    _check_meta(meta)
    nodes = _check_chain(chain)
    units = [unit["id"] for unit in meta["units"]]
    _check_lists(organisations, data["groups"], places)
    _check_aliases(data)
    for name in FIGURES:
        if name not in figures:
            raise DefinitionError(f"atlas: figure '{name}' is missing")
        _check_figure(name, figures[name], units, nodes)
    for unit in meta["units"]:
        if unit["id"] not in items:
            raise DefinitionError(f"atlas: no items for unit '{unit['id']}'")
        own = _own_items(items, unit["id"])
        _check_items(unit["id"], own, (len(organisations), len(chain), len(places)))
        _check_total(figures["filings_by_year"], unit["id"], unit["items"], own)


def rows_of(figure: Figure, unit: str) -> list[dict[str, object]]:
    """A figure's rows for one unit as name → value; empty where the figure has none for it."""
    names = [column["name"] for column in figure["columns"]]
    part = figure["units"].get(unit)
    return [dict(zip(names, row, strict=True)) for row in part["rows"]] if part else []


def _check_meta(meta: Meta) -> None:
    for key in _META_TEXT:
        if not isinstance(meta.get(key), str) or not meta.get(key):
            raise DefinitionError(f"atlas: meta.{key} must be text")
    first, last = meta["period"]
    if not (isinstance(first, int) and isinstance(last, int)):
        raise DefinitionError("atlas: meta.period has no years")
    if first > last:
        raise DefinitionError(f"atlas: meta.period runs backwards, {first}–{last}")
    if not meta["units"]:
        raise DefinitionError("atlas: meta.units is empty")
    seen = [unit["id"] for unit in meta["units"]]
    if len(set(seen)) != len(seen) or not set(seen) <= set(UNITS):
        raise DefinitionError(f"atlas: meta.units names {seen}")
    for unit in meta["units"]:
        if not unit["told_apart"] and not (unit["note_zh"] and unit["note_en"]):
            raise DefinitionError(f"atlas: unit '{unit['id']}' is not told apart and no note says so")


def _check_chain(chain: Sequence[ChainNode]) -> set[str]:
    ids = [node["node_id"] for node in chain]
    if len(set(ids)) != len(ids):
        raise DefinitionError("atlas: a node stands in the chain twice")
    parents = {node["parent_id"] for node in chain if node["parent_id"] is not None}
    if unknown := parents - set(ids):
        raise DefinitionError(f"atlas: the chain has no node {sorted(unknown)[0]!r} to be a parent")
    for node in chain:
        if node["is_leaf"] == (node["node_id"] in parents):
            raise DefinitionError(f"atlas: node {node['node_id']!r} is a leaf with children, or neither")
    return set(ids)


def _check_aliases(data: AtlasData) -> None:
    owners = {owner for owner, _, _ in data["organisations"]}
    for alias in data["aliases"]:
        if len(alias) != 5 or alias[0] not in owners or not isinstance(alias[4], list):
            raise DefinitionError("atlas: an alias is [organisation_id, name, mentions, score, reasons]")
        if unknown := set(alias[4]) - data["reasons"].keys():
            raise DefinitionError(f"atlas: reason {sorted(unknown)[0]!r} has no words")


def _check_lists(
    organisations: Sequence[Sequence[object]],
    groups: Sequence[Sequence[object]],
    places: Sequence[Sequence[str | None]],
) -> None:
    ends = range(len(groups))
    if any(len(each) != 3 or each[2] not in ends for each in organisations) or any(len(each) != 2 for each in groups):
        raise DefinitionError("atlas: an organisation is [id, name, index of its group], a group [id, name]")
    if any(len(place) != 4 or place[0] not in _BASES for place in places):
        raise DefinitionError("atlas: a place is [basis, country, province, city]")


def _check_figure(name: str, figure: Figure, units: Sequence[str], nodes: set[str]) -> None:
    columns = [column["name"] for column in figure["columns"]]
    if missing := set(FIGURES[name]) - set(columns):
        raise DefinitionError(f"atlas: figure '{name}' lacks the column '{sorted(missing)[0]}'")
    for column in figure["columns"]:
        if column["kind"] not in KINDS:
            raise DefinitionError(f"atlas: figure '{name}', column '{column['name']}': kind {column['kind']!r}")
    if extra := set(figure["units"]) - set(units):
        raise DefinitionError(f"atlas: figure '{name}' counts in '{sorted(extra)[0]}', a unit not in meta")
    for unit, part in figure["units"].items():
        for row in part["rows"]:
            if len(row) != len(columns):
                raise DefinitionError(f"atlas: figure '{name}', unit '{unit}': a row of {len(row)} cells")
        if "node_id" in columns:
            at = columns.index("node_id")
            for row in part["rows"]:
                if row[at] is not None and row[at] not in nodes:
                    raise DefinitionError(f"atlas: figure '{name}' counts in unknown node {row[at]!r}")


def _own_items(items: Mapping[str, Items], unit: str) -> Items:
    """The items a unit is listed by: its own, or those of the unit it shares."""
    entry = items[unit]
    if "same_as" in entry:
        shared = items.get(entry["same_as"])
        if shared is None or "same_as" in shared:
            raise DefinitionError(f"atlas: items of '{unit}' are said to be those of '{entry['same_as']}'")
        return shared
    return entry


def _check_items(unit: str, items: Items, ends: tuple[int, int, int]) -> None:
    n, listed, columns = items.get("n"), items.get("listed"), items.get("columns")
    if n is None or listed is None or columns is None:
        raise DefinitionError(f"atlas: items of '{unit}' need n, listed and columns, or same_as")
    if listed > n:
        raise DefinitionError(f"atlas: items of '{unit}': {listed} listed of {n}")
    for name in ITEM_COLUMNS:
        if len(columns.get(name, ())) != listed:
            raise DefinitionError(f"atlas: items of '{unit}': column '{name}' has not {listed} entries")
    for name, end in zip(("organisations", "nodes", "places"), ends, strict=True):
        top = max((index for entry in _indexes(columns[name]) for index in entry), default=-1)
        if top >= end:
            raise DefinitionError(f"atlas: items of '{unit}' point to {name} {top}, there are {end}")


def _indexes(column: Iterable[object]) -> Iterable[Sequence[int]]:
    for entry in column:
        if not isinstance(entry, list | tuple):
            raise DefinitionError(f"atlas: {entry!r} is no list of indexes")
        yield entry


def _check_total(figure: Figure, unit: str, expected: int, items: Items) -> None:
    total = 0
    for row in rows_of(figure, unit):
        value = row["value"]
        if isinstance(value, int | float):
            total += int(value)
    if not total == expected == items.get("n"):
        raise DefinitionError(
            f"atlas: unit '{unit}': {expected} items in meta, {items.get('n')} in the list, {total} in filings_by_year"
        )

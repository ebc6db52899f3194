"""The atlas as sheets: a method sheet, a sheet a figure, a sheet a list of patents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from pingjiang.atlas.contract import FIGURES, AtlasData, Column, Figure, UnitNote
from pingjiang.atlas.figures import rows_of
from pingjiang.atlas.layouts import country_names
from pingjiang.atlas.words import (
    BASIS_NAMES,
    LEVEL_NAMES,
    STALE,
    SYNTHETIC,
    UNASSIGNED,
    UNIT_NAMES,
    UNKNOWN,
    UNSTATED,
    both,
)
from pingjiang.documents.workbook import Sheet

# Kind of a figure's column → kind of a workbook column.
_KINDS = {
    "year": "year",
    "count": "count",
    "share": "share",
    "ratio": "ratio",
    "days": "days",
    "number": "number",
    "bool": "bool",
}
# Columns whose kind is too wide for a number format: a growth rate is read in percent, claims with one decimal.
_NARROWER = {
    "growth": "share",
    "cagr": "share",
    "mean_claims": "number",
    "median_claims": "number",
    "p90_claims": "number",
}
# Below this a rate of growth says nothing; the page leaves it out alike.
_SMALL = 30
# Rate → the column that it is measured from.
_BASES = {"growth": "previous", "cagr": "from_value"}
_NO_GROWTH = f"起始不足 {_SMALL} 件的不给增速 no growth from fewer than {_SMALL} items"
# Figure → (column that is null where unknown, column that counts).
_UNKNOWN_IN = {
    "filings_by_year": ("year", "value"),
    "node_counts": ("node_id", "value"),
}
# Figure → what its column `unknown` counts.
_UNKNOWN_COLUMN = {
    "claim_counts": ("权利要求数未知", "number of claims unknown"),
    "grant_lag": ("授权天数未知", "days unknown"),
}
# Columns of codes that have words.
_WORDS = {"basis": BASIS_NAMES, "level": LEVEL_NAMES}
# Columns of places that are empty where addresses do not tell them → in words.
_UNTOLD = {
    ("cities", "city"): UNKNOWN,
    ("districts", "district"): UNKNOWN,
    ("zones", "zone"): ("地址未写明", "not named by an address"),
}
_GRANTED = ("有授权日", "with a date of grant")
# Figures over fewer items than their unit has → (column that counts these, which they are).
_FEWER = {
    "grants_by_year": ("value", _GRANTED),
    "grant_lag": ("items", _GRANTED),
    "growth_by_year": ("value", ("完整年内", "of complete years")),
}


def first_line(data: AtlasData) -> str | None:
    """What must stand above everything else: that the data are synthetic."""
    return both(SYNTHETIC) if data["meta"]["synthetic"] else None


def sheets(data: AtlasData) -> list[Sheet]:
    """All sheets of the workbook, the method first."""
    nodes = {node["node_id"]: f"{node['name_zh']} {node['name_en']}" for node in data["chain"]}
    out = [_method(data)]
    figures = data["figures"]
    order = [*FIGURES, *(name for name in figures if name not in FIGURES)]
    out += [_figure(data, name, figures[name], nodes) for name in order]
    if data["aliases"]:
        out.append(_aliases(data))
    out += [_patents(data, unit) for unit, entry in data["items"].items() if "same_as" not in entry]
    return out


def _aliases(data: AtlasData) -> Sheet:
    """Which names as printed were held for one organisation, and why."""
    words = data["reasons"]
    groups = [name for _, name in data["groups"]]
    named = {one: (name, groups[group]) for one, name, group in data["organisations"]}
    rows = [
        [*named[str(owner)], name, mentions, score, "；".join(both(words[reason]) for reason in cast(list[str], why))]
        for owner, name, mentions, score, why in data["aliases"]
    ]
    lines = [
        "提及最多的机构；得分 0–1 为合并把握，不是概率。 Of the organisations most mentioned; a score from 0 to 1, "
        "no probability.",
        _release_line(data, data["meta"]["period"]),
    ]
    columns = [
        ("机构 Organisation", "text"),
        ("集团 Group", "text"),
        ("名称原文 Name as printed", "text"),
        ("出现次数 Mentions", "count"),
        ("把握 Score", "ratio"),
        ("依据 Reasons", "prose"),
    ]
    return Sheet("机构写法", "Aliases", "机构的写法与依据 Names of organisations and reasons", lines, columns, rows)


def _method(data: AtlasData) -> Sheet:
    meta = data["meta"]
    chain = meta["chain"]
    rows: list[tuple[str, str, str]] = [
        ("数据版本 Release", meta["release"], f"{meta['created_at'][:10]}"),
        ("数据截止 Cut-off", meta["cutoff"] or UNSTATED, ""),
        ("结构版本 Schema", str(meta["schema_version"]), ""),
        ("产业链 Chain", f"{chain['name_zh']} {chain['name_en']}", f"{chain['name']} {chain['version']}"),
        ("时限 Horizon", meta["horizon"]["note_zh"], meta["horizon"]["note_en"]),
    ]
    if meta["stale"]:
        rows.append(("尚未重新构建 Not built again", *STALE))
    if meta["bias_zh"] or meta["bias_en"]:
        rows.append(("样本偏差 Bias", meta["bias_zh"] or "", meta["bias_en"] or ""))
    for unit in meta["units"]:
        note = (unit["note_zh"] or "", unit["note_en"] or "")
        rows.append((f"计数单位 Unit: {both(UNIT_NAMES[unit['id']])} (n = {unit['items']:,})", *note))
    for source in meta["sources"]:
        terms = " · ".join(filter(None, (source["licence"], source["attribution"], source["cutoff"])))
        label = f"来源 Source: {source['file']}"
        rows.append((label, f"{source['format']}, {source['records']:,} 条 records", terms))
    for figure in data["figures"].values():
        label = f"{figure['name_zh']} {figure['name_en']}"
        rows.append((label, figure["definition_zh"], figure["definition_en"]))
        if figure["source"]:
            rows.append((f"{label}: 公式出处 formula", figure["source"], ""))
    for node in data["chain"]:
        label = f"节点 Node: {node['name_zh']} {node['name_en']}"
        rows.append((label, node["definition_zh"] or "", node["definition_en"] or ""))
        if node["rule_text"]:
            rows.append((f"{label}: 规则 rule", node["rule_text"], ""))
    title = f"{meta['title_zh']} {meta['title_en']}"
    columns = [("项目 Item", "prose"), ("说明", "prose"), ("Note", "prose")]
    return Sheet("说明 Method", "Method", title, [_release_line(data, data["meta"]["period"])], columns, rows)


def _release_line(data: AtlasData, period: Sequence[int]) -> str:
    """Period, cut-off, release, definitions. `period`: first and last year; nothing where there are no rows."""
    meta = data["meta"]
    return (
        f"期间 period {'–'.join(map(str, period)) or '—'} · 截止 cut-off {meta['cutoff'] or UNSTATED} · "
        f"数据版本 release {meta['release']} · "
        f"口径 definitions {meta['schema_version']}, 产业链 chain {meta['chain']['name']} {meta['chain']['version']}"
    )


def _figure(data: AtlasData, name: str, figure: Figure, nodes: dict[str, str]) -> Sheet:
    shown = [column for column in figure["columns"] if column["name"] != "unit"]
    columns = [("计数单位 Unit", "text")]
    columns += [
        (both((c["label_zh"], c["label_en"])), _NARROWER.get(c["name"], _KINDS.get(c["kind"], "text"))) for c in shown
    ]
    organisations = {pair[0]: pair[1] for pair in data["organisations"]}
    rows: list[list[object]] = []
    counts = []
    for unit in data["meta"]["units"]:
        records = rows_of(figure, unit["id"])
        counts.append(_number(name, records, unit) + _unknown(name, records))
        label = both(UNIT_NAMES[unit["id"]]) + ("" if unit["told_apart"] else " *")
        for record in records:
            cells = [_shown(_sure(record, c["name"]), c, nodes, organisations, name) for c in shown]
            rows.append([label, *cells])
    marks = [
        f"* {both(UNIT_NAMES[unit['id']])}: {unit['note_zh']} {unit['note_en']}"
        for unit in data["meta"]["units"]
        if not unit["told_apart"]
    ]
    rates = [_NO_GROWTH] if any(column["name"] in _BASES for column in shown) else []
    line = _release_line(data, _period(figure))
    lines = [" / ".join(counts), line, figure["definition_zh"], figure["definition_en"], *rates, *marks]
    title = f"{figure['name_zh']} {figure['name_en']}"
    return Sheet(figure["name_zh"], figure["name_en"], title, lines, columns, rows)


def _period(figure: Figure) -> list[int]:
    """First and last year of the figure's rows in any unit; nothing where it has none."""
    years = [year for part in figure["units"].values() if part["rows"] for year in part["period"] or ()]
    return [min(years), max(years)] if years else []


def _number(name: str, records: Sequence[dict[str, object]], unit: UnitNote) -> str:
    """How many items a figure is about."""
    if name not in _FEWER:
        return f"n = {unit['items']:,} {UNIT_NAMES[unit['id']][0]}"
    column, which = _FEWER[name]
    count = sum(int(str(record[column])) for record in records)
    return f"n = {count:,} {UNIT_NAMES[unit['id']][0]}，{both(which)}"


def _unknown(name: str, records: Sequence[dict[str, object]]) -> str:
    """How many items of a figure are unknown, in words; nothing where a figure has no unknown."""
    if name == "countries":
        parts = [
            f"{both(BASIS_NAMES[str(r['basis'])])} {both(UNKNOWN)} {r['value']:,}"
            for r in records
            if r["country"] is None
        ]
        return f" ({'; '.join(parts)})" if parts else ""
    if name == "concentration":
        return f" ({both(UNKNOWN)} {records[0]['unknown_items']:,})" if records else ""
    if name in _UNKNOWN_COLUMN:
        count = sum(int(str(r["unknown"])) for r in records)
        return f" ({both(_UNKNOWN_COLUMN[name])} {count:,})"
    if name not in _UNKNOWN_IN:
        return ""
    key, value = _UNKNOWN_IN[name]
    count = sum(int(str(r[value])) for r in records if r[key] is None)
    return f" ({both(UNASSIGNED if key == 'node_id' else UNKNOWN)} {count:,})"


def _sure(record: dict[str, object], name: str) -> object:
    """A figure's value; nothing for a rate that is measured from hardly anything."""
    base = record.get(_BASES.get(name, ""))
    return None if name in _BASES and not (isinstance(base, int | float) and base >= _SMALL) else record[name]


def _shown(value: object, column: Column, nodes: dict[str, str], organisations: dict[str, str], figure: str) -> object:
    """A cell as a reader reads it: names for codes, words for what is unknown."""
    kind = column["kind"]
    if column["name"] in _WORDS:
        return both(_WORDS[column["name"]][str(value)])
    if value is None and (figure, column["name"]) in _UNTOLD:
        return both(_UNTOLD[figure, column["name"]])
    if kind in ("country", "node") and value is None:
        return both(UNASSIGNED if kind == "node" else UNKNOWN)
    if kind == "country":
        names = country_names().get(str(value))
        return f"{value} {both(names)}" if names else value
    if kind == "node":
        return nodes[str(value)]
    if kind == "organisation":
        return organisations.get(str(value), value)
    if column["name"] == "year" and value is None and figure == "filings_by_year":
        return None
    return value


def _named(indexes: object, names: Sequence[str], none: tuple[str, str]) -> str:
    """The names that an item points to, or the words for none of them."""
    return "; ".join(names[index] for index in indexes) if isinstance(indexes, list | tuple) and indexes else both(none)


def _patents(data: AtlasData, unit: str) -> Sheet:
    items = data["items"][unit]
    columns = items["columns"]
    leaves = [node["name_zh"] for node in data["chain"]]
    organisations = [pair[1] for pair in data["organisations"]]
    rows = [
        [number, title, filed, granted, _named(owners, organisations, UNKNOWN), _named(nodes, leaves, UNASSIGNED), row]
        for number, title, filed, granted, owners, nodes, row in zip(
            columns["publication_id"],
            columns["title"],
            columns["filing_year"],
            columns["grant_year"],
            columns["organisations"],
            columns["nodes"],
            columns["source_row"],
            strict=True,
        )
    ]
    n, listed = items["n"], items["listed"]
    count = f"n = {n:,} {both(UNIT_NAMES[unit])}"
    if listed < n:
        count += f"，本表列出 listed here {listed:,}"
    heads = [
        ("公开号 Publication number", "text"),
        ("标题 Title", "text"),
        ("申请年 Filing year", "year"),
        ("授权年 Grant year", "year"),
        ("机构 Organisations", "text"),
        ("节点 Nodes", "text"),
        ("来源行 Source row", "text"),
    ]
    name = f"清单 {UNIT_NAMES[unit][0]}"
    title = f"专利清单 List of patents: {both(UNIT_NAMES[unit])}"
    return Sheet(
        name,
        f"List of {UNIT_NAMES[unit][1]}",
        title,
        [count, _release_line(data, data["meta"]["period"])],
        heads,
        rows,
        held=1,
    )

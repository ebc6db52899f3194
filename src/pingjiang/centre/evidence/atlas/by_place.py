"""Figures of places: world, China, province, city, district or development zone, what is unknown as its own row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from pingjiang.atlas.filters import Node, Place
from pingjiang.atlas.layouts import china, country_names
from pingjiang.centre.evidence.atlas import results
from pingjiang.centre.evidence.atlas.by_node import Cell
from pingjiang.centre.evidence.atlas.telling import Part, Scale, Telling, named
from pingjiang.centre.pages.figures import marked
from pingjiang.centre.pages.words import said

_DRAWN = 15  # bars of a ranking; the table has all
_HOME = "CN"


@dataclass(frozen=True)
class Row:
    """A place with its count: its condition leads deeper."""

    name: str
    place: Place
    value: int
    unknown: bool = False


@dataclass(frozen=True)
class Tile:
    """A tile of the grid of provinces."""

    name: str
    value: object
    step: int
    row: int
    column: int
    url: str | None


def country(code: str | None) -> str:
    """A country in words."""
    if code is None:
        return _("未知")
    return said(country_names().get(code, (code, code)))


def place_name(place: Place) -> str:
    """The last part of a place in words."""
    last = place.path[-1]
    if last is None:
        return _("未知")
    return country(last) if len(place.path) == 1 else last


def level_of(place: Place | None) -> str:
    """Which figure tells the places below this one."""
    depth = 0 if place is None or place.path[0] is None else len(place.path)
    if depth and place is not None and place.path[0] != _HOME:
        return "cities"
    return ("countries", "provinces", "cities", "districts", "districts")[depth]


def places_below(tell: Telling) -> list[Row]:
    """The places one step below the one that is looked at, largest first; what is unknown comes last."""
    basis, at = tell.asked.basis, tell.asked.place
    level = level_of(at)
    path = at.path[:3] if at is not None and at.path[0] is not None else ()
    rows: list[Row] = []
    if level == "provinces":
        for row in results.provinces(tell.at, tell.asked.under, basis):
            rows.append(_row(Place(basis, (_HOME, row["province"])), row["value"]))
    else:
        name = "zones" if level == "districts" and tell.asked.deepest == "zone" else level
        for row in tell.rows(name):
            if row["basis"] == basis:
                own = _path(name, row)
                if own[: len(path)] == path or (not path and level == "countries"):
                    rows.append(_row(Place(basis, own, zone=name == "zones"), row["value"]))
    return sorted(rows, key=lambda row: (row.unknown, -row.value, row.name))


def _path(name: str, row: Mapping[str, Any]) -> tuple[str | None, ...]:
    if name == "countries":
        return (row["country"],)
    if name == "cities":
        return (None,) if row["country"] is None else (row["country"], row["province"], row["city"])
    return (_HOME, row["province"], row["city"], row["zone" if name == "zones" else "district"])


def _row(place: Place, value: int) -> Row:
    return Row(place_name(place), place, value, unknown=place.path[-1] is None)


def _label(tell: Telling, row: Row) -> str:
    if not row.unknown:
        return row.name
    if row.place.zone:
        return _("地址没有写明板块")
    return (_("地点未知"), _("省未知"), _("城市未知"), _("区县未知"))[len(row.place.path) - 1]


def ranking(tell: Telling, span: int = 6) -> Part:
    """Places one step down: the largest as bars, the unknown as its own."""
    rows = places_below(tell)
    drawn = [row for row in rows if not row.unknown][:_DRAWN] + [row for row in rows if row.unknown]
    data = [
        {
            **(marked("unknown", tell.drawn(row.value)) if row.unknown else {"value": tell.drawn(row.value)}),
            "share": tell.share(row.value, tell.n) or "",
            **_to(deeper(tell, row)),
        }
        for row in drawn
    ]
    option = {
        "grid": {"right": 62},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "inverse": True, "data": [_label(tell, row) for row in drawn]},
        "series": [{"type": "bar", "name": tell.unit, "data": data, "barMaxWidth": 14}],
    }
    table = [
        (
            named(_label(tell, row), deeper(tell, row)),
            tell.shown(row.value, tell.items(tell.asked.under.also(row.place))),
            tell.share(row.value, tell.n),
        )
        for row in rows
    ]
    left = len([row for row in rows if not row.unknown]) - min(_DRAWN, len([row for row in rows if not row.unknown]))
    more = _("；图中未画 %(n)s 处，见表") % {"n": left} if left else ""
    title = {
        "countries": _("国家和地区"),
        "provinces": _("省级"),
        "cities": _("城市"),
        "districts": _("板块（开发区）") if tell.asked.deepest == "zone" else _("区县"),
    }[level_of(tell.asked.place)]
    figure = tell.figure(
        "places",
        title,
        [title, tell.unit, _("份额")],
        table,
        unknown=sum(row.value for row in rows if row.unknown),
        option=option if drawn else None,
        more=f"；{basis_words()[tell.asked.basis]}{more}",
        summary=_("按地址所在地统计，一件可属多地"),
    )
    return Part(figure, span, more="places/")


def basis_words() -> dict[str, str]:
    """Whose address."""
    return {"applicant": _("按申请人地址"), "inventor": _("按发明人地址")}


def deeper(tell: Telling, row: Row) -> str | None:
    """The same page at this place."""
    return tell.page(tell.asked.at_place(row.place), "places/") if tell.links else None


def _to(url: str | None) -> dict[str, str]:
    return {"url": url} if url else {}


def tiles(tell: Telling) -> Part:
    """Provinces of China as a grid of tiles: no borders are drawn."""
    rows = [
        _row(Place(tell.asked.basis, (_HOME, row["province"])), row["value"])
        for row in results.provinces(tell.at, tell.asked.under, tell.asked.basis)
    ]
    by_name = {row.place.path[1]: row for row in rows}
    countries = {row["country"]: row["value"] for row in tell.rows("countries") if row["basis"] == tell.asked.basis}
    found: list[tuple[Any, int, Row | None]] = []
    for tile in china():
        row = next((by_name[name] for name in tile["names"] if name in by_name), None)
        value = row.value if row else 0
        if row is None and tile["country"] is not None and tile["country"] in countries:
            place = Place(tell.asked.basis, (tile["country"],))
            row, value = _row(place, countries[tile["country"]]), countries[tile["country"]]
        found.append((tile, value, row))
    scale = Scale.of([tell.drawn(value) for _tile, value, _row_ in found])
    shown = [
        Tile(
            said((tile["zh"], tile["en"])),
            tell.shown(value),
            scale.step(tell.drawn(value)),
            tile["row"] + 1,
            tile["column"] + 1,
            deeper(tell, row) if row else None,
        )
        for tile, value, row in found
    ]
    table = [
        (
            named(said((tile["zh"], tile["en"])), deeper(tell, row) if row else None),
            tell.shown(value, tell.items(tell.asked.under.also(row.place)) if row else None),
        )
        for tile, value, row in sorted(found, key=lambda each: -each[1])
    ]
    unknown = sum(row.value for row in rows if row.unknown)
    table.append((_("省未知"), tell.shown(unknown)))
    figure = tell.figure(
        "provinces",
        _("中国：示意方格"),
        [_("省级"), tell.unit],
        table,
        unknown=countries.get(None, 0),
        more=_("，另有 %(n)s 件只知在中国；非行政区划图") % {"n": tell.said(unknown)},
    )
    return Part(figure, 6, "evidence/atlas/tiles.html", {"tiles": shown, "legend": scale.legend})


def by_node(tell: Telling, most: int = 12) -> Part:
    """Places by leaf of the chain: countries, or cities of China where one looks into it."""
    name = "countries" if level_of(tell.asked.place) == "countries" else "cities"
    crossed = "country_node" if name == "countries" else "city_node"
    path = tell.asked.place.path[:3] if tell.asked.place and tell.asked.place.path[0] is not None else ()
    own: dict[tuple[str | None, ...], dict[str, Mapping[str, Any]]] = {}
    for row in tell.rows(crossed):
        at = (row["country"],) if name == "countries" else (row["country"], row["province"], row["city"])
        if row["basis"] == tell.asked.basis and at[: len(path)] == path:
            own.setdefault(at, {})[row["node_id"]] = row
    ranked = sorted(own, key=lambda at: (at[-1] is None, -sum(row["value"] for row in own[at].values()), str(at)))[
        :most
    ]
    leaves = [key for key, node in tell.nodes.items() if node["is_leaf"] and any(key in own[at] for at in ranked)]
    scale = Scale.of([tell.drawn(row["value"]) for at in ranked for row in own[at].values()])
    label = [_name_of(tell.asked.basis, at) for at in ranked]
    lines = [
        (text, None, [_cell(tell, crossed, own[at].get(leaf), scale) for leaf in leaves])
        for text, at in zip(label, ranked, strict=True)
    ]
    table = [
        (text, *(tell.counted(crossed, own[at][leaf]) if leaf in own[at] else 0 for leaf in leaves))
        for text, at in zip(label, ranked, strict=True)
    ]
    title = _("国家和地区 × 节点") if name == "countries" else _("中国城市 × 节点")
    figure = tell.figure(
        crossed,
        title,
        [_("地点"), *(tell.node(leaf) for leaf in leaves)],
        table,
        more=_("；列出前 %(n)s 处，共 %(all)s 处") % {"n": len(ranked), "all": len(own)},
    )
    data = {
        "heads": [(tell.node(leaf), False) for leaf in leaves],
        "lines": lines,
        "legend": scale.legend,
        "upright": True,
    }
    return Part(figure, 12, "evidence/atlas/heat.html", data)


def _name_of(basis: Any, at: Sequence[str | None]) -> str:
    if len(at) == 1:
        return country(at[0])
    return " ".join(part or "" for part in at[1:] if part) or _("城市未知")


def _cell(tell: Telling, name: str, row: Mapping[str, Any] | None, scale: Scale) -> Cell:
    if row is None:
        return Cell("", 0)
    return Cell(tell.shown(row["value"]), scale.step(tell.drawn(row["value"])), tell.behind(name, row))


def firms(tell: Telling) -> Part | None:
    """Firms of the register by place; nothing without a register."""
    rows = sorted(tell.rows("firms_by_place"), key=lambda row: (row["city"] is None, -row["firms"]))
    if not rows:
        return None
    label = [" ".join(part for part in (row["province"], row["city"]) if part) or _("地点未知") for row in rows]
    shown = list(zip(label, rows, strict=True))[:_DRAWN]
    option = {
        "grid": {"right": 62},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "inverse": True, "data": [text for text, _row_ in shown]},
        "series": [
            {
                "type": "bar",
                "name": _("家"),
                "barMaxWidth": 14,
                "data": [tell.drawn(row["firms"]) for _text, row in shown],
            }
        ],
    }
    table = [
        (
            text,
            tell.shown(row["firms"]),
            tell.shown(row["firms_with_output"]),
            f"{row['output_yuan'] / 10_000:,.2f}"
            if row["output_yuan"] is not None and (tell.links or row["firms_with_output"] >= 3)
            else None,
        )
        for text, row in zip(label, rows, strict=True)
    ]
    narrowed = all(isinstance(each, Place | Node) for each in tell.asked.under)
    figure = tell.figure(
        "firms_by_place",
        _("各地单位数"),
        [_("地点"), _("家"), _("有产值的家数"), _("产值（万元）")],
        table,
        unit=_("家"),
        n=sum(row["firms"] for row in rows),
        unknown=sum(row["firms"] for row in rows if row["province"] is None),
        option=option,
        summary=_("企业名录按地点统计"),
        more="" if narrowed else _("；名录只按地点与节点筛选"),
    )
    return Part(figure, 6)

"""Figures of the chain: the ward map 坊图, its table, nodes by year, firms by node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pingjiang.atlas.filters import Node, Years
from pingjiang.centre.evidence.atlas.telling import SURE, Counted, Part, Scale, Telling, named

_TURN_YEARS, _MARGIN = 3, 1.1
_WIDEST = 9  # steps of a ward's share of its line


@dataclass
class Cell:
    """A cell that is filled by its value, with the way to its list."""

    value: object
    step: int
    url: str | None = None
    label: str = ""


@dataclass
class Ward:
    """A leaf: its name, count, fill, share of the line, turn against the whole, and ways on."""

    name: str
    value: object
    step: int
    wide: int
    turn: str
    url: str | None
    list_url: str | None
    on: bool


@dataclass
class Reach:
    """A group of leaves; leaves that hang on the segment itself have no name above them."""

    name: str
    url: str | None
    wards: list[Ward] = field(default_factory=list)


@dataclass
class Stage:
    """A segment."""

    name: str
    value: object
    url: str | None
    list_url: str | None
    reaches: list[Reach] = field(default_factory=list)

    @property
    def wide(self) -> int:
        """Its share of the map: as many leaves as it has, to two dozen."""
        return min(24, max(4, sum(len(reach.wards) for reach in self.reaches)))


@dataclass(frozen=True)
class WardMap:
    """The map, and what its fills mean."""

    stages: Sequence[Stage]
    legend: Sequence[tuple[int, str]]
    turns: bool


def _turns(tell: Telling) -> dict[str, str]:
    """Each leaf's growth of three complete years over the three before, against that of the whole: ▲, － or ▼."""
    last = tell.horizon["last_complete_year"]
    if last is None:
        return {}

    def ratio(counts: Mapping[int | None, int]) -> float | None:
        now = sum(counts.get(year, 0) for year in range(last - _TURN_YEARS + 1, last + 1))
        then = sum(counts.get(year, 0) for year in range(last - 2 * _TURN_YEARS + 1, last - _TURN_YEARS + 1))
        return now / then if now + then >= SURE and then else None

    whole = ratio({row["year"]: row["value"] for row in tell.rows("filings_by_year")})
    by_leaf: dict[str, dict[int | None, int]] = {}
    for row in tell.rows("node_year"):
        by_leaf.setdefault(row["node_id"], {})[row["year"]] = row["value"]
    found = {}
    for leaf, counts in by_leaf.items():
        own = ratio(counts)
        if own is not None and whole is not None:
            found[leaf] = "▲" if own > whole * _MARGIN else "▼" if own < whole / _MARGIN else "－"
    return found


def wards(tell: Telling) -> Part:
    """The ward map: segments are stages, groups reaches, leaves wards."""
    rows = {row["node_id"]: row for row in tell.rows("node_counts")}
    leaves = [node for node in tell.nodes.values() if node["is_leaf"]]
    scale = Scale.of([tell.drawn(rows[leaf["node_id"]]["value"]) for leaf in leaves if leaf["node_id"] in rows])
    turns = _turns(tell)
    chosen = {each.node_id for each in tell.asked.under if isinstance(each, Node)}
    stages: dict[str, Stage] = {}
    reaches: dict[str | None, Reach] = {}
    for node in tell.nodes.values():
        key, row = node["node_id"], rows.get(node["node_id"], {"value": 0})
        segment = _segment(tell, key)
        if node["parent_id"] is None:
            stages[key] = Stage(
                tell.node(key),
                tell.shown(row["value"]),
                tell.narrowed(Node(key)),
                tell.items(tell.asked.under.also(Node(key))),
            )
        if not node["is_leaf"]:
            if node["parent_id"] is not None:
                reaches[key] = Reach(tell.node(key), tell.narrowed(Node(key)))
                stages[segment].reaches.append(reaches[key])
            continue
        reach = reaches.get(node["parent_id"])
        if reach is None:
            reach = reaches.setdefault(f"\0{segment}", Reach("", None))
            if reach not in stages[segment].reaches:
                stages[segment].reaches.append(reach)
        value = tell.drawn(row["value"])
        reach.wards.append(
            Ward(
                tell.node(key),
                tell.shown(row["value"]),
                scale.step(value),
                _wide(value, scale),
                turns.get(key, ""),
                tell.narrowed(Node(key)),
                tell.items(tell.asked.under.also(Node(key))),
                key in chosen,
            )
        )
    for stage in stages.values():
        stage.reaches = [reach for reach in stage.reaches if reach.wards]
    return Part(
        _counts(tell, rows, turns),
        12,
        "evidence/atlas/wards.html",
        WardMap(list(stages.values()), scale.legend, bool(turns)),
    )


def _wide(value: int, scale: Scale) -> int:
    return max(1, round(_WIDEST * (value / scale.most) ** 0.5)) if scale.most else 1


def _segment(tell: Telling, node_id: str) -> str:
    while (parent := tell.nodes[node_id]["parent_id"]) is not None:
        node_id = str(parent)
    return node_id


def _counts(tell: Telling, rows: Mapping[str | None, Mapping[str, Any]], turns: Mapping[str, str]) -> Any:
    table: list[tuple[object, ...]] = []
    for key, node in tell.nodes.items():
        row = rows.get(key)
        if row is not None:
            indent = "\u3000" * (int(node["level"]) - 1)
            table.append(
                (
                    named(f"{indent}{tell.node(key)}", tell.narrowed(Node(key))),
                    tell.counted("node_counts", row),
                    tell.share(row["value"], tell.n),
                    tell.shown(row["multiple"]),
                    turns.get(key, ""),
                )
            )
    none = rows.get(None)
    unassigned = none["value"] if none else 0
    if none is not None:
        table.append(
            (
                tell.node(None),
                tell.counted("node_counts", none),
                tell.share(unassigned, tell.n),
                Counted(0),
                "",
            )
        )
    total = sum(row["value"] for key, row in rows.items() if key and tell.nodes[key]["is_leaf"])
    more = _("，其中未归类 %(n)s（%(share)s）；末级节点合计 %(sum)s，一件可归入多个") % {
        "n": tell.said(unassigned),
        "share": tell.share(unassigned, tell.n) or "—",
        "sum": f"{total:,}",
    }
    heads = [_("节点"), tell.unit, _("份额"), _("归入多个"), _("近三年增速对全部")]
    return tell.figure("node_counts", _("坊图：产业链各节点家底"), heads, table, more=more)


def node_year(tell: Telling) -> Part:
    """Leaves by year, as a table whose cells are filled."""
    cells: dict[str, dict[int, Mapping[str, Any]]] = {}
    unknown = 0
    for row in tell.rows("node_year"):
        if row["year"] is None:
            unknown += row["value"]
        else:
            cells.setdefault(row["node_id"], {})[row["year"]] = row
    years = sorted({year for own in cells.values() for year in own})[-20:]
    scale = Scale.of([tell.drawn(own[year]["value"]) for own in cells.values() for year in years if year in own])
    last = tell.horizon["last_complete_year"]
    leaves = [key for key, node in tell.nodes.items() if node["is_leaf"] and key in cells]
    lines = [
        (
            tell.node(key),
            tell.narrowed(Node(key)),
            [_cell(tell, "node_year", cells[key].get(year), scale) for year in years],
        )
        for key in leaves
    ]
    heads = [(str(year), last is None or year > last) for year in years]
    table = [
        (
            named(tell.node(key), tell.narrowed(Node(key))),
            *(tell.counted("node_year", cells[key][year]) if year in cells[key] else 0 for year in years),
        )
        for key in leaves
    ]
    figure = tell.figure(
        "node_year",
        _("节点 × 申请年"),
        [_("节点"), *(str(year) for year in years)],
        table,
        more=_("；年份未知 %(n)s；斜纹表头＝年份不完整") % {"n": tell.said(unknown)},
    )
    return Part(figure, 12, "evidence/atlas/heat.html", {"heads": heads, "lines": lines, "legend": scale.legend})


def _cell(tell: Telling, name: str, row: Mapping[str, Any] | None, scale: Scale) -> Cell:
    if row is None:
        return Cell("", 0)
    return Cell(tell.shown(row["value"]), scale.step(tell.drawn(row["value"])), tell.behind(name, row))


def node_organisation(tell: Telling, most: int = 12) -> Part:
    """The organisations of most items, by leaf."""
    rows = tell.at_level("node_organisation")
    top = tell.at_level("top_organisations")[:most]
    ids = [row["organisation_id"] for row in top]
    cells: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        if row["organisation_id"] in ids:
            cells.setdefault(row["organisation_id"], {})[row["node_id"]] = row
    leaves = [key for key, node in tell.nodes.items() if node["is_leaf"] and any(key in own for own in cells.values())]
    scale = Scale.of([tell.drawn(row["value"]) for own in cells.values() for row in own.values()])
    lines = [
        (
            row["organisation"],
            None,
            [
                _cell(tell, "node_organisation", cells.get(row["organisation_id"], {}).get(leaf), scale)
                for leaf in leaves
            ],
        )
        for row in top
    ]
    table = [
        (
            row["organisation"],
            *(
                tell.counted("node_organisation", own[leaf])
                if leaf in (own := cells.get(row["organisation_id"], {}))
                else "—"
                for leaf in leaves
            ),
        )
        for row in top
    ]
    heads = [(tell.node(leaf), False) for leaf in leaves]
    figure = tell.figure(
        "node_organisation",
        _("节点 × 申请人"),
        [_("申请人"), *(tell.node(leaf) for leaf in leaves)],
        table,
        more=_("；空格＝不在该节点前 20 家，并非没有"),
    )
    return Part(
        figure,
        12,
        "evidence/atlas/heat.html",
        {"heads": heads, "lines": lines, "legend": scale.legend, "upright": True},
    )


def firms_by_node(tell: Telling) -> Part | None:
    """Firms of the register by node; nothing without a register."""
    rows = {row["node_id"]: row["firms"] for row in tell.rows("firms_by_node")}
    if not rows:
        return None
    shown = [(key, rows[key]) for key, node in tell.nodes.items() if node["is_leaf"] and rows.get(key)]
    option = {
        "grid": {"right": 62},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "inverse": True, "data": [tell.node(key) for key, _firms in shown]},
        "series": [
            {"type": "bar", "name": _("家"), "data": [tell.drawn(firms) for _key, firms in shown], "barMaxWidth": 14}
        ],
    }
    table = [(tell.node(key), tell.shown(firms)) for key, firms in rows.items()]
    figure = tell.figure(
        "firms_by_node",
        _("各环节单位数"),
        [_("节点"), _("家")],
        table,
        unit=_("家"),
        unknown=rows.get(None, 0),
        n=sum(row["firms"] for row in tell.rows("firms_by_place")),
        option=option if shown else None,
        summary=_("企业名录按环节统计"),
        more=_touched(tell),
    )
    return Part(figure, 6)


def _touched(tell: Telling) -> str:
    others = any(isinstance(each, Years) or each.word[0] in ("applicant", "state") for each in tell.asked.under)
    return _("；名录只按地点与节点筛选") if others else ""

"""Figures of organisations: the largest, how concentrated, who is new, who files together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from pingjiang.atlas.filters import Organisation
from pingjiang.centre.evidence.atlas import results
from pingjiang.centre.evidence.atlas.telling import SURE, Part, Telling, named, percent
from pingjiang.centre.pages.figures import marked

_DRAWN = 15


def level_words() -> dict[str, str]:
    """At which level organisations count."""
    return {"entity": _("法人"), "group": _("集团")}


def top(tell: Telling, span: int = 6, most: int = _DRAWN) -> Part:
    """The organisations of most items. Few items are counted, not ranked."""
    rows = tell.at_level("top_organisations")
    sure = tell.n >= SURE
    if not tell.links:
        rows = [row for row in rows if tell.drawn(row["value"])]
    shown = rows[:most]
    data = [
        {"value": row["value"], "share": percent(row["share"]) or "", **_to(tell.behind("top_organisations", row))}
        for row in shown
    ]
    option = {
        "grid": {"right": 62},
        "xAxis": {"type": "value"},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [row["organisation"] for row in shown],
            "axisLabel": {"width": 150, "overflow": "truncate"},
        },
        "series": [{"type": "bar", "name": tell.unit, "data": data, "barMaxWidth": 14}],
    }
    table = [
        (
            named(row["organisation"], _only(tell, row["organisation_id"])),
            row["rank"] if sure else _("样本少"),
            tell.counted("top_organisations", row),
            percent(row["share"]),
            row["first_year"] and str(row["first_year"]),
            row["last_year"] and str(row["last_year"]),
        )
        for row in rows
    ]
    heads = [_("申请人"), _("名次"), tell.unit, _("份额（分数计数）"), _("首年"), _("末年")]
    known = next((row for row in tell.at_level("concentration")), None)
    figure = tell.figure(
        "top_organisations",
        _("申请人排名"),
        heads,
        table,
        unknown=known["unknown_items"] if known else None,
        option=option if shown else None,
        summary="；".join(f"{row['organisation']} {row['value']:,}" for row in shown[:3]) or "—",
        more=f"；{level_words()[tell.asked.level]}",
    )
    return Part(figure, span, more="organisations/")


def _only(tell: Telling, organisation_id: str) -> str | None:
    return tell.narrowed(Organisation(tell.asked.level, organisation_id)) if tell.links else None


def _to(url: str | None) -> dict[str, str]:
    return {"url": url} if url else {}


def concentration(tell: Telling) -> Part:
    """CR5, HHI and HHI* at both levels."""
    table = []
    unknown = 0
    for row in tell.rows("concentration"):
        sure = row["items"] - row["unknown_items"] >= SURE
        unknown = row["unknown_items"]
        few = _("样本少")
        table.append(
            (
                level_words()[row["level"]],
                tell.shown(row["organisations"]),
                tell.shown(row["items"]),
                percent(row["cr5"]) if sure else few,
                f"{row['hhi']:.4f}" if sure else few,
                f"{row['hhi_normalised']:.4f}"
                if sure and row["hhi_normalised"] is not None
                else few
                if not sure
                else None,
            )
        )
    heads = [_("层级"), _("申请人"), tell.unit, "CR5", "HHI", "HHI*"]
    return Part(tell.figure("concentration", _("集中度"), heads, table, unknown=unknown), 6)


def entrants(tell: Telling) -> Part:
    """Organisations that filed, and those of them that filed for the first time."""
    rows = tell.at_level("new_entrants_by_year")

    def bars(column: str) -> list[object]:
        return [
            tell.drawn(row[column]) if row["complete"] else marked("incomplete", tell.drawn(row[column]))
            for row in rows
        ]

    option = {
        "xAxis": {"type": "category", "data": [str(row["year"]) for row in rows]},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "bar", "name": _("有申请的申请人"), "data": bars("active"), "tone": "s2", "barMaxWidth": 18},
            {"type": "bar", "name": _("新进入者"), "data": bars("value"), "tone": "canal", "barMaxWidth": 18},
        ],
    }
    table = [(str(row["year"]), tell.shown(row["value"]), tell.shown(row["active"])) for row in rows]
    figure = tell.figure(
        "new_entrants_by_year",
        _("新进入者"),
        [_("年"), _("新进入者"), _("有申请的申请人")],
        table,
        unit=_("个申请人"),
        n=sum(row["value"] for row in rows),
        option=option if rows else None,
        more=f"；{level_words()[tell.asked.level]}",
        summary=_("最初几年多为新进入者，因为数据从那里开始"),
    )
    return Part(figure, 6)


def network(tell: Telling) -> Part:
    """Who files together: at most 150 organisations, laid out here; the whole goes out as GraphML."""
    rows = tell.at_level("co_applicants")
    every = results.pairs(tell.at, tell.asked.under, tell.asked.level)
    drawn = results.network(tell.at, tell.asked.under, tell.asked.level)
    names = results.names_in(every)
    table = [
        (
            f"{row['organisation_a']} × {row['organisation_b']}",
            tell.counted("co_applicants", row),
            f"{row['salton']:.3f}",
        )
        for row in rows
    ]
    level = tell.asked.level
    lines = [
        {
            "x1": x1,
            "y1": y1,
            "x2": x2,
            "y2": y2,
            "wide": min(7.0, round(1 + value**0.5 * 0.6, 1)),
            "url": tell.items(tell.asked.under.also(Organisation(level, a), Organisation(level, b))),
            "tip": f"{names[a]} × {names[b]} {value:,}",
        }
        for a, b, value, (x1, y1), (x2, y2) in drawn.lines
    ]
    dots: list[dict[str, Any]] = [
        {
            "x": dot.x,
            "y": dot.y,
            "r": dot.radius,
            "name": names[dot.key],
            "label": dot.label,
            "at": dot.label_y,
            "url": _only(tell, dot.key),
        }
        for dot in drawn.dots
    ]
    more = _("；画出 %(drawn)s 家、%(pairs)s 对，未画 %(left)s 家") % {
        "drawn": len(dots),
        "pairs": len(lines),
        "left": drawn.left_out,
    }
    figure = tell.figure("co_applicants", _("共同申请网络"), [_("共同申请人"), tell.unit, "Salton"], table, more=more)
    data = {"title": figure.title, "lines": lines, "dots": dots, "width": drawn.width, "height": drawn.height}
    return Part(figure, 12, "evidence/atlas/network.html", data)

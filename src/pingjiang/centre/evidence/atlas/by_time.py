"""Figures over the years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from pingjiang.atlas.filters import LIVES, Life
from pingjiang.centre.evidence.atlas import results
from pingjiang.centre.evidence.atlas.telling import SURE, Part, Telling, named, percent
from pingjiang.centre.pages.figures import marked


def _bars(tell: Telling, name: str, rows: list[Mapping[str, Any]]) -> list[object]:
    return [{**(_value(tell, row)), **({"url": url} if (url := tell.behind(name, row)) else {})} for row in rows]


def _value(tell: Telling, row: Mapping[str, Any]) -> dict[str, object]:
    drawn = tell.drawn(row["value"])
    return {"value": drawn} if row["complete"] else marked("incomplete", drawn)


def _yearly(tell: Telling, name: str, title: str, head: str) -> Part:
    rows = tell.rows(name)
    known = {row["year"]: row for row in rows if row["year"] is not None}
    unknown = sum(row["value"] for row in rows if row["year"] is None)
    shown = [known.get(year, {"year": year, "value": 0, "complete": True}) for year in _span(known)]
    table = [
        (str(row["year"]) + ("" if row["complete"] else " " + _("（不完整）")), tell.counted(name, row))
        for row in shown
    ]
    if unknown:
        table.append((_("年份未知"), tell.counted(name, {"year": None, "value": unknown})))
    option = {
        "xAxis": {"type": "category", "data": [str(row["year"]) for row in shown]},
        "yAxis": {"type": "value"},
        "series": [{"type": "bar", "name": head, "data": _bars(tell, name, shown), "barMaxWidth": 30}],
    }
    peak = max(shown, key=lambda row: row["value"], default=None)
    summary = (
        _("最高 %(year)s 年 %(n)s") % {"year": peak["year"], "n": tell.said(peak["value"])} if peak else _("没有数据")
    )
    figure = tell.figure(
        name,
        title,
        [_("年"), head],
        table,
        option=option if shown else None,
        summary=summary,
        unknown=unknown if name == "filings_by_year" else None,
        n=None if name == "filings_by_year" else sum(row["value"] for row in shown),
    )
    return Part(figure, 6)


def _span(known: Mapping[int, object]) -> range:
    return range(min(known), max(known) + 1) if known else range(0)


def filings(tell: Telling) -> Part:
    """Filings by year, incomplete years hatched."""
    return _yearly(tell, "filings_by_year", _("申请趋势"), tell.unit)


def grants(tell: Telling) -> Part:
    """Grants by year."""
    return _yearly(tell, "grants_by_year", _("授权趋势"), tell.unit)


def growth(tell: Telling) -> Part:
    """Growth by year, of complete years; none where the year before has hardly anything."""
    rows = list(tell.rows("growth_by_year"))
    cagr = next(iter(tell.rows("cagr")), None)
    sure = [row["growth"] if (row["previous"] or 0) >= SURE else None for row in rows]
    table = [
        (str(row["year"]), tell.counted("growth_by_year", row), percent(rate) if rate is not None else _("样本少"))
        for row, rate in zip(rows, sure, strict=True)
    ]
    option = {
        "xAxis": {"type": "category", "data": [str(row["year"]) for row in rows]},
        "yAxis": {"type": "value", "axisLabel": {"show": True}},
        "series": [
            {
                "type": "line",
                "name": _("增速 %"),
                "data": [None if each is None else round(each * 100, 1) for each in sure],
            }
        ],
    }
    more = ""
    if cagr and cagr["cagr"] is not None and cagr["from_value"] >= SURE:
        more = _("，年复合 %(from)s–%(to)s %(rate)s") % {
            "from": cagr["from_year"],
            "to": cagr["to_year"],
            "rate": percent(cagr["cagr"]),
        }
    figure = tell.figure(
        "growth_by_year",
        _("年增速"),
        [_("年"), tell.unit, _("增速")],
        table,
        more=more,
        unit=f"%, {tell.unit}",
        option=option if any(each is not None for each in sure) else None,
        summary=_("只算完整年；上一年不足 30 不给增速"),
    )
    return Part(figure, 6)


def grant_lag(tell: Telling) -> Part:
    """Days from filing to grant."""
    rows = list(tell.rows("grant_lag"))
    table = [
        (
            str(row["year"]),
            tell.counted("grant_lag", row, "items"),
            tell.shown(row["unknown"]),
            None if row["median_days"] is None else round(row["median_days"]),
            None if row["p95_days"] is None else round(row["p95_days"]),
        )
        for row in rows
    ]
    option = {
        "xAxis": {"type": "category", "data": [str(row["year"]) for row in rows]},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "line", "name": label, "data": [row[column] for row in rows]}
            for label, column in ((_("中位数"), "median_days"), (_("九五分位"), "p95_days"))
        ],
    }
    figure = tell.figure(
        "grant_lag",
        _("授权滞后"),
        [_("授权年"), tell.unit, _("天数未知"), _("中位天数"), _("九五分位天数")],
        table,
        option=option if rows else None,
        summary=_("从申请到授权的天数，按授权年"),
        unit=_("天"),
        n=sum(row["items"] for row in rows),
        unknown=sum(row["unknown"] for row in rows),
    )
    return Part(figure, 6)


def life_words() -> dict[str, str]:
    """Lives in words."""
    return {
        "in_force": _("有效"),
        "pending": _("在审"),
        "dead": _("失效"),
        "elsewhere": _("另行继续"),
        "unknown": _("未知"),
    }


def legal_states(tell: Telling) -> Part | None:
    """The composition of legal states; nothing where no source follows them."""
    if not results.follows_states(tell.at):
        return None
    rows = {row["life"]: row for row in tell.rows("legal_states")}
    words = life_words()
    shown = [rows[life] for life in LIVES if life in rows]
    data = [
        {
            **(
                marked("unknown", tell.drawn(row["value"]))
                if row["life"] == "unknown"
                else {"value": tell.drawn(row["value"])}
            ),
            **({"url": url} if (url := tell.behind("legal_states", row)) else {}),
        }
        for row in shown
    ]
    option = {
        "grid": {"right": 62},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "inverse": True, "data": [words[row["life"]] for row in shown]},
        "series": [{"type": "bar", "name": tell.unit, "data": data, "barMaxWidth": 18}],
    }
    table = [
        (
            named(words[row["life"]], tell.narrowed(Life(row["life"]))),
            tell.counted("legal_states", row),
            percent(row["share"]) if tell.drawn(row["value"]) == row["value"] else None,
        )
        for row in shown
    ]
    unknown = sum(row["value"] for row in shown if row["life"] == "unknown")
    figure = tell.figure(
        "legal_states",
        _("法律状态构成"),
        [_("登记状态"), tell.unit, _("份额")],
        table,
        unknown=unknown,
        option=option if shown else None,
        summary=_("未知不是失效：没有来源跟踪其法律状态"),
    )
    return Part(figure, 6)

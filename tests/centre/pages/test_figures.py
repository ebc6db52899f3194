"""Figures and records: what must be told beside a number, what the workbook holds, what a wall leaves out."""

from __future__ import annotations

import datetime
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.pages.figures import MARKS, Figure, marked
from pingjiang.centre.pages.lists import Linked, Marked
from pingjiang.centre.pages.records import Bind, Fact, FactGroup, Record, Tab
from pingjiang.errors import DefinitionError
from tests.centre.cast import Cast

PARTS: dict[str, Any] = {
    "name": "trend", "title": "各年同族数", "unit": "单位 同族", "period": "2019—2024", "cutoff": "截止 2024-06-30",
    "n": "n = 4，未知 1", "release": "R1", "rule": "规则 1.0", "heads": ["年份", "同族"],
    "rows": [("2023", -1200), ("未知", None), (Linked("2024", "/rows/"), 2)],
}  # fmt: skip


def of(**more: Any) -> Figure:
    return Figure(**{**PARTS, **more})


def bars(*data: object, **more: object) -> dict[str, object]:
    return {"option": {"series": [{"type": "bar", "data": data}]}, "summary": "两年", **more}


@pytest.mark.parametrize("part", ["title", "unit", "period", "cutoff", "n", "release", "rule"])
def test_a_figure_without_a_part_of_its_foot_is_refused(part: str) -> None:
    with pytest.raises(DefinitionError, match=part):
        of(**{part: ""})


def test_a_chart_needs_a_summary_a_table_its_columns_and_eyes_at_most_six_colours() -> None:
    with pytest.raises(DefinitionError, match="summary"):
        of(option={"series": []})
    with pytest.raises(DefinitionError, match="as long as"):
        of(rows=[("2023",)])
    seven = [{"type": "line", "data": [1]}] * 7
    with pytest.raises(DefinitionError, match="colours"):
        of(option={"series": seven}, summary="七条线")
    assert of(option={"series": [*seven[:6], {"tone": "stone", "data": [1]}]}, summary="其余为其他").marks == []


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_explained_in_the_foot_and_only_where_it_stands(mark: Any) -> None:
    found = of(**bars(1, marked(mark)))
    assert found.whole_foot[6:] == [str(MARKS[mark])]
    assert of(**bars(1)).whole_foot[6:] == []


def test_a_filter_bar_may_tell_period_and_release_but_a_file_tells_all() -> None:
    found = of(**bars(1), under_bar=True)
    assert "R1" not in found.foot and "2019—2024" not in found.foot
    assert "R1" in str(found.chart["foot"]) and "2019—2024" in str(found.chart["foot"])


@pytest.fixture
def olga(client: Client, cast: Cast) -> Client:
    client.force_login(cast.olga.user)
    return client


def test_the_chart_library_is_loaded_only_where_a_figure_stands(olga: Client) -> None:
    assert "echarts" in olga.get("/components/").content.decode()
    for path in ("/", "/cases/", "/todo/"):
        assert "echarts" not in olga.get(path).content.decode()


def test_a_figures_workbook_says_what_it_is_and_leaves_unknown_empty(olga: Client) -> None:
    answer = olga.get("/components/?figure=places")
    assert "pingjiang-places-R2026.11-1.xlsx" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    about = [row[0].value for row in book["about"].iter_rows()]
    assert about[0].startswith("示例数据") and "各区同族数" in about and "2019—2024" in about and "R2026.11-1" in about
    cells = [[cell.value for cell in row] for row in book["places"].iter_rows()]
    assert cells[1] == ["甲区", "184"] and cells[4] == ["丁区", None]
    assert olga.get("/components/?figure=nothing")["Content-Type"].startswith("text/html")


def test_a_wall_is_dark_and_has_neither_menu_nor_search(olga: Client) -> None:
    wall = olga.get("/components/?a=1&wall=1").content.decode()
    assert 'data-bs-theme="dark"' in wall and 'class="pj wall"' in wall
    assert "pj-nav" not in wall and "pj-find" not in wall
    assert 'href="/components/?a=1" data-key="Escape"' in wall
    desk = olga.get("/components/?a=1").content.decode()
    assert 'href="/components/?a=1&amp;wall=1"' in desk and "pj-nav" in desk
    assert "pj wall" not in olga.get("/?wall=1").content.decode()  # pages with figures alone


def test_table_and_option_stand_in_the_page(cast: Cast, rf: RequestFactory) -> None:
    request: Any = rf.get("/f/?level=city")
    request.user, request.actor = cast.olga.user, Actor(cast.olga.user, cast.olga.membership)
    template = engines["django"].from_string("{% load pj %}{% figure trend %}{% endfigure %}")
    html = template.render({"trend": of(**bars(1))}, request)
    assert 'aria-label="各年同族数: 两年"' in html
    told = json.loads(re.search(r'id="option-trend" type="application/json">(.*?)</script>', html)[1])  # type: ignore[index]
    assert told["title"] == "各年同族数" and told["words"]["unit"] == "单位 同族"
    assert "−1,200" in html and '<span class="unk">未知</span>' in html and '<a href="/rows/">2024</a>' in html
    assert 'href="?level=city&amp;figure=trend"' in html


def test_a_record_shows_facts_left_and_what_binds_right(cast: Cast, rf: RequestFactory) -> None:
    request: Any = rf.get("/r/")
    request.user, request.actor = cast.olga.user, Actor(cast.olga.user, cast.olga.membership)
    record = Record(
        "青石生物", [("主体", "/all/"), ("R-1", None)], Marked("存续", "ok"), "Bluestone",
        [Tab("身份", "?tab=1", 9, current=True), Tab("专利", "?tab=2", 1118)],
        [FactGroup("登记", [Fact("信用代码", None), Fact("人员", 64, "人")])],
        [Bind("质押中", Marked("在押", "warn"), "须质权人同意", datetime.date(2027, 1, 2))],
    )  # fmt: skip
    html = render_to_string("pages/record.html", {"record": record}, request=request)
    assert html.count('aria-current="page"') == 1 and "<small>1,118</small>" in html
    assert '<dt>信用代码</dt><dd><span class="unk">未知</span>' in html
    assert "2027-01-02 · 须质权人同意" in html
    assert html.index("信用代码") < html.index("质押中")

"""What the atlas carries is what the release says: each number equals the list behind it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pingjiang.atlas.gather import gather
from pingjiang.engine import Release, Session
from tests.indicators.tables import Thing, fill


@pytest.fixture(scope="module")
def atlas() -> dict[str, Any]:
    things = [
        Thing(
            unit,
            filed=date(2010 + at % 9, 1, 1) if at % 8 else None,
            granted=date(2015 + at % 5, 1, 1) if at % 3 else None,
            organisations=frozenset("ABC"[: at % 4]),
            nodes=frozenset(("l1", "l2", "l3")[: at % 3]),
            places=frozenset({("CN", "江苏省", "苏州市")} if at % 2 else {("JP", None, "Tokyo"), ("CN", None, None)}),
        )
        for at in range(40)
        for unit in ("publication", "application")
    ]
    chain = {"name": "t", "version": "1", "name_zh": "试", "name_en": "test"}
    release = Release(Path(), "R2026.11-1", "2026-11-23T00:00:00+00:00", None, {},
                      {"chain": chain, "sources": [], "built": "R2026.11-1"})  # fmt: skip
    with Session(threads=1) as session:
        fill(session, things)
        return dict(gather(session, release, {"synthetic": True}))


def listed(atlas: dict[str, Any], unit: str) -> list[dict[str, Any]]:
    items = atlas["items"][unit]
    columns = atlas["items"][items["same_as"]]["columns"] if "same_as" in items else items["columns"]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def rows(atlas: dict[str, Any], figure: str, unit: str) -> list[dict[str, Any]]:
    told = atlas["figures"][figure]
    names = [column["name"] for column in told["columns"]]
    return [dict(zip(names, row, strict=True)) for row in told["units"][unit]["rows"]]


@pytest.mark.parametrize("unit", ["publication", "application"])
def test_each_number_equals_the_list_behind_it(atlas: dict[str, Any], unit: str) -> None:
    items = listed(atlas, unit)
    assert all(item["title"] == f"title {item['publication_id'][1:]}" for item in items)
    nodes = [node["node_id"] for node in atlas["chain"]]
    for row in rows(atlas, "filings_by_year", unit):
        assert row["value"] == sum(item["filing_year"] == row["year"] for item in items)
    for row in rows(atlas, "grants_by_year", unit):
        assert row["value"] == sum(item["grant_year"] == row["year"] for item in items)
    ids = [entry[0] for entry in atlas["organisations"]]
    groups = [atlas["groups"][entry[2]][0] for entry in atlas["organisations"]]
    for row in rows(atlas, "top_organisations", unit):
        names = ids if row["level"] == "entity" else groups
        assert row["value"] == sum(
            row["organisation_id"] in {names[place] for place in item["organisations"]} for item in items
        )
    assert {row["level"] for row in rows(atlas, "top_organisations", unit)} == {"entity", "group"}
    for row in rows(atlas, "node_year", unit):
        at = nodes.index(row["node_id"])
        assert row["value"] == sum(at in item["nodes"] and item["filing_year"] == row["year"] for item in items)
    for row in rows(atlas, "cities", unit):
        at = atlas["places"].index([row["basis"], row["country"], row["province"], row["city"]])
        assert row["value"] == sum(at in item["places"] for item in items)


def test_what_was_said_of_the_data_travels_along(atlas: dict[str, Any]) -> None:
    assert atlas["meta"]["synthetic"]
    assert atlas["meta"]["title_zh"] == "试产业图谱"
    assert atlas["meta"]["horizon"]["last_complete_year"] == 2018

"""Numbers on pages are the library's: fifty random figures under random filters, counted again in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from pingjiang import pipeline
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import opened
from pingjiang.schema.units import UNITS
from tests.centre.cast import Cast

Item = Mapping[str, Any]


def _items(lake: DataLake) -> list[Item]:
    """Each counted thing with its leaves, countries and applicants, joined here and not by any indicator."""
    with opened(lake).session() as session:
        items = {row["item_id"]: {**row, "nodes": set(), "countries": set(), "applicants": set()}
                 for row in session.sql("select * from item").dicts()}  # fmt: skip
        for item, node in session.rows("select item_id, node_id from item_node"):
            items[item]["nodes"].add(node)
        for item, country in session.rows("select item_id, country from item_country where basis = 'applicant'"):
            items[item]["countries"].add(country)
        linked = "select i.item_id, o.organisation_id, o.name from item_organisation i " \
                 "join counted_organisation o using (organisation_number) where o.level = 'entity'"  # fmt: skip
        for item, key, name in session.rows(linked):
            items[item]["applicants"].add((key, name))
    return list(items.values())


def _cells(page: Any, name: str) -> dict[str, int]:
    [figure] = [part.figure for part in page.context["parts"] if part.figure.name == name]
    at = figure.heads.index(next(head for head in figure.heads if head in page.context["tell"].unit))
    return {str(row[0]).strip(): int(row[at]) for row in figure.rows if isinstance(row[at], int) and int(row[at])}


def _years(items: list[Item], tell: Any) -> Counter[str]:
    complete = tell.horizon["last_complete_year"] or 0
    return Counter(f"{i['filing_year']}{'' if i['filing_year'] <= complete else ' （不完整）'}" for i in items)


def _leaves(items: list[Item], tell: Any) -> Counter[str]:
    names: Counter[str] = Counter()
    for item in items:
        above: set[str | None] = {node for leaf in item["nodes"] for node in _path(tell, leaf)} or {None}
        names.update(tell.node(node) for node in above)
    return names


def _path(tell: Any, node: str | None) -> list[str]:
    found = []
    while node is not None:
        found.append(node)
        node = tell.nodes[node]["parent_id"]
    return found


def _applicants(items: list[Item], _tell: Any) -> Counter[str]:
    return Counter(name for item in items for _key, name in item["applicants"])


FIGURES: dict[str, tuple[str, Callable[[list[Item], Any], Counter[str]]]] = {
    "filings_by_year": ("time/", _years), "node_counts": ("nodes/", _leaves),
    "top_organisations": ("organisations/", _applicants),
}  # fmt: skip


@pytest.mark.slow
def test_fifty_random_figures_under_random_filters(client: Client, cast: Cast, lake: DataLake) -> None:
    client.force_login(cast.everyone["centre_manager"].user)
    draw, items = random.Random(1229), _items(lake)
    keys = sorted({key for item in items for key, _name in item["applicants"]})
    leaves = sorted({leaf for item in items for leaf in item["nodes"]})
    filled = 0
    for _turn in range(50):
        unit, name = draw.choice(UNITS), draw.choice(sorted(FIGURES))
        words: list[tuple[str, str]] = [("unit", unit)]
        left = [item for item in items if item["unit"] == unit]
        if draw.random() < 0.6:
            first, last = sorted((draw.randint(2009, 2018), draw.randint(2009, 2018)))
            words.append(("filed", f"{first}-{last}"))
            left = [item for item in left if first <= item["filing_year"] <= last]
        if draw.random() < 0.4:
            key = draw.choice(keys)
            words.append(("applicant", f"entity/{key}"))
            left = [item for item in left if key in {own for own, _name in item["applicants"]}]
        if draw.random() < 0.4:
            leaf = draw.choice([*leaves, "-"])
            words.append(("node", leaf))
            left = [item for item in left if (leaf in item["nodes"] if leaf != "-" else not item["nodes"])]
        if draw.random() < 0.3:
            words.append(("place", "applicant/-"))
            left = [item for item in left if not item["countries"]]
        view, count = FIGURES[name]
        page = client.get(f"/evidence/{lake.pk}/atlas/{view}?{urlencode(words)}")
        assert page.context["n"] == len(left), words
        assert _cells(page, name) == dict(count(left, page.context["tell"])), (name, words)
        filled += bool(left)
    assert filled > 20


def test_without_a_filter_pages_say_what_the_command_says(client: Client, cast: Cast, lake: DataLake) -> None:
    client.force_login(cast.everyone["centre_manager"].user)
    told = pipeline.indicators(opened(lake).lake)["indicators"]
    for unit in UNITS:
        page = client.get(f"/evidence/{lake.pk}/atlas/?unit={unit}")
        [entry] = [each for each in told if (each["name"], each["unit"]) == ("filings_by_year", unit)]
        assert sum(_cells(page, "filings_by_year").values()) == sum(row["value"] for row in entry["rows"])
        [entry] = [each for each in told if (each["name"], each["unit"]) == ("top_organisations", unit)]
        own = {row["organisation"]: row["value"] for row in entry["rows"] if row["level"] == "entity"}
        assert _cells(page, "top_organisations") == own

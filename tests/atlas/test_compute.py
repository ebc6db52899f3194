"""What the page counts itself, against plain Python over the same items."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import Any

import pytest

from tests.atlas.conftest import Opened
from tests.atlas.made import Item, World, figures_of, small_world

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SCOPES = [
    ("etch", None),
    ("mat", None),
    ("up", None),
    ("empty", None),
    (None, (2008, 2015)),
    ("cmp", (2010, 2019)),
    ("down", (2005, 2006)),
]
# Figure → the columns compared; all others are names.
COMPARED = {
    "filings_by_year": ("year", "value", "complete"),
    "grants_by_year": ("year", "value"),
    "top_organisations": ("rank", "organisation_id", "value", "share", "first_year", "last_year"),
    "concentration": ("organisations", "items", "unknown_items", "cr5", "hhi", "hhi_normalised"),
    "countries": ("country", "value", "share"),
    "cities": ("country", "province", "city", "value"),
    "co_applicants": ("organisation_id_a", "organisation_id_b", "value", "salton"),
}


def inside(item: Item, world: World, node: str | None, years: tuple[int, int] | None) -> bool:
    """Whether the filter bar would keep the item."""
    if years and not (item.filing_year is not None and years[0] <= item.filing_year <= years[1]):
        return False
    if node is None:
        return True
    index = next(i for i, each in enumerate(world.chain) if each["node_id"] == node)
    return bool(world.leaves(index) & set(item.nodes))


def expected(
    world: World, node: str | None, years: tuple[int, int] | None, figure: str, basis: str, level: str
) -> list[Any]:
    """The oracle's rows: the world cut down to the chosen items, counted as a whole."""
    kept = replace(world, items=[item for item in world.items if inside(item, world, node, years)])
    if not kept.items and figure not in ("concentration",):
        return []
    rows = _rows(kept, figure)
    return [row for row in rows if row.get("basis", basis) == basis and row.get("level", level) == level]


def _rows(world: World, figure: str) -> list[dict[str, Any]]:
    # The oracle's CAGR needs years that a narrow choice may lack: only the figure asked for is counted.
    from tests.atlas import made

    columns, count = made.COUNTS[figure]
    return [dict(zip(columns.split(), row, strict=True)) for row in count(world)]


def comparable(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Rows as sorted tuples, floats to twelve digits."""

    def plain(value: Any) -> Any:
        return round(value, 12) if isinstance(value, float) else value

    return sorted((tuple(plain(row[c]) for c in columns) for row in rows), key=str)


@pytest.mark.parametrize(("basis", "level"), [("applicant", "entity"), ("inventor", "group")])
@pytest.mark.parametrize(("node", "years"), SCOPES)
def test_counts_under_a_filter(
    opened: Opened, node: str | None, years: tuple[int, int] | None, basis: str, level: str
) -> None:
    address = f"b={basis}&o={level}" + (f"&n={node}" if node else "") + (f"&y={years[0]}-{years[1]}" if years else "")
    page = opened.go(address)
    world = small_world()
    for figure, columns in COMPARED.items():
        got = page.evaluate("(name) => PJ.get(name)", figure)
        assert not got.get("missing"), figure
        if node == "empty" and figure == "concentration":
            assert got["rows"][0]["items"] == 0 and got["rows"][0]["cr5"] is None
            continue
        want = expected(world, node, years, figure, basis, level)
        assert comparable(got["rows"], columns) == comparable(want, columns), figure


def _below(world: World, node_id: str) -> set[int]:
    return world.leaves(next(i for i, node in enumerate(world.chain) if node["node_id"] == node_id))


@pytest.mark.parametrize("level", ["leaf", "group", "segment"])
@pytest.mark.parametrize("years", [None, (2008, 2015)])
def test_heat_maps(opened: Opened, level: str, years: tuple[int, int] | None) -> None:
    world = small_world()
    items = [item for item in world.items if inside(item, world, None, years)]
    more = f"&hl={level}" + (f"&y={years[0]}-{years[1]}" if years else "")
    page = opened.go(f"v=technology{more}")
    shown = page.evaluate("[...PJ.modelOf('node-year').cells].filter(([key]) => !key.endsWith('null'))")
    assert shown
    for key, value in shown:
        node, year = key.split(" ")
        leaves = _below(world, node)
        assert value == sum(item.filing_year == int(year) and bool(leaves & set(item.nodes)) for item in items)
    for across in ("country", "city"):
        page = opened.go(f"v=places&ha={across}{more}")
        columns = page.evaluate("PJ.modelOf('place-node').columns.map(({ key, place }) => [key, place])")
        nodes = page.evaluate("PJ.modelOf('place-node').nodes.map((node) => node.node_id)")
        cells = dict(page.evaluate("[...PJ.modelOf('place-node').cells]"))
        assert columns and nodes
        for (key, place), node in itertools.product(columns, nodes):
            at = {i for i, each in enumerate(world.places) if each[: 1 + len(place)] == ["applicant", *place]}
            leaves = _below(world, node)
            want = sum(bool(leaves & set(item.nodes)) and bool(at & set(item.places)) for item in items)
            assert cells.get(f"{node} {key}", 0) == want, (node, place)


def test_what_the_release_counts_itself_is_taken_from_it(opened: Opened) -> None:
    page = opened.go("n=etch")
    assert page.evaluate("PJ.get('filings_by_year').counted ?? false") is False
    assert page.evaluate("PJ.get('countries').counted ?? false") is False
    assert page.evaluate("PJ.get('grants_by_year').counted") is True
    page = opened.go("n=mat")
    assert page.evaluate("PJ.get('filings_by_year').counted") is True
    page = opened.go("")
    for figure in COMPARED:
        assert page.evaluate("(name) => PJ.get(name).counted ?? false", figure) is False, figure


def test_conditions_survive_the_address(opened: Opened) -> None:
    page = opened.go("")
    dice = random.Random(3)
    letters = "a|;:%?江 é&=#/"
    for _ in range(40):
        value = "".join(dice.choice(letters) for _ in range(dice.randint(1, 12)))
        conditions = [{"kind": "org", "value": value}, {"kind": "node", "value": value[::-1]}]
        text = page.evaluate("(list) => PJ.formatConditions(list)", conditions)
        assert page.evaluate("(text) => PJ.parseConditions(text)", text) == conditions


def test_the_oracle_counts_every_item_once() -> None:
    world = small_world()
    figures = figures_of(world, ["publication"])
    rows = figures["filings_by_year"]["units"]["publication"]["rows"]
    assert sum(row[1] for row in rows if isinstance(row[1], int)) == len(world.items)

"""Facets: every value counted over all that was found, what is not known counted apart."""

from __future__ import annotations

from collections import Counter

from pingjiang.engine import Lake, open_engine
from pingjiang.search import find
from tests.search.conftest import SETTINGS, ask


def test_facets_count_all(kept_lake: Lake) -> None:
    found = find(kept_lake, "TIAB=*", settings=SETTINGS)
    facets = found.facets()
    assert found.total == 24
    years = Counter(f"201{number % 8}" for number in range(24))
    assert {one["id"]: one["count"] for one in facets["year"]["values"]} == years
    counts = {one["zh"]: one["count"] for one in facets["organisation"]["values"]}
    assert counts["宁德时代新能源科技股份有限公司"] == 8
    assert facets["node"]["unknown"] + len(ask(kept_lake, "NODE=*")) == 24


def test_an_unknown_state_is_counted_as_unknown(kept_lake: Lake) -> None:
    state = find(kept_lake, "TIAB=*", settings=SETTINGS).facets()["state"]
    with open_engine(SETTINGS, kept_lake.folder) as session:
        rows = session.rows(
            "select state, count(*) from s group by 1", s=kept_lake.require_current().open(session)["legal_state"]
        )
    states = dict(rows)
    assert state["unknown"] == states.pop("unknown") > 0
    assert {one["id"]: one["count"] for one in state["values"]} == states
    assert state["unknown"] == len(ask(kept_lake, "NOT LS=*")) == len(ask(kept_lake, "LS=unknown"))


def test_as_many_values_as_wanted_and_the_number_of_all(kept_lake: Lake) -> None:
    found = find(kept_lake, "TIAB=*", settings=SETTINGS)
    few, everything = found.facets(2)["year"], found.facets()["year"]
    assert few["values"] == everything["values"][:2]
    assert few["different"] == everything["different"] == len(everything["values"]) == 8


def test_nothing_found_is_counted_as_nothing(kept_lake: Lake) -> None:
    for facet in find(kept_lake, "没有这个词", settings=SETTINGS).facets().values():
        assert facet == {"values": [], "different": 0, "unknown": 0}

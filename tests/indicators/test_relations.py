"""What is said of rows without running a query holds when it is run."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from hypothesis import given, settings
from sqlglot import exp

from pingjiang.engine import Session
from pingjiang.indicators import load_all
from pingjiang.indicators.relations import Relation, release_tables
from pingjiang.indicators.rules import relation_of_query
from tests.indicators.tables import THINGS, Thing, fill


def parts(name: str) -> Mapping[str, tuple[str, Relation]]:
    """Each query inside an indicator with all before it as SQL, and what is said of its rows."""
    tree = sqlglot.parse_one(load_all()[name].sql(), dialect="duckdb")
    assert isinstance(tree, exp.Select)
    known = dict(release_tables())
    found, before = {}, []
    for cte in tree.ctes:
        known[cte.alias] = relation_of_query(cte.this, known)
        before.append(cte.sql(dialect="duckdb"))
        found[cte.alias] = (f"with {', '.join(before)}", known[cte.alias])
    return found


PARTS = {f"{name}.{part}": (part, *told) for name in load_all() for part, told in parts(name).items()}


def relation(query: str) -> Relation:
    return relation_of_query(sqlglot.parse_one(query, dialect="duckdb"), release_tables())


def key(query: str) -> set[str] | None:
    found = relation(query).key
    return None if found is None else set(found)


@given(things=THINGS)
@settings(max_examples=8, deadline=None)
def test_keys_that_are_seen_are_unique(things: list[Thing]) -> None:
    with Session(threads=1) as session:
        fill(session, things)
        for name, (part, before, told) in PARTS.items():
            if told.key is not None:
                columns = ", ".join(f'"{column}"' for column in sorted(told.key)) or "1"
                twice = session.rows(f"{before} select {columns} from {part} group by {columns} having count(*) > 1")
                assert twice == [], name


def test_most_parts_of_shipped_indicators_have_a_key_to_see() -> None:
    unseen = {name for name, (_, _, told) in PARTS.items() if told.key is None}
    assert len(PARTS) > 30
    assert unseen <= {
        "cities.every",
        "districts.every",
        "zones.every",
        "countries.every",
        "country_node.every",
        "node_counts.spread",
        "node_counts.every",
        "node_counts.filled",
        "firms_by_node.filled",
        "grant_lag.lag",
        "legal_states.counted",
        "legal_states.told",
        "concentration.shares",
    }


def test_a_key_goes_through_joins() -> None:
    assert key("select i.unit, i.item_id, i.item_key from item i") == {"item_id"}
    assert key("select i.unit from item i") is None
    assert key("select n.item_id from item_node n where n.node_id = 'l1'") == {"item_id"}
    both = "select i.unit, i.item_id, n.node_id from item i {} item_node n on n.item_id = i.item_id"
    assert key(both.format("join")) == {"item_id", "node_id"}
    assert key(both.format("left join")) == {"item_id", "node_id"}
    assert key("select n.node_id, i.item_id from item_node n join item i on i.unit = n.unit") is None
    named = "select o.name, i.unit, i.item_id from item i left join organisation o on o.{} = i.claim_count"
    assert key(named.format("organisation_number")) == {"item_id"}
    assert key(named.format("spellings")) is None
    assert key("select i.unit, i.item_id, h.cutoff_date from item i cross join horizon h") == {"item_id"}
    semi = "select i.unit, i.item_id from item i semi join item_node n on n.unit = i.unit"
    assert key(semi) == {"item_id"}


def test_a_left_join_does_not_make_its_columns_equal() -> None:
    """Where the right side is missing its key is NULL: it cannot stand for the left one."""
    joined = "located i left join located j on j.unit = i.unit and j.basis = i.basis"
    assert key(f"select i.unit, i.basis from {joined}") == {"unit", "basis"}
    assert key(f"select j.unit, j.basis from {joined}") is None
    inner = joined.replace("left join", "join")
    assert key(f"select j.unit, i.basis from {inner}") == {"unit", "basis"}


def test_grouping_distinct_and_unions_make_keys() -> None:
    assert key("select i.filing_year as year, count(*) as n from item i group by i.filing_year") == {"year"}
    assert key("select count(*) as n from item i group by i.filing_year") is None
    assert key("select count(*) as n from item i") == set()
    assert key("select distinct i.authority, i.filing_year from item i") == {"authority", "filing_year"}
    one = "select i.authority from item i"
    assert key(f"{one} union {one}") == {"authority"}
    assert key(f"{one} union all {one}") is None
    assert key("select i.unit, i.item_id, unnest(string_split(i.item_key, ' ')) as word from item i") is None


def test_doubles_are_known_behind_queries() -> None:
    query = """
        with a as (select i.unit, i.item_id, cast(i.claim_count as double) as c, i.claim_count as n from item i)
        select a.unit, a.item_id, a.c + 1 as more, cast(round(a.c) as bigint) as whole, a.n, a.c > 1 as large,
          count(a.c) over (partition by a.unit) as counted, sqrt(a.n) as root from a
    """
    assert relation(query).doubles == {"more", "root"}

"""Figures of a release under a filter, computed by the indicators' own SQL over fewer things.

The tables that an indicator reads are narrowed before it runs: to the things that the filter lets pass, with sums of
organisations and places made anew. So a filtered figure means what the whole one means, of fewer things. The cut-off
and its complete years stay those of the release.

A condition on a place or node narrows firms of the register too, by their own place and node; others do not touch
them (`touches`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from pingjiang.atlas.filters import Basis, Condition, Filter, Life, Node, Organisation, Place, Years
from pingjiang.engine import Session, Table
from pingjiang.engine.session import quote
from pingjiang.identities.counting import add_up_located
from pingjiang.identities.levels import add_up_organisations
from pingjiang.indicators import Indicator, run
from pingjiang.indicators.registry import FIRM, load
from pingjiang.schema.units import Level

# Tables with a row, or several, of each counted thing.
_OF_ITEMS = (
    "item",
    "item_organisation",
    "item_node",
    "item_place",
    "item_district",
    "item_country",
    "item_in_several_countries",
)
_OF_FIRMS = ("register_firm", "register_firm_node")
# What is added up from those, and from which of them.
_SUMS: Mapping[str, tuple[str, ...]] = {
    "organisation_year": ("item_organisation",),
    "organisation_total": ("item_organisation",),
    "located": ("item_country", "item_in_several_countries", "item"),
}
# Columns in which an indicator counts things, so that there is a list behind each number.
_COUNTS = ("value", "items")
_NOT_THINGS = frozenset({"new_entrants_by_year", "cagr"})  # these count organisations, or compare two years
_PLACES = ("country", "province", "city")


def run_filtered(session: Session, names: Sequence[str], under: Filter) -> dict[str, pa.Table]:
    """These indicators over the things that pass, in the filter's unit; those of firms in theirs.

    The release's tables must carry their names in the session. DefinitionError for a name that is no indicator.
    """
    wanted = [load(name) for name in names]
    with session.scratch():
        narrowed = _Narrowed(session, under)
        return {each.name: run(each, session, **narrowed.tables_of(each)) for each in wanted}


def touches(indicator: Indicator, each: Condition) -> bool:
    """Whether a condition narrows what an indicator counts."""
    return FIRM not in indicator.units or isinstance(each, Node | Place)


def count(session: Session, under: Filter) -> int:
    """How many things pass."""
    return int(session.rows(f"select count(*) from item i where {_passing(under)}")[0][0])


def behind(name: str, row: Mapping[str, Any], under: Filter) -> Filter | None:
    """The filter whose things are counted in a row of a figure; None where the row counts no things.

    As many as its `value` (of some indicators `items`) says.
    """
    indicator = load(name)
    columns = {column.name for column in indicator.columns}
    if FIRM in indicator.units or name in _NOT_THINGS or not columns & set(_COUNTS):
        return None
    return under.also(*_conditions(indicator, row))


def _conditions(indicator: Indicator, row: Mapping[str, Any]) -> Iterable[Condition]:
    key = indicator.key
    if "year" in key:
        kind: Any = "grant" if indicator.year_kind == "grant" else "filing"
        yield Years(kind, row["year"], row["year"])
    if "node_id" in key:
        yield Node(row["node_id"])
    for column in ("organisation_id", "organisation_id_a", "organisation_id_b"):
        if column in key:
            yield Organisation(row["level"], row[column])
    if "life" in key:
        yield Life(row["life"])
    if "basis" in key:
        yield _place_of(key, row)


def _place_of(key: Sequence[str], row: Mapping[str, Any]) -> Place:
    basis: Basis = row["basis"]
    if "district" in key or "zone" in key:
        deepest = "zone" if "zone" in key else "district"
        return Place(basis, ("CN", row["province"], row["city"], row[deepest]), zone=deepest == "zone")
    if row["country"] is None:
        return Place(basis, (None,))
    return Place(basis, tuple(row[column] for column in _PLACES if column in key))


# -- narrowing -------------------------------------------------------------------------------------------


class _Narrowed:
    """The tables of a release less what a filter leaves out; each is made when an indicator first asks for it."""

    def __init__(self, session: Session, under: Filter) -> None:
        self._session, self._under = session, under
        self._made: dict[str, Table] = {}
        self._chosen: Table | None = None

    def tables_of(self, indicator: Indicator) -> dict[str, Table]:
        """What an indicator reads, where it is narrowed; by the name of the whole table."""
        narrowed = (*_OF_ITEMS, *_SUMS, *_OF_FIRMS)
        return {name: self._table(name) for name in sorted(indicator.tables()) if name in narrowed}

    def _table(self, name: str) -> Table:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Table:
        if name in _OF_FIRMS:
            return self._firms(name)
        whole = f"select t.* from {name} t where t.unit = '{self._under.unit}'"
        if not self._under.conditions:
            return self._session.sql(whole)
        if name in _SUMS:
            return self._sum(name)
        if self._chosen is None:
            self._chosen = self._session.materialise(f"select i.item_id from item i where {_passing(self._under)}")
        # Not kept: most indicators read few columns of a table, and each of them once.
        return self._session.sql(
            f"select w.* from ({whole}) w semi join chosen c on c.item_id = w.item_id", chosen=self._chosen
        )

    def _sum(self, name: str) -> Table:
        parts = [self._table(part) for part in _SUMS[name]]
        if name == "located":
            return add_up_located(self._session, *parts)
        year, total = add_up_organisations(self._session, *parts)
        self._made |= {"organisation_year": year, "organisation_total": total}
        return self._made[name]

    def _firms(self, name: str) -> Table:
        tests = [_firm_test(each) for each in self._under if isinstance(each, Node | Place)]
        passing = f"select f.credit_code from register_firm f where {' and '.join(tests) or 'true'}"
        return self._session.sql(f"select t.* from {name} t semi join ({passing}) p on p.credit_code = t.credit_code")


def _passing(under: Filter) -> str:
    """SQL: whether a row `i` of `item` passes."""
    return " and ".join([f"i.unit = '{under.unit}'", *(_test(each, under) for each in under)])


def _test(each: Condition, under: Filter) -> str:
    if isinstance(each, Years):
        return _year_test(each)
    if isinstance(each, Node):
        return _among(_node_items(each), "item_node n", under, known=each.node_id is not None)
    if isinstance(each, Place):
        return _place_test(each, under)
    if isinstance(each, Organisation):
        return _among(_organisation_items(each), "item_organisation n", under, known=each.organisation_id is not None)
    alike = f"l.unit = '{under.unit}' and l.life = {quote(each.life)}"
    return f"i.item_id in (select l.item_id from ({_lives()}) l where {alike})"


def _among(where: str, table: str, under: Filter, *, known: bool = True) -> str:
    """SQL: whether a thing has a link of this kind, or has none."""
    linked = f"select n.item_id from {table} where n.unit = '{under.unit}' and {where}"
    return f"i.item_id {'' if known else 'not '}in ({linked})"


def _year_test(each: Years) -> str:
    column = f"i.{each.kind}_year"
    ends = [f"{column} >= {each.first}"] if each.first is not None else []
    ends += [f"{column} <= {each.last}"] if each.last is not None else []
    return " and ".join(ends) or f"{column} is null"


def _node_items(each: Node) -> str:
    if each.node_id is None:
        return "true"
    return f"n.node_id in (select c.node_id from chain_closure c where c.ancestor_id = {quote(each.node_id)})"


def _organisation_items(each: Organisation) -> str:
    if each.organisation_id is None:
        return f"n.level = '{each.level}'"
    numbers = (
        f"select o.organisation_number from counted_organisation o where o.level = '{each.level}' "
        f"and o.organisation_id = {quote(each.organisation_id)}"
    )
    return f"n.level = '{each.level}' and n.organisation_number in ({numbers})"


def _is(column: str, value: str | None) -> str:
    return f"{column} is null" if value is None else f"{column} = {quote(value)}"


def _place_test(each: Place, under: Filter) -> str:
    basis = f"n.basis = '{each.basis}'"
    if each.path[0] is None:
        return _among(basis, "item_country n", under, known=False)
    at = " and ".join([basis, *(_is(f"n.{column}", name) for column, name in zip(_PLACES, each.path, strict=False))])
    if len(each.path) <= len(_PLACES):
        return _among(at, "item_place n", under)
    _country, province, city, name = each.path
    column = "n.zone" if each.zone else "n.district"
    within = f"{basis} and {_is('n.province', province)} and {_is('n.city', city)}"
    if name is not None:
        return _among(f"{within} and {_is(column, name)}", "item_district n", under)
    told = _among(f"{within} and {column} is not null", "item_district n", under, known=False)
    return f"{_among(at, 'item_place n', under)} and {told}"


def _firm_test(each: Node | Place) -> str:
    if isinstance(each, Place):
        columns = (*_PLACES, "zone" if each.zone else "district")
        return " and ".join(_is(f"f.{column}", name) for column, name in zip(columns, each.path, strict=False))
    reached = "select n.credit_code from register_firm_node n join chain_closure c on c.node_id = n.node_id"
    if each.node_id is None:
        return f"f.credit_code not in ({reached})"
    return f"f.credit_code in ({reached} where c.ancestor_id = {quote(each.node_id)})"


@cache
def _lives() -> str:
    """SQL: each thing with its life, as the indicator of legal states concludes it: the query up to its counting."""
    tree = sqlglot.parse_one(load("legal_states").sql(), dialect="duckdb")
    queries = {cte.alias: cte.this for cte in tree.args["with_"].expressions}
    [life] = [each.this for each in queries["counted"].selects if each.alias == "life"]
    found = exp.select("r.item_id", "r.unit", exp.alias_(life.copy(), "life")).from_("ranked as r")
    for name in ("told", "ranked"):
        found = found.with_(name, as_=queries[name].copy())
    return found.sql(dialect="duckdb")


def _dicts(session: Session, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = session.arrow(query).to_pylist()
    return rows


# -- the list behind a number ----------------------------------------------------------------------------

_LISTED = """
with passing as (
  select i.* from item i where {passing}
  order by i.filing_date desc nulls last, i.item_key limit {limit} offset {offset}
), applicants as (
  select o.item_id, list(c.name order by c.name) as applicants
  from item_organisation o
  semi join passing p on p.item_id = o.item_id
  join counted_organisation c on c.organisation_number = o.organisation_number
  where o.unit = '{unit}' and o.level = 'entity' group by o.item_id
), nodes as (
  select n.item_id, list(n.node_id order by n.node_id) as nodes
  from item_node n semi join passing p on p.item_id = n.item_id
  where n.unit = '{unit}' group by n.item_id
), titled as (
  select p.publication_id, p.title, p.source_row
  from publication p semi join passing s on s.publication_id = p.publication_id
)
select
  i.item_key, i.publication_id, t.title, i.filing_date, i.publication_date, i.grant_date,
  coalesce(a.applicants, []) as applicants, coalesce(n.nodes, []) as nodes, t.source_row
from passing i
left join titled t on t.publication_id = i.publication_id
left join applicants a on a.item_id = i.item_id
left join nodes n on n.item_id = i.item_id
order by i.filing_date desc nulls last, i.item_key
"""


def listed(session: Session, under: Filter, offset: int, limit: int) -> list[dict[str, Any]]:
    """A page of the things that pass, latest filing first: key, publication, title, days, applicants, nodes, source."""
    query = _LISTED.format(passing=_passing(under), unit=under.unit, limit=limit, offset=offset)
    return _dicts(session, query)


def provinces(session: Session, under: Filter, basis: Basis) -> list[dict[str, Any]]:
    """Things that pass by province of China, each once a province; without a province in a row of its own."""
    return _dicts(
        session,
        f"select p.province, count(distinct p.item_id) as value from item_place p "
        f"semi join (select i.item_id from item i where {_passing(under)}) c on c.item_id = p.item_id "
        f"where p.unit = '{under.unit}' and p.basis = '{basis}' and p.country = 'CN' "
        "group by p.province order by value desc, p.province nulls last",
    )


def names_of(session: Session, organisation_ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """Id and name of organisations and groups."""
    ids = ", ".join(map(quote, organisation_ids))
    return session.rows(
        f"select o.organisation_id, min(o.name) from counted_organisation o where o.organisation_id in ({ids}) "
        "group by o.organisation_id"
    )


def follows_states(session: Session) -> bool:
    """Whether any source tells of legal states: without one there is no composition to show."""
    told = "select 1 from legal_fact f where f.origin in ('event', 'status') and f.applies limit 1"
    return bool(session.rows(told))


_PAIRS = """
with joint as (
  select o.item_id, c.organisation_id, c.name
  from item_organisation o
  semi join (select i.item_id from item i where {passing}) p on p.item_id = o.item_id
  join counted_organisation c on c.organisation_number = o.organisation_number
  where o.unit = '{unit}' and o.level = '{level}' and o.organisations > 1
)
select
  a.organisation_id as organisation_id_a, min(a.name) as organisation_a, b.organisation_id as organisation_id_b,
  min(b.name) as organisation_b, count(*) as value
from joint a
join joint b on b.item_id = a.item_id and b.organisation_id > a.organisation_id
group by a.organisation_id, b.organisation_id
order by value desc, organisation_id_a, organisation_id_b
"""


def pairs(session: Session, under: Filter, level: Level) -> list[dict[str, Any]]:
    """All pairs of joint applicants of what passes, strongest first: the whole network, uncut."""
    return _dicts(session, _PAIRS.format(passing=_passing(under), unit=under.unit, level=level))

"""What is counted of an organisation or group: by year, node, place and joint applicant; its legal states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pingjiang.centre.evidence.each import Each
from pingjiang.centre.evidence.opening import Opened
from pingjiang.schema.units import Unit

_PARTNERS_SHOWN = 12


@dataclass(frozen=True)
class Counted:
    """Counts of one organisation or group in one unit.

    total     items in all
    years     (filing year or None, items)
    nodes     (node_id, name_zh, name_en, items); node None: not placed on the chain
    places    (country, province, city, items) by applicants' addresses; country None: not known
    partners  (organisation_id, name, items): joint applicants
    """

    total: int
    years: list[tuple[int | None, int]]
    nodes: list[tuple[str | None, str | None, str | None, int]]
    places: list[tuple[str | None, str | None, str | None, int]]
    partners: list[tuple[str, str, int]]


def counted(at: Opened, number: int, unit: Unit) -> Counted:
    """What is counted of an organisation by its number in the release, which is of one level."""
    asked = _questions(unit)
    told = [[tuple(row.values()) for row in each.of(at, number)] for each in asked]
    years, nodes, places, partners = told
    return Counted(total(at, number, unit), years, nodes, places, partners)


def total(at: Opened, number: int, unit: Unit) -> int:
    """Items of an organisation or group in all."""
    return next((int(row["items"]) for row in _TOTAL[unit].of(at, number)), 0)


def states(at: Opened, number: int) -> list[tuple[str, int]]:
    """Legal states of its applications at the cut-off, and how many are in each; unknown last."""
    return [(str(row["state"]), int(row["items"])) for row in _STATES.of(at, number)]


def questions() -> Iterator[Each]:
    """What is asked first of an organisation: in the unit that its page opens with."""
    yield from _questions("simple_family")
    yield from (_TOTAL["simple_family"], _STATES)


@cache
def _questions(unit: Unit) -> tuple[Each, Each, Each, Each]:
    own = _OWN.format(unit=unit)
    years = _YEARS.format(unit=unit)
    return (
        Each(f"years {unit}", years, _YEARS_TOLD),
        Each(f"nodes {unit}", own, _NODES.format(unit=unit)),
        Each(f"places {unit}", own, _PLACES.format(unit=unit)),
        Each(f"partners {unit}", _PARTNERED.format(unit=unit), _PARTNERS, most=_PARTNERS_SHOWN),
    )


_OWN = "select i.organisation_number as owner, i.item_id from item_organisation i where i.unit = '{unit}'"
_YEARS = (
    "select y.organisation_number as owner, y.filing_year, y.items from organisation_year y where y.unit = '{unit}'"
)
_YEARS_TOLD = """
select o.owner, row_number() over (partition by o.owner order by o.filing_year nulls last) as place, o.filing_year,
  cast(o.items as bigint) as items
from own o
"""
_TOTAL = {
    unit: Each(
        f"total {unit}",
        f"select t.organisation_number as owner, t.items from organisation_total t where t.unit = '{unit}'",
        "select o.owner, 1 as place, o.items from own o",
    )
    for unit in ("publication", "application", "simple_family", "extended_family")
}
_NODES = """
with counted as (
  select o.owner, n.node_id, count(distinct o.item_id) as items from own o
  left join (select i.item_id, i.node_id from item_node i where i.unit = '{unit}') n on n.item_id = o.item_id
  group by o.owner, n.node_id
)
select c.owner, row_number() over (
    partition by c.owner order by c.node_id is null, c.items desc, c.node_id
  ) as place, c.node_id, h.name_zh, h.name_en, c.items
from counted c left join chain_node h on h.node_id = c.node_id
"""
_PLACES = """
with counted as (
  select o.owner, n.country, n.province, n.city, count(distinct o.item_id) as items from own o
  left join (
    select i.item_id, i.country, i.province, i.city from item_place i where i.unit = '{unit}' and i.basis = 'applicant'
  ) n on n.item_id = o.item_id
  group by o.owner, n.country, n.province, n.city
)
select c.owner, row_number() over (
    partition by c.owner order by c.country is null, c.items desc, c.country, c.province, c.city
  ) as place, c.country, c.province, c.city, c.items
from counted c
"""
# Items with several organisations of a level, each with its partners there.
_PARTNERED = """
select i.organisation_number as owner, i.item_id, i.level, '{unit}' as unit from item_organisation i
where i.unit = '{unit}'
"""
_PARTNERS = """
with joint as (
  select o.owner, x.organisation_number as partner, count(*) as items from own o
  join item_organisation x on x.item_id = o.item_id and x.unit = o.unit and x.level = o.level
    and x.organisation_number <> o.owner
  group by o.owner, x.organisation_number
)
select j.owner, row_number() over (partition by j.owner order by j.items desc, c.name, c.organisation_id) as place,
  c.organisation_id, c.name, j.items
from joint j join counted_organisation c on c.organisation_number = j.partner
"""
# Of the publication that stands for an application, as counts of applications have it (identities/counting.py).
_STATES = Each(
    "states",
    "select i.organisation_number as owner, i.item_id from item_organisation i where i.unit = 'application'",
    """
with told as (
  select o.owner, coalesce(s.state, 'unknown') as state from own o
  join (select i.item_id, i.item_key from item i where i.unit = 'application') i on i.item_id = o.item_id
  left join legal_state s on s.application_id = i.item_key
), counted as (
  select t.owner, t.state, count(*) as items from told t group by t.owner, t.state
)
select c.owner, row_number() over (
    partition by c.owner order by c.state = 'unknown', c.items desc, c.state
  ) as place, c.state, c.items
from counted c
""",
)

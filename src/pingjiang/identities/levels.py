"""Organisations at the two levels at which they count: as legal entities, and as the groups that these belong to.

Joint applicants of one group are one applicant there. Both levels have numbers of one sequence
(`counted_organisation`), so that links are joined by number alone.
"""

from __future__ import annotations

from functools import cached_property

from pingjiang.engine import Session, Table
from pingjiang.schema.units import LEVELS, Level


def _level(level: Level) -> str:
    """SQL: the name of a level, likewise."""
    return f"cast('{level}' as enum({', '.join(map(repr, sorted(LEVELS)))}))"


# Groups are numbered behind the organisations. A group bears the name of the organisation that heads it, or of the
# first that is known.
_COUNTED_ORGANISATION = f"""
with grouped as (
  select
    o.group_id, count(*) as organisations, max(case when o.organisation_id = o.group_id then o.name end) as head,
    min(o.organisation_number) as first_number
  from o group by o.group_id
), numbered as (
  select g.*, row_number() over (order by g.group_id) + (select count(*) from o) as organisation_number
  from grouped g
)
select o.organisation_number, {_level("entity")} as level, o.organisation_id, o.name, cast(1 as bigint) as organisations
from o
union all
select n.organisation_number, {_level("group")}, n.group_id, coalesce(n.head, o.name), n.organisations
from numbered n
join o on o.organisation_number = n.first_number
"""
# The number of the group of each organisation.
_GROUP_OF = """
select o.organisation_number, c.organisation_number as group_number
from o join c on c.level = 'group' and c.organisation_id = o.group_id
"""

# Most items have one applicant, which is one at either level. Joint ones are few, and looked at by themselves.
_JOINT = """
select l.item_id, l.unit, l.organisation_number, s.organisations, l.filing_year
from l join s on s.item_id = l.item_id
"""
_JOINT_GROUPS = """
with grouped as (
  select distinct j.item_id, j.unit, g.group_number as organisation_number, j.filing_year
  from j join g on g.organisation_number = j.organisation_number
)
select w.*, count(*) over (partition by w.item_id) as organisations from grouped w
"""
_SINGLE = "select l.item_id, l.unit, l.organisation_number, l.filing_year from l anti join s on s.item_id = l.item_id"
_ORGANISATIONS = f"""
select a.item_id, a.unit, {_level("entity")} as level, a.organisation_number, cast(1 as bigint) as organisations,
  a.filing_year
from a
union all
select j.item_id, j.unit, {_level("entity")}, j.organisation_number, j.organisations, j.filing_year from j
union all
select a.item_id, a.unit, {_level("group")}, g.group_number, cast(1 as bigint), a.filing_year
from a join g on g.organisation_number = a.organisation_number
union all
select k.item_id, k.unit, {_level("group")}, k.organisation_number, k.organisations, k.filing_year from k
"""

# 232792560 can be divided by 1 to 22: whole parts add up alike in any order, where fractions do not.
_WHOLE = 232792560
_SINGLE_YEAR = """
select a.unit, a.organisation_number, a.filing_year, count(*) as items
from a group by a.unit, a.organisation_number, a.filing_year
"""
_ORGANISATION_YEAR = f"""
with joint as (
  select {_level("entity")} as level, j.unit, j.organisation_number, j.filing_year, j.organisations from j
  union all
  select {_level("group")}, k.unit, k.organisation_number, k.filing_year, k.organisations from k
), every as (
  select
    t.level, t.unit, t.organisation_number, t.filing_year, count(*) as items, sum({_WHOLE} // t.organisations) as parts
  from joint t group by t.level, t.unit, t.organisation_number, t.filing_year
  union all
  select {_level("entity")}, a.unit, a.organisation_number, a.filing_year, a.items, a.items * {_WHOLE} from a
  union all
  select {_level("group")}, a.unit, g.group_number, a.filing_year, a.items, a.items * {_WHOLE}
  from a join g on g.organisation_number = a.organisation_number
)
select
  e.unit, e.level, e.organisation_number, e.filing_year, cast(sum(e.items) as bigint) as items,
  cast(sum(e.parts) as bigint) as parts
from every e group by e.unit, e.level, e.organisation_number, e.filing_year
"""

_ORGANISATION_TOTAL = """
select
  y.unit, y.level, y.organisation_number, cast(sum(y.items) as bigint) as items, cast(sum(y.parts) as bigint) as parts,
  min(y.filing_year) as first_year, max(y.filing_year) as last_year
from y group by y.unit, y.level, y.organisation_number
"""

# The same from applicants of items, where these are fewer than the release has.
_YEAR_OF_APPLICANTS = f"""
select
  i.unit, i.level, i.organisation_number, i.filing_year, count(*) as items,
  cast(sum({_WHOLE} // i.organisations) as bigint) as parts
from i group by i.unit, i.level, i.organisation_number, i.filing_year
"""


def add_up_organisations(session: Session, item_organisation: Table) -> tuple[Table, Table]:
    """`organisation_year` and `organisation_total` of these applicants of items."""
    year = session.materialise(_YEAR_OF_APPLICANTS, i=item_organisation)
    return year, session.materialise(_ORGANISATION_TOTAL, y=year)


class Levels:
    """The tables of organisations, from the links of items to legal entities.

    link      item_id, unit, organisation_number, filing_year: each once
    several   item_id, organisations: items with more than one
    """

    def __init__(self, session: Session, organisation: Table, link: Table, several: Table) -> None:
        self._session, self._organisation, self._link, self._several = session, organisation, link, several

    @cached_property
    def counted_organisation(self) -> Table:
        """Organisations as they are counted, at both levels."""
        return self._session.materialise(_COUNTED_ORGANISATION, o=self._organisation)

    @cached_property
    def _applicants(self) -> dict[str, Table]:
        """Applicants of items: where one stands alone (a), where several do (j) and their groups (k); groups by (g)."""
        group = self._session.materialise(_GROUP_OF, o=self._organisation, c=self.counted_organisation)
        joint = self._session.materialise(_JOINT, l=self._link, s=self._several)
        return {
            "a": self._session.sql(_SINGLE, l=self._link, s=self._several),
            "g": group,
            "j": joint,
            "k": self._session.materialise(_JOINT_GROUPS, j=joint, g=group),
        }

    @cached_property
    def item_organisation(self) -> Table:
        """Applicants of items, as legal entities and as groups."""
        return self._session.sql(_ORGANISATIONS, **self._applicants)

    @cached_property
    def organisation_year(self) -> Table:
        """Items and whole parts of items of each organisation, by filing year."""
        single = self._session.sql(_SINGLE_YEAR, a=self._applicants["a"])
        return self._session.materialise(_ORGANISATION_YEAR, **{**self._applicants, "a": single.materialise()})

    @cached_property
    def organisation_total(self) -> Table:
        """Items and whole parts of items of each organisation, and the years from and to which it filed."""
        return self._session.materialise(_ORGANISATION_TOTAL, y=self.organisation_year)

"""Simple families: applications with the same set of priorities.

An application without priority has the set {itself}; it is alone only while nobody claims it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.engine import Session, Table

_MEMBERS = """
with claimed as (
  select coalesce(d.application_id, p.publication_id) as application_id, p.priority_id, p.priority_date
  from priority p
  left join publication d on d.publication_id = p.publication_id
), sets as (
  select
    c.application_id, list_sort(list(distinct c.priority_id)) as priorities, min(c.priority_date) as priority_date
  from claimed c group by c.application_id
)
select
  a.application_id, s.priorities is not null as has_priority, s.priority_date,
  substr(md5(array_to_string(coalesce(s.priorities, [a.application_id]), ';')), 1, 16) as family_id
from application a
left join sets s on s.application_id = a.application_id
"""

_FAMILY = """
select
  m.family_id,
  bool_or(m.has_priority) as by_priority,
  -- The day said as such, and those printed beside the numbers of priorities.
  coalesce(least(min(a.priority_date), min(m.priority_date)), min(a.filing_date)) as earliest_date,
  count(*) as applications,
  count(distinct a.authority) as authorities,
  arg_min(a.publication_id, {'undated': a.first_publication_date is null, 'day': a.first_publication_date,
    'id': a.publication_id})
    filter (where a.publication_id is not null) as publication_id
from m join application a on a.application_id = m.application_id
group by m.family_id
"""


@dataclass(frozen=True)
class Families:
    """`application` now with family_id; `family` is table simple_family."""

    application: Table
    family: Table


def conclude_families(session: Session, publication: Table, application: Table, priority: Table) -> Families:
    """`application` + `priority` → family of each application."""
    members = session.materialise(_MEMBERS, priority=priority, publication=publication, application=application)
    family = session.materialise(_FAMILY, m=members, application=application)
    joined = session.materialise(
        "select a.*, m.family_id from a join m on m.application_id = a.application_id",
        a=application,
        m=members,
    )
    return Families(joined, family)


def members(session: Session, publication: Table, application: Table) -> Table:
    """Which publication is of which application and family: (publication_id, application_id, family_id)."""
    return session.materialise(
        "select p.publication_id, p.application_id, a.family_id from p join a on a.application_id = p.application_id",
        p=publication,
        a=application,
    )

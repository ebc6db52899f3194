"""Simple and extended families, from priorities and application links alone.

A simple family holds the applications with the same set of priorities; an extended one all that are connected through
any priority or link, over any number of steps. An application without priority has the set {itself}; it is alone only
while nobody claims it.

Links as they enter (decisions/0016):

    provisional, continuation in part    the parent is a priority like any other
    continuation, division, reissue,     the same invention filed again: such a parent is no priority of its own. An
    substitute, national stage           application that names no other has the set of its earliest such parent
    every other kind                     connects an extended family, and says nothing of a set
    related publication                  an earlier document of the same application: no link between two

An international application that a national one names among its priorities is what it is the national stage of.
Claims that cannot be as they stand are told in `priority_flag` and stay in `priority`:

    itself     the application's own number, as DOCDB prints it where an application claims nothing, or adds
               something of its own to what it claims: a part of its set like any other, which leads nowhere
    later      by every day that is known, filed after the application that claims it: it connects nothing. Beside
               others it is a part of the set as printed (some tools print the priorities of a whole family at each of
               its members); alone it is none
    circular   in a circle of claims, or between two: one of them is wrong and nobody knows which. All count as printed
"""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.engine import Session, Table
from pingjiang.identities.components import connected_components

_SAME_INVENTION = "('continuation', 'division', 'reissue', 'substitute', 'national_stage')"
_NEW_MATTER = "('provisional', 'continuation_in_part')"

# One row for each application and each other one that it claims or hangs on.
#   in_set     a priority in the sense of the set
#   passes     its set is this one's: the same invention, filed before
_CLAIM = f"""
with said as (
  select
    coalesce(d.application_id, p.publication_id) as application_id, p.priority_id, p.priority_date,
    cast(null as varchar) as kind, p.source_row
  from priority p
  left join publication d on d.publication_id = p.publication_id
  union all
  select
    case when r.side = 'parent' then r.application_id else r.related_id end as application_id,
    case when r.side = 'parent' then r.related_id else r.application_id end as priority_id,
    case when r.side = 'parent' then r.related_date end as priority_date, r.kind, r.source_row
  from relation r
  where r.side in ('parent', 'child')
), claim as (
  select
    s.application_id, s.priority_id, min(s.priority_date) as priority_date, min(s.source_row) as source_row,
    bool_or(s.kind is null) as printed, bool_or(coalesce(s.kind, '') in {_NEW_MATTER}) as adds,
    bool_or(coalesce(s.kind, '') in {_SAME_INVENTION}) as again
  from said s
  group by s.application_id, s.priority_id
), weighed as (
  select
    c.*, a.filing_date, coalesce(least(p.filing_date, c.priority_date), a.priority_date) as claimed_date,
    not c.adds and (c.again or (starts_with(c.priority_id, 'WO') and not starts_with(c.application_id, 'WO')))
      as passes
  from claim c
  join application a on a.application_id = c.application_id
  left join application p on p.application_id = c.priority_id
)
select
  w.application_id, w.priority_id, w.priority_date, w.claimed_date, w.filing_date, w.source_row, w.passes,
  (w.printed or w.adds) and not w.passes as in_set,
  case when w.priority_id = w.application_id then 'itself' when w.claimed_date > w.filing_date then 'later' end
    as reason
from weighed w
"""

# Claims whose one end is claimed by nobody, or whose other end claims nothing, stand in no circle.
_BETWEEN = """
select e.application_id, e.priority_id
from e
semi join e claiming on claiming.priority_id = e.application_id
semi join e claimed on claimed.application_id = e.priority_id
"""
_FLAGGED = """
select
  c.application_id, c.priority_id, coalesce(c.reason, 'circular') as reason, c.filing_date, c.claimed_date, c.source_row
from c
left join r on r.application_id = c.application_id and r.priority_id = c.priority_id
where c.reason is not null or r.application_id is not null
"""
_SOUND = """
select
  c.application_id, c.priority_id, c.claimed_date, c.passes and r.application_id is null as passes
from c
left join r on r.application_id = c.application_id and r.priority_id = c.priority_id
where c.reason is null
"""

_SET = """
select c.application_id, list_sort(list(c.priority_id)) as priorities
from c where c.in_set
group by c.application_id having count(*) > count_if((c.reason = 'later') is not distinct from true)
"""
# Of those that claim nothing of their own, the earliest application of which each is another filing.
_ROOT = """
select
  s.application_id,
  arg_min(s.priority_id, {'undated': s.claimed_date is null, 'day': s.claimed_date, 'id': s.priority_id}) as root_id
from s
anti join sets t on t.application_id = s.application_id
where s.passes
group by s.application_id
"""
_FURTHER = """
select r.application_id, coalesce(f.root_id, r.root_id) as root_id
from r left join r f on f.application_id = r.root_id
"""

_KEYED = """
select
  a.application_id,
  substr(md5(array_to_string(
    coalesce(s.priorities, o.priorities, [coalesce(r.root_id, a.application_id)]), ';'
  )), 1, 16) as family_id
from application a
left join sets s on s.application_id = a.application_id
left join r on r.application_id = a.application_id
left join sets o on o.application_id = r.root_id
"""
# A set may hold claims that connect nothing: such a family is connected as one.
_LINK = """
select s.application_id, s.priority_id from s
union all
select k.application_id, 'family:' || k.family_id
from k
semi join (
  select k.family_id
  from k semi join (select c.* from c where c.reason = 'later') l on l.application_id = k.application_id
) f on f.family_id = k.family_id
"""
_NUMBERED = """
select i.id, row_number() over () as node
from (select s.application_id as id from s union select s.priority_id from s) i
"""
_EDGE = """
select distinct least(x.node, y.node) as a, greatest(x.node, y.node) as b
from s
join n x on x.id = s.application_id
join n y on y.id = s.priority_id
"""
_CONNECTED = """
select n.id, min(n.id) over (partition by l.label) as least_id from n join l on l.node = n.node
"""

_MEMBERS = """
with told as (
  select c.application_id, min(case when c.reason is null then c.priority_date end) as priority_date
  from c group by c.application_id
)
select
  a.application_id, t.application_id is not null as has_priority,
  -- The day said as such, and those printed beside the numbers of priorities; none that is later than the filing.
  coalesce(
    least(case when (a.priority_date > a.filing_date) is distinct from true then a.priority_date end, t.priority_date),
    a.filing_date
  ) as earliest_date,
  k.family_id, substr(md5('extended:' || coalesce(x.least_id, a.application_id)), 1, 16) as extended_family_id
from application a
join k on k.application_id = a.application_id
left join told t on t.application_id = a.application_id
left join x on x.id = a.application_id
"""

_STANDS = """
  arg_min(a.publication_id, {'undated': a.first_publication_date is null, 'day': a.first_publication_date,
    'id': a.publication_id})
    filter (where a.publication_id is not null) as publication_id
"""
_FAMILY = f"""
select
  m.family_id,
  min(m.extended_family_id) as extended_family_id,
  bool_or(m.has_priority) as by_priority,
  min(m.earliest_date) as earliest_date,
  count(*) as applications,
  count(distinct a.authority) as authorities,
  {_STANDS}
from m join application a on a.application_id = m.application_id
group by m.family_id
"""
_EXTENDED = f"""
select
  m.extended_family_id,
  bool_or(m.has_priority) as by_priority,
  min(m.earliest_date) as earliest_date,
  count(*) as applications,
  count(distinct m.family_id) as simple_families,
  count(distinct a.authority) as authorities,
  {_STANDS}
from m join application a on a.application_id = m.application_id
group by m.extended_family_id
"""


@dataclass(frozen=True)
class Families:
    """`application` now with both families; the tables simple_family, extended_family and priority_flag."""

    application: Table
    family: Table
    extended: Table
    flag: Table


def conclude_families(
    session: Session, publication: Table, application: Table, priority: Table, relation: Table
) -> Families:
    """`application` with `priority` and `relation` → both families of each application."""
    claim = session.materialise(
        _CLAIM, priority=priority, relation=relation, publication=publication, application=application
    )
    circle = _circles(session, claim)
    sound = session.materialise(_SOUND, c=claim, r=circle)
    sets = session.materialise(_SET, c=claim)
    keyed = session.materialise(_KEYED, application=application, sets=sets, r=_roots(session, sound, sets))
    link = session.sql(_LINK, s=sound, k=keyed, c=claim)
    members = session.materialise(
        _MEMBERS, application=application, c=claim, k=keyed, x=_connected(session, link.materialise())
    )
    return Families(
        application=session.materialise(
            "select a.*, m.family_id, m.extended_family_id from a join m on m.application_id = a.application_id",
            a=application,
            m=members,
        ),
        family=session.materialise(_FAMILY, m=members, application=application),
        extended=session.materialise(_EXTENDED, m=members, application=application),
        flag=session.materialise(_FLAGGED, c=claim, r=circle),
    )


def _circles(session: Session, claim: Table) -> Table:
    """Claims in a circle, or between two: what is left when those that cannot be are taken away, until all stays."""
    edge = session.materialise(
        "select c.application_id, c.priority_id from c semi join c t on t.application_id = c.priority_id "
        "where c.reason is null",
        c=claim,
    )
    rows = edge.count()
    while rows:
        edge, before = session.materialise(_BETWEEN, e=edge), edge
        session.drop(before)
        if rows == (rows := edge.count()):
            break
    return edge


def _roots(session: Session, sound: Table, sets: Table) -> Table:
    """(application_id, root_id): where the chain of an application that was filed again begins.

    Each round leaps twice as far as the one before; there is no circle among these claims.
    """
    root = session.materialise(_ROOT, s=sound, sets=sets)
    while session.rows("select 1 from r semi join r f on f.application_id = r.root_id limit 1", r=root):
        root, before = session.materialise(_FURTHER, r=root), root
        session.drop(before)
    return root


def _connected(session: Session, link: Table) -> Table:
    """(id, least_id): each number that is connected to another, with the least of all that it is connected to."""
    numbered = session.materialise(_NUMBERED, s=link)
    label = connected_components(session, session.materialise(_EDGE, s=link, n=numbered))
    return session.materialise(_CONNECTED, n=numbered, l=label)


def members(session: Session, publication: Table, application: Table) -> Table:
    """Which publication is of which application and family: (publication_id, application_id, family_id)."""
    return session.materialise(
        "select p.publication_id, p.application_id, a.family_id from p join a on a.application_id = p.application_id",
        p=publication,
        a=application,
    )

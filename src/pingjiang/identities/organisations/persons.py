"""Individuals: one name may be that of many, so that mentions are joined by more than the name."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pingjiang.engine import Session, Table

# What two mentions of one name can share: the family, another applicant or inventor, the address. Only what at least
# two mentions of the name have is told.
_SHARED = """
with person as (
  select a.publication_id, a.sequence, s.entity_id, a.address, m.family_id
  from a join s on s.name = a.name and s.kind = 'individual' and not s.judged
  left join m on m.publication_id = a.publication_id
), key as (
  select p.publication_id, p.sequence, p.entity_id, 'family ' || p.family_id as shared from person p
  where p.family_id is not null
  union all
  select p.publication_id, p.sequence, p.entity_id, 'address ' || p.address from person p where length(p.address) >= 8
  union all
  select p.publication_id, p.sequence, p.entity_id, 'with ' || o.entity_id
  from person p
  join a on a.publication_id = p.publication_id and a.sequence <> p.sequence
  join s o on o.name = a.name and o.entity_id <> p.entity_id
  union all
  select p.publication_id, p.sequence, p.entity_id, 'with ' || n.folded
  from person p
  join (
    select i.publication_id, lower(regexp_replace(i.name, '[^\\p{L}\\p{N}]+', ' ', 'g')) as folded from i
  ) n on n.publication_id = p.publication_id
  join told t on t.entity_id = p.entity_id and t.folded <> n.folded
), told_twice as (
  select k.entity_id, k.shared from key k
  group by k.entity_id, k.shared having count(*) > 1
)
select k.publication_id, k.sequence, k.entity_id, k.shared
from key k join told_twice t on t.entity_id = k.entity_id and t.shared = k.shared
"""

_FOLDED = "lower(regexp_replace({}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


def separate_persons(session: Session, applicant: Table, inventor: Table, member: Table, spelling: Table) -> Table:
    """Mentions of individuals → (publication_id, sequence, organisation_id): one where more than the name is shared.

    The id is made of the name and the least publication of those that are joined.
    """
    mention = session.materialise(
        """
        select a.publication_id, a.sequence, s.entity_id,
          row_number() over (order by s.entity_id, a.publication_id, a.sequence) - 1 as number
        from a join s on s.name = a.name and s.kind = 'individual' and not s.judged
        """,
        a=applicant,
        s=spelling,
    )
    told = session.sql(
        f"select distinct s.entity_id, {_FOLDED.format('s.name')} as folded from s "
        "where s.kind = 'individual' and not s.judged",
        s=spelling,
    )
    shared = session.sql(_SHARED, a=applicant, s=spelling, m=member, i=inventor, told=told)
    edge = session.arrow(
        """
        with joined as (
          select m.number, min(m.number) over (partition by h.entity_id, h.shared) as first
          from h join m on m.publication_id = h.publication_id and m.sequence = h.sequence
        )
        select distinct j.number, j.first from joined j where j.number <> j.first
        """,
        h=shared,
        m=mention,
    )
    size = mention.count()
    one, other = (edge[name].to_numpy().astype(np.int64) for name in ("number", "first"))
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    component = connected_components(graph, directed=False)[1] if size else np.empty(0, np.int32)
    least = np.full(component.max() + 1 if size else 0, size, np.int64)
    np.minimum.at(least, component, np.arange(size))
    joined = session.from_arrow(pa.table({"number": np.arange(size), "first": least[component]}))
    return session.materialise(
        """
        select m.publication_id, m.sequence,
          substr(md5(f.entity_id || ' ' || f.publication_id || ' ' || cast(f.sequence as varchar)), 1, 16)
            as organisation_id
        from m join j on j.number = m.number join f on f.number = j.first
        """,
        m=mention,
        j=joined,
        f=mention,
    )

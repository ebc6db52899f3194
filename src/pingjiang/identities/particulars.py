"""What whole documents tell beside their bibliography: claims, citations one by one, events, related applications.

Their columns of `record` are wide. Other steps do without them, and here they are read once, straight from the
release's files, and never held.
"""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.engine import Session, Table
from pingjiang.identities.precedence import rank_sql

# Columns of `record` that no other step reads.
PARTICULAR_COLUMNS = ("claims", "citations", "description", "events", "relations", "uspc")


@dataclass(frozen=True)
class Particulars:
    """`cited`: patent documents as printed, for the table of citations (parties.py)."""

    claim: Table
    cited: Table  # publication_id, number, category, origin, source_row
    literature: Table
    event: Table
    related: Table  # application_id, kind, side, printed, day, source_row: for the table of relations (parties.py)


def conclude_particulars(
    session: Session, record: Table, said: Table, publication: Table, source: Table | None = None
) -> Particulars:
    """`record` with all its columns, and `said` and `publication` as documents.py concludes them → `Particulars`.

    `source`: source_id and known_date, the day of its import.
    """
    source = source or session.from_rows({"source_id": "VARCHAR", "known_date": "DATE"}, [])
    citing = session.materialise(_chosen_sql("citations"), record=record, said=said)
    cited = session.materialise(_CITED, record=record, chosen=citing)
    claiming = session.materialise(_chosen_sql("claims"), record=record, said=said)
    return Particulars(
        claim=session.sql(_CLAIM, record=record, chosen=claiming),
        cited=session.sql("select c.* from cited c where c.number is not null", cited=cited),
        literature=session.materialise(_LITERATURE, cited=cited),
        event=session.materialise(_EVENT, record=record, said=said, publication=publication, source=source),
        related=session.materialise(_RELATED, record=record, said=said, publication=publication),
    )


def _chosen_sql(field: str) -> str:
    """The row of each publication whose list counts: of the first format in the order of sources, the latest."""
    return f"""
    with telling as (
      select r.source_row, r.key from record r where r.{field} is not null
    ), ranked as (
      select
        s.publication_id, s.source_row, s.key,
        row_number() over (
          partition by s.publication_id
          order by {rank_sql("default", "s.format")}, s.imported desc, s.row_number, s.source_row, s.key
        ) as place
      from said s
      join telling t on t.source_row = s.source_row and t.key = s.key
    )
    select r.publication_id, r.source_row, r.key from ranked r where r.place = 1
    """


# An engine that holds the first table of a join and streams the second holds no texts: Sail takes at most 2 GB of them.
_CLAIM = """
with listed as (
  select c.publication_id, c.source_row, unnest(r.claims) as claim, generate_subscripts(r.claims, 1) as sequence
  from chosen c
  join record r on r.source_row = c.source_row and r.key = c.key
)
select
  l.publication_id, l.sequence, l.claim.number as number, l.claim.language as language, l.claim.text as text,
  coalesce(array_length(l.claim.depends_on), 0) = 0 as independent, l.claim.depends_on as depends_on, l.source_row
from listed l
"""

_CITED = """
with listed as (
  select c.publication_id, c.source_row, unnest(r.citations) as citation, generate_subscripts(r.citations, 1) as place
  from chosen c
  join record r on r.source_row = c.source_row and r.key = c.key
)
select
  l.publication_id, l.place, l.citation.number as number, l.citation.text as text, l.citation.category as category,
  l.citation.origin as origin, l.source_row
from listed l
"""

_LITERATURE = """
select
  c.publication_id, row_number() over (partition by c.publication_id order by c.place) as sequence, c.text,
  c.category, c.origin, c.source_row
from cited c
where c.number is null and c.text is not null
"""

_EVENT = """
with listed as (
  select
    r.source_id, r.source_row, r.key, r.key_kind, r.format, r.application_id, unnest(r.events) as event
  from record r where r.events is not null
), of_documents as (
  select s.source_row, s.key, s.publication_id, p.application_id
  from said s
  join publication p on p.publication_id = s.publication_id
), told as (
  select
    coalesce(d.application_id, l.application_id) as application_id, d.publication_id, l.event.authority as authority,
    l.event.code as code, l.event.date as date, l.event.effective_date as effective_date, l.event.text as text,
    l.event.details as details, l.format, l.source_row, s.known_date
  from listed l
  left join source s on s.source_id = l.source_id
  left join of_documents d on d.source_row = l.source_row and d.key = l.key
), alike as (
  select
    t.application_id, min(t.publication_id) as publication_id, t.authority, t.code, t.date, t.effective_date, t.text,
    t.details, t.format, min(t.source_row) as source_row,
    case when count(t.known_date) = count(*) then min(t.known_date) end as known_date
  from told t
  where t.application_id is not null
  group by t.application_id, t.authority, t.code, t.date, t.effective_date, t.text, t.details, t.format
)
select
  a.application_id,
  row_number() over (
    partition by a.application_id
    order by a.date nulls last, a.effective_date nulls last, a.code nulls last, a.text nulls last, a.format,
      a.source_row, array_to_string(a.details, chr(10)) nulls last, a.authority nulls last
  ) as sequence,
  a.publication_id, a.authority, a.code, a.date, a.effective_date, a.text, a.details, a.known_date, a.format,
  a.source_row
from alike a
"""

# Of all rows: what one source tells of an application's parents does not gainsay another.
_RELATED = """
with listed as (
  select r.source_row, r.key, r.application_id, unnest(r.relations) as relation
  from record r where r.relations is not null
), of_documents as (
  select s.source_row, s.key, p.application_id
  from said s
  join publication p on p.publication_id = s.publication_id
)
select
  coalesce(d.application_id, l.application_id) as application_id, l.relation.kind as kind, l.relation.side as side,
  l.relation.number as printed, l.relation.date as day, l.source_row
from listed l
left join of_documents d on d.source_row = l.source_row and d.key = l.key
where l.relation.number is not null and coalesce(d.application_id, l.application_id) is not null
"""

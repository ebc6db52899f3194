"""Publications and applications, concluded from all that was said of them.

Where several rows speak of one publication, each field is taken from the first source in the order of
`precedence.yaml` that says anything, of two files of one format from the one imported later; what the others
say stays in `record` and, where it differs, in `conflict`. Most publications have one row, and those pass
straight through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identifiers import ParsedNumbers, is_grant_many, patent_type_many
from pingjiang.identities.precedence import fields_with_own_order, rank_sql

_FIELDS = (
    "title", "title_zh", "title_en", "abstract", "abstract_zh", "abstract_en", "publication_date", "filing_date",
    "grant_date", "priority_date", "patent_type", "claim_count", "legal_status", "application_id",
)  # fmt: skip
# Fields on which a difference between rows is worth a person's look; the words of a legal status only between
# rows of one format, since each tool has its own.
_COMPARED = ("publication_date", "filing_date", "grant_date", "patent_type", "claim_count", "application_id")
_COMPARED_WITHIN_FORMAT = ("legal_status",)

# A number without kind code means the one document with that number, where there is just one.
_RESOLVED = """
with sole as (
  select r.authority, r.number, min(r.publication_id) as publication_id, min(r.kind) as kind
  from record r
  where r.kind is not null and r.key_kind = 'publication'
  group by r.authority, r.number
  having count(distinct r.publication_id) = 1
)
select
  r.* replace (
    case when r.kind is null then coalesce(s.publication_id, r.publication_id) else r.publication_id end
      as publication_id,
    coalesce(r.kind, s.kind) as kind
  ),
  coalesce(i.sequence, 0) as imported
from record r
left join imported i on i.source_id = r.source_id
left join sole s on r.kind is null and s.authority = r.authority and s.number = r.number
where r.key_kind = 'publication'
"""

_ALONE = """
select
  r.* replace (r.application_id as publication_id), coalesce(i.sequence, 0) as imported
from record r
left join imported i on i.source_id = r.source_id
anti join publication p on p.application_id = r.application_id
where r.key_kind = 'application'
"""

_DOCUMENT = """
select p.publication_id, p.title, p.title_zh, p.title_en, p.abstract_zh, p.abstract_en from publication p
union all
select a.application_id, a.title_alone, null, null, null, null from application a where a.publication_id is null
"""

_HAN = r"'[\x{4E00}-\x{9FFF}]'"
_KANA_OR_HANGUL = r"'[\x{3040}-\x{30FF}\x{AC00}-\x{D7AF}]'"


@dataclass(frozen=True)
class Documents:
    """`said`: rows of `record` under the id of their document (the input of other steps).

    The document of a row is its publication; where no publication of an application is known, the application
    itself, under its own id. `document` is `publication` with a row for each of those.
    """

    said: Table
    document: Table
    publication: Table
    application: Table
    conflict: Table


def conclude_documents(session: Session, record: Table, imported: Sequence[str] = ()) -> Documents:
    """`record` → `publication`, `application` (without family_id) and `conflict`.

    `imported`: source ids in the order of their import; one not named counts as earlier than all of them.
    """
    order = [(source_id, sequence) for sequence, source_id in enumerate(imported, start=1)]
    sequences = session.from_rows({"source_id": "VARCHAR", "sequence": "BIGINT"}, order)
    said = session.materialise(_RESOLVED, record=record, imported=sequences)
    merged = session.materialise(_merge_sql(), said=said)
    typed = session.materialise(_TYPED, merged=merged, kinds=_kinds(session, merged))
    publication = session.materialise(_PUBLICATION, p=typed)
    application = session.materialise(_APPLICATION, publication=publication, record=record)
    conflict = session.materialise(_conflict_sql(), said=said, publication=publication)
    alone = session.materialise(_ALONE, record=record, imported=sequences, publication=publication)
    every = session.sql("select * from said union all select * from alone", said=said, alone=alone)
    document = session.sql(_DOCUMENT, publication=publication, application=application)
    return Documents(every, document, publication, application, conflict)


def _merge_sql() -> str:
    """One row a publication: straight through where one row spoke, field by field where several did."""
    orders = {field: field if field in fields_with_own_order() else "default" for field in _FIELDS}
    ranks = ", ".join(
        f"{{'rank': {rank_sql(order, 's.format')}, 'older': -s.imported, 'row': s.row_number, "
        f"'address': s.source_row}} as rank_{order}"
        for order in sorted(set(orders.values()) | {"default"})
    )
    single = ", ".join(f"s.{field}" for field in _FIELDS)
    several = ", ".join(
        f"arg_min(s.{field}, s.rank_{order}) filter (where s.{field} is not null) as {field}"
        for field, order in orders.items()
    )
    return f"""
    with counted as (
      select s.*, count(*) over (partition by s.publication_id) as rows_said from said s
    ), ranked as (
      select s.*, {ranks} from counted s where s.rows_said > 1
    )
    select s.publication_id, s.authority, s.number, s.kind, s.source_row, 1 as sources, {single}
    from counted s where s.rows_said = 1
    union all by name
    select
      s.publication_id, min(s.authority) as authority, min(s.number) as number, max(s.kind) as kind,
      arg_min(s.source_row, s.rank_default) as source_row, count(distinct s.source_id) as sources, {several}
    from ranked s group by s.publication_id
    """


def _kinds(session: Session, merged: Table) -> Table:
    """For each publication: is it a grant, and which type of right."""
    data = session.sql(
        "select m.publication_id, m.authority, m.number, m.kind, m.publication_date from m", m=merged
    ).arrow()
    ids, authorities, numbers, kinds, dates = (data[name].to_pylist() for name in data.column_names)
    nothing: list[str | None] = [None] * len(ids)
    parsed = ParsedNumbers("publication", ids, authorities, numbers, kinds, nothing, nothing, nothing)
    grants, types = is_grant_many(parsed, dates), patent_type_many(parsed)
    return session.from_arrow(
        pa.table(
            {
                "publication_id": data["publication_id"],
                "is_grant": pa.array(grants, type=pa.bool_()),
                "type_of_kind": pa.array(types, type=pa.string()),
            }
        )
    )


# Titles of unknown language are Chinese where they hold Han characters and neither kana nor hangul.
_TYPED = f"""
select
  m.publication_id, m.authority, m.number, m.kind, k.is_grant, m.publication_date, m.application_id,
  coalesce(k.type_of_kind, m.patent_type) as patent_type,
  coalesce(
    m.title_zh,
    case when regexp_matches(m.title, {_HAN}) and not regexp_matches(m.title, {_KANA_OR_HANGUL}) then m.title end
  ) as title_zh,
  coalesce(
    m.title_en,
    case when not regexp_matches(m.title, '[^\\x{{0000}}-\\x{{024F}}\\x{{2000}}-\\x{{206F}}]') then m.title end
  ) as title_en,
  m.title as title_said,
  coalesce(
    m.abstract_zh,
    case when regexp_matches(left(m.abstract, 60), {_HAN})
      and not regexp_matches(left(m.abstract, 60), {_KANA_OR_HANGUL}) then m.abstract end
  ) as abstract_zh,
  coalesce(m.abstract_en, case when not regexp_matches(left(m.abstract, 60), {_HAN}) then m.abstract end)
    as abstract_en,
  m.filing_date,
  coalesce(m.grant_date, case when k.is_grant then m.publication_date end) as grant_date,
  m.priority_date, m.claim_count, m.legal_status, m.source_row, m.sources,
  -- Documents of one number belong together, but utility models and designs number apart.
  m.authority || m.number || case
    when left(m.kind, 1) in ('U', 'Y') then 'U' when left(m.kind, 1) in ('S', 'D') then 'S' else '' end as series
from merged m
join kinds k on k.publication_id = m.publication_id
"""

_PUBLICATION = """
with told as (
  select p.series, min(p.application_id) as application_id
  from p where p.application_id is not null
  group by p.series having count(distinct p.application_id) = 1
)
select
  p.publication_id, p.authority, p.number, p.kind, p.is_grant, p.publication_date,
  coalesce(p.application_id, t.application_id, 'publication:' || p.series) as application_id,
  p.patent_type, coalesce(p.title_zh, p.title_said, p.title_en) as title, p.title_zh, p.title_en,
  p.abstract_zh, p.abstract_en, p.filing_date, p.grant_date, p.priority_date, p.claim_count, p.legal_status,
  p.source_row, cast(p.sources as bigint) as sources
from p
left join told t on t.series = p.series
"""

# The representative is the grant, else the first publication; ties by number.
_APPLICATION = """
with of_publications as (
  select
    p.application_id,
    not starts_with(p.application_id, 'publication:') as identified,
    min(p.authority) as publishing_authority,
    min(p.filing_date) as filing_date,
    min(p.publication_date) as first_publication_date,
    min(p.grant_date) as grant_date,
    min(p.priority_date) as priority_date,
    min(p.patent_type) as patent_type,
    arg_min(p.claim_count, {'later': not coalesce(p.is_grant, false), 'day': p.publication_date,
      'id': p.publication_id}) filter (where p.claim_count is not null) as claim_count,
    arg_min(p.publication_id, {'later': not coalesce(p.is_grant, false), 'day': p.publication_date,
      'id': p.publication_id}) as publication_id,
    count(*) as publications
  from publication p
  group by p.application_id
), alone as (
  select
    r.application_id, min(r.authority) as authority, min(r.filing_date) as filing_date,
    min(r.priority_date) as priority_date, min(r.patent_type) as patent_type, min(r.claim_count) as claim_count,
    min(coalesce(r.title_zh, r.title, r.title_en)) as title, min(r.source_row) as source_row
  from record r
  where r.key_kind = 'application'
  group by r.application_id
)
select
  coalesce(o.application_id, a.application_id) as application_id,
  coalesce(o.identified, true) as identified,
  coalesce(case when o.identified then regexp_extract(o.application_id, '^([A-Z]{2})', 1) end,
    o.publishing_authority, a.authority) as authority,
  coalesce(o.filing_date, a.filing_date) as filing_date,
  cast(year(coalesce(o.filing_date, a.filing_date)) as bigint) as filing_year,
  o.first_publication_date, o.grant_date,
  coalesce(o.priority_date, a.priority_date) as priority_date,
  coalesce(o.patent_type, a.patent_type) as patent_type,
  coalesce(o.claim_count, a.claim_count) as claim_count,
  o.publication_id, coalesce(o.publications, 0) as publications,
  a.title as title_alone, a.source_row as source_row_alone
from of_publications o
full join alone a on a.application_id = o.application_id
"""


def _conflict_sql() -> str:
    """Rows that say something else than what was taken, one row a field; both addresses are named.

    Rows of one file may differ too: they count like those of two.
    """
    parts = [
        f"""
        select
          s.publication_id, '{field}' as field, cast(p.{field} as varchar) as taken,
          coalesce(w.source_row, p.source_row) as taken_row, cast(s.{field} as varchar) as other,
          s.source_row as other_row
        from several s
        join publication p on p.publication_id = s.publication_id
        left join (
          select a.publication_id, a.{field}, {"a.format," if within else ""} min(a.source_row) as source_row
          from several a group by a.publication_id, a.{field} {", a.format" if within else ""}
        ) w on w.publication_id = p.publication_id and w.{field} = p.{field}
          {"and w.format = s.format" if within else ""}
        where s.{field} is not null and p.{field} is distinct from s.{field}
          and not ('{field}' = 'application_id' and starts_with(p.application_id, 'publication:'))
          {"and w.format is not null" if within else ""}
        """
        for fields, within in ((_COMPARED, False), (_COMPARED_WITHIN_FORMAT, True))
        for field in fields
    ]
    return f"""
    with several as (
      select s.* from said s
      semi join (select t.publication_id from said t group by t.publication_id having count(*) > 1) m
        on m.publication_id = s.publication_id
    )
    select distinct * from ({" union all ".join(parts)})
    """

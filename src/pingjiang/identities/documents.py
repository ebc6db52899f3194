"""Publications and applications, concluded from all that was said of them.

Where several rows speak of one publication, each field is taken from the first source in the order of
`precedence.yaml` that says anything, of two files of one format from the one imported later; what the others
say stays in `record` and, where it differs, in `conflict`. Most publications have one row, and those pass
straight through.

A publication that its office withdrew, or that its source deleted, stays and is not counted; neither is a correction
(A8, A9, B8, B9 …) beside the document that it corrects: both are versions, and what was said of them is kept.

Two ways of writing hide what a row speaks of, and are seen through only where that is certain. A publication
number without its kind code means the document with that number that was published on the same day or, where
there is one such document only, that one, unless the days of both are told and differ. A US application told by
year and serial ('US2015722623') is the one told by series and serial ('US14722623') where some row tells one
publication under both, or where the day of publication leaves one series possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identifiers import ParsedNumbers, is_grant_many, patent_type_many, series_form
from pingjiang.identities.precedence import fields_with_own_order, rank_sql
from pingjiang.rulebook import ask

FIELDS = (
    "title", "title_zh", "title_en", "abstract", "abstract_zh", "abstract_en", "publication_date", "filing_date",
    "grant_date", "priority_date", "patent_type", "claim_count", "legal_status", "application_id",
)  # fmt: skip
# Fields on which a difference between rows is worth a person's look; the words of a legal status only between
# rows of one format, since each tool has its own.
COMPARED = ("publication_date", "filing_date", "grant_date", "patent_type", "claim_count", "application_id")
COMPARED_WITHIN_FORMAT = ("legal_status",)

# Some tools print the day after that of publication; no two documents of a number are published so close together.
_CLERICAL_DAYS = 7
# Numbers told without kind code, on each day that they were told with, and the one document that they mean.
_MEANT = f"""
with bare as (
  select distinct r.authority, r.number, r.publication_date
  from record r
  where r.kind is null and r.key_kind = 'publication'
), documents as (
  select r.authority, r.number, r.publication_id, r.kind, r.publication_date
  from record r
  semi join bare b on b.authority = r.authority and b.number = r.number
  where r.kind is not null and r.key_kind = 'publication'
), weighed as (
  select
    b.authority, b.number, b.publication_date, d.publication_id, min(d.kind) as kind,
    coalesce(bool_or(d.publication_date = b.publication_date), false) as agrees,
    b.publication_date is null or count(d.publication_date) = 0
      or coalesce(bool_or(abs(date_diff('day', b.publication_date, d.publication_date)) <= {_CLERICAL_DAYS}), false)
      as may_be
  from bare b
  join documents d on d.authority = b.authority and d.number = b.number
  group by b.authority, b.number, b.publication_date, d.publication_id
)
select
  w.authority, w.number, w.publication_date,
  arg_max(w.publication_id, w.agrees) as publication_id, arg_max(w.kind, w.agrees) as kind
from weighed w
group by w.authority, w.number, w.publication_date
having count_if(w.agrees) = 1 or (count(*) = 1 and bool_or(w.may_be))
"""

_MEANT_BY = """
  r.kind is null and m.authority = r.authority and m.number = r.number
  and m.publication_date is not distinct from r.publication_date
"""

# Publications of US applications: those whose application is told by year, with all that is told of them.
_TOLD_BY_YEAR = rf"""
with told as (
  select coalesce(m.publication_id, r.publication_id) as publication_id, r.application_id, r.publication_date
  from record r
  left join meant m on {_MEANT_BY}
  where r.key_kind = 'publication' and starts_with(r.application_id, 'US')
), by_year as (
  select distinct t.publication_id, t.application_id from told t
  where length(t.application_id) >= 12 and regexp_matches(t.application_id, '^US(18|19|20)\d{{8}}[PF]?$')
), beside as (
  select
    y.publication_id, y.application_id, t.publication_date,
    case when length(t.application_id) < 12 and substr(t.application_id, 5) = substr(y.application_id, 7)
      then t.application_id end as by_series
  from by_year y
  join told t on t.publication_id = y.publication_id
)
select
  b.publication_id, b.application_id, min(b.publication_date) as published,
  case when count(distinct b.by_series) = 1 then min(b.by_series) end as by_series
from beside b
group by b.publication_id, b.application_id
"""

# What is told of one publication serves the others of the same application.
_KNOWN_AS = """
with by_publication as (
  select y.publication_id, y.application_id, coalesce(y.by_series, s.series_form) as known_as
  from by_year y
  left join series s on s.application_id = y.application_id and s.published = y.published
), by_application as (
  select b.application_id, min(b.known_as) as known_as
  from by_publication b
  group by b.application_id
  having count(distinct b.known_as) = 1
)
select b.publication_id, b.application_id, coalesce(b.known_as, a.known_as) as known_as
from by_publication b
left join by_application a on a.application_id = b.application_id
where coalesce(b.known_as, a.known_as) is not null
"""

_RESOLVED = f"""
select
  r.* replace (
    coalesce(m.publication_id, r.publication_id) as publication_id,
    coalesce(r.kind, m.kind) as kind,
    coalesce(k.known_as, r.application_id) as application_id
  ),
  coalesce(i.sequence, 0) as imported
from record r
left join imported i on i.source_id = r.source_id
left join meant m on {_MEANT_BY}
left join known_as k on k.application_id = r.application_id
  and k.publication_id = coalesce(m.publication_id, r.publication_id)
where r.key_kind = 'publication'
"""

# Rows without a publication number.
_APPLIED = """
with known as (
  select k.application_id, min(k.known_as) as known_as
  from known_as k
  group by k.application_id
  having count(distinct k.known_as) = 1
)
select r.* replace (coalesce(k.known_as, r.application_id) as application_id)
from record r
left join known k on k.application_id = r.application_id
where r.key_kind = 'application'
"""

_ALONE = """
select
  r.* replace (r.application_id as publication_id), coalesce(i.sequence, 0) as imported
from applied r
left join imported i on i.source_id = r.source_id
anti join publication p on p.application_id = r.application_id
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
    """`said`: rows of `record` under the ids of their document and application (the input of other steps).

    counted  the rows of `publication` that count: neither withdrawn nor deleted, nor corrections of another one

    The document of a row is its publication; where no publication of an application is known, the application
    itself, under its own id. `document` is `publication` with a row for each of those.
    """

    said: Table
    document: Table
    publication: Table
    counted: Table
    application: Table
    conflict: Table


def conclude_documents(session: Session, record: Table, imported: Sequence[str] = ()) -> Documents:
    """`record` → `publication`, `application` (without family_id) and `conflict`.

    `imported`: source ids in the order of their import; one not named counts as earlier than all of them.
    """
    order = [(source_id, sequence) for sequence, source_id in enumerate(imported, start=1)]
    sequences = session.from_rows({"source_id": "VARCHAR", "sequence": "BIGINT"}, order)
    meant = session.materialise(_MEANT, record=record)
    known_as = _known_as(session, record, meant)
    said = session.materialise(_RESOLVED, record=record, imported=sequences, meant=meant, known_as=known_as)
    applied = session.sql(_APPLIED, record=record, known_as=known_as)
    merged = session.materialise(_merge_sql(), said=said)
    typed = session.materialise(_TYPED, merged=merged, kinds=_kinds(session, merged))
    correction = str(ask("correction_kinds").value)
    publication = session.materialise(_PUBLICATION.format(correction=correction), p=typed)
    counted = session.sql(_COUNTED, p=publication)
    application = session.materialise(_APPLICATION, publication=counted, applied=applied)
    conflict = session.materialise(_conflict_sql(), said=said, publication=publication)
    alone = session.materialise(_ALONE, applied=applied, imported=sequences, publication=counted)
    every = session.sql("select * from said union all select * from alone", said=said, alone=alone)
    document = session.sql(_DOCUMENT, publication=publication, application=application)
    return Documents(every, document, publication, counted, application, conflict)


def _known_as(session: Session, record: Table, meant: Table) -> Table:
    """For applications told by year, under each of their publications: the id that counts, where it is certain."""
    by_year = session.materialise(_TOLD_BY_YEAR, record=record, meant=meant)
    days = session.sql("select distinct y.application_id, y.published from y where y.published is not null", y=by_year)
    series = session.mapped(days, _series_forms)
    return session.materialise(_KNOWN_AS, by_year=by_year, series=series)


def _merge_sql() -> str:
    """One row a publication: straight through where one row spoke, field by field where several did."""
    orders = {field: field if field in fields_with_own_order() else "default" for field in FIELDS}
    ranks = ", ".join(
        f"{{'rank': {rank_sql(order, 's.format')}, 'older': -s.imported, 'row': s.row_number, "
        f"'address': s.source_row}} as rank_{order}"
        for order in sorted(set(orders.values()) | {"default"})
    )
    single = ", ".join(f"s.{field}" for field in (*FIELDS, "standing"))
    several = ", ".join(
        f"arg_min(s.{field}, s.rank_{order}) filter (where s.{field} is not null) as {field}"
        for field, order in orders.items()
    )
    return f"""
    with counted as (
      select s.*, count(*) over (partition by s.publication_id) as rows_said from said s
    ), ranked as (
      select s.*, {ranks} from counted s where s.rows_said > 1
    ), newest as (
      -- What a tool says last of a document's standing counts, also where it says nothing more of it.
      select
        s.publication_id, s.standing,
        row_number() over (partition by s.publication_id, s.format
          order by s.imported desc, s.row_number desc, s.source_row desc) as nth
      from counted s
      semi join (select c.publication_id from counted c where c.rows_said > 1 and c.standing is not null) t
        on t.publication_id = s.publication_id
    ), standing as (
      select n.publication_id, min(n.standing) filter (where n.standing <> 'valid') as standing
      from newest n where n.nth = 1 group by n.publication_id
    )
    select s.publication_id, s.authority, s.number, s.kind, s.source_row, 1 as sources, {single}
    from counted s where s.rows_said = 1
    union all
    select
      s.publication_id, min(s.authority) as authority, min(s.number) as number, max(s.kind) as kind,
      arg_min(s.source_row, s.rank_default) as source_row, count(distinct s.source_id) as sources, {several},
      min(t.standing) as standing
    from ranked s left join standing t on t.publication_id = s.publication_id
    group by s.publication_id
    """


def _kinds(session: Session, merged: Table) -> Table:
    """For each publication: is it a grant, and which type of right."""
    told = session.sql("select m.publication_id, m.authority, m.number, m.kind, m.publication_date from m", m=merged)
    return session.mapped(told, _kinds_of)


def _kinds_of(told: pa.Table) -> pa.Table:
    """(publication_id, authority, number, kind, publication_date) → (publication_id, is_grant, type_of_kind)."""
    ids, authorities, numbers, kinds, dates = (told[name].to_pylist() for name in told.column_names)
    nothing: list[str | None] = [None] * len(ids)
    parsed = ParsedNumbers("publication", ids, authorities, numbers, kinds, nothing, nothing, nothing)
    return pa.table(
        {
            "publication_id": told["publication_id"],
            "is_grant": pa.array(is_grant_many(parsed, dates), type=pa.bool_()),
            "type_of_kind": pa.array(patent_type_many(parsed), type=pa.string()),
        }
    )


def _series_forms(told: pa.Table) -> pa.Table:
    """(application_id, published) → the same with series_form."""
    ids, days = told["application_id"].to_pylist(), told["published"].to_pylist()
    forms = [series_form(application_id, day) for application_id, day in zip(ids, days, strict=True)]
    return told.append_column("series_form", pa.array(forms, type=pa.string()))


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
  m.priority_date, m.claim_count, m.legal_status, nullif(m.standing, 'valid') as standing, m.source_row, m.sources,
  -- Documents of one number belong together, but utility models and designs number apart.
  m.authority || m.number || case
    when left(m.kind, 1) in ('U', 'Y') then 'U' when left(m.kind, 1) in ('S', 'D') then 'S' else '' end as series
from merged m
join kinds k on k.publication_id = m.publication_id
"""

# Of several documents that one may correct it is the last before it.
_PUBLICATION = """
with corrected as (
  select
    c.publication_id,
    arg_max(p.publication_id, {{'day': coalesce(p.publication_date, date '0001-01-01'), 'id': p.publication_id}})
      as corrects
  from p c
  join p on p.series = c.series and left(p.kind, 1) = left(c.kind, 1)
  where regexp_matches(c.kind, '^{correction}$') and not regexp_matches(p.kind, '^{correction}$')
    and p.standing is null and (p.publication_date <= c.publication_date) is distinct from false
  group by c.publication_id
), told as (
  select p.series, min(p.application_id) as application_id
  from p where p.application_id is not null
  group by p.series having count(distinct p.application_id) = 1
)
select
  p.publication_id, p.authority, p.number, p.kind, p.is_grant, p.publication_date,
  coalesce(p.application_id, t.application_id, 'publication:' || p.series) as application_id,
  p.patent_type, coalesce(p.title_zh, p.title_said, p.title_en) as title, p.title_zh, p.title_en,
  p.abstract_zh, p.abstract_en, p.filing_date, p.grant_date, p.priority_date, p.claim_count, p.legal_status,
  p.standing, c.corrects, p.source_row, cast(p.sources as bigint) as sources
from p
left join told t on t.series = p.series
left join corrected c on c.publication_id = p.publication_id
"""

_COUNTED = "select p.* from p where p.standing is null and p.corrects is null"

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
    arg_min(p.claim_count, {'later': not coalesce(p.is_grant, false), 'undated': p.publication_date is null,
      'day': p.publication_date, 'id': p.publication_id}) filter (where p.claim_count is not null) as claim_count,
    arg_min(p.publication_id, {'later': not coalesce(p.is_grant, false), 'undated': p.publication_date is null,
      'day': p.publication_date, 'id': p.publication_id}) as publication_id,
    count(*) as publications
  from publication p
  group by p.application_id
), alone as (
  select
    r.application_id, min(r.authority) as authority, min(r.filing_date) as filing_date,
    min(r.priority_date) as priority_date, min(r.patent_type) as patent_type, min(r.claim_count) as claim_count,
    min(coalesce(r.title_zh, r.title, r.title_en)) as title, min(r.source_row) as source_row
  from applied r
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
        for fields, within in ((COMPARED, False), (COMPARED_WITHIN_FORMAT, True))
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

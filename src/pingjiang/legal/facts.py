"""What all sources tell of the legal state, in the one vocabulary: the table `legal_fact`.

Told by events (with their codes or words), by the words for a state that exports carry, by documents (a publication, a
grant, a document of partial invalidity) and by bibliography (filing, day of grant). What says the same of one day is
one fact, known since it was imported first. What no vocabulary knows is listed in `legal_unknown_code`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.legal.vocabulary import (
    document_kinds,
    kind_of,
    kind_of_class,
    kind_of_state,
    load_vocabularies,
)

SOURCE_COLUMNS = {"source_id": "VARCHAR", "known_date": "DATE", "cutoff_date": "DATE"}


@dataclass(frozen=True)
class Told:
    """What facts are made of: tables of the steps before.

    event        as `legal_event`
    said         rows of sources under the ids of their publication and application, and `record` for those without
    source       SOURCE_COLUMNS: what was imported when, and how far it reaches
    event_code   a loaded list of codes with their classes; empty where none was imported
    """

    event: Table
    record: Table
    said: Table
    publication: Table
    application: Table
    source: Table
    event_code: Table


@dataclass(frozen=True)
class Facts:
    """`fact` as `legal_fact`, `unknown` as `legal_unknown_code`."""

    fact: Table
    unknown: Table


def conclude_facts(session: Session, told: Told) -> Facts:
    """All facts of all applications, and what could not be understood."""
    events = session.materialise(
        _EVENTS, event=told.event, application=told.application, detailed=_detailed_codes(session)
    )
    meanings = session.mapped(
        session.materialise(_EVENT_WORDS, event=events, code=told.event_code), _with_kinds
    ).materialise()
    words = session.materialise(_STATE_WORDS, said=told.said, record=told.record, source=told.source)
    states = session.mapped(session.materialise("select distinct w.words from w", w=words), _with_states).materialise()
    every = session.materialise(
        _every_sql(),
        event=events,
        meaning=meanings,
        words=words,
        states=states,
        publication=told.publication,
        application=told.application,
        first=session.materialise(_FIRST_KNOWN, said=told.said, record=told.record, source=told.source),
    )
    unknown = session.sql(_UNKNOWN, event=events, meaning=meanings, words=words, states=states)
    return Facts(session.materialise(_ONCE, every=every), unknown)


def _detailed_codes(session: Session) -> Table:
    """Codes of which the details decide what they mean."""
    codes = sorted({code for each in load_vocabularies().values() for code in each.told_by_words})
    return session.from_arrow(pa.table({"code": pa.array(codes, pa.string())}))


def _with_kinds(words: pa.Table) -> pa.Table:
    rows = words.to_pylist()
    own = [kind_of(row["format"], row["authority"], row["code"], row["words"], row["details"]) for row in rows]
    kinds = [kind or kind_of_class(row["authority"], row["event_class"]) for kind, row in zip(own, rows, strict=True)]
    return pa.table(
        {
            "word_key": words["word_key"],
            "kind": pa.array(kinds, pa.string()),
            "by_class": pa.array([kind is None for kind in own], pa.bool_()),
        }
    )


def _with_states(words: pa.Table) -> pa.Table:
    kinds = [kind_of_state(word) for word in words["words"].to_pylist()]
    return words.append_column("kind", pa.array(kinds, pa.string()))


_EVENTS = """
with named as (
  select
    e.application_id, e.format, coalesce(e.authority, a.authority) as authority, a.authority as own,
    upper(trim(e.code)) as code, e.text as words, array_to_string(e.details, chr(10)) as details,
    coalesce(e.effective_date, e.date) as effective_date, e.date as announced_date, e.known_date, e.source_row
  from event e
  left join application a on a.application_id = e.application_id
), told as (
  select n.*, case when d.code is not null then n.details end as telling
  from named n
  left join detailed d on d.code = n.code
)
select
  t.*,
  t.format || chr(31) || coalesce(t.authority, '') || chr(31) || coalesce(t.code, '') || chr(31)
    || coalesce(t.words, '') || chr(31) || coalesce(t.telling, '') as word_key
from told t
"""

_EVENT_WORDS = """
with once as (
  select distinct e.word_key, e.format, e.authority, e.code, e.words, e.telling as details from event e
), classes as (
  select c.authority, upper(c.code) as code, min(c.event_class) as event_class
  from code c group by c.authority, upper(c.code)
)
select o.*, c.event_class
from once o
left join classes c on c.authority = o.authority and c.code = o.code
"""

_STATE_WORDS = """
with documents as (
  select s.source_id, s.source_row, s.key, s.application_id, s.format, s.legal_status as words
  from said s where s.legal_status is not null
), alone as (
  select r.source_id, r.source_row, r.key, r.application_id, r.format, r.legal_status as words
  from record r where r.legal_status is not null and r.key_kind = 'application'
), every as (
  select d.* from documents d union all select a.* from alone a
)
select
  e.application_id, e.format, e.words, coalesce(x.cutoff_date, x.known_date) as effective_date, x.known_date,
  e.source_row
from every e
left join source x on x.source_id = e.source_id
where e.application_id is not null
"""

# When filing, grant and documents of an application became known here; undated sources count as always known.
_FIRST_KNOWN = """
with every as (
  select s.publication_id, s.application_id, s.source_id, s.source_row from said s
  union all
  select null, r.application_id, r.source_id, r.source_row from record r where r.key_kind = 'application'
)
select
  e.application_id, e.publication_id, min(e.source_row) as source_row,
  case when count(x.known_date) = count(*) then min(x.known_date) end as known_date
from every e
left join source x on x.source_id = e.source_id
where e.application_id is not null or e.publication_id is not null
group by e.application_id, e.publication_id
"""


def _every_sql() -> str:
    narrowing = " ".join(
        f"when p.authority = '{each.authority}' and p.publication_date >= date '{each.since}' "
        f"and regexp_full_match(p.kind, '{each.kind}') then '{each.means}'"
        for each in document_kinds()
    )
    number = r"(?:合同备案号|备案号|登记号|合同登记号|registration number|contract number)[=:： ]+([A-Za-z0-9-]+)"
    days = r"(?:补偿天数|补偿期限|延长天数|days)[=:： ]+([0-9]+)"
    return f"""
    with of_events as (
      select
        e.application_id, m.kind, e.effective_date, e.announced_date, e.known_date, 'event' as origin, e.authority,
        e.code, e.words as text, nullif(regexp_extract(e.details, '{number}', 1), '') as contract,
        try_cast(nullif(regexp_extract(e.details, '{days}', 1), '') as bigint) as days, m.by_class,
        e.authority is null or e.own is null or e.authority = e.own as applies, e.source_row
      from event e
      join meaning m on m.word_key = e.word_key
      where m.kind is not null
    ), of_states as (
      select
        w.application_id, s.kind, w.effective_date, cast(null as date) as announced_date, w.known_date,
        'status' as origin, w.words as text, w.source_row
      from words w
      join states s on s.words = w.words
      where s.kind is not null
    ), known as (
      select f.application_id, min(f.known_date) as known_date, min(f.source_row) as source_row,
        count(f.known_date) = count(*) as dated
      from first f where f.application_id is not null group by f.application_id
    ), of_publication as (
      select f.publication_id, min(f.known_date) as known_date, count(f.known_date) = count(*) as dated
      from first f where f.publication_id is not null group by f.publication_id
    ), documents as (
      select
        p.application_id, case when coalesce(p.is_grant, false) then 'granted' else 'published' end as kind,
        p.publication_date as effective_date, case when f.dated then f.known_date end as known_date,
        p.publication_id as text, p.source_row, p.authority,
        case {narrowing} end as narrowing
      from publication p
      left join of_publication f on f.publication_id = p.publication_id
      where p.standing is null and p.corrects is null
    ), of_documents as (
      select d.application_id, d.kind, d.effective_date, d.known_date, 'document' as origin, d.text, d.source_row
      from documents d
      union all
      select d.application_id, d.narrowing, d.effective_date, d.known_date, 'document', d.text, d.source_row
      from documents d where d.narrowing is not null
      union all
      select a.application_id, 'filed', a.filing_date, case when k.dated then k.known_date end, 'bibliography',
        cast(null as varchar), coalesce(k.source_row, a.source_row_alone)
      from application a left join known k on k.application_id = a.application_id
      where a.filing_date is not null
      union all
      select a.application_id, 'granted', a.grant_date, case when k.dated then k.known_date end, 'bibliography',
        cast(null as varchar), coalesce(k.source_row, a.source_row_alone)
      from application a left join known k on k.application_id = a.application_id
      where a.grant_date is not null
    )
    select
      e.application_id, e.kind, e.effective_date, e.announced_date, e.known_date, e.origin, e.authority, e.code,
      e.text, e.contract, e.days, e.by_class, e.applies, e.source_row
    from of_events e
    union all
    select s.application_id, s.kind, s.effective_date, s.announced_date, s.known_date, s.origin, cast(null as varchar),
      cast(null as varchar), s.text, cast(null as varchar), cast(null as bigint), false, true, s.source_row
    from of_states s
    union all
    select d.application_id, d.kind, d.effective_date, cast(null as date), d.known_date, d.origin,
      cast(null as varchar), cast(null as varchar), d.text, cast(null as varchar), cast(null as bigint), false, true,
      d.source_row
    from of_documents d
    """


# Events before words before documents: what tells most of a fact speaks for it.
_ONCE = """
with alike as (
  select
    e.*,
    row_number() over (
      partition by e.application_id, e.kind, e.effective_date, coalesce(e.contract, ''), e.applies
      order by case e.origin when 'event' then 1 when 'status' then 2 when 'document' then 3 else 4 end,
        e.announced_date nulls last, e.source_row, coalesce(e.code, ''), coalesce(e.text, '')
    ) as place,
    case when
      count(e.known_date) over (partition by e.application_id, e.kind, e.effective_date, coalesce(e.contract, ''),
        e.applies) =
      count(*) over (partition by e.application_id, e.kind, e.effective_date, coalesce(e.contract, ''), e.applies)
    then
      min(e.known_date) over (partition by e.application_id, e.kind, e.effective_date, coalesce(e.contract, ''),
        e.applies)
    end as first_known
  from every e
)
select
  a.application_id,
  row_number() over (
    partition by a.application_id
    order by a.effective_date nulls last, a.kind, coalesce(a.contract, ''), a.applies, a.source_row
  ) as sequence,
  a.kind, a.effective_date, a.announced_date, a.first_known as known_date, a.origin, a.authority, a.code, a.text,
  a.contract, a.days, a.by_class, a.applies, a.source_row
from alike a
where a.place = 1
"""

_UNKNOWN = """
with codes as (
  select 'code' as what, e.format, coalesce(e.authority, '') as authority, coalesce(e.code, '') as code,
    case when e.code is null or e.telling is not null then coalesce(e.words, '') else '' end as text,
    e.application_id, e.words, e.source_row
  from event e
  join meaning m on m.word_key = e.word_key
  where m.kind is null
), every as (
  select c.what, c.format, c.authority, c.code, c.text, c.words, c.application_id, c.source_row from codes c
  union all
  select 'state', w.format, '', '', w.words, w.words, w.application_id, w.source_row
  from words w
  join states s on s.words = w.words
  where s.kind is null
)
select
  e.what, e.format, e.authority, e.code, e.text, min(e.words) as example, count(*) as told,
  count(distinct e.application_id) as applications, min(e.source_row) as source_row
from every e
group by e.what, e.format, e.authority, e.code, e.text
"""

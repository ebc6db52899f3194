"""Counting units: each publication, application and simple family as one row of `item`, with its links.

Indicators read these tables alone, so that a change of unit changes every figure alike. Where no source
tells a unit apart (no application numbers, no priorities), its items are stand-ins and `unit_basis`
says so in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.engine import Session, Table
from pingjiang.rulebook import ask


@dataclass(frozen=True)
class Items:
    """The tables that indicators read."""

    item: Table
    item_organisation: Table
    item_node: Table
    item_place: Table
    unit_basis: Table
    horizon: Table


_ITEM = """
select
  'publication' as unit, p.publication_id as item_id, p.publication_id,
  coalesce(p.filing_date, a.filing_date) as filing_date,
  p.publication_date, case when p.is_grant then coalesce(p.publication_date, p.grant_date) end as grant_date,
  p.authority, p.patent_type, p.claim_count, true as identified, p.title, p.source_row
from publication p join application a on a.application_id = p.application_id
union all
select
  'application', a.application_id, a.publication_id, a.filing_date, a.first_publication_date, a.grant_date,
  a.authority, a.patent_type, a.claim_count, a.identified, coalesce(p.title, a.title_alone),
  coalesce(p.source_row, a.source_row_alone)
from application a left join publication p on p.publication_id = a.publication_id
union all
select
  'simple_family', f.family_id, f.publication_id, f.earliest_date, m.first_publication_date, m.grant_date,
  p.authority, m.patent_type, p.claim_count, f.by_priority, coalesce(p.title, m.title),
  coalesce(p.source_row, m.source_row)
from simple_family f
join (
  select
    a.family_id, min(a.first_publication_date) as first_publication_date, min(a.grant_date) as grant_date,
    min(a.patent_type) as patent_type, min(a.title_alone) as title, min(a.source_row_alone) as source_row
  from application a group by a.family_id
) m on m.family_id = f.family_id
left join publication p on p.publication_id = f.publication_id
"""

_WITH_YEARS = """
select
  i.unit, i.item_id, i.publication_id, i.title, i.filing_date, cast(year(i.filing_date) as bigint) as filing_year,
  i.publication_date, cast(year(i.publication_date) as bigint) as publication_year,
  i.grant_date, cast(year(i.grant_date) as bigint) as grant_year,
  i.authority, i.patent_type, cast(i.claim_count as bigint) as claim_count, i.identified, i.source_row
from i
"""

# Which items a publication belongs to: the one bridge that every link goes over.
_BRIDGE = """
select 'publication' as unit, p.publication_id as item_id, p.publication_id from publication p
union all
select 'application', p.application_id, p.publication_id from publication p
union all
select 'simple_family', a.family_id, p.publication_id
from publication p join application a on a.application_id = p.application_id
"""

_NOTES = {
    "publication": ("每件公开文献计一次", "each published document counts once"),
    "application": ("同一申请的各次公开计一次", "all publications of one application count once"),
    "simple_family": (
        "优先权集合相同的申请计一次",
        "applications with the same set of priorities count once",
    ),
}
_STAND_IN = {
    "application": (
        "数据中没有申请号，以公开文献代替，无法与件公开区分",
        "the data carry no application numbers: publications stand in, and the unit cannot be told apart",
    ),
    "simple_family": (
        "数据中没有优先权，以申请代替，无法与件申请区分",
        "the data carry no priorities: applications stand in, and the unit cannot be told apart",
    ),
}


def count_items(
    session: Session,
    *,
    publication: Table,
    application: Table,
    simple_family: Table,
    publication_applicant: Table,
    publication_node: Table,
    publication_place: Table,
) -> Items:
    """Concluded tables → what indicators read."""
    base = session.sql(_ITEM, publication=publication, application=application, simple_family=simple_family)
    item = session.materialise(_WITH_YEARS, i=base)
    bridge = session.materialise(_BRIDGE, publication=publication, application=application)
    organisation = session.materialise(
        _LINK.format(column="organisation_id", count="organisations"), link=publication_applicant, b=bridge, item=item
    )
    node = session.materialise(
        _LINK.format(column="node_id", count="nodes"), link=publication_node, b=bridge, item=item
    )
    place = session.materialise(_ITEM_PLACE, item=item, p=publication_place, b=bridge)
    return Items(item, organisation, node, place, _unit_basis(session, item), _horizon(session, item, publication))


# A link carries how many its item has (so that shares need no second pass) and the filing year.
_LINK = """
with linked as (
  select distinct b.unit, b.item_id, l.{column}
  from link l join b on b.publication_id = l.publication_id
  where l.{column} is not null
), counted as (
  select l.unit, l.item_id, count(*) as {count} from linked l group by l.unit, l.item_id
)
select l.unit, l.item_id, l.{column}, c.{count}, i.filing_year
from linked l
join counted c on c.unit = l.unit and c.item_id = l.item_id
join item i on i.unit = l.unit and i.item_id = l.item_id
"""

_ITEM_PLACE = """
with known as (
  select distinct b.unit, b.item_id, p.basis, p.country, p.province, p.city
  from p join b on b.publication_id = p.publication_id
  where p.country is not null
), every as (
  select i.unit, i.item_id, s.basis from item i, (values ('applicant'), ('inventor')) as s(basis)
)
select e.unit, e.item_id, e.basis, k.country, k.province, k.city
from every e
left join known k on k.unit = e.unit and k.item_id = e.item_id and k.basis = e.basis
"""


def _unit_basis(session: Session, item: Table) -> Table:
    counted = {
        unit: (items, identified)
        for unit, items, identified in session.rows(
            "select i.unit, count(*), count(*) filter (where i.identified) from i group by i.unit", i=item
        )
    }
    rows = []
    for unit, notes in _NOTES.items():
        items, identified = counted.get(unit, (0, 0))
        told_apart = unit == "publication" or identified > 0
        zh, en = notes if told_apart else _STAND_IN[unit]
        if told_apart and identified < items:
            zh += f"；其中 {items - identified:,} 件无从区分，单独计"
            en += f"; {items - identified:,} of them cannot be told apart and count alone"
        rows.append((unit, items, identified, told_apart, zh, en))
    columns = {"unit": "VARCHAR", "items": "BIGINT", "identified": "BIGINT", "told_apart": "BOOLEAN",
               "note_zh": "VARCHAR", "note_en": "VARCHAR"}  # fmt: skip
    return session.from_rows(columns, rows)


def _horizon(session: Session, item: Table, publication: Table) -> Table:
    """How far the data reach, and from which filing year on they are incomplete (rules.md §1.3.3).

    Where every publication is a grant, a filing is seen only once granted: the lag is then the 95th
    percentile of the lag from filing to grant in these data, not the 18 months of publication.
    """
    publication_lag = int(ask("publication_lag_months").value)
    percentile = int(ask("grants_only_lag_percentile").value)
    return session.materialise(
        f"""
        with reach as (
          select
            coalesce(max(p.publication_date), max(i.filing_date)) as cutoff_date,
            coalesce(bool_and(coalesce(p.is_grant, false)), false) as grants_only
          from (select i.filing_date, i.publication_id from item i where i.unit <> 'simple_family') i
          left join publication p on p.publication_id = i.publication_id
        ), years as (
          select min(i.filing_year) as first_year, max(i.filing_year) as last_year from item i
        ), lag as (
          select cast(ceil(quantile_cont(date_diff('day', i.filing_date, i.grant_date),
            cast({percentile} as double) / 100) / cast(30.4375 as double)) as bigint) as months
          from item i where i.unit = 'publication' and i.grant_date >= i.filing_date
        ), rule as (
          select r.cutoff_date, y.first_year, y.last_year, r.grants_only,
            case when r.grants_only then coalesce(l.months, {publication_lag}) else {publication_lag} end as lag_months
          from reach r, years y, lag l
        )
        select
          r.*,
          -- The last year whose 31 December lies lag_months or more before the cut-off.
          r.year - case when make_date(r.year, 12, 31) + to_months(cast(r.lag_months as integer)) <= r.cutoff_date
            then 0 else 1 end as last_complete_year
        from (select q.*, year(q.cutoff_date - to_months(cast(q.lag_months as integer))) as year from rule q) r
        """,
        item=item,
        publication=publication,
    )

"""How far the data reach, and from which filing year on they are incomplete (rules.md §1.3.3).

Each tool is looked at by itself: a few rows of another tool change nothing about the years that the first one
does not show yet. The release reaches as far as the least of its tools; tools that together hold hardly any
of the publications do not count for this, and `coverage` says which do.
"""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.engine import Session, Table
from pingjiang.rulebook import ask

# Where every publication is a grant, a filing is seen only once granted: the lag is then a percentile of the lag
# from filing to grant in these data, not the months until publication.
# What the tools show of each document that counts, with its days.
_DOCUMENT_FORMAT = """
with told as (
  select distinct s.key_kind as what, s.publication_id, s.format from said s
)
select
  t.what, t.publication_id, t.format, i.filing_date, coalesce(p.publication_date, i.filing_date) as seen_date,
  i.grant_date, coalesce(p.is_grant, false) as is_grant
from told t
left join publication p on p.publication_id = t.publication_id
join (
  select 'publication' as what, i.publication_id, i.filing_date, i.grant_date from item i where i.unit = 'publication'
  union all
  select 'application', i.item_key, i.filing_date, i.grant_date from item i
  where i.unit = 'application' and i.publication_id is null
) i on i.publication_id = t.publication_id and i.what = t.what
"""

_COVERAGE = """
with reach as (
  select
    d.format, count(*) as publications, max(d.seen_date) as cutoff_date, bool_and(d.is_grant) as grants_only,
    quantile_cont(date_diff('day', d.filing_date, d.grant_date), cast({percentile} as double) / 100)
      filter (where d.grant_date >= d.filing_date) as lag_days
  from document_format d group by d.format
), lagging as (
  select
    r.format, r.publications, r.cutoff_date, r.grants_only,
    case when r.grants_only then coalesce(cast(ceil(r.lag_days / cast(30.4375 as double)) as bigint), {lag})
      else {lag} end as lag_months,
    -- Tools in the order of their size, the smallest first: so many publications up to each. Two may tell of one.
    sum(r.publications) over (order by r.publications, r.format) as up_to, a.publications as all_told
  from reach r
  cross join (
    select count(*) as publications from item i
    where i.unit = 'publication' or (i.unit = 'application' and i.publication_id is null)
  ) a
  where r.cutoff_date is not null
  union all
  select r.format, r.publications, r.cutoff_date, r.grants_only, null, null, null
  from reach r where r.cutoff_date is null
), years as (
  select l.*, year(l.cutoff_date - to_months(cast(l.lag_months as integer))) as year from lagging l
)
select
  y.format, y.publications, y.cutoff_date, y.grants_only, y.lag_months,
  -- The last year whose 31 December lies lag_months or more before the cut-off.
  y.year - case when make_date(y.year, 12, 31) + to_months(cast(y.lag_months as integer)) <= y.cutoff_date
    then 0 else 1 end as last_complete_year,
  coalesce(y.up_to * 100 > y.all_told * {small}, false) as counts
from years y
"""

_HORIZON = """
with least_of_all as (
  select
    min(c.cutoff_date) as cutoff_date, min(c.last_complete_year) as last_complete_year,
    arg_min(c.format, {'year': c.last_complete_year, 'cutoff': c.cutoff_date, 'name': c.format}) as format
  from c where c.counts
), filed as (
  select min(i.filing_year) as first_year, max(i.filing_year) as last_year from item i
)
select
  l.cutoff_date, f.first_year, f.last_year, coalesce(c.grants_only, false) as grants_only, c.lag_months,
  l.last_complete_year, c.format as limited_by
from least_of_all l
cross join filed f
left join c on c.format = l.format
"""


@dataclass(frozen=True)
class Horizon:
    """`coverage`: a row a tool; `horizon`: one row for the release."""

    coverage: Table
    horizon: Table


def conclude_document_formats(session: Session, said: Table, publication: Table, item: Table) -> Table:
    """`said` (rows of `record` by document), `publication` and `item` → `document_format`."""
    return session.materialise(_DOCUMENT_FORMAT, said=said, publication=publication, item=item)


def conclude_horizon(session: Session, document_format: Table, item: Table) -> Horizon:
    """`document_format` and `item` → how far each tool reaches, and all together."""
    rules = {
        "lag": int(ask("publication_lag_months").value),
        "percentile": int(ask("grants_only_lag_percentile").value),
        "small": int(ask("horizon_small_percent").value),
    }
    coverage = session.materialise(_COVERAGE.format(**rules), document_format=document_format, item=item)
    return Horizon(coverage, session.materialise(_HORIZON, c=coverage, item=item))

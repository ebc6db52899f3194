"""Twelve indicators as hand-written DuckDB SQL on the concluded Parquet tables, for all four units and both levels.

Written as we would if these twelve were all that is wanted. Text keys become dense integers once; only the
columns needed are read; what several indicators share is computed once; links are rolled up from
publication to application to family, each from the smaller one before; links carry the year of their item,
so that no indicator joins back to the items. The unit of an item is in its number: 1 to 99,999,999
publications, from 100,000,000 applications, from 200,000,000 families, from 300,000,000 extended ones. Items with one
applicant have one at either level: they are added up once, by organisation, and their sums go to its group.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

TABLES = (
    "publication", "application", "simple_family", "extended_family", "publication_applicant", "publication_node",
    "publication_place", "organisation", "horizon",
)  # fmt: skip
TOP_ORGANISATIONS, TOP_PAIRS, CONCENTRATION_TOP, CAGR_YEARS = 100, 200, 5, 10

UNIT = "item // 100000000"
UNIT_NAMES = "(['publication', 'application', 'simple_family', 'extended_family'])"
UNIT_NAME = f"{UNIT_NAMES}[1 + unit] as unit"
LEVEL_NAME = "if(grouped, 'group', 'entity') as level"

SHARED = f"""
create temp table extended as
select 300000000 + cast(row_number() over () as integer) as e, extended_family_id, publication_id,
  cast(year(earliest_date) as smallint) as year
from extended_family;

create temp table family as
select 200000000 + cast(row_number() over () as integer) as f, family_id, simple_family.publication_id,
  cast(year(earliest_date) as smallint) as year, e, extended.year as extended_year
from simple_family join extended using (extended_family_id);

create temp table filing as
select 100000000 + cast(row_number() over () as integer) as a, application_id,
  application.publication_id as chosen, filing_date,
  cast(filing_year as smallint) as year, cast(year(grant_date) as smallint) as grant_year,
  cast(claim_count as integer) as claims, f, family.year as family_year, e, extended_year
from application join family using (family_id);

create temp table bridge as
select cast(row_number() over () as integer) as p, publication_id, publication_id = chosen as stands, a, f, e,
  cast(year(coalesce(publication.filing_date, filing.filing_date)) as smallint) as year,
  filing.year as filing_year, family_year, extended_year,
  cast(year(case when is_grant then coalesce(publication_date, grant_date) end) as smallint) as grant_year,
  cast(claim_count as integer) as claims
from publication join filing using (application_id);

create temp table family_item as
select f as item, family.year, granted.grant_year, bridge.claims
from family
join (select f, min(grant_year) as grant_year from filing group by f) granted using (f)
left join bridge using (publication_id);

create temp table extended_item as
select e as item, extended.year, granted.grant_year, bridge.claims
from extended
join (select e, min(grant_year) as grant_year from filing group by e) granted using (e)
left join bridge using (publication_id);

create temp view item as
select p as item, year, grant_year, claims from bridge
union all
select a, year, grant_year, claims from filing
union all
from family_item
union all
from extended_item;

create temp table total as select {UNIT} as unit, count(*) as items from item group by all;

create temp table alliance as
select cast(row_number() over (order by group_id) as integer) as g, group_id,
  coalesce(max(name) filter (where organisation_id = group_id), arg_min(name, organisation_number)) as name
from organisation group by group_id;

create temp table member as
select cast(organisation_number as integer) as o, g from organisation join alliance using (group_id);

create temp table holder as
select false as grouped, cast(organisation_number as integer) as o, organisation_id, name from organisation
union all
select true, g, group_id, name from alliance;

create temp table holder_of_publication as
select distinct p, a, f, e, stands, bridge.year, filing_year, family_year, extended_year,
  cast(organisation_number as integer) as o
from publication_applicant join organisation using (organisation_id) join bridge using (publication_id);

-- The publication that stands for an application speaks for it; where it tells nothing, the others do.
create temp table holder_of_application as
select a, f, e, filing_year, family_year, extended_year, o from holder_of_publication where stands
union all
select distinct a, f, e, filing_year, family_year, extended_year, o from holder_of_publication other
where not stands and not exists (from holder_of_publication h where h.stands and h.a = other.a);

create temp table holder_of_family as
select distinct f, e, family_year, extended_year, o from holder_of_application;

create temp table holder_of_extended as select distinct e, extended_year, o from holder_of_family;

create temp view item_organisation as
select p as item, year, o from holder_of_publication
union all
select a, filing_year, o from holder_of_application
union all
select f, family_year, o from holder_of_family
union all
from holder_of_extended;

create temp table shared_item as
select item, count(*) as holders from item_organisation group by item having holders > 1;

create temp table joint as
select false as grouped, item, year, o, holders from item_organisation join shared_item using (item);

insert into joint
select true, item, year, g, count(*) over (partition by item)
from (select distinct item, year, g from joint join member using (o));

create temp table single_year as
select {UNIT} as unit, o, year, count(*) as items
from item_organisation anti join shared_item using (item) group by all;

create temp table organisation_year as
select grouped, unit, o, year, sum(items) as items, sum(part) as part
from (
  select grouped, {UNIT} as unit, o, year, count(*) as items, sum(cast(1 as double) / holders) as part
  from joint group by all
  union all
  select false, unit, o, year, items, items from single_year
  union all
  select true, unit, g, year, items, items from single_year join member using (o)
) group by all;

create temp table organisation_total as
select grouped, unit, o, sum(items) as items, sum(part) as part, min(year) as first_year, max(year) as last_year
from organisation_year group by all;

create temp table node_of_publication as
select p, a, f, e, year, filing_year, family_year, extended_year, node_id
from publication_node join bridge using (publication_id);

create temp table node_of_application as
select distinct a, f, e, filing_year, family_year, extended_year, node_id from node_of_publication;

create temp table node_of_family as
select distinct f, e, family_year, extended_year, node_id from node_of_application;

create temp table node_of_extended as select distinct e, extended_year, node_id from node_of_family;

create temp view item_node as
select p as item, year, node_id from node_of_publication
union all
select a, filing_year, node_id from node_of_application
union all
select f, family_year, node_id from node_of_family
union all
from node_of_extended;

create temp table country_of_publication as
select distinct p, a, f, e, stands, basis = 'applicant' as applicant, country
from publication_place join bridge using (publication_id) where country is not null;

create temp table country_of_application as
select a, f, e, applicant, country from country_of_publication where stands
union all
select distinct a, f, e, applicant, country from country_of_publication other
where not stands
  and not exists (from country_of_publication c where c.stands and c.a = other.a and c.applicant = other.applicant);

create temp table country_of_family as select distinct f, e, applicant, country from country_of_application;

create temp table country_of_extended as select distinct e, applicant, country from country_of_family;

create temp view item_country as
select p as item, applicant, country from country_of_publication
union all
select a, applicant, country from country_of_application
union all
select f, applicant, country from country_of_family
union all
from country_of_extended;

-- Items in several countries, with how many times too often they would count as located.
create temp table spread as
select item, applicant, count(*) - 1 as more from item_country group by all having more > 0;
"""

YEARLY = f"""
  select {UNIT} as unit, year, count(*) as value from item, horizon where year <= last_complete_year group by all
"""

QUERIES = {
    "filings_by_year": f"""
with counted as (select {UNIT} as unit, year, count(*) as value from item group by all)
select {UNIT_NAME}, year, value, coalesce(year <= last_complete_year, false) from counted, horizon
""",
    "grants_by_year": f"""
with counted as (
  select {UNIT} as unit, grant_year as year, count(*) as value from item where grant_year is not null group by all
)
select {UNIT_NAME}, year, value, year < year(cutoff_date + interval 1 day) from counted, horizon
""",
    "growth_by_year": f"""
with yearly as ({YEARLY})
select {UNIT_NAMES}[1 + y.unit], y.year, y.value,
  if(y.year > min(y.year) over (partition by y.unit), coalesce(before.value, 0), null),
  (cast(y.value as double) - before.value) / before.value
from yearly y left join yearly before on before.unit = y.unit and before.year = y.year - 1
""",
    "cagr": f"""
with yearly as ({YEARLY}),
span as (
  select unit, greatest(min(year), last_complete_year - {CAGR_YEARS}) as low, last_complete_year as high
  from yearly, horizon group by unit, last_complete_year
)
select {UNIT_NAMES}[1 + span.unit], low, high, coalesce(x.value, 0), coalesce(y.value, 0),
  case when x.value > 0 and high > low
    then pow(cast(coalesce(y.value, 0) as double) / x.value, cast(1 as double) / (high - low)) - 1 end
from span
left join yearly x on x.unit = span.unit and x.year = low
left join yearly y on y.unit = span.unit and y.year = high
""",
    "top_organisations": f"""
with ranked as (
  select *, rank() over (partition by unit, grouped order by items desc) as rank,
    row_number() over (partition by unit, grouped order by items desc, o) as place,
    sum(part) over (partition by unit, grouped) as parts
  from organisation_total
)
select {UNIT_NAME}, {LEVEL_NAME}, rank, organisation_id, name, items, part / parts, first_year, last_year
from ranked join holder using (grouped, o) where place <= {TOP_ORGANISATIONS}
""",
    "concentration": f"""
with shares as (
  select unit, grouped, part / sum(part) over (partition by unit, grouped) as share, part,
    row_number() over (partition by unit, grouped order by part desc) as place
  from organisation_total
),
summed as (
  select unit, grouped, count(*) as n, sum(part) as parts, sum(share) filter (where place <= {CONCENTRATION_TOP}) as cr,
    sum(share * share) as hhi
  from shares group by unit, grouped
)
select {UNIT_NAME}, {LEVEL_NAME}, n, items, items - cast(round(parts) as bigint), cr, hhi,
  case when n > 1 then (hhi - cast(1 as double) / n) / (1 - cast(1 as double) / n) end
from summed join total using (unit)
""",
    "new_entrants_by_year": f"""
with active as (
  select unit, grouped, year, count(*) as active from organisation_year where year is not null group by all
),
entered as (select unit, grouped, first_year as year, count(*) as value from organisation_total group by all)
select {UNIT_NAME}, {LEVEL_NAME}, year, coalesce(value, 0), active, year <= last_complete_year
from active left join entered using (unit, grouped, year), horizon
""",
    "countries": f"""
with known as (select {UNIT} as unit, applicant, country, count(*) as value from item_country group by all),
located as (select unit, applicant, sum(value) as located from known group by all),
twice as (select {UNIT} as unit, applicant, sum(more) as more from spread group by all),
counted as (
  from known
  union all
  select unit, applicant, null, items - located + coalesce(more, 0)
  from located join total using (unit) left join twice using (unit, applicant)
)
select {UNIT_NAME}, if(applicant, 'applicant', 'inventor'), country, value, cast(value as double) / items
from counted join total using (unit) where value > 0
""",
    "country_node": f"""
with known as materialized (
  select 0 as unit, applicant, country, node_id, count(*) as value
  from country_of_publication join node_of_publication using (p) group by all
  union all
  select 1, applicant, country, node_id, count(*)
  from country_of_application join node_of_application using (a) group by all
  union all
  select 2, applicant, country, node_id, count(*) from country_of_family join node_of_family using (f) group by all
  union all
  select 3, applicant, country, node_id, count(*)
  from country_of_extended join node_of_extended using (e) group by all
),
located as (select unit, applicant, node_id, sum(value) as located from known group by all),
twice as (
  select {UNIT} as unit, applicant, node_id, sum(more) as more from spread join item_node using (item) group by all
),
whole as (
  select unit, applicant, node_id, items
  from (select {UNIT} as unit, node_id, count(*) as items from item_node group by all),
    (values (true), (false)) basis(applicant)
),
counted as (
  from known
  union all
  select unit, applicant, null, node_id, items - coalesce(located, 0) + coalesce(more, 0)
  from whole left join located using (unit, applicant, node_id) left join twice using (unit, applicant, node_id)
)
select {UNIT_NAME}, if(applicant, 'applicant', 'inventor'), country, node_id, value from counted where value > 0
""",
    "node_year": f"""
with counted as (select {UNIT} as unit, node_id, year, count(*) as value from item_node group by all)
select {UNIT_NAME}, node_id, year, value, coalesce(year <= last_complete_year, false) from counted, horizon
""",
    "co_applicants": f"""
with pairs as (
  select x.item // 100000000 as unit, x.grouped, x.o as a, y.o as b, count(*) as value
  from joint x join joint y on x.item = y.item and x.grouped = y.grouped and x.o < y.o group by all
),
top as (
  from pairs qualify row_number() over (partition by unit, grouped order by value desc, a, b) <= {TOP_PAIRS}
)
select {UNIT_NAMES}[1 + top.unit], if(top.grouped, 'group', 'entity'), ha.organisation_id, ha.name,
  hb.organisation_id, hb.name, value,
  cast(value as double) / sqrt(cast(ta.items as double) * tb.items)
from top
join holder ha on ha.grouped = top.grouped and ha.o = a
join holder hb on hb.grouped = top.grouped and hb.o = b
join organisation_total ta on ta.unit = top.unit and ta.grouped = top.grouped and ta.o = a
join organisation_total tb on tb.unit = top.unit and tb.grouped = top.grouped and tb.o = b
""",
    "claim_counts": f"""
with counted as (
  select {UNIT} as unit, year, count(*) as items, count(claims) as known, avg(claims) as mean,
    quantile_cont(cast(claims as double), [0.5, 0.9]) as quantiles
  from item group by all
)
select {UNIT_NAME}, year, items, items - known, mean, quantiles[1], quantiles[2] from counted
""",
}


def run(release: Path, memory_limit: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the twelve indicators from a folder with `<table>/*.parquet`."""
    with duckdb.connect(config={"memory_limit": memory_limit}) as connection:
        connection.execute("set preserve_insertion_order = false")
        for table in TABLES:
            connection.execute(f"create temp view {table} as from '{release}/{table}/*.parquet'")
        connection.execute(SHARED)
        return {name: connection.execute(sql).fetchall() for name, sql in QUERIES.items()}

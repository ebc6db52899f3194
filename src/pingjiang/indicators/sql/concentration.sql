/* ---
name_zh: 集中度
name_en: Concentration
definition_zh: 申请人份额（分数计数）前五名之和 CR5；份额平方和 HHI；HHI* 按申请人数归一，只有一个申请人时为空。未知申请人的件数另列，不入分母。
definition_en: Sum of the five largest shares of organisations (fractional) CR5; sum of squared shares HHI; HHI* normalised by the number of organisations, empty where there is one. Items without an applicant are stated and not in the denominator.
source: CRn = sum of top-n shares; HHI = sum of s^2; HHI* = (HHI - 1/N) / (1 - 1/N)
year_kind: filing
key: [unit]
columns: [unit, organisations, items, unknown_items, cr5, hhi, hhi_normalised]
parameters: {top: concentration_top}
--- */
with parts as (
  select o.unit, o.organisation_id, sum(cast(1 as double) / o.organisations) as part
  from item_organisation o
  group by o.unit, o.organisation_id
), total as (
  select p.unit, sum(p.part) as parts, count(*) as organisations
  from parts p
  group by p.unit
), shares as (
  select
    p.unit, t.organisations, cast(p.part as double) / t.parts as share,
    row_number() over (partition by p.unit order by p.part desc, p.organisation_id) as place
  from parts p
  join total t on t.unit = p.unit
), summed as (
  select
    s.unit, s.organisations, sum(case when s.place <= $top then s.share end) as cr5, sum(s.share * s.share) as hhi
  from shares s
  group by s.unit, s.organisations
), items as (
  select i.unit, count(*) as items
  from item i
  group by i.unit
)
select
  i.unit, coalesce(s.organisations, 0) as organisations, i.items,
  i.items - coalesce(cast(round(t.parts) as bigint), 0) as unknown_items, s.cr5, s.hhi,
  case when s.organisations > 1
    then (s.hhi - cast(1 as double) / s.organisations) / (1 - cast(1 as double) / s.organisations) end as hhi_normalised
from items i
left join summed s on s.unit = i.unit
left join total t on t.unit = i.unit
order by i.unit

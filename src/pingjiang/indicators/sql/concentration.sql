/* ---
name_zh: 集中度
name_en: Concentration
definition_zh: 按法人主体与最终集团两个层级：申请人份额（分数计数）前五名之和 CR5；份额平方和 HHI；HHI* 按申请人数归一，只有一个申请人时为空。未知申请人的件数另列，不入分母。
definition_en: At two levels, legal entities and ultimate groups. Sum of the five largest shares of organisations (fractional) CR5; sum of squared shares HHI; HHI* normalised by the number of organisations, empty where there is one. Items without an applicant are stated and not in the denominator.
source: CRn = sum of top-n shares; HHI = sum of s^2; HHI* = (HHI - 1/N) / (1 - 1/N)
year_kind: filing
key: [unit, level]
columns: [unit, level, organisations, items, unknown_items, cr5, hhi, hhi_normalised]
parameters: {top: concentration_top}
--- */
with total as (
  -- 232792560 parts are one item.
  select
    t.unit, t.level, cast(sum(t.parts) as bigint) as parts, count(*) as organisations,
    cast(round(cast(sum(t.parts) as double) / 232792560) as bigint) as known_items
  from organisation_total t
  group by t.unit, t.level
), shares as (
  select
    o.unit, o.level, o.organisation_number, o.parts, cast(o.parts as double) / t.parts as share,
    row_number() over (partition by o.unit, o.level order by o.parts desc, o.organisation_number) as place
  from organisation_total o
  join total t on t.unit = o.unit and t.level = o.level
), summed as (
  -- Squares in whole parts of 2^60, for the same reason.
  select
    s.unit, s.level, sum(case when s.place <= $top then s.parts end) as largest,
    sum(cast(round(s.share * s.share * 1152921504606846976) as bigint)) as squares
  from shares s
  group by s.unit, s.level
), measured as (
  select
    t.unit, t.level, t.organisations, t.known_items, cast(s.largest as double) / t.parts as cr5,
    cast(s.squares as double) / 1152921504606846976 as hhi
  from total t
  join summed s on s.unit = t.unit and s.level = t.level
), levels as (
  select 'entity' as level
  union
  select 'group' as level
), items as (
  select i.unit, count(*) as items
  from item i
  group by i.unit
)
select
  i.unit, v.level, coalesce(m.organisations, 0) as organisations, i.items, i.items - coalesce(m.known_items, 0) as unknown_items,
  m.cr5, m.hhi,
  case when m.organisations > 1
    then (m.hhi - cast(1 as double) / m.organisations) / (1 - cast(1 as double) / m.organisations) end as hhi_normalised
from items i
cross join levels v
left join measured m on m.unit = i.unit and m.level = v.level
order by i.unit, v.level

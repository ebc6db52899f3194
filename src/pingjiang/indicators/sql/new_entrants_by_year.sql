/* ---
name_zh: 新进入者
name_en: New entrants by year
definition_zh: 按法人主体与最终集团两个层级，在本数据中首件申请落在该年的申请人数；同列该年有申请的申请人数。数据最早几年的新进入者多因数据起点，读时留意。没有机构申请的年份不列行，两数为零。
definition_en: At two levels, legal entities and ultimate groups - organisations whose first item in these data was filed in that year, beside all organisations that filed. In the first years of the data most are new because the data begin there. A year in which no organisation filed has no row, both numbers are zero.
source: entry = min(filing year) of an organisation
year_kind: filing
key: [unit, level, year]
columns: [unit, level, year, value, active, complete]
--- */
with entered as (
  select t.unit, t.level, t.first_year as year, count(*) as value
  from organisation_total t
  where t.first_year is not null
  group by t.unit, t.level, t.first_year
), active as (
  select y.unit, y.level, y.filing_year as year, count(*) as active
  from organisation_year y
  where y.filing_year is not null
  group by y.unit, y.level, y.filing_year
)
select
  a.unit, a.level, a.year, coalesce(e.value, 0) as value, a.active, a.year <= h.last_complete_year as complete
from active a
cross join horizon h
left join entered e on e.unit = a.unit and e.level = a.level and e.year = a.year
order by a.unit, a.level, a.year

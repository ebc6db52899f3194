/* ---
name_zh: 年增速
name_en: Growth by year
definition_zh: 申请件数与上一年之比减一；只算完整年；上一年为零则为空。
definition_en: Filings of a year over those of the year before, minus one; complete years only; empty where the year before has none.
source: growth_y = x_y / x_(y-1) - 1
year_kind: filing
key: [unit, year]
columns: [unit, year, value, previous, growth]
--- */
with yearly as (
  select i.unit, i.filing_year as year, count(*) as value
  from item i
  cross join horizon h
  where i.filing_year <= h.last_complete_year
  group by i.unit, i.filing_year
)
select
  y.unit, y.year, y.value, coalesce(p.value, 0) as previous,
  cast(y.value - p.value as double) / p.value as growth
from yearly y
left join yearly p on p.unit = y.unit and p.year = y.year - 1
order by y.unit, y.year

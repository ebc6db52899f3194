/* ---
name_zh: 年增速
name_en: Growth by year
definition_zh: 申请件数与上一年之比减一；只算完整年。上一年为零则为空；数据的首年也为空，因为此前的年份未知。首末年之间没有申请的年份不列行，件数为零。
definition_en: Filings of a year over those of the year before, minus one; complete years only. Empty where the year before has none, and in the first year of the data, before which nothing is known. A year without filings between the first and the last has no row, it has none.
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
), begun as (
  select y.unit, min(y.year) as year
  from yearly y
  group by y.unit
)
select
  y.unit, y.year, y.value, case when y.year > b.year then coalesce(p.value, 0) end as previous,
  cast(y.value - p.value as double) / p.value as growth
from yearly y
join begun b on b.unit = y.unit
left join yearly p on p.unit = y.unit and p.year = y.year - 1
order by y.unit, y.year

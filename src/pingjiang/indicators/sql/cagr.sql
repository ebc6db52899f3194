/* ---
name_zh: 年复合增长率
name_en: Compound annual growth rate
definition_zh: 末个完整年与至多 $years 年前相比的年复合增长率；没有申请的年份件数为零，起始年为零则为空。
definition_en: Compound annual growth between the last complete year and the year up to $years years before. A year without filings counts zero; where the first of the two does, the rate is empty.
source: CAGR = (x_end / x_start)^(1 / (end - start)) - 1
year_kind: filing
key: [unit]
columns: [unit, from_year, to_year, from_value, to_value, cagr]
parameters: {years: cagr_years}
--- */
with yearly as (
  select i.unit, i.filing_year as year, count(*) as value
  from item i
  cross join horizon h
  where i.filing_year <= h.last_complete_year
  group by i.unit, i.filing_year
), span as (
  select
    y.unit, greatest(min(y.year), h.last_complete_year - $years) as from_year, h.last_complete_year as to_year
  from yearly y
  cross join horizon h
  group by y.unit, h.last_complete_year
), ends as (
  select
    s.unit, s.from_year, s.to_year, coalesce(a.value, 0) as from_value, coalesce(b.value, 0) as to_value
  from span s
  left join yearly a on a.unit = s.unit and a.year = s.from_year
  left join yearly b on b.unit = s.unit and b.year = s.to_year
)
select
  e.unit, e.from_year, e.to_year, e.from_value, e.to_value,
  case when e.from_value > 0 and e.to_year > e.from_year
    then power(cast(e.to_value as double) / e.from_value, cast(1 as double) / (e.to_year - e.from_year)) - 1 end as cagr
from ends e
order by e.unit

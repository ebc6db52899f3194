/* ---
name_zh: 授权滞后
name_en: Grant lag
definition_zh: 按授权年，从申请到授权的天数：中位数、九五分位。同族（简单、扩展）从最早优先权日（没有优先权的从最早申请日）算到最早的授权。起算日未知或晚于授权日的件数另列，不入计算。没有授权的年份不列行。
definition_en: Days from filing to grant by year of grant - median, 95th percentile. A family's, simple or extended, run from its earliest priority date, without priority from its earliest filing date, to its earliest grant. Items whose first day is unknown or later than the grant are stated and left out. A year without grants has no row.
source: grant date - filing date; linear interpolation between order statistics (Hyndman and Fan, type 7)
year_kind: grant
key: [unit, year]
columns: [unit, year, items, unknown, median_days, p95_days]
--- */
with lag as (
  select
    i.unit, i.grant_year as year,
    case when i.grant_date >= i.filing_date then cast(date_diff('day', i.filing_date, i.grant_date) as double) end as days
  from item i
  where i.grant_year is not null
)
select
  l.unit, l.year, count(*) as items, count(*) - count(l.days) as unknown, median(l.days) as median_days,
  quantile_cont(l.days, cast(95 as double) / 100) as p95_days
from lag l
group by l.unit, l.year
order by l.unit, l.year

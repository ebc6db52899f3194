/* ---
name_zh: 申请趋势
name_en: Filings by year
definition_zh: 按申请年统计的件数；同族按最早优先权年，没有优先权的按最早申请年。申请年未知的单列一行。末个完整年之后的年份不完整，不用于增速。首末年之间没有申请的年份不列行，件数为零。
definition_en: Items by filing year; families by earliest priority year, without priority by earliest filing year. Unknown years are a row of their own. Years after the last complete year are incomplete and enter no growth. A year without filings between the first and the last has no row, it has none.
source: rules of counting, years and truncation (whole counting; GB/T 39551.3 trend module)
year_kind: filing
key: [unit, year]
columns: [unit, year, value, complete]
--- */
select
  i.unit, i.filing_year as year, count(*) as value,
  coalesce(i.filing_year <= h.last_complete_year, false) as complete
from item i
cross join horizon h
group by i.unit, i.filing_year, h.last_complete_year
order by i.unit, i.filing_year nulls last

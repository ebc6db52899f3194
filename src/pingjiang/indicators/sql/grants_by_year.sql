/* ---
name_zh: 授权趋势
name_en: Grants by year
definition_zh: 按授权公告年统计的件数；同族按最早的授权。截止日所在的年份不完整，除非截止日是 12 月 31 日。首末年之间没有授权的年份不列行，件数为零。
definition_en: Items by year of grant; families by their earliest grant. The year of the cut-off is incomplete unless the cut-off is 31 December. A year without grants between the first and the last has no row, it has none.
source: rules of counting (whole counting)
year_kind: grant
key: [unit, year]
columns: [unit, year, value, complete]
--- */
select
  i.unit, i.grant_year as year, count(*) as value,
  i.grant_year < year(h.cutoff_date + interval 1 day) as complete
from item i
cross join horizon h
where i.grant_year is not null
group by i.unit, i.grant_year, h.cutoff_date
order by i.unit, i.grant_year

/* ---
name_zh: 权利要求数
name_en: Claim counts
definition_zh: 按申请年的权利要求数：均值、中位数、九成分位；权利要求数未知的件数另列，不入计算。公开文献取其自己的；申请取写明权利要求数的公开中的授权文本，没有授权的取最早公开；同族（简单、扩展）取其代表公开的，即最早公开的申请的授权文本，没有授权的取该申请的最早公开。同日的按公开号取先。没有申请的年份不列行。
definition_en: Number of claims by filing year - mean, median, 90th percentile; items of unknown claims are stated and left out. A publication has its own; an application those of its grant, else of its first publication, among publications that tell their claims; a family, simple or extended, those of its representative, which is the grant, else the first publication, of the application published first. Ties by publication number. A year without filings has no row.
source: linear interpolation between order statistics (Hyndman and Fan, type 7)
year_kind: filing
key: [unit, year]
columns: [unit, year, items, unknown, mean_claims, median_claims, p90_claims]
--- */
select
  i.unit, i.filing_year as year, count(*) as items, count(*) - count(i.claim_count) as unknown,
  avg(i.claim_count) as mean_claims, median(cast(i.claim_count as double)) as median_claims,
  quantile_cont(cast(i.claim_count as double), cast(9 as double) / 10) as p90_claims
from item i
group by i.unit, i.filing_year
order by i.unit, i.filing_year nulls last

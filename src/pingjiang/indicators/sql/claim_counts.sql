/* ---
name_zh: 权利要求数
name_en: Claim counts
definition_zh: 按申请年的权利要求数：均值、中位数、九成分位；权利要求数未知的件数另列，不入计算。申请以授权文本为准，没有的取首次公开。
definition_en: Number of claims by filing year - mean, median, 90th percentile; items of unknown claims are stated and left out. For applications the granted text counts, else the first publication.
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

/* ---
name_zh: 节点 × 申请年
name_en: Nodes by filing year
definition_zh: 产业链末级节点按申请年的件数；一件可属多个节点。没有申请的年份不列行，件数为零。
definition_en: Items of each leaf of the chain by filing year; an item may belong to several leaves. A year without filings in a leaf has no row, it has none.
source: rules of counting (whole counting)
year_kind: filing
key: [unit, node_id, year]
columns: [unit, node_id, year, value, complete]
--- */
select
  n.unit, n.node_id, n.filing_year as year, count(*) as value,
  coalesce(n.filing_year <= h.last_complete_year, false) as complete
from item_node n
cross join horizon h
group by n.unit, n.node_id, n.filing_year, h.last_complete_year
order by n.unit, n.node_id, n.filing_year nulls last

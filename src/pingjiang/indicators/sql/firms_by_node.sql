/* ---
name_zh: 各环节单位数
name_en: Firms by node
definition_zh: 企业名录按产业链环节统计的家数；上级环节对其下各家只计一次，一家可属多个环节。环节为空的一行是名录未写环节、或所写环节不在本产业链中的单位。计数单位为“家”，不与专利件数相加。
definition_en: Firms and institutes of the register by node of the industry chain; an inner node counts a firm below it once, and a firm may belong to several. The row without a node holds firms for which the register names no node of this chain. The unit is the firm; it is never added to items of patents.
source: register of firms (企业名录), as imported
year_kind: none
units: [firm]
key: [unit, node_id]
columns: [unit, node_id, firms]
--- */
with reached as (
  select distinct c.ancestor_id as node_id, n.credit_code
  from register_firm_node n
  join chain_closure c on c.node_id = n.node_id
), counted as (
  select r.node_id, count(*) as firms
  from reached r
  group by r.node_id
), assigned as (
  select count(distinct r.credit_code) as firms
  from reached r
), every as (
  select count(*) as firms
  from register_firm f
), filled as (
  select 'firm' as unit, n.node_id, n.position, coalesce(c.firms, 0) as firms
  from chain_node n
  cross join every e
  left join counted c on c.node_id = n.node_id
  where e.firms > 0
  union all
  select
    'firm' as unit, cast(null as varchar) as node_id, cast(null as bigint) as position, e.firms - a.firms as firms
  from every e
  cross join assigned a
  where e.firms > 0
)
select f.unit, f.node_id, f.firms
from filled f
order by f.unit, f.position nulls last, f.node_id nulls last

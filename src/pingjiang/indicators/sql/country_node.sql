/* ---
name_zh: 国家和地区 × 节点
name_en: Countries by node
definition_zh: 按地址所在国家和地区与产业链末级节点统计的件数；一件可属多国、多个节点。
definition_en: Items by country or region of address and leaf of the chain; an item may belong to several of each.
source: rules of counting (whole counting)
year_kind: filing
key: [unit, basis, country, node_id]
columns: [unit, basis, country, node_id, value]
--- */
with placed as (
  select p.unit, p.item_id, p.basis, p.country
  from item_place p
  group by p.unit, p.item_id, p.basis, p.country
)
select p.unit, p.basis, p.country, n.node_id, count(*) as value
from placed p
join item_node n on n.unit = p.unit and n.item_id = p.item_id
group by p.unit, p.basis, p.country, n.node_id
order by p.unit, p.basis, p.country nulls last, n.node_id

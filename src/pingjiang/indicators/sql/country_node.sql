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
with known as (
  select c.unit, c.basis, c.country, n.node_id, count(*) as value
  from item_country c
  join item_node n on n.item_id = c.item_id
  group by c.unit, c.basis, c.country, n.node_id
), link as (
  select k.unit, k.basis, k.node_id, cast(sum(k.value) as bigint) as links
  from known k
  group by k.unit, k.basis, k.node_id
), again as (
  -- How many times too often an item of several countries counts as one whose country is known.
  select s.unit, s.basis, n.node_id, cast(sum(s.countries - 1) as bigint) as links
  from item_in_several_countries s
  join item_node n on n.item_id = s.item_id
  group by s.unit, s.basis, n.node_id
), node as (
  select n.unit, n.node_id, count(*) as items
  from item_node n
  group by n.unit, n.node_id
), unknown as (
  select b.unit, b.basis, n.node_id, n.items - coalesce(l.links, 0) + coalesce(a.links, 0) as value
  from node n
  join located b on b.unit = n.unit
  left join link l on l.unit = b.unit and l.basis = b.basis and l.node_id = n.node_id
  left join again a on a.unit = b.unit and a.basis = b.basis and a.node_id = n.node_id
), every as (
  select k.unit, k.basis, k.country, k.node_id, k.value
  from known k
  union all
  select u.unit, u.basis, cast(null as varchar) as country, u.node_id, u.value
  from unknown u
  where u.value > 0
)
select e.unit, e.basis, e.country, e.node_id, e.value
from every e
order by e.unit, e.basis, e.country nulls last, e.node_id

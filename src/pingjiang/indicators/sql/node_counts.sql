/* ---
name_zh: 节点件数
name_en: Items by node
definition_zh: 产业链各节点的件数；上级节点只计一次其下的同一件。节点为空的一行是未归类的件数。“归入多个”指同时归入一个以上末级节点的件数。
definition_en: Items of each node of the chain; an inner node counts an item below it once. The row without a node holds unassigned items. "In several" counts items that stand in more than one leaf.
source: rules of counting (whole counting)
year_kind: filing
key: [unit, node_id]
columns: [unit, node_id, value, multiple]
--- */
with leaves as (
  select n.unit, n.node_id, count(*) as value, count(case when n.nodes > 1 then 1 end) as multiple
  from item_node n
  group by n.unit, n.node_id
), inner_node as (
  select c.ancestor_id as node_id, c.node_id as leaf_id
  from chain_closure c
  join chain_node p on p.node_id = c.ancestor_id and not p.is_leaf
  join chain_node l on l.node_id = c.node_id and l.is_leaf
), below as (
  select n.unit, n.item_id, a.node_id, max(n.nodes) as nodes
  from item_node n
  join inner_node a on a.leaf_id = n.node_id
  group by n.unit, n.item_id, a.node_id
), counted as (
  select l.unit, l.node_id, l.value, l.multiple
  from leaves l
  union all
  select b.unit, b.node_id, count(*) as value, count(case when b.nodes > 1 then 1 end) as multiple
  from below b
  group by b.unit, b.node_id
), units as (
  select i.unit, count(*) as items
  from item i
  group by i.unit
), assigned as (
  select n.unit, sum(cast(1 as double) / n.nodes) as items
  from item_node n
  group by n.unit
), every as (
  select u.unit, c.node_id, c.position
  from units u
  cross join chain_node c
), filled as (
  select
    e.unit, e.node_id, e.position, coalesce(c.value, 0) as value, coalesce(c.multiple, 0) as multiple
  from every e
  left join counted c on c.unit = e.unit and c.node_id = e.node_id
  union all
  select
    u.unit, cast(null as varchar) as node_id, cast(null as bigint) as position,
    u.items - coalesce(cast(round(a.items) as bigint), 0) as value, 0 as multiple
  from units u
  left join assigned a on a.unit = u.unit
)
select f.unit, f.node_id, f.value, f.multiple
from filled f
order by f.unit, f.position nulls last, f.node_id nulls last

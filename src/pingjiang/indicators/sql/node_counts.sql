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
  select n.unit, n.item_id, count(*) as nodes
  from item_node n
  group by n.unit, n.item_id
), single as (
  select n.unit, n.node_id, count(*) as items
  from item_node n
  join leaves l on l.item_id = n.item_id
  where l.nodes = 1
  group by n.unit, n.node_id
), leaf_set as (
  -- Items with several leaves are few kinds of sets: an inner node is found once a set, not once an item.
  select n.unit, n.item_id, array_to_string(list_sort(list(n.node_id)), ',') as leaves
  from item_node n
  join leaves l on l.item_id = n.item_id
  where l.nodes > 1
  group by n.unit, n.item_id
), kind as (
  select s.unit, s.leaves, count(*) as items
  from leaf_set s
  group by s.unit, s.leaves
), spread as (
  select k.unit, k.leaves, k.items, unnest(string_split(k.leaves, ',')) as leaf_id
  from kind k
), several as (
  select distinct s.unit, s.leaves, s.items, c.ancestor_id as node_id
  from spread s
  join chain_closure c on c.node_id = s.leaf_id
), every as (
  select s.unit, c.ancestor_id as node_id, s.items as value, 0 as multiple
  from single s
  join chain_closure c on c.node_id = s.node_id
  union all
  select s.unit, s.node_id, s.items as value, s.items as multiple
  from several s
), counted as (
  select e.unit, e.node_id, cast(sum(e.value) as bigint) as value, cast(sum(e.multiple) as bigint) as multiple
  from every e
  group by e.unit, e.node_id
), assigned as (
  select l.unit, count(*) as items
  from leaves l
  group by l.unit
), total as (
  select i.unit, count(*) as items
  from item i
  group by i.unit
), filled as (
  select t.unit, n.node_id, n.position, coalesce(c.value, 0) as value, coalesce(c.multiple, 0) as multiple
  from total t
  cross join chain_node n
  left join counted c on c.unit = t.unit and c.node_id = n.node_id
  union all
  select
    t.unit, cast(null as varchar) as node_id, cast(null as bigint) as position,
    t.items - coalesce(a.items, 0) as value, 0 as multiple
  from total t
  left join assigned a on a.unit = t.unit
)
select f.unit, f.node_id, f.value, f.multiple
from filled f
order by f.unit, f.position nulls last, f.node_id nulls last

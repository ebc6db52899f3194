/* ---
name_zh: 节点的申请人
name_en: Organisations by node
definition_zh: 产业链末级节点中件数最多的申请人（整体计数），法人主体与最终集团两个层级各列。每个节点每个层级只列前 $top 家；末位件数相同的按机构编号取先，其余同名次者不列。
definition_en: Organisations with most items in each leaf of the chain (whole counting), at two levels, legal entities and ultimate groups. The first $top of a leaf and level are listed. At the cut equals are taken in the order of their ids, so that others of the last rank may be left out.
source: rules of counting (whole counting); ties share a rank and stand by id
year_kind: filing
key: [unit, level, node_id, organisation_id]
columns: [unit, level, node_id, rank, organisation_id, organisation, value]
parameters: {top: 20}
--- */
with counted as (
  select n.unit, o.level, n.node_id, o.organisation_number, count(*) as value
  from item_node n
  join item_organisation o on o.item_id = n.item_id
  group by n.unit, o.level, n.node_id, o.organisation_number
), ranked as (
  select
    c.unit, c.level, c.node_id, rank() over (partition by c.unit, c.level, c.node_id order by c.value desc) as rank,
    row_number() over (partition by c.unit, c.level, c.node_id order by c.value desc, c.organisation_number) as place,
    c.organisation_number, c.value
  from counted c
)
select r.unit, r.level, r.node_id, r.rank, n.organisation_id, n.name as organisation, r.value
from ranked r
join counted_organisation n on n.organisation_number = r.organisation_number and n.level = r.level
where r.place <= $top
order by r.unit, r.level, r.node_id, r.rank, n.organisation_id

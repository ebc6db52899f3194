/* ---
name_zh: 中国城市 × 节点
name_en: Cities of China by node
definition_zh: 中国的省级和地级城市与产业链末级节点的件数；不知城市的只到省，或只到国家。
definition_en: Items of provinces and prefectures of China by leaf of the chain; where the city is not known, by province or country alone.
source: rules of counting (whole counting)
year_kind: filing
key: [unit, basis, country, province, city, node_id]
columns: [unit, basis, country, province, city, node_id, value]
--- */
select p.unit, p.basis, p.country, p.province, p.city, n.node_id, count(*) as value
from item_place p
join item_node n on n.item_id = p.item_id
where p.country = 'CN'
group by p.unit, p.basis, p.country, p.province, p.city, n.node_id
order by p.unit, p.basis, p.country, p.province nulls last, p.city nulls last, n.node_id

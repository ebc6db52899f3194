/* ---
name_zh: 城市
name_en: Cities
definition_zh: 按地址所在城市统计的件数；中国为省级和地级，其他国家为来源所写的城市。只知国家不知城市的单列。
definition_en: Items by city of address; in China province and prefecture, elsewhere the city as the source writes it. Where only the country is known, the city is empty.
source: rules of counting (whole counting by place)
year_kind: filing
key: [unit, basis, country, province, city]
columns: [unit, basis, country, province, city, value]
--- */
with known as (
  select p.unit, p.basis, p.country, p.province, p.city, count(*) as value
  from item_place p
  group by p.unit, p.basis, p.country, p.province, p.city
), every as (
  select k.unit, k.basis, k.country, k.province, k.city, k.value
  from known k
  union all
  select
    l.unit, l.basis, cast(null as varchar) as country, cast(null as varchar) as province,
    cast(null as varchar) as city, l.items - l.located as value
  from located l
  where l.items > l.located
)
select e.unit, e.basis, e.country, e.province, e.city, e.value
from every e
order by e.unit, e.basis, e.country nulls last, e.province nulls last, e.city nulls last

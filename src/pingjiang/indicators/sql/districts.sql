/* ---
name_zh: 区县
name_en: Districts
definition_zh: 按地址所在区县统计的件数，只计中国；知道城市而地址没有写明区县的，区县为空，单列。
definition_en: Items by district or county of address, in China. Where the city is known and no address in it tells the district, the district is empty.
source: rules of counting (whole counting by place)
year_kind: filing
key: [unit, basis, province, city, district]
columns: [unit, basis, province, city, district, value]
--- */
with told as (
  select distinct d.item_id, d.unit, d.basis, d.province, d.city, d.district
  from item_district d where d.district is not null
), every as (
  select t.unit, t.basis, t.province, t.city, t.district, count(*) as value
  from told t
  group by t.unit, t.basis, t.province, t.city, t.district
  union all
  select p.unit, p.basis, p.province, p.city, cast(null as varchar) as district, count(*) as value
  from item_place p
  anti join told t
    on t.item_id = p.item_id and t.basis = p.basis and t.city = p.city and t.province is not distinct from p.province
  where p.country = 'CN' and p.city is not null
  group by p.unit, p.basis, p.province, p.city
)
select e.unit, e.basis, e.province, e.city, e.district, e.value
from every e
order by e.unit, e.basis, e.province nulls last, e.city, e.district nulls last

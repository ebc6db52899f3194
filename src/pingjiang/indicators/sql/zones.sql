/* ---
name_zh: 板块（开发区）
name_en: Development zones
definition_zh: 按地址写明的开发区（如苏州工业园区）统计的件数，只计中国；知道城市而地址没有写明开发区的，板块为空，单列：其中多数在开发区以外，少数是地址没有写。
definition_en: Items by development zone that an address names (as Suzhou Industrial Park), in China. Where the city is known and no address in it names a zone, the zone is empty; most of those lie in none, some do not say so.
source: rules of counting (whole counting by place); identities/places/zones.yaml
year_kind: filing
key: [unit, basis, province, city, zone]
columns: [unit, basis, province, city, zone, value]
--- */
with told as (
  select distinct d.item_id, d.unit, d.basis, d.province, d.city, d.zone
  from item_district d where d.zone is not null
), every as (
  select t.unit, t.basis, t.province, t.city, t.zone, count(*) as value
  from told t
  group by t.unit, t.basis, t.province, t.city, t.zone
  union all
  select p.unit, p.basis, p.province, p.city, cast(null as varchar) as zone, count(*) as value
  from item_place p
  anti join told t
    on t.item_id = p.item_id and t.basis = p.basis and t.city = p.city and t.province is not distinct from p.province
  where p.country = 'CN' and p.city is not null
  group by p.unit, p.basis, p.province, p.city
)
select e.unit, e.basis, e.province, e.city, e.zone, e.value
from every e
order by e.unit, e.basis, e.province nulls last, e.city, e.zone nulls last

/* ---
name_zh: 国家和地区
name_en: Countries and regions
definition_zh: 按申请人或发明人地址所在的国家和地区统计的件数，一件可属多国；份额的分母为全部件数（含地点未知）。
definition_en: Items by country or region of address of applicants or of inventors; an item may belong to several. The share is of all items, those of unknown place included.
source: rules of counting (whole counting by place); codes of WIPO ST.3
year_kind: filing
key: [unit, basis, country]
columns: [unit, basis, country, value, share]
--- */
with known as (
  select c.unit, c.basis, c.country, count(*) as value
  from item_country c
  group by c.unit, c.basis, c.country
), every as (
  select k.unit, k.basis, k.country, k.value
  from known k
  union all
  select l.unit, l.basis, cast(null as varchar) as country, l.items - l.located as value
  from located l
  where l.items > l.located
)
select e.unit, e.basis, e.country, e.value, cast(e.value as double) / l.items as share
from every e
join located l on l.unit = e.unit and l.basis = e.basis
order by e.unit, e.basis, e.country nulls last

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
with placed as (
  select p.unit, p.item_id, p.basis, p.country
  from item_place p
  group by p.unit, p.item_id, p.basis, p.country
), items as (
  select i.unit, count(*) as items
  from item i
  group by i.unit
)
select
  p.unit, p.basis, p.country, count(*) as value, cast(count(*) as double) / i.items as share
from placed p
join items i on i.unit = p.unit
group by p.unit, p.basis, p.country, i.items
order by p.unit, p.basis, p.country nulls last

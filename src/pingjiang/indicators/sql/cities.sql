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
select p.unit, p.basis, p.country, p.province, p.city, count(*) as value
from item_place p
group by p.unit, p.basis, p.country, p.province, p.city
order by p.unit, p.basis, p.country nulls last, p.province nulls last, p.city nulls last

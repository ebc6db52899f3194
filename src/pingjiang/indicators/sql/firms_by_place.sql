/* ---
name_zh: 各地单位数
name_en: Firms by place
definition_zh: 企业名录中的单位按所在省级、地级统计的家数，每家只按最近一年的条目计一次；产值为其中有产值者之和。地点未知的单列。计数单位为“家”，不与专利件数相加。
definition_en: Firms and institutes of the register by province and prefecture, each counted once, by its latest year; output is the sum over those of which it is told. Those of unknown place stand in a row of their own. The unit is the firm; it is never added to items of patents.
source: register of firms (企业名录), as imported
year_kind: none
units: [firm]
key: [unit, province, city]
columns: [unit, province, city, firms, firms_with_output, output_yuan]
--- */
with placed as (
  select
    'firm' as unit, f.province, f.city, count(*) as firms, count(f.output_yuan) as firms_with_output,
    cast(sum(f.output_yuan) as bigint) as output_yuan
  from register_firm f
  group by f.province, f.city
)
select p.unit, p.province, p.city, p.firms, p.firms_with_output, p.output_yuan
from placed p
order by p.unit, p.province nulls last, p.city nulls last

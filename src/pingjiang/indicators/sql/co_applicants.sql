/* ---
name_zh: 共同申请
name_en: Co-applicants
definition_zh: 共同为申请人的两个机构及其共同件数；Salton 系数为共同件数除以两者件数乘积的平方根。分法人主体与最终集团两个层级：集团层级先将同一集团的申请人合为一个，集团内部的共同申请不计。每个层级只列共同件数最多的前 $top 对；末位件数相同的按两个机构编号取先，其余不列。
definition_en: Pairs of organisations that are applicants together, with the items they share; Salton's measure is the shared items over the root of the product of both counts. At two levels, legal entities and ultimate groups; at the level of groups the applicants of one group are one, and what they file among themselves is no pair. The first $top pairs of a level by shared items are listed; at the cut equals are taken in the order of both ids, and others with as many are left out.
source: Salton = c12 / sqrt(c1 * c2)
year_kind: filing
key: [unit, level, organisation_id_a, organisation_id_b]
columns: [unit, level, organisation_id_a, organisation_a, organisation_id_b, organisation_b, value, salton]
parameters: {top: 200}
--- */
with joint as (
  select o.unit, o.level, o.item_id, o.organisation_number
  from item_organisation o
  where o.organisations > 1
), pairs as (
  select
    a.unit, a.level, a.organisation_number as organisation_number_a, b.organisation_number as organisation_number_b,
    count(*) as value
  from joint a
  join joint b on b.item_id = a.item_id and b.level = a.level and b.organisation_number > a.organisation_number
  group by a.unit, a.level, a.organisation_number, b.organisation_number
), ranked as (
  select
    p.unit, p.level, p.organisation_number_a, p.organisation_number_b, p.value,
    row_number() over (
      partition by p.unit, p.level order by p.value desc, p.organisation_number_a, p.organisation_number_b
    ) as place
  from pairs p
), top as (
  select r.unit, r.level, r.organisation_number_a, r.organisation_number_b, r.value
  from ranked r
  where r.place <= $top
)
select
  t.unit, t.level, na.organisation_id as organisation_id_a, na.name as organisation_a,
  nb.organisation_id as organisation_id_b, nb.name as organisation_b, t.value,
  cast(t.value as double) / sqrt(cast(a.items as double) * b.items) as salton
from top t
join organisation_total a on a.unit = t.unit and a.level = t.level and a.organisation_number = t.organisation_number_a
join organisation_total b on b.unit = t.unit and b.level = t.level and b.organisation_number = t.organisation_number_b
join counted_organisation na on na.organisation_number = t.organisation_number_a and na.level = t.level
join counted_organisation nb on nb.organisation_number = t.organisation_number_b and nb.level = t.level
order by t.unit, t.level, t.value desc, na.organisation_id, nb.organisation_id

/* ---
name_zh: 共同申请
name_en: Co-applicants
definition_zh: 共同为申请人的两个机构及其共同件数；Salton 系数为共同件数除以两者件数乘积的平方根。集团未归并。
definition_en: Pairs of organisations that are applicants together, with the items they share; Salton's measure is the shared items over the root of the product of both counts. Groups are not merged.
source: Salton = c12 / sqrt(c1 * c2)
year_kind: filing
key: [unit, organisation_id_a, organisation_id_b]
columns: [unit, organisation_id_a, organisation_a, organisation_id_b, organisation_b, value, salton]
parameters: {top: 200}
--- */
with joint as (
  select o.unit, o.item_id, o.organisation_id
  from item_organisation o
  where o.organisations > 1
), pairs as (
  select a.unit, a.organisation_id as organisation_id_a, b.organisation_id as organisation_id_b, count(*) as value
  from joint a
  join joint b on b.unit = a.unit and b.item_id = a.item_id and b.organisation_id > a.organisation_id
  group by a.unit, a.organisation_id, b.organisation_id
), ranked as (
  select
    p.unit, p.organisation_id_a, p.organisation_id_b, p.value,
    row_number() over (
      partition by p.unit order by p.value desc, p.organisation_id_a, p.organisation_id_b
    ) as place
  from pairs p
), top as (
  select r.unit, r.organisation_id_a, r.organisation_id_b, r.value
  from ranked r
  where r.place <= $top
), named as (
  select t.unit, t.organisation_id_a as organisation_id
  from top t
  union
  select t.unit, t.organisation_id_b as organisation_id
  from top t
), sizes as (
  select n.unit, n.organisation_id, count(*) as items
  from named n
  join item_organisation o on o.unit = n.unit and o.organisation_id = n.organisation_id
  group by n.unit, n.organisation_id
)
select
  t.unit, t.organisation_id_a, coalesce(na.name, t.organisation_id_a) as organisation_a,
  t.organisation_id_b, coalesce(nb.name, t.organisation_id_b) as organisation_b, t.value,
  cast(t.value as double) / sqrt(cast(a.items as double) * b.items) as salton
from top t
join sizes a on a.unit = t.unit and a.organisation_id = t.organisation_id_a
join sizes b on b.unit = t.unit and b.organisation_id = t.organisation_id_b
left join organisation na on na.organisation_id = t.organisation_id_a
left join organisation nb on nb.organisation_id = t.organisation_id_b
order by t.unit, t.value desc, t.organisation_id_a, t.organisation_id_b

/* ---
name_zh: 申请人排名
name_en: Top organisations
definition_zh: 申请人按件数（整体计数，共同申请各计一件）排名；份额为分数计数（n 个申请人各计 1/n），分母为有申请人的件数。
definition_en: Organisations by items (whole counting, each co-applicant counts one); the share is fractional (each of n applicants counts 1/n) over items with an applicant.
source: rules of counting, whole and fractional; ties share a rank and stand by id
year_kind: filing
key: [unit, organisation_id]
columns: [unit, rank, organisation_id, organisation, value, share, first_year, last_year]
parameters: {top: 100}
--- */
with counted as (
  -- 80313433200 can be divided by 1 to 28: whole parts add up alike in any order, where fractions do not.
  select
    o.unit, o.organisation_id, count(*) as value, sum(80313433200 // o.organisations) as part,
    min(o.filing_year) as first_year, max(o.filing_year) as last_year
  from item_organisation o
  group by o.unit, o.organisation_id
), total as (
  select c.unit, sum(c.part) as parts
  from counted c
  group by c.unit
), ranked as (
  select
    c.unit, rank() over (partition by c.unit order by c.value desc) as rank,
    row_number() over (partition by c.unit order by c.value desc, c.organisation_id) as place,
    c.organisation_id, c.value, c.part, c.first_year, c.last_year
  from counted c
)
select
  r.unit, r.rank, r.organisation_id, coalesce(n.name, r.organisation_id) as organisation, r.value,
  cast(r.part as double) / t.parts as share, r.first_year, r.last_year
from ranked r
join total t on t.unit = r.unit
left join organisation n on n.organisation_id = r.organisation_id
where r.place <= $top
order by r.unit, r.rank, r.organisation_id

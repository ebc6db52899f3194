/* ---
name_zh: 申请人排名
name_en: Top organisations
definition_zh: 申请人按件数（整体计数，共同申请各计一件）排名；份额为分数计数（n 个申请人各计 1/n），分母为有申请人的件数。只列前 $top 家；末位件数相同的按机构编号取先，其余同名次者不列。
definition_en: Organisations by items (whole counting, each co-applicant counts one); the share is fractional (each of n applicants counts 1/n) over items with an applicant. The first $top are listed. At the cut equals are taken in the order of their ids, so that others of the last rank may be left out.
source: rules of counting, whole and fractional; ties share a rank and stand by id
year_kind: filing
key: [unit, organisation_id]
columns: [unit, rank, organisation_id, organisation, value, share, first_year, last_year]
parameters: {top: 100}
--- */
with whole as (
  select t.unit, cast(sum(t.parts) as bigint) as parts
  from organisation_total t
  group by t.unit
), ranked as (
  select
    t.unit, rank() over (partition by t.unit order by t.items desc) as rank,
    row_number() over (partition by t.unit order by t.items desc, t.organisation_number) as place,
    t.organisation_number, t.items, t.parts, t.first_year, t.last_year
  from organisation_total t
)
select
  r.unit, r.rank, n.organisation_id, n.name as organisation, r.items as value,
  cast(r.parts as double) / w.parts as share, r.first_year, r.last_year
from ranked r
join whole w on w.unit = r.unit
join organisation n on n.organisation_number = r.organisation_number
where r.place <= $top
order by r.unit, r.rank, n.organisation_id

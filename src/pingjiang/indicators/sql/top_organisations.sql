/* ---
name_zh: 申请人排名
name_en: Top organisations
definition_zh: 申请人按件数（整体计数，共同申请各计一件）排名，法人主体与最终集团两个层级各自排名，同一集团的共同申请人在集团层级合为一个；份额为分数计数（n 个申请人各计 1/n），分母为有申请人的件数。每个层级只列前 $top 家；末位件数相同的按机构编号取先，其余同名次者不列。
definition_en: Organisations by items (whole counting, each co-applicant counts one); the share is fractional (each of n applicants counts 1/n) over items with an applicant. Ranked at two levels, legal entities and ultimate groups; joint applicants of one group are one at the level of groups. The first $top of a level are listed. At the cut equals are taken in the order of their ids, so that others of the last rank may be left out.
source: rules of counting, whole and fractional; ties share a rank and stand by id
year_kind: filing
key: [unit, level, organisation_id]
columns: [unit, level, rank, organisation_id, organisation, value, share, first_year, last_year]
parameters: {top: 100}
--- */
with whole as (
  select t.unit, t.level, cast(sum(t.parts) as bigint) as parts
  from organisation_total t
  group by t.unit, t.level
), ranked as (
  select
    t.unit, t.level, rank() over (partition by t.unit, t.level order by t.items desc) as rank,
    row_number() over (partition by t.unit, t.level order by t.items desc, t.organisation_number) as place,
    t.organisation_number, t.items, t.parts, t.first_year, t.last_year
  from organisation_total t
)
select
  r.unit, r.level, r.rank, n.organisation_id, n.name as organisation, r.items as value,
  cast(r.parts as double) / w.parts as share, r.first_year, r.last_year
from ranked r
join whole w on w.unit = r.unit and w.level = r.level
join counted_organisation n on n.organisation_number = r.organisation_number and n.level = r.level
where r.place <= $top
order by r.unit, r.level, r.rank, n.organisation_id

/* ---
name_zh: 法律状态构成
name_en: Legal states
definition_zh: 状态日（数据截止日）的有效（in_force）、在审（pending）、失效（dead）、另行继续（elsewhere，国际申请已进入国家阶段）与未知（unknown）的件数和份额。公开取其申请的状态；同族（简单、扩展）中任一申请有效即有效，否则任一在审即在审，否则任一未知即未知，否则任一另行继续即另行继续，全部失效才是失效。未知不是失效：没有来源跟踪其法律状态。
definition_en: Items by their life at the day of the state, which is the cut-off - in_force, pending, dead, elsewhere (an international application that has entered national phases) or unknown - with their share. A publication has the state of its application. A family, simple or extended, is in force where one of its applications is, else pending where one is, else unknown where one is, else elsewhere where one is; it is dead where all are. Unknown is not dead - no source follows its legal state.
source: events and words of the sources in one vocabulary, folded by effective date (docs/legal.md)
year_kind: none
key: [unit, life]
columns: [unit, life, value, share, as_of]
--- */
with told as (
  select i.item_id, i.unit, s.life
  from item i
  left join legal_state s on s.application_id = i.item_key
  where i.unit = 'application'
  union all
  select i.item_id, i.unit, s.life
  from item i
  left join publication p on p.publication_id = i.item_key
  left join legal_state s on s.application_id = p.application_id
  where i.unit = 'publication'
  union all
  select i.item_id, i.unit, s.life
  from item i
  left join application a on a.family_id = i.item_key
  left join legal_state s on s.application_id = a.application_id
  where i.unit = 'simple_family'
  union all
  select i.item_id, i.unit, s.life
  from item i
  left join application a on a.extended_family_id = i.item_key
  left join legal_state s on s.application_id = a.application_id
  where i.unit = 'extended_family'
), ranked as (
  select
    t.item_id, t.unit,
    min(case coalesce(t.life, 'unknown') when 'in_force' then 1 when 'pending' then 2 when 'unknown' then 3
      when 'elsewhere' then 4 else 5 end) as place
  from told t
  group by t.item_id, t.unit
), counted as (
  select
    r.unit,
    case r.place when 1 then 'in_force' when 2 then 'pending' when 3 then 'unknown' when 4 then 'elsewhere'
      else 'dead' end as life,
    count(*) as value
  from ranked r
  group by r.unit, r.place
), every as (
  select c.unit, sum(c.value) as items from counted c group by c.unit
)
select
  c.unit, c.life, c.value, cast(c.value as double) / e.items as share, cast(h.cutoff_date as varchar) as as_of
from counted c
join every e on e.unit = c.unit
cross join horizon h
order by c.unit, c.life

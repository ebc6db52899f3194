"""What is told of the legal state and does not go together: the table `legal_contradiction`.

Nothing is taken away for it. The state says what it says by its rules, and here stands what speaks against.
"""

from __future__ import annotations

from pingjiang.engine import Session, Table


def conclude_contradictions(session: Session, fact: Table, term: Table, kind: Table) -> Table:
    """All of them. A right shown alive behind an end that was undone by an announced restoration is none."""
    told = session.materialise(_TOLD, fact=fact, kind=kind)
    return session.materialise(_CONTRADICTION, told=told, term=term)


_TOLD = """
select f.application_id, f.kind, f.effective_date, f.source_row, k.effect, k.state, k.lives, k.ends, k.of_application
from fact f
join kind k on k.kind = f.kind
where f.applies and f.effective_date is not null
"""

_CONTRADICTION = """
with granted as (
  select t.application_id, min(t.effective_date) as effective_date, min(t.source_row) as source_row
  from told t where t.effect = 'granted' group by t.application_id
), against_term as (
  select
    t.application_id, 'alive_after_term' as kind, t.kind as told_kind, t.effective_date as told_date,
    t.source_row as told_row, 'term_ended' as against_kind, m.latest_date as against_date,
    cast(null as varchar) as against_row, m.rule
  from told t
  join term m on m.application_id = t.application_id
  where t.lives and t.effective_date >= m.latest_date
  union all
  select
    t.application_id, 'expired_before_term', t.kind, t.effective_date, t.source_row, 'term_ended', m.ends_date,
    cast(null as varchar), m.rule
  from told t
  join term m on m.application_id = t.application_id
  where t.state = 'expired' and t.effective_date < m.ends_date
  union all
  select
    t.application_id, 'application_end_after_grant', t.kind, t.effective_date, t.source_row, 'granted',
    g.effective_date, g.source_row, cast(null as varchar)
  from told t
  join granted g on g.application_id = t.application_id and g.effective_date < t.effective_date
  where t.ends and t.of_application
), undone as (
  select t.application_id, t.effect, t.effective_date from told t where t.effect in ('revive', 'corrected_end')
), behind as (
  select
    t.application_id, case when e.ends then 'alive_after_end' else 'alive_after_final_end' end as kind,
    t.kind as told_kind, t.effective_date as told_date, t.source_row as told_row, e.kind as against_kind,
    e.effective_date as against_date, e.source_row as against_row, count(u.effect) as undone
  from told t
  join told e on e.application_id = t.application_id and e.effective_date < t.effective_date
    and (e.ends or e.effect in ('final', 'void'))
  left join undone u on u.application_id = t.application_id
    and u.effective_date >= e.effective_date and u.effective_date <= t.effective_date
    and u.effect = case when e.ends then 'revive' else 'corrected_end' end
  where t.lives
  group by t.application_id, t.kind, t.effective_date, t.source_row, e.kind, e.ends, e.effective_date, e.source_row
), every as (
  select g.* from against_term g
  union all
  select
    b.application_id, b.kind, b.told_kind, b.told_date, b.told_row, b.against_kind, b.against_date, b.against_row,
    cast(null as varchar)
  from behind b where b.undone = 0
), once as (
  select
    e.*,
    row_number() over (
      partition by e.application_id, e.kind, e.told_kind, e.told_date
      order by e.against_date desc, e.against_kind, coalesce(e.against_row, ''), e.told_row
    ) as place
  from every e
)
select
  o.application_id, o.kind, o.told_kind, o.told_date, o.told_row, o.against_kind, o.against_date, o.against_row, o.rule
from once o where o.place = 1
"""

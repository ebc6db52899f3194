"""The state of all applications at a date, by one query: the same as `fold` of each (a test holds both together)."""

from __future__ import annotations

from datetime import date

from pingjiang.engine import Session, Table
from pingjiang.legal.vocabulary import LIVES, STAGES, load_kinds

_KIND_COLUMNS = {
    "kind": "VARCHAR", "effect": "VARCHAR", "state": "VARCHAR", "overlay": "VARCHAR", "lives": "BOOLEAN",
    "revives": "BOOLEAN", "ends": "BOOLEAN", "of_application": "BOOLEAN", "general": "BIGINT", "reopens": "BOOLEAN",
    "bears": "BOOLEAN", "stage": "BIGINT",
}  # fmt: skip


def kind_table(session: Session) -> Table:
    """What each kind means, for queries. `stage`: from 1, NULL where it tells none."""
    rows = [
        (kind.name, kind.effect, kind.state, kind.overlay, kind.lives, kind.revives, kind.ends, kind.of_application,
         int(kind.general),
         kind.reopens or kind.effect == "reopened", kind.bears,
         STAGES.index(kind.stage) + 1 if kind.stage else None)
        for kind in load_kinds().values()
    ]  # fmt: skip
    return session.from_rows(_KIND_COLUMNS, rows)


def conclude_states(
    session: Session, fact: Table, term: Table, application: Table, at: Table, kind: Table, known: date | None = None
) -> Table:
    """`legal_state`. `at`: one row, at_date; `known`: only facts that had been imported by then."""
    day = "" if known is None else f" and (f.known_date is null or f.known_date <= date '{known.isoformat()}')"
    told = session.materialise(_TOLD + day, fact=fact, kind=kind)
    marks = session.materialise(_MARKS, told=told, moment=at)
    decided = session.materialise(_DECIDED, told=told, mark=marks, moment=at)
    overlays = session.materialise(_OVERLAYS, told=told, moment=at)
    lives = session.from_rows({"state": "VARCHAR", "life": "VARCHAR"}, list(LIVES.items()))
    return session.sql(
        _STATE, mark=marks, decided=decided, overlay=overlays, term=term, application=application, moment=at, life=lives
    )


# Facts that bear on this right, with what they mean.
_TOLD = """
select
  f.application_id, f.kind, f.effective_date, f.known_date, f.origin, coalesce(f.code, '') as code, f.contract,
  f.source_row, k.effect, k.state, k.overlay, k.lives, k.revives, k.ends, k.of_application, k.general, k.reopens,
  k.bears, k.stage
from fact f
join kind k on k.kind = f.kind
where f.applies and f.effective_date is not null
"""

# Of each application the days by which its state is told; d.none stands for a day before all others.
_MARKS = """
with every as (
  select
    t.application_id,
    bool_or(t.effective_date <= a.at_date) as begun,
    min(case when t.effect = 'granted' then t.effective_date end) as granted,
    max(case when t.effect = 'annulled' then t.effective_date end) as annulled,
    max(case when t.effect = 'corrected_end' and t.effective_date <= a.at_date then t.effective_date end) as corrected,
    max(case when t.reopens and t.effective_date <= a.at_date then t.effective_date end) as reopened,
    max(case when t.ends and t.of_application and t.effective_date <= a.at_date then t.effective_date end)
      as application_ended,
    max(case when t.ends and not t.of_application and t.effective_date <= a.at_date then t.effective_date end)
      as right_ended,
    max(case when t.revives and t.effective_date <= a.at_date then t.effective_date end) as revived,
    max(case when t.revives or t.effect = 'granted' or t.stage is not null then t.effective_date end) as seen,
    max(case when t.lives then t.effective_date end) as lived,
    min(case when t.effect = 'granted' and t.effective_date <= a.at_date then t.effective_date end) as granted_by_then,
    min(case when t.lives and t.effective_date <= a.at_date then t.effective_date end) as lived_by_then,
    bool_or(t.origin in ('event', 'status') and t.bears) as followed,
    bool_or(t.effect = 'status' and t.ends and t.effective_date > a.at_date) as dead_later,
    bool_or(t.effect in ('end', 'final') and t.effective_date > a.at_date) as ended_later,
    max(t.known_date) as known_date
  from told t
  cross join moment a
  group by t.application_id
), narrowed as (
  select t.application_id, true as narrowed
  from told t
  join every e on e.application_id = t.application_id
  where t.effect = 'narrowed' and (e.annulled is null or t.effective_date > e.annulled)
  group by t.application_id
)
select
  e.*, coalesce(n.narrowed, false) as narrowed,
  case when e.granted_by_then is null then greatest(e.application_ended, e.right_ended) else e.right_ended end as ended,
  coalesce(e.granted_by_then, e.lived_by_then) as first_date,
  greatest(coalesce(e.revived, date '0001-01-01'), case when e.granted_by_then is not null then e.granted_by_then
    else date '0001-01-01' end) as revived_by_then
from every e
left join narrowed n on n.application_id = e.application_id
"""

# The one fact that decides, by level: void, ended, revived, granted, and as far as the application has come.
_DECIDED = """
with back as (
  select t.application_id, min(t.effective_date) as back_date
  from told t
  join mark m on m.application_id = t.application_id
  cross join moment a
  where t.revives and t.effective_date <= a.at_date and t.effective_date >= m.ended
  group by t.application_id
), leveled as (
  select
    t.application_id, t.kind, t.state, t.effective_date, t.code, t.source_row, t.general,
    case
      when t.effect = 'void' and (m.annulled is null or t.effective_date > m.annulled) then 1
      when t.effective_date > a.at_date then null
      when t.ends and not (t.of_application and m.granted_by_then is not null)
        and t.effective_date > m.revived_by_then then 2
      when t.effect = 'final' and (m.corrected is null or t.effective_date > m.corrected) then 2
      when t.revives and t.effective_date = b.back_date and b.back_date > m.first_date then 3
      when t.effect = 'granted' then 4
      when t.lives then 5
      when t.state = 'national_phase' then 6
      when t.stage = 4 and (m.reopened is null or t.effective_date > m.reopened) then 7
      when t.stage = 3 then 8
      when t.stage = 2 then 9
      when t.stage = 1 then 10
    end as level
  from told t
  join mark m on m.application_id = t.application_id
  left join back b on b.application_id = t.application_id
  cross join moment a
  where m.begun
), placed as (
  select
    l.*,
    row_number() over (
      partition by l.application_id
      order by l.level, case when l.level = 2 then l.general else 0 end, l.effective_date, l.kind, l.code, l.source_row
    ) as place
  from leveled l
  where l.level is not null
)
select p.application_id, p.level, p.kind, p.state, p.effective_date, p.source_row from placed p where p.place = 1
"""

# Of several contracts one that ends leaves the others, where their numbers tell them apart.
_OVERLAYS = """
with past as (
  select t.application_id, t.overlay, t.effect, t.effective_date, t.contract
  from told t cross join moment a
  where t.overlay is not null and t.effective_date <= a.at_date
), begun as (
  select p.* from past p where p.effect = 'on'
), ended as (
  select p.* from past p where p.effect = 'off'
), closed as (
  select b.application_id, b.overlay, b.effective_date, coalesce(b.contract, '') as contract, count(e.overlay) as times
  from begun b
  left join ended e on e.application_id = b.application_id and e.overlay = b.overlay
    and e.effective_date >= b.effective_date
    and (e.contract is null or b.contract is null or e.contract = b.contract)
  group by b.application_id, b.overlay, b.effective_date, coalesce(b.contract, '')
)
select c.application_id, list_sort(list(distinct c.overlay)) as overlays
from closed c where c.times = 0
group by c.application_id
"""

_STATE = """
with computed as (
  select
    p.application_id, a.at_date, m.begun, m.seen, m.followed, m.dead_later, m.ended_later, m.known_date,
    d.level, d.kind, d.effective_date, d.source_row, t.latest_date,
    case when d.level in (3, 4, 5) then case when m.narrowed then 'invalid_part' else 'in_force' end else d.state end
      as state,
    d.level in (3, 4, 5) and t.ends_date is not null and t.ends_date <= a.at_date
      and coalesce(m.lived, date '0001-01-01') < t.ends_date as term_over
  from application p
  cross join moment a
  left join mark m on m.application_id = p.application_id
  left join decided d on d.application_id = p.application_id
  left join term t on t.application_id = p.application_id
), judged as (
  select
    c.*,
    coalesce(c.term_over, false) and c.at_date >= c.latest_date as expired,
    -- Nobody has seen it alive at that day, and there is reason to doubt that it is.
    c.level > 2 and (
      (coalesce(c.term_over, false) and c.at_date < c.latest_date)
      or (not coalesce(c.term_over, false) and coalesce(c.seen, date '0001-01-01') < c.at_date
        and (not c.followed or (c.dead_later and not c.ended_later)))
    ) as lost
  from computed c
), stated as (
  select
    j.*,
    case when j.level is null or j.lost then 'unknown' when j.expired then 'expired' else j.state end as stated
  from judged j
)
select
  s.application_id, s.at_date, s.stated as state, l.life,
  case when s.stated = 'unknown' then null when s.expired then s.latest_date else s.effective_date end as since_date,
  case when s.stated = 'unknown' then null when s.expired then 'term_ended' else s.kind end as kind,
  case when s.stated = 'unknown' then null else s.source_row end as source_row,
  coalesce(s.expired, false) and s.stated <> 'unknown' as computed,
  o.overlays, case when s.lost then s.state end as last_state, case when s.lost then s.effective_date end as last_date,
  s.known_date
from stated s
join life l on l.state = s.stated
left join overlay o on o.application_id = s.application_id
"""

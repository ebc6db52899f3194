"""Pairs of organisations that people should look at, thin: neighbours in the order of their spelling.

Names that begin alike or end alike stand close to each other in the order of their letters, read from the front or
from behind. Only neighbours are compared, so that the effort grows with the names and not with their pairs; what is
written in two scripts, or abbreviated, is not found so.
"""

from __future__ import annotations

from pingjiang.engine import Session, Table
from pingjiang.text import organisation_key_sql

_NEIGHBOURS = 2  # to each side, in both orders
_LEAST_LIKENESS = "cast(70 as double) / 100"
_SHORTEST = 4  # two short names are alike by chance; most are of persons, who are never joined by a name

_DOUBT = f"""
with spelling as (
  select n.organisation_id, n.name, n.families, replace({organisation_key_sql("n.name")}, ' ', '') as folded from n
), kept as (
  select s.*, reverse(s.folded) as behind from spelling s where length(s.folded) >= {_SHORTEST}
), ordered as (
  select
    k.*, row_number() over (order by k.folded, k.name) as forward,
    row_number() over (order by k.behind, k.name) as backward
  from kept k
), near as (
  select unnest([{", ".join(str(step) for step in range(1, _NEIGHBOURS + 1))}]) as step
), stepped as (
  select o.*, o.forward + s.step as forward_to, o.backward + s.step as backward_to from ordered o cross join near s
), pair as (
  select s.organisation_id as one, o.organisation_id as other from stepped s join ordered o on o.forward = s.forward_to
  union
  select s.organisation_id, o.organisation_id from stepped s join ordered o on o.backward = s.backward_to
), compared as (
  select
    least(a.name, b.name) as name_a, greatest(a.name, b.name) as name_b, least(a.families, b.families) as families,
    levenshtein(a.folded, b.folded) as differing, greatest(length(a.folded), length(b.folded)) as letters
  from pair p
  join kept a on a.organisation_id = p.one
  join kept b on b.organisation_id = p.other
), scored as (
  select distinct c.*, 1 - cast(c.differing as double) / c.letters as score from compared c
)
select
  'organisation' as level, s.name_a, s.name_b, s.score, s.families,
  ['拼写：' || cast(s.letters as varchar) || ' 个字符中 ' || cast(s.differing as varchar) || ' 个不同 · spelling: '
    || cast(s.differing as varchar) || ' of ' || cast(s.letters as varchar) || ' characters differ'] as reasons
from scored s
where s.score >= {_LEAST_LIKENESS}
"""


def conclude_doubts(session: Session, alias: Table, applicant: Table, publication: Table, application: Table) -> Table:
    """Spellings, applicants and families → rows of `organisation_doubt`, those that people judged among them."""
    named = session.materialise(
        """
        with family as (
          select a.organisation_id, count(distinct f.family_id) as families
          from a
          join p on p.publication_id = a.publication_id
          join f on f.application_id = p.application_id
          where a.organisation_id is not null
          group by a.organisation_id
        ), commonest as (
          select s.organisation_id, arg_min(s.name, {'fewer': -s.mentions, 'name': s.name}) as name
          from s group by s.organisation_id
        )
        select c.organisation_id, c.name, coalesce(m.families, 0) as families
        from commonest c left join family m on m.organisation_id = c.organisation_id
        """,
        s=alias,
        a=applicant,
        p=publication,
        f=application,
    )
    return session.materialise(_DOUBT, n=named)

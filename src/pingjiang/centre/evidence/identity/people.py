"""Persons named as inventors in a release. What published patents say of them, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pingjiang.centre.evidence.each import Each
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import EngineRows, text
from pingjiang.text import fold

_LISTED = """
with own as (
  select i.inventor_id, x.organisation_id, count(distinct i.publication_id) as publications
  from publication_inventor i join publication_applicant x on x.publication_id = i.publication_id
  where i.inventor_id is not null and x.organisation_id is not null group by i.inventor_id, x.organisation_id
), most as (
  select o.inventor_id, arg_min(o.organisation_id, {'fewer': -o.publications, 'id': o.organisation_id})
    as organisation_id, count(*) as organisations
  from own o group by o.inventor_id
)
select
  v.inventor_id as pk, v.name, v.name_zh, v.name_en, v.spellings, v.mentions, v.applications,
  cast(year(v.first_filing_date) as bigint) as first_year, cast(year(v.last_filing_date) as bigint) as last_year,
  m.organisation_id, g.name as organisation, coalesce(m.organisations, 0) as organisations
from inventor v
left join most m on m.inventor_id = v.inventor_id
left join organisation g on g.organisation_id = m.organisation_id
"""


def listed(at: Opened) -> EngineRows:
    """All persons, with their applications and for whom most of these were filed."""

    def made() -> pa.Table:
        with at.session() as session:
            return session.arrow(_LISTED)

    return EngineRows(at, kept(at, "people", made))


def row_of(at: Opened, inventor: str) -> dict[str, Any] | None:
    """A person as they stand in the list; None where the release has none of this id."""
    return listed(at).one(inventor)


def called(rows: EngineRows, words: str) -> EngineRows:
    """Those of whom a spelling holds the words, whatever its width, case or Chinese script; or of this id."""
    wanted = text(fold(words))
    held = f"select s.id from s where contains(s.folded, {wanted})" if fold(words) else "select null"
    return rows.having(f"r.pk in ({held}) or r.pk = {text(words.strip())}", s=lambda: _spellings(rows.at))


def _spellings(at: Opened) -> pa.Table:
    def made() -> pa.Table:
        with at.session() as session:
            found = session.arrow(
                "select distinct i.inventor_id as id, i.name from publication_inventor i "
                "where i.inventor_id is not null"
            )
        folded = pa.array([fold(name) for name in found["name"].to_pylist()], pa.string())
        return pa.table({"id": found["id"], "folded": folded})

    return kept(at, "spellings of people", made)


@dataclass(frozen=True)
class Person:
    """What a page tells of a person.

    spellings   name, publications, score, reasons: as printed, and why they are this person
    employers   organisation_id, name, first_year, last_year, applications: who applied for what the person invented
    years       (filing year or None, applications)
    colleagues  inventor_id, name, name_zh, name_en, applications
    fields      (node_id or None, name_zh, name_en, applications)
    doubts      pairs in doubt in which one of the mentions stands
    newest      publications
    """

    row: dict[str, Any]
    spellings: list[dict[str, Any]]
    employers: list[dict[str, Any]]
    years: list[tuple[int | None, int]]
    colleagues: list[dict[str, Any]]
    fields: list[tuple[str | None, str | None, str | None, int]]
    doubts: list[dict[str, Any]]
    newest: list[dict[str, Any]]


_SHOWN = 20
_NEWEST = 10


def known(at: Opened, inventor: str) -> Person | None:
    """What is known of the person of this id; None where the release has none."""
    row = row_of(at, inventor)
    if row is None:
        return None
    told = {name: each.of(at, inventor) for name, each in _QUESTIONS.items()}
    return Person(
        row=row, spellings=told["spellings"], employers=told["employers"], colleagues=told["colleagues"],
        doubts=told["doubts"], newest=told["newest"],
        years=[(each["filing_year"], each["applications"]) for each in told["years"]],
        fields=[(each["node_id"], each["name_zh"], each["name_en"], each["applications"]) for each in told["fields"]],
    )  # fmt: skip


def questions() -> tuple[Each, ...]:
    """What is asked of a person."""
    return tuple(_QUESTIONS.values())


_OWN = """
select i.inventor_id as owner, i.publication_id, i.name, i.link_score, i.link_reasons, p.application_id,
  p.publication_date, cast(year(coalesce(p.filing_date, a.filing_date)) as bigint) as filing_year
from publication_inventor i join publication p on p.publication_id = i.publication_id
left join application a on a.application_id = p.application_id
where i.inventor_id is not null
"""
_SPELLINGS = """
with spelled as (
  select o.owner, o.name, count(*) as publications, min(o.link_score) as score,
    arg_min(o.link_reasons, coalesce(o.link_score, 2)) as reasons
  from own o group by o.owner, o.name
)
select s.owner, row_number() over (partition by s.owner order by s.publications desc, s.name) as place, s.name,
  s.publications, s.score, s.reasons
from spelled s
"""
_EMPLOYERS = """
with employed as (
  select o.owner, x.organisation_id, min(o.filing_year) as first_year, max(o.filing_year) as last_year,
    count(distinct o.application_id) as applications
  from own o join publication_applicant x on x.publication_id = o.publication_id
  where x.organisation_id is not null group by o.owner, x.organisation_id
)
select e.owner, row_number() over (
    partition by e.owner order by e.first_year nulls last, e.applications desc, g.name, e.organisation_id
  ) as place, e.organisation_id, g.name, e.first_year, e.last_year, e.applications
from employed e join organisation g on g.organisation_id = e.organisation_id
"""
_YEARS = """
with counted as (
  select o.owner, o.filing_year, count(distinct o.application_id) as applications from own o
  group by o.owner, o.filing_year
)
select c.owner, row_number() over (partition by c.owner order by c.filing_year nulls last) as place, c.filing_year,
  c.applications
from counted c
"""
_COLLEAGUES = """
with met as (
  select o.owner, i.inventor_id, count(distinct o.application_id) as applications
  from own o join publication_inventor i on i.publication_id = o.publication_id and i.inventor_id <> o.owner
  group by o.owner, i.inventor_id
)
select m.owner, row_number() over (
    partition by m.owner order by m.applications desc, v.name, m.inventor_id
  ) as place, m.inventor_id, v.name, v.name_zh, v.name_en, m.applications
from met m join inventor v on v.inventor_id = m.inventor_id
"""
_FIELDS = """
with counted as (
  select o.owner, n.node_id, count(distinct o.application_id) as applications
  from own o left join publication_node n on n.publication_id = o.publication_id group by o.owner, n.node_id
)
select c.owner, row_number() over (
    partition by c.owner order by c.node_id is null, c.applications desc, c.node_id
  ) as place, c.node_id, h.name_zh, h.name_en, c.applications
from counted c left join chain_node h on h.node_id = c.node_id
"""
_DOUBTS = """
with named as (
  select distinct o.owner, o.publication_id || '/' || o.name as mention from own o
), met as (
  select n.owner, d.mention_a, d.mention_b from named n join inventor_doubt d on d.mention_a = n.mention
  union
  select n.owner, d.mention_a, d.mention_b from named n join inventor_doubt d on d.mention_b = n.mention
)
select m.owner, row_number() over (partition by m.owner order by d.score desc, d.mention_a, d.mention_b) as place,
  d.mention_a, d.mention_b, d.score, d.applications
from met m join inventor_doubt d on d.mention_a = m.mention_a and d.mention_b = m.mention_b
"""
_PUBLICATIONS = f"""
with ranked as (
  select o.owner, o.publication_id, row_number() over (
    partition by o.owner order by o.publication_date desc nulls last, o.publication_id
  ) as place
  from own o
)
select r.owner, r.place, p.publication_id, p.title, p.title_zh, p.title_en, p.publication_date
from (select r.* from ranked r where r.place <= {_NEWEST}) r
join publication p on p.publication_id = r.publication_id
"""
_QUESTIONS = {
    name: Each(f"{name} of a person", _OWN, told, most)
    for name, told, most in (
        ("spellings", _SPELLINGS, None), ("employers", _EMPLOYERS, _SHOWN), ("years", _YEARS, None),
        ("colleagues", _COLLEAGUES, _SHOWN), ("fields", _FIELDS, None), ("doubts", _DOUBTS, None),
        ("newest", _PUBLICATIONS, None),
    )
}  # fmt: skip

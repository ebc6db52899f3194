"""Persons named as inventors in a release. What published patents say of them, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import EngineRows, dicts, text
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


def known(at: Opened, inventor: str) -> Person | None:
    """What is known of the person of this id; None where the release has none."""
    found = list(listed(at).having(f"r.pk = {text(inventor)}"))
    if not found:
        return None
    return kept(at, ("person", inventor), lambda: _known(at, vars(found[0])))


def _known(at: Opened, row: dict[str, Any]) -> Person:
    with at.session() as session:
        own = session.materialise(
            "select i.publication_id, i.name, i.link_score, i.link_reasons, p.application_id, p.publication_date, "
            "p.title, p.title_zh, p.title_en, "
            "cast(year(coalesce(p.filing_date, a.filing_date)) as bigint) as filing_year "
            "from publication_inventor i join publication p on p.publication_id = i.publication_id "
            "left join application a on a.application_id = p.application_id "
            f"where i.inventor_id = {text(row['pk'])}"
        )
        return Person(
            row=row,
            spellings=dicts(session, _SPELLINGS, own=own),
            employers=dicts(session, _EMPLOYERS, own=own),
            years=session.rows(
                "select o.filing_year, count(distinct o.application_id) from own o group by 1 order by 1 nulls last",
                own=own,
            ),
            colleagues=dicts(session, _COLLEAGUES.format(own=text(row["pk"])), own=own),
            fields=session.rows(_FIELDS, own=own),
            doubts=dicts(session, _DOUBTS, own=own),
            newest=dicts(
                session,
                "select o.publication_id, o.title, o.title_zh, o.title_en, o.publication_date from own o "
                "order by o.publication_date desc nulls last, o.publication_id limit 10",
                own=own,
            ),
        )


_SPELLINGS = """
select o.name, count(*) as publications, min(o.link_score) as score,
  arg_min(o.link_reasons, coalesce(o.link_score, 2)) as reasons
from own o group by o.name order by publications desc, o.name
"""
_EMPLOYERS = f"""
select x.organisation_id, g.name, min(o.filing_year) as first_year, max(o.filing_year) as last_year,
  count(distinct o.application_id) as applications
from own o join publication_applicant x on x.publication_id = o.publication_id
join organisation g on g.organisation_id = x.organisation_id
group by x.organisation_id, g.name order by first_year nulls last, applications desc, g.name limit {_SHOWN}
"""
_COLLEAGUES = f"""
select v.inventor_id, v.name, v.name_zh, v.name_en, count(distinct o.application_id) as applications
from own o join publication_inventor i on i.publication_id = o.publication_id and i.inventor_id <> {{own}}
join inventor v on v.inventor_id = i.inventor_id
group by v.inventor_id, v.name, v.name_zh, v.name_en order by applications desc, v.name, v.inventor_id limit {_SHOWN}
"""
_FIELDS = """
select n.node_id, any_value(c.name_zh), any_value(c.name_en), count(distinct o.application_id)
from own o left join publication_node n on n.publication_id = o.publication_id
left join chain_node c on c.node_id = n.node_id
group by n.node_id order by n.node_id is null, count(distinct o.application_id) desc, n.node_id
"""
_DOUBTS = """
with named as (select distinct o.publication_id || '/' || o.name as mention from own o)
select d.mention_a, d.mention_b, d.score, d.applications from inventor_doubt d
where d.mention_a in (select n.mention from named n) or d.mention_b in (select n.mention from named n)
order by d.score desc, d.mention_a, d.mention_b
"""

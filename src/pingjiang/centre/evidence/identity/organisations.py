"""Organisations of a release: the list with its counts, and all that is known of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import EngineRows, dicts, text
from pingjiang.engine import Session
from pingjiang.schema.units import UNITS, Level, Unit
from pingjiang.text import fold

# Where an organisation sits: the commonest place of publications of which it is the only applicant. With several
# applicants nobody tells whose address it is.
_PLACED = """
with sole as (
  select a.publication_id, min(a.organisation_id) as organisation_id
  from publication_applicant a where a.organisation_id is not null
  group by a.publication_id having count(distinct a.organisation_id) = 1
), lived as (
  select s.organisation_id, p.country, p.province, p.city, count(*) as publications
  from sole s join publication_place p on p.publication_id = s.publication_id
  where p.basis = 'applicant' and p.country is not null
  group by s.organisation_id, p.country, p.province, p.city
)
select l.organisation_id, arg_min({'country': l.country, 'province': l.province, 'city': l.city},
  {'fewer': -l.publications, 'a': l.country, 'b': coalesce(l.province, ''), 'c': coalesce(l.city, '')}) as place
from lived l group by l.organisation_id
"""
_COUNTS = ", ".join(f"coalesce(max(t.items) filter (where t.unit = '{unit}'), 0) as {unit}" for unit in UNITS)
_COUNTED = f"""
select c.organisation_id, {_COUNTS}, min(t.first_year) as first_year, max(t.last_year) as last_year
from counted_organisation c
left join organisation_total t on t.organisation_number = c.organisation_number and t.level = c.level
where c.level = '{{level}}' group by c.organisation_id
"""
_ENTITIES = f"""
with counted as ({_COUNTED.format(level="entity")}), placed as ({_PLACED})
select
  o.organisation_id as pk, o.name, o.name_zh, o.name_en, o.kind, coalesce(p.place.country, o.country) as country,
  p.place.province as province, p.place.city as city, o.credit_code, o.spellings, o.group_id,
  g.name as group_name, g.organisations, {", ".join(f"n.{unit}" for unit in UNITS)}, n.first_year, n.last_year
from organisation o
left join counted n on n.organisation_id = o.organisation_id
left join placed p on p.organisation_id = o.organisation_id
left join organisation_group g on g.group_id = o.group_id
"""
_GROUPS = f"""
with counted as ({_COUNTED.format(level="group")}), placed as ({_PLACED}), spelled as (
  select o.group_id, cast(sum(o.spellings) as bigint) as spellings from organisation o group by o.group_id
)
select
  g.group_id as pk, g.name, g.name_zh, g.name_en, o.kind, coalesce(p.place.country, o.country) as country,
  p.place.province as province, p.place.city as city, o.credit_code, s.spellings, g.group_id,
  g.name as group_name, g.organisations, {", ".join(f"n.{unit}" for unit in UNITS)}, n.first_year, n.last_year
from organisation_group g
join spelled s on s.group_id = g.group_id
left join counted n on n.organisation_id = g.group_id
left join organisation o on o.organisation_id = g.group_id
left join placed p on p.organisation_id = g.group_id
"""


def listed(at: Opened, level: Level) -> EngineRows:
    """All organisations, as legal entities or as groups, with their counts in every unit."""

    def made() -> pa.Table:
        with at.session() as session:
            return session.arrow(_ENTITIES if level == "entity" else _GROUPS)

    return EngineRows(at, kept(at, ("organisations", level), made))


def called(rows: EngineRows, words: str, level: Level) -> EngineRows:
    """Those of which a spelling holds the words, whatever its width, case or Chinese script; or of this id or code."""
    wanted = text(fold(words))
    code = text(words.strip().upper())
    held = f"select s.id from s where contains(s.folded, {wanted})" if fold(words) else "select null"
    return rows.having(
        f"r.pk in ({held}) or r.pk = {text(words.strip())} or r.credit_code = {code}",
        s=lambda: _spellings(rows.at, level),
    )


def _spellings(at: Opened, level: Level) -> pa.Table:
    """Every spelling, folded, with whom it means at a level: (id, folded)."""

    def made() -> pa.Table:
        owner = "a.organisation_id" if level == "entity" else "o.group_id"
        with at.session() as session:
            found = session.arrow(
                f"select distinct {owner} as id, a.name from organisation_alias a "
                "join organisation o on o.organisation_id = a.organisation_id"
            )
        folded = pa.array([fold(name) for name in found["name"].to_pylist()], pa.string())
        return pa.table({"id": found["id"], "folded": folded})

    return kept(at, ("spellings", level), made)


def choices(at: Opened, column: str) -> list[tuple[str, int]]:
    """What a column of the list holds and how often, the commonest first."""

    def made() -> list[tuple[str, int]]:
        rows = listed(at, "entity").rows
        with at.session() as session:
            return [
                (str(value), int(count))
                for value, count in session.rows(
                    f"select r.{column}, count(*) from r where r.{column} is not null group by 1 order by 2 desc, 1",
                    r=session.from_arrow(rows),
                )
            ]

    return kept(at, ("organisation choices", column), made)


@dataclass(frozen=True)
class Known:
    """What a page tells of an organisation, but for what is counted.

    row        as in the list of entities
    spellings  each with mentions, score, reasons
    members    entities of its group with since when and until when they belong to it, as far as anybody tells
    doubts     pairs in doubt in which one of its spellings stands
    judgements those of the release by id, which reasons of spellings name
    number     its number at either level
    """

    row: dict[str, Any]
    spellings: list[dict[str, Any]]
    members: list[dict[str, Any]]
    doubts: list[dict[str, Any]]
    judgements: dict[str, dict[str, Any]]
    number: dict[str, int]


_MEMBERS_SHOWN = 40


def known(at: Opened, organisation: str) -> Known | None:
    """What is known of the organisation of this id; None where the release has none."""
    found = list(listed(at, "entity").having(f"r.pk = {text(organisation)}"))
    if not found:
        return None
    return kept(at, ("organisation", organisation), lambda: _known(at, vars(found[0])))


def _known(at: Opened, row: dict[str, Any]) -> Known:
    own, group = text(row["pk"]), text(row["group_id"])
    with at.session() as session:
        spellings = dicts(
            session,
            f"select a.name, a.mentions, a.score, a.reasons from organisation_alias a where a.organisation_id = {own} "
            "order by a.mentions desc, a.name",
        )
        told = sorted({reason.split()[1] for each in spellings for reason in each["reasons"] or ()
                       if reason.startswith("judgement ")})  # fmt: skip
        judged = dicts(
            session,
            "select j.judgement_id, j.a, j.b, j.verdict, j.who, j.at, j.why from judgement j "
            f"where j.judgement_id in ({', '.join(map(text, told)) or 'null'})",
        )
        return Known(
            row=row,
            spellings=spellings,
            members=dicts(session, _MEMBERS.format(group=group)),
            doubts=dicts(session, _DOUBTS.format(own=own)),
            judgements={each["judgement_id"]: each for each in judged},
            number=dict(
                session.rows(
                    "select c.level, c.organisation_number from counted_organisation c where "
                    f"(c.level = 'entity' and c.organisation_id = {own}) or "
                    f"(c.level = 'group' and c.organisation_id = {group})"
                )
            ),
        )


_MEMBERS = f"""
with own as (select o.organisation_id, o.name, o.name_zh, o.name_en from organisation o where o.group_id = {{group}}),
counted as (
  select c.organisation_id, t.items, t.first_year, t.last_year from counted_organisation c
  join own o on o.organisation_id = c.organisation_id
  left join organisation_total t on t.organisation_number = c.organisation_number and t.level = c.level
    and t.unit = 'simple_family'
  where c.level = 'entity'
)
select o.organisation_id, o.name, o.name_zh, o.name_en, n.items as families, n.first_year, n.last_year,
  w.from_date, w.to_date, w.source, w.source_row, w.score, w.reasons
from own o
left join counted n on n.organisation_id = o.organisation_id
left join ownership w on w.organisation_id = o.organisation_id
order by n.items desc nulls last, o.name, w.source limit {_MEMBERS_SHOWN}
"""
_DOUBTS = """
with own as (select a.name from organisation_alias a where a.organisation_id = {own})
select d.level, d.name_a, d.name_b, d.score, d.reasons, d.families from organisation_doubt d
where d.name_a in (select o.name from own o) or d.name_b in (select o.name from own o)
order by d.score desc, d.name_a, d.name_b
"""


@dataclass(frozen=True)
class Counted:
    """Counts of one organisation or group in one unit.

    total     items in all
    years     (filing year or None, items)
    nodes     (node_id, name_zh, name_en, items); node None: not placed on the chain
    places    (country, province, city, items) by applicants' addresses; country None: not known
    partners  (organisation_id, name, items): joint applicants
    """

    total: int
    years: list[tuple[int | None, int]]
    nodes: list[tuple[str | None, str | None, str | None, int]]
    places: list[tuple[str | None, str | None, str | None, int]]
    partners: list[tuple[str, str, int]]


_PARTNERS_SHOWN = 12


def counted(at: Opened, number: int, level: Level, unit: Unit) -> Counted:
    """What is counted of an organisation by its number in the release."""
    return kept(at, ("organisation counts", number, unit), lambda: _counted(at, number, level, unit))


def _counted(at: Opened, number: int, level: Level, unit: Unit) -> Counted:
    with at.session() as session:
        own = session.materialise(
            "select i.item_id from item_organisation i "
            f"where i.organisation_number = {int(number)} and i.unit = '{unit}' and i.level = '{level}'"
        )
        return Counted(
            total=own.count(),
            years=[(year, int(items)) for year, items in session.rows(
                "select y.filing_year, y.items from organisation_year y "
                f"where y.organisation_number = {int(number)} and y.unit = '{unit}' and y.level = '{level}' "
                "order by y.filing_year nulls last"
            )],
            nodes=session.rows(_NODES.format(unit=unit), own=own),
            places=session.rows(_PLACES.format(unit=unit), own=own),
            partners=session.rows(_PARTNERS.format(unit=unit, level=level, number=int(number)), own=own),
        )  # fmt: skip


_NODES = """
with placed as (
  select o.item_id, n.node_id from own o
  left join (select i.item_id, i.node_id from item_node i where i.unit = '{unit}') n on n.item_id = o.item_id
)
select p.node_id, any_value(c.name_zh), any_value(c.name_en), count(distinct p.item_id)
from placed p left join chain_node c on c.node_id = p.node_id
group by p.node_id order by p.node_id is null, count(distinct p.item_id) desc, p.node_id
"""
_PLACES = """
with placed as (
  select o.item_id, n.country, n.province, n.city from own o
  left join (
    select i.item_id, i.country, i.province, i.city from item_place i where i.unit = '{unit}' and i.basis = 'applicant'
  ) n on n.item_id = o.item_id
)
select p.country, p.province, p.city, count(distinct p.item_id) from placed p
group by p.country, p.province, p.city
order by p.country is null, count(distinct p.item_id) desc, p.country, p.province, p.city
"""
_PARTNERS = f"""
select c.organisation_id, c.name, count(*) from own o
join (
  select i.item_id, i.organisation_number from item_organisation i where i.unit = '{{unit}}' and i.level = '{{level}}'
) x on x.item_id = o.item_id and x.organisation_number <> {{number}}
join counted_organisation c on c.organisation_number = x.organisation_number
group by c.organisation_id, c.name order by count(*) desc, c.name limit {_PARTNERS_SHOWN}
"""

_NEWEST = 10


def people_and_papers(at: Opened, organisation: str, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The newest publications of an organisation, and the persons whom most of its applications name."""

    def made() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        with at.session() as session:
            return publications(session, organisation), inventors(session, organisation, limit)

    return kept(at, ("people and papers", organisation, limit), made)


def publications(session: Session, organisation: str) -> list[dict[str, Any]]:
    """The newest publications of an organisation."""
    return dicts(
        session,
        f"""
        with own as (
          select distinct a.publication_id from publication_applicant a where a.organisation_id = {text(organisation)}
        )
        select p.publication_id, p.title, p.title_zh, p.title_en, p.publication_date
        from publication p join own o on o.publication_id = p.publication_id
        order by p.publication_date desc nulls last, p.publication_id limit {_NEWEST}
        """,
    )


def inventors(session: Session, organisation: str, limit: int) -> list[dict[str, Any]]:
    """Persons named as inventors of an organisation's publications, by their applications."""
    return dicts(
        session,
        f"""
        with own as (
          select distinct a.publication_id from publication_applicant a where a.organisation_id = {text(organisation)}
        ), named as (
          select i.inventor_id, p.application_id, p.filing_date
          from publication_inventor i join own o on o.publication_id = i.publication_id
          join publication p on p.publication_id = i.publication_id where i.inventor_id is not null
        )
        select n.inventor_id, any_value(v.name) as name, any_value(v.name_zh) as name_zh,
          any_value(v.name_en) as name_en, count(distinct n.application_id) as applications,
          cast(min(year(n.filing_date)) as bigint) as first_year, cast(max(year(n.filing_date)) as bigint) as last_year
        from named n join inventor v on v.inventor_id = n.inventor_id
        group by n.inventor_id order by applications desc, name, n.inventor_id limit {int(limit)}
        """,
    )

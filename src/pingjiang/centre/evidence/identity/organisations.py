"""Organisations of a release: the list with its counts, and all that is known of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pingjiang.centre.evidence.each import Each
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import EngineRows, dicts, text
from pingjiang.schema.units import LEVELS, UNITS, Level
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


def row_of(at: Opened, organisation: str) -> dict[str, Any] | None:
    """An entity as it stands in the list; None where the release has none of this id."""
    return listed(at, "entity").one(organisation)


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


CHOICES = ("country", "province", "city")  # columns whose values are offered as filters


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
_NEWEST = 10
INVENTORS_SHOWN = 15


def known(at: Opened, organisation: str) -> Known | None:
    """What is known of the organisation of this id; None where the release has none."""
    row = row_of(at, organisation)
    if row is None:
        return None
    spellings = _SPELLINGS.of(at, organisation)
    return Known(
        row=row, spellings=spellings, members=_MEMBERS.of(at, row["group_id"]), doubts=_DOUBTS.of(at, organisation),
        judgements=_judged(at, spellings), number=_numbers(at, row),
    )  # fmt: skip


def _numbers(at: Opened, row: dict[str, Any]) -> dict[str, int]:
    """Level → the number under which an organisation, or its group, is counted."""
    asked: tuple[tuple[Level, str], ...] = (("entity", row["pk"]), ("group", row["group_id"]))
    return {level: int(each["number"]) for level, key in asked for each in _NUMBERS[level].of(at, key)}


def _judged(at: Opened, spellings: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The judgements that reasons of these spellings name, by id."""
    told = sorted({reason.split()[1] for each in spellings for reason in each["reasons"] or ()
                   if reason.startswith("judgement ")})  # fmt: skip
    if not told:
        return {}

    def made() -> dict[str, dict[str, Any]]:
        with at.session() as session:
            found = dicts(
                session,
                "select j.judgement_id, j.a, j.b, j.verdict, j.who, j.at, j.why from judgement j "
                f"where j.judgement_id in ({', '.join(map(text, told))})",
            )
        return {each["judgement_id"]: each for each in found}

    return kept(at, ("judgements", tuple(told)), made)


def newest(at: Opened, organisation: str) -> list[dict[str, Any]]:
    """The newest publications of an organisation."""
    return _PUBLICATIONS.of(at, organisation)


def inventors(at: Opened, organisation: str) -> list[dict[str, Any]]:
    """The persons whom most of an organisation's applications name."""
    return _INVENTORS.of(at, organisation)


def questions() -> tuple[Each, ...]:
    """What is asked of an organisation beside its counts."""
    return (_SPELLINGS, _MEMBERS, _DOUBTS, *_NUMBERS.values(), _PUBLICATIONS, _INVENTORS)


_SPELLINGS = Each(
    "spellings of an organisation",
    "select a.organisation_id as owner, a.name, a.mentions, a.score, a.reasons from organisation_alias a",
    "select o.owner, row_number() over (partition by o.owner order by o.mentions desc, o.name) as place, o.name, "
    "o.mentions, o.score, o.reasons from own o",
)
_NUMBERS: dict[Level, Each] = {
    level: Each(
        f"number {level}",
        "select c.organisation_id as owner, c.organisation_number as number from counted_organisation c "
        f"where c.level = '{level}'",
        "select o.owner, 1 as place, o.number from own o",
    )
    for level in LEVELS
}
_MEMBERS = Each(
    "members of a group",
    "select o.group_id as owner, o.organisation_id, o.name, o.name_zh, o.name_en from organisation o "
    "where o.group_id is not null",
    """
with counted as (
  select c.organisation_id, t.items, t.first_year, t.last_year from counted_organisation c
  join own o on o.organisation_id = c.organisation_id
  left join organisation_total t on t.organisation_number = c.organisation_number and t.level = c.level
    and t.unit = 'simple_family'
  where c.level = 'entity'
)
select o.owner, row_number() over (
    partition by o.owner order by n.items desc nulls last, o.name, o.organisation_id, w.source
  ) as place, o.organisation_id, o.name, o.name_zh, o.name_en, n.items as families, n.first_year, n.last_year,
  w.from_date, w.to_date, w.source, w.source_row, w.score, w.reasons
from own o
left join counted n on n.organisation_id = o.organisation_id
left join ownership w on w.organisation_id = o.organisation_id
""",
    most=_MEMBERS_SHOWN,
)
_DOUBTS = Each(
    "doubts of an organisation",
    "select a.organisation_id as owner, a.name from organisation_alias a",
    """
with met as (
  select o.owner, d.level, d.name_a, d.name_b from own o join organisation_doubt d on d.name_a = o.name
  union
  select o.owner, d.level, d.name_a, d.name_b from own o join organisation_doubt d on d.name_b = o.name
)
select m.owner, row_number() over (
    partition by m.owner order by d.score desc, d.name_a, d.name_b, d.level
  ) as place, d.level, d.name_a, d.name_b, d.score, d.reasons, d.families
from met m
join organisation_doubt d on d.level = m.level and d.name_a = m.name_a and d.name_b = m.name_b
""",
)
_OWN = (
    "select distinct a.organisation_id as owner, a.publication_id from publication_applicant a "
    "where a.organisation_id is not null"
)
_PUBLICATIONS = Each(
    "newest publications of an organisation",
    _OWN,
    f"""
with ranked as (
  select o.owner, p.publication_id, row_number() over (
    partition by o.owner order by p.publication_date desc nulls last, p.publication_id
  ) as place
  from own o join publication p on p.publication_id = o.publication_id
)
select r.owner, r.place, p.publication_id, p.title, p.title_zh, p.title_en, p.publication_date
from (select r.* from ranked r where r.place <= {_NEWEST}) r
join publication p on p.publication_id = r.publication_id
""",
)
_INVENTORS = Each(
    "inventors of an organisation",
    _OWN,
    """
with named as (
  select o.owner, i.inventor_id, p.application_id, p.filing_date
  from own o join publication_inventor i on i.publication_id = o.publication_id
  join publication p on p.publication_id = i.publication_id where i.inventor_id is not null
), counted as (
  select n.owner, n.inventor_id, count(distinct n.application_id) as applications,
    cast(min(year(n.filing_date)) as bigint) as first_year, cast(max(year(n.filing_date)) as bigint) as last_year
  from named n group by n.owner, n.inventor_id
)
select c.owner, row_number() over (
    partition by c.owner order by c.applications desc, v.name, c.inventor_id
  ) as place, c.inventor_id, v.name, v.name_zh, v.name_en, c.applications, c.first_year, c.last_year
from counted c join inventor v on v.inventor_id = c.inventor_id
""",
    most=INVENTORS_SHOWN,
)

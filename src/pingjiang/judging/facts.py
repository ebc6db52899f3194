"""What a person must see of a doubtful pair to judge it: facts of both sides, and what the score is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.judging.pairs import Pair, meaning_of

# Tables of a release that facts are read from.
TABLES = (
    "organisation", "organisation_alias", "publication", "publication_applicant", "publication_inventor",
    "publication_class", "inventor", "doubt_point",
)  # fmt: skip
_SHOWN = 3  # of a kind of fact


@dataclass(frozen=True)
class Side:
    """One side of a pair: whom the machine takes it for (None where the name does not occur), and what is known.

    addresses, classes, people, partners  (text, how often), the commonest first, as far as shown; `people` are
        inventors of an organisation, or those who invented with a person; `partners` those who applied with an
        organisation, or who applied for what a person invented
    counts  how many different ones there are of each of these in all
    """

    id: str | None
    name: str
    name_zh: str | None
    name_en: str | None
    kind: str | None
    country: str | None
    credit_code: str | None
    applications: int
    first_year: int | None
    last_year: int | None
    addresses: list[tuple[str, int]]
    classes: list[tuple[str, int]]
    people: list[tuple[str, int]]
    partners: list[tuple[str, int]]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Facts:
    """A pair's two sides, what they have in common, and the points of its score.

    shared  of each kind of fact how many are on both sides: people, classes, partners, addresses, publications
    points  feature → what it adds to the log odds, None where it rules the pair out; empty where the release was built
            before points were kept
    """

    pair: Pair
    a: Side
    b: Side
    shared: Mapping[str, int]
    points: Mapping[str, float | None]


def facts_of(session: Session, pair: Pair, tables: Mapping[str, Table]) -> Facts:
    """The facts of a pair. `tables`: those of TABLES that the release has."""
    meaning = meaning_of(session, (pair.name_a, pair.name_b), pair.level, tables)
    ids = [meaning.get(pair.name_a), meaning.get(pair.name_b)]
    wanted = session.from_arrow(pa.table({"id": pa.array([each for each in ids if each], pa.string())}))
    of_person = pair.level == "inventor"
    own = session.materialise(_OF_PERSON if of_person else _OF_ORGANISATION, w=wanted, **tables)
    facts = session.materialise(_PERSON_FACTS if of_person else _ORGANISATION_FACTS, own=own, **tables)
    listed = session.rows(
        f"""
        with ranked as (
          select f.*, row_number() over (partition by f.id, f.kind order by f.times desc, f.text) as place,
            count(*) over (partition by f.id, f.kind) as every
          from f
        )
        select r.id, r.kind, r.text, r.times, r.every from ranked r where r.place <= {_SHOWN}
        order by r.id, r.kind, r.place
        """,
        f=facts,
    )
    told = {row["id"]: row for row in session.arrow(
        _PERSON if of_person else _ORGANISATION, w=wanted, own=own, **tables
    ).to_pylist()}  # fmt: skip
    sides = [_side(id_, name, told, listed) for id_, name in zip(ids, (pair.name_a, pair.name_b), strict=True)]
    shared = {} if None in ids or ids[0] == ids[1] else dict(session.rows(
        "select f.kind, count(*) from (select f.kind, f.text from f group by f.kind, f.text having count(*) > 1) f "
        "group by f.kind",
        f=facts,
    ))  # fmt: skip
    return Facts(pair, sides[0], sides[1], shared, _points(session, pair, tables))


def _side(id_: str | None, name: str, told: Mapping[str, dict[str, Any]], listed: list[tuple[Any, ...]]) -> Side:
    row = told.get(id_ or "", {})
    kinds: dict[str, list[tuple[str, int]]] = {kind: [] for kind in ("address", "class", "person", "partner")}
    counts: dict[str, int] = {}
    for owner, kind, text, times, every in listed:
        if owner == id_ and kind in kinds:
            kinds[kind].append((str(text), int(times)))
            counts[kind] = int(every)
    return Side(
        id=id_, name=name, name_zh=row.get("name_zh"), name_en=row.get("name_en"), kind=row.get("kind"),
        country=row.get("country"), credit_code=row.get("credit_code"), applications=int(row.get("applications") or 0),
        first_year=row.get("first_year"), last_year=row.get("last_year"), addresses=kinds["address"],
        classes=kinds["class"], people=kinds["person"], partners=kinds["partner"], counts=counts,
    )  # fmt: skip


def _points(session: Session, pair: Pair, tables: Mapping[str, Table]) -> dict[str, float | None]:
    if "doubt_point" not in tables:
        return {}
    asked = session.from_arrow(
        pa.table({"level": [pair.level, pair.level], "a": [pair.name_a, pair.name_b], "b": [pair.name_b, pair.name_a]})
    )
    rows = session.rows(
        "select p.feature, p.points from p semi join w on w.level = p.level and w.a = p.name_a and w.b = p.name_b",
        p=tables["doubt_point"],
        w=asked,
    )
    return dict(rows)


_OF_ORGANISATION = """
select distinct w.id, x.publication_id, x.address
from publication_applicant x join w on w.id = x.organisation_id
"""
_OF_PERSON = """
select distinct w.id, x.publication_id, cast(null as varchar) as address
from publication_inventor x join w on w.id = x.inventor_id
"""
# (id, kind, text, times); what is shared is compared by text.
_FACTS = """
select o.id, 'class' as kind, left(c.symbol, 4) as text, count(distinct o.publication_id) as times
from own o join publication_class c on c.publication_id = o.publication_id group by o.id, left(c.symbol, 4)
union all
select o.id, 'publication', o.publication_id, 1 from own o group by o.id, o.publication_id
"""
_ORGANISATION_FACTS = f"""
select o.id, 'address' as kind, o.address as text, count(*) as times
from own o where o.address is not null group by o.id, o.address
union all
select o.id, 'person', i.name, count(distinct o.publication_id)
from own o join publication_inventor i on i.publication_id = o.publication_id group by o.id, i.name
union all
select o.id, 'partner', g.name, count(distinct o.publication_id)
from own o join publication_applicant x on x.publication_id = o.publication_id and x.organisation_id <> o.id
join organisation g on g.organisation_id = x.organisation_id group by o.id, g.name
union all {_FACTS}
"""
_PERSON_FACTS = f"""
select o.id, 'person' as kind, v.name as text, count(distinct o.publication_id) as times
from own o join publication_inventor i on i.publication_id = o.publication_id and i.inventor_id <> o.id
join inventor v on v.inventor_id = i.inventor_id group by o.id, v.name
union all
select o.id, 'partner', g.name, count(distinct o.publication_id)
from own o join publication_applicant x on x.publication_id = o.publication_id
join organisation g on g.organisation_id = x.organisation_id group by o.id, g.name
union all {_FACTS}
"""
_COUNTED = """
counted as (
  select o.id, count(distinct p.application_id) as applications,
    cast(min(year(p.filing_date)) as bigint) as first_year, cast(max(year(p.filing_date)) as bigint) as last_year
  from own o join publication p on p.publication_id = o.publication_id group by o.id
)
"""
_ORGANISATION = f"""
with {_COUNTED}
select g.organisation_id as id, g.name_zh, g.name_en, g.kind, g.country, g.credit_code, c.applications, c.first_year,
  c.last_year
from organisation g join w on w.id = g.organisation_id left join counted c on c.id = g.organisation_id
"""
_PERSON = f"""
with {_COUNTED}
select v.inventor_id as id, v.name_zh, v.name_en, c.applications, c.first_year, c.last_year
from inventor v join w on w.id = v.inventor_id left join counted c on c.id = v.inventor_id
"""

"""From mentions to what is compared: names taken apart, blocks, how common a name is, and tokens with their rarity.

All of it is set-based SQL but for the reading of names and of titles, which are read once each. A unit is what one
document (an application) says of one name: publications of one application repeat their inventors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.inventors import names

PORTION = 150_000  # units that are compared at once, where blocks allow it

# Which kind of evidence a token is. In this order they are numbered.
KINDS = ("co", "org", "firm", "cls", "word", "city", "state", "country")


@dataclass(frozen=True)
class Sources:
    """What is known of the documents that mention inventors.

    mention        (mention_id, document, name, country, state, city, year); the id is unique, all but it may be NULL
    party          (document, name): every inventor whom a document names, the mentioned ones too
    organisation   (document, token, name), of applicants that are no inventors; the words of the name count too
    classes        (document, token): classes, such as CPC subclasses
    title          (document, title)
    background     (name): names by which it is told how common a name is; `party` where it is None. Where mentions
                   were chosen by their names, these must not count
    """

    mention: Table
    party: Table
    organisation: Table
    classes: Table
    title: Table
    background: Table | None = None


@dataclass(frozen=True)
class Gathered:
    """What the comparison reads.

    unit      (unit, portion, block, given, common, year): a row a unit, `block` and `given` as texts
    token     (unit, portion, kind, token, rarity): numbers of tokens are dense within a kind
    mention   (mention_id, unit or NULL, kind): NULL where no person is named
    """

    unit: Table
    token: Table
    mention: Table


def gather(session: Session, sources: Sources) -> Gathered:
    """Everything that the comparison of units reads, kept in the engine."""
    named = _named(session, sources)
    unit = session.materialise(_UNIT, m=sources.mention, n=named)
    mention = session.materialise(_MENTION, m=sources.mention, n=named, u=unit)
    common = _commonness(session, sources, named, unit)
    portioned = session.materialise(_PORTIONED, u=unit, c=common)
    return Gathered(portioned, _tokens(session, sources, named, portioned, common), mention)


# -- names -------------------------------------------------------------------------------------------


def _named(session: Session, sources: Sources) -> Table:
    """Every name once: (name, kind, family, given, block, own). `own` is the name as others are told by it."""
    every = "select m.name from m union select p.name from p" + ("" if sources.background is None else _BACKGROUND)
    tables = {"m": sources.mention, "p": sources.party}
    if sources.background is not None:
        tables["b"] = sources.background
    distinct = session.materialise(f"select e.name from ({every}) e where e.name is not null", **tables)
    parsed = session.mapped(distinct, _parsed).materialise()
    return session.materialise(_NAMED, p=parsed)


_BACKGROUND = " union select b.name from b"


def _parsed(rows: pa.Table) -> pa.Table:
    """Names with their parts."""
    told = [names.parse(name) for name in rows["name"].to_pylist()]
    columns = {"name": rows["name"]}
    for at, field in enumerate(names.Parsed._fields):
        type_ = pa.bool_() if field == "turned" else pa.string()
        columns[field] = pa.array([each[at] for each in told], type_)
    return pa.table(columns)


# "James Dunphy", "DITTMER JEREMY": which end is the surname is told by names whose surname is known.
_NAMED = """
with family as (
  select p.family as word, count(*) as names from p where p.kind = 'latin' and not p.turned group by p.family
), given as (
  select split_part(p.given, ' ', 1) as word, count(*) as names
  from p where p.kind = 'latin' and not p.turned group by split_part(p.given, ' ', 1)
), weighed as (
  select
    p.name, p.kind, p.family, p.given, p.family_2, p.given_2,
    p.turned and (coalesce(f2.names, 0) + 1) * (coalesce(g2.names, 0) + 1)
      > (coalesce(f1.names, 0) + 1) * (coalesce(g1.names, 0) + 1) as turn
  from p
  left join family f1 on f1.word = p.family
  left join family f2 on f2.word = p.family_2
  left join given g1 on g1.word = split_part(p.given, ' ', 1)
  left join given g2 on g2.word = split_part(p.given_2, ' ', 1)
), told as (
  select
    w.name, w.kind, case when w.turn then w.family_2 else w.family end as family,
    case when w.kind = 'full' then w.family when w.turn then w.given_2 else w.given end as given
  from weighed w
), shortened as (
  select
    t.*, replace(regexp_replace(' ' || t.given || ' ', '( [a-z])+ ', ' ', 'g'), ' ', '') as without_initials
  from told t
)
select
  s.name, s.kind, s.family, s.given,
  case when s.kind = 'full' then s.family else s.family || ' ' || left(s.given, 1) end as block,
  -- Surname and given name as they are counted: of a name in full characters the first one and the rest.
  case when s.kind = 'full' then left(s.family, 1) else s.family end as counted_family,
  case when s.kind = 'full' then substr(s.family, 2)
    when s.without_initials = '' then replace(s.given, ' ', '') else s.without_initials end as counted_given
from shortened s
"""

_UNIT = """
with told as (
  select
    coalesce(m.document, m.mention_id) as document, n.block, n.given, min(n.counted_family) as counted_family,
    min(n.counted_given) as counted_given, min(m.country) as country, min(m.state) as state,
    min(m.city) as city, min(m.year) as year
  from m join n on n.name = m.name
  where n.kind in ('full', 'latin')
  group by coalesce(m.document, m.mention_id), n.block, n.given
)
select t.*, row_number() over (order by t.block, t.document, t.given) - 1 as unit from told t
"""

_MENTION = """
select m.mention_id, u.unit, coalesce(n.kind, 'empty') as kind
from m
left join n on n.name = m.name
left join u on u.document = coalesce(m.document, m.mention_id) and u.block = n.block and u.given = n.given
  and n.kind in ('full', 'latin')
"""


# -- how common a name is ----------------------------------------------------------------------------


def _commonness(session: Session, sources: Sources, named: Table, unit: Table) -> Table:
    """(counted_family, counted_given, common, chance) of every name: see `Groups.commonness`.

    Surname and given name are taken as independent. How many mentions there are in all is such that those of the
    names that are mentioned come out right.
    """
    background = sources.party if sources.background is None else sources.background
    counted = session.materialise(
        "select n.counted_family as family, n.counted_given as given, count(*) as bearers from b "
        "join n on n.name = b.name where n.kind in ('full', 'latin') group by n.counted_family, n.counted_given",
        b=background,
        n=named,
    )
    return session.materialise(_COMMON, c=counted, n=named, u=unit)


_COMMON = """
with family as (
  select c.family, sum(c.bearers) as bearers from c group by c.family
), given as (
  select c.given, sum(c.bearers) as bearers from c group by c.given
), total as (
  select
    (select coalesce(sum(f.bearers), 0) from family f) as bearers,
    (select count(*) from family f) as families, (select count(*) from given g) as givens
), known as (
  select distinct n.counted_family, n.counted_given from n where n.kind in ('full', 'latin')
), chance as (
  select
    k.counted_family, k.counted_given,
    ln((coalesce(f.bearers, 0) + cast(0.5 as double)) / (t.bearers + cast(0.5 as double) * (t.families + 1)))
    + ln((coalesce(g.bearers, 0) + cast(0.5 as double)) / (t.bearers + cast(0.5 as double) * (t.givens + 1)))
      as chance
  from known k
  cross join total t
  left join family f on f.family = k.counted_family
  left join given g on g.given = k.counted_given
), mentioned as (
  select distinct u.counted_family, u.counted_given from u
), scale as (
  select ln(cast((select count(*) from u) as double) / sum(exp(h.chance))) as mentions
  from mentioned m
  join chance h on h.counted_family = m.counted_family and h.counted_given = m.counted_given
)
-- Rounded, since the order of a sum is the engine's.
select
  h.counted_family, h.counted_given, round(h.chance, 3) as chance,
  round(h.chance + coalesce(s.mentions, 0), 3) as common
from chance h cross join scale s
"""

_PORTIONED = f"""
with sized as (
  select u.block, count(*) as units from u group by u.block
), run as (
  select s.block, sum(s.units) over (order by s.block rows between unbounded preceding and current row) as units
  from sized s
)
select
  u.unit, cast(floor((r.units - 1) / {PORTION}) as integer) as portion, u.document, u.block, u.given,
  u.counted_family, u.counted_given, c.common, u.country, u.state, u.city, u.year
from u
join run r on r.block = u.block
join c on c.counted_family = u.counted_family and c.counted_given = u.counted_given
"""


# -- tokens ------------------------------------------------------------------------------------------


def _tokens(session: Session, sources: Sources, named: Table, unit: Table, common: Table) -> Table:
    """Tokens of units, numbered, with what sharing one weighs."""
    texts = session.materialise(
        "select t.title as text from t where t.title <> '' union select o.name from o where o.name <> ''",
        t=sources.title,
        o=sources.organisation,
    )
    word = session.mapped(texts, _words)
    of_document = session.materialise(_OF_DOCUMENT, t=sources.title, w=word, o=sources.organisation, c=sources.classes)
    party = session.materialise(_PARTY, p=sources.party, n=named)
    every = session.materialise(_OF_UNIT, d=of_document, p=party, u=unit)
    rarity = session.materialise(_RARITY, d=of_document, p=party, u=unit, e=every, c=common)
    return session.materialise(
        "select e.unit, e.portion, r.kind, r.number as token, r.rarity from e join r on r.kind = e.kind "
        "and r.token = e.token",
        e=every,
        r=rarity,
    )


_WORD = re.compile(r"[a-z]{3,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def words_of(text: str) -> list[str]:
    """What a text says, word by word: Latin words, and of other scripts every two neighbours.

    >>> words_of("锂电池 the cell")
    ['锂电', '电池', 'the', 'cell']
    """
    found: dict[str, None] = {}
    for run in _WORD.findall(names.fold(text)):
        parts = [run] if run[0].isascii() else [run[at : at + 2] for at in range(max(len(run) - 1, 1))]
        found.update(dict.fromkeys(parts))
    return list(found)


def _words(rows: pa.Table) -> pa.Table:
    """Texts with their words."""
    said = [words_of(text) for text in rows["text"].to_pylist()]
    return rows.append_column("words", pa.array(said, pa.list_(pa.string())))


_OF_DOCUMENT = """
with worded as (
  select distinct t.document, 'word' as kind, w.words from t join w on w.text = t.title
  union all
  select distinct o.document, 'firm', w.words from o join w on w.text = o.name
), said as (
  select s.document, s.kind, unnest(s.words) as token from worded s
)
select distinct s.document, s.kind, s.token from said s
union all
select distinct o.document, 'org', o.token from o where o.token is not null
union all
select distinct c.document, 'cls', c.token from c where c.token is not null
"""

_PARTY = """
select distinct p.document, n.counted_family, n.counted_given, n.counted_family || ' ' || n.counted_given as token
from p join n on n.name = p.name
where n.kind in ('full', 'latin')
"""

_OF_UNIT = """
select u.unit, u.portion, d.kind, d.token from u join d on d.document = u.document
union all
select u.unit, u.portion, 'co', p.token
from u join p on p.document = u.document
where p.token <> u.counted_family || ' ' || u.counted_given
union all
select u.unit, u.portion, 'city', lower(strip_accents(u.city)) || '/' || coalesce(u.state, u.country, '')
from u where u.city is not null
union all
select u.unit, u.portion, 'state', u.state || '/' || coalesce(u.country, '') from u where u.state is not null
union all
select u.unit, u.portion, 'country', u.country from u where u.country is not null
"""

# A token weighs as much as the documents that have it are few: a co-inventor by the chance of the name where that says
# less, so that a common name seen once is no proof.
_RARITY = """
with document as (
  select cast(count(distinct u.document) as double) as documents, cast(count(*) as double) as units from u
), found as (
  select d.kind, d.token, count(*) as documents from d semi join u on u.document = d.document group by d.kind, d.token
  union all
  select 'co', p.token, count(*) from p semi join u on u.document = p.document group by p.token
  union all
  select e.kind, e.token, count(*) from e where e.kind in ('city', 'state', 'country') group by e.kind, e.token
)
select
  f.kind, f.token, row_number() over (partition by f.kind order by f.token) - 1 as number,
  round(least(
    ln((case when f.kind in ('city', 'state', 'country') then t.units else t.documents end + 1)
      / (f.documents + cast(0.5 as double))),
    coalesce(-h.chance, 1000)
  ), 3) as rarity
from found f
cross join document t
left join (select c.counted_family || ' ' || c.counted_given as token, c.chance from c) h
  on f.kind = 'co' and h.token = f.token
"""

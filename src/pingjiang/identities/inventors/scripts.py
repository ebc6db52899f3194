"""One person in two scripts: a Chinese name and a Latin one that sound alike in one family of applications."""

from __future__ import annotations

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.inventors.names import parse
from pingjiang.text import sound

# Of each person in Latin letters the one in characters with whom most families are shared: a star, never a chain. Where
# two persons of a family sound alike it is not told which is which.
_JOINED = """
with heard as (
  select distinct n.family, l.person, s.kind, s.letters
  from n
  join l on l.mention_id = n.mention_id
  join s on s.name = n.name
  where l.person is not null and s.letters is not null
), turned as (
  select distinct n.family, l.person, s.turned as letters
  from n
  join l on l.mention_id = n.mention_id
  join s on s.name = n.name
  where l.person is not null and s.turned is not null
), latin as (
  select h.family, h.person, h.letters from heard h where h.kind = 'latin'
  union
  select t.family, t.person, t.letters from turned t
), pair as (
  select
    a.family, a.letters, min(a.person) as person, min(b.person) as latin
  from (select h.family, h.person, h.letters from heard h where h.kind = 'full') a
  join latin b on b.family = a.family and b.letters = a.letters
  group by a.family, a.letters
  having count(distinct a.person) = 1 and count(distinct b.person) = 1
), counted as (
  select p.latin, p.person, count(distinct p.family) as families from pair p group by p.latin, p.person
)
select c.latin, arg_min(c.person, {'fewer': -c.families, 'person': c.person}) as person
from counted c group by c.latin
"""


def across_scripts(session: Session, named: Table, linked: Table) -> Table:
    """(latin, person): persons in Latin letters, and who they are in characters.

    named    (mention_id, name, family): the family may be the application where none is known
    linked   (mention_id, person)
    """
    distinct = session.materialise("select distinct n.name from n where n.name is not null", n=named)
    return session.materialise(_JOINED, n=named, l=linked, s=session.mapped(distinct, _heard))


def _heard(rows: pa.Table) -> pa.Table:
    """Names with their kind and their letters as they are heard; of Latin ones the given name first, too."""
    kinds, letters, turned = [], [], []
    for name in rows["name"].to_pylist():
        parsed = parse(name)
        kinds.append(parsed.kind)
        given = parsed.given.replace(" ", "")
        heard = sound(parsed.family) if parsed.kind == "full" else parsed.family + given
        whole = heard.isascii() and len(heard) > 3 and (parsed.kind == "full" or len(given) > 1)
        letters.append(heard if whole else None)
        turned.append(given + parsed.family if whole and parsed.kind == "latin" else None)
    told = (("kind", kinds), ("letters", letters), ("turned", turned))
    return pa.table({"name": rows["name"], **{name: pa.array(values, pa.string()) for name, values in told}})

"""Nodes: spellings with the same words are one from the start, however they write case, forms and punctuation."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.homes import apart
from pingjiang.identities.organisations.method import Method
from pingjiang.identities.organisations.reading import read_spellings
from pingjiang.identities.organisations.vocabulary import alike_words, corrected, vocabulary, with_listed


@dataclass(frozen=True)
class Nodes:
    """spelling  name, mentions, node, kind, forms, countries, mended (a word was put right); no node without words
    node      node, key, words, kind, countries, initials, short, letters, mentions
    """

    spelling: Table
    node: Table


_NODE = """
with keyed as (
  select s.*, array_to_string(s.words, ' ') || s.home as key from s
), best as (
  select
    k.key, cast(sum(k.mentions) as bigint) as mentions,
    arg_max(
      {'words': k.words, 'kind': k.kind, 'countries': k.countries, 'initials': k.initials, 'script': k.script,
      'letters': k.letters},
      {'known': case when k.kind is null then 0 else 1 end, 'mentions': k.mentions, 'name': k.name}
    ) as told,
    min(k.short) as short
  from keyed k group by k.key
)
select
  row_number() over (order by b.key) - 1 as node, b.key, b.told.words as words, b.told.kind as kind,
  b.told.countries as countries, b.told.initials as initials,
  b.told.script as script, b.told.letters as letters, b.short, b.mentions
from best b
"""


def make_nodes(session: Session, names: Table, method: Method) -> Nodes:
    """`names` (name, mentions), each name once → spellings and their nodes, misspelled words put right."""
    read = read_spellings(session, names)
    plain = session.materialise("select s.*, '' as home from s where array_length(s.words) > 0", s=read)
    first = session.materialise(_NODE, s=plain)
    words = with_listed(session, vocabulary(session, first))
    alike = alike_words(session, words)
    right = corrected(session, first, words, alike, method)
    mended = session.materialise(
        """
        select s.* exclude (words, home), c.words, c.words <> s.words as mended,
          array_to_string(c.words, ' ') as plain_key
        from s
        join f on f.key = array_to_string(s.words, ' ')
        join c on c.node = f.node
        """,
        s=plain,
        f=first,
        c=right,
    )
    for done in (read, plain, first, words, alike, right):
        session.drop(done)
    homed = session.materialise(
        "select m.*, coalesce(h.home, '') as home from m left join h on h.name = m.name",
        m=mended,
        h=_homes(session, mended),
    )
    node = session.materialise(_NODE, s=homed)
    spelling = session.materialise(
        """
        select h.name, h.mentions, n.node, h.kind, h.forms, h.countries, h.script, h.mended
        from h join n on n.key = array_to_string(h.words, ' ') || h.home
        """,
        h=homed,
        n=node,
    )
    session.drop(mended)
    session.drop(homed)
    return Nodes(spelling, node)


def _homes(session: Session, mended: Table) -> Table:
    """Spellings that other countries' legal forms part from those of the same words: (name, home).

    "Siemens AG" and "Siemens Inc." are two firms; "Siemens" goes with the one that is named more often.
    """
    told = session.arrow(
        """
        with several as (
          select m.plain_key from m where array_length(m.countries) > 0
          group by m.plain_key having count(distinct array_to_string(m.countries, ' ')) > 1
        )
        select m.plain_key, m.name, m.mentions, m.countries
        from m semi join s on s.plain_key = m.plain_key
        where array_length(m.countries) > 0
        order by m.plain_key, m.mentions desc, m.name
        """.replace("semi join s", "semi join several s"),
        m=mended,
    )
    leading: dict[str, frozenset[str]] = {}
    names, homes = [], []
    columns = (told[name].to_pylist() for name in ("plain_key", "name", "countries"))
    for key, name, countries in zip(*columns, strict=True):
        own = frozenset(countries)
        first = leading.setdefault(key, own)
        if apart(first, own):
            names.append(name)
            homes.append("@" + min(own))
    return session.from_arrow(pa.table({"name": pa.array(names, pa.string()), "home": pa.array(homes, pa.string())}))

"""The words of all names: how rare they are, which are spelled alike, and which are the misspelling of another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.method import Method
from pingjiang.identities.organisations.reading import class_of
from pingjiang.identities.organisations.words import boilerplate_of_bodies, word_classes
from pingjiang.text import sound
from pingjiang.text.meanings import meanings
from pingjiang.text.transliteration import likeness, script_of, sound_keys

PUBLIC = ("university", "institute", "hospital", "government")  # kinds whose names are made of places and subjects


@dataclass(frozen=True)
class Words:
    """The words of nodes.

    word   node, word, class, weight, position, is_head (first word that names somebody), is_first (of any meaning)
    node   node, total, ident, trades, places, givens, has_head, public, person, squeezed, initials, letters,
           mentions
    met    node, key, word, class, weight, is_head, is_first, likeness: `key` is the word of another node that this one
           meets, the same (likeness 1) or one that is spelled alike
    """

    word: Table
    node: Table
    met: Table


def _classed(words: pa.Table) -> pa.Table:
    texts = words["word"].to_pylist()
    listed = {*word_classes(), *meanings()}
    words = words.append_column("class", pa.array([class_of(word) for word in texts], pa.string()))
    words = words.append_column("listed", pa.array([word in listed for word in texts], pa.bool_()))
    sounds = [None if word.isascii() else sound(word).replace(" ", "") for word in texts]
    return words.append_column("sound", pa.array(sounds, pa.string()))


@cache
def _listed() -> pa.Table:
    """Listed words as rows of a vocabulary that no node has."""
    words = sorted({*word_classes(), *meanings()})
    return pa.table(
        {
            "word": pa.array(words, pa.string()),
            "df": pa.array([0] * len(words), pa.int64()),
            "class": pa.array([class_of(word) for word in words], pa.string()),
            "listed": pa.array([True] * len(words), pa.bool_()),
            "sound": pa.array([None] * len(words), pa.string()),
        }
    )


def vocabulary(session: Session, node: Table) -> Table:
    """Each word of the nodes (node, words): word, df (nodes that have it), class, listed, and how it sounds."""
    counted = session.materialise(
        """
        with w as (select distinct n.node, unnest(n.words) as word from n)
        select w.word, count(*) as df from w group by w.word
        """,
        n=node,
    )
    return session.mapped(counted, _classed)


def with_listed(session: Session, words: Table) -> Table:
    """A vocabulary with the listed words that no node has, df 0: they can be what a misspelled word means."""
    return session.materialise(
        "select w.* from w union all select l.* from l anti join w on w.word = l.word",
        w=words,
        l=session.from_arrow(_listed()),
    )


def alike_words(session: Session, words: Table) -> Table:
    """Pairs of words that one or two letters part (word, other, likeness), both ways; by what remains of each when one
    letter is left out. Short words and given names have none. A Chinese word is like the one that writes how it sounds.
    """
    return session.materialise(
        """
        with v as (
          select w.word, length(w.word) as size from w
          where length(w.word) >= 5 and w.class not in ('given', 'function') and regexp_full_match(w.word, '[a-z]+')
        ), place as (
          select v.word, unnest(range(1, v.size + 1)) as at from v
        ), variant as (
          select v.word, v.word as rest from v
          union all
          select p.word, substr(p.word, 1, p.at - 1) || substr(p.word, p.at + 1) from place p
        ), pair as (
          select distinct a.word as word, b.word as other
          from variant a join variant b on b.rest = a.rest and b.word <> a.word
          where left(a.word, 1) = left(b.word, 1) and abs(length(a.word) - length(b.word)) <= 1
        ), measured as (
          select p.word, p.other, damerau_levenshtein(p.word, p.other) as distance,
            least(length(p.word), length(p.other)) as shorter,
            list_sort(string_split(p.word, '')) = list_sort(string_split(p.other, '')) as letters
          from pair p
        )
        select m.word, m.other, 1 - cast(m.distance as double) / (m.shorter + 1) as likeness
        from measured m
        where m.distance = 1 or (m.distance = 2 and (m.shorter >= 9 or (m.shorter >= 7 and m.letters)))
        union all
        select s.word, t.word, cast(9 as double) / 10
        from w s join w t on t.word = s.sound
        where s.class in ('name', 'place') and t.class = s.class and length(s.sound) >= 4
        union all
        select t.word, s.word, cast(9 as double) / 10
        from w s join w t on t.word = s.sound
        where s.class in ('name', 'place') and t.class = s.class and length(s.sound) >= 4
        """,
        w=words,
    )


def transliterated_words(session: Session, words: Table, method: Method) -> Table:
    """Words of other scripts that write the sound of a Latin one among these, and of no other: (word, right_word)."""
    told = method.transliteration
    keyed = session.mapped(
        session.sql(
            """
            select w.word, w.word as key, w.class from w
            where w.df > 0 and (w.class in ('common', 'shared', 'place') or (w.class = 'name' and not w.listed))
            """,
            w=words,
        ),
        _keyed,
    )
    met = session.materialise(
        f"""
        with size as (
          select k.key, count(*) as words from k where k.script = 'latin' group by k.key
        )
        select distinct k.script, k.word, l.word as other
        from k join k l on l.key = k.key and l.script = 'latin' join size s on s.key = k.key
        where k.script <> 'latin' and k.class = 'name' and s.words <= {told["most"]}
        """,
        k=keyed,
    )
    least = " ".join(f"when '{script}' then cast({value} as double)" for script, value in told["least"].items())
    liked = session.mapped(met, _likened)
    found = session.materialise(
        f"""
        with ranked as (
          select m.script, m.word, m.other, m.likeness,
            row_number() over (partition by m.word order by m.likeness desc, m.other) as place,
            lead(m.likeness) over (partition by m.word order by m.likeness desc, m.other) as next
          from m
        )
        select r.word, r.other as right_word from ranked r
        where r.place = 1 and r.likeness >= case r.script {least} end
          and r.likeness >= coalesce(r.next, -9) + cast({told["lead"]} as double)
        """,
        m=liked,
    )
    for done in (keyed, met, liked):
        session.drop(done)
    return found


def _keyed(words: pa.Table) -> pa.Table:
    rows = [
        (word, key, kind, script)
        for word, kind in zip(words["word"].to_pylist(), words["class"].to_pylist(), strict=True)
        if (script := script_of(word)) is not None
        for key in sorted(sound_keys(word, script))
    ]
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    names = ("word", "key", "class", "script")
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def _likened(met: pa.Table) -> pa.Table:
    scripts = np.array(met["script"].to_pylist(), dtype=object)
    words, others = (np.array(met[name].to_pylist(), dtype=object) for name in ("word", "other"))
    found = np.zeros(len(scripts))
    for script in sorted(set(scripts.tolist())):
        for part in np.array_split(at := np.flatnonzero(scripts == script), 1 + len(at) // _LIKENED_AT_ONCE):
            found[part] = likeness(words[part].tolist(), others[part].tolist(), script)
    return met.append_column("likeness", pa.array(found))


_LIKENED_AT_ONCE = 20_000  # pairs of words, each with a table of its letters


def corrected(session: Session, node: Table, words: Table, alike: Table, method: Method) -> Table:
    """Nodes with the misspelled words of their lists put right: (node, words).

    A rare word that is in no list yields to a word spelled alike which is `times` as frequent, or is listed; a word of
    another script to the Latin one whose sound it writes (`transliterated_words`).
    """
    told = method.correction
    meaning = session.from_arrow(pa.table({"word": list(meanings()), "meaning": list(meanings().values())}))
    right = session.materialise(
        f"""
        with candidate as (
          select a.word, a.other, a.likeness,
            case when o.listed then greatest(o.df, coalesce(l.df, 0), {told["listed_counts_as"]}) else o.df end as df
          from a
          join w s on s.word = a.word
          join w o on o.word = a.other
          left join m on m.word = a.other
          left join w l on l.word = m.meaning
          where not s.listed and s.class = 'name' and length(a.word) >= {told["shortest"]}
            and (not o.listed or o.class in ('form', 'nation', 'boilerplate', 'kind', 'trade')
              or length(a.other) >= {told["shortest_common"]})
        ), fitting as (
          select c.word, c.other, c.likeness, c.df from candidate c join w s on s.word = c.word
          where c.df >= {told["times"]} * s.df
        )
        select f.word, arg_max(f.other, {{'likeness': f.likeness, 'df': f.df, 'word': f.other}}) as right_word
        from fitting f group by f.word
        """,
        a=alike,
        w=words,
        m=meaning,
    )
    settled = session.materialise(  # what is right for the right word, once; and what it means
        """
        with each as (
          select r.word, r.right_word from r union all select x.word, x.right_word from x anti join r on r.word = x.word
        ), twice as (
          select e.word, coalesce(n.right_word, e.right_word) as right_word
          from each e left join r n on n.word = e.right_word and n.right_word <> e.word
        )
        select t.word, coalesce(m.meaning, t.right_word) as right_word
        from twice t left join m on m.word = t.right_word
        """,
        r=right,
        x=transliterated_words(session, words, method),
        m=meaning,
    )
    return session.materialise(
        """
        with each as (
          select n.node, unnest(n.words) as word, generate_subscripts(n.words, 1) as position from n
        ), mended as (
          select e.node, e.position, coalesce(s.right_word, e.word) as word from each e left join s on s.word = e.word
        ), told as (
          select m.*, min(m.position) over (partition by m.node) as first_place, coalesce(w.class, '') as class
          from mended m left join w on w.word = m.word
        )
        select t.node, list(t.word order by t.position) as words
        from told t where t.class <> 'form' or t.position = t.first_place group by t.node
        """,
        n=node,
        s=settled,
        w=words,
    )


def weigh(session: Session, node: Table, words: Table, alike: Table, method: Method) -> Words:
    """Weights of the words of nodes (node, words, kind, mentions): by class, kind of body, and rarity."""
    base = session.from_rows(
        {"public": "BOOLEAN", "class": "VARCHAR", "weight": "DOUBLE", "alone": "DOUBLE"}, method.class_weights()
    )
    publics = ", ".join(f"'{kind}'" for kind in PUBLIC)
    written = ", ".join(f"'{word}'" for word in sorted(boilerplate_of_bodies()))
    word = session.materialise(
        f"""
        with size as (select greatest(count(*), 2) as nodes from n),
        each as (
          select n.node, coalesce(n.kind in ({publics}), false) as public, unnest(n.words) as word,
            generate_subscripts(n.words, 1) as position
          from n
        ), first_each as (
          select e.node, e.public, e.word, min(e.position) as position from each e group by e.node, e.public, e.word
        ), classed as (
          select f.*, coalesce(w.sound, f.word) as sounded,
            case when f.public and f.word in ({written}) then 'boilerplate' else w.class end as class,
            ln(1 + cast(s.nodes as double) / w.df) / ln(1 + cast(s.nodes as double)) as rarity
          from first_each f join w on w.word = f.word cross join size s
        ), named as (
          select c.*,
            min(case when c.class = 'name' then c.position end) over (partition by c.node) as head,
            min(case when c.class not in ('function', 'form', 'nation', 'boilerplate', 'place') then c.position end)
              over (partition by c.node) as first_word
          from classed c
        )
        select
          n.node, n.word, n.class, n.position, n.sounded,
          n.rarity * (case when n.head is null then greatest(b.weight, b.alone) else b.weight end) as weight,
          n.position is not distinct from n.head as is_head,
          n.position is not distinct from n.first_word as is_first
        from named n join base b on b.public = n.public and b.class = n.class
        """,
        n=node,
        w=words,
        base=base,
    )
    return Words(word, _summed(session, word, node, publics), session.materialise(_MET, w=word, alike=alike))


_MET = """
select w.node, w.word as key, w.word, w.class, w.weight, w.is_head, w.is_first, cast(1 as double) as likeness from w
union all
select w.node, a.other, w.word, w.class, w.weight, w.is_head, w.is_first, a.likeness
from w join alike a on a.word = w.word where w.class in ('name', 'shared', 'common', 'trade', 'place')
"""


def _summed(session: Session, word: Table, node: Table, publics: str) -> Table:
    return session.materialise(
        f"""
        with heads as (
          select w.word, cast(sum(case when w.is_head then 1 else 0 end) as double) / count(*) as share
          from w group by w.word
        ), told as (
          select
            w.node, sum(w.weight) as total,
            sum(case when w.class in ('name', 'common', 'shared') then w.weight else 0 end) as ident,
            sum(case when w.class in ('name', 'common', 'shared', 'place', 'trade') then w.weight else 0 end)
              as any_weight,
            sum(case when w.class = 'trade' then 1 else 0 end) as trades,
            sum(case when w.class in ('place', 'nation') then 1 else 0 end) as places,
            sum(case when w.class in ('function', 'form') or (w.class in ('boilerplate', 'nation') and w.weight < 0.1)
              then 0 else 1 end) as told_words,
            sum(case when w.class = 'given' then 1 else 0 end) as givens,
            array_to_string(list(w.sounded order by w.position), '') as sounded,
            array_to_string(list(w.sounded order by w.sounded), ' ') as sounded_any,
            bool_or(w.is_head) as has_head, max(case when w.is_head then h.share else 0 end) as head_share
          from w join heads h on h.word = w.word group by w.node
        )
        select
          t.*, coalesce(n.kind in ({publics}), false) as public, coalesce(n.kind = 'individual', false) as person,
          array_to_string(n.words, '') as squeezed,
          n.initials, n.short, n.letters, array_to_string(n.countries, ' ') as countries, n.script, n.mentions
        from told t join n on n.node = t.node
        """,
        w=word,
        n=node,
    )

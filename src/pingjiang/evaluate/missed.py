"""Pairs of labelled names that were not joined, sorted into kinds by what a reader sees in the two names."""

from __future__ import annotations

from pingjiang.engine import Session, Table
from pingjiang.text import organisation_key_sql

KINDS = {
    "spelling": ("拼写", "spelling"),
    "abbreviation": ("缩写或截断", "abbreviation or cut short"),
    "shared_word": ("下属单位，有共同的词", "subsidiary by a shared word"),
    "no_shared_word": ("下属单位或改名，无共同的词", "subsidiary or rename without a shared word"),
}
_MOST_CLUSTERS = 1_000  # of one label that are compared with each other; beyond, the heaviest


def missed_pairs(session: Session, names: Table) -> dict[str, int]:
    """`names` (name, label, mentions, cluster) → kind → pairs of names of one label in two clusters.

    A pair of clusters is judged by the name of each with the most mentions, and counts as all its pairs of names.
    """
    shown = session.materialise(
        f"""
        with cluster as (
          select
            n.label, n.cluster, count(*) as names,
            arg_min(n.name, {{'fewer': -n.mentions, 'name': n.name}}) as name
          from n group by n.label, n.cluster
        ), ranked as (
          select c.*, row_number() over (partition by c.label order by c.names desc, c.name) as place from cluster c
        )
        select r.label, r.cluster, r.names, {organisation_key_sql("r.name")} as folded
        from ranked r where r.place <= {_MOST_CLUSTERS}
        """,
        n=names,
    )
    rows = session.rows(_KINDS, shown=shown)
    return {kind: int(pairs) for kind, pairs in rows}


_KINDS = """
with word as (
  select
    s.label, s.cluster, s.names, s.folded, replace(s.folded, ' ', '') as joined,
    list_filter(string_split(s.folded, ' '), lambda w: w not in ('of', 'the', 'and', '&', 'de', 'for', 'fur')) as words
  from shown s
), told as (
  select w.*, array_to_string(list_transform(w.words, lambda v: substr(v, 1, 1)), '') as initials from word w
), generic as (
  select g.word from (select distinct t.label, unnest(t.words) as word from told t) g
  group by g.word having count(*) > 2
), generics as (
  select list(g.word) as words from generic g
), pair as (
  select
    a.names * b.names as pairs, a.joined as x, b.joined as y, a.initials as ix, b.initials as iy,
    case when array_length(a.words) <= array_length(b.words) then a.words else b.words end as fewer,
    case when array_length(a.words) <= array_length(b.words) then b.words else a.words end as more,
    list_sort(a.words) = list_sort(b.words) as same_words
  from told a join told b on b.label = a.label and b.cluster > a.cluster
), judged as (
  select
    p.pairs,
    case
      when p.same_words or levenshtein(p.x, p.y) <= greatest(2, 0.15 * greatest(length(p.x), length(p.y)))
        then 'spelling'
      when p.x = p.iy or p.y = p.ix or array_length(list_filter(
          p.fewer, lambda v: array_length(list_filter(p.more, lambda w: starts_with(w, v) or starts_with(v, w))) = 0
        )) = 0 then 'abbreviation'
      when list_has_any(list_filter(p.fewer, lambda v: not list_contains(coalesce(g.words, []), v)), p.more)
        then 'shared_word'
      else 'no_shared_word'
    end as kind
  from pair p cross join generics g
)
select j.kind, sum(j.pairs) from judged j group by j.kind
"""

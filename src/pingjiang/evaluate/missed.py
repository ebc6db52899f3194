"""Pairs of labelled names that were not joined, sorted into kinds by what a reader sees in the two names.

A rename cannot be seen: it is one where `strangers.yaml` says so for the labelled file.
"""

from __future__ import annotations

from collections.abc import Sequence

from pingjiang.engine import Session, Table
from pingjiang.text import organisation_key_sql

KINDS = {
    "spelling": ("拼写", "spelling"),
    "abbreviation": ("缩写或截断", "abbreviation or cut short"),
    "shared_word": ("下属单位，有共同的词", "subsidiary by a shared word"),
    "no_shared_word": ("下属单位，无共同的词", "subsidiary without a shared word"),
    "rename": ("改名", "rename"),
}
_MOST_CLUSTERS = 1_000  # of one label that are compared with each other; beyond, the heaviest


def missed_pairs(session: Session, names: Table, renames: Sequence[tuple[str, str]] = ()) -> dict[str, int]:
    """`names` (name, label, mentions, cluster) → kind → pairs of names of one label in two clusters.

    A pair of clusters is judged by the name of each with the most mentions, and counts as all its pairs of names.
    renames: (word, word) of names before and after.
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
    renamed = session.from_rows({"old": "VARCHAR", "new": "VARCHAR"}, list(renames))
    return {kind: int(pairs) for kind, pairs in session.rows(_KINDS, shown=shown, renamed=renamed)}


# Words are near where a letter in four differs. Generic are those of more than two labels: they tell of nobody.
_NEAR = "levenshtein(v, w) <= length(v) // 4"
_KINDS = f"""
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
), known as (
  select
    (select coalesce(list(g.word), []) from generic g) as generics,
    (select coalesce(list({{'old': r.old, 'new': r.new}}), []) from renamed r) as renames
), pair as (
  select
    a.names * b.names as pairs, a.joined as x, b.joined as y, a.initials as ix, b.initials as iy,
    case when array_length(a.words) <= array_length(b.words) then a.words else b.words end as fewer,
    case when array_length(a.words) <= array_length(b.words) then b.words else a.words end as more
  from told a join told b on b.label = a.label and b.cluster > a.cluster
), near as (
  select
    p.*,
    list_filter(p.fewer, lambda v: array_length(list_filter(p.more, lambda w: {_NEAR})) > 0) as shared,
    list_filter(
      p.fewer,
      lambda v: array_length(list_filter(p.more, lambda w: starts_with(w, v) or starts_with(v, w) or {_NEAR})) > 0
    ) as begun
  from pair p
), judged as (
  select
    n.pairs,
    case
      when array_length(list_filter(k.renames, lambda r: contains(n.x, r.old) and contains(n.y, r.new)
          or contains(n.x, r.new) and contains(n.y, r.old))) > 0 then 'rename'
      when levenshtein(n.x, n.y) <= greatest(2, length(n.x) // 7)
        or 5 * array_length(n.shared) >= 4 * array_length(n.more) then 'spelling'
      when n.x = n.iy or n.y = n.ix or array_length(n.begun) = array_length(n.fewer) then 'abbreviation'
      when array_length(list_filter(n.shared, lambda v: not list_contains(k.generics, v))) > 0
        or 2 * array_length(n.shared) >= array_length(n.more) then 'shared_word'
      else 'no_shared_word'
    end as kind
  from near n cross join known k
)
select j.kind, sum(j.pairs) from judged j group by j.kind
"""

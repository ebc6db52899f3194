"""Which nodes are compared (blocking), and what is seen when two are: one row a pair, one column a feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.homes import apart
from pingjiang.identities.organisations.vocabulary import Words

Array = NDArray[np.float64]

# Keys under which nodes meet. Each key has a kind, and each kind its largest block.
_KEYS = """
with named as (
  select w.node, w.word, w.sounded, w.class, w.weight, w.is_head,
    row_number() over (partition by w.node order by w.weight desc, w.word) as rank
  from w join n on n.node = w.node where not n.person and w.weight > 0
)
select 'head' as kind, w.word as key, w.node from named w where w.is_head
union all
select 'name', w.word, w.node from named w where w.class in ('name', 'shared', 'common', 'place', 'given')
union all
select 'name', w.sounded, w.node from named w where w.class = 'name' and w.sounded <> w.word and length(w.sounded) >= 5
union all
select 'words', least(a.word, b.word) || ' ' || greatest(a.word, b.word), a.node
from named a join named b on b.node = a.node and a.rank < b.rank where b.rank <= 4
union all
select 'start', left(n.squeezed, 7), n.node from n where not n.person and length(n.squeezed) >= 7
union all
select 'sound', n.sounded_any, n.node from n where not n.person
union all
select 'sound', n.sounded, n.node from n where not n.person and n.sounded <> n.sounded_any
"""

# One name's word is the initials of another's words, or of some of them in a row.
_ACRONYMS = """
with part as (
  select n.node, n.initials, unnest(range(1, length(n.initials) - 1)) as start
  from n where not n.person and length(n.initials) between 3 and 12 and regexp_full_match(n.initials, '[a-z]+')
), slice as (
  select p.node, p.initials, p.start, unnest(range(3, 8)) as size from part p
), short as (
  select distinct s.node, substr(s.initials, cast(s.start as integer), cast(s.size as integer)) as key
  from slice s
  where s.start + s.size - 1 <= length(s.initials) and (s.size >= 4 or s.size = length(s.initials))
), word as (
  select w.node, w.word as key from w join n on n.node = w.node
  where w.class = 'name' and length(w.word) between 3 and 7 and not n.person
  union
  select n.node, n.short from n where n.short is not null
), size as (
  select w.key, count(*) as words from word w group by w.key
), spelled as (
  select s.key, count(*) as nodes from short s group by s.key
)
select distinct least(w.node, s.node) as a, greatest(w.node, s.node) as b
from word w join short s on s.key = w.key and s.node <> w.node
join size z on z.key = w.key join spelled p on p.key = w.key
where z.words * p.nodes <= {most}
"""


def candidates(session: Session, words: Words, blocks: Mapping[str, int], evidence: Table) -> Table:
    """Pairs of nodes that are worth comparing: (a, b), a < b. Persons are in none but by evidence."""
    most = " ".join(f"when '{kind}' then {size}" for kind, size in blocks.items())
    key = session.materialise(_KEYS, w=words.word, n=words.node)
    block = session.materialise(
        f"""
        with size as (select k.kind, k.key, count(*) as nodes from k group by k.kind, k.key)
        select k.kind, k.key, k.node from k join size z on z.kind = k.kind and z.key = k.key
        where z.nodes between 2 and case z.kind {most} else 0 end
        """,
        k=key,
    )
    session.drop(key)
    acronym = session.sql(_ACRONYMS.format(most=blocks["acronym"]), w=words.word, n=words.node)
    return session.materialise(
        """
        select distinct x.node as a, y.node as b
        from b x join b y on y.kind = x.kind and y.key = x.key and x.node < y.node
        union
        select s.a, s.b from s
        union
        select e.a, e.b from e
        """,
        b=block,
        s=acronym,
        e=evidence,
    )


# What two nodes share. A word spelled alike counts by its likeness.
_SHARED = """
select
  p.a, p.b,
  sum((x.weight + y.weight) / 2 * y.likeness) as shared,
  max(case when x.class = 'name' or y.class = 'name' then least(x.weight, y.weight) else 0 end) as name_weight,
  sum(case when x.class in ('name', 'common', 'shared') then x.weight else 0 end) as ident_a,
  sum(case when y.class in ('name', 'common', 'shared') then y.weight else 0 end) as ident_b,
  sum(case when x.class in ('name', 'common', 'shared', 'place', 'trade') then x.weight else 0 end) as any_a,
  sum(case when y.class in ('name', 'common', 'shared', 'place', 'trade') then y.weight else 0 end) as any_b,
  sum(case when x.class = 'trade' then 1 else 0 end) as trades,
  sum(case when x.class in ('place', 'nation') then 1 else 0 end) as places,
  sum(case when x.class in ('function', 'form') or (x.class in ('boilerplate', 'nation') and x.weight < 0.1)
    then 0 else 1 end) as told_words,
  sum(case when x.class = 'given' then 1 else 0 end) as givens,
  max(case when x.is_head and y.is_head then 1 else 0 end) as head_eq,
  max(case when x.is_first and y.is_first then 1 else 0 end) as first_eq
from p
join w x on x.node = p.a
join met y on y.node = p.b and y.key = x.word
where x.weight > 0 or y.weight > 0
group by p.a, p.b
"""

_SEEN = """
select
  p.a, p.b, case when x.script is not distinct from y.script then x.squeezed else x.sounded end as text_a,
  case when x.script is not distinct from y.script then y.squeezed else y.sounded end as text_b,
  coalesce(s.shared, 0) as shared, x.total as total_a, y.total as total_b,
  coalesce(s.name_weight, 0) as name_weight,
  greatest(x.ident - coalesce(s.ident_a, 0), 0) as left_a, greatest(y.ident - coalesce(s.ident_b, 0), 0) as left_b,
  greatest(x.any_weight - coalesce(s.any_a, 0), 0) as any_a, greatest(y.any_weight - coalesce(s.any_b, 0), 0) as any_b,
  x.trades - coalesce(s.trades, 0) as trades_a, y.trades - coalesce(s.trades, 0) as trades_b,
  greatest(x.told_words - coalesce(s.told_words, 0), 0) + greatest(y.told_words - coalesce(s.told_words, 0), 0)
    as words_left, x.countries as home_a, y.countries as home_b,
  x.places - coalesce(s.places, 0) as places_a, y.places - coalesce(s.places, 0) as places_b,
  x.givens - coalesce(s.givens, 0) as givens_a, y.givens - coalesce(s.givens, 0) as givens_b,
  coalesce(s.head_eq, 0) as head_eq, coalesce(s.first_eq, 0) as first_eq,
  case when x.has_head and y.has_head then 1 else 0 end as heads,
  case when x.has_head or y.has_head then 0 else 1 end as generic,
  case when coalesce(s.head_eq, 0) = 1 then least(x.head_share, y.head_share) else 0 end as head_share,
  case when x.public or y.public then 1 else 0 end as pub,
  case when x.public <> y.public then 1 else 0 end as kind_conf,
  case when x.script in ('han', 'kana', 'hangul') and y.script in ('han', 'kana', 'hangul') then 1 else 0 end as cjk,
  case when x.sounded_any = y.sounded_any and (x.script is distinct from y.script or x.has_head)
    or (x.letters = y.letters and length(x.letters) >= 8) then 1 else 0 end as same_letters,
  x.initials as initials_a, y.initials as initials_b
from p
join n x on x.node = p.a
join n y on y.node = p.b
left join s on s.a = p.a and s.b = p.b
"""


def seen(session: Session, words: Words, pairs: Table, evidence: Table) -> Table:
    """Pairs (a, b) with what their nodes share and what is left of each."""
    shared = session.materialise(_SHARED, p=pairs, w=words.word, met=words.met)
    acronym = session.sql(_ABBREVIATED, p=pairs, w=words.word, n=words.node)
    return session.materialise(
        f"with base as ({_SEEN}) select base.*, coalesce(c.letters, 0) as acronym, "
        "coalesce(e.across, 0) as across, coalesce(e.within, 0) as within, coalesce(e.against, 0) as against "
        "from base left join c on c.a = base.a and c.b = base.b left join e on e.a = base.a and e.b = base.b",
        p=pairs, s=shared, n=words.node, c=acronym, e=evidence,
    )  # fmt: skip


_ABBREVIATED = """
with sided as (
  select p.a, p.b, p.a as one, p.b as other from p union all select p.a, p.b, p.b, p.a from p
), word as (
  select w.node, w.word from w where w.class = 'name' and length(w.word) between 3 and 7
  union
  select n.node, n.short from n where n.short is not null
)
select s.a, s.b, max(length(w.word)) as letters
from sided s
join word w on w.node = s.one
join n on n.node = s.other
where (length(w.word) >= 4 and position(w.word in n.initials) > 0) or w.word = n.initials or w.word = n.short
group by s.a, s.b
"""


_TEXTS = ("text_", "initials_", "home_")


def features(rows: pa.Table) -> dict[str, Array]:
    """The features of pairs (`seen`), by name; each between 0 and 1 or a weight. NaN never."""
    column = {
        name: rows[name].to_numpy(zero_copy_only=False) for name in rows.column_names if not name.startswith(_TEXTS)
    }
    numbers = {name: values.astype(np.float64) for name, values in column.items()}
    got = numbers.__getitem__
    shared = np.minimum(got("shared"), np.minimum(got("total_a"), got("total_b")))
    small = np.minimum(got("total_a"), got("total_b"))
    contain = shared / np.maximum(small, 1e-9)
    jaccard = shared / np.maximum(got("total_a") + got("total_b") - shared, 1e-9)
    one, other = rows["text_a"].to_pylist(), rows["text_b"].to_pylist()
    ratio = process.cpdist(one, other, scorer=fuzz.ratio, dtype=np.float32).astype(np.float64) / 100
    ratio = np.maximum(ratio, got("same_letters"))
    starts = np.fromiter((_starts(x, y) for x, y in zip(one, other, strict=True)), np.float64, len(one))
    parted = (ratio < 1).astype(np.float64)  # names of the same letters are not told apart by where words end
    both: Callable[[str], Array] = lambda name: ((got(f"{name}_a") > 0) & (got(f"{name}_b") > 0)).astype(np.float64)  # noqa: E731
    public, generic, first = got("pub"), got("generic"), got("first_eq")
    named = (1 - public) * (1 - generic)
    return {
        "one": np.ones(len(one)),
        "head_eq": got("head_eq"),
        "head_share": got("head_share"),
        "head_ne": parted * got("heads") * (1 - got("head_eq")),
        "first_eq": first,
        "contain": contain,
        "jacc": jaccard,
        "left_min": np.minimum(got("left_a"), got("left_b")),
        "left_max": np.maximum(got("left_a"), got("left_b")),
        "any_min": np.minimum(got("any_a"), got("any_b")),
        "any_max": parted * np.maximum(got("any_a"), got("any_b")),
        "trade_conf": both("trades"),
        "trade_left": ((got("trades_a") > 0) | (got("trades_b") > 0)).astype(np.float64),
        "place_conf": both("places"),
        "place_left": ((got("places_a") > 0) | (got("places_b") > 0)).astype(np.float64),
        "un_given": ((got("givens_a") > 0) | (got("givens_b") > 0)).astype(np.float64),
        "words_left": parted * np.minimum(got("words_left"), 3),
        "country_conf": _apart(rows["home_a"], rows["home_b"]),
        "ratio": ratio,
        "ratio2": ratio**2,
        "ratio_high": (ratio > 0.93).astype(np.float64),
        "same_text": 1 - parted,
        "same_words": (1 - public) * (jaccard > _ALL) * (got("words_left") == 0),
        "across": got("across"),
        "within": got("within"),
        "against": got("against"),
        "prefix": starts,
        "acro3": (got("acronym") == 3).astype(np.float64),
        "acro4": (got("acronym") >= 4).astype(np.float64),
        "kind_conf": got("kind_conf"),
        "pub": public,
        "generic": generic,
        "shared_only": (got("name_weight") == 0).astype(np.float64),
        "gen_low": generic * (1 - jaccard),
        "pub_low": public * (1 - jaccard),
        "pub_place": public * both("places"),
        "pu_min": np.where((public > 0) | (generic > 0), np.minimum(got("any_a"), got("any_b")), 0.0),
        "cjk_left": got("cjk") * (got("words_left") > 0),
        "cjk_pub_left": public * got("cjk") * (np.maximum(got("any_a"), got("any_b")) > _NOTHING),
        "comp_nfirst": named * (1 - first),
    }


_SHORTEST_START = 6
_ALL = 0.999  # share of words that are the same
_NOTHING = 0.02  # weight of what is left of a name


def _apart(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Array:
    """Whether the legal forms of two names are of countries that exclude each other: few pairs of countries differ."""
    told = [column.combine_chunks().dictionary_encode() for column in (one, other)]
    countries = [[frozenset((each or "").split()) for each in column.dictionary.to_pylist()] for column in told]
    codes = [column.indices.fill_null(len(known)).to_numpy() for column, known in zip(told, countries, strict=True)]
    width = len(countries[1]) + 1  # the last code is that of no country
    pair, at = np.unique(codes[0].astype(np.int64) * width + codes[1], return_inverse=True)
    sides = [[*known, frozenset[str]()] for known in countries]
    found = [apart(sides[0][code // width], sides[1][code % width]) for code in pair.tolist()]
    return np.array(found, np.float64)[at.ravel()]


def _starts(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SHORTEST_START and (one.startswith(other) or other.startswith(one))

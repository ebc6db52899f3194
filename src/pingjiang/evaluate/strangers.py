"""Other names that labelled ones are mixed with, so that precision is measured as it will be in use.

They are applicants of the sample files, drawn by hash. Left out are

- persons: who stands among the inventors of the same row;
- labelled names: equal after folding to one;
- suspects: names that may belong to a labelled organisation, so that nobody knows whether joining them is wrong.
  A suspect holds a mark of a label: a labelled name of one word; one of the two rarest words that at least half of a
  label's names share, where it is in at most 1 of 1,000 strangers; both of these, where each is in at most 1 of 100; or
  a brand of `strangers.yaml`. So is a name in Chinese, Japanese or Korean writing where all labelled names are in
  Latin letters: no word tells whether it is one of theirs (トヨタ is Toyota).

The rule knows words alone, of names as the baseline folds them, and no score of any method. What it takes away are the
hardest strangers too: therefore a second figure counts every suspect as another organisation, as a lower bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from pingjiang import definitions
from pingjiang.config import Settings
from pingjiang.engine import Session, Table
from pingjiang.errors import InputRefused
from pingjiang.evaluate.reading import imported, printed_applicants
from pingjiang.evaluate.task import samples_folder
from pingjiang.text import organisation_key_sql

AT_LEAST = 15_000
DRAWN = 20_000


@dataclass(frozen=True)
class Strangers:
    """names and suspects (name). `facts`: how many were left out and why, for the page."""

    names: Table
    suspects: Table
    facts: dict[str, int]


def draw_strangers(session: Session, labelled: Table, sha256: str, settings: Settings) -> Strangers:
    """Strangers to `labelled` (name, label). InputRefused where the samples at hand give fewer than AT_LEAST."""
    pool = session.from_arrow(printed_names(settings))
    brands = [(word,) for word in _told()["brands"].get(sha256, ())]
    found = pick_strangers(session, labelled, pool, brands)
    if found.facts["names"] < AT_LEAST:
        raise _too_few(samples_folder(settings), found.facts["names"])
    return found


def known_renames(sha256: str) -> list[tuple[str, str]]:
    """(word, word) of names before and after, as they are known of a labelled file."""
    return [(old, new) for old, new in _told()["renames"].get(sha256, ())]


def _told() -> dict[str, Any]:
    told: dict[str, Any] = definitions.shipped("pingjiang.evaluate", "strangers.yaml")
    return told


@lru_cache(maxsize=1)
def printed_names(settings: Settings) -> pa.Table:
    """(name, folded) of all applicants that the files of `strangers.yaml` print, without persons."""
    paths = [path for each in _told()["files"] if (path := samples_folder(settings) / each).is_file()]
    if not paths:
        raise _too_few(samples_folder(settings), 0)
    with (
        Session(memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir) as session,
        imported(paths, settings) as lake,
    ):
        return session.arrow(_POOL, printed=printed_applicants(session, lake))


_POOL = f"""
select p.name, {organisation_key_sql("p.name")} as folded
from printed p group by p.name having not bool_or(p.is_inventor)
"""


def pick_strangers(session: Session, labelled: Table, pool: Table, brands: list[tuple[str]]) -> Strangers:
    """Strangers out of `pool` (name, folded), by the rule above."""
    known = session.materialise(
        f"select l.name, l.label, {organisation_key_sql('l.name')} as folded from l", l=labelled
    )
    other = session.materialise(
        "select p.name, p.folded from p where p.folded <> '' and p.folded not in (select k.folded from k)",
        p=pool, k=known,
    )  # fmt: skip
    word = session.materialise("select distinct o.name, unnest(string_split(o.folded, ' ')) as word from o", o=other)
    mark = session.materialise(_MARKS, known=known, word=word, brand=session.from_rows({"word": "VARCHAR"}, brands))
    suspect = session.materialise(_SUSPECTS, word=word, mark=mark, other=other, known=known)
    names = session.materialise(
        f"select o.name from o where o.name not in (select s.name from s) order by md5(o.name) limit {DRAWN}",
        o=other, s=suspect,
    )  # fmt: skip
    suspicious = session.rows(
        "select count(distinct n.name) from n join w on w.name = n.name join m on m.word = w.word", n=names, w=word,
        m=mark,
    )[0][0]  # fmt: skip
    facts = {
        "names": names.count(),
        "printed": pool.count(),
        "equal_left_out": pool.count() - other.count(),
        "suspects_left_out": suspect.count(),
        "still_suspicious": int(suspicious),
    }
    return Strangers(names, suspect, facts)


# alone: it makes a suspect by itself; else with another one of the same label. Marks that do neither stay, as what is
# still suspicious.
_MARKS = """
with total as (
  select cast(count(distinct w.name) as double) as names from word w
), held as (
  select w.word, count(*) as names from word w group by w.word
), said as (
  select distinct k.label, k.name, unnest(string_split(k.folded, ' ')) as word from known k
), size as (
  select k.label, count(distinct k.name) as names from known k group by k.label
), shared as (
  select s.label, s.word
  from said s join size z on z.label = s.label
  where length(s.word) > 2
  group by s.label, s.word, z.names having 2 * count(*) >= z.names
), ranked as (
  select
    s.label, s.word, coalesce(h.names, 0) / t.names as share,
    row_number() over (partition by s.label order by coalesce(h.names, 0), s.word) as rank
  from shared s left join held h on h.word = s.word cross join total t
)
select r.label, r.word, r.share <= cast(0.001 as double) as alone
from ranked r where r.rank <= 2 and r.share <= cast(0.01 as double)
union
select k.label, k.folded, true from known k where k.folded <> '' and not contains(k.folded, ' ')
union
select 'brand', b.word, true from brand b
"""

_SUSPECTS = """
select w.name from word w join mark m on m.word = w.word
group by w.name, m.label having bool_or(m.alone) or count(distinct m.word) > 1
union
select o.name from other o
where regexp_matches(o.name, '[぀-ヿ㐀-鿿가-힯]')
  and not exists (select 1 from known k where regexp_matches(k.name, '[぀-ヿ㐀-鿿가-힯]'))
"""


def _too_few(folder: Path, count: int) -> InputRefused:
    return InputRefused(
        f"样本中只有 {count:,} 个可混入的名称，至少要 {AT_LEAST:,} 个。",
        f"The samples give {count:,} names to mix in, and it takes {AT_LEAST:,}.",
        file=str(folder),
        remedy=("请把 PINGJIANG_SAMPLES 设为完整的样本目录。", "Set PINGJIANG_SAMPLES to the whole folder of samples."),
    )

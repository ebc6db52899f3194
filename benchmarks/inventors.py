"""Inventors at scale: generated mentions, our linking, and the opponent that groups by the name as printed.

`python -m benchmarks.inventors [--mentions 1000000]`, or `… --only ours|name` in a process of its own, prints one
JSON line each: seconds, peak memory, persons. The data are synthetic: names are drawn from a list that falls off as
names do, persons work in teams of an organisation and move. So accuracy against the known persons is printed too; it
says that scale was not bought with nonsense, and nothing about real data.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pingjiang.engine import Session, Table
from pingjiang.identities.inventors.gathering import Sources
from pingjiang.identities.inventors.linking import link

TEAM = 3  # inventors of a document, on average
OF_PERSON = 8  # documents of a person, on average
SEED = 20_260_701
_STARTS = (
    "b",
    "c",
    "ch",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "q",
    "r",
    "s",
    "sh",
    "t",
    "w",
    "x",
    "y",
    "z",
)
_ENDS = ("a", "ai", "an", "ang", "e", "en", "i", "iao", "ing", "o", "ong", "u")
SYLLABLES = [start + end for start in _STARTS for end in _ENDS]
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 700)]


def generate(folder: Path, mentions: int) -> None:
    """`mention.parquet` (mention_id, document, name, country, city, year, person) and `document.parquet`."""
    drawn = np.random.default_rng(SEED)
    persons = max(mentions // OF_PERSON, 10)
    names = _names(drawn, persons)
    organisation = drawn.integers(0, max(persons // 60, 2), persons)
    team = organisation * 8 + drawn.integers(0, 8, persons)
    order = np.argsort(team, kind="stable")
    documents = mentions // TEAM
    start = drawn.integers(0, persons, documents)
    size = 1 + drawn.poisson(TEAM - 1, documents)
    document = np.repeat(np.arange(documents), size)
    offset = np.arange(len(document)) - np.repeat(np.cumsum(size) - size, size)
    spread = drawn.integers(0, 4, len(document))
    person = order[(np.repeat(start, size) + offset * 2 + spread) % persons]
    pairs = np.unique(document * np.int64(persons) + person)
    document, person = np.divmod(pairs, persons)
    first = order[start]
    year = 1995 + drawn.integers(0, 28, documents)
    moved = drawn.random(documents) < 0.15
    applicant = np.where(moved, drawn.integers(0, max(persons // 60, 2), documents), organisation[first])
    city = (organisation % 400)[first]
    pq.write_table(
        pa.table(
            {
                "mention_id": pa.array([f"m{n}" for n in range(len(person))]),
                "document": pa.array([f"d{n}" for n in document]),
                "name": pa.array([names[n] for n in person]),
                "country": pa.array(["CN"] * len(person)),
                "city": pa.array([f"city {n}" for n in city[document]]),
                "year": pa.array(year[document].astype(np.float64)),
                "person": pa.array(person.astype(np.int64)),
            }
        ),
        folder / "mention.parquet",
    )
    words = (team[first][:, None] * 7 + drawn.integers(0, 12, (documents, 6))) % 4_000
    pq.write_table(
        pa.table(
            {
                "document": pa.array([f"d{n}" for n in range(documents)]),
                "organisation": pa.array([f"o{n}" for n in applicant]),
                "class": pa.array([f"H{n % 120:02}{chr(65 + n % 20)}" for n in team[first]]),
                "title": pa.array([" ".join(_word(n) for n in row) for row in words.tolist()]),
            }
        ),
        folder / "document.parquet",
    )


def _word(number: int) -> str:
    letters = []
    for _ in range(5):
        number, at = divmod(number, 26)
        letters.append(chr(97 + at))
    return "".join(letters)


def _names(drawn: np.random.Generator, persons: int) -> list[str]:
    """Half in Latin letters, half in Han; surnames fall off steeply, given names less."""
    family = np.floor(200 * drawn.random(persons) ** 3).astype(np.int64)
    one, two = (np.floor(400 * drawn.random(persons) ** 2).astype(np.int64) for _ in range(2))
    two = np.where(drawn.random(persons) < 0.3, -1, two)
    latin = drawn.random(persons) < 0.5
    given = len(SYLLABLES)
    return [
        f"{SYLLABLES[f]}, {SYLLABLES[a % given]} {SYLLABLES[b % given] if b >= 0 else ''}" if is_latin
        else HAN[f] + HAN[300 + a] + (HAN[300 + b] if b >= 0 else "")
        for f, a, b, is_latin in zip(family.tolist(), one.tolist(), two.tolist(), latin.tolist(), strict=True)
    ]  # fmt: skip


def ours(session: Session, mention: Table, document: Table) -> Table:
    """The program's linking: (mention_id, cluster)."""
    linked = link(
        session,
        Sources(
            mention=mention.sql("select self_.* exclude (person), cast(null as varchar) as state from self_"),
            party=mention.sql("select self_.document, self_.name from self_"),
            organisation=document.sql(
                "select self_.document, self_.organisation as token, self_.organisation as name from self_"
            ),
            classes=document.sql("select self_.document, self_.class as token from self_"),
            title=document.sql("select self_.document, self_.title from self_"),
        ),
    )
    return linked.mention.sql("select self_.mention_id, cast(self_.person as varchar) as cluster from self_")


def by_name(session: Session, mention: Table, document: Table) -> Table:
    """The opponent: one name as printed is one person."""
    return session.materialise("select m.mention_id, m.name as cluster from m", m=mention)


WAYS = {"ours": ours, "name": by_name}


def measure(folder: Path, way: str) -> dict[str, Any]:
    """One run in this process."""
    with Session(memory_limit="2500MB", threads=2) as session:
        mention, document = (session.read_parquet([folder / f"{name}.parquet"]) for name in ("mention", "document"))
        began, used = time.perf_counter(), time.process_time()
        clusters = WAYS[way](session, mention, document).materialise()
        seconds, processor = time.perf_counter() - began, time.process_time() - used
        [(pairs, predicted, both)] = session.rows(_AGREEMENT, c=clusters, m=mention)
        return {
            "way": way, "mentions": mention.count(),
            "seconds": round(seconds, 1), "processor_seconds": round(processor, 1),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "persons": session.rows("select count(distinct c.cluster) from c", c=clusters)[0][0],
            "precision": round(both / predicted, 4), "recall": round(both / pairs, 4), "data": "synthetic",
        }  # fmt: skip


_AGREEMENT = """
with cell as (
  select c.cluster, m.person, cast(count(*) as double) as n
  from m join c on c.mention_id = m.mention_id group by c.cluster, m.person
)
select
  (select sum(p.n * (p.n - 1)) from (select sum(e.n) as n from cell e group by e.person) p),
  (select sum(k.n * (k.n - 1)) from (select sum(e.n) as n from cell e group by e.cluster) k),
  (select sum(e.n * (e.n - 1)) from cell e)
"""


def main() -> None:
    """Generate, then each way in a process of its own."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--mentions", type=int, default=1_000_000)
    given.add_argument("--only", choices=sorted(WAYS))
    given.add_argument("--folder", type=Path)
    told = given.parse_args()
    if told.only and told.folder:
        print(json.dumps(measure(told.folder, told.only)), flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="pingjiang-inventors-") as name:
        generate(Path(name), told.mentions)
        for way in [told.only] if told.only else sorted(WAYS):
            command = [sys.executable, "-m", "benchmarks.inventors", "--folder", name, "--only", way]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()

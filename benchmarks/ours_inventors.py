"""Our side of the measurement of inventors, and what both sides are held against: the persons that were made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pingjiang.engine import Session, Table
from pingjiang.identities.inventors.gathering import Sources
from pingjiang.identities.inventors.linking import link

Way = Callable[[Session, Table, Table], Table]


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


def measure(folder: Path, memory_limit: str, way: Way = ours) -> dict[str, Any]:
    """{"mentions", "persons", "precision", "recall"} of pairs of mentions that `way` (mentions, documents) joins."""
    with Session(memory_limit=memory_limit, threads=2) as session:
        mention, document = (session.read_parquet([folder / f"{name}.parquet"]) for name in ("mention", "document"))
        clusters = way(session, mention, document).materialise()
        [(pairs, predicted, both)] = session.rows(_AGREEMENT, c=clusters, m=mention)
        [(mentions, persons)] = session.rows("select count(*), count(distinct c.cluster) from c", c=clusters)
    return {"mentions": mentions, "persons": persons, "precision": round(both / predicted, 4),
            "recall": round(both / pairs, 4)}  # fmt: skip


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

"""Samples of what a leaf takes, judged yes or no by people: precision with its interval, and what may be released.

The sample of a leaf are the publications with the least hashes of (seed, leaf, publication): drawn at random, and drawn
the same by anybody. The seed is the fingerprint of the leaf, so that one whose rules changed is judged anew, and is not
scored on what its rules were mended by.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pingjiang.chain.tree import Chain, Node
from pingjiang.chain.versions import fingerprint
from pingjiang.engine import Session, Table
from pingjiang.intervals import Interval, wilson
from pingjiang.judgements import Judgement

SIZE = 30
_SYMBOLS = 12


@dataclass(frozen=True, slots=True)
class Placement:
    """A publication of a sample, with what a reader goes by. `verdict`: what people said, None where nobody has."""

    row_id: str
    chain: str
    leaf: str
    publication_id: str
    nth: int
    reason: str
    title: str | None
    abstract: str | None
    symbols: tuple[str, ...]
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a leaf stands.

    publications   that the leaf takes
    sample         how many of them are in its sample; judged: of these; yes, no, unsure: what was said
    precision      yes by judged: who could not decide has not said yes. None where nothing was judged
    state          'empty', 'not judged' (nothing), 'in part' (not all of the sample), 'below' the bar, 'ready'
    released       'yes', 'changed' (an earlier form of it was), or None
    """

    leaf: str
    name_zh: str
    name_en: str
    seed: str
    publications: int
    sample: int
    judged: int
    yes: int
    no: int
    unsure: int
    precision: float | None
    interval: Interval | None
    state: str
    released: str | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for a JSON answer."""
        return asdict(self)


def row_id(chain: str, leaf: str, publication_id: str) -> str:
    """The identity of a row of a sample."""
    return "S-" + hashlib.sha256("\n".join((chain, leaf, publication_id)).encode()).hexdigest()[:12]


def seeds(leaves: Iterable[Node], seed: str | None = None) -> dict[str, str]:
    """The seed of each leaf."""
    return {leaf.id: seed or fingerprint(leaf) for leaf in leaves}


def draw(
    chain: Chain, seeds: Mapping[str, str], tables: Mapping[str, Table], judged: Sequence[Judgement], size: int = SIZE
) -> tuple[dict[str, int], list[Placement]]:
    """How many publications each leaf takes, and the samples of the leaves that have a seed.

    tables   publication, publication_class and publication_node, placed by this chain
    """
    session = tables["publication"].session
    of = session.from_rows({"node_id": "VARCHAR", "seed": "VARCHAR"}, list(seeds.items()))
    counts = tables["publication_node"].sql("select self_.node_id, count(*) as n from self_ group by self_.node_id")
    publications = {leaf: int(n) for leaf, n in counts.rows()}
    drawn = session.materialise(_DRAWN.format(size=int(size)), placed=tables["publication_node"], seeds=of)
    told = session.sql(_TOLD, drawn=drawn, publication=tables["publication"]).dicts(order_by="node_id, nth")
    symbols = _symbols(session, drawn, tables["publication_class"])
    said = verdicts(chain.id, judged)
    return publications, [
        Placement(
            row_id(chain.id, row["node_id"], row["publication_id"]), chain.id, row["node_id"], row["publication_id"],
            row["nth"], row["reason"], row["title"], row["abstract"], tuple(symbols[row["publication_id"]]),
            said.get((row["node_id"], row["publication_id"])),
        )
        for row in told
    ]  # fmt: skip


def numbers(seeds: Mapping[str, str], publication_node: Table, size: int = SIZE) -> dict[str, list[str]]:
    """The publications of the sample of each leaf that has a seed, in the order of `draw`, without their texts."""
    session = publication_node.session
    of = session.from_rows({"node_id": "VARCHAR", "seed": "VARCHAR"}, list(seeds.items()))
    found: dict[str, list[str]] = {leaf: [] for leaf in seeds}
    rows = session.sql(_DRAWN.format(size=int(size)), placed=publication_node, seeds=of)
    for leaf, publication_id, _, _ in rows.rows(order_by="node_id, nth"):
        found[leaf].append(publication_id)
    return found


def _symbols(session: Session, drawn: Table, publication_class: Table) -> dict[str, list[str]]:
    """The first symbols of each publication that was drawn."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = session.sql(
        "select c.publication_id, c.symbol, min(c.position) as position from publication_class as c"
        " semi join drawn as d on d.publication_id = c.publication_id"
        " where c.scheme in ('IPC', 'CPC') and c.symbol is not null group by c.publication_id, c.symbol",
        drawn=drawn, publication_class=publication_class,
    )  # fmt: skip
    for publication_id, symbol, _ in rows.rows(order_by="publication_id, position, symbol"):
        if len(found[publication_id]) < _SYMBOLS:
            found[publication_id].append(symbol)
    return found


_DRAWN = """
with numbered as (
    select
        p.node_id, p.publication_id, p.reason,
        row_number() over (
            partition by p.node_id
            order by md5(s.seed || ' ' || p.node_id || ' ' || p.publication_id), p.publication_id
        ) as nth
    from placed as p
    inner join seeds as s on s.node_id = p.node_id
)
select n.node_id, n.publication_id, n.reason, n.nth from numbered as n where n.nth <= {size}
"""
_TOLD = """
select
    d.node_id, d.nth, d.publication_id, d.reason, coalesce(p.title_zh, p.title, p.title_en) as title,
    coalesce(p.abstract_zh, p.abstract_en) as abstract
from drawn as d
inner join publication as p on p.publication_id = d.publication_id
"""


def verdicts(chain: str, judged: Iterable[Judgement]) -> dict[tuple[str, str], str]:
    """(leaf, publication) → what people said of it; 'unsure' where they differ. Of judgements in force."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in judged:
        of, slash, leaf = row.a.partition("/")
        if row.subject == "placement" and slash and of == chain and row.verdict is not None:
            said[leaf, row.b].add(row.verdict)
    return {key: next(iter(each)) if len(each) == 1 else "unsure" for key, each in said.items()}


def standing(
    chain: Chain, leaf: Node, seed: str, publications: int, sample: Sequence[Placement], judged: Iterable[Judgement]
) -> Standing:
    """How a leaf stands by its sample."""
    return stands(chain, leaf, seed, publications, [each.verdict for each in sample], judged)


def stands(
    chain: Chain, leaf: Node, seed: str, publications: int, sample: Sequence[str | None], judged: Iterable[Judgement]
) -> Standing:
    """The same by the verdicts on its sample, None where nobody has judged."""
    said = [each for each in sample if each is not None]
    yes = said.count("yes")
    precision = yes / len(said) if said else None
    if not sample:
        state = "empty"
    elif precision is None:
        state = "not judged"
    elif len(said) < len(sample):
        state = "in part"
    else:
        state = "ready" if precision >= chain.release_at else "below"
    return Standing(
        leaf.id, leaf.name_zh, leaf.name_en, seed, publications, len(sample), len(said), yes, said.count("no"),
        said.count("unsure"), precision, wilson(yes, len(said)), state, released(chain, leaf, judged),
    )  # fmt: skip


def released(chain: Chain, leaf: Node, judged: Iterable[Judgement]) -> str | None:
    """Whether a leaf is released as it stands ('yes'), or was in an earlier form ('changed')."""
    forms = {
        row.b.rpartition(" ")[2] for row in judged if row.subject == "release" and row.a == f"{chain.id}/{leaf.id}"
    }
    if not forms:
        return None
    return "yes" if fingerprint(leaf) in forms else "changed"

"""The blocks of a leaf's rules, and what each of them holds: the working side of a search strategy.

Every rule comes apart into blocks, whether it was written so or by symbols and words: a publication is held where all
blocks of a rule hold it, and none that excludes. A block is a small rule itself, so that one engine decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pingjiang.chain.classifier.kept import Models
from pingjiang.chain.place import folded_texts, place, words_hold
from pingjiang.chain.rule import Rule
from pingjiang.chain.saying import as_query
from pingjiang.chain.tree import Chain, Node
from pingjiang.chain.words import Words
from pingjiang.engine import Table

_NONE = Words((), ())


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a rule: `name` is one of rule.PARTS, `excludes` what it holds is left out."""

    number: int
    leaf: str
    rule: Rule  # of which it is a part
    name: str
    part: Rule
    excludes: bool

    def text(self) -> str:
        """What it asks, as a query."""
        return as_query(self.part).text()


def blocks_of(leaves: Iterable[Node]) -> list[Block]:
    """The blocks of these leaves, numbered in the order of the chain."""
    found = [
        (leaf.id, rule, name, part, excludes)
        for leaf in leaves
        for rule in leaf.rules
        for name, part, excludes in _parts(rule)
    ]
    return [Block(number, *each) for number, each in enumerate(found, start=1)]


def _parts(rule: Rule) -> list[tuple[str, Rule, bool]]:
    bare = replace(
        rule, symbols=(), excepted=(), within=None, also=(), without=(), any=_NONE, all=_NONE, none=_NONE, query=None,
        blocks=(), classifier=None,
    )  # fmt: skip
    if rule.classifier is not None:
        return [
            *_parts(replace(rule, classifier=None)),
            ("classifier", replace(bare, classifier=rule.classifier), False),
        ]
    if rule.blocks:
        return [(name, replace(bare, query=query), name == "exclusions") for name, query in rule.blocks]
    if rule.query is not None:
        return [("anchor", rule, False)]
    parts: list[tuple[str, Rule, bool]] = []
    if rule.all.both():
        parts.append(("anchor", replace(bare, all=rule.all), False))
    if rule.any.both():
        parts.append(("synonyms", replace(bare, any=rule.any), False))
    if rule.symbols:
        parts.append(
            ("symbols", replace(bare, symbols=rule.symbols, excepted=rule.excepted, within=rule.within), False)
        )
    if rule.also:
        parts.append(("symbols", replace(bare, symbols=rule.also), False))
    if rule.none.both():
        parts.append(("exclusions", replace(bare, any=rule.none), True))
    if rule.without:
        parts.append(("exclusions", replace(bare, symbols=rule.without), True))
    return parts


def held_by(
    blocks: Sequence[Block], publication: Table, publication_class: Table, models: Models | None = None
) -> Table:
    """(block, publication_id): the publications that each block holds by itself."""
    session = publication.session
    unworded = [block for block in blocks if not block.part.has_words()]
    worded = [block for block in blocks if block.part.has_words()]
    held = session.sql("select cast(null as bigint) as block, cast(null as varchar) as publication_id limit 0")
    if unworded:
        tree = tuple(
            Node(f"b{block.number}", None, 1, at, "", "", None, None, (block.part,))
            for at, block in enumerate(unworded, start=1)
        )
        chain = Chain("blocks", "", "", "", None, None, tree, "", "")
        placed = place(chain, publication, publication_class, models)["publication_node"]
        held = session.materialise(
            "select cast(substr(p.node_id, 2) as bigint) as block, p.publication_id from placed as p", placed=placed
        )
    if worded:
        texts = folded_texts(publication).materialise()
        selects = (
            f"select cast({block.number} as bigint) as block, t.publication_id from texts as t"
            f" where {words_hold(block.part)}"
            for block in worded
        )
        found = session.materialise(" union all ".join(selects), texts=texts)
        session.drop(texts)
        held = session.materialise(
            "select h.* from held as h union all select f.* from found as f",
            held=held, found=found,
        )  # fmt: skip
    return held


@dataclass(frozen=True, slots=True)
class Hits:
    """What a block holds: by itself, and the share that it has in its rule.

    hits     publications that it holds
    rule     publications that the whole rule holds
    without  publications that the rule would hold, were this block not there; None for the only block that holds
    """

    hits: int
    rule: int
    without: int | None


def count(blocks: Sequence[Block], held: Table) -> dict[int, Hits]:
    """The hits of each block, by its number."""
    session = held.session
    kinds = session.from_rows(
        {"block": "BIGINT", "leaf": "VARCHAR", "rule": "BIGINT", "excludes": "BOOLEAN"},
        [(block.number, block.leaf, block.rule.number, block.excludes) for block in blocks],
    )
    counted = session.materialise(_COUNTS, held=held, kinds=kinds)
    rows = {row["block"]: row for row in counted.dicts()}
    alone = {
        block.number
        for block in blocks
        if not block.excludes
        and sum(
            (each.leaf, each.rule.number, each.excludes) == (block.leaf, block.rule.number, False) for each in blocks
        )
        == 1
    }
    return {
        number: Hits(row["hits"], row["held_by_rule"], None if number in alone else row["without_it"])
        for number, row in rows.items()
    }


# How many blocks of a rule hold and exclude each publication; a rule holds where the counts are full and nil. Without a
# block that holds one less is full; without one that excludes, what it alone excludes comes in.
_COUNTS = """
with sizes as (
    select k.leaf, k.rule, count(*) filter (where not k.excludes) as holding from kinds as k group by k.leaf, k.rule
),
met as (
    select
        k.leaf, k.rule, h.publication_id, count(*) filter (where not k.excludes) as holds,
        count(*) filter (where k.excludes) as excluding
    from held as h
    inner join kinds as k on k.block = h.block
    group by k.leaf, k.rule, h.publication_id
),
by_rule as (
    select m.leaf, m.rule, count(*) as publications
    from met as m
    inner join sizes as s on s.leaf = m.leaf and s.rule = m.rule
    where m.holds = s.holding and m.excluding = 0
    group by m.leaf, m.rule
),
near as (
    select
        k.block, k.excludes,
        count(*) filter (where m.excluding = 1 and m.holds = s.holding and h.block is not null) as excluded_alone,
        count(*) filter (where m.excluding = 0 and m.holds = s.holding - 1 and h.block is null) as missed_alone
    from kinds as k
    inner join met as m on m.leaf = k.leaf and m.rule = k.rule
    inner join sizes as s on s.leaf = m.leaf and s.rule = m.rule
    left join held as h on h.block = k.block and h.publication_id = m.publication_id
    group by k.block, k.excludes
),
hits as (
    select h.block, count(*) as hits from held as h group by h.block
)
select
    k.block, coalesce(h.hits, 0) as hits, coalesce(r.publications, 0) as held_by_rule,
    coalesce(r.publications, 0)
    + coalesce(case when k.excludes then n.excluded_alone else n.missed_alone end, 0) as without_it
from kinds as k
left join hits as h on h.block = k.block
left join by_rule as r on r.leaf = k.leaf and r.rule = k.rule
left join near as n on n.block = k.block
"""

"""A node of the chain: what its rules ask, its sample, and what lies there with the reason of the placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pingjiang.centre.evidence.chain.shown import chain_of, judged, tables_of
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.chain.blocks import blocks_of
from pingjiang.chain.rule import PARTS
from pingjiang.chain.saying import as_query
from pingjiang.chain.tree import Node
from pingjiang.chain.versions import fingerprint
from pingjiang.engine.session import quote
from pingjiang.judging.placements import Placement, draw, verdicts
from pingjiang.schema.units import Unit


@dataclass(frozen=True)
class ShownBlock:
    """A block of a rule: its name in both languages, its query, whether what it holds is left out."""

    words: tuple[str, str]
    query: str
    excludes: bool


@dataclass(frozen=True)
class ShownRule:
    """A rule as one query and as blocks; `unsaid`: what a query cannot say of it."""

    number: int
    query: str
    unsaid: tuple[str, ...]
    blocks: Sequence[ShownBlock]


def rules_of(at: Opened, leaf: Node) -> list[ShownRule]:
    """The rules of a leaf of the release's chain."""
    return kept(at, ("rules", leaf.id), lambda: _rules(leaf))


def _rules(leaf: Node) -> list[ShownRule]:
    blocks = blocks_of([leaf])
    return [
        ShownRule(
            rule.number, as_query(replace(rule, classifier=None, within=None)).text(), as_query(rule).unsaid,
            [
                ShownBlock(PARTS[block.name], block.text(), block.excludes)
                for block in blocks if block.rule.number == rule.number
            ],
        )
        for rule in leaf.rules
    ]  # fmt: skip


def leaf_of(at: Opened, node: str) -> Node | None:
    """The node of the release's chain, with its rules; None where that version is not at hand."""
    chain = chain_of(at)
    return None if chain is None else next((each for each in chain.tree if each.id == node), None)


def sample_of(at: Opened, leaf: Node) -> list[Placement]:
    """The sample of a leaf on this release, with what people have said of it by now."""
    chain = chain_of(at)
    assert chain is not None  # the leaf came from it

    def make() -> list[Placement]:
        with at.session() as session:
            tables = tables_of(at, session, "publication", "publication_class", "publication_node")
            here = tables["publication_node"].sql(f"select self_.* from self_ where self_.node_id = {quote(leaf.id)}")
            return draw(chain, {leaf.id: fingerprint(leaf)}, {**tables, "publication_node": here}, [])[1]

    said = verdicts(chain.id, judged(at))
    return [
        replace(each, verdict=said.get((leaf.id, each.publication_id))) for each in kept(at, ("sample", leaf.id), make)
    ]


@dataclass(frozen=True)
class Placed:
    """Items of a unit in a node, or where the node is None those in no leaf ('none') or in several ('several').

    It counts and gives slices, which is all that a paginator asks.
    """

    at: Opened
    unit: Unit
    node: str | None
    where: str = ""

    def __len__(self) -> int:
        def make() -> int:
            with self.at.session() as session:
                return int(session.rows(f"select count(*) from ({self._items()}) as i")[0][0])

        return kept(self.at, ("count", self.unit, self.node, self.where), make)

    def __getitem__(self, of: slice) -> list[Mapping[str, Any]]:
        what = ("placed", self.unit, self.node, self.where, of.start, of.stop)
        return kept(self.at, what, lambda: self._listed(of))

    def _listed(self, of: slice) -> list[Mapping[str, Any]]:
        with self.at.session() as session:
            page = session.materialise(
                f"select i.item_id, i.item_key, i.publication_id, i.filing_date from ({self._items()}) as i"
                f" order by i.item_key limit {int(of.stop - of.start)} offset {int(of.start)}"
            )
            rows = page.sql(_TOLD, **self._reasons(page.session)).dicts(order_by="item_key")
        return [row | {"reasons": [each for each in row["reasons"] or () if each is not None]} for row in rows]

    def _items(self) -> str:
        unit = quote(self.unit)
        if self.node is not None:
            return (
                "select i.* from item as i semi join (select n.item_id from item_node as n inner join chain_closure as"
                f" c on c.node_id = n.node_id where c.ancestor_id = {quote(self.node)} and n.unit = {unit}) as h"
                f" on h.item_id = i.item_id where i.unit = {unit}"
            )
        if self.where == "several":
            return (
                "select i.* from item as i semi join (select n.item_id from item_node as n"
                f" where n.unit = {unit} group by n.item_id having count(*) > 1) as h on h.item_id = i.item_id"
                f" where i.unit = {unit}"
            )
        return (
            "select i.* from item as i anti join (select n.item_id from item_node as n"
            f" where n.unit = {unit}) as h on h.item_id = i.item_id where i.unit = {unit}"
        )

    def _reasons(self, session: Any) -> dict[str, Any]:
        names = "publication", "publication_node", "chain_node", "chain_closure"
        tables = tables_of(self.at, session, *names)
        if self.node is not None:
            tables["publication_node"] = session.sql(
                "select p.* from p semi join c on c.node_id = p.node_id", p=tables["publication_node"],
                c=tables["chain_closure"].sql(
                    f"select self_.node_id from self_ where self_.ancestor_id = {quote(self.node)}"
                ),
            )  # fmt: skip
        return tables


_TOLD = """
with reasons as (
    select s.item_key, list([n.node_id, n.name_zh, n.name_en, p.reason] order by n.position) as reasons
    from self_ as s
    inner join publication_node as p on p.publication_id = s.publication_id
    inner join chain_node as n on n.node_id = p.node_id
    group by s.item_key
)
select
    s.item_key, s.publication_id, s.filing_date, coalesce(p.title_zh, p.title, p.title_en) as title, r.reasons
from self_ as s
left join publication as p on p.publication_id = s.publication_id
left join reasons as r on r.item_key = s.item_key
"""

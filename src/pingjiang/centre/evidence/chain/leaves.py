"""A node of the chain: what its rules ask, its sample, and what lies there with the reason of the placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pingjiang.centre.evidence.chain.shown import chain_of, judged, tables_of
from pingjiang.centre.evidence.kept import keep, kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.pages.lists import SIZES
from pingjiang.chain.blocks import blocks_of
from pingjiang.chain.rule import PARTS
from pingjiang.chain.saying import as_query
from pingjiang.chain.tree import Chain, Node
from pingjiang.engine import Table
from pingjiang.engine.session import quote
from pingjiang.judging.placements import Placement, draw, seeds, verdicts
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

    said = verdicts(chain.id, judged(at))
    drawn = kept(at, ("sample", leaf.id), lambda: _drawn(at, chain, [leaf])[leaf.id])
    return [replace(each, verdict=said.get((leaf.id, each.publication_id))) for each in drawn]


def _drawn(at: Opened, chain: Chain, leaves: Sequence[Node]) -> dict[str, list[Placement]]:
    """The samples of some leaves."""
    ids = ", ".join(quote(leaf.id) for leaf in leaves)
    found: dict[str, list[Placement]] = {leaf.id: [] for leaf in leaves}
    with at.session() as session:
        tables = tables_of(at, session, "publication", "publication_class", "publication_node")
        here = tables["publication_node"].sql(f"select self_.* from self_ where self_.node_id in ({ids})")
        for each in draw(chain, seeds(leaves), {**tables, "publication_node": here}, [])[1]:
            found[each.leaf].append(each)
    return found


def warm(at: Opened, unit: Unit) -> None:
    """What the page of each node shows first, asked of all nodes at once: there are few, and one reads as many rows."""
    chain = chain_of(at)
    if chain is not None and (leaves := chain.leaves()):
        for leaf, drawn in _drawn(at, chain, leaves).items():
            keep(at, ("sample", leaf), drawn)
        for each in leaves:
            rules_of(at, each)
    with at.session() as session:
        tables = tables_of(at, session, *_TABLES)
        nodes = [str(node) for (node,) in tables["chain_node"].sql("select self_.node_id from self_").rows()]
        page = session.materialise(_FIRST.format(unit=quote(unit), most=SIZES[0]), **tables)
        rows = _told(page, tables)
        counts = dict(page.sql("select self_.node, any_value(self_.items) as n from self_ group by self_.node").rows())
    first: dict[str, list[Mapping[str, Any]]] = {node: [] for node in nodes}
    for row in rows:
        first[row["node"]].append(row)
    for node in nodes:
        placed = Placed(at, unit, node)
        keep(at, placed.key, int(counts.get(node, 0)))
        keep(at, (*placed.key, 0, min(SIZES[0], int(counts.get(node, 0)))), first[node])


@dataclass(frozen=True)
class Placed:
    """Items of a unit in a node, or where the node is None those in no leaf ('none') or in several ('several').

    It counts and gives slices, which is all that a paginator asks.
    """

    at: Opened
    unit: Unit
    node: str | None
    where: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """By which it is kept how many they are; those from a place to a place by that and the two places."""
        return ("placed", self.unit, self.node or "", self.where)

    def __len__(self) -> int:
        def make() -> int:
            with self.at.session() as session:
                tables = tables_of(self.at, session, *_TABLES)
                return int(session.rows(f"select count(*) from ({self._items()}) as i", **tables)[0][0])

        return kept(self.at, self.key, make)

    def __getitem__(self, of: slice) -> list[Mapping[str, Any]]:
        return kept(self.at, (*self.key, of.start, of.stop), lambda: self._listed(of))

    def _listed(self, of: slice) -> list[Mapping[str, Any]]:
        node = "cast(null as varchar)" if self.node is None else quote(self.node)
        with self.at.session() as session:
            tables = tables_of(self.at, session, *_TABLES)
            page = session.materialise(
                f"select {node} as node, i.item_id, i.item_key, i.publication_id, i.filing_date"
                f" from ({self._items()}) as i"
                f" order by i.item_key limit {int(of.stop - of.start)} offset {int(of.start)}",
                **tables,
            )
            return _told(page, tables)

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


def _told(page: Table, tables: Mapping[str, Table]) -> list[Mapping[str, Any]]:
    """Items of a list as they are drawn, with the reasons why each lies in its node, or in any where there is none."""
    rows = page.sql(_TOLD, **{name: tables[name] for name in _TABLES if name.startswith(("publication", "chain"))})
    return [
        row | {"reasons": [each for each in row["reasons"] or () if each is not None]}
        for row in rows.dicts(order_by="node, item_key")
    ]


_TABLES = ("item", "item_node", "publication", "publication_node", "chain_node", "chain_closure")
_FIRST = """
with here as (
    select distinct c.ancestor_id as node, n.item_id from item_node as n
    inner join chain_closure as c on c.node_id = n.node_id where n.unit = {unit}
), ranked as (
    select
        h.node, i.item_id, i.item_key, i.publication_id, i.filing_date,
        row_number() over (partition by h.node order by i.item_key) as place,
        count(*) over (partition by h.node) as items
    from here as h inner join item as i on i.item_id = h.item_id where i.unit = {unit}
)
select r.* from ranked as r where r.place <= {most}
"""
_TOLD = """
with reasons as (
    select s.node, s.item_key, list([n.node_id, n.name_zh, n.name_en, p.reason] order by n.position) as reasons
    from self_ as s
    inner join publication_node as p on p.publication_id = s.publication_id
    inner join chain_node as n on n.node_id = p.node_id
    left join chain_closure as c on c.ancestor_id = s.node and c.node_id = p.node_id
    where s.node is null or c.node_id is not null
    group by s.node, s.item_key
)
select
    s.node, s.item_key, s.publication_id, s.filing_date, coalesce(p.title_zh, p.title, p.title_en) as title, r.reasons
from self_ as s
left join publication as p on p.publication_id = s.publication_id
left join reasons as r on r.item_key = s.item_key and r.node is not distinct from s.node
"""

"""Coverage: how much of the publications a chain takes, and how its leaves share them."""

from __future__ import annotations

from pingjiang.engine.session import Table
from pingjiang.schema.units import UNITS, Unit

Tables = dict[str, Table]


def coverage(publication: Table, publication_node: Table, chain_node: Table, chain_closure: Table) -> Tables:
    """How a chain covers the publications; unit: publication (件公开).

    - `chain_coverage_level`: one row per level of the tree and one for the leaves (`level` NULL):
      publications, assigned, unassigned, unassigned_share, multiple (publications in two or more nodes of
      the level), multiple_share, nodes, empty_nodes. Shares are of all publications.
    - `chain_coverage_node`: one row per node: level, position, is_leaf, publications (in the node or
      below, each counted once), share (of all publications), alone (in no other node of its level; for
      a leaf: in no other leaf).

    Shares are NULL where there are no publications.
    """
    session = publication.session
    return {
        "chain_coverage_level": session.materialise(
            _LEVELS,
            publication=publication,
            publication_node=publication_node,
            chain_node=chain_node,
            chain_closure=chain_closure,
        ),
        "chain_coverage_node": session.materialise(
            _NODES,
            publication=publication,
            publication_node=publication_node,
            chain_node=chain_node,
            chain_closure=chain_closure,
        ),
    }


def in_place_of_publications(unit: Unit, item: Table, item_node: Table) -> tuple[Table, Table]:
    """The items of a counting unit as `publication` and `publication_node`, for `coverage` of that unit."""
    known = UNITS.index(unit)  # ValueError for what is no unit
    items, placed = (
        table.sql(f"select cast(self_.item_id as varchar) as publication_id{more} from self_"
                  f" where self_.unit = '{UNITS[known]}'")
        for table, more in ((item, ""), (item_node, ", self_.node_id"))
    )  # fmt: skip
    return items, placed


# Every node in which a publication is, by the peer group it is compared in: its level, or the leaves (0).
_MEMBERS = """
with members as (
    select distinct pn.publication_id, n.node_id, n.level as peers
    from publication_node as pn
    inner join chain_closure as cc on cc.node_id = pn.node_id
    inner join chain_node as n on n.node_id = cc.ancestor_id
    union all
    select distinct pn.publication_id, pn.node_id, cast(0 as bigint) as peers
    from publication_node as pn
),
peer_nodes as (
    select n.node_id, n.level as peers
    from chain_node as n
    union all
    select n.node_id, cast(0 as bigint) as peers
    from chain_node as n
    where n.is_leaf
),
per_publication as (
    select m.publication_id, m.peers, count(*) as nodes
    from members as m
    group by m.publication_id, m.peers
),
all_publications as (
    select count(*) as publications
    from publication as p
)
"""

_LEVELS = (
    _MEMBERS
    + """,
assigned as (
    select pp.peers, count(*) as assigned, count(*) filter (where pp.nodes > 1) as multiple
    from per_publication as pp
    group by pp.peers
),
sizes as (
    select
        pn.peers, count(*) as nodes,
        count(*) filter (where pn.node_id not in (select m.node_id from members as m)) as empty_nodes
    from peer_nodes as pn
    group by pn.peers
)
select
    nullif(s.peers, 0) as level,
    a.publications,
    coalesce(g.assigned, 0) as assigned,
    a.publications - coalesce(g.assigned, 0) as unassigned,
    cast(a.publications - coalesce(g.assigned, 0) as double) / nullif(a.publications, 0) as unassigned_share,
    coalesce(g.multiple, 0) as multiple,
    cast(coalesce(g.multiple, 0) as double) / nullif(a.publications, 0) as multiple_share,
    s.nodes, s.empty_nodes
from sizes as s
cross join all_publications as a
left join assigned as g on g.peers = s.peers
"""
)

_NODES = (
    _MEMBERS
    + """,
counted as (
    select
        m.node_id, m.peers, count(*) as publications,
        count(*) filter (where pp.nodes = 1) as alone
    from members as m
    inner join per_publication as pp on pp.publication_id = m.publication_id and pp.peers = m.peers
    group by m.node_id, m.peers
)
select
    n.node_id, n.level, n.position, n.is_leaf,
    coalesce(c.publications, 0) as publications,
    cast(coalesce(c.publications, 0) as double) / nullif(a.publications, 0) as share,
    coalesce(c.alone, 0) as alone
from chain_node as n
cross join all_publications as a
left join counted as c
    on c.node_id = n.node_id and c.peers = case when n.is_leaf then 0 else n.level end
"""
)

"""Connected components of a graph as SQL alone, on every engine.

Each round gives every node a new number and lets each take the smallest among its own and its neighbours'; edges are
redrawn between the numbers taken, and what became one node falls together. The numbers of a round follow from those
before by a product modulo a prime, as good as drawn by lot, so that the edges that are left shrink by a constant share:
for a million nodes seven rounds in groups of eight, some twenty as one path or star (Bögeholz, Brand, Todor:
In-database connected component analysis, ICDE 2020). In any round the node with the smallest number of a component
takes in its neighbours, so it ends.
"""

from __future__ import annotations

import random

from pingjiang.engine import Session, Table

# The greatest prime below 2^31: products of two numbers below it fit into 63 bits.
_PRIME = 2_147_483_647

_TAKEN = """
with facing as (
  select e.a as node, e.b as other from e
  union all
  select e.b, e.a from e
)
select f.node, least(min({other}), min({node})) as taken from facing f group by f.node
"""
_REDRAWN = """
select distinct least(x.taken, y.taken) as a, greatest(x.taken, y.taken) as b
from e
join t x on x.node = e.a
join t y on y.node = e.b
where x.taken <> y.taken
"""
_LABELLED = """
select l.node, coalesce(t.taken, {label}) as label
from l left join t on t.node = l.label
"""


def connected_components(session: Session, edge: Table) -> Table:
    """`edge` (a, b: whole numbers from 1 on, less than 2^31) → (node, label): one row a node that has an edge.

    Nodes with one label are connected. Labels mean nothing beyond that, and differ between runs.
    """
    label = session.materialise("select e.a as node, e.a as label from e union select e.b, e.b from e", e=edge)
    left, lot = edge, random.Random(1)
    while left.count():
        factor, summand = lot.randrange(1, _PRIME), lot.randrange(_PRIME)

        def drawn(number: str, factor: int = factor, summand: int = summand) -> str:
            return f"(({number} * cast({factor} as bigint) + {summand}) % {_PRIME})"

        taken = session.materialise(_TAKEN.format(other=drawn("f.other"), node=drawn("f.node")), e=left)
        redrawn = session.materialise(_REDRAWN, e=left, t=taken)
        relabelled = session.materialise(_LABELLED.format(label=drawn("l.label")), l=label, t=taken)
        for old in (label, taken, *([left] if left is not edge else [])):
            session.drop(old)
        left, label = redrawn, relabelled
    return label

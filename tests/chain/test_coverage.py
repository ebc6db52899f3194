"""Coverage: the report against counting by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.chain.coverage import coverage
from pingjiang.engine import Session

# parent and level of each node; leaves at two levels
TREE: dict[str, tuple[str | None, int]] = {
    "up": (None, 1),
    "up-a": ("up", 2),
    "up-a-1": ("up-a", 3),
    "up-a-2": ("up-a", 3),
    "up-b": ("up", 2),
    "down": (None, 1),
}
LEAVES = ["up-a-1", "up-a-2", "up-b", "down"]


def above(node: str) -> list[str]:
    """A node and its ancestors."""
    parent = TREE[node][0]
    return [node, *(above(parent) if parent else [])]


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        yield opened


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.sampled_from(LEAVES)), max_size=8))
def test_every_count_is_what_counting_gives(session: Session, placed: list[set[str]]) -> None:
    publication = session.from_rows({"publication_id": "VARCHAR"}, [(f"p{n}",) for n in range(len(placed))])
    rows = [(f"p{n}", leaf) for n, leaves in enumerate(placed) for leaf in sorted(leaves)]
    found = coverage(
        publication,
        session.from_rows({"publication_id": "VARCHAR", "node_id": "VARCHAR"}, rows),
        session.from_rows(
            {"node_id": "VARCHAR", "level": "BIGINT", "position": "BIGINT", "is_leaf": "BOOLEAN"},
            [(node, level, n, node in LEAVES) for n, (node, (_, level)) in enumerate(TREE.items(), start=1)],
        ),
        session.from_rows(
            {"ancestor_id": "VARCHAR", "node_id": "VARCHAR"},
            [(ancestor, node) for node in TREE for ancestor in above(node)],
        ),
    )
    total = len(placed)
    reached = [{ancestor for leaf in leaves for ancestor in above(leaf)} for leaves in placed]

    def peers(level: int | None) -> list[str]:
        return LEAVES if level is None else [node for node, (_, each) in TREE.items() if each == level]

    levels = {row["level"]: row for row in found["chain_coverage_level"].dicts()}
    assert set(levels) == {1, 2, 3, None}
    for level, row in levels.items():
        inside = [nodes & set(peers(level)) for nodes in reached]
        unassigned = sum(not nodes for nodes in inside)
        multiple = sum(len(nodes) > 1 for nodes in inside)
        assert row == {
            "level": level,
            "publications": total,
            "assigned": total - unassigned,
            "unassigned": unassigned,
            "unassigned_share": unassigned / total if total else None,
            "multiple": multiple,
            "multiple_share": multiple / total if total else None,
            "nodes": len(peers(level)),
            "empty_nodes": sum(all(node not in nodes for nodes in inside) for node in peers(level)),
        }
    for row in found["chain_coverage_node"].dicts():
        node = row["node_id"]
        group = set(peers(None if node in LEAVES else TREE[node][1]))
        count = sum(node in nodes for nodes in reached)
        assert row["publications"] == count
        assert row["share"] == (count / total if total else None)
        assert row["alone"] == sum(nodes & group == {node} for nodes in reached)
        assert (row["level"], row["is_leaf"]) == (TREE[node][1], node in LEAVES)
    assert found["chain_coverage_node"].count() == len(TREE)

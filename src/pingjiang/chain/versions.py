"""Two versions of a chain: which nodes differ, whether the change keeps history, and which publications moved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pingjiang.chain.tree import Chain, Node
from pingjiang.engine.session import Table
from pingjiang.errors import DefinitionError

# Rows of table `chain_node`, as a release keeps them and `Chain.nodes` gives them.
Nodes = Sequence[Mapping[str, Any]]


def fingerprint(leaf: Node) -> str:
    """16 digits that are the same as long as a leaf means the same: by its id, definition and rules, not its names."""
    told = [leaf.id, leaf.definition_zh, leaf.definition_en, *(rule.text() for rule in leaf.rules)]
    return hashlib.sha256("\n".join(str(each) for each in told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Changes:
    """How the nodes of a newer version differ from those of an older one; a node is known by its id.

    renamed: id → (name before, name now), Chinese / English. moved: id → (parent before, parent now).
    removed: id → the node that took it over, None where none is named. ruled: leaf whose rules differ → the rules that
    are gone and those that came, in words.
    """

    added: tuple[str, ...]
    renamed: Mapping[str, tuple[str, str]]
    moved: Mapping[str, tuple[str | None, str | None]]
    removed: Mapping[str, str | None]
    ruled: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.renamed or self.moved or self.removed or self.ruled)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for a JSON answer."""
        return {
            "added": list(self.added),
            "renamed": [{"id": node, "from": old, "to": new} for node, (old, new) in self.renamed.items()],
            "moved": [{"id": node, "from": old, "to": new} for node, (old, new) in self.moved.items()],
            "removed": [{"id": node, "moved_to": target} for node, target in self.removed.items()],
            "ruled": list(self.ruled),
            "rules": [{"id": node, "gone": list(old), "come": list(new)} for node, (old, new) in self.ruled.items()],
        }


def changes(old: Nodes, new: Chain) -> Changes:
    """What a newer version changed of the nodes of an older one."""
    return between(old, new.nodes(), new.removed)


def between(old: Nodes, new: Nodes, removed: Mapping[str, str] | None = None) -> Changes:
    """The same of the nodes of any two; `removed`: what the newer says of nodes that are gone."""
    before = {str(node["node_id"]): node for node in old}
    after = {str(node["node_id"]): node for node in new}
    both = [node for node in after if node in before]

    def names(nodes: Mapping[str, Mapping[str, Any]], node: str) -> str:
        return f"{nodes[node]['name_zh']} / {nodes[node]['name_en']}"

    def differing(column: str) -> list[str]:
        return [node for node in both if before[node][column] != after[node][column]]

    return Changes(
        added=tuple(node for node in after if node not in before),
        renamed={
            node: (names(before, node), names(after, node))
            for node in both
            if names(before, node) != names(after, node)
        },
        moved={node: (_parent(before[node]), _parent(after[node])) for node in differing("parent_id")},
        removed={node: (removed or {}).get(node) for node in before if node not in after},
        ruled={
            node: _rules_differ(before[node]["rule_text"], after[node]["rule_text"]) for node in differing("rule_text")
        },
    )


def _rules_differ(old: str | None, new: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules that are gone and those that came. The number of a rule is no part of it."""
    told = [[line.partition(" ")[2] for line in (text or "").splitlines()] for text in (old, new)]
    gone, come = (tuple(rule for rule in one if rule not in other) for one, other in (told, told[::-1]))
    return gone, come


def _parent(node: Mapping[str, Any]) -> str | None:
    return None if node["parent_id"] is None else str(node["parent_id"])


def require_history(old: Nodes, new: Chain) -> Changes:
    """The changes, where they keep history: DefinitionError where a removed leaf has no target.

    A renamed node must name what it was under `formerly`. Nodes that only group need no target: nothing lies there.
    """
    found = changes(old, new)
    leaves = {str(node["node_id"]) for node in old if node["is_leaf"]}
    lost = [node for node, target in found.removed.items() if target is None and node in leaves]
    if lost:
        raise DefinitionError(
            f"删去了末级 {', '.join(lost)}，没有说明并入哪里。",
            f"the leaves {', '.join(lost)} are gone, and nothing says into which node they went.",
            file=new.file,
            remedy=(
                f"在 removed 下写“- {{id: {lost[0]}, moved_to: …}}”。",
                f"add '- {{id: {lost[0]}, moved_to: …}}' under 'removed'.",
            ),
        )
    before = {str(node["node_id"]): node for node in old}
    for node in new.tree:
        if node.id not in found.renamed:
            continue
        former = [before[node.id]["name_zh"], before[node.id]["name_en"]]
        kept = {node.name_zh, node.name_en, *node.formerly}
        missing = [name for name in former if name not in kept]
        if missing:
            raise DefinitionError(
                f"节点 '{node.id}' 改了名，没有记下曾用名 {'、'.join(missing)}。",
                f"node '{node.id}' was renamed, and its former name is not kept: {', '.join(missing)}.",
                file=new.file,
                remedy=(f"加上“formerly: [{', '.join(missing)}]”。", f"add 'formerly: [{', '.join(missing)}]'."),
            )
    return found


def moved_publications(old_placed: Table, new_placed: Table, publication: Table, new: Chain) -> dict[str, Table]:
    """Which publications lie elsewhere in the newer version; unit: publication.

    - `moved`: one row per publication whose leaves differ: `gone` and `come`, the leaves that it left and entered.
    - `flow`: publications per (from_node, to_node), None standing for no leaf at all; a publication that left two
      leaves and entered three counts in each of the six.

    A leaf that was removed counts as its target: what went where it was sent has not moved.
    """
    session = publication.session
    targets = session.from_rows({"old_id": "VARCHAR", "new_id": "VARCHAR"}, list(new.removed.items()))
    changed = session.materialise(_CHANGED, old=old_placed, new=new_placed, targets=targets, publication=publication)
    moved = session.materialise(_MOVED, changed=changed)
    flow = session.materialise(_FLOW, changed=changed, publications=moved)
    return {"moved": moved, "flow": flow}


_CHANGED = """
with carried as (
    select distinct o.publication_id, coalesce(t.new_id, o.node_id) as node_id
    from old as o
    left join targets as t on t.old_id = o.node_id
)
select p.publication_id, coalesce(c.node_id, n.node_id) as node_id, n.node_id is not null as is_new
from carried as c
full outer join (select distinct w.publication_id, w.node_id from new as w) as n
    on n.publication_id = c.publication_id and n.node_id = c.node_id
inner join publication as p on p.publication_id = coalesce(c.publication_id, n.publication_id)
where c.node_id is null or n.node_id is null
"""
_MOVED = """
select
    c.publication_id,
    nullif(array_to_string(list_sort(list(c.node_id) filter (where not c.is_new)), ' '), '') as gone,
    nullif(array_to_string(list_sort(list(c.node_id) filter (where c.is_new)), ' '), '') as come
from changed as c
group by c.publication_id
"""
_FLOW = """
select g.node_id as from_node, e.node_id as to_node, count(*) as publications
from publications as m
left join changed as g on g.publication_id = m.publication_id and not g.is_new
left join changed as e on e.publication_id = m.publication_id and e.is_new
group by g.node_id, e.node_id
"""

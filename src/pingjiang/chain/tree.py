"""A chain of an industry: segments, groups and leaves with definitions and rules, read from YAML.

How to write one is told in docs/chain.md. `load` refuses what breaks a rule, naming file, line and remedy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

from pingjiang.chain.document import Spot, read
from pingjiang.chain.rule import Rule
from pingjiang.chain.rule_reading import LANGUAGES, read_rules
from pingjiang.errors import DefinitionError

# The chain itself is level 0 and counts: chain → segment → group → leaf are the four.
MAX_LEVEL = 3

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
RELEASE_AT = 0.80  # share of a judged sample that must be right before a leaf may be released, unless a chain says so
_CHAIN_KEYS = ("chain", "version", "release_at", "name", "definition", "removed", "nodes")
_NODE_KEYS = ("id", "name", "formerly", "owner", "definition", "nodes", "rules")
_REMOVED_KEYS = ("id", "moved_to")


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree. A leaf has rules and no children; every other node has children and no rules.

    `formerly`: names that it had, Chinese or English; its id stays. `owner`: who answers for it.
    """

    id: str
    parent_id: str | None
    level: int
    position: int
    name_zh: str
    name_en: str
    definition_zh: str | None
    definition_en: str | None
    rules: tuple[Rule, ...]
    formerly: tuple[str, ...] = ()
    owner: str | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether publications are placed here."""
        return bool(self.rules)


@dataclass(frozen=True, slots=True)
class Chain:
    """A valid chain. `tree` holds its nodes from top to bottom; `sha256` is that of the file's bytes.

    `removed`: id of a node that an earlier version had → the node that took its publications over.
    `release_at`: the least precision, on a judged sample, with which a leaf may be released.
    """

    id: str
    version: str
    name_zh: str
    name_en: str
    definition_zh: str | None
    definition_en: str | None
    tree: tuple[Node, ...]
    sha256: str
    file: str
    removed: Mapping[str, str] = field(default_factory=dict)
    release_at: float = RELEASE_AT

    def classifiers(self) -> tuple[str, ...]:
        """The classifiers that its rules ask, 'list/tag', each once."""
        asked = (rule.classifier for node in self.tree for rule in node.rules)
        return tuple(dict.fromkeys(name for name in asked if name is not None))

    def leaves(self) -> tuple[Node, ...]:
        """The leaves, in the order of the tree."""
        return tuple(node for node in self.tree if node.is_leaf)

    def nodes(self) -> list[dict[str, str | int | bool | None]]:
        """The rows of table `chain_node`."""
        return [
            {
                "node_id": node.id,
                "parent_id": node.parent_id,
                "level": node.level,
                "position": node.position,
                "is_leaf": node.is_leaf,
                "name_zh": node.name_zh,
                "name_en": node.name_en,
                "definition_zh": node.definition_zh,
                "definition_en": node.definition_en,
                "rule_text": "\n".join(rule.text() for rule in node.rules) or None,
            }
            for node in self.tree
        ]

    def closure(self) -> list[dict[str, str]]:
        """The rows of table `chain_closure`: each node with each of its ancestors and itself."""
        parents = {node.id: node.parent_id for node in self.tree}
        rows = []
        for node in self.tree:
            ancestor: str | None = node.id
            while ancestor is not None:
                rows.append({"ancestor_id": ancestor, "node_id": node.id})
                ancestor = parents[ancestor]
        return rows


def shipped() -> dict[str, Path]:
    """The chains that come with Pingjiang: name → file."""
    folder = Path(str(resources.files("pingjiang.chain"))) / "chains"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load(path_or_name: str | Path) -> Chain:
    """A chain by the name of a shipped one ('semiconductors') or by the path of a YAML file.

    Raises DefinitionError with file, line and remedy where the definition breaks a rule.
    """
    known = shipped()
    if str(path_or_name) in known:
        path = known[str(path_or_name)]
    else:
        path = Path(path_or_name)
        if not path.is_file():
            raise DefinitionError(
                "没有这个文件，也没有这个名字的自带产业链。",
                "There is neither a file nor a shipped chain of this name.",
                file=str(path_or_name),
                remedy=(
                    f"给出 YAML 文件的路径，或下列之一：{', '.join(known)}。",
                    f"give the path of a YAML file, or one of: {', '.join(known)}.",
                ),
            )
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        digest = ""  # what is the matter is said by who reads it
    made = _read(path, digest)
    return made if made.sha256 == digest else _read.__wrapped__(path, digest)  # written to meanwhile


@lru_cache(maxsize=16)  # YAML of this size takes a third of a second
def _read(path: Path, digest: str) -> Chain:
    document, data = read(path)
    return _chain(document, hashlib.sha256(data).hexdigest())


@dataclass(slots=True)
class _Reading:
    """What is known while the tree is read: nodes so far, and the line of each id."""

    nodes: list[Node] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def _chain(document: Spot, sha256: str) -> Chain:
    top = Spot(document.file, document.node, "产业链", "the chain")
    entries = top.mapping(_CHAIN_KEYS, required=("chain", "version", "name", "nodes"))
    name_zh, name_en = _bilingual(entries["name"])
    definition_zh, definition_en = _optional_bilingual(entries.get("definition"))
    reading = _Reading()
    _children(entries["nodes"], None, 1, reading)
    return Chain(
        id=_slug(entries["chain"]),
        version=entries["version"].text(),
        name_zh=name_zh,
        name_en=name_en,
        definition_zh=definition_zh,
        definition_en=definition_en,
        tree=tuple(reading.nodes),
        sha256=sha256,
        file=document.file,
        removed=_removed(entries["removed"], reading) if "removed" in entries else {},
        release_at=_share(entries["release_at"]) if "release_at" in entries else RELEASE_AT,
    )


def _removed(spot: Spot, reading: _Reading) -> dict[str, str]:
    """Removed nodes and their targets. A target is a node of this version, a removed one is none."""
    found: dict[str, str] = {}
    for item in spot.items():
        entries = item.mapping(_REMOVED_KEYS, required=_REMOVED_KEYS)
        node_id, target = _slug(entries["id"]), _slug(entries["moved_to"])
        if node_id in reading.lines or node_id in found:
            entries["id"].fail(
                f"'{node_id}' 还在树上，或已列过。",
                f"'{node_id}' still stands in the tree, or is listed before.",
                ("removed 只列已删去的节点，各一次。", "list under 'removed' each node that is gone, once."),
            )
        if target not in reading.lines:
            entries["moved_to"].fail(
                f"树上没有 '{target}'。",
                f"there is no '{target}' in the tree.",
                ("moved_to 写本版本的节点 id。", "name a node of this version as 'moved_to'."),
            )
        found[node_id] = target
    return found


def _children(spot: Spot, parent_id: str | None, level: int, reading: _Reading) -> None:
    if level > MAX_LEVEL:
        spot.fail(
            "树超过 4 级（产业链 → 环节 → 组 → 末级）。",
            "the tree has more than 4 levels (chain → segment → group → leaf).",
            (
                f"把这些节点上移，或并入 '{parent_id}' 的规则。",
                f"move these nodes up, or merge them into rules of '{parent_id}'.",
            ),
        )
    entries = spot.items()
    if not entries:
        spot.fail(
            f"{spot.zh}是空列表。",
            f"{spot.en} is an empty list.",
            ("加上节点；若是末级则写 rules。", "add nodes, or rules if this is a leaf."),
        )
    for entry in entries:
        _node(entry, parent_id, level, reading)


def _node(spot: Spot, parent_id: str | None, level: int, reading: _Reading) -> None:
    entries = spot.mapping(_NODE_KEYS, required=("id",))
    node_id = _slug(entries["id"])
    if node_id in reading.lines:
        first = reading.lines[node_id]
        entries["id"].fail(
            f"id '{node_id}' 在第 {first} 行已经用过。",
            f"the id '{node_id}' stands on line {first} already.",
            ("每个节点用自己的 id。", "give each node its own id."),
        )
    reading.lines[node_id] = entries["id"].line
    here = Spot(spot.file, spot.node, f"节点 '{node_id}' ", f"node '{node_id}'")
    entries = here.mapping(_NODE_KEYS, required=("id", "name"))
    if ("nodes" in entries) == ("rules" in entries):
        zh, en = ("既有", "both nodes and") if "nodes" in entries else ("既没有", "neither nodes nor")
        here.fail(
            f"节点 '{node_id}' {zh} nodes 又{zh[1:]} rules。",
            f"node '{node_id}' has {en} rules.",
            (
                "末级写 rules，其余节点写 nodes，不能都写。",
                "a leaf has 'rules', every other node has 'nodes', none has both.",
            ),
        )
    is_leaf = "rules" in entries
    if is_leaf and "definition" not in entries:
        here.fail(
            f"末级 '{node_id}' 没有定义。",
            f"leaf '{node_id}' has no definition.",
            (
                "加上“definition: {zh: …, en: …}”：什么归入这里。",
                "add 'definition: {zh: …, en: …}': what belongs here.",
            ),
        )
    name_zh, name_en = _bilingual(entries["name"])
    definition_zh, definition_en = _optional_bilingual(entries.get("definition"))
    rules = tuple(read_rules(entries["rules"], node_id)) if is_leaf else ()
    reading.nodes.append(
        Node(
            node_id,
            parent_id,
            level,
            len(reading.nodes) + 1,
            name_zh,
            name_en,
            definition_zh,
            definition_en,
            rules,
            tuple(each.text() for each in entries["formerly"].texts()) if "formerly" in entries else (),
            entries["owner"].text() if "owner" in entries else None,
        )
    )
    if not is_leaf:
        _children(entries["nodes"], node_id, level + 1, reading)


def _bilingual(spot: Spot) -> tuple[str, str]:
    entries = spot.mapping(LANGUAGES)
    for language, zh, en in (("zh", "中文", "Chinese"), ("en", "英文", "English")):
        if language not in entries or entries[language].is_empty():
            spot.fail(
                f"{spot.zh}没有{zh}（'{language}'）。",
                f"{spot.en} has no {en} text ('{language}').",
                (f"加上“{language}: …”。", f"add '{language}: …'."),
            )
    return entries["zh"].text(), entries["en"].text()


def _optional_bilingual(spot: Spot | None) -> tuple[str | None, str | None]:
    return (None, None) if spot is None else _bilingual(spot)


def _slug(spot: Spot) -> str:
    text = spot.text()
    if not _SLUG.fullmatch(text) or len(text) > 60:
        suggestion = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-0123456789") or "my-node"
        spot.fail(
            f"'{text}' 不能作 id。",
            f"'{text}' is no id.",
            (
                f"用小写字母、数字和 '-' 或 '_'，以字母开头，如 '{suggestion}'。",
                f"use lower-case letters, digits and '-' or '_', beginning with a letter, such as '{suggestion}'.",
            ),
        )
    return text


def _share(spot: Spot) -> float:
    text = spot.text()
    if not re.fullmatch(r"0?\.\d{1,4}|1(\.0{1,4})?", text) or not 0 < float(text) <= 1:
        spot.fail(
            f"{spot.zh}是 '{text}'。",
            f"{spot.en} is '{text}'.",
            ("写 0 到 1 之间的小数，如 0.8。", "write a share between 0 and 1, such as 0.8."),
        )
    return float(text)

"""A chain of an industry: segments, groups and leaves with definitions and rules, read from YAML.

How to write one is told in docs/chain.md. `load` refuses what breaks a rule, naming file, line and remedy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from pingjiang.chain.document import Spot, read
from pingjiang.chain.queries import read_query
from pingjiang.chain.words import Words, fold_word
from pingjiang.errors import DefinitionError, Unfit
from pingjiang.query import echo
from pingjiang.query.symbols import SymbolPattern, parse_pattern
from pingjiang.query.tree import Node as Query

# The chain itself is level 0 and counts: chain → segment → group → leaf are the four.
MAX_LEVEL = 3
SCHEMES = ("IPC", "CPC")
ZONES = ("title", "abstract", "both")

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LANGUAGES = ("zh", "en")
_CHAIN_KEYS = ("chain", "version", "name", "definition", "removed", "nodes")
_NODE_KEYS = ("id", "name", "formerly", "owner", "definition", "nodes", "rules")
_REMOVED_KEYS = ("id", "moved_to")
_RULE_KEYS = ("query", "symbols", "except", "within", "also", "without", "scheme", "words")
_WORD_KEYS = ("any", "all", "none", "in")
_NONE = Words((), ())


@dataclass(frozen=True, slots=True)
class Rule:
    """One way into a leaf; all its conditions must hold. A leaf takes what any of its rules takes.

    `symbols` less `excepted`: one such symbol stands on the publication (no symbols: not asked); with
    `within`, among the first so many of its scheme as the source lists them, tags and indexing codes not
    counted. `also`: one of these stands on it too. `without`: none of these does. Then words in `zone`:
    one of `any`, all of one language of `all`, none of `none`. Or a `query` in their place.
    """

    number: int
    symbols: tuple[SymbolPattern, ...]
    excepted: tuple[SymbolPattern, ...]
    within: int | None
    also: tuple[SymbolPattern, ...]
    without: tuple[SymbolPattern, ...]
    schemes: tuple[str, ...]
    any: Words
    all: Words
    none: Words
    zone: str
    query: Query | None = None

    def has_words(self) -> bool:
        """Whether texts must be read to decide."""
        return bool(self.any.both() or self.all.both() or self.none.both())

    def text(self) -> str:
        """The rule in words, both languages, on one line."""
        if self.query is not None:
            return f"#{self.number} query 检索式: {echo(self.query)}"
        parts = []
        if self.symbols:
            scheme = "" if self.schemes == SCHEMES else f"{self.schemes[0]} "
            parts.append(scheme + _patterns(self.symbols))
        if self.within is not None:
            parts.append(f"within first 前 {self.within}")
        for label, patterns in (
            ("except 不含", self.excepted),
            ("also 且有", self.also),
            ("without 且无", self.without),
        ):
            if patterns:
                parts.append(f"{label} {_patterns(patterns)}")
        zone = {"title": "title 标题", "abstract": "abstract 摘要", "both": "title/abstract 标题/摘要"}[self.zone]
        for label, words in (("any 任一", self.any), ("all 全部", self.all), ("none 均无", self.none)):
            if words.both():
                by_language = (", ".join(each) for each in (words.zh, words.en) if each)
                parts.append(f"{zone} {label}: {' / '.join(by_language)}")
        return f"#{self.number} " + "; ".join(parts)


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
    rules = tuple(_rules(entries["rules"], node_id)) if is_leaf else ()
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


def _rules(spot: Spot, node_id: str) -> Iterator[Rule]:
    entries = spot.items()
    if not entries:
        spot.fail(
            f"末级 '{node_id}' 没有规则。",
            f"leaf '{node_id}' has no rule.",
            ("至少写一条规则：symbols、words 或 query。", "add at least one entry with 'symbols', 'words' or 'query'."),
        )
    for number, entry in enumerate(entries, start=1):
        here = Spot(entry.file, entry.node, f"末级 '{node_id}' 的规则 {number} ", f"rule {number} of leaf '{node_id}'")
        yield _rule(here, number)


def _rule(spot: Spot, number: int) -> Rule:
    entries = spot.mapping(_RULE_KEYS)
    if "query" in entries:
        return _query_rule(entries, number)
    lists = {key: _pattern_list(entries.get(key)) for key in ("symbols", "except", "also", "without")}
    words = entries["words"].mapping(_WORD_KEYS) if "words" in entries else {}
    conditions = {key: _words(words[key]) if key in words else _NONE for key in ("any", "all", "none")}
    if not lists["symbols"] and not conditions["any"].both() and not conditions["all"].both():
        spot.fail(
            f"{spot.zh}只说了排除什么，或什么都没说。",
            f"{spot.en} says only what it leaves out, or nothing.",
            ("写出 symbols，或在 any、all 下写词。", "name 'symbols', or words under 'any' or 'all'."),
        )
    for key, remedy in (
        (
            "except",
            (
                "except 是从 symbols 里减去；要排除某些专利请用 without。",
                "'except' takes away from 'symbols'; to leave out publications use 'without'.",
            ),
        ),
        (
            "within",
            (
                "within 问 symbols 中的号排在第几；请写出 symbols。",
                "'within' asks where a symbol of 'symbols' stands; name some.",
            ),
        ),
    ):
        if key in entries and not lists["symbols"]:
            entries[key].fail(
                f"{spot.zh}有 '{key}' 而没有 symbols。", f"{spot.en} has '{key}' but no 'symbols'.", remedy
            )
    return Rule(
        number=number,
        symbols=lists["symbols"],
        excepted=lists["except"],
        within=_count(entries["within"]) if "within" in entries else None,
        also=lists["also"],
        without=lists["without"],
        schemes=(_choice(entries["scheme"], SCHEMES),) if "scheme" in entries else SCHEMES,
        any=conditions["any"],
        all=conditions["all"],
        none=conditions["none"],
        zone=_choice(words["in"], ZONES) if "in" in words else "both",
    )


def _query_rule(entries: dict[str, Spot], number: int) -> Rule:
    spot = entries["query"]
    if len(entries) > 1:
        spot.fail(
            f"{spot.zh}旁边还有 {_others(entries)}。",
            f"{spot.en} stands beside {_others(entries)}.",
            ("检索式单独成一条规则。", "a query is a rule by itself."),
        )
    none: tuple[SymbolPattern, ...] = ()
    return Rule(number, none, none, None, none, none, SCHEMES, _NONE, _NONE, _NONE, "both", read_query(spot))


def _others(entries: dict[str, Spot]) -> str:
    return ", ".join(key for key in entries if key != "query")


def _pattern_list(spot: Spot | None) -> tuple[SymbolPattern, ...]:
    if spot is None:
        return ()
    found = []
    for entry in spot.texts():
        try:
            found.append(parse_pattern(entry.text()))
        except Unfit as error:
            entry.fail(
                f"{entry.zh}：{error.zh}。",
                f"{entry.en}: {error.en}.",
                ("见 docs/chain.md 的“分类号”。", "see 'class symbols' in docs/chain.md."),
            )
    if not found:
        spot.fail(
            f"{spot.zh}是空列表。",
            f"{spot.en} is an empty list.",
            ("写出分类号，或去掉这个键。", "name class symbols, or take the key out."),
        )
    return tuple(found)


def _words(spot: Spot) -> Words:
    """Words by language. Each language must be spoken of: [] says that there is none on purpose."""
    entries = spot.mapping(_LANGUAGES)
    lists: dict[str, tuple[str, ...]] = {}
    for language in _LANGUAGES:
        if language not in entries or entries[language].is_empty():
            spot.fail(
                f"{spot.zh}没有 '{language}' 的词。",
                f"{spot.en} has no '{language}' words.",
                (
                    f"标题有两种语言：加上“{language}: […]”；确实没有则写“{language}: []”。",
                    f"titles come in both languages: add '{language}: […]', or '{language}: []' if that is meant.",
                ),
            )
        lists[language] = tuple(_word(entry) for entry in entries[language].texts())
    if not lists["zh"] and not lists["en"]:
        spot.fail(
            f"{spot.zh}在两种语言里都是空的。",
            f"{spot.en} is empty in both languages.",
            ("写出词，或去掉这个键。", "name words, or take the key out."),
        )
    return Words(lists["zh"], lists["en"])


def _word(spot: Spot) -> str:
    try:
        return fold_word(spot.text())
    except Unfit as error:
        spot.fail(
            f"{spot.zh}：{error.zh}。",
            f"{spot.en}: {error.en}.",
            ("见 docs/chain.md 的“词”。", "see 'words' in docs/chain.md."),
        )


def _bilingual(spot: Spot) -> tuple[str, str]:
    entries = spot.mapping(_LANGUAGES)
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


def _count(spot: Spot) -> int:
    text = spot.text()
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        spot.fail(
            f"{spot.zh}是 '{text}'。",
            f"{spot.en} is '{text}'.",
            ("写从 1 起的整数，如 3。", "write a whole number from 1, such as 3."),
        )
    return int(text)


def _choice(spot: Spot, choices: tuple[str, ...]) -> str:
    text = spot.text()
    if text not in choices:
        spot.fail(
            f"{spot.zh}是 '{text}'。",
            f"{spot.en} is '{text}'.",
            (f"写下列之一：{', '.join(choices)}。", f"write one of: {', '.join(choices)}."),
        )
    return text


def _patterns(patterns: tuple[SymbolPattern, ...]) -> str:
    return " | ".join(pattern.text for pattern in patterns)

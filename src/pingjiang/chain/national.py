"""National tables of industries and class symbols (战略性新兴产业, “新三样”), read from a path as chains.

The tables are not ours to ship: they are read where they lie, as JSON: a list of {code, name, rules}, each
rule {ipc, not_ipc} with either `keyword_limited` (words that the table as transcribed does not tell) or
`keywords`, `not_keywords` and `keywords_open_ended` (the printed list ends in 等). `X*` takes all that begins
with X; a symbol of a subgroup without `*` is that symbol alone. They tell Chinese names; those in English are ours.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from pingjiang import definitions
from pingjiang.chain.place import place
from pingjiang.chain.rule import Rule
from pingjiang.chain.tree import Chain, Node
from pingjiang.chain.words import Words, fold_word
from pingjiang.engine.session import Table
from pingjiang.errors import DefinitionError, Unfit
from pingjiang.query.symbols import SymbolPattern, parse_pattern

MODES = ("symbol", "strict")
_CODE = re.compile(r"\d{1,2}(\.\d{1,2}){0,3}")
_NONE = Words((), ())


@dataclass(frozen=True, slots=True)
class NationalTable:
    """A table as two chains of the same nodes.

    by_symbol  every rule, by its symbols alone: what keywords would have left out comes in
    strict     rules as they are printed, words with them; rules whose words are untold are left out
    limited    how many rules are bound to words that the table does not tell
    """

    by_symbol: Chain
    strict: Chain
    limited: int

    @property
    def rules(self) -> int:
        """How many rules the table has."""
        return sum(len(node.rules) for node in self.by_symbol.tree)


def load_table(path: Path) -> NationalTable:
    """The table of a JSON file. DefinitionError names file, code and remedy where it is not as it should be."""
    try:
        data = path.read_bytes()
        entries = json.loads(data.decode("utf-8-sig"))
    except OSError as error:
        _fail(path, f"无法打开（{error.strerror}）", f"it cannot be opened ({error.strerror})")
    except (ValueError, RecursionError) as error:
        _fail(path, f"不是 JSON（{error}）", f"it is no JSON ({error})")
    if not isinstance(entries, list) or not entries:
        _fail(path, "应为条目的列表", "a list of entries is expected")
    rules: dict[str, list[tuple[Rule, Rule | None]]] = {}
    names: dict[str, str] = {}
    for entry in entries:
        code, name, told = _entry(path, entry)
        if code in names:
            _fail(path, f"代码 {code} 出现两次", f"code {code} stands twice")
        names[code] = name
        rules[code] = [_rule(path, code, number, each) for number, each in enumerate(told, start=1)]
    chain = Chain(
        id=re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-"),
        version=(re.findall(r"(?:19|20)\d\d", path.stem) or ["?"])[-1],
        name_zh=path.stem,
        name_en=path.stem,
        definition_zh=None,
        definition_en=None,
        tree=_tree(names, {code: tuple(rule for rule, _ in each) for code, each in rules.items()}),
        sha256=hashlib.sha256(data).hexdigest(),
        file=str(path),
    )
    kept = {code: tuple(strict for _, strict in each if strict is not None) for code, each in rules.items()}
    return NationalTable(
        by_symbol=chain,
        strict=replace(chain, tree=tuple(replace(node, rules=kept.get(node.id, ())) for node in chain.tree)),
        limited=sum(strict is None for each in rules.values() for _, strict in each),
    )


def place_by_table(table: NationalTable, mode: str, publication: Table, publication_class: Table) -> dict[str, Table]:
    """`place` by a table: `publication_node` has `assigned` besides; those not assigned are candidates.

    Mode `symbol` assigns by symbol alone. Mode `strict` assigns what the words allow too, and lists the rest of
    what the symbols bring as candidates: a rule whose words nobody told decides nothing.
    """
    if mode not in MODES:
        raise DefinitionError(
            f"没有模式 {mode!r}。", f"There is no mode {mode!r}.",
            remedy=(f"写 {'、'.join(MODES)} 之一。", f"name one of {', '.join(MODES)}."),
        )  # fmt: skip
    session = publication.session
    found = place(table.by_symbol, publication, publication_class)
    kept = found if mode == "symbol" else place(table.strict, publication, publication_class)
    placed = session.materialise(
        "select f.publication_id, f.node_id, coalesce(k.reason, f.reason) as reason, "
        "k.publication_id is not null as assigned from found as f "
        "left join kept as k on k.publication_id = f.publication_id and k.node_id = f.node_id",
        found=found["publication_node"],
        kept=kept["publication_node"],
    )
    return {**found, "publication_node": placed}


def _tree(names: dict[str, str], rules: dict[str, tuple[Rule, ...]]) -> tuple[Node, ...]:
    """The nodes: a head for each first number, and below it the other codes, all leaves.

    Codes between (1.2 above 1.2.1) have no entry in the tables, and none is made up; a head has none in some.
    """
    ordered = sorted(names, key=_number)
    heads = sorted({code.partition(".")[0] for code in ordered}, key=int)
    nodes: list[Node] = []
    for head in heads:
        name = names.get(head)
        told = (name, _english(name)) if name else (f"第{head}大类", f"Class {head}")
        parent = Node(head, None, 1, len(nodes) + 1, *told, None, None, ())
        below = [code for code in ordered if code.startswith(f"{head}.")]
        nodes.append(parent if below else replace(parent, rules=rules[head]))
        first = len(nodes) + 1
        nodes.extend(
            Node(code, head, 2, at, names[code], _english(names[code]), None, None, rules[code])
            for at, code in enumerate(below, start=first)
        )
    return tuple(nodes)


def _english(name: str) -> str:
    """Our translation of a name; the Chinese one where we have none."""
    return _translations().get(name, name)


@cache
def _translations() -> dict[str, str]:
    found: dict[str, str] = definitions.shipped("pingjiang.chain", "national_names.yaml")
    return found


def _number(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in code.split("."))


def _entry(path: Path, entry: Any) -> tuple[str, str, list[Any]]:
    if not isinstance(entry, dict) or not {"code", "name", "rules"} <= entry.keys():
        _fail(
            path,
            f"条目 {str(entry)[:60]!r} 应有 code、name、rules",
            f"entry {str(entry)[:60]!r} lacks code, name or rules",
        )
    code, name, rules = entry["code"], entry["name"], entry["rules"]
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        _fail(path, f"代码 {code!r} 应如 1.2", f"code {code!r} should be like 1.2")
    if not isinstance(name, str) or not name.strip() or not isinstance(rules, list):
        _fail(path, f"{code} 的 name 应为文字，rules 应为列表", f"{code} wants a text as name and a list of rules")
    if not rules and "." in code:
        _fail(path, f"{code} 没有规则", f"{code} has no rule")
    return code, name.strip(), rules


def _rule(path: Path, code: str, number: int, told: Any) -> tuple[Rule, Rule | None]:
    """A rule by its symbols alone, and as printed; None where its words are untold."""
    if not isinstance(told, dict) or not told.get("ipc"):
        _fail(path, f"{code} 的规则 {number} 没有 ipc", f"rule {number} of {code} has no ipc")
    lists: dict[str, tuple[str, ...]] = {}
    for key in ("ipc", "not_ipc", "keywords", "not_keywords"):
        values = told.get(key) or []
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            _fail(
                path,
                f"{code} 的规则 {number} 的 {key} 应为文字列表",
                f"{key} of rule {number} of {code} is no list of texts",
            )
        lists[key] = tuple(values)
    try:
        rule = Rule(
            number=number,
            symbols=tuple(_pattern(each) for each in lists["ipc"]),
            excepted=tuple(_pattern(each) for each in lists["not_ipc"]),
            within=None,
            also=(),
            without=(),
            schemes=("IPC",),
            any=_NONE,
            all=_NONE,
            none=_NONE,
            zone="both",
        )
        worded = replace(rule, any=_words(lists["keywords"]), none=_words(lists["not_keywords"]))
    except Unfit as error:
        _fail(path, f"{code} 的规则 {number}：{error.zh}", f"rule {number} of {code}: {error.en}")
    return rule, None if told.get("keyword_limited") else worded


def _words(words: tuple[str, ...]) -> Words:
    return Words(tuple(fold_word(word) for word in words), ())


def _pattern(text: str) -> SymbolPattern:
    return parse_pattern(text if text.endswith("*") or "/" not in text else f"={text}")


def _fail(path: Path, zh: str, en: str) -> NoReturn:
    raise DefinitionError(
        f"这不是国家分类对照表：{zh}。",
        f"This is no national table: {en}.",
        file=str(path),
        remedy=("写法见 docs/chain.md 的“国家分类表”。", "see 'National tables' in docs/chain.md."),
    )

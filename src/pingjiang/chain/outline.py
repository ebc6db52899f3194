"""A chain as an outline in a spreadsheet, and back: a row a node, in the order of the tree.

What comes back is written as YAML and read like any chain: every rule of `tree` holds for it as well. A row is
known by its id; level says how deep it stands. Rules stand in one cell, a rule a line, as YAML in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pingjiang.chain.rule import SCHEMES, Rule
from pingjiang.chain.tree import RELEASE_AT, Chain, Node, load
from pingjiang.chain.words import Words
from pingjiang.config import Settings
from pingjiang.documents.target import fresh_file
from pingjiang.documents.workbook import CELL_LENGTH, Sheet, write_workbook
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.files import KnownNames, RawTable, open_file
from pingjiang.query import echo
from pingjiang.text import header_key

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "level": ("层级 level", "count"),
    "id": ("编号 id", "text"),
    "name_zh": ("名称 name", "text"),
    "name_en": ("英文名称 name in English", "text"),
    "definition_zh": ("定义 definition", "prose"),
    "definition_en": ("英文定义 definition in English", "prose"),
    "owner": ("负责人 owner", "text"),
    "formerly": ("曾用名 formerly", "prose"),
    "moved_to": ("并入 moved to", "text"),
    "rules": ("规则 rules", "prose"),
    "release_at": ("发布下限 release at", "text"),
}
_KEYS = {header_key(label): name for name, (label, _) in _COLUMNS.items()}
_REQUIRED = ("level", "id", "name_zh", "name_en", "rules")
_HOW = (
    "层级 0 是产业链本身（其“规则”一格写版本，“发布下限”写末级发布所需的查准率，缺省 0.8），1 起为各级节点；顺序即树。"
    "改名保留编号，旧名写入“曾用名”（每行一个）。"
    "删去末级：层级写 -1，“并入”写接收的节点编号。规则每行一条，写法见 docs/chain.md。",
    "Level 0 is the chain itself (its cell of rules holds the version, 'release at' the precision that a leaf needs to "
    "be released, 0.8 unless told), nodes begin at 1, the order is the tree. "
    "Rename freely, keep the id, and put the old name under formerly (one a line). To delete a leaf set its level to "
    "-1 and name under 'moved to' the node that takes it over. One rule a line, as docs/chain.md tells.",
)


def write_outline(chain: Chain, path: Path, *, overwrite: bool = False) -> None:
    """Write the outline, whole or not at all. DefinitionError where the rules of a node do not fit into a cell."""
    rows: list[list[object]] = [
        [0, chain.id, chain.name_zh, chain.name_en, chain.definition_zh, chain.definition_en, None, None, None,
         chain.version, None if chain.release_at == RELEASE_AT else str(chain.release_at)]
    ]  # fmt: skip
    rows.extend(_row(node, chain.file) for node in chain.tree)
    rows.extend([-1, old, old, old, None, None, None, None, new, None, None] for old, new in chain.removed.items())
    sheet = Sheet(
        "产业链", "Industry chain", f"{chain.name_zh} · {chain.name_en} {chain.version}", _HOW,
        list(_COLUMNS.values()), rows, held=3,
    )  # fmt: skip
    with fresh_file(path, overwrite=overwrite) as unfinished:
        write_workbook(unfinished, [sheet], first_line=None)


def read_outline(path: Path, out: Path, settings: Settings, *, overwrite: bool = False) -> Chain:
    """Write the outline of a spreadsheet as YAML to `out`, and give the chain; nothing where it breaks a rule.

    InputRefused names the row, DefinitionError the node.
    """
    data = _document(path.name, _rows(path, settings))
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
    with fresh_file(out, overwrite=overwrite) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
        try:
            load(unfinished)
        except DefinitionError as error:  # its line is one of a file that nobody will see
            raise DefinitionError(f"{error.message} 办法 Remedy: {error.remedy}", file=path.name) from error
    return load(out)


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as it is written in YAML."""
    return _conditions(rule) | ({} if rule.classifier is None else {"classifier": rule.classifier})


def _conditions(rule: Rule) -> dict[str, Any]:
    if rule.blocks:
        return {"blocks": {name: echo(query) for name, query in rule.blocks}}
    if rule.query is not None:
        return {"query": echo(rule.query)}
    data: dict[str, Any] = {}
    for key, patterns in (("symbols", rule.symbols), ("except", rule.excepted)):
        if patterns:
            data[key] = [pattern.text for pattern in patterns]
    if rule.within is not None:
        data["within"] = rule.within
    for key, patterns in (("also", rule.also), ("without", rule.without)):
        if patterns:
            data[key] = [pattern.text for pattern in patterns]
    if rule.schemes != SCHEMES:
        data["scheme"] = rule.schemes[0]
    words = {
        key: _both(each) for key, each in (("any", rule.any), ("all", rule.all), ("none", rule.none)) if each.both()
    }
    if words:
        data["words"] = words | ({} if rule.zone == "both" else {"in": rule.zone})
    return data


def _both(words: Words) -> dict[str, list[str]]:
    return {"zh": list(words.zh), "en": list(words.en)}


def _row(node: Node, file: str) -> list[object]:
    rules = "\n".join(
        yaml.safe_dump(
            rule_data(rule), allow_unicode=True, sort_keys=False, default_flow_style=True, width=10**9
        ).strip()
        for rule in node.rules
    )
    if len(rules) > CELL_LENGTH:
        raise DefinitionError(
            f"节点 '{node.id}' 的规则有 {len(rules)} 字，一格放不下。",
            f"the rules of '{node.id}' have {len(rules)} letters, more than a cell holds.",
            file=file,
            remedy=("请把它分成几个末级。", "Split it into several leaves."),
        )
    return [
        node.level, node.id, node.name_zh, node.name_en, node.definition_zh, node.definition_en, node.owner,
        "\n".join(node.formerly) or None, None, rules or None, None,
    ]  # fmt: skip


def _rows(path: Path, settings: Settings) -> Iterator[tuple[int, dict[str, str]]]:
    """(row of the spreadsheet, cells by name) of every row that holds something."""
    known = KnownNames(headers=lambda cells: sum(header_key(cell) in _KEYS for cell in cells))
    for raw in open_file(path, known=known, settings=settings):
        if not isinstance(raw, RawTable):
            continue
        places = {_KEYS[key]: at for at, cell in enumerate(raw.header) if (key := header_key(cell)) in _KEYS}
        if not all(name in places for name in _REQUIRED):
            continue
        for batch in raw.batches():
            columns = {name: batch.data.column(f"c{at}").to_pylist() for name, at in places.items()}
            for index, number in enumerate(batch.row_numbers.to_pylist()):
                cells = {name: text for name, values in columns.items() if (text := (values[index] or "").strip())}
                if cells:
                    yield number, cells
        return
    labels = "、".join(_COLUMNS[name][0] for name in _REQUIRED)
    raise InputRefused(
        f"没有一张表有这些列：{labels}。", f"No sheet has the columns {labels}.", file=path.name,
        remedy=("以 chain outline export 得到的表为样板。", "Take what 'chain outline export' writes as a model."),
    )  # fmt: skip


def _document(file: str, rows: Iterator[tuple[int, dict[str, str]]]) -> dict[str, Any]:
    top: dict[str, Any] = {}
    removed: list[dict[str, str]] = []
    # The lists of children that stand open, by level: a node goes into the one of its level.
    open_lists: list[list[dict[str, Any]]] = []
    for number, cells in rows:
        level = _level(file, number, cells)
        if level == -1:
            removed.append({"id": cells.get("id", ""), "moved_to": cells.get("moved_to", "")})
        elif level == 0:
            if top:
                _refuse(file, number, "层级 0 只能有一行", "there is one row of level 0")
            open_lists = [[]]
            top = {"chain": cells.get("id", ""), "version": cells.get("rules", ""), **_said(cells)}
            if "release_at" in cells:
                top["release_at"] = cells["release_at"]
        elif level > len(open_lists):
            _refuse(file, number, f"层级 {level} 没有上一级", f"level {level} has no level {level - 1} above it")
        else:
            del open_lists[level:]
            children: list[dict[str, Any]] = []
            node = {"id": cells.get("id", ""), **_said(cells)}
            if "rules" in cells:
                node["rules"] = _rules(file, number, cells["rules"])
            else:
                node["nodes"] = children
            open_lists[level - 1].append(node)
            open_lists.append(children)
    if not top:
        raise InputRefused(
            "没有层级为 0 的行。", "There is no row of level 0.", file=file,
            remedy=("第一行写产业链本身。", "Let the first row be the chain itself."),
        )  # fmt: skip
    return top | ({"removed": removed} if removed else {}) | {"nodes": open_lists[0]}


def _said(cells: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"name": {"zh": cells.get("name_zh", ""), "en": cells.get("name_en", "")}}
    if "formerly" in cells:
        data["formerly"] = [name.strip() for name in cells["formerly"].splitlines() if name.strip()]
    if "owner" in cells:
        data["owner"] = cells["owner"]
    if "definition_zh" in cells or "definition_en" in cells:
        data["definition"] = {"zh": cells.get("definition_zh", ""), "en": cells.get("definition_en", "")}
    return data


def _level(file: str, number: int, cells: Mapping[str, str]) -> int:
    text = cells.get("level", "").removesuffix(".0")
    if text not in {"-1", "0", "1", "2", "3"}:
        _refuse(file, number, f"层级是 {text!r}", f"the level is {text!r}")
    return int(text)


def _rules(file: str, number: int, text: str) -> list[Any]:
    rules = []
    for line in text.splitlines():
        try:
            rule = yaml.load(line, Loader=yaml.BaseLoader)  # builds texts, lists and mappings alone
        except (yaml.YAMLError, RecursionError) as error:
            why = getattr(error, "problem", None) or "?"
            _refuse(file, number, f"规则不能读：{line[:60]}（{why}）", f"this rule cannot be read: {line[:60]} ({why})")
        if isinstance(rule, dict) and str(rule.get("within", "")).isdecimal():
            rule["within"] = int(rule["within"])
        rules.append(rule)
    return rules


def _refuse(file: str, number: int, zh: str, en: str) -> None:
    raise InputRefused(
        f"{zh}。", f"{en}.", file=file, row=number,
        remedy=("层级为 -1 到 3，逐级递增；规则每行一条。", "Levels run from -1 to 3, step by step; one rule a line."),
    )  # fmt: skip

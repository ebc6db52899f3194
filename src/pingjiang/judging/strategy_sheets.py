"""The strategy workbook: how leaves stand, their blocks and hits, the sample, known patents, changes of versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pingjiang.chain.rule import PARTS
from pingjiang.chain.saying import as_query
from pingjiang.documents.target import fresh_file
from pingjiang.documents.workbook import CELL_LENGTH, Sheet, write_workbook
from pingjiang.judging.placements import Standing
from pingjiang.judging.sample_sheet import sample_sheet
from pingjiang.judging.strategy import Strategy

STATES = {
    "empty": "无公开 empty",
    "not judged": "未判读 not judged",
    "in part": "未判读完 judged in part",
    "below": "低于下限 below the bar",
    "ready": "达到下限 meets the bar",
}
RELEASED = {"yes": "已发布 released", "changed": "发布后改动 changed since", None: "未发布 not released"}
_OUTCOMES = {"found": "找到 found", "missed": "漏掉 missed", "not there": "数据中没有 not in the data"}


def write_strategy(strategy: Strategy, path: Path, *, drawn: Sequence[str], overwrite: bool = False) -> None:
    """Write the workbook, whole or not at all. `drawn` tells how the sample was drawn."""
    sheets = [
        _leaves(strategy),
        _blocks(strategy),
        sample_sheet(strategy.chain, strategy.sample, drawn),
        *_recall(strategy),
        _history(strategy),
    ]
    with fresh_file(path, overwrite=overwrite) as unfinished:
        write_workbook(unfinished, sheets, first_line=None)


def _title(strategy: Strategy, zh: str, en: str) -> str:
    chain = strategy.chain
    return f"{zh} {en} · {chain.name_zh} {chain.name_en} {chain.version} · {strategy.release}"


def _leaves(strategy: Strategy) -> Sheet:
    return Sheet(
        "末级", "leaves", _title(strategy, "检索策略", "search strategy"),
        (
            f"单位：件公开，共 {strategy.publications:,}。查准率 = 判“是”÷判读数（“不确定”不算是），"
            f"附 95 % Wilson 区间；发布下限 {strategy.chain.release_at:.0%}，以样本判读完为准；未判读的不知道。",
            f"Unit: publication, {strategy.publications:,} in all. Precision = yes / judged (unsure is no yes), with "
            f"Wilson's interval of 95 %. The bar of release is {strategy.chain.release_at:.0%}, and the whole sample "
            "must be judged; what was not judged is not known.",
        ),
        [
            ("末级编号 leaf", "text"), ("末级 name", "text"), ("英文 English", "text"), ("件数 publications", "count"),
            ("样本 sample", "count"), ("已判 judged", "count"), ("是 yes", "count"), ("否 no", "count"),
            ("不确定 unsure", "count"), ("查准率 precision", "share"), ("下端 low", "share"), ("上端 high", "share"),
            ("状态 state", "text"), ("发布 release", "text"), ("种子 seed", "text"),
        ],
        [_standing(each) for each in strategy.standings],
        held=2,
    )  # fmt: skip


def _standing(each: Standing) -> list[object]:
    low, high = each.interval or (None, None)
    return [
        each.leaf, each.name_zh, each.name_en, each.publications, each.sample, each.judged, each.yes, each.no,
        each.unsure, each.precision, low, high, STATES[each.state], RELEASED[each.released], each.seed,
    ]  # fmt: skip


def _blocks(strategy: Strategy) -> Sheet:
    rows: list[list[object]] = []
    last = None
    for block in strategy.blocks:
        hits = strategy.hits[block.number]
        zh, en = PARTS[block.name]
        whole = None if (block.leaf, block.rule.number) == last else as_query(block.rule).text()[:CELL_LENGTH]
        last = (block.leaf, block.rule.number)
        rows.append(
            [block.leaf, block.rule.number, f"{zh} {en}", block.text()[:CELL_LENGTH], hits.hits, hits.rule,
             hits.without, whole]
        )  # fmt: skip
    return Sheet(
        "检索块", "blocks", _title(strategy, "检索块", "blocks"),
        (
            "一条规则收下各块都命中、且不被排除的；末级收下任何一条规则所收的。“去掉此块”：没有这一块时规则会收多少。"
            "检索式可直接用于 pingjiang search；[+ …] 是检索式说不出的条件，见 docs/chain.md。",
            "A rule takes what all of its blocks hold and none excludes; a leaf takes what any of its rules does. "
            "'Without it': what the rule would take were this block not there. The query may be asked of "
            "`pingjiang search`; [+ …] is a condition that no query can say, see docs/chain.md.",
        ),
        [
            ("末级编号 leaf", "text"), ("规则 rule", "count"), ("块 block", "text"), ("检索式 query", "prose"),
            ("命中 hits", "count"), ("规则命中 hits of the rule", "count"), ("去掉此块 without it", "count"),
            ("整条规则 the whole rule", "prose"),
        ],
        rows,
        held=3,
    )  # fmt: skip


def _recall(strategy: Strategy) -> Iterator[Sheet]:
    told = strategy.recall
    if told is None:
        return
    low, high = told.interval or (None, None)
    share = "—" if told.recall is None or low is None or high is None else f"{told.recall:.1%} ({low:.1%}-{high:.1%})"
    yield Sheet(
        "已知专利", "known patents", _title(strategy, "已知专利", "known patents"),
        (
            f"查全 recall {share}：找到 found {told.found}，漏掉 missed {told.missed}；"
            f"数据中没有的 {told.not_there} 件不计。",
            f"{told.not_there} that are not in the data are not counted. Of a missed one: the rule that comes nearest, "
            "and the blocks of it that keep it out.",
        ),
        [
            ("行 row", "count"), ("公开号 publication", "text"), ("应在末级 expected leaf", "text"),
            ("结果 outcome", "text"), ("所在末级 leaves", "prose"), ("哪一块没有放行 blocks that fail", "prose"),
        ],
        [
            [fate.row, fate.number, fate.leaf, _OUTCOMES[fate.outcome], "\n".join(fate.leaves) or None,
             "\n".join(fate.fails)[:CELL_LENGTH] or None]
            for fate in told.fates
        ],
        held=2,
    )  # fmt: skip


def _history(strategy: Strategy) -> Sheet:
    return Sheet(
        "改动", "history", _title(strategy, "改动", "history"),
        (
            "数据湖保留的各版之间，及到本版；最近的在上。- 去掉的规则，+ 新的规则。",
            "Between the versions of the releases that the lake keeps, and up to this one; the newest above. "
            "- a rule that is gone, + one that came.",
        ),
        [
            ("原版 before", "text"), ("新版 after", "text"), ("节点 node", "text"), ("改动 change", "text"),
            ("原 was", "prose"), ("今 is", "prose"),
        ],
        [
            [each.before, each.after, *row]
            for each in strategy.history
            for row in _changes(each.changes.as_dict())
        ],
    )  # fmt: skip


def _changes(told: dict[str, list[dict[str, object]]]) -> Iterator[list[object]]:
    for node in told["added"]:
        yield [node, "新增 added", None, None]
    for each in told["renamed"]:
        yield [each["id"], "改名 renamed", each["from"], each["to"]]
    for each in told["moved"]:
        yield [each["id"], "移动 moved", each["from"], each["to"]]
    for each in told["removed"]:
        yield [each["id"], "删去 removed", None, each["moved_to"]]
    for each in told["rules"]:
        gone, come = each["gone"], each["come"]
        assert isinstance(gone, list)
        assert isinstance(come, list)
        yield [
            each["id"], "规则 rules", "\n".join(f"- {rule}" for rule in gone)[:CELL_LENGTH] or None,
            "\n".join(f"+ {rule}" for rule in come)[:CELL_LENGTH] or None,
        ]  # fmt: skip

"""Commands on the search strategy of a chain: workbook, samples, verdicts, known patents, release of leaves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pingjiang.cli.chain import ChainArgument, OverwriteOption, chain_app
from pingjiang.cli.frame import JsonOption, LakeOption, console, open_lake, print_json

if TYPE_CHECKING:
    from pingjiang.judging.placements import Standing
    from pingjiang.judging.recall import Recall
    from pingjiang.judging.strategy import StrategyDesk

LeafOption = Annotated[
    list[str] | None,
    typer.Option("--leaf", help="Of this leaf, or those below this node; may be repeated 末级", show_default=False),
]
SeedOption = Annotated[
    str | None,
    typer.Option("--seed", help="Another sample; else by each leaf's fingerprint 另抽一次的种子", show_default=False),
]
SizeOption = Annotated[int, typer.Option("--size", help="Rows a leaf 每个末级抽几件", min=1, max=1000)]
WhoOption = Annotated[
    str | None,
    typer.Option("--who", help="Who judges; else PINGJIANG_WHO, else the account 判断人", show_default=False),
]
KnownArgument = Annotated[
    Path, typer.Argument(help="Known patents: a number a line (.txt), or a table 已知专利", show_default=False)
]


def _desk(lake: Path) -> StrategyDesk:
    from pingjiang.judging.strategy import StrategyDesk

    return StrategyDesk(open_lake(lake))


@chain_app.command("strategy")
def strategy(
    chain: ChainArgument,
    lake: LakeOption,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the workbook (.xlsx) 写出工作簿", show_default=False)
    ] = None,
    known: Annotated[
        Path | None, typer.Option("--known", help="Known patents, for recall 已知专利", show_default=False)
    ] = None,
    leaf: LeafOption = None,
    seed: SeedOption = None,
    size: SizeOption = 30,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Blocks with their hits, samples and precision, recall, history: the strategy workbook. 检索策略工作簿。"""
    from pingjiang.judging.strategy import drawn
    from pingjiang.judging.strategy_sheets import write_strategy

    told = _desk(lake).strategy(chain, leaves=leaf or (), seed=seed, size=size, known=known)
    if out is not None:
        write_strategy(told, out, drawn=drawn(seed, size), overwrite=overwrite)
    if as_json:
        print_json(told.as_dict())
        return
    _say(
        f"[bold]{escape(told.chain.id)}[/bold] {escape(told.chain.version)}  {told.release}  "
        f"单位 unit: 件公开 publication {told.publications:,}"
    )
    _say_standings(told.standings, told.chain.release_at)
    if told.recall is not None:
        _say_recall(told.recall)
    if out is not None:
        _say(f"{escape(str(out))}  {len(told.blocks)} 个检索块 blocks  {len(told.sample)} 行样本 rows of samples")


@chain_app.command("sample")
def sample(
    chain: ChainArgument,
    out: Annotated[Path, typer.Argument(help="The .xlsx to write 写出的表格", show_default=False)],
    lake: LakeOption,
    leaf: LeafOption = None,
    seed: SeedOption = None,
    size: SizeOption = 30,
    again: Annotated[bool, typer.Option("--all", help="With what was judged already 连同已判读的")] = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Draw what leaves take, to be judged in Excel. The same seed draws the same. 抽样供判读。"""
    from pingjiang.judging.strategy import drawn

    standings, rows = _desk(lake).export(
        chain, out, leaves=leaf or (), seed=seed, size=size, again=again, overwrite=overwrite
    )
    for each in standings:
        _say(f"  {each.leaf}  {each.sample} / {each.publications:,}  种子 seed {escape(each.seed)}")
    _say(f"{escape(str(out))}  {rows} 行 rows。{drawn(seed, size)[0]}")


@chain_app.command("judge")
def judge(
    file: Annotated[Path, typer.Argument(help="A sample with verdicts 判读过的样本", show_default=False)],
    lake: LakeOption,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the verdicts of a sample, as judgements that are only added. 收回判读。"""
    receipt = _desk(lake).take(file, who=who)
    if as_json:
        print_json(receipt.as_dict())
    else:
        _say(
            f"{escape(receipt.file)}  读入 read {receipt.read:,} = 采用 accepted {receipt.accepted:,} + "
            f"无变更 unchanged {receipt.unchanged:,}（其中空着 unanswered {receipt.unanswered:,}） + "
            f"退出 rejected {receipt.rejected:,}；取代先前 replaced {receipt.replaced:,}"
        )
        for each in receipt.rejects:
            _say(f"  第 {each.row} 行 row  {escape(each.column)}：{escape(each.reason)}  {escape(each.value or '')}")
    if receipt.rejected:
        raise typer.Exit(1)


@chain_app.command("recall")
def recall(
    chain: ChainArgument,
    known: KnownArgument,
    lake: LakeOption,
    leaf: Annotated[
        str | None, typer.Option("--leaf", help="Where all of them belong 应在的末级", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What a chain takes of known patents, and which block fails for the rest. 以已知专利检验查全。"""
    told = _desk(lake).recall(chain, known, leaf=leaf)
    if as_json:
        print_json(told.as_dict())
        return
    _say_recall(told)
    for fate in told.fates:
        if fate.outcome == "found":
            continue
        zh = "漏掉 missed" if fate.outcome == "missed" else "数据中没有 not in the data"
        _say(f"  第 {fate.row} 行 row  {escape(fate.number)}  {zh}  {escape(', '.join(fate.leaves))}")
        for each in fate.fails:
            _say(f"      {escape(each)}")


@chain_app.command("release")
def release(
    chain: ChainArgument,
    lake: LakeOption,
    leaf: LeafOption = None,
    who: WhoOption = None,
    why: Annotated[str | None, typer.Option("--why", help="A remark 说明", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """Release leaves whose judged sample meets the bar: all that are named, or none. 发布末级。"""
    now, before = _desk(lake).release(chain, leaves=leaf or (), who=who, why=why)
    if as_json:
        print_json({name: [each.as_dict() for each in told] for name, told in (("released", now), ("before", before))})
        return
    for each in now:
        _say(f"  已发布 released  {each.leaf}  {_precision(each)}")
    for each in before:
        _say(f"  先前已发布 released before  {each.leaf}")


def _say(text: str) -> None:
    console.print(text, highlight=False)


def _say_standings(standings: Sequence[Standing], bar: float) -> None:
    from pingjiang.judging.strategy_sheets import RELEASED, STATES

    for each in standings:
        _say(
            f"  {each.publications:>9,}  {escape(each.leaf)} {escape(each.name_zh)}  {STATES[each.state]}  "
            f"{_precision(each)}  {RELEASED[each.released]}"
        )
    released = sum(each.released == "yes" for each in standings)
    _say(f"  发布下限 bar of release {bar:.0%}；已发布 released {released} / {len(standings)}")


def _precision(each: Standing) -> str:
    if each.precision is None or each.interval is None:
        return "查准率未知 precision unknown"
    low, high = each.interval
    return f"{each.yes}/{each.judged} = {each.precision:.1%} ({low:.0%}–{high:.0%})"


def _say_recall(told: Recall) -> None:
    share = "未知 unknown"
    if told.recall is not None and told.interval is not None:
        share = f"{told.recall:.1%} ({told.interval[0]:.0%}–{told.interval[1]:.0%})"
    _say(
        f"  查全 recall {share}：找到 found {told.found}，漏掉 missed {told.missed}；"
        f"数据中没有、不计 not in the data, not counted {told.not_there}"
    )

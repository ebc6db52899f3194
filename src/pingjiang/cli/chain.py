"""Commands on industry chains: check, coverage, differences between versions, and the outline in Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from pingjiang.cli.frame import JsonOption, LakeOption, app, console, folder, open_lake, print_json
from pingjiang.config import Settings

chain_app = typer.Typer(help="Industry chains: check, coverage, versions, outline. 产业链。", no_args_is_help=True)
outline_app = typer.Typer(help="The chain as an outline in Excel, and back. 产业链大纲。", no_args_is_help=True)
app.add_typer(chain_app, name="chain")
chain_app.add_typer(outline_app, name="outline")

ChainArgument = Annotated[str, typer.Argument(help="Chain name or YAML file 产业链名或 YAML 文件", show_default=False)]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace an earlier file 替换已有的文件")]
_LISTED = 20


@chain_app.command("check")
def check(
    chain: ChainArgument,
    lake: Annotated[
        Path | None,
        typer.Option(
            "--lake", help="Beside the chain of this lake 与此数据湖所用的比较", show_default=False, parser=folder,
            metavar="PATH",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Check a chain, and that its changes keep the history of a lake. 检查产业链及其改动是否保留历史。"""
    from pingjiang.pipeline.chains import check_chain

    answer = check_chain(None if lake is None else open_lake(lake), chain)
    if as_json:
        print_json(answer)
        return
    _say(f"[bold]{answer['chain']}[/bold] {escape(answer['version'])}  可用 valid")
    _say(f"  节点 nodes {answer['nodes']}  末级 leaves {answer['leaves']}  规则 rules {answer['rules']}")
    if answer["compared"]:
        _say(f"  相比 compared with {answer['compared']['release']} ({escape(answer['compared']['version'])})")
        _say_changes(answer, answer["moved"])


@chain_app.command("coverage")
def coverage(
    lake: LakeOption,
    chain: Annotated[
        str | None,
        typer.Option(
            "--chain", help="Another chain, or a national table (.json) 另一产业链或国家分类表", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """How much of the publications a chain takes. 覆盖率：未归类、多归类与各节点件数。"""
    from pingjiang.pipeline.chains import chain_coverage

    answer = chain_coverage(open_lake(lake), chain)
    if as_json:
        print_json(answer)
        return
    _say(
        f"[bold]{escape(answer['chain']['name'])}[/bold] {escape(answer['chain']['version'])}  "
        f"{answer['release']}  单位 unit: 件公开 publication"
    )
    for mode, told in answer.get("modes", {"": answer}).items():
        if mode:
            _say(f"模式 mode [bold]{mode}[/bold]  候选 candidates {told['candidates']:,}")
        _show_coverage(told)
    if "modes" in answer:
        _say(
            f"  {answer['rules']} 条规则中 {answer['limited']} 条另有关键词限定而表中未载："
            "symbol 只按分类号归类，strict 只列为候选 · "
            f"{answer['limited']} of {answer['rules']} rules are bound to keywords that the table does not tell: "
            "symbol assigns by symbol alone, strict lists candidates"
        )
        _say("  英文名称为本软件所译，非官方 · English names are our translation, not official")


@chain_app.command("diff")
def diff(
    chain: ChainArgument,
    lake: LakeOption,
    old: Annotated[
        str | None,
        typer.Option("--old", help="Older version; else the lake's 旧版，缺省为数据湖所用", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What a newer version changes: nodes, and publications that move. 两版之间的节点变化与移动的公开。"""
    from pingjiang.pipeline.chains import chain_diff

    answer = chain_diff(open_lake(lake), chain, old=old)
    if as_json:
        print_json(answer)
        return
    _say(f"[bold]{answer['chain']}[/bold]  {escape(answer['from'])} → {escape(answer['to'])}  {answer['release']}")
    _say_changes(answer, answer["nodes_moved"])
    _say(f"  移动的公开 publications moved  {answer['moved']:,} / {answer['publications']:,}")
    for flow in answer["flows"][:_LISTED]:
        _say(f"  {flow['publications']:>9,}  {flow['from_node'] or '—'} → {flow['to_node'] or '—'}")
    if len(answer["flows"]) > _LISTED:
        _say(f"  …… 另 {len(answer['flows']) - _LISTED} 种，见 --json · more of them with --json")


@outline_app.command("export")
def outline_export(
    chain: ChainArgument,
    out: Annotated[Path, typer.Argument(help="The .xlsx to write 写出的表格", show_default=False)],
    overwrite: OverwriteOption = False,
) -> None:
    """Write a chain as an outline in Excel. 导出产业链大纲。"""
    from pingjiang.chain.outline import write_outline
    from pingjiang.chain.tree import load

    loaded = load(chain)
    write_outline(loaded, out, overwrite=overwrite)
    _say(f"{escape(str(out))}  {len(loaded.tree)} 个节点 nodes")


@outline_app.command("import")
def outline_import(
    file: Annotated[Path, typer.Argument(help="The outline 大纲表格", show_default=False)],
    out: Annotated[Path, typer.Argument(help="The .yaml to write 写出的产业链文件", show_default=False)],
    overwrite: OverwriteOption = False,
) -> None:
    """Read an outline and write the chain as YAML, if it breaks no rule. 由大纲生成产业链文件。"""
    from pingjiang.chain.outline import read_outline

    loaded = read_outline(file, out, Settings.from_environment(), overwrite=overwrite)
    _say(f"{escape(str(out))}  {len(loaded.tree)} 个节点 nodes  {len(loaded.leaves())} 个末级 leaves")


def _say(text: str) -> None:
    console.print(text, highlight=False)


def _say_changes(told: dict[str, Any], moved: list[dict[str, Any]]) -> None:
    for node in told["added"]:
        _say(f"  + {node}")
    for each in told["renamed"]:
        _say(f"  改名 renamed  {each['id']}: {escape(each['from'])} → {escape(each['to'])}")
    for each in moved:
        _say(f"  移动 moved  {each['id']}: {each['from'] or '—'} → {each['to'] or '—'}")
    for each in told["removed"]:
        _say(f"  - {each['id']} → {each['moved_to'] or '?'}")
    for each in told["rules"]:
        _say(f"  规则 rules  {each['id']}")
        for sign, rules in (("-", each["gone"]), ("+", each["come"])):
            for rule in rules:
                _say(f"    {sign} {escape(rule)}")


def _show_coverage(told: dict[str, Any]) -> None:
    for row in told["levels"]:
        level = "末级 leaves" if row["level"] is None else f"第 {row['level']} 级 level"
        _say(
            f"  {level:<14} 节点 nodes {row['nodes']:>3}  空 empty {row['empty_nodes']:>3}  "
            f"未归类 unassigned {_share(row['unassigned_share'])}  多归类 multiple {_share(row['multiple_share'])}"
        )
    for row in told["nodes"]:
        _say(f"  {row['publications']:>9,}  {_share(row['share'])}  {'  ' * row['level']}{escape(_names(row))}")


def _names(row: dict[str, Any]) -> str:
    """Both names; where there is none in English, the code and the name."""
    if row["name_en"] == row["name_zh"]:
        return f"{row['node_id']} {row['name_zh']}"
    return f"{row['name_zh']} {row['name_en']}"


def _share(share: float | None) -> str:
    return "    —" if share is None else f"{100 * share:5.1f} %"

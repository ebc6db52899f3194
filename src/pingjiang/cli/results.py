"""Commands that make something of a lake: build, indicators, atlas."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table as RichTable

from pingjiang import pipeline
from pingjiang.cli.frame import (
    EngineOption,
    JsonOption,
    LakeOption,
    ReleaseOption,
    app,
    cell_text,
    console,
    open_lake,
    print_json,
    progress_bar,
    require_writable,
    say_stale,
    say_torn,
)


@app.command()
def build(
    lake: LakeOption,
    chain_file: Annotated[
        str, typer.Option("--chain", help="Chain name or YAML file 产业链名或 YAML 文件")
    ] = "semiconductors",
    engine: EngineOption = None,
    as_json: JsonOption = False,
) -> None:
    """Conclude documents, families, organisations, places and chain nodes. 归并、去重、归类，发布新版本。"""
    with progress_bar() as progress:
        from pingjiang.chain.tree import load as load_chain  # loaded where it is needed, as the builder's rooms are

        result = pipeline.build(open_lake(lake), load_chain(chain_file), engine=engine, progress=progress)
    if as_json:
        print_json(asdict(result))
        return
    console.print(f"数据版本 release  [bold]{result.release}[/bold]")
    if result.unchanged:
        console.print(
            "  来源、判断、产业链与程序均未变，沿用该版本 · "
            "same sources, judgements, chain and program: this release stands"
        )
    shown = ["publication", "application", "simple_family", "extended_family", "organisation", "conflict"]
    shown += ["register_firm", "register_conflict"] if result.rows["register_firm"] else []
    for name in shown:
        console.print(f"  {name:<17}{result.rows[name]:>10,}", highlight=False)
    _show_judgements(result.judgements)


def _show_judgements(told: dict[str, Any]) -> None:
    """What people decided, and what of it contradicts."""
    if told["torn"]:
        say_torn(told["torn"])
    if told["rows"]:
        console.print(f"  人工判断 judgements in force  {told['in_force']:,} / {told['rows']:,}", highlight=False)
    for text in told["conflicts"]:
        console.print(f"  判断冲突 conflict  {escape(text)}", highlight=False)


@app.command()
def indicators(
    lake: LakeOption,
    name: Annotated[list[str] | None, typer.Option("--name", help="Only these indicators 只算这些指标")] = None,
    engine: EngineOption = None,
    release: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compute indicators of the current release, or of a kept one. 计算当前或某一版本的指标。"""
    answer = pipeline.indicators(open_lake(lake), names=name, engine=engine, release=release)
    if answer["stale"]:
        say_stale(answer["release"], answer["updated"])
    if as_json:
        print_json(answer)
        return
    for entry in answer["indicators"]:
        period = "–".join(str(year) for year in entry["period"]) if entry["period"] else "—"
        title = (
            f"{entry['name_zh']} {entry['name_en']} · {entry['unit']} · {period} · 截止 {entry['cutoff']} · "
            f"{entry.get('release', answer['release'])}"
        )
        shown = RichTable(title=escape(title), title_justify="left")
        rows = entry["rows"]
        for column in rows[0] if rows else ():
            shown.add_column(escape(column))
        for row in rows[:20]:
            shown.add_row(*(escape(cell_text(cell)) for cell in row.values()))
        console.print(shown)
        if len(rows) > 20:
            console.print(f"  … 共 {len(rows):,} 行，--json 给全部 · {len(rows):,} rows in all, --json gives them all")


def _about(path: Path) -> dict[str, Any]:
    """Titles and notes for an atlas, from YAML."""
    from pingjiang.chain.document import read as read_yaml

    entries = read_yaml(path)[0].mapping(("title_zh", "title_en", "bias_zh", "bias_en", "synthetic"))
    told: dict[str, Any] = {key: spot.text() for key, spot in entries.items() if not spot.is_empty()}
    if "synthetic" in told:
        spot, said = entries["synthetic"], str(told["synthetic"]).lower()
        if said not in ("true", "false"):
            spot.fail(
                f"{spot.zh}是 '{said}'。", f"{spot.en} is '{said}'.", ("写 true 或 false。", "write true or false.")
            )
        told["synthetic"] = said == "true"
    return told


@app.command()
def atlas(
    lake: LakeOption,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results 结果目录", show_default=False)],
    about: Annotated[
        Path | None, typer.Option("--about", help="YAML: title_zh, title_en, bias_zh, bias_en, synthetic")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write atlas.html (one file, offline) and atlas.xlsx. 生成单文件图谱与 Excel。"""
    told, opened = _about(about) if about else {}, open_lake(lake)
    require_writable(out)
    with progress_bar() as progress:
        made = pipeline.write_atlas(opened, out, about=told, progress=progress)
    stale = opened.require_current().id != made.release
    if stale:
        say_stale(made.release)
    if as_json:
        print_json({**asdict(made), "stale": stale})
        return
    console.print(f"{made.html}\n{made.xlsx}", highlight=False)
    if made.unchanged:
        console.print("  内容与上次相同，未重新生成 · the same as before: not written again")

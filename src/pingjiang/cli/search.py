"""Searching: what a query finds, counted, listed with the words marked, written to a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from pingjiang.cli.frame import JsonOption, LakeOption, app, console, errors, open_lake, print_json, progress_bar
from pingjiang.cli.query import named_sets

if TYPE_CHECKING:
    from pingjiang.search import Answer

_FACETS = {
    "node": "节点", "organisation": "机构", "country": "国家", "province": "省份", "year": "申请年",
    "state": "法律状态", "life": "有效性", "subclass": "IPC 小类", "authority": "公开局", "type": "专利类型",
}  # fmt: skip
_VALUES_SHOWN = 8


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="The query 检索式", show_default=False)],
    lake: LakeOption,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="A saved set: '#1=QUERY', '##name=QUERY' 已存集合", show_default=False),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List all, not the first 20 列出全部")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write all of them: .xlsx, .csv or .jsonl 导出全部", show_default=False)
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier file 覆盖")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find publications by a query: all of them, counted exactly, with what was found marked. 检索。"""
    from pingjiang.search import find
    from pingjiang.search.answer import LISTED
    from pingjiang.search.exported import export, kind_of

    if out is not None:
        kind_of(out)  # refused before an index may have to be made
    with progress_bar() as progress:
        found = find(open_lake(lake), query, sets=named_sets(sets or []), progress=progress)
    if found.stale:
        _say_waiting(found)
    written = export(found, out, overwrite=overwrite) if out is not None else None
    most = None if everything else LISTED
    if as_json:
        told = found.as_dict(most)
        print_json(told if written is None else {**told, "written": written})
        return
    _show(found, most)
    if written is not None:
        console.print(f"{written['file']}  {written['rows']:,}", highlight=False)
        if written["cut"]:
            console.print(f"  {written['cut']:,} 个单元格过长被截断 · cells were cut for length", highlight=False)


@app.command()
def index(lake: LakeOption, as_json: JsonOption = False) -> None:
    """Make the search index of the newest release, where it is not there yet. 建立最新版本的检索索引。"""
    from pingjiang.search import ensure

    with progress_bar() as progress:
        made, release = ensure(open_lake(lake), progress=progress)
    if as_json:
        print_json({"release": release.id, "index_release": made.release, "publications": made.publications})
        return
    console.print(f"检索索引 search index  {made.release}  {made.publications:,}", highlight=False)


def _say_waiting(found: Answer) -> None:
    zh = f"检索的是 {found.index.release}；更新的版本 {found.release} 尚未建立检索索引"
    en = f"this searches {found.index.release}: the newer release {found.release} waits for its index"
    behind = found.built == found.index.release
    remedy = "`pingjiang build`, `pingjiang index`" if behind else "`pingjiang index`"
    errors.print(f"{zh}，请运行 {remedy} · {en}, run {remedy}", highlight=False)


def _show(found: Answer, most: int | None) -> None:
    console.print(escape(found.echo_zh), highlight=False)
    if found.echo != found.echo_zh:
        console.print(escape(found.echo), highlight=False)
    console.print(f"共 {found.total:,} 件公开 publications · {found.index.release}", highlight=False)
    for hit in found.hits(most):
        title = hit["title_zh"] or hit["title"] or hit["title_en"] or "—"
        day = hit["publication_date"] or "—"
        console.print(
            f"\n[bold]{escape(hit['publication_id'])}[/bold]  {day}  {escape(title)}\n"
            f"  {escape('; '.join(hit['applicants']) or '—')}",
            highlight=False,
        )
        for line in _why(hit):
            console.print(line, highlight=False)
    for name, facet in found.facets(_VALUES_SHOWN).items():
        if not facet["values"] and not facet["unknown"]:
            continue
        shown = [f"{value['zh'] or value['id']} {value['count']:,}" for value in facet["values"]]
        more = facet["different"] - len(shown)
        shown += [f"… 另有 {more:,} 个 more"] if more else []
        shown += [f"不详 unknown {facet['unknown']:,}"] if facet["unknown"] else []
        console.print(f"\n{_FACETS[name]} {name}: {escape('; '.join(shown))}", highlight=False)


def _why(hit: dict[str, Any]) -> Iterator[Text]:
    from pingjiang.search.highlight import marked

    for one in hit["why"]:
        text = Text(f"  {one['field']}: ")
        if not console.is_terminal:
            yield text.append(marked(one["text"], one["places"]))
            continue
        shift = len(text)
        text.append(one["text"])
        for start, stop in one["places"]:
            text.stylize("bold reverse", shift + start, shift + stop)
        yield text

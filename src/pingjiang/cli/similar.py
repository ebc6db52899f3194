"""Similar documents: the most similar publications, each with what it shares and which method brought it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from pingjiang.cli.frame import JsonOption, LakeOption, app, console, errors, open_lake, print_json, progress_bar
from pingjiang.errors import DefinitionError

if TYPE_CHECKING:
    from pingjiang.search.similar import Similar

_METHODS = {"terms": "词项 terms", "vectors": "向量 vectors", "symbols": "分类号 symbols"}
_KIN = {
    "application": "同一申请 same application",
    "simple_family": "简单同族 simple family",
    "extended_family": "扩展同族 extended family",
}
_LABEL = (
    "词项、向量与分类号的相似，不是法律意义上的相同或侵权 · "
    "similar by terms, vectors and symbols, which says nothing of identity or infringement in law"
)


@app.command()
def similar(
    lake: LakeOption,
    publication: Annotated[str | None, typer.Argument(help="A publication 公开号", show_default=False)] = None,
    text: Annotated[
        str | None,
        typer.Option("--text", help="A text of 5,000 characters at most; - reads it 一段文字", show_default=False),
    ] = None,
    other_families: Annotated[
        bool, typer.Option("--other-families", help="Leave out its application and families 不列同族")
    ] = False,
    one_per_family: Annotated[
        bool, typer.Option("--one-per-family", help="List the first of each family alone 每族只列一件")
    ] = False,
    without_vectors: Annotated[
        bool, typer.Option("--without-vectors", help="Terms and symbols alone 不用向量")
    ] = False,
    most: Annotated[int, typer.Option("--most", help="How many are listed 列出件数", min=1, max=1000)] = 50,
    as_json: JsonOption = False,
) -> None:
    """Find what is similar to a publication or a text, in Chinese and English. 相似文献。"""
    from pingjiang.search.similar import find_similar  # its libraries take time to load

    with progress_bar() as progress:
        found = find_similar(
            open_lake(lake),
            publication=publication,
            text=_read() if text == "-" else text,
            families=not other_families,
            one_per_family=one_per_family,
            with_model=not without_vectors,
            progress=progress,
        )
    if found.release != found.index.release:
        _say_waiting(found)
    if as_json:
        print_json(found.as_dict(most))
        return
    _show(found, most)


def _read() -> str:
    """The text on stdin."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(
            f"文字不是 UTF-8（第 {error.start + 1} 字节）。",
            f"The text is not UTF-8 (byte {error.start + 1}).",
            remedy=("请另存为 UTF-8。", "Save it as UTF-8."),
        ) from None


def _say_waiting(found: Similar) -> None:
    errors.print(
        f"导入后尚未重新构建，所比的是 {found.index.release}；请运行 `pingjiang build` · more was imported since: this "
        f"compares {found.index.release}, run `pingjiang build`",
        highlight=False,
    )


def _show(found: Similar, most: int) -> None:
    if found.publication is not None:
        console.print(f"[bold]{escape(found.publication['publication_id'])}[/bold]  {_title(found.publication)}")
    used = []
    for one in found.methods():
        name = _METHODS[one["method"]]
        used.append(f"{name} {one['found']:,}" if one["used"] else f"{name}: {one['why_zh']} · {one['why_en']}")
    console.print(f"{'; '.join(used)}; {found.index.release}", highlight=False, markup=False)
    for hit in found.hits(most):
        ranks = ", ".join(
            f"{_METHODS[name]} {'—' if rank is None else f'{rank:,}'}" for name, rank in hit["ranks"].items()
        )
        marks = [_KIN[hit["kin"]]] if hit["kin"] else []
        marks += [f"文献状态 standing: {hit['standing']}"] if hit["standing"] else []
        console.print(
            f"\n{hit['rank']:>3}  [bold]{escape(hit['publication_id'])}[/bold]  {hit['publication_date'] or '—'}"
            f"{escape(''.join(f'  [{mark}]' for mark in marks))}  {_title(hit)}\n     {ranks}",
            highlight=False,
        )
        for words, shared in (("共有词 terms", hit["shared_terms"]), ("共有分类号 symbols", hit["shared_symbols"])):
            if shared:
                console.print(f"     {words}: {escape(' '.join(shared))}", highlight=False)
    console.print(f"\n{_LABEL}", highlight=False)


def _title(row: dict[str, Any]) -> str:
    return escape(row["title"] or row["title_zh"] or row["title_en"] or "—")

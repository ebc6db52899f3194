"""Commands on data: import, find, releases, formats, number."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from pingjiang import __version__, pipeline
from pingjiang.cli.frame import (
    JsonOption,
    LakeOption,
    ReleaseOption,
    app,
    console,
    errors,
    open_lake,
    print_json,
    progress_bar,
    say_stale,
)
from pingjiang.errors import DefinitionError
from pingjiang.identifiers import NumberUnreadable, parse, patent_type
from pingjiang.sources import FileReceipt, Format, load_formats, read_format
from pingjiang.sources.receipt import REASONS


def _format(name: str | None) -> Format | None:
    """A shipped format by name, or a user's YAML spec by path."""
    if name is None:
        return None
    shipped = load_formats()
    if name in shipped:
        return shipped[name]
    if Path(name).is_file():
        return read_format(Path(name))
    known = ", ".join(shipped)
    raise DefinitionError(
        f"没有格式 {name!r}。",
        f"There is no format {name!r}.",
        remedy=(f"写下列之一，或 YAML 规格的路径：{known}。", f"name one of {known}, or give the path of a YAML spec."),
    )


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Exports, tables, archives 导出文件", show_default=False)],
    lake: LakeOption,
    format_: Annotated[str | None, typer.Option("--format", help="Format name or YAML spec 格式名或 YAML 规格")] = None,
    as_json: JsonOption = False,
) -> None:
    """Import files into a lake, with a receipt that adds up. 导入文件，回执逐行相符。"""
    with progress_bar() as progress:
        result = pipeline.import_files(files, open_lake(lake), forced=_format(format_), progress=progress)
    told = {"release": result.release, "built": result.built, "updated": result.updated}
    if result.not_updated:
        errors.print(
            f"已导入，尚未计入：{result.not_updated}；请运行 `pingjiang build` · "
            f"imported and not counted yet: {result.not_updated}; run `pingjiang build`",
            highlight=False,
            markup=False,
        )
    if as_json:
        print_json({"files": [receipt.as_dict() for receipt in result.receipts], **told})
        return
    for receipt in result.receipts:
        _show_receipt(receipt)
    console.print(f"数据版本 release  [bold]{result.release}[/bold]")
    if result.built and result.updated == result.release != result.built:
        console.print(
            f"  公开与申请已计入；同族、机构、地点、产业链仍属 {result.built} · "
            "publications and applications are counted; families, organisations, places and the chain are those of "
            f"{result.built}",
            highlight=False,
        )


def _show_receipt(receipt: FileReceipt) -> None:
    console.print(f"[bold]{escape(Path(receipt.path).name)}[/bold]  {receipt.format}", highlight=False)
    if receipt.already_imported:
        console.print("  同一文件已导入，无新增、无变更 · the same file was imported before: 0 new, 0 changed")
    console.print(
        f"  读入 {receipt.rows_read:,} = 采用 {receipt.accepted:,} + 归并 {receipt.merged:,} "
        f"+ 退出 {receipt.rejected:,}"
        f"　read = accepted + merged + rejected；公开 publications {receipt.publications_written:,}",
        highlight=False,
    )
    for reason, count in sorted(receipt.reasons.items(), key=lambda pair: -pair[1]):
        zh, en = REASONS[reason]
        console.print(f"  退出 {count:,}  {zh} · {en}", highlight=False)
    for reason, count in sorted(receipt.doubts.items(), key=lambda pair: -pair[1]):
        zh, en = REASONS[reason]
        console.print(f"  存疑 {count:,}  {zh} · {en}", highlight=False)
    if receipt.unknown_columns:
        console.print(f"  未识别的列 unknown columns: {escape(', '.join(receipt.unknown_columns))}", highlight=False)
    if receipt.left_out_tables:
        left_out = escape(", ".join(receipt.left_out_tables))
        console.print(f"  不含专利、未读的表 tables without patents, not read: {left_out}", highlight=False)
    if receipt.rejects_file:
        console.print(f"  退出的行 rejects: {escape(receipt.rejects_file)}", highlight=False)
    if receipt.doubts_file:
        console.print(f"  存疑的单元格 doubts: {escape(receipt.doubts_file)}", highlight=False)


@app.command()
def find(
    texts: Annotated[list[str], typer.Argument(help="Patent numbers 专利号", show_default=False)],
    lake: LakeOption,
    release: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find publications and applications by number, with who said so. 按号查找公开与申请，附来源。"""
    answer = pipeline.find(open_lake(lake), texts, release=release)
    unreadable = any("error" in number for number in answer["numbers"])
    if as_json:
        print_json(answer)
    else:
        for number in answer["numbers"]:
            _show_number(number)
        built = answer["lagging"]["chain"]
        console.print(f"公开与申请计至 publications and applications up to  [bold]{answer['updated']}[/bold]")
        if built != answer["updated"]:
            console.print(f"同族、机构、地点、产业链属 families, organisations, places, chain of  [bold]{built}[/bold]")
        elif answer["updated"] != answer["release"]:
            say_stale(built)
    if unreadable:
        raise typer.Exit(2)


def _show_number(number: dict[str, Any]) -> None:
    console.print(f"[bold]{escape(number['text'])}[/bold]", highlight=False)
    if "error" in number:
        console.print(f"  不是专利号 no patent number: {number['error']}", highlight=False)
        return
    if not number["publications"] and not number["applications"]:
        console.print("  数据湖中没有 · not in this lake", highlight=False)
    for row in number["publications"]:
        words = [str(row[name]) for name in ("publication_id", "publication_date", "title") if row[name] is not None]
        if row["standing"]:
            words.append(_STANDINGS[row["standing"]])
        if row["corrects"]:
            words.append(f"更正 corrects {row['corrects']}")
        console.print(f"  公开 publication  {escape('  '.join(words))}", highlight=False)
        for conflict in row["conflicts"]:
            told = f"{conflict['field']}: {conflict['taken']} ≠ {conflict['other']}（{conflict['other_row']}）"
            console.print(f"    来源不一致 conflict  {escape(told)}", highlight=False)
        _show_said(row["said"])
    for row in number["applications"]:
        names = ("application_id", "filing_date", "grant_date", "title_alone")
        words = [str(row[name]) for name in names if row[name] is not None]
        console.print(f"  申请 application  {escape('  '.join(words))}", highlight=False)
        if row["family_id"] is not None:
            families = f"简单 simple {row['family_id']}  扩展 extended {row['extended_family_id']}"
            console.print(f"    同族 families  {escape(families)}", highlight=False)
        _show_said(row["said"])


_STANDINGS = {"withdrawn": "已撤回，不计数 withdrawn, not counted", "deleted": "已删除，不计数 deleted, not counted"}


def _show_said(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        console.print(f"    来源 source  {escape(row['source_row'])}", highlight=False)


@app.command()
def releases(lake: LakeOption, as_json: JsonOption = False) -> None:
    """List the kept releases, newest first. 列出保留的版本。"""
    opened = open_lake(lake)
    opened.require_current()
    rows = [
        {"release": r.id, "created_at": r.created_at, "made_by": r.info.get("made_by"), "base": r.base,
         **pipeline.reached(r),
         "rows": {name: r.rows(name) for name in r.tables}}
        for r in opened.releases()
    ]  # fmt: skip
    if as_json:
        print_json({"releases": rows})
        return
    for row in rows:
        console.print(f"{row['release']:<14}{row['created_at']}  {row['made_by']}", highlight=False)


@app.command()
def formats(as_json: JsonOption = False) -> None:
    """List the formats that are recognised. 列出可识别的格式。"""
    specs = load_formats().values()
    if as_json:
        print_json({"formats": [{"name": s.name, "zh": s.title_zh, "en": s.title_en} for s in specs]})
        return
    for spec in specs:
        console.print(f"{spec.name:<24}{spec.title_zh} · {spec.title_en}", highlight=False)


@app.command()
def number(
    texts: Annotated[list[str], typer.Argument(help="Patent numbers 专利号", show_default=False)],
    application: Annotated[bool, typer.Option("--application", help="Read as application numbers")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read patent numbers in any usual form. 识别各种写法的专利号。"""
    answers: list[dict[str, Any]] = []
    for text in texts:
        try:
            found = parse(text, what="application" if application else "publication")
        except NumberUnreadable as error:
            answers.append({"text": text, "error": error.code})
            continue
        answers.append(
            {"text": text, "id": found.id, "docdb": found.docdb, "display": found.display,
             "type": patent_type(found, None), "warnings": list(found.warnings)}
        )  # fmt: skip
    if as_json:
        print_json({"numbers": answers})
    else:
        for answer in answers:
            console.print("  ".join(f"{key}={value}" for key, value in answer.items()), highlight=False, markup=False)
    if any("error" in answer for answer in answers):
        raise typer.Exit(2)


@app.command()
def version() -> None:
    """Print the version. 版本。"""
    sys.stdout.write(__version__ + "\n")

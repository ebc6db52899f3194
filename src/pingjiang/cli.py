"""The commands. Thin: each calls the pipeline, shows progress on stderr and the answer on stdout.

Exit codes: 0 all accounted for; 1 something else went wrong; 2 input or command refused; 130 interrupted.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table as RichTable

from pingjiang import __version__, pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import INTERRUPTED, DefinitionError, PingjiangError, QueryFailed, Words
from pingjiang.identifiers import NumberUnreadable, parse, patent_type
from pingjiang.sources import FileReceipt, Format, load_formats, read_format
from pingjiang.sources.receipt import REASONS
from pingjiang.system import MAKE_ROOM, remedy_for

app = typer.Typer(
    name="pingjiang",
    help="平江图 Pingjiang: patents in, an industry atlas out. 专利数据进，产业图谱出。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_err = Console(stderr=True, soft_wrap=True)
_out = Console(soft_wrap=True)


def _folder(text: str) -> Path:
    """The folder of a lake. Its name goes into queries, so it is text; and it is never nothing by mistake."""
    if not text.strip():
        raise typer.BadParameter("目录名是空的 · the name of the folder is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter(
            f"目录名不是 UTF-8，请换一个 · the name of the folder is not UTF-8, name another: {text!r}"
        ) from None
    return Path(text)


LakeOption = Annotated[
    Path,
    typer.Option("--lake", help="Folder of the lake 数据湖目录", show_default=False, parser=_folder, metavar="PATH"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable answer on stdout")]

EngineOption = Annotated[
    str | None,
    typer.Option("--engine", help="Cluster by Spark Connect: sc://HOST:PORT 计算集群", show_default=False),
]

ReleaseOption = Annotated[
    str | None, typer.Option("--release", help="A kept release; else the current 某一版本", show_default=False)
]

_STEP_NAMES = {
    "documents": "公开与申请 documents",
    "parties": "人与分类 parties and classes",
    "families": "同族 families",
    "organisations": "机构 organisations",
    "places": "地点 places",
    "chain": "产业链 industry chain",
    "items": "计数单位 counting units",
    "write": "写入 writing",
    "check": "核对 checks",
}


@contextmanager
def _progress() -> Iterator[pipeline.Progress]:
    """A progress bar on stderr where a person looks; silence elsewhere."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_err, disable=not _err.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=1)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=escape(_STEP_NAMES.get(what, what)), completed=done, total=total)

        yield show


def _print_json(data: object) -> None:
    plain = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(data, ensure_ascii=plain, indent=1, default=str)
    # A file name may hold bytes that are no text.
    sys.stdout.write(text.encode(errors="replace").decode() + "\n")


def _lake(folder: Path) -> Lake:
    return Lake(folder, keep=Settings.from_environment().keep_releases)


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


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Exports, tables, archives 导出文件", show_default=False)],
    lake: LakeOption,
    format_: Annotated[str | None, typer.Option("--format", help="Format name or YAML spec 格式名或 YAML 规格")] = None,
    as_json: JsonOption = False,
) -> None:
    """Import files into a lake, with a receipt that adds up. 导入文件，回执逐行相符。"""
    with _progress() as progress:
        result = pipeline.import_files(files, _lake(lake), forced=_format(format_), progress=progress)
    told = {"release": result.release, "built": result.built, "updated": result.updated}
    if result.not_updated:
        _err.print(
            f"已导入，尚未计入：{result.not_updated}；请运行 `pingjiang build` · "
            f"imported and not counted yet: {result.not_updated}; run `pingjiang build`",
            highlight=False,
            markup=False,
        )
    if as_json:
        _print_json({"files": [receipt.as_dict() for receipt in result.receipts], **told})
        return
    for receipt in result.receipts:
        _show_receipt(receipt)
    _out.print(f"数据版本 release  [bold]{result.release}[/bold]")
    if result.built and result.updated == result.release != result.built:
        _out.print(
            f"  公开与申请已计入；同族、机构、地点、产业链仍属 {result.built} · "
            "publications and applications are counted; families, organisations, places and the chain are those of "
            f"{result.built}",
            highlight=False,
        )


def _show_receipt(receipt: FileReceipt) -> None:
    _out.print(f"[bold]{escape(Path(receipt.path).name)}[/bold]  {receipt.format}", highlight=False)
    if receipt.already_imported:
        _out.print("  同一文件已导入，无新增、无变更 · the same file was imported before: 0 new, 0 changed")
    _out.print(
        f"  读入 {receipt.rows_read:,} = 采用 {receipt.accepted:,} + 归并 {receipt.merged:,} "
        f"+ 退出 {receipt.rejected:,}"
        f"　read = accepted + merged + rejected；公开 publications {receipt.publications_written:,}",
        highlight=False,
    )
    for reason, count in sorted(receipt.reasons.items(), key=lambda pair: -pair[1]):
        zh, en = REASONS[reason]
        _out.print(f"  退出 {count:,}  {zh} · {en}", highlight=False)
    for reason, count in sorted(receipt.doubts.items(), key=lambda pair: -pair[1]):
        zh, en = REASONS[reason]
        _out.print(f"  存疑 {count:,}  {zh} · {en}", highlight=False)
    if receipt.unknown_columns:
        _out.print(f"  未识别的列 unknown columns: {escape(', '.join(receipt.unknown_columns))}", highlight=False)
    if receipt.left_out_tables:
        left_out = escape(", ".join(receipt.left_out_tables))
        _out.print(f"  不含专利、未读的表 tables without patents, not read: {left_out}", highlight=False)
    if receipt.rejects_file:
        _out.print(f"  退出的行 rejects: {escape(receipt.rejects_file)}", highlight=False)
    if receipt.doubts_file:
        _out.print(f"  存疑的单元格 doubts: {escape(receipt.doubts_file)}", highlight=False)


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
    with _progress() as progress:
        from pingjiang.chain.tree import load as load_chain  # loaded where it is needed, as the builder's rooms are

        result = pipeline.build(_lake(lake), load_chain(chain_file), engine=engine, progress=progress)
    if as_json:
        _print_json(asdict(result))
        return
    _out.print(f"数据版本 release  [bold]{result.release}[/bold]")
    if result.unchanged:
        _out.print("  来源、产业链与程序均未变，沿用该版本 · same sources, chain and program: this release stands")
    for name in ("publication", "application", "simple_family", "organisation", "conflict"):
        _out.print(f"  {name:<15}{result.rows[name]:>12,}", highlight=False)


def _say_stale(built: str, updated: str | None = None) -> None:
    zh = f"导入后尚未重新构建，数字仍属 {built}"
    en = f"more was imported since: the numbers are those of {built}"
    if updated not in (None, built):
        zh = f"导入后尚未重新构建：公开与申请计至 {updated}，同族、机构、地点与产业链仍属 {built}"
        en = (
            f"more was imported since: publications and applications count up to {updated}; "
            f"families, organisations, places and the chain are those of {built}"
        )
    _err.print(f"{zh}；请运行 `pingjiang build` · {en}, run `pingjiang build`", highlight=False)


def _shown(cell: object) -> str:
    """A cell for reading; --json has it in full."""
    return "" if cell is None else str(round(cell, 4) if isinstance(cell, float) else cell)


@app.command()
def indicators(
    lake: LakeOption,
    name: Annotated[list[str] | None, typer.Option("--name", help="Only these indicators 只算这些指标")] = None,
    engine: EngineOption = None,
    release: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compute indicators of the current release, or of a kept one. 计算当前或某一版本的指标。"""
    answer = pipeline.indicators(_lake(lake), names=name, engine=engine, release=release)
    if answer["stale"]:
        _say_stale(answer["release"], answer["updated"])
    if as_json:
        _print_json(answer)
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
            shown.add_row(*(escape(_shown(cell)) for cell in row.values()))
        _out.print(shown)
        if len(rows) > 20:
            _out.print(f"  … 共 {len(rows):,} 行，--json 给全部 · {len(rows):,} rows in all, --json gives them all")


@app.command()
def find(
    texts: Annotated[list[str], typer.Argument(help="Patent numbers 专利号", show_default=False)],
    lake: LakeOption,
    release: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find publications and applications by number, with who said so. 按号查找公开与申请，附来源。"""
    answer = pipeline.find(_lake(lake), texts, release=release)
    unreadable = any("error" in number for number in answer["numbers"])
    if as_json:
        _print_json(answer)
    else:
        for number in answer["numbers"]:
            _show_number(number)
        built = answer["lagging"]["chain"]
        _out.print(f"公开与申请计至 publications and applications up to  [bold]{answer['updated']}[/bold]")
        if built != answer["updated"]:
            _out.print(f"同族、机构、地点、产业链属 families, organisations, places, chain of  [bold]{built}[/bold]")
        elif answer["updated"] != answer["release"]:
            _say_stale(built)
    if unreadable:
        raise typer.Exit(2)


def _show_number(number: dict[str, Any]) -> None:
    _out.print(f"[bold]{escape(number['text'])}[/bold]", highlight=False)
    if "error" in number:
        _out.print(f"  不是专利号 no patent number: {number['error']}", highlight=False)
        return
    if not number["publications"] and not number["applications"]:
        _out.print("  数据湖中没有 · not in this lake", highlight=False)
    for row in number["publications"]:
        words = [str(row[name]) for name in ("publication_id", "publication_date", "title") if row[name] is not None]
        if row["standing"]:
            words.append(_STANDINGS[row["standing"]])
        if row["corrects"]:
            words.append(f"更正 corrects {row['corrects']}")
        _out.print(f"  公开 publication  {escape('  '.join(words))}", highlight=False)
        for conflict in row["conflicts"]:
            told = f"{conflict['field']}: {conflict['taken']} ≠ {conflict['other']}（{conflict['other_row']}）"
            _out.print(f"    来源不一致 conflict  {escape(told)}", highlight=False)
        _show_said(row["said"])
    for row in number["applications"]:
        names = ("application_id", "filing_date", "grant_date", "title_alone")
        words = [str(row[name]) for name in names if row[name] is not None]
        _out.print(f"  申请 application  {escape('  '.join(words))}", highlight=False)
        _show_said(row["said"])


_STANDINGS = {"withdrawn": "已撤回，不计数 withdrawn, not counted", "deleted": "已删除，不计数 deleted, not counted"}


def _show_said(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        _out.print(f"    来源 source  {escape(row['source_row'])}", highlight=False)


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
    told, opened = _about(about) if about else {}, _lake(lake)
    _require_writable(out)
    with _progress() as progress:
        made = pipeline.write_atlas(opened, out, about=told, progress=progress)
    stale = opened.require_current().id != made.release
    if stale:
        _say_stale(made.release)
    if as_json:
        _print_json({**asdict(made), "stale": stale})
        return
    _out.print(f"{made.html}\n{made.xlsx}", highlight=False)
    if made.unchanged:
        _out.print("  内容与上次相同，未重新生成 · the same as before: not written again")


def _require_writable(folder: Path) -> None:
    """OSError for a folder that cannot be made or written to: said before the work, not after it."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))


@app.command()
def releases(lake: LakeOption, as_json: JsonOption = False) -> None:
    """List the kept releases, newest first. 列出保留的版本。"""
    opened = _lake(lake)
    opened.require_current()
    rows = [
        {"release": r.id, "created_at": r.created_at, "made_by": r.info.get("made_by"), "base": r.base,
         **pipeline.reached(r),
         "rows": {name: r.rows(name) for name in r.tables}}
        for r in opened.releases()
    ]  # fmt: skip
    if as_json:
        _print_json({"releases": rows})
        return
    for row in rows:
        _out.print(f"{row['release']:<14}{row['created_at']}  {row['made_by']}", highlight=False)


@app.command()
def formats(as_json: JsonOption = False) -> None:
    """List the formats that are recognised. 列出可识别的格式。"""
    specs = load_formats().values()
    if as_json:
        _print_json({"formats": [{"name": s.name, "zh": s.title_zh, "en": s.title_en} for s in specs]})
        return
    for spec in specs:
        _out.print(f"{spec.name:<24}{spec.title_zh} · {spec.title_en}", highlight=False)


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
        _print_json({"numbers": answers})
    else:
        for answer in answers:
            _out.print("  ".join(f"{key}={value}" for key, value in answer.items()), highlight=False, markup=False)
    if any("error" in answer for answer in answers):
        raise typer.Exit(2)


# -- exchange ----------------------------------------------------------------------------------------

package_app = typer.Typer(
    name="package", help="Signed packages: keys, verify, import. 签名数据包。", no_args_is_help=True
)
app.add_typer(package_app)
ExportKind = Literal["xlsx", "jsonl", "parquet", "package"]
PackageFile = Annotated[Path, typer.Argument(help="Package 数据包", show_default=False, metavar="FILE")]


@app.command()
def export(
    lake: LakeOption,
    kind: Annotated[ExportKind, typer.Option("--as", help="Excel, JSON lines, Parquet, signed package 导出形式")],
    out: Annotated[Path, typer.Option("--out", help="File (xlsx, package) or folder 文件或目录", show_default=False)],
    release: ReleaseOption = None,
    tables: Annotated[list[str] | None, typer.Option("--table", help="Only these tables 只导出这些表")] = None,
    publications: Annotated[
        list[str] | None, typer.Option("--publication", help="Only rows of these publications 只导出这些公开号")
    ] = None,
    nodes: Annotated[list[str] | None, typer.Option("--node", help="Only these chain nodes 只导出这些环节")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier export 替换以前的导出")] = False,
    as_json: JsonOption = False,
) -> None:
    """Export a release or a part of it, with its schema. 导出版本或其一部分，附结构说明。"""
    from pingjiang import exchange

    chosen = exchange.Chosen(release, tables or (), publications or (), nodes or ())
    with _progress() as progress:
        told = exchange.export(_lake(lake), kind, out, chosen=chosen, overwrite=overwrite, progress=progress)
    if as_json:
        _print_json(asdict(told))
        return
    _out.print(f"{escape(told.path)}\n数据版本 release  [bold]{told.release}[/bold]", highlight=False)
    for name, rows in told.rows.items():
        sheets = told.sheets.get(name, [])
        more = f"  {len(sheets)} 张工作表 sheets" if len(sheets) > 1 else ""
        cut = f"  截断的文字 texts cut to a cell: {told.cut[name]:,}" if name in told.cut else ""
        _out.print(f"  {name:<28}{rows:>12,}{more}{cut}", highlight=False)
    if told.left_out:
        _out.print(f"  未按件记录、未导出 not of single patents, left out: {', '.join(told.left_out)}", highlight=False)


@package_app.command("key")
def package_key(as_json: JsonOption = False) -> None:
    """Show this installation's public key, and the trusted senders. 本机公钥与已信任的发送方。"""
    from pingjiang import exchange

    keys = exchange.Keys.of(Settings.from_environment())
    own, trusted = keys.own(), keys.trusted()
    senders = [{"name": s.name, "key": s.key.text, "fingerprint": s.key.fingerprint} for s in trusted]
    if as_json:
        _print_json({"key": own.text, "fingerprint": own.fingerprint, "trusted": senders})
        return
    _out.print(f"公钥 public key   {own.text}\n指纹 fingerprint  {own.fingerprint}", highlight=False)
    for sender in senders:
        _out.print(f"信任 trusted      {sender['fingerprint']}  {escape(sender['name'])}", highlight=False)


@package_app.command("trust")
def package_trust(
    key: Annotated[str, typer.Argument(help="Public key, or a file with it 公钥或其文件", show_default=False)],
    name: Annotated[str | None, typer.Option("--name", help="Name of the sender 发送方名称")] = None,
    as_json: JsonOption = False,
) -> None:
    """Trust a sender, once the fingerprint was compared. 核对指纹后，信任一个发送方。"""
    from pingjiang import exchange

    sender = exchange.Keys.of(Settings.from_environment()).trust(exchange.read_key(key), name)
    _show_sender(sender.name, sender.key.fingerprint, True, as_json)


@package_app.command("distrust")
def package_distrust(
    fingerprint: Annotated[str, typer.Argument(help="Fingerprint or public key 指纹或公钥", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Trust a sender no longer. 不再信任一个发送方。"""
    from pingjiang import exchange

    sender = exchange.Keys.of(Settings.from_environment()).distrust(fingerprint)
    _show_sender(sender.name, sender.key.fingerprint, False, as_json)


def _show_sender(name: str, fingerprint: str, trusted: bool, as_json: bool) -> None:
    if as_json:
        _print_json({"name": name, "fingerprint": fingerprint, "trusted": trusted})
        return
    words = "已信任 trusted" if trusted else "不再信任 no longer trusted"
    _out.print(f"{words}  {fingerprint}  {escape(name)}", highlight=False)


@package_app.command("verify")
def package_verify(file: PackageFile, as_json: JsonOption = False) -> None:
    """Check a package byte for byte: 0 good, 2 refused. 逐字节核验数据包。"""
    from pingjiang import exchange

    with _progress() as progress:
        package = exchange.verify(file, exchange.Keys.of(Settings.from_environment()), progress=progress)
    told = exchange.summary(package)
    if as_json:
        _print_json(told)
        return
    _out.print(f"完好 good  {escape(str(file))}\n数据版本 release  [bold]{told['release']}[/bold]", highlight=False)
    _out.print(f"发送方 sender     {told['fingerprint']}  {escape(told['sender'])}", highlight=False)
    for name, rows in told["rows"].items():
        _out.print(f"  {name:<28}{rows:>12,}", highlight=False)


@package_app.command("import")
def package_import(file: PackageFile, lake: LakeOption, as_json: JsonOption = False) -> None:
    """Verify a package and take it into a lake. 核验后导入数据湖。"""
    from pingjiang import exchange

    settings = Settings.from_environment()
    with _progress() as progress:
        told = exchange.import_package(
            file, _lake(lake), exchange.Keys.of(settings), settings=settings, progress=progress
        )
    if as_json:
        _print_json(asdict(told))
        return
    _out.print(f"数据版本 release  [bold]{told.release}[/bold]  ← {told.package_release}", highlight=False)
    _out.print(f"发送方 sender     {told.fingerprint}  {escape(told.sender)}", highlight=False)
    if not told.rows:
        _out.print("  来源均已在数据湖中，无新增 · all its sources are here already: nothing new", highlight=False)
        return
    new, known, repeated = len(told.sources_added), len(told.sources_known), told.repeated
    _out.print(
        f"  来源 sources：新增 new {new:,}，已有 known {known:,}；重复的记录 repeated records {repeated:,}",
        highlight=False,
    )
    if not told.built:
        _out.print("  请运行 pingjiang build · run `pingjiang build`", highlight=False)


@app.command()
def version() -> None:
    """Print the version. 版本。"""
    sys.stdout.write(__version__ + "\n")


# -- from an error to words and an exit code ---------------------------------------------------------

# What the command line does not understand, by the parser's kind; its own words follow in English.
_USAGE = {
    "MissingParameter": "缺少必需的参数或选项。",
    "NoSuchOption": "没有这个选项。",
    "BadParameter": "参数的值不能用。",
}
_interrupts: list[int] = []


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """Ctrl-C, remembered: what is raised meanwhile may arrive as something else."""
    _interrupts.append(number)
    raise KeyboardInterrupt


def main() -> None:
    """Run a command: errors become one clear text and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # what the terminal cannot show is shown by its code
            stream.reconfigure(errors="backslashreplace")
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        code = app(standalone_mode=False)
        if code == 130:  # so the parser gives back an interruption
            raise KeyboardInterrupt
        sys.stdout.flush()
    except BaseException as error:
        if signal.getsignal(signal.SIGINT) is _interrupt:  # pressed again while this is being told
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = _tell(error)
        _end_output()
    sys.exit(code if isinstance(code, int) else 0)


def _tell(error: BaseException) -> object:
    """Say what happened, in both languages, and the exit code for it."""
    if isinstance(error, SystemExit):
        return error.code
    if isinstance(error, typer.Exit):
        return error.exit_code
    if _interrupts or isinstance(error, KeyboardInterrupt | typer.Abort):
        return _failed(PingjiangError(*INTERRUPTED), 130, "Interrupted")
    if isinstance(error, BrokenPipeError):  # who read our output has left: nobody is there to be told
        return 1
    if isinstance(error, QueryFailed):
        return _failed(_engine_failed(error), error.exit_code, "QueryFailed")
    if isinstance(error, PingjiangError):
        return _failed(error, error.exit_code)
    if isinstance(error, OSError):
        said = error.strerror or str(error)
        place = None if error.filename is None else os.fsdecode(str(error.filename))
        remedy = remedy_for(error)
        told = PingjiangError(f"系统报告：{said}。", f"The system reports: {said}.", file=place, remedy=remedy)
        return _failed(told, 1, type(error).__name__)
    if hasattr(error, "format_message"):  # a mistake on the command line: the parser says what
        kind = next(
            (_USAGE[base.__name__] for base in type(error).__mro__ if base.__name__ in _USAGE), "命令写法有误。"
        )
        remedy = ("加 --help 看用法。", "Add --help to see how it is used.")
        return _failed(DefinitionError(kind, error.format_message(), remedy=remedy), 2, "UsageError")
    fault = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
    told = PingjiangError(f"程序出错（{fault}）。", f"A fault of the program ({fault}).", remedy=_see_trace())
    return _failed(told, 1, type(error).__name__)


def _engine_failed(error: QueryFailed) -> PingjiangError:
    """What the engine says in its first line; the query is in the trace."""
    said = error.message.partition("\n")[0][:300]
    place = None
    if "failed to offload" in said:  # it is out of memory, and out of room for what it puts aside
        place = os.fspath(Settings.from_environment().temp_dir or tempfile.gettempdir())
        remedy: Words = (
            "请在该目录腾出磁盘空间，或用环境变量 PINGJIANG_TEMP_DIR 另指一个目录。",
            "Make room on the disk of this folder, or name another by the environment variable PINGJIANG_TEMP_DIR.",
        )
    elif "Out of Memory" in said:
        remedy = (
            "请调高环境变量 PINGJIANG_MEMORY_LIMIT，或关闭其他程序。",
            "Raise the environment variable PINGJIANG_MEMORY_LIMIT, or close other programs.",
        )
    else:
        remedy = MAKE_ROOM if "No space left" in said else _see_trace()
    return PingjiangError(f"查询引擎未能完成：{said}", f"The query engine failed: {said}", file=place, remedy=remedy)


def _failed(error: PingjiangError, code: int, kind: str | None = None) -> int:
    if "--json" in sys.argv:
        with suppress(OSError):
            _print_json({"error": {**error.as_dict(), **({"kind": kind} if kind else {})}})
    text = f"{'退回 Refused: ' if code == 2 else ''}{error}"
    _err.print(text, highlight=False, markup=False, emoji=False)
    return code


def _end_output() -> None:
    """Write what is left for standard output; where that fails, it must not fail once more at Python's end."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _see_trace() -> Words:
    """Keep the trace of an unforeseen fault in a file, and say where."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="pingjiang-trace-", suffix=".txt", encoding="utf-8", errors="replace", delete=False
        ) as file:
            file.write(traceback.format_exc())
    except OSError:
        return ("完整记录无处可写。", "There is no place to keep its trace.")
    return (f"请把完整记录 {file.name} 交给维护者。", f"Give its trace, {file.name}, to the maintainers.")

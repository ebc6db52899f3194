"""The commands. Thin: each calls the pipeline, shows progress on stderr and the answer on stdout.

Exit codes: 0 all accounted for; 1 something else went wrong; 2 input or command refused; 130 interrupted.
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
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
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, InputRefused, NotALake, PingjiangError
from pingjiang.identifiers import NumberUnreadable, parse, patent_type
from pingjiang.sources import FileReceipt, Format, load_formats, read_format
from pingjiang.sources.receipt import REASONS

app = typer.Typer(
    name="pingjiang",
    help="平江图 Pingjiang: patents in, an industry atlas out. 专利数据进，产业图谱出。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_err = Console(stderr=True, soft_wrap=True)
_out = Console(soft_wrap=True)

LakeOption = Annotated[Path, typer.Option("--lake", help="Folder of the lake 数据湖目录", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable answer on stdout")]

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
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
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
    raise DefinitionError(f"no format {name!r}: name one of {', '.join(shipped)}, or give the path of a YAML spec")


def _about(path: Path) -> dict[str, Any]:
    """Titles and notes for an atlas, from YAML."""
    allowed = {"title_zh", "title_en", "bias_zh", "bias_en", "synthetic"}
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DefinitionError(f"{path}: cannot be read as YAML: {error}") from error
    if not isinstance(data, dict) or set(data) - allowed:
        raise DefinitionError(f"{path}: a mapping with the keys {', '.join(sorted(allowed))} is wanted")
    return data


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
    if as_json:
        _print_json({"files": [receipt.as_dict() for receipt in result.receipts], "release": result.release})
        return
    for receipt in result.receipts:
        _show_receipt(receipt)
    _out.print(f"数据版本 release  [bold]{result.release}[/bold]")


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
    if receipt.rejects_file:
        _out.print(f"  退出的行 rejects: {escape(receipt.rejects_file)}", highlight=False)


@app.command()
def build(
    lake: LakeOption,
    chain_file: Annotated[
        str, typer.Option("--chain", help="Chain name or YAML file 产业链名或 YAML 文件")
    ] = "semiconductors",
    as_json: JsonOption = False,
) -> None:
    """Conclude documents, families, organisations, places and chain nodes. 归并、去重、归类，发布新版本。"""
    with _progress() as progress:
        result = pipeline.build(_lake(lake), load_chain(chain_file), progress=progress)
    if as_json:
        _print_json({"release": result.release, "seconds": result.seconds, "rows": result.rows})
        return
    _out.print(f"数据版本 release  [bold]{result.release}[/bold]")
    for name in ("publication", "application", "simple_family", "organisation", "conflict"):
        _out.print(f"  {name:<15}{result.rows[name]:>12,}", highlight=False)


@app.command()
def indicators(
    lake: LakeOption,
    name: Annotated[list[str] | None, typer.Option("--name", help="Only these indicators 只算这些指标")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute indicators of the current release. 计算当前版本的指标。"""
    answer = pipeline.indicators(_lake(lake), names=name)
    if answer["stale"]:
        _err.print(f"导入后尚未重新构建，数字仍属 {answer['release']} · more was imported since: run `pingjiang build`")
    if as_json:
        _print_json(answer)
        return
    for entry in answer["indicators"]:
        period = "–".join(str(year) for year in entry["period"]) if entry["period"] else "—"
        title = (
            f"{entry['name_zh']} {entry['name_en']} · {entry['unit']} · {period} · 截止 {entry['cutoff']} · "
            f"{answer['release']}"
        )
        shown = RichTable(title=escape(title), title_justify="left")
        rows = entry["rows"]
        for column in rows[0] if rows else ():
            shown.add_column(escape(column))
        for row in rows[:20]:
            shown.add_row(*("" if cell is None else escape(str(cell)) for cell in row.values()))
        _out.print(shown)
        if len(rows) > 20:
            _out.print(f"  … 共 {len(rows):,} 行，--json 给全部 · {len(rows):,} rows in all, --json gives them all")


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
    told = _about(about) if about else {}
    with _progress() as progress:
        html, xlsx, release = pipeline.write_atlas(_lake(lake), out, about=told, progress=progress)
    if as_json:
        _print_json({"release": release, "html": str(html), "xlsx": str(xlsx)})
        return
    _out.print(f"{html}\n{xlsx}", highlight=False)


@app.command()
def releases(lake: LakeOption, as_json: JsonOption = False) -> None:
    """List the kept releases, newest first. 列出保留的版本。"""
    rows = [
        {"release": r.id, "created_at": r.created_at, "made_by": r.info.get("made_by"), "base": r.base,
         "rows": {name: r.rows(name) for name in r.tables}}
        for r in _lake(lake).releases()
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
        _print_json(answers)
    else:
        for answer in answers:
            _out.print("  ".join(f"{key}={value}" for key, value in answer.items()), highlight=False, markup=False)
    if any("error" in answer for answer in answers):
        raise typer.Exit(2)


@app.command()
def version() -> None:
    """Print the version. 版本。"""
    sys.stdout.write(__version__ + "\n")


_INTERRUPTED = (
    "已中断，数据湖仍是上一个完好版本；再次运行即可继续 · interrupted: the last good release stands, run the same again"
)


def main() -> None:
    """Entry point: errors become one clear text and an exit code, never a traceback."""
    sys.exit(_run())


def _run() -> int:
    try:
        code = app(standalone_mode=False)
    except (InputRefused, DefinitionError, NotALake) as error:
        return _failed(error.as_dict(), f"退回 Refused: {error}", 2)
    except PingjiangError as error:
        return _failed(error.as_dict(), str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except typer.Exit as leave:
        code = leave.exit_code
    except OSError as error:
        text = f"{error.filename or ''}：系统报告 · the system reports: {error.strerror or error}"
        return _failed({"kind": type(error).__name__, "message": text, "file": error.filename}, text, 1)
    except Exception as error:
        if hasattr(error, "format_message"):  # a mistake on the command line: click says what
            return _failed({"kind": "UsageError", "message": error.format_message()}, error.format_message(), 2)
        fault = f"{type(error).__name__}: {error}"
        text = f"程序出错，完整记录见 · a fault of the program, its trace is in {_trace()} ({fault})"
        return _failed({"kind": type(error).__name__, "message": text}, text, 1)
    if code == 130:
        return _failed({"kind": "Interrupted", "message": _INTERRUPTED}, _INTERRUPTED, 130)
    return code if isinstance(code, int) else 0


def _failed(error: Mapping[str, Any], text: str, code: int) -> int:
    if "--json" in sys.argv:
        _print_json({"error": {**dict.fromkeys(("file", "row", "column", "remedy")), **error}})
    _err.print(escape(text), highlight=False)
    return code


def _trace() -> str:
    """Keep the trace of an unforeseen fault in a file. Returns its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="pingjiang-trace-", suffix=".txt", encoding="utf-8", errors="replace", delete=False
    ) as file:
        file.write(traceback.format_exc())
    return file.name

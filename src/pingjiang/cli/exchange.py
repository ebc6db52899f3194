"""Commands of exchange: export, and signed packages."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from pingjiang.cli.frame import JsonOption, LakeOption, ReleaseOption, app, console, open_lake, print_json, progress_bar
from pingjiang.config import Settings

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
    with progress_bar() as progress:
        told = exchange.export(open_lake(lake), kind, out, chosen=chosen, overwrite=overwrite, progress=progress)
    if as_json:
        print_json(asdict(told))
        return
    console.print(f"{escape(told.path)}\n数据版本 release  [bold]{told.release}[/bold]", highlight=False)
    for name, rows in told.rows.items():
        sheets = told.sheets.get(name, [])
        more = f"  {len(sheets)} 张工作表 sheets" if len(sheets) > 1 else ""
        cut = f"  截断的文字 texts cut to a cell: {told.cut[name]:,}" if name in told.cut else ""
        console.print(f"  {name:<28}{rows:>12,}{more}{cut}", highlight=False)
    if told.left_out:
        console.print(
            f"  未按件记录、未导出 not of single patents, left out: {', '.join(told.left_out)}", highlight=False
        )


@package_app.command("key")
def package_key(as_json: JsonOption = False) -> None:
    """Show this installation's public key, and the trusted senders. 本机公钥与已信任的发送方。"""
    from pingjiang import exchange

    keys = exchange.Keys.of(Settings.from_environment())
    own, trusted = keys.own(), keys.trusted()
    senders = [{"name": s.name, "key": s.key.text, "fingerprint": s.key.fingerprint} for s in trusted]
    if as_json:
        print_json({"key": own.text, "fingerprint": own.fingerprint, "trusted": senders})
        return
    console.print(f"公钥 public key   {own.text}\n指纹 fingerprint  {own.fingerprint}", highlight=False)
    for sender in senders:
        console.print(f"信任 trusted      {sender['fingerprint']}  {escape(sender['name'])}", highlight=False)


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
        print_json({"name": name, "fingerprint": fingerprint, "trusted": trusted})
        return
    words = "已信任 trusted" if trusted else "不再信任 no longer trusted"
    console.print(f"{words}  {fingerprint}  {escape(name)}", highlight=False)


@package_app.command("verify")
def package_verify(file: PackageFile, as_json: JsonOption = False) -> None:
    """Check a package byte for byte: 0 good, 2 refused. 逐字节核验数据包。"""
    from pingjiang import exchange

    with progress_bar() as progress:
        package = exchange.verify(file, exchange.Keys.of(Settings.from_environment()), progress=progress)
    told = exchange.summary(package)
    if as_json:
        print_json(told)
        return
    console.print(f"完好 good  {escape(str(file))}\n数据版本 release  [bold]{told['release']}[/bold]", highlight=False)
    console.print(f"发送方 sender     {told['fingerprint']}  {escape(told['sender'])}", highlight=False)
    for name, rows in told["rows"].items():
        console.print(f"  {name:<28}{rows:>12,}", highlight=False)


@package_app.command("import")
def package_import(file: PackageFile, lake: LakeOption, as_json: JsonOption = False) -> None:
    """Verify a package and take it into a lake. 核验后导入数据湖。"""
    from pingjiang import exchange

    settings = Settings.from_environment()
    with progress_bar() as progress:
        told = exchange.import_package(
            file, open_lake(lake), exchange.Keys.of(settings), settings=settings, progress=progress
        )
    if as_json:
        print_json(asdict(told))
        return
    console.print(f"数据版本 release  [bold]{told.release}[/bold]  ← {told.package_release}", highlight=False)
    console.print(f"发送方 sender     {told.fingerprint}  {escape(told.sender)}", highlight=False)
    if told.judgements:
        console.print(f"  人工判断 judgements：新增 new {told.judgements:,}", highlight=False)
    if not told.rows:
        console.print("  来源均已在数据湖中，无新增 · all its sources are here already: nothing new", highlight=False)
        return
    new, known, repeated = len(told.sources_added), len(told.sources_known), told.repeated
    console.print(
        f"  来源 sources：新增 new {new:,}，已有 known {known:,}；重复的记录 repeated records {repeated:,}",
        highlight=False,
    )
    if not told.built:
        console.print("  请运行 pingjiang build · run `pingjiang build`", highlight=False)

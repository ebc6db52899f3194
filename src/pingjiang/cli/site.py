"""Commands on the site: serving it, its history, backup and restore, a worker for its jobs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pingjiang.cli.frame import JsonOption, app, console, errors, print_json, progress_bar

audit_app = typer.Typer(help="The history of the site. 网站的办理记录（审计日志）。", no_args_is_help=True)
app.add_typer(audit_app, name="audit")
_BROKEN = 3


@app.command("serve")
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to serve at 监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port 端口")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes 进程数")] = 2,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Work on jobs and the daily round as well 同时运行后台任务")
    ] = True,
) -> None:
    """Serve the site until Ctrl-C, with a worker beside it; its database is brought up to date first. 启动网站。"""
    from pingjiang.centre import commands

    commands.serve(host, port, workers, ready_at=_say_where, worker=worker)


def _say_where(address: str) -> None:
    console.print(f"网站已启动 serving {address}", highlight=False)


@app.command("demo")
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Folder of the site 网站目录")] = Path("build/demo/site"),
    lake: Annotated[
        Path | None,
        typer.Option("--lake", help="A lake for its bureau to hold 作为城市数据湖", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port 端口")] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it until Ctrl-C 建好后启动")] = True,
    as_json: JsonOption = False,
) -> None:
    """A site with a synthetic city on this machine alone, an account a role; passwords are printed. 演示网站。"""
    from pingjiang.centre import commands

    accounts = commands.make_demo(folder, lake)
    if as_json:
        print_json([asdict(account) for account in accounts])
    else:
        console.print("示例城市：全部为合成数据 · a synthetic city: everything in it is made up", highlight=False)
        for each in accounts:
            told = f"{each.username:9} {each.password}  {' '.join(each.words)} · {each.organisation}"
            console.print(told, highlight=False)
    if serve:
        commands.serve("127.0.0.1", port, 2, ready_at=_say_where)


@audit_app.command("verify")
def verify(
    known: Annotated[
        str | None,
        typer.Option("--known", help="A digest noted earlier, which must be there 以前记下的摘要", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Walk the chain of events, recount the books and the facts, read every file; exit 3 names the first bad thing of
    each. 核验办理记录、账目、事实与文件。"""
    from pingjiang.centre import commands

    findings = commands.verify_audit(known)
    _tell(findings, as_json)
    if not findings.whole:
        raise typer.Exit(_BROKEN)


def _tell(findings: Any, as_json: bool) -> None:
    if as_json:
        print_json(findings.as_dict())
        return
    for part in findings.parts:
        zh, en = part.words
        if part.whole:
            console.print(f"{zh} {en}: 完整 whole · {part.count:,} {' '.join(part.unit)}{part.more}", highlight=False)
        else:
            errors.print(f"{zh} {en}: 被改动 broken{part.more}: {' · '.join(part.problem)}", highlight=False)


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="File to write 备份文件", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier backup 覆盖以前的备份")] = False,
    as_json: JsonOption = False,
) -> None:
    """The whole site (database, uploads, lakes) into one file, while it works. 备份整个网站。"""
    from pingjiang.centre import commands

    with progress_bar() as progress:
        manifest = commands.write_backup(file, overwrite=overwrite, progress=progress)
    _tell_manifest(manifest, as_json)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="Backup to read 备份文件", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the site that is there 替换现有网站")] = False,
    as_json: JsonOption = False,
) -> None:
    """The whole site from a backup: checked to the last byte before anything is touched. 恢复整个网站。"""
    from pingjiang.centre import commands

    with progress_bar() as progress:
        manifest, findings = commands.restore_backup(file, overwrite=overwrite, progress=progress)
    _tell_manifest(manifest, as_json)
    if not as_json:
        _tell(findings, as_json=False)
    if not findings.whole:
        raise typer.Exit(_BROKEN)


def _tell_manifest(manifest: dict[str, Any], as_json: bool) -> None:
    size = sum(each["size"] for each in manifest["files"])
    if as_json:
        print_json({"database": manifest["database"], "files": len(manifest["files"]), "bytes": size})
    else:
        console.print(
            f"{len(manifest['files']):,} 个文件 files · {size / 2**20:,.1f} MiB · 数据库 {manifest['database']}",
            highlight=False,
        )


@app.command("worker")
def worker(
    drain: Annotated[bool, typer.Option("--drain", help="End when nothing is due 做完到期的任务就退出")] = False,
) -> None:
    """Work on the site's jobs and its duties by the clock until stopped; any number may. 运行后台任务与定时事务。"""
    from pingjiang.centre import commands

    attempts = commands.work(drain=drain)
    console.print(f"{attempts:,} 次执行 attempts", highlight=False)

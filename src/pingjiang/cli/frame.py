"""What the commands share: the program, its consoles, usual options, and how answers are shown."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

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

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake

app = typer.Typer(
    name="pingjiang",
    help="平江图 Pingjiang: patents in, an industry atlas out. 专利数据进，产业图谱出。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, soft_wrap=True)
console = Console(soft_wrap=True)


def folder(text: str) -> Path:
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
    typer.Option("--lake", help="Folder of the lake 数据湖目录", show_default=False, parser=folder, metavar="PATH"),
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
    "legal": "法律状态 legal state",
    "check": "核对 checks",
}


@contextmanager
def progress_bar() -> Iterator[pipeline.Progress]:
    """A progress bar on stderr where a person looks; silence elsewhere."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, disable=not errors.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=1)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=escape(_STEP_NAMES.get(what, what)), completed=done, total=total)

        yield show


def print_json(data: object) -> None:
    """The answer for machines, on stdout."""
    plain = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(data, ensure_ascii=plain, indent=1, default=str)
    # A file name may hold bytes that are no text.
    sys.stdout.write(text.encode(errors="replace").decode() + "\n")


def open_lake(folder: Path) -> Lake:
    """The lake of a folder, which keeps as many releases as the settings say."""
    return Lake(folder, keep=Settings.from_environment().keep_releases)


def say_stale(built: str, updated: str | None = None) -> None:
    """Say on stderr that more was imported since a build."""
    zh = f"导入后尚未重新构建，数字仍属 {built}"
    en = f"more was imported since: the numbers are those of {built}"
    if updated not in (None, built):
        zh = f"导入后尚未重新构建：公开与申请计至 {updated}，同族、机构、地点与产业链仍属 {built}"
        en = (
            f"more was imported since: publications and applications count up to {updated}; "
            f"families, organisations, places and the chain are those of {built}"
        )
    errors.print(f"{zh}；请运行 `pingjiang build` · {en}, run `pingjiang build`", highlight=False)


def say_torn(torn: int) -> None:
    """Say on stderr that the log of judgements ends in something unfinished."""
    errors.print(
        f"判断记录末尾有 {torn:,} 字节未写完（当时被中断），不计入；下次写入时另存 · the log of judgements ends in "
        f"{torn:,} bytes that were never finished: they count for nothing, and are put aside by the next writer",
        highlight=False,
    )


def cell_text(cell: object) -> str:
    """A cell for reading; --json has it in full."""
    return "" if cell is None else str(round(cell, 4) if isinstance(cell, float) else cell)


def require_writable(folder: Path) -> None:
    """OSError for a folder that cannot be made or written to: said before the work, not after it."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))

"""Running a command: from an error to words and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from types import FrameType

import typer

from pingjiang.cli.frame import app, errors, print_json
from pingjiang.config import Settings
from pingjiang.errors import INTERRUPTED, DefinitionError, PingjiangError, QueryFailed, Words
from pingjiang.system import MAKE_ROOM, remedy_for

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
    elif "Offset overflow" in said or "offset overflow" in said:  # of Arrow, in clusters that join in memory
        remedy = (
            "该引擎一次最多容纳一列 2 GB 文本；请给它更多分区（docs/engines.md），或不用 --engine 在本机构建。",
            "This engine holds at most 2 GB of one column of texts at a time: give it more partitions "
            "(docs/engines.md), or build here, without --engine.",
        )
    else:
        remedy = MAKE_ROOM if "No space left" in said else _see_trace()
    return PingjiangError(f"查询引擎未能完成：{said}", f"The query engine failed: {said}", file=place, remedy=remedy)


def _failed(error: PingjiangError, code: int, kind: str | None = None) -> int:
    if "--json" in sys.argv:
        with suppress(OSError):
            print_json({"error": {**error.as_dict(), **({"kind": kind} if kind else {})}})
    text = f"{'退回 Refused: ' if code == 2 else ''}{error}"
    errors.print(text, highlight=False, markup=False, emoji=False)
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

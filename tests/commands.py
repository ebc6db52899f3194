"""Processes of the tests, forked from one that has loaded the program: to load it takes longer than most commands run.

What is told of a command is what a shell sees: its exit code, what it wrote, and that all else of it is gone.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext
from pathlib import Path

LOADED: ForkServerContext = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload(["tests.loaded"])


def pingjiang(*arguments: str | Path, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, without a terminal. `before`: Python that its process runs first."""
    words = ["pingjiang", *map(str, arguments)]
    with tempfile.TemporaryDirectory() as folder:
        told, said = Path(folder) / "stdout", Path(folder) / "stderr"
        settings = {**os.environ, "COLUMNS": "200", **environment}
        process = LOADED.Process(target=_command, args=(words, before, settings, str(Path.cwd()), str(told), str(said)))
        process.start()
        process.join(300)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(words, 300, told.read_text("utf-8"), said.read_text("utf-8"))
        code = process.exitcode
        process.close()
        return subprocess.CompletedProcess(words, code, told.read_text("utf-8"), said.read_text("utf-8"))


def _command(words: list[str], before: str, settings: Mapping[str, str], place: str, told: str, said: str) -> None:
    """The command, in the process made for it."""
    for number, path, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, told, os.O_CREAT | os.O_WRONLY),
        (2, said, os.O_CREAT | os.O_WRONLY),
    ):
        opened = os.open(path, how, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(settings)
    os.chdir(place)
    sys.argv = words
    signal.signal(signal.SIGINT, signal.default_int_handler)
    exec(before, {})
    from pingjiang import cli

    try:
        cli.main()
    finally:  # a forked process leaves without what a process does at its end
        atexit._run_exitfuncs()

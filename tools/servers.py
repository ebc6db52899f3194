"""Servers of second engines for tests and benchmarks: Sail, and Spark standalone with two workers, on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


class NotInstalled(RuntimeError):
    """The virtual environment of a server is missing."""


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def environment(name: str) -> Path:
    """The virtual environment of a server, as make test and make test-all install it. Raises NotInstalled."""
    folder = ROOT / name
    if not (folder / ".installed").is_file():
        raise NotInstalled(f"{name} is not there: make test and make test-all install it")
    return folder


@contextmanager
def running(command: Sequence[str], port: int, log: Path, seconds: int) -> Iterator[str]:
    """A server while it runs, with all its children; the URL by which it is reached."""
    with log.open("wb") as out:
        # The system ends the server where the tests are killed.
        own = ["setpriv", "--pdeathsig", "TERM", "--", *command]
        server = subprocess.Popen(own, stdout=out, stderr=out, start_new_session=True, cwd=log.parent)
        try:
            until = time.monotonic() + seconds
            while not _answers(port):
                assert server.poll() is None, f"the server ended: {log.read_text(errors='replace')[-2000:]}"
                assert time.monotonic() < until, f"no answer in {seconds} s: {log.read_text(errors='replace')[-2000:]}"
                time.sleep(0.1)
            yield f"sc://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def sail(folder: Path, before: Sequence[str] = ()) -> Iterator[str]:
    """A Sail server; `before` is put before its command."""
    port = free_port()
    command = [*before, str(environment(".venv-sail") / "bin" / "sail"), "spark", "server", "--port", str(port)]
    with running(command, port, folder / "sail.log", 60) as url:
        yield url


@contextmanager
def spark(folder: Path) -> Iterator[str]:
    """Spark standalone: a master, two workers, a Connect server."""
    venv, master, connect = environment(".venv-spark"), free_port(), free_port()
    script = str(ROOT / "tools" / "spark_cluster.sh")
    command = ["bash", script, str(venv), str(master), str(connect), str(folder / "work")]
    with running(command, connect, folder / "spark.log", 180) as url:
        yield url

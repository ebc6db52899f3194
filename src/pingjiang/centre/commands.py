"""What the command line asks of the site. Loaded only when a command of the site runs."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import logging
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from pingjiang.errors import DefinitionError, PingjiangError


def ready() -> None:
    """Set Django up by the environment. DefinitionError names a variable that is of no use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pingjiang.centre.settings")
    django.setup()
    from django.conf import settings

    settings.SITE_FOLDER.mkdir(parents=True, exist_ok=True)


def make_demo(folder: Path, lake: Path | None = None) -> list[Any]:
    """A demo site in a folder: its database brought up to date, its synthetic city. The accounts with new passwords.

    lake: one that becomes the city lake of its bureau; LakeError where it is none.
    """
    os.environ["PINGJIANG_SITE_MODE"] = "demo"
    os.environ["PINGJIANG_SITE_FOLDER"] = str(folder.absolute())
    ready()
    from django.core.management import call_command

    from pingjiang.centre import demo

    call_command("migrate", verbosity=0, interactive=False)
    accounts = demo.make()
    if lake is not None:
        demo.hold_city_lake(lake)
    return accounts


def verify_audit(known: str | None) -> Any:
    """The findings on history, books, facts and files (audit.Findings)."""
    ready()
    from pingjiang.centre import audit

    return audit.verify(known)


def write_backup(out: Path, *, overwrite: bool, progress: Any) -> dict[str, Any]:
    """The whole site into one file: its manifest."""
    ready()
    from pingjiang.centre import backup

    return backup.backup(out, overwrite=overwrite, progress=progress)


def restore_backup(file: Path, *, overwrite: bool, progress: Any) -> tuple[dict[str, Any], Any]:
    """The whole site from one file: its manifest, and the findings on what it holds (audit.Findings)."""
    ready()
    from django.core.management import call_command

    from pingjiang.centre import audit, backup

    manifest = backup.restore(file, overwrite=overwrite, progress=progress)
    call_command("migrate", verbosity=0, interactive=False)
    return manifest, audit.verify()


_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)  # of one process
# Of one process: the server counts connections, and a browser keeps several open that ask for nothing.
_CONNECTIONS = 1024
_PATIENCE = 60.0  # seconds until a server that does not answer is given up


def serve(host: str, port: int, workers: int, *, ready_at: Callable[[str], None], worker: bool = True) -> None:
    """Serve the site until it is stopped: database brought up to date, static files laid out, then the server.

    With `worker` this process also works on the jobs and keeps the duties by the clock: it is the one that starts the
    processes of the pages anew when they end, so nothing that befalls those ends it.

    `ready_at` is called with the address once it answers. DefinitionError for a demo beyond this machine.
    """
    ready()
    from django.conf import settings
    from django.core.management import call_command

    if settings.SITE_MODE == "demo" and host not in _LOOPBACK:
        raise DefinitionError(
            f"演示有公开的密码，只能在本机运行，不能用地址 {host!r}。",
            f"A demo has passwords that everybody knows: it serves this machine alone, never at {host!r}.",
            remedy=("用 --host 127.0.0.1。", "use --host 127.0.0.1."),
        )
    from pingjiang.centre import backup
    from pingjiang.centre.jobs import worker as jobs
    from pingjiang.centre.rounds import keeper as rounds

    _claim(host, port)
    with backup.in_use(settings.SITE_FOLDER):
        call_command("migrate", verbosity=0, interactive=False)
        _lay_out_static()
        with contextlib.ExitStack() as beside:
            if worker:
                beside.enter_context(jobs.beside())
                beside.enter_context(rounds.beside())
            _run(host, port, workers, ready_at)


def _lay_out_static() -> None:
    """Static files with digests in their names and packed twins (gzip, brotli), unless they lie there already."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    if settings.STATIC_ROOT is None:  # mode 'test': they are taken from where they lie
        return
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                found.update(f"{path} {hashlib.sha256(file.read()).hexdigest()}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".laid-out"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == found.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(found.hexdigest(), encoding="ascii")


def _run(host: str, port: int, workers: int, ready_at: Callable[[str], None]) -> None:
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # A site that names no secret (demo, test) made one for this process: its workers are to have the same.
    os.environ.setdefault("PINGJIANG_SITE_SECRET", settings.SECRET_KEY)
    waiting = threading.Thread(target=_wait, args=(host, port, settings.ALLOWED_HOSTS[0], ready_at), daemon=True)
    waiting.start()
    # Never a fork: threads beside it write, and a process forked in the middle of a statement keeps, in its copy of
    # SQLite's memory, a lock that nobody will ever release.
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "pingjiang.centre.wsgi:in_own_process", factory=True, address=host, port=port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=_THREADS, backpressure=_CONNECTIONS, log_level=LogLevels.warning,
        websockets=False, respawn_failed_workers=True,
    ).serve()  # fmt: skip


def _claim(host: str, port: int) -> None:
    """Whether the address can be had: said before anything is begun."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PingjiangError(
            f"地址 {host}:{port} 不能用：{error.strerror or error}。",
            f"The address {host}:{port} cannot be had: {error.strerror or error}.",
            remedy=("换一个 --port，或停止占用它的程序。", "name another --port, or stop the program that holds it."),
        ) from error


def _wait(host: str, port: int, name: str, ready_at: Callable[[str], None]) -> None:
    """Ask until the server answers."""
    shown = f"[{host}]" if ":" in host else host
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection(host, port, timeout=5)
            connection.request("GET", "/sign-in/", headers={"Host": name})
            if connection.getresponse().status < 500:
                ready_at(f"http://{shown}:{port}/")
                return
        except OSError:
            pass
        time.sleep(0.1)


def work(*, drain: bool) -> int:
    """Work on the jobs and keep the duties by the clock until TERM or INT, or with `drain` until nothing is due.

    How many jobs were attempted.

    DefinitionError where the database is not made yet, or is of another version of the program.
    """
    ready()
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from pingjiang.centre import backup
    from pingjiang.centre.jobs import worker
    from pingjiang.centre.rounds import keeper

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise DefinitionError(
            "网站的数据库还没有建好，或属于以前的版本。",
            "The database of the site is not made yet, or is of an earlier version.",
            remedy=("请先运行 pingjiang serve。", "Run pingjiang serve first."),
        )  # fmt: skip
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with backup.in_use(settings.SITE_FOLDER):
        if drain:
            attempts = worker.serve(drain=True)
            keeper.Keeper().run(drain=True)
            return attempts
        with keeper.beside():
            return worker.serve()

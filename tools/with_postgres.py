"""Run a command against a PostgreSQL of its own, which ends with it: `python -m tools.with_postgres COMMAND …`.

The server lives in a temporary folder and listens on a socket and a free port of this machine alone. Its address is
PINGJIANG_SITE_DATABASE for the command. PostgreSQL refuses to run as root: then it runs as the user `postgres`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.servers import free_port


def programs() -> Path | None:
    """Folder of initdb and pg_ctl: on the path, or where Debian puts them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database on a server that ends with the block."""
    where = programs()
    if where is None:
        raise SystemExit("with_postgres: there is no PostgreSQL. Remedy: apt-get install postgresql.")
    with tempfile.TemporaryDirectory(prefix="pingjiang-postgres-") as name:
        folder = Path(name)
        drop = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if drop:
            shutil.chown(folder, "postgres")
        data = folder / "data"

        def run(program: str, *arguments: str) -> None:
            subprocess.run([*drop, str(where / program), *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL)

        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        port = free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "pingjiang")
            yield f"postgresql://postgres@127.0.0.1:{port}/pingjiang"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def main() -> int:
    """The command's exit code. Told to end, it takes command and server with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgres() as url:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "PINGJIANG_SITE_DATABASE": url}, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

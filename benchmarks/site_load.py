"""Fifty people on mixed pages of a site: `python -m benchmarks.site_load [--seconds 30] [--postgres] [--page FILE]`.

A demo city, cases in every state, a server of two processes, and as many sessions as people, each opening one page
after another with a short think. Measured at the person's side, whole answers. Static files are fetched once by each,
as a browser does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import requests
from tools.servers import free_port
from tools.with_postgres import postgres

ROOT = Path(__file__).parents[1]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_THINK = (0.5, 2.0)  # seconds between two pages of one person
PATHS = ("/", "/todo/", "/cases/", "/cases/?page=2", "/me/", "/announcements/", "/questions/", "/public/notices/")
GOAL_MS = 500


class Person(threading.Thread):
    """One who signs in and opens pages until told to stop."""

    def __init__(self, base: str, account: str, password: str, until: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.base, self.account, self.password, self.until = base, account, password, until
        self.draw = random.Random(seed)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.problems: list[str] = []

    def run(self) -> None:
        """Sign in, then pages."""
        try:
            self._work()
        except Exception as problem:  # whatever goes wrong is a finding
            self.problems.append(repr(problem))

    def _work(self) -> None:
        with requests.Session() as session:
            form = session.get(f"{self.base}/sign-in/", timeout=60).text
            token = _TOKEN.search(form)
            if token is None:
                raise RuntimeError("the page of signing in has no token")
            fields = {"csrfmiddlewaretoken": token[1], "username": self.account, "password": self.password}
            answer = session.post(f"{self.base}/sign-in/", fields, headers={"Referer": self.base}, timeout=60)
            if "/sign-in" in answer.url:
                raise RuntimeError(f"{self.account} could not sign in")
            while time.monotonic() < self.until:
                path = self.draw.choice(PATHS)
                began = time.perf_counter()
                status = session.get(f"{self.base}{path}", timeout=60).status_code
                self.times[path].append((time.perf_counter() - began) * 1000)
                if status not in (200, 404):  # what is outside one's remit is not found
                    self.problems.append(f"{path}: {status}")
                time.sleep(self.draw.uniform(*_THINK))


@contextlib.contextmanager
def served(folder: Path, environment: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """A site with its accounts, while it runs: its address and name → password."""
    made = subprocess.run(
        [sys.executable, "-m", "pingjiang", "demo", "--no-serve", "--json", "--folder", str(folder)],
        env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    accounts = {account["username"]: account["password"] for account in json.loads(made.stdout)}
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "pingjiang", "serve", "--port", str(port)],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        if server.stdout is None or not server.stdout.readline():
            raise SystemExit("site_load: the server did not start")
        yield f"http://127.0.0.1:{port}", accounts
    finally:
        server.terminate()
        server.wait(30)


def load(environment: dict[str, str], folder: Path, people: int, seconds: float) -> str:
    """Run it: a table in Markdown."""
    with served(folder, environment) as (base, accounts):
        until = time.monotonic() + seconds + 10  # all sign in first
        names = sorted(accounts)
        chosen = [names[n % len(names)] for n in range(people)]
        crowd = [Person(base, name, accounts[name], until, n) for n, name in enumerate(chosen)]
        for person in crowd:
            person.start()
        for person in crowd:
            person.join()
    times: dict[str, list[float]] = defaultdict(list)
    for person in crowd:
        for path, found in person.times.items():
            times[path] += found
    problems = [problem for person in crowd for problem in person.problems]
    lines = ["| page | n | p50 ms | p95 ms | worst ms |", "|---|--:|--:|--:|--:|"]
    every = [one for found in times.values() for one in found]
    for path, found in [*sorted(times.items()), ("all", every)]:
        ordered = sorted(found)
        p50, p95 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
        lines.append(f"| `{path}` | {len(found)} | {p50:.0f} | {p95:.0f} | {ordered[-1]:.0f} |")
    told = f"{people} people, {len(every)} pages in {seconds:.0f} s; errors: {len(problems)}; goal: p95 < {GOAL_MS} ms."
    lines += ["", told]
    return "\n".join([*lines, *problems[:5]])


def main() -> None:
    """Measure on SQLite, or on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "site"
        url = stack.enter_context(postgres()) if chosen.postgres else ""
        environment = {
            **os.environ, "PINGJIANG_SITE_MODE": "demo", "PINGJIANG_SITE_FOLDER": str(folder),
            "PINGJIANG_SITE_DATABASE": url, "PINGJIANG_SITE_SECRET": "a-secret-of-the-benchmarks " * 2,
        }  # fmt: skip
        print(f"### {'PostgreSQL' if url else 'SQLite'}\n\n{load(environment, folder, chosen.people, chosen.seconds)}")


if __name__ == "__main__":
    main()

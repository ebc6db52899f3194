"""Fifty people on mixed pages of a site: `python -m benchmarks.site_load [--seconds 30] [--cases 10000] [--postgres]`.

A demo city with so many cases in every state, a server of two processes, and as many sessions as people, each opening
one page after another with a short think: lists, their later pages, and whatever those lists lead to. Measured at the
person's side, whole answers. Static files are fetched once by each, as a browser does.
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
from collections.abc import Iterator, Sequence
from pathlib import Path

import requests
from tools.servers import free_port
from tools.with_postgres import postgres

ROOT = Path(__file__).parents[1]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_THINK = (0.5, 2.0)  # seconds between two pages of one person
PATHS = (
    "/", "/todo/", "/cases/", "/cases/?page=9", "/cases/?q=7", "/me/", "/announcements/", "/questions/",
    "/public/notices/",
)  # fmt: skip
_RECORD = re.compile(r'href="(/(?:announcements|questions|public/notices|cases)/)(\d+)/"')
GOAL_MS = 500


class Person(threading.Thread):
    """One who signs in, waits until all have, and opens pages for so many seconds.

    What is measured is a day at work, and not the moment in which all sign in: a password is meant to take long.
    """

    pace = 1.0  # how many times as long they think
    warm = 0.0  # seconds at the beginning that do not count

    def __init__(
        self, base: str, account: str, password: str, together: threading.Barrier, seconds: float, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.base, self.account, self.password = base, account, password
        self.together, self.seconds = together, seconds
        self.draw = random.Random(seed)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.problems: list[str] = []
        self.missing = 0
        self.next = (PATHS[0], PATHS[0])

    def run(self) -> None:
        """Sign in, then pages."""
        try:
            self._work()
        except Exception as problem:  # whatever goes wrong is a finding
            self.problems.append(repr(problem))
            self.together.abort()  # nobody waits for one who could not come

    def _sign_in(self, session: requests.Session) -> None:
        form = session.get(f"{self.base}/sign-in/", timeout=60).text
        token = _TOKEN.search(form)
        if token is None:
            raise RuntimeError("the page of signing in has no token")
        fields = {"csrfmiddlewaretoken": token[1], "username": self.account, "password": self.password}
        answer = session.post(f"{self.base}/sign-in/", fields, headers={"Referer": self.base}, timeout=60)
        if "/sign-in" in answer.url:
            raise RuntimeError(f"{self.account} could not sign in")

    def _work(self) -> None:
        with requests.Session() as session:
            if self.account:  # who has none reads what is public
                self._sign_in(session)
            self.together.wait(timeout=120)
            counts = time.monotonic() + self.warm
            until = counts + self.seconds
            time.sleep(self.draw.uniform(0, _THINK[1] * self.pace))
            while time.monotonic() < until:
                name, path = self.next
                began = time.perf_counter()
                answer = session.get(f"{self.base}{path}", timeout=60)
                if time.monotonic() >= counts:
                    self.times[name].append((time.perf_counter() - began) * 1000)
                self.missing += answer.status_code == 404  # what is outside one's remit is not found: quickly
                if answer.status_code not in (200, 404):
                    self.problems.append(f"{path}: {answer.status_code}")
                self.next = self._chosen(answer.text)
                time.sleep(self.draw.uniform(*_THINK) * self.pace)

    def _chosen(self, page: str) -> tuple[str, str]:
        """The next page as (name, address): a record that this one lists, or one of the lists."""
        records = _RECORD.findall(page)
        if records and self.draw.random() < 0.5:
            kind, number = self.draw.choice(records)
            return f"{kind}…/", f"{kind}{number}/"
        path = self.draw.choice(PATHS)
        return path, path


@contextlib.contextmanager
def served(
    folder: Path, environment: dict[str, str], cases: int, lake: Path | None = None
) -> Iterator[tuple[str, dict[str, str]]]:
    """A site with its accounts, while it runs: its address and name → password. `lake`: that of its bureau."""
    held = [] if lake is None else ["--lake", str(lake)]
    made = subprocess.run(
        [sys.executable, "-m", "pingjiang", "demo", "--no-serve", "--json", "--folder", str(folder), *held],
        env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    accounts = {account["username"]: account["password"] for account in json.loads(made.stdout)}
    if cases:
        named = {**environment, "DJANGO_SETTINGS_MODULE": "pingjiang.centre.settings"}
        subprocess.run([sys.executable, "-m", "benchmarks.site_fill", str(cases)], env=named, cwd=ROOT, check=True)
    with serving(environment) as base:
        yield base, accounts


@contextlib.contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """The address of a site while it runs."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "pingjiang", "serve", "--port", str(port)],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        if server.stdout is None or not server.stdout.readline():
            raise SystemExit("site_load: the server did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def load(environment: dict[str, str], folder: Path, people: int, seconds: float, cases: int) -> str:
    """Run it: a table in Markdown."""
    with served(folder, environment, cases) as (base, accounts):
        together = threading.Barrier(people)
        names = sorted(accounts)
        chosen = [names[n % len(names)] for n in range(people)]
        crowd = [Person(base, name, accounts[name], together, seconds, n) for n, name in enumerate(chosen)]
        for person in crowd:
            person.start()
        for person in crowd:
            person.join()
    told = f"{cases:,} cases, {people} people, {{n}} pages in {seconds:.0f} s"
    return table(crowd, told)


def table(crowd: Sequence[Person], told: str) -> str:
    """What people saw, in Markdown: a line a page, and `told` with the number of all pages put in at {n}."""
    times: dict[str, list[float]] = defaultdict(list)
    for person in crowd:
        for path, found in person.times.items():
            times[path] += found
    problems = [problem for person in crowd for problem in person.problems]
    missing = sum(person.missing for person in crowd)
    lines = ["| page | n | p50 ms | p95 ms | worst ms |", "|---|--:|--:|--:|--:|"]
    every = [one for found in times.values() for one in found]
    for path, found in [*sorted(times.items()), ("all", every)]:
        ordered = sorted(found)
        p50, p95 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
        lines.append(f"| `{path}` | {len(found)} | {p50:.0f} | {p95:.0f} | {ordered[-1]:.0f} |")
    lines += [
        "",
        f"{told.format(n=len(every))}; not found: {missing}; errors: {len(problems)}; goal: p95 < {GOAL_MS} ms.",
    ]
    return "\n".join([*lines, *problems[:5]])


def main() -> None:
    """Measure on SQLite, or on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "site"
        url = stack.enter_context(postgres()) if chosen.postgres else ""
        environment = {
            **os.environ, "PINGJIANG_SITE_MODE": "demo", "PINGJIANG_SITE_FOLDER": str(folder),
            "PINGJIANG_SITE_DATABASE": url, "PINGJIANG_SITE_SECRET": "a-secret-of-the-benchmarks " * 2,
        }  # fmt: skip
        told = load(environment, folder, chosen.people, chosen.seconds, chosen.cases)
        print(f"### {'PostgreSQL' if url else 'SQLite'}\n\n{told}")


if __name__ == "__main__":
    main()

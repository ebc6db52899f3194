"""Fifty people on the pages of the programme: `python -m benchmarks.programme_load [--applications 200] [--postgres]`.

A site with four calls of so many applications each (benchmarks/programme_fill.py): a panel that is being made up, one
whose seven experts write, decisions in preparation, on the table, and with their notice out. Officers, leaders,
districts, experts, firms and the public each walk the pages of their role, one after another with a short think; each
page is as often as any other of its role, and the first `--warm` seconds do not count: processes that have just begun
have yet to read their templates and rules.

What a machine can carry depends on how fast it is: where `benchmarks.site_load` takes k times what docs/performance.md
has of it, `--pace k` lets people think k times as long, so that the machine is as busy as the one there; times are then
told as they are, and are k times those there. `--alone` instead asks for each page in one process with nobody else:
queries and processor time. What the moves cost that people wait for was noted while the site was filled.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from tools.with_postgres import postgres

from benchmarks.page_cost import counting
from benchmarks.site_load import ROOT, Person, serving, table

PASSWORD = "correct horse battery"  # of everybody in the cast of the tests
_TIMES = 5


class Walker(Person):
    """One who opens the pages of a role."""

    def __init__(
        self, base: str, account: str, pages: list[tuple[str, str]], together: threading.Barrier, seconds: float,
        seed: int,
    ) -> None:  # fmt: skip
        super().__init__(base, account, PASSWORD, together, seconds, seed)
        self.pages: dict[str, list[str]] = defaultdict(list)
        for name, address in pages:
            self.pages[name].append(address)
        self.next = self._chosen("")

    def _chosen(self, page: str) -> tuple[str, str]:
        name = self.draw.choice(list(self.pages))
        return name, self.draw.choice(self.pages[name])


def load(
    environment: dict[str, str], filled: dict[str, Any], people: int, seconds: float, warm: float, pace: float
) -> str:
    """Run it: a table in Markdown."""
    accounts = list(filled["people"])
    with serving(environment) as base:
        together = threading.Barrier(people)
        crowd = []
        for n in range(people):
            name = accounts[n % len(accounts)]
            crowd.append(Walker(base, name, filled["people"][name], together, seconds, n))
            crowd[-1].warm, crowd[-1].pace = warm, pace
        for person in crowd:
            person.start()
        for person in crowd:
            person.join()
    return table(
        crowd, f"{people} people at {pace:g} times their think, {{n}} pages in {seconds:.0f} s, warmed {warm:.0f} s"
    )


def alone(filled: dict[str, Any]) -> str:
    """Each page of each account once to warm it and some times more, in this process: a table in Markdown."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    found: dict[str, tuple[int, float, float, int]] = {}
    for account, pages in filled["people"].items():
        client = Client(HTTP_HOST="127.0.0.1")
        if account:
            client.force_login(get_user_model().objects.get(username=account))
        for name, address in dict(pages).items():
            if name in found:
                continue
            began = time.process_time()
            client.get(address, follow=True)
            first, times = time.process_time() - began, []
            with counting() as asked:
                answer = client.get(address, follow=True)
            for _ in range(_TIMES):
                began = time.process_time()
                answer = client.get(address, follow=True)
                times.append(time.process_time() - began)
            assert answer.status_code == 200, (address, answer.status_code)
            found[name] = asked.site, first, statistics.median(times), len(answer.content)
    lines = ["| page | queries | first ms | again ms | kB |", "|---|--:|--:|--:|--:|"]
    for name, (queries, first, again, size) in sorted(found.items()):
        lines.append(f"| `{name}` | {queries} | {first * 1000:.0f} | {again * 1000:.0f} | {size / 1000:.0f} |")
    return "\n".join(lines)


def moves(filled: dict[str, Any]) -> str:
    """What people waited for while the site was filled: a table in Markdown."""
    lines = ["| move | processor s |", "|---|--:|"]
    return "\n".join([*lines, *(f"| {name} | {seconds:.2f} |" for name, seconds in filled["took"].items())])


def main() -> None:
    """Measure on SQLite, or on PostgreSQL. `--site` keeps a filled site there, and takes it if it is filled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm", type=float, default=30)
    parser.add_argument("--pace", type=float, default=1)
    parser.add_argument("--applications", type=int, default=200)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--site", type=Path)
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = chosen.site or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "site"
        url = stack.enter_context(postgres()) if chosen.postgres else ""
        os.environ |= {
            "PINGJIANG_SITE_MODE": "demo", "PINGJIANG_SITE_FOLDER": str(folder), "PINGJIANG_SITE_DATABASE": url,
            "PINGJIANG_SITE_SECRET": "a-secret-of-the-benchmarks " * 2,
            "DJANGO_SETTINGS_MODULE": "pingjiang.centre.settings",
        }  # fmt: skip
        told = folder / "filled.json"
        if not told.exists():
            fill = [sys.executable, "-m", "benchmarks.programme_fill", str(chosen.applications)]
            text = subprocess.run(fill, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
            told.write_text(text)
        filled = json.loads(told.read_text())
        print(f"### {'PostgreSQL' if url else 'SQLite'}\n\n{moves(filled)}\n")
        if chosen.alone:
            from pingjiang.centre import commands

            commands.ready()
            commands._lay_out_static()
            print(alone(filled))
        else:
            print(load(dict(os.environ), filled, chosen.people, chosen.seconds, chosen.warm, chosen.pace))


if __name__ == "__main__":
    main()

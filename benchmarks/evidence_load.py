"""Fifty people on the pages of evidence of one lake: `python -m benchmarks.evidence_load --lake FOLDER [--seconds 60]`.

The lake becomes that of the bureau of a demo city (`python -m benchmarks.evidence_lake` makes one of any size); all
fifty read it, each opening one page after another with a short think: overview, atlas, search, organisations, persons,
chain, review queue, rosters, and the records that these list. What they search for differs, so that most queries are
asked for the first time. Both processes of the server have opened the release before, and had `--warm` seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import requests

from benchmarks.site_load import _TOKEN, Person, served, table

READERS = ("officer", "leader")  # who reads the lake of the bureau
PLACES = (
    "data/", "atlas/", "atlas/time/", "atlas/places/", "atlas/nodes/", "atlas/organisations/", "atlas/network/",
    "atlas/items/", "atlas/?unit=simple_family", "search/?q=…", "identity/", "identity/?q=…", "identity/?level=group",
    "identity/people/", "identity/people/?q=…", "identity/review/", "identity/register/", "chain/", "chain/coverage/",
    "rosters/",
)  # fmt: skip
_RECORD = re.compile(
    r'href="(/evidence/\d+/(identity/organisations|identity/people|search/publication|chain/node)/[^"?/]+/)'
)
_OFTEN = 0.5  # how often somebody opens what a list holds
_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


class Analyst(Person):
    """One who reads a lake."""

    def __init__(
        self, base: str, account: str, password: str, together: threading.Barrier, seconds: float, seed: int, lake: str
    ) -> None:
        super().__init__(base, account, password, together, seconds, seed)
        self.lake = lake
        self.next = self._place()

    def _chosen(self, page: str) -> tuple[str, str]:
        records = _RECORD.findall(page)
        if records and self.draw.random() < _OFTEN:
            address, kind = self.draw.choice(records)
            return f"{kind}/…", address
        return self._place()

    def _place(self) -> tuple[str, str]:
        name = self.draw.choice(PLACES)
        asked = {"search/?q=…": self._query, "identity/?q=…": self._organisation, "identity/people/?q=…": self._person}
        words = asked[name]() if name in asked else ""
        return name, f"/evidence/{self.lake}/{name.replace('…', quote(words))}"

    def _query(self) -> str:
        number = self.draw.randrange(10_000)
        since, until = 1990 + number % 20, 2011 + number % 14
        return self.draw.choice((
            f"TI=(装置 AND {number})", f"PA=星桥{number % 500}", f"IPC=H01L21/{number % 32:02d} AND APD>={since}",
            f"PROVINCE=江苏 AND APD={since}", f"APD=[{since} TO {until}] AND PT=发明",
        ))  # fmt: skip

    def _organisation(self) -> str:
        return f"星桥{self.draw.randrange(10_000)}"

    def _person(self) -> str:
        return self.draw.choice(_NAMES) + self.draw.choice("伟芳娜敏静丽强磊军洋")


def _signed_in(base: str, account: str, password: str) -> requests.Session:
    session = requests.Session()
    token = _TOKEN.search(session.get(f"{base}/sign-in/", timeout=60).text)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "username": account, "password": password}
    session.post(f"{base}/sign-in/", fields, headers={"Referer": base}, timeout=60)
    return session


def _opened(base: str, account: str, password: str, warm: float) -> str:
    """The number of the lake, once both processes have opened it and had their time."""
    session = _signed_in(base, account, password)
    found = re.search(r"/evidence/(\d+)/data/", session.get(f"{base}/evidence/", timeout=60).text)
    assert found is not None, "the bureau holds no lake"
    with ThreadPoolExecutor(12) as at_once:
        list(at_once.map(lambda _n: session.get(f"{base}/evidence/{found[1]}/chain/", timeout=300), range(24)))
    time.sleep(warm)
    return found[1]


@contextlib.contextmanager
def _environment() -> Iterator[tuple[dict[str, str], Path]]:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        yield {
            **os.environ, "PINGJIANG_SITE_MODE": "demo", "PINGJIANG_SITE_FOLDER": str(site),
            "PINGJIANG_SITE_SECRET": "a-secret-of-the-benchmarks " * 2,
        }, site  # fmt: skip


def load(lake: Path, people: int, seconds: float, warm: float) -> str:
    """Run it: a table in Markdown."""
    with _environment() as (environment, site), served(site, environment, 0, lake) as (base, accounts):
        number = _opened(base, READERS[0], accounts[READERS[0]], warm)
        together = threading.Barrier(people)
        crowd = [
            Analyst(base, name, accounts[name], together, seconds, n, number)
            for n, name in enumerate(READERS[n % len(READERS)] for n in range(people))
        ]
        for person in crowd:
            person.start()
        for person in crowd:
            person.join()
    return table(crowd, f"{people} people, {{n}} pages in {seconds:.0f} s, warmed {warm:.0f} s")


def main() -> None:
    """Measure on SQLite, which holds accounts and little else here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", type=Path, required=True)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm", type=float, default=30)
    chosen = parser.parse_args()
    print(load(chosen.lake, chosen.people, chosen.seconds, chosen.warm))


if __name__ == "__main__":
    main()

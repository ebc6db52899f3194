"""Processor time of each evidence page, alone: `python -m benchmarks.page_cost --lake FOLDER [--profile PAGE]`.

One process, the site's own application, no network and nobody else: what a page costs does not depend on what the
machine does beside it. `again` is a page that somebody has seen before, the median of `--times`; `first` is the median
of as many addresses of one kind, each asked for once. `--profile` shows where one kind of page spends its time.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import io
import os
import pstats
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

PAGES = (
    "data/", "atlas/", "atlas/time/", "atlas/places/", "atlas/nodes/", "atlas/organisations/", "atlas/network/",
    "atlas/items/", "identity/", "identity/?level=group", "identity/people/", "identity/review/", "identity/register/",
    "chain/", "chain/coverage/", "rosters/",
)  # fmt: skip
_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_READER = "officer"


@dataclass(frozen=True)
class Cost:
    """What answers of one kind took: milliseconds of the processor, queries of the site and of the engine, bytes."""

    page: str
    again: float | None
    first: float | None
    site: int
    engine: int
    size: int


class Reader:
    """One who is signed in, asking the site's application as a server does: no page is without its sessions."""

    def __init__(self, application: Any, cookies: str) -> None:
        self._application, self._cookies = application, cookies

    def page(self, path: str) -> str:
        """The text of a page; RuntimeError where it is none."""
        from django.test import RequestFactory

        request = RequestFactory(HTTP_HOST="127.0.0.1", HTTP_COOKIE=self._cookies).get(path)
        told: list[str] = []
        answer = self._application(request.environ, lambda status, headers: told.append(status))
        try:
            text = b"".join(answer).decode()
        finally:
            answer.close()
        if not told[0].startswith("200"):
            raise RuntimeError(f"page_cost: {path}: {told[0]}")
        return text


def _reader() -> Reader:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from pingjiang.centre.wsgi import application

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(get_user_model().objects.get(username=_READER), "django.contrib.auth.backends.ModelBackend")
    return Reader(application, "; ".join(f"{name}={each.value}" for name, each in client.cookies.items()))


@contextmanager
def _site(lake: Path) -> Iterator[tuple[Reader, str]]:
    """A demo city whose bureau holds the lake, its newest release warmed: who reads it, where its pages begin."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "PINGJIANG_SITE_MODE": "demo", "PINGJIANG_SITE_SECRET": "a-secret-of-the-benchmarks " * 2,
            "DJANGO_SETTINGS_MODULE": "pingjiang.centre.settings",
        }  # fmt: skip
        from pingjiang.centre import commands

        commands.make_demo(Path(folder) / "site", lake)
        commands._lay_out_static()
        from pingjiang.centre.evidence import warming
        from pingjiang.centre.evidence.models import DataLake
        from pingjiang.centre.evidence.opening import opened

        row = DataLake.objects.get()
        warming.begin = lambda at: None
        print(f"warmed in {warming.warm(opened(row)):.1f} s", flush=True)
        yield _reader(), f"/evidence/{row.pk}/"


def kinds(reader: Reader, home: str, times: int) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """Kind of page → addresses that are asked for again and again, addresses that are asked for once."""
    draw = random.Random(20261130)

    def listed(pages: Sequence[str], kind: str) -> list[str]:
        """What lists lead to, in an order of chance."""
        text = "".join(reader.page(f"{home}{page}") for page in pages)
        found = sorted(set(re.findall(rf'href="({home}{kind}/[^"?/]+/)', text)))
        return draw.sample(found, min(times + 1, len(found)))

    def words(page: str, of: Callable[[int], str]) -> list[str]:
        return [f"{home}{page}{quote(of(number))}" for number in range(times + 1)]

    found: dict[str, tuple[Sequence[str], Sequence[str]]] = {page: ([f"{home}{page}"], ()) for page in PAGES}
    pages = range(1, 3 + times // 20)
    first = {
        "atlas/?filed=…": words("atlas/?filed=", lambda n: f"{1990 + n % 30}-{2020 + n // 30}"),
        "atlas/nodes/?filed=…": words("atlas/nodes/?filed=", lambda n: f"{1991 + n % 30}-{2020 + n // 30}"),
        "identity/?q=…": words("identity/?q=", lambda n: f"星桥{draw.randrange(10_000)}"),
        "identity/people/?q=…": words("identity/people/?q=", lambda n: _NAMES[n % 20] + "伟芳娜敏静"[n // 20 % 5]),
        "search/?q=TI…": words("search/?q=", lambda n: f"TI=(装置 AND {draw.randrange(10_000)})"),
        "search/?q=PA…": words("search/?q=", lambda n: f"PA=星桥{n}"),
        "search/?q=IPC…": words("search/?q=", lambda n: f"IPC=H01L21/{n % 32:02d} AND APD>={1990 + n % 20}"),
        "search/?q=PROVINCE…": words("search/?q=", lambda n: f"PROVINCE=江苏 AND APD={1990 + n}"),
        "search/?q=APD…": words("search/?q=", lambda n: f"APD=[{1990 + n % 20} TO {2011 + n % 14}] AND PT=发明"),
        "chain/node/…": listed(["chain/"], "chain/node"),
        "identity/organisations/…": listed([f"identity/?page={n}" for n in pages], "identity/organisations"),
        "identity/people/…": listed([f"identity/people/?page={n}" for n in pages], "identity/people"),
        "search/publication/…": listed([f"atlas/items/?page={n}" for n in pages], "search/publication"),
    }
    return found | {kind: (addresses[:1], addresses[1:]) for kind, addresses in first.items()}


@dataclass
class _Counted:
    site: int = 0
    engine: int = 0


@contextmanager
def counting() -> Iterator[_Counted]:
    """Queries that are asked inside, of the site's database and of the engine."""
    from django.db import connection

    from pingjiang.engine.session import Session

    counted, run, arrow = _Counted(), Session._run, Session.arrow

    def of_engine(of: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*of_it: Any, **more: Any) -> Any:
            counted.engine += 1
            return of(*of_it, **more)

        return asked

    def of_site(execute: Callable[..., Any], *what: Any) -> Any:
        counted.site += 1
        return execute(*what)

    Session._run, Session.arrow = of_engine(run), of_engine(arrow)  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(of_site):
            yield counted
    finally:
        Session._run, Session.arrow = run, arrow  # type: ignore[method-assign]


def _took(reader: Reader, path: str) -> float:
    gc.collect()
    began = time.thread_time()
    reader.page(path)
    return (time.thread_time() - began) * 1000


def cost(reader: Reader, page: str, again: Sequence[str], first: Sequence[str], times: int) -> Cost:
    """What a kind of page costs."""
    once = [_took(reader, path) for path in first]
    path = again[0]
    for _ in range(3):
        text = reader.page(path)
    repeated = [_took(reader, path) for _ in range(times)]
    with counting() as counted:
        reader.page(path)
    return Cost(
        page, statistics.median(repeated), statistics.median(once) if once else None, counted.site, counted.engine,
        len(text.encode()),
    )  # fmt: skip


def table(costs: Sequence[Cost]) -> str:
    """In Markdown."""
    lines = [
        "| page | again ms | first ms | queries of the site | of the engine | kB |", "|---|--:|--:|--:|--:|--:|"
    ]  # fmt: skip
    for each in costs:
        again, first = (f"{value:.1f}" if value is not None else "" for value in (each.again, each.first))
        lines.append(f"| `{each.page}` | {again} | {first} | {each.site} | {each.engine} | {each.size / 1000:.0f} |")
    return "\n".join(lines)


def profiled(reader: Reader, addresses: Sequence[str]) -> str:
    """Where the time of these addresses goes, by function."""
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for path in addresses:
        reader.page(path)
    profile.disable()
    text = io.StringIO()
    told = pstats.Stats(profile, stream=text)
    told.sort_stats("cumulative").print_stats(90)
    told.sort_stats("tottime").print_stats(40)
    return text.getvalue()


def main() -> None:
    """Every kind of page, or one of them and where its time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", type=Path, required=True)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", default="", help="kinds that contain this")
    parser.add_argument("--profile", choices=("again", "first"))
    chosen = parser.parse_args()
    with _site(chosen.lake) as (reader, home):
        found = kinds(reader, home, chosen.times)
        wanted = {page: asked for page, asked in found.items() if chosen.only in page}
        if chosen.profile:
            for page, (again, first) in wanted.items():
                reader.page(again[0])
                print(page, profiled(reader, first if chosen.profile == "first" else [again[0]] * chosen.times))
            return
        print(table([cost(reader, page, again, first, chosen.times) for page, (again, first) in wanted.items()]))


if __name__ == "__main__":
    main()

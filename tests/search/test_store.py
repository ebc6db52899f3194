"""Indexes beside releases: whole or not there, told when they wait, made anew when broken; and what is made of them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import fastexcel
import pytest
from typer.testing import CliRunner

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.cli import app
from pingjiang.config import Settings
from pingjiang.engine import Lake, open_engine
from pingjiang.search import ensure, find, store
from pingjiang.search.exported import export

SETTINGS = Settings.from_environment({})
HEADS = "Publication Number,Title,Abstract,Application Date,Publication Date,Applicant,IPC\n"
_FIRMS = ("宁德时代新能源科技股份有限公司", "Toyota Motor Corp", "=SUM(A1)")


def write_rows(path: Path, first: int, count: int) -> None:
    """A table of publications, every third of them of a battery (synthetic)."""
    titles = ("锂電池隔膜及其制备方法", "5G基站·天線", "Solid-state sulfide electrolyte")
    rows = [
        f"CN1100{number:05}A,{titles[number % 3]},一种ＭＥＭＳ芯片 number {number},"
        f"201{number % 8}-03-01,2020-01-0{1 + number % 9},{_FIRMS[number % 3]},H01M10/05"
        for number in range(first, first + count)
    ]
    path.write_text(HEADS + "\n".join(rows) + "\n", encoding="utf-8")


def grow(folder: Path, lake: Lake, first: int, count: int = 12) -> str:
    path = folder / f"rows-{first}.csv"
    write_rows(path, first, count)
    pipeline.import_files([path], lake, settings=SETTINGS)
    pipeline.build(lake, load_chain("semiconductors"), settings=SETTINGS)
    return lake.require_current().id


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    grow(tmp_path, made, 0)
    return made


def ask(lake: Lake, query: str) -> list[str]:
    return [hit["publication_id"] for hit in find(lake, query, settings=SETTINGS).hits(None)]


@pytest.mark.parametrize(
    "query", ["电池", "電池", "池", "5g基站", "５Ｇ基站", "基站·天线", "芯片", "solid-state", "mems芯片"]
)
def test_words_are_found_in_every_width_and_script(lake: Lake, query: str) -> None:
    assert len(ask(lake, query)) == (12 if "芯片" in query else 4)


def test_a_newer_release_waits_for_its_index(lake: Lake, tmp_path: Path) -> None:
    first = find(lake, "电池", settings=SETTINGS)
    assert (first.total, first.stale) == (4, False)
    second = grow(tmp_path, lake, 12)
    waiting = find(lake, "电池", settings=SETTINGS)
    assert (waiting.total, waiting.stale, waiting.index.release) == (4, True, first.release)
    index, _ = ensure(lake, settings=SETTINGS)
    assert index.release == second
    now = find(lake, "电池", settings=SETTINGS)
    assert (now.total, now.stale) == (8, False)
    assert [path.name for path in (lake.folder / "search").iterdir() if path.name[0] != "."] == [second]


def _shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [_shorten, _flip, Path.unlink])
def test_harm_to_any_file_is_noticed(lake: Lake, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    index, _ = ensure(lake, settings=SETTINGS)
    folder = lake.folder / "search" / index.release
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert len(files) > 30
    for number, name in enumerate(files):
        if name.name == "about.json" and harm is _flip:
            continue  # a digest that is not asked for may be another
        copy = tmp_path / str(number) / index.release
        shutil.copytree(folder, copy)
        assert store.opened(copy, None) is not None
        harm(copy / name)
        assert store.opened(copy, None) is None, name


def test_a_broken_index_is_made_anew(lake: Lake) -> None:
    assert len(ask(lake, "电池")) == 4
    [about] = (lake.folder / "search").rglob("about.json")
    before = about.stat().st_mtime_ns
    assert len(ask(lake, "电池")) == 4
    assert about.stat().st_mtime_ns == before
    _flip(next(about.parent.glob("index/*.idx")))
    assert len(ask(lake, "电池")) == 4
    assert about.stat().st_mtime_ns > before


def test_facets_count_all(lake: Lake) -> None:
    found = find(lake, "TIAB=*", settings=SETTINGS)
    facets = found.facets()
    assert found.total == 12
    years = Counter(f"201{number % 8}" for number in range(12))
    assert {one["id"]: one["count"] for one in facets["year"]["values"]} == years
    counts = {one["zh"]: one["count"] for one in facets["organisation"]["values"]}
    assert counts["宁德时代新能源科技股份有限公司"] == 4
    assert facets["node"]["unknown"] + len(ask(lake, "NODE=*")) == 12
    with open_engine(SETTINGS, lake.folder) as session:
        states = session.rows(
            "select state, count(*) from s group by 1", s=lake.require_current().open(session)["legal_state"]
        )
    assert {one["id"]: one["count"] for one in facets["state"]["values"]} == {k: n for k, n in states if k is not None}


def test_what_is_marked(lake: Lake) -> None:
    [first, *_] = find(lake, "标题=(電池 6W 方法) NOT 摘要=无", settings=SETTINGS).hits(1)
    [why] = first["why"]
    assert [why["text"][a:b] for a, b in why["places"]] == ["電池隔膜及其制备方法"]
    [first, *_] = find(lake, "mems", settings=SETTINGS).hits(1)
    assert [why["text"][a:b] for why in first["why"] for a, b in why["places"]] == ["ＭＥＭＳ"]


def test_exports_hold_all(lake: Lake, tmp_path: Path) -> None:
    found = find(lake, "芯片", settings=SETTINGS)
    ids = {hit["publication_id"] for hit in found.hits(None)}
    export(found, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))[1:]
    assert {row[0] for row in rows} == ids and len(rows) == 12
    assert not any(cell.startswith("=") for row in rows for cell in row)
    export(found, tmp_path / "all.xlsx")
    sheet = fastexcel.read_excel(tmp_path / "all.xlsx").load_sheet("hits").to_arrow()
    assert set(sheet.column(0).to_pylist()) == ids


def test_the_command(lake: Lake) -> None:
    run = CliRunner().invoke(app, ["search", "电池", "--lake", str(lake.folder), "--json"])
    told = json.loads(run.stdout)
    assert {"echo", "total", "release", "index_release", "hits", "facets"} <= told.keys()
    assert (told["echo"], told["total"], len(told["hits"])) == ("TIAB=电池", 4, 4)
    shown = CliRunner().invoke(app, ["search", "电池", "--lake", str(lake.folder)])
    assert "【電池】" in shown.stdout


@pytest.mark.slow
def test_killed_at_any_moment_the_last_good_index_stands(lake: Lake, tmp_path: Path) -> None:
    assert len(ask(lake, "电池")) == 4
    grow(tmp_path, lake, 12, 600)
    command = [sys.executable, "-m", "pingjiang", "index", "--lake", str(lake.folder)]
    killed = 0
    for tenths in range(4, 40, 4):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(tenths / 10)
        killed += process.poll() is None
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert len(ask(lake, "电池")) in (4, 204)
    assert killed
    ensure(lake, settings=SETTINGS)
    assert len(ask(lake, "电池")) == 204

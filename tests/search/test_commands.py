"""The commands `search` and `index`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pingjiang.cli import app
from pingjiang.engine import Lake
from pingjiang.search.facets import FACETS
from tests.search.conftest import add


def run(lake: Lake, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--lake", str(lake.folder)])


def test_the_contract(kept_lake: Lake) -> None:
    told = json.loads(run(kept_lake, "search", "电池", "--json").stdout)
    assert {"echo", "total", "release", "index_release", "hits", "facets"} <= told.keys()
    assert (told["echo"], told["total"], len(told["hits"])) == ("TIAB=电池", 8, 8)
    assert told["release"] == told["index_release"] == kept_lake.require_current().id
    assert told["facets"].keys() == set(FACETS)


def test_all_are_listed_when_asked_for(kept_lake: Lake) -> None:
    assert json.loads(run(kept_lake, "index", "--json").stdout)["publications"] == 24
    few = json.loads(run(kept_lake, "search", "芯片", "--json").stdout)
    assert (few["total"], len(few["hits"])) == (24, 20)
    told = json.loads(run(kept_lake, "search", "芯片", "--all", "--json").stdout)
    assert len({hit["publication_id"] for hit in told["hits"]}) == 24
    assert told["hits"][:20] == few["hits"] and told["facets"] == few["facets"]


def test_what_is_shown(kept_lake: Lake) -> None:
    shown = run(kept_lake, "search", "电池").stdout
    assert "【電池】" in shown and "共 8 件" in shown and kept_lake.require_current().id in shown


def test_waiting_is_said(lake: Lake) -> None:
    old = lake.require_current().id
    add(lake, 12)
    said = run(lake, "search", "电池")
    assert "尚未" in said.stderr and old in said.stderr and lake.require_current().id in said.stderr
    assert "`pingjiang build`" in said.stderr
    assert "共 8 件" in said.stdout


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("标题=(电池", "第 7 个字符"),
        ("标题=", "At character"),
        ("电池 AND", "At character"),
        ("#3", "没有集合 #3"),
        ("不存在=电池", "不存在"),
        ("", "At character"),
    ],
)
def test_errors_say_what_is_wrong(kept_lake: Lake, query: str, says: str) -> None:
    said = run(kept_lake, "search", query)
    assert said.exit_code != 0
    assert says in str(said.exception)


def test_another_kind_of_file_is_refused_before_an_index_is_made(lake: Lake, tmp_path: Path) -> None:
    shutil.rmtree(lake.folder / "search")
    said = run(lake, "search", "电池", "--out", str(tmp_path / "all.pdf"))
    assert said.exit_code != 0 and ".pdf" in str(said.exception)
    assert not (lake.folder / "search").exists()


def test_exports_are_named(kept_lake: Lake, tmp_path: Path) -> None:
    told = json.loads(run(kept_lake, "search", "电池", "--json", "--out", str(tmp_path / "all.xlsx")).stdout)
    assert told["written"]["rows"] == 8 and (tmp_path / "all.xlsx").is_file()

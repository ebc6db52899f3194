"""Answers on a lake of made-up exports: what a hit tells, refusals, and indexes that are whole or not there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.cli import app
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, LakeError
from pingjiang.search.similar import answer as answers
from pingjiang.search.similar import find_similar
from pingjiang.search.similar.method import shipped_method

from .made import HashedTerms

SETTINGS = replace(Settings.from_environment({}), threads=1)
HEADS = "Publication Number,Title,Abstract,Application Number,Application Date,Publication Date,Priority,IPC\n"
TITLES = ("锂電池隔膜及其制备方法", "5G基站·天線", "Solid-state sulfide electrolyte", "Electrolyte of a battery")


def write_rows(path: Path, first: int, count: int) -> Path:
    """Publications of four titles, each numbered (synthetic); 0 and 4 are of one application."""
    rows = [
        f"CN{110000000 + number}{'B' if number == 4 else 'A'},{TITLES[number % 4]},一种芯片 number {number},"
        f"CN2018{10000000 + number % 4 if number < 5 else 10000000 + number},2018-03-01,2020-01-01,,"
        f"{'H01M10/05' if number % 4 != 1 else 'H04B7/00'}"
        for number in range(first, first + count)
    ]
    path.write_text(HEADS + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def grow(lake: Lake, folder: Path, first: int, count: int = 12) -> str:
    pipeline.import_files([write_rows(folder / f"rows-{first}.csv", first, count)], lake, settings=SETTINGS)
    pipeline.build(lake, load_chain("semiconductors"), settings=SETTINGS)
    return lake.require_current().id


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("similar")
    lake = Lake(folder / "lake")
    grow(lake, folder, 0)
    return lake


@pytest.fixture
def lake(built: Lake, tmp_path: Path) -> Lake:
    shutil.copytree(built.folder, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def ask(lake: Lake, **asked: object) -> dict[str, object]:
    return find_similar(lake, settings=SETTINGS, encoder=HashedTerms(), **asked).as_dict()  # type: ignore[arg-type]


def test_a_hit_tells_why(lake: Lake) -> None:
    told = ask(lake, publication="CN110000000A")
    hits = told["hits"]
    assert isinstance(hits, list)
    assert told["release"] == told["index_release"] and told["stale"] is False
    assert [one["used"] for one in told["methods"]] == [True, True, True]  # type: ignore[attr-defined]
    first = hits[0]
    assert first["publication_id"] in {"CN110000004B", "CN110000008A"}
    assert first["shared_symbols"] == ["H01M10/05"]
    assert "电池" in first["shared_terms"]
    assert len(first["shared_terms"]) == 10
    assert set(first["brought_by"]) == set(first["ranks"]) == {"terms", "vectors", "symbols"}
    fusing = shipped_method().fusing
    adds = [fusing.weights[name] / (fusing.constant + rank) for name, rank in first["ranks"].items()]
    assert first["score"] == pytest.approx(sum(adds))
    kin = {hit["publication_id"]: hit["kin"] for hit in hits}
    assert kin["CN110000004B"] == "application" and kin["CN110000008A"] is None
    assert "CN110000000A" not in kin
    assert told == ask(lake, publication="cn 110000000")  # one publication has that number


def test_families_may_be_left_out(lake: Lake) -> None:
    hits = ask(lake, publication="CN110000000A", families=False)["hits"]
    assert {hit["kin"] for hit in hits} == {None}  # type: ignore[attr-defined]
    assert len(hits) == 10  # type: ignore[arg-type]


def test_a_family_may_be_listed_once(lake: Lake) -> None:
    everything, once = (ask(lake, text="锂电池的隔膜", one_per_family=flag)["hits"] for flag in (False, True))
    listed = [hit["publication_id"] for hit in everything]  # type: ignore[attr-defined]
    kept = [hit["publication_id"] for hit in once]  # type: ignore[attr-defined]
    assert {"CN110000000A", "CN110000004B"} <= set(listed)
    assert kept == [one for one in listed if one != "CN110000004B"]


def test_a_text_of_either_language_and_nothing_of_it_is_kept(lake: Lake) -> None:
    told = ask(lake, text="锂电池的隔膜，密语九九")
    assert told["publication"] is None
    assert told["methods"][2]["why_en"] == "no class symbol to go by"  # type: ignore[index]
    assert {hit["title"] for hit in told["hits"][:3]} == {TITLES[0]}  # type: ignore[index]
    for path in lake.folder.rglob("*"):
        assert not path.is_file() or "密语九九".encode() not in path.read_bytes()
    english = ask(lake, text="sulfide ELECTROLYTE")
    assert english["hits"][0]["title"] == TITLES[2]  # type: ignore[index]


def test_without_the_model_it_is_said(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "shipped_encoder", lambda: None)
    told = find_similar(lake, publication="CN110000000A", settings=SETTINGS).as_dict()
    assert told["model"] is None
    assert [one["used"] for one in told["methods"]] == [True, False, True]
    assert "not installed" in told["methods"][1]["why_en"]
    assert told["hits"][0]["ranks"].keys() == {"terms", "symbols"}
    # With a model it is made anew; and without it then, the vectors of publications still serve, those of texts not.
    assert ask(lake, publication="CN110000000A")["model"] == "hashed terms"
    again = find_similar(lake, publication="CN110000000A", settings=SETTINGS).as_dict()
    assert [one["used"] for one in again["methods"]] == [True, True, True]
    unwanted = find_similar(lake, publication="CN110000000A", settings=SETTINGS, with_model=False).as_dict()
    assert [one["used"] for one in unwanted["methods"]] == [True, False, True]
    assert "not wanted" in unwanted["methods"][1]["why_en"]
    text = find_similar(lake, text="电池", settings=SETTINGS).as_dict()
    assert "not installed" in text["methods"][1]["why_en"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"text": "电" * 5001}, "5,001"),
        ({"text": " …，"}, "no word"),
        ({"publication": "CN1A2"}, "no publication number"),
        ({"publication": "CN119999999A"}, "holds no CN119999999A"),
        ({}, "either a publication or a text"),
        ({"text": "电池", "publication": "CN110000000A"}, "either a publication or a text"),
    ],
)
def test_refusals_say_what_to_do(lake: Lake, asked: dict[str, str], words: str) -> None:
    with pytest.raises(DefinitionError, match=words) as refused:
        ask(lake, **asked)
    assert refused.value.remedy


def test_a_text_of_the_most_characters_is_compared(lake: Lake) -> None:
    assert ask(lake, text="电池" * 2500)["hits"]


def _shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["about.json", "documents.arrow", "terms/of_feature/members.npy", "vectors/rows.npy"])
@pytest.mark.parametrize("harm", [_shorten, _flip, Path.unlink])
def test_a_broken_index_is_made_anew(lake: Lake, name: str, harm: Callable[[Path], None]) -> None:
    whole = ask(lake, publication="CN110000000A")
    [folder] = [path for path in (lake.folder / "similar").iterdir() if path.name[0] != "."]
    harm(folder / name)
    assert ask(lake, publication="CN110000000A") == whole


def test_an_older_release_is_never_compared(lake: Lake, tmp_path: Path) -> None:
    before = ask(lake, publication="CN110000000A")
    pipeline.import_files([write_rows(tmp_path / "more.csv", 12, 4)], lake, settings=SETTINGS)
    waiting = ask(lake, publication="CN110000000A")
    assert waiting["stale"] is True and waiting["index_release"] == before["release"]
    pipeline.build(lake, load_chain("semiconductors"), settings=SETTINGS)
    now = ask(lake, publication="CN110000000A")
    assert now["publications"] == 16 and now["stale"] is False
    left = [path.name for path in (lake.folder / "similar").iterdir() if path.name[0] != "."]
    assert left == [now["release"]]


def test_a_lake_that_was_not_built(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([write_rows(tmp_path / "rows.csv", 0, 2)], lake, settings=SETTINGS)
    with pytest.raises(LakeError, match="not built"):
        ask(lake, text="电池")


def test_the_command(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "shipped_encoder", HashedTerms)
    run = CliRunner().invoke(app, ["similar", "--text", "-", "--lake", str(lake.folder), "--json"], input="锂电池隔膜")
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    assert told["hits"][0]["title"] == TITLES[0]
    shown = CliRunner().invoke(app, ["similar", "CN110000000A", "--lake", str(lake.folder), "--most", "3"])
    assert shown.exit_code == 0, shown.output
    assert "同一申请 same application" in shown.stdout and "H01M10/05" in shown.stdout


_BUILD = """
import sys
from pathlib import Path
from pingjiang.engine import Lake
from pingjiang.search.similar import find_similar
from tests.search.similar.made import HashedTerms
print("begun", flush=True)
find_similar(Lake(Path(sys.argv[1])), text="电池", encoder=HashedTerms())
"""


@pytest.mark.slow
def test_a_killed_writer_leaves_nothing_half(lake: Lake) -> None:
    """Killed at several moments: what is there is whole, and the next one makes what is missing."""
    for moment in (0.05, 0.15, 0.3, 0.5, 0.8):
        shutil.rmtree(lake.folder / "similar", ignore_errors=True)
        root = Path(__file__).parents[3]
        process = subprocess.Popen(
            [sys.executable, "-c", _BUILD, str(lake.folder)], stdout=subprocess.PIPE, cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert ask(lake, text="锂电池隔膜")["hits"]
        left = [path.name for path in (lake.folder / "similar").iterdir()]
        assert left == [lake.require_current().id]

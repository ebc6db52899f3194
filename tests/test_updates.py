"""Imports into a lake that was built: found and counted at once, and past releases keep their numbers."""

from __future__ import annotations

import atexit
import json
import random
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pingjiang import identities, pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, Session
from pingjiang.errors import LakeCorrupt
from pingjiang.indicators import load_all
from pingjiang.sources import read_format
from tests.made import INCOPAT, incopat_file, incopat_row, write_csv

HEADER = [*INCOPAT, "文献状态"]
COUNTED = sorted(name for name, each in load_all().items() if each.tables() <= set(identities.UPDATED_TABLES))
CHAIN = load("semiconductors")


def built_lake(folder: Path, count: int = 30, *, keep: int = 5) -> Lake:
    """A built lake of made-up rows in this folder: a copy of one that was built once."""
    made = _built(count)
    shutil.copy(made / "first.csv", folder / "first.csv")
    return Lake(shutil.copytree(made / "lake", folder / "lake"), keep=keep)


@cache
def _built(count: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="updates-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    lake = Lake(folder / "lake")
    pipeline.import_files([incopat_file(folder / "first.csv", count)], lake)
    pipeline.build(lake, CHAIN)
    return folder


def changes(path: Path, *rows: Mapping[str, str]) -> Path:
    """A file of rows: each incopat_row `number` with other cells."""
    made = []
    for row in rows:
        cells = {name: value for name, value in row.items() if name not in ("number", "文献状态")}
        made.append([*incopat_row(int(row["number"]), **cells), row.get("文献状态", "")])
    return write_csv(path, HEADER, made)


def entries(lake: Lake, release: str | None = None) -> dict[tuple[str, str], dict[str, Any]]:
    answer = pipeline.indicators(lake, release=release)
    return {(entry["name"], entry["unit"]): entry for entry in answer["indicators"]}


def counts(lake: Lake, unit: str = "publication") -> int:
    return sum(row["value"] for row in entries(lake)["filings_by_year", unit]["rows"])


def known(lake: Lake, *texts: str, release: str | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pipeline.find(lake, texts, release=release)["numbers"]
    return found


def test_some_indicators_count_at_once() -> None:
    assert COUNTED == ["cagr", "claim_counts", "filings_by_year", "grant_lag", "grants_by_year", "growth_by_year"]


def test_what_is_imported_is_found_and_counted_at_once_and_the_rest_says_how_old_it_is(tmp_path: Path) -> None:
    lake = built_lake(tmp_path)
    built = lake.require_current().id
    result = pipeline.import_files([incopat_file(tmp_path / "more.csv", 12, first=100)], lake)
    assert (result.built, result.updated) == (built, result.release)
    answer = pipeline.indicators(lake)
    assert (answer["release"], answer["updated"], answer["stale"]) == (built, result.release, True)
    for entry in answer["indicators"]:
        at_once = entry["name"] in COUNTED and not entry["unit"].endswith("_family")
        assert entry.get("release", built) == (result.release if at_once else built), (entry["name"], entry["unit"])
    assert (counts(lake), counts(lake, "application"), counts(lake, "simple_family")) == (42, 42, 30)
    [number] = known(lake, "CN110000105A")
    [publication] = number["publications"]
    assert publication["title"] == "一种半导体器件105"
    assert [row["source_row"] for row in publication["said"]] == ["incopat:more.csv:7"]
    [application] = number["applications"]
    assert application["family_id"] is None, "not concluded yet"
    told = pipeline.find(lake, ["CN201810000105"])
    assert told["numbers"][0]["publications"][0]["publication_id"] == "CN110000105A"
    assert told["updated"] == result.release
    assert set(told["lagging"].values()) == {built}
    pipeline.build(lake, CHAIN)
    told = pipeline.find(lake, ["CN110000105A"])
    assert set(told["lagging"].values()) == {told["updated"]} == {lake.require_current().id}
    assert told["numbers"][0]["applications"][0]["family_id"] is not None


def test_numbers_that_are_none_or_not_here_are_told_apart(tmp_path: Path) -> None:
    lake = built_lake(tmp_path, 3)
    nothing, absent, bare = known(lake, "平江图", "CN119999999A", "CN110000001")
    assert nothing == {"text": "平江图", "error": "unreadable"}
    assert absent == {"text": "CN119999999A", "publications": [], "applications": []}
    assert [row["publication_id"] for row in bare["publications"]] == ["CN110000001A"], "whatever its kind"


def test_withdrawals_deletions_and_corrections_are_versions(tmp_path: Path) -> None:
    lake = built_lake(tmp_path)
    first = lake.require_current().id
    before = entries(lake)
    path = changes(
        tmp_path / "withdrawn.csv",
        {"number": "1", "文献状态": "撤回"},
        {"number": "2", "文献状态": "删除"},
        {"number": "3", "公开（公告）号": "CN110000003A8", "公开（公告）日": "2021-03-17"},
        {"number": "4", "申请日": "2017-01-05"},
    )
    second = pipeline.import_files([path], lake).release
    assert (counts(lake), counts(lake, "application")) == (28, 28)
    withdrawn, corrected, moved = known(lake, "CN110000001A", "CN110000003", "CN110000004A")
    assert withdrawn["publications"][0]["standing"] == "withdrawn"
    assert {row["publication_id"]: row["corrects"] for row in corrected["publications"]} == {
        "CN110000003A": None, "CN110000003A8": "CN110000003A",
    }  # fmt: skip
    assert str(moved["publications"][0]["filing_date"]) == "2017-01-05", "of two files of one tool the later one"
    assert known(lake, "CN110000001A", release=first)[0]["publications"][0]["standing"] is None
    # It is published again after all.
    pipeline.import_files([changes(tmp_path / "again.csv", {"number": "1", "文献状态": "有效公开"})], lake)
    assert counts(lake) == 29
    assert known(lake, "CN110000001A", release=second)[0]["publications"][0]["standing"] == "withdrawn"
    assert entries(lake, first) == before, "a past release reproduces its numbers"


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "rounds"), [(0, 2), (0, 5), (1, 5)])
def test_updates_count_what_a_build_would_and_kept_releases_keep_their_numbers(
    tmp_path: Path, seed: int, rounds: int
) -> None:
    chance = random.Random(seed)
    lake = built_lake(tmp_path, keep=4)
    told: dict[str, Any] = {lake.require_current().id: entries(lake)}
    for nth in range(rounds):
        rows = []
        for _ in range(chance.randint(1, 12)):
            row = {"number": str(chance.randint(1, 45)), "文献状态": chance.choice(["", "", "", "撤回", "有效公开"])}
            number = int(row["number"])
            row["公开（公告）号"] = f"CN{110000000 + number}{chance.choice(['A', 'A', 'B', 'A8', 'B9', ''])}"
            row["申请日"] = f"20{chance.randint(10, 18)}-05-05"
            row["申请号"] = chance.choice(["", f"CN2018{10000000 + chance.randint(1, 45)}"])
            rows.append(row)
        if nth == rounds - 2:
            pipeline.build(lake, CHAIN)
            told[lake.require_current().id] = entries(lake)
        release = pipeline.import_files([changes(tmp_path / f"{nth}.csv", *rows)], lake).release
        told[release] = entries(lake)
        copy = tmp_path / f"copy{nth}"
        shutil.copytree(lake.folder, copy)
        pipeline.build(Lake(copy), CHAIN)
        whole = entries(Lake(copy))
        for name in COUNTED:
            for unit in ("publication", "application"):
                assert told[release][name, unit]["rows"] == whole[name, unit]["rows"], (name, unit)
                assert told[release][name, unit]["cutoff"] == whole[name, unit]["cutoff"]
        kept = [each.id for each in lake.releases()]
        assert len(kept) == min(4, len(told) + 1), "the first release was not built yet"
        for name in kept:
            if name in told:
                assert entries(lake, name) == told[name], f"{name} reproduces its numbers"


def test_a_file_that_is_read_anew_takes_back_what_it_said(tmp_path: Path) -> None:
    """Its format has changed: what the earlier reading said counts no longer, in the update neither."""
    text = (
        "name: mine\ntitle: {zh: 我的, en: mine}\nsignature: [[编号]]\n"
        "fields: {publication_number: [编号], filing_date: [FROM]}\n"
    )
    path = write_csv(tmp_path / "a.csv", ["编号", "甲", "乙"], [["CN110000501A", "2011-01-01", "2012-01-01"]])
    lake = built_lake(tmp_path, 3)
    for column, year in (("甲", 2011), ("乙", 2012)):
        (tmp_path / "mine.yaml").write_text(text.replace("FROM", column), encoding="utf-8")
        result = pipeline.import_files([path], lake, forced=read_format(tmp_path / "mine.yaml"))
        assert result.updated == result.release
        rows = entries(lake)["filings_by_year", "publication"]["rows"]
        assert {row["year"] for row in rows if row["value"] and row["year"] != 2018} == {year}


def test_the_same_file_again_and_a_file_of_rejects_change_no_number(tmp_path: Path) -> None:
    lake = built_lake(tmp_path, 3)
    pipeline.import_files([incopat_file(tmp_path / "b.csv", 3, first=50)], lake)
    before = pipeline.indicators(lake)["indicators"]
    again = pipeline.import_files([tmp_path / "b.csv"], lake)
    assert (again.release, again.updated) == (lake.require_current().id, again.release)
    bad = write_csv(tmp_path / "bad.csv", INCOPAT, [incopat_row(1, **{"公开（公告）号": "", "申请号": ""})])
    result = pipeline.import_files([bad], lake)
    assert result.updated == result.release != again.release
    told = pipeline.indicators(lake)["indicators"]
    assert [entry["rows"] for entry in told] == [entry["rows"] for entry in before]


def test_an_import_does_not_fail_for_reasons_that_lie_in_conclusions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = built_lake(tmp_path, 3)
    built = lake.require_current().id

    whole = identities.conclude_update

    def fails_halfway(session: Session, *others: Any) -> dict[str, Any]:
        """Some tables are written when the next one fails."""
        made = whole(session, *others)
        return {**made, "horizon": session.sql("select error('Out of Memory Error: too little\nmore') as cutoff_date")}

    with monkeypatch.context() as broken:
        broken.setattr(identities, "conclude_update", fails_halfway)
        result = pipeline.import_files([incopat_file(tmp_path / "b.csv", 3, first=50)], lake)
    assert result.updated == built and result.not_updated and "too little" in result.not_updated
    assert counts(lake) == 3
    assert not lake.require_current().updates
    assert known(lake, "CN110000050A")[0]["publications"] == [], "not before the next build"
    later = pipeline.import_files([incopat_file(tmp_path / "c.csv", 3, first=60)], lake)
    assert later.updated == built, "what is missing is not passed over"
    assert pipeline.indicators(lake)["updated"] == built
    pipeline.build(lake, CHAIN)
    assert counts(lake) == 9


@pytest.mark.slow
def test_files_of_updates_are_looked_after_like_others(tmp_path: Path) -> None:
    lake = built_lake(tmp_path, 3, keep=2)
    release = pipeline.import_files([incopat_file(tmp_path / "b.csv", 3, first=50)], lake).release
    [file] = lake.require_current().updates["publication"]
    path = lake.folder / file.path
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    with pytest.raises(LakeCorrupt, match=r"publication.*differs"):
        lake.require_current().verify()
    path.unlink()
    with pytest.raises(LakeCorrupt, match=r"publication.*is missing"):
        pipeline.indicators(lake)
    path.write_bytes(content)
    assert json.loads((lake.folder / "releases" / release / "manifest.json").read_text(encoding="utf-8"))["updates"]
    for nth in range(3):
        pipeline.import_files([incopat_file(tmp_path / f"d{nth}.csv", 1, first=70 + nth)], lake)
    assert not path.exists(), "it goes with the last release that names it"
    assert counts(lake) == 9

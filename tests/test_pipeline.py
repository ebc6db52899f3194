"""From files to a release: receipts that add up, nothing twice, nothing half, kills that leave the last good state."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import time
import zipfile
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang import pipeline
from pingjiang.chain.tree import Chain, load
from pingjiang.engine import Lake, Session
from pingjiang.errors import FormatUnknown, InputRefused, LakeCorrupt, LakeError, NotALake, PingjiangError
from pingjiang.sources import read_format
from tests.commands import LOADED
from tests.made import INCOPAT, incopat_file, incopat_row, write_csv


def rows_of(lake: Lake, table: str) -> int:
    release = lake.require_current()
    release.verify()
    return release.rows(table)


def test_the_receipt_adds_up_and_names_each_reason(tmp_path: Path) -> None:
    rows = [
        incopat_row(1),
        incopat_row(2, **{"公开（公告）号": "2.01E+12"}),
        incopat_row(3, **{"公开（公告）号": "", "申请号": ""}),
        incopat_row(4, **{"公开（公告）号": ""}),
        incopat_row(1, **{"申请人": "另一说法"}),
        incopat_row(1),
        incopat_row(5, **{"申请日": "不详"}),
        incopat_row(6, **{"公开（公告）号": "????"}),
        incopat_row(7, **{"申请号": "2.01812E+12"}),
    ]
    path = write_csv(tmp_path / "导出.csv", INCOPAT, rows)
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([path], lake).receipts
    assert (receipt.rows_read, receipt.accepted, receipt.merged, receipt.rejected) == (9, 3, 2, 4)
    assert receipt.reasons == {"spreadsheet_number": 2, "no_number": 1, "number_unreadable": 1}
    assert (receipt.changed, receipt.unchanged) == (1, 1)
    assert receipt.publications_written == 2, "the fourth row is an application"
    assert receipt.doubts == {"date_unreadable": 1}
    assert receipt.rejects_file is not None
    rejects = Path(receipt.rejects_file).read_text(encoding="utf-8-sig")
    assert "2.01E+12" in rejects
    assert "科学计数" in rejects
    with Session() as session:
        tables = lake.require_current().open(session)
        told = {(r["row_number"], r["reason"], r["column"]) for r in tables["reject"].dicts()}
        assert told == {
            (3, "spreadsheet_number", "公开(公告)号"),
            (4, "no_number", None),
            (9, "number_unreadable", "公开(公告)号"),
            (10, "spreadsheet_number", "申请号"),
        }
        [doubt] = tables["doubt"].dicts()
        assert (doubt["source_row"], doubt["column"], doubt["value"]) == ("incopat:导出.csv:8", "申请日", "不详")
        addresses = {row["source_row"] for row in tables["record"].dicts()}
    assert addresses == {f"incopat:导出.csv:{row}" for row in (2, 5, 6, 8)}


def test_the_file_of_rejects_can_be_mended_and_imported(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", INCOPAT, [incopat_row(1), incopat_row(2, **{"公开（公告）号": "2.01E+12"})])
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([path], lake).receipts
    rejects = Path(str(receipt.rejects_file))
    mended = tmp_path / "mended.csv"
    mended.write_text(rejects.read_text(encoding="utf-8-sig").replace("2.01E+12", "CN110000002A"), encoding="utf-8")
    [second] = pipeline.import_files([mended], lake).receipts
    assert (second.format, second.rows_read, second.accepted) == ("incopat", 1, 1)
    assert rows_of(lake, "record") == 2


def test_rejects_of_several_tables_keep_their_columns_and_come_back(tmp_path: Path) -> None:
    tables = {
        "a.csv": "公开号,标题,申请人,申请日\nXX,=标题一,甲,2018-01-01\nCN110000001A,好,甲,2018-01-01\n",
        "b.csv": "申请人,IPC,标题,公开号\n乙,H01L21/00,标题二,YY\n",
    }
    with zipfile.ZipFile(tmp_path / "mix.zip", "w") as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([tmp_path / "mix.zip"], lake).receipts
    assert (receipt.rows_read, receipt.rejected) == (3, 2)
    rejects = Path(str(receipt.rejects_file)).read_text(encoding="utf-8-sig")
    first, second = csv.DictReader(io.StringIO(rejects))
    assert (first["公开号"], first["标题"], first["申请人"], first["IPC"]) == ("XX", "'=标题一", "甲", "")
    assert (second["公开号"], second["标题"], second["申请人"], second["IPC"]) == ("YY", "标题二", "乙", "H01L21/00")
    assert [row["来源行 / source row"] for row in (first, second)] == [
        "generic:mix.zip/a.csv:2",
        "generic:mix.zip/b.csv:2",
    ]
    mended = tmp_path / "mended.csv"
    mended.write_text(rejects.replace("XX", "CN110000002A").replace("YY", "CN110000003A"), encoding="utf-8")
    [receipt] = pipeline.import_files([mended], lake).receipts
    assert (receipt.accepted, receipt.unknown_columns) == (2, [])
    with Session() as session:
        titles = {row["title"] for row in lake.require_current().open(session)["record"].dicts()}
    assert titles == {"=标题一", "标题二", "好"}


def test_headers_that_differ_in_case_or_width_are_one_column(tmp_path: Path) -> None:
    header = ["Publication Number", "Title", "TITLE", "Ｔｉｔｌｅ", "Applicants"]
    path = write_csv(
        tmp_path / "a.csv", header, [["CN110000001A", "", "b", "", "x"], ["CN110000002A", "", "", "c", "y"]]
    )
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([path], lake)
    with Session() as session:
        rows = lake.require_current().open(session)["record"].dicts(order_by="key")
    assert [row["title"] for row in rows] == ["b", "c"]


def test_a_file_is_read_anew_when_its_spec_has_changed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "mine.csv", ["Nr", "Was", "Wer"], [["CN110000001A", "题", "甲"]])
    spec = tmp_path / "mine.yaml"
    lake = Lake(tmp_path / "lake")
    for fields in ("publication_number: [Nr]", "publication_number: [Nr]\n  title: [Was]\n  applicants: [Wer]"):
        spec.write_text(f"name: mine\ntitle: {{zh: 我的, en: mine}}\nfields:\n  {fields}\n", encoding="utf-8")
        [receipt] = pipeline.import_files([path], lake, forced=read_format(spec)).receipts
        assert not receipt.already_imported
    assert receipt.accepted == 1, "what the old spec said counts no longer"
    [again] = pipeline.import_files([path], lake, forced=read_format(spec)).receipts
    assert again.already_imported
    pipeline.build(lake, load("semiconductors"))
    with Session() as session:
        tables = lake.require_current().open(session)
        [publication] = tables["publication"].dicts()
    assert (publication["title"], publication["sources"]) == ("题", 1)


def test_a_broken_quote_swallows_no_record(tmp_path: Path) -> None:
    lines = ["公开号,标题,申请人", "CN112345601A,a,b", 'CN112345602A,"a,b', "CN112345603A,a", "CN112345604A,a,b",
             "CN112345605A,a,b", 'CN112345606A,"x",b', "CN112345607A,a,b"]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([tmp_path / "a.csv"], lake).receipts
    assert (receipt.rows_read, receipt.accepted) == (7, 5)
    assert receipt.reasons == {"unclosed_quote": 1, "too_few_cells": 1}


@pytest.mark.parametrize("name", ["derwent_1_500.ciw", "search_results.xls"])
def test_files_whose_rows_are_made_by_sql_build(tmp_path: Path, samples: Path, name: str) -> None:
    path = next(samples.rglob(f"*{name}"))
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([path], lake).receipts
    result = pipeline.build(lake, load("semiconductors"))
    assert result.rows["publication"] == receipt.publications_written


def test_dates_in_a_wrong_order_are_a_doubt_and_stay(tmp_path: Path) -> None:
    row = incopat_row(1, **{"申请日": "2021-01-01", "公开（公告）日": "2020-03-17"})
    path = write_csv(tmp_path / "a.csv", INCOPAT, [row, incopat_row(2)])
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([path], lake).receipts
    assert receipt.doubts == {"dates_out_of_order": 1}
    with Session() as session:
        [doubt] = lake.require_current().open(session)["doubt"].dicts()
    assert (doubt["column"], doubt["value"]) == ("申请日", "2021-01-01")


def test_the_same_file_again_is_nothing_new(tmp_path: Path) -> None:
    path = incopat_file(tmp_path / "a.csv", 20)
    lake = Lake(tmp_path / "lake")
    first = pipeline.import_files([path], lake)
    again = pipeline.import_files([path], lake)
    assert again.release == first.release, "no release is made for nothing"
    [receipt] = again.receipts
    assert (receipt.rows_read, receipt.accepted, receipt.merged, receipt.changed) == (20, 0, 20, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_same_rows_in_other_bytes_are_nothing_new(tmp_path: Path, encoding: str) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 20)], lake)
    [receipt] = pipeline.import_files([incopat_file(tmp_path / "b.csv", 20, encoding=encoding)], lake).receipts
    if encoding == "utf-8":
        assert receipt.already_imported
    assert (receipt.accepted, receipt.merged, receipt.changed, receipt.unchanged) == (0, 20, 0, 20)
    assert rows_of(lake, "record") == 20


NUMBERS = st.sampled_from(["CN110000001A", "CN110000001B", "US8001762B2", "2.01E+12", "", "?", "CN110000002A"])


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=15), applications=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_accounted_for_once(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[str], applications: bool
) -> None:
    folder = tmp_path_factory.mktemp("case")
    rows = [
        incopat_row(at, **{"公开（公告）号": number, **({} if applications else {"申请号": ""})})
        for at, number in enumerate(numbers)
    ]
    lake = Lake(folder / "lake")
    [receipt] = pipeline.import_files([write_csv(folder / "x.csv", INCOPAT, rows)], lake).receipts
    assert receipt.rows_read == len(numbers) == receipt.accepted + receipt.merged + receipt.rejected
    good = [number for number in numbers if number[:2] in ("CN", "US")]
    assert receipt.publications_written == len(set(good))
    alone = numbers.count("") if applications else 0
    assert receipt.rejected == len(numbers) - len(good) - alone


def test_two_sources_that_differ_are_both_kept(tmp_path: Path) -> None:
    one = incopat_file(tmp_path / "one.csv", 1)
    other = write_csv(tmp_path / "two.csv", INCOPAT, [incopat_row(1, **{"申请日": "2018-09-09"})])
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([one], lake)
    pipeline.import_files([other], lake)
    pipeline.build(lake, load("semiconductors"))
    with Session() as session:
        tables = lake.require_current().open(session)
        assert tables["record"].count() == 2
        [conflict] = tables["conflict"].dicts()
    assert conflict["field"] == "filing_date"
    assert {conflict["taken_row"], conflict["other_row"]} == {"incopat:one.csv:2", "incopat:two.csv:2"}


def test_one_refused_file_leaves_the_lake_as_it_was(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    good = incopat_file(tmp_path / "good.csv", 5)
    first = pipeline.import_files([good], lake).release
    more = incopat_file(tmp_path / "more.csv", 5, first=100)
    bad = write_csv(tmp_path / "bad.csv", ["foo", "bar"], [["1", "2"]])
    with pytest.raises(FormatUnknown) as caught:
        pipeline.import_files([more, bad], lake)
    assert caught.value.file == "bad.csv"
    assert "--format" in (caught.value.remedy or "")
    assert lake.require_current().id == first
    assert rows_of(lake, "record") == 5
    with pytest.raises(InputRefused):
        pipeline.import_files([tmp_path / "nowhere.csv"], lake)


def test_building_before_importing_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        LakeError, match=r"还没有可构建的数据.*nothing to build from.*请先导入文件.*Import a file first"
    ):
        pipeline.build(Lake(tmp_path), load("semiconductors"))
    with pytest.raises(NotALake, match=r"没有这个目录.*no such folder"):
        pipeline.build(Lake(tmp_path / "lake"), load("semiconductors"))
    assert not (tmp_path / "lake").exists()


def test_an_imported_lake_that_is_not_built_says_so(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 3)], lake)
    with pytest.raises(LakeError, match=r"未构建.*not built.*请运行 pingjiang build.*Run `pingjiang build"):
        pipeline.indicators(lake)


@pytest.mark.slow
def test_a_release_built_by_an_earlier_program_says_so(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 3)], lake)
    pipeline.build(lake, load("semiconductors"))
    with lake.draft() as draft:
        assert draft.base is not None
        draft.keep(*(draft.base.tables.keys() - {"coverage"}))
        draft.publish(**draft.base.info)
    with pytest.raises(LakeError, match=r"较早的程序.*earlier program.*Run `pingjiang build"):
        pipeline.indicators(lake)
    pipeline.build(lake, load("semiconductors"))
    assert pipeline.indicators(lake, names=["cagr"])["indicators"]


def test_keys_that_stand_twice_are_refused_in_both_languages() -> None:
    with Session() as session:
        twice = session.sql("select 'CN1A' as publication_id union all select 'CN1A'")
        with pytest.raises(PingjiangError, match=r"表 publication 有 1 个键重复.*1 keys stand twice"):
            pipeline.building._check_keys(session, "publication", twice)


def test_numbers_walk_back_to_the_cell(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 30)], lake)
    pipeline.build(lake, load("semiconductors"))
    answer = pipeline.indicators(lake, names=["filings_by_year", "top_organisations"])
    assert answer["release"] == lake.require_current().id
    filings = {e["unit"]: e["rows"] for e in answer["indicators"] if e["name"] == "filings_by_year"}
    assert {unit: sum(row["value"] for row in rows) for unit, rows in filings.items()} == {
        "publication": 30, "application": 30, "simple_family": 30, "extended_family": 30,
    }  # fmt: skip
    with Session() as session:
        rows = lake.require_current().open(session)["publication"].dicts()
    assert {row["source_row"] for row in rows} == {f"incopat:a.csv:{row}" for row in range(2, 32)}


@pytest.mark.slow
def test_a_build_of_the_same_stands_until_something_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, chain = Lake(tmp_path / "lake"), load("semiconductors")
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 10)], lake)
    first = pipeline.build(lake, chain)
    again = pipeline.build(lake, chain)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert (again.release, again.rows) == (first.release, first.rows)
    assert lake.require_current().id == first.release

    seen = {first.release}

    def assert_anew(used: Chain) -> None:
        made = pipeline.build(lake, used)
        assert not made.unchanged
        assert made.release not in seen
        seen.add(made.release)
        assert pipeline.build(lake, used).unchanged

    pipeline.import_files([incopat_file(tmp_path / "b.csv", 10, first=50)], lake)
    assert_anew(chain)
    assert_anew(replace(chain, sha256="0" * 64))
    monkeypatch.setattr("pingjiang.definitions.fingerprint", lambda: "another program")
    assert_anew(chain)
    monkeypatch.setattr("pingjiang.pipeline.releases.in_force", lambda: {"publication_lag_months": 12})
    assert_anew(chain)
    lake.require_current().paths("item")[0].unlink()
    assert_anew(chain)  # what was lost is concluded again
    damaged = lake.require_current().paths("item")[0]
    damaged.write_bytes(bytes(byte ^ 1 for byte in damaged.read_bytes()))
    assert_anew(chain)
    current = lake.require_current().id
    for name in ("doubt", "record"):  # what was said cannot be
        [file, *_] = lake.require_current().paths(name)
        content = file.read_bytes()
        file.unlink()
        with pytest.raises(LakeCorrupt):
            pipeline.build(lake, chain)
        file.write_bytes(content)
    assert lake.require_current().id == current


@pytest.mark.slow
def test_an_atlas_of_another_lake_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Still(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Still:
            return cls(2026, 11, 23, tzinfo=tz)

    monkeypatch.setattr("pingjiang.engine.lake.datetime", Still)
    for name, count in (("one", 10), ("two", 20)):
        lake = Lake(tmp_path / name)
        pipeline.import_files([incopat_file(tmp_path / f"{name}.csv", count)], lake)
        pipeline.build(lake, load("semiconductors"))
        assert not pipeline.write_atlas(lake, tmp_path / "out").unchanged
    assert Lake(tmp_path / "one").require_current().id == lake.require_current().id


@pytest.mark.slow
def test_an_atlas_of_the_same_stands_until_something_changes(tmp_path: Path) -> None:
    lake, chain, out = Lake(tmp_path / "lake"), load("semiconductors"), tmp_path / "out"
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 10)], lake)
    pipeline.build(lake, chain)

    def assert_anew(**about: str) -> None:
        assert not pipeline.write_atlas(lake, out, about=about).unchanged
        before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
        made = pipeline.write_atlas(lake, out, about=about)
        assert made.unchanged
        assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == before
        assert set(before) == {"atlas.html", "atlas.xlsx", "atlas.json"}
        assert made.release == lake.require_current().info["built"]

    assert_anew()
    assert_anew(title_zh="图")
    (out / "atlas.html").write_text("edited", encoding="utf-8")
    assert_anew(title_zh="图")
    (out / "atlas.xlsx").unlink()
    assert_anew(title_zh="图")
    (out / "atlas.json").write_text("[]", encoding="utf-8")
    assert_anew(title_zh="图")
    told = json.loads((out / "atlas.json").read_text(encoding="utf-8"))
    del told["files"]["atlas.xlsx"]
    (out / "atlas.json").write_text(json.dumps(told), encoding="utf-8")
    assert_anew(title_zh="图")
    pipeline.import_files([incopat_file(tmp_path / "b.csv", 10, first=50)], lake)
    assert_anew(title_zh="图")  # the page now says that more was imported
    pipeline.build(lake, chain)
    assert_anew(title_zh="图")


# -- kill -9 -----------------------------------------------------------------------------------------


def _import_and_build_for_ever(folder: str) -> None:
    lake, at = Lake(Path(folder) / "lake", keep=2), 1000
    chain = load("semiconductors")
    while True:
        at += 1000
        pipeline.import_files([incopat_file(Path(folder) / f"{at}.csv", 200, first=at)], lake)
        pipeline.build(lake, chain)


def _kill_at_a_random_moment(folder: Path, seed: int) -> None:
    lake = Lake(folder / "lake", keep=2)
    pipeline.import_files([incopat_file(folder / "first.csv", 200)], lake)
    writer = LOADED.Process(target=_import_and_build_for_ever, args=(str(folder),))
    writer.start()
    time.sleep(0.2 + 3 * random.Random(seed).random())
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    release = lake.require_current()
    release.verify()
    with Session() as session:
        tables = release.open(session)
        assert tables["record"].count() % 200 == 0, "an import is whole or not there"
        if "item" in tables:
            assert tables["unit_basis"].count() == 3
    # The next writer goes on, and what the killed one left behind is gone.
    pipeline.import_files([incopat_file(folder / "last.csv", 200, first=900_000)], lake)
    pipeline.build(lake, load("semiconductors"))
    named = {file.path for release in lake.releases() for _, file in release.files()}
    there = {path.relative_to(lake.folder).as_posix() for path in (lake.folder / "data").rglob("*.parquet")}
    assert there == named


@pytest.mark.parametrize("seed", range(2))
def test_kill_nine_at_any_moment_leaves_the_last_good_release(tmp_path: Path, seed: int) -> None:
    _kill_at_a_random_moment(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 110))
def test_kill_nine_a_hundred_times(tmp_path: Path, seed: int) -> None:
    _kill_at_a_random_moment(tmp_path, seed)


def test_numbers_of_a_lake_with_newer_imports_say_which_release_they_are_of(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 3)], lake)
    built = pipeline.build(lake, load("semiconductors")).release
    assert not pipeline.indicators(lake, names=["cagr"])["stale"]
    pipeline.import_files([incopat_file(tmp_path / "b.csv", 3, first=50)], lake)
    answer = pipeline.indicators(lake, names=["filings_by_year"])
    assert answer["stale"]
    assert answer["release"] == built

"""A package becomes a release: the same numbers in a new lake, further sources in one that has its own."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate.register import register

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, Session
from pingjiang.errors import LakeBusy, NotALake, PackageRefused, SenderUnknown
from pingjiang.exchange.keys import Keys
from pingjiang.exchange.package import verify, write_package
from pingjiang.exchange.part import Chosen
from pingjiang.exchange.receive import Received, import_package
from pingjiang.judgements import Log, accept, history_table, judge, undo
from pingjiang.schema import table
from tests.exchange.conftest import Office
from tests.exchange.made import all_rows, built, imported, parts, publish, record_row, signed_anew
from tests.made import INCOPAT, incopat_file, incopat_row, write_csv

CHAIN = load("semiconductors")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sent(lake: Lake, keys: Keys, path: Path, into: Lake, **chosen: Any) -> Received:
    """Pack a lake, and take the package into another."""
    write_package(lake, path, keys, chosen=Chosen(**chosen))
    return import_package(path, into, keys)


def numbers(lake: Lake) -> Any:
    return pipeline.indicators(lake)["indicators"]


def test_a_new_lake_gives_the_same_numbers_and_needs_no_build(office: Office, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    told = import_package(office.package, lake, office.keys)
    assert (told.built, told.already_imported) == (True, False)
    assert told.rows == {
        name: office.lake.require_current().rows(name) for name in office.lake.require_current().tables
    }
    lake.require_current().verify()
    answer = pipeline.indicators(lake)
    assert (answer["release"], answer["stale"]) == (lake.require_current().id, False)
    assert answer["indicators"] == numbers(office.lake)
    assert all_rows(lake) == all_rows(office.lake)
    assert pipeline.build(lake, CHAIN).unchanged, "the same sources, chain and program: nothing to build"


def test_the_same_package_once_more_changes_nothing(office: Office, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first = import_package(office.package, lake, office.keys)
    before = files_of(tmp_path / "lake")
    again = import_package(office.package, lake, office.keys)
    assert (again.already_imported, again.release, again.sources_added) == (True, first.release, [])
    assert files_of(tmp_path / "lake") == before
    home = import_package(office.package, office.lake, office.keys)
    assert (home.sources_added, len(home.sources_known)) == ([], 1), "nor where it came from"


def test_a_known_file_is_known_by_its_receipt_in_the_other_lake(office: Office, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    import_package(office.package, lake, office.keys)
    [receipt] = pipeline.import_files([incopat_file(tmp_path / "导出.csv", 40)], lake).receipts
    assert receipt.already_imported


@pytest.mark.slow
def test_a_lake_with_releases_takes_further_sources_as_an_import_would(tmp_path: Path) -> None:
    """Two offices import a file each, of one name and with rows in common; one takes over the other's package.

    The oracle is a third that imported both files itself.
    """
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    torn = [incopat_row(90, **{"公开（公告）号": "2.01E+12"}), incopat_row(91, 申请日="不详")]
    first = incopat_file(tmp_path / "a" / "导出.csv", 30)
    second = write_csv(tmp_path / "b" / "导出.csv", INCOPAT, [*map(incopat_row, range(20, 60)), *torn])
    one, other = built(tmp_path / "one", first), built(tmp_path / "other", second)
    before = numbers(one)
    told = sent(other, Keys(tmp_path / "keys"), tmp_path / "p.pjz", one)
    assert (told.built, told.repeated, told.rows["record"], told.rows["reject"]) == (False, 11, 30, 1)
    assert pipeline.indicators(one)["stale"]
    at_once = numbers(one)
    pipeline.build(one, CHAIN)
    for old, now, new in zip(before, at_once, numbers(one), strict=True):
        assert now["rows"] == (new if "release" in now else old)["rows"], "counted at once, or when it is built"
    both = built(tmp_path / "both", first, second)
    assert all_rows(one, but=["item"]) == all_rows(both, but=["item"]), "items bear numbers of their release"
    assert numbers(one) == numbers(both) != before
    addresses = {row[1] for row in all_rows(one)["record"]}
    assert len(addresses) == 60 and sum("导出.csv~" in each for each in addresses) == 30
    assert one.require_current().info["packages"][0]["sha256"]
    again = import_package(tmp_path / "p.pjz", one, Keys(tmp_path / "keys"))
    assert again.already_imported and len(again.sources_known) == 1


def test_what_came_by_package_is_handed_on(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    one = imported(tmp_path / "one", incopat_file(tmp_path / "a.csv", 5))
    two = imported(tmp_path / "two", incopat_file(tmp_path / "b.csv", 5, first=50))
    sent(one, keys, tmp_path / "1.pjz", two)
    pipeline.build(two, CHAIN)
    third = Lake(tmp_path / "third")
    assert len(sent(two, keys, tmp_path / "2.pjz", third).sources_added) == 2
    assert numbers(third) == numbers(two)
    assert len(third.require_current().info["packages"]) == 2
    assert sent(one, keys, tmp_path / "3.pjz", third).sources_added == []


def test_what_sources_said_is_enough_and_what_was_concluded_is_not(office: Office, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    told = sent(office.lake, office.keys, tmp_path / "a.pjz", lake, tables=["record", "reject", "doubt"])
    assert (told.built, set(told.rows)) == (False, {"record", "reject", "doubt"})
    pipeline.build(lake, CHAIN)
    assert numbers(lake) == numbers(office.lake)
    with pytest.raises(PackageRefused, match=r"无法构建.*nothing could be built"):
        sent(office.lake, office.keys, tmp_path / "b.pjz", Lake(tmp_path / "none"), tables=["publication"])
    assert not (tmp_path / "none").exists()


def test_a_register_of_firms_travels_and_what_both_hold_stands_once(tmp_path: Path) -> None:
    """The second office has the first year of the same firms from a file of its own."""
    keys = Keys(tmp_path / "keys")
    register(tmp_path / "both.csv", 12, years=(2023, 2024))
    lines = (tmp_path / "both.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    first = [line for line in lines if ",2024," not in line]
    (tmp_path / "first.csv").write_text("".join(first), encoding="utf-8")
    one, two = built(tmp_path / "one", tmp_path / "both.csv"), imported(tmp_path / "two", tmp_path / "first.csv")
    told = sent(one, keys, tmp_path / "a.pjz", two)
    assert (told.rows["register_entry"], told.repeated) == (12, 12)
    pipeline.build(two, CHAIN)
    counted = {each["name"]: each["rows"] for each in numbers(two) if each["unit"] == "firm"}
    assert counted == {each["name"]: each["rows"] for each in numbers(one) if each["unit"] == "firm"}
    assert sum(row["firms"] for row in counted["firms_by_place"]) == 12
    new = Lake(tmp_path / "new")
    assert sent(one, keys, tmp_path / "b.pjz", new).rows["register_firm"] == 12
    assert numbers(new) == numbers(one)


@pytest.mark.slow
def test_a_release_that_was_not_built_arrives_as_such(tmp_path: Path) -> None:
    lake = built(tmp_path / "one", incopat_file(tmp_path / "a.csv", 9))
    before = numbers(lake)
    pipeline.import_files([incopat_file(tmp_path / "b.csv", 12)], lake)
    told = sent(lake, Keys(tmp_path / "keys"), tmp_path / "a.pjz", Lake(tmp_path / "two"))
    assert not told.built and pipeline.indicators(Lake(tmp_path / "two"))["stale"]
    assert numbers(Lake(tmp_path / "two")) == before, "what was concluded since stays where it was"
    for each in (lake, Lake(tmp_path / "two")):
        pipeline.build(each, CHAIN)
    assert numbers(Lake(tmp_path / "two")) == numbers(lake)


def test_texts_of_every_kind_arrive_as_they_were(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "one")
    publish(lake, [record_row(number) for number in range(60)])
    sent(lake, Keys(tmp_path / "keys"), tmp_path / "a.pjz", Lake(tmp_path / "two"))
    assert all_rows(Lake(tmp_path / "two")) == all_rows(lake)


def test_a_file_that_both_read_differently_is_named(tmp_path: Path) -> None:
    keys, path = Keys(tmp_path / "keys"), incopat_file(tmp_path / "a.csv", 5)
    one, two = imported(tmp_path / "one", path), imported(tmp_path / "two", path)
    write_package(one, tmp_path / "a.pjz", keys)

    def other_spec(told: dict[str, Any]) -> None:
        told["info"]["sources"][0]["spec"] = "0" * 64

    forged = tmp_path / "b.pjz"
    forged.write_bytes(signed_anew(parts((tmp_path / "a.pjz").read_bytes()), keys, other_spec))
    before = files_of(tmp_path / "two")
    with pytest.raises(PackageRefused, match=r"a\.csv.*两种读法.*two readings"):
        import_package(forged, two, keys)
    assert files_of(tmp_path / "two") == before


def test_receipts_of_another_program_are_refused(office: Office, tmp_path: Path) -> None:
    forged = tmp_path / "a.pjz"
    forged.write_bytes(
        signed_anew(
            parts(office.package.read_bytes()),
            office.keys,
            lambda told: told["info"]["sources"][0].update(colour="red"),
        )
    )
    with pytest.raises(PackageRefused, match="colour"):
        import_package(forged, Lake(tmp_path / "lake"), office.keys)


@pytest.mark.parametrize("there", [True, False])
def test_a_refused_package_leaves_the_lake_as_it_was(office: Office, tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "lake"
    if there:
        imported(folder, incopat_file(tmp_path / "a.csv", 3))
    before = files_of(folder)
    data = office.package.read_bytes()
    (tmp_path / "bad.pjz").write_bytes(data[:-100] + bytes([data[-100] ^ 4]) + data[-99:])
    with pytest.raises(PackageRefused):
        import_package(tmp_path / "bad.pjz", Lake(folder), office.keys)
    with pytest.raises(SenderUnknown):
        import_package(office.package, Lake(folder), Keys(tmp_path / "others"))
    assert files_of(folder) == before and folder.exists() is there


@pytest.mark.parametrize("there", [True, False])
def test_a_package_changed_between_checking_and_reading_leaves_the_lake(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    path, folder = tmp_path / "a.pjz", tmp_path / "lake"
    if there:
        imported(folder, incopat_file(tmp_path / "a.csv", 3))
    before = files_of(folder)
    shutil.copy(office.package, path)

    def verify_then_change(*given: Any, **named: Any) -> Any:
        package = verify(*given, **named)
        data = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            at = archive.getinfo("data/record/000001.parquet").header_offset + 200
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        return package

    monkeypatch.setattr("pingjiang.exchange.receive.verify", verify_then_change)
    with pytest.raises(PackageRefused, match="changed"):
        import_package(path, Lake(folder), office.keys)
    assert files_of(folder) == before and folder.exists() is there


def test_who_may_not_write_is_told(office: Office, tmp_path: Path) -> None:
    lake = imported(tmp_path / "lake", incopat_file(tmp_path / "a.csv", 3))
    with lake.draft(), pytest.raises(LakeBusy):
        import_package(office.package, lake, office.keys)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x.txt").write_text("x")
    with pytest.raises(NotALake):
        import_package(office.package, Lake(tmp_path / "mine"), office.keys)


def test_terms_travel_along(tmp_path: Path) -> None:
    lake, keys = Lake(tmp_path / "one"), Keys(tmp_path / "keys")
    pipeline.import_files([incopat_file(tmp_path / "a.csv", 2)], lake)
    info = dict(lake.require_current().info)
    info["sources"][0].update(licence="CC BY 4.0", attribution="PatentsView")
    with lake.draft() as draft:
        draft.keep("record", "reject", "doubt")
        draft.publish(**info)
    sent(lake, keys, tmp_path / "a.pjz", Lake(tmp_path / "two"))
    [source] = Lake(tmp_path / "two").require_current().info["sources"]
    assert (source["licence"], source["attribution"]) == ("CC BY 4.0", "PatentsView")
    assert json.loads(parts((tmp_path / "a.pjz").read_bytes())["manifest.json"])["info"]["sources"] == [source]


# -- what people judged ------------------------------------------------------------------------------


def judged_by(lake: Lake, *pairs: tuple[str, str, str, str]) -> None:
    for who, a, b, verdict in pairs:
        accept(Log(lake.judgements), [judge("organisation", a, b, verdict, who=who)])


def history(lake: Lake) -> list[tuple[str, str, str | None, bool]]:
    rows = Log(lake.judgements).read().rows
    return [(row.who, row.a, row.verdict, row.origin is None) for row in rows]


@pytest.mark.slow
def test_judgements_travel_and_are_merged_without_doubling(tmp_path: Path) -> None:
    theirs, ours, keys = (
        built(tmp_path / "theirs", incopat_file(tmp_path / "a.csv", 20)),
        built(tmp_path / "ours", incopat_file(tmp_path / "b.csv", 10, first=100)),
        Keys(tmp_path / "keys"),
    )
    judged_by(theirs, ("张伟", "合成公司1", "合成公司2", "same"), ("张伟", "合成公司3", "合成公司4", "different"))
    undo(Log(theirs.judgements), Log(theirs.judgements).read().rows[1].judgement_id, who="张伟")
    judged_by(ours, ("李娜", "合成公司1", "合成公司2", "different"))
    pipeline.build(theirs, CHAIN)
    new = Lake(tmp_path / "new")
    assert sent(theirs, keys, tmp_path / "1.pjz", new).judgements == 3
    assert pipeline.build(new, CHAIN).unchanged, "of the same sources and judgements"
    assert numbers(new) == numbers(theirs)
    assert sent(theirs, keys, tmp_path / "2.pjz", ours).judgements == 3
    before = history(ours)
    assert before == [
        ("李娜", "合成公司1", "different", True),
        ("张伟", "合成公司1", "same", False),
        ("张伟", "合成公司3", "different", False),
        ("张伟", "合成公司3", None, False),
    ]
    [conflict] = pipeline.build(ours, CHAIN).judgements["conflicts"]
    assert "张伟" in conflict and "李娜" in conflict
    judged_by(theirs, ("王芳", "合成公司5", "合成公司6", "same"))
    pipeline.build(theirs, CHAIN)
    assert sent(theirs, keys, tmp_path / "3.pjz", ours).judgements == 1, "though no source is new"
    assert history(ours) == [*before, ("王芳", "合成公司5", "same", False)]
    assert sent(ours, keys, tmp_path / "4.pjz", theirs).judgements == 1
    assert [origin for *_, origin in history(theirs)] == [True, True, True, True, False], "what came home stays ours"


def test_a_package_with_a_judgement_that_does_not_prove_itself_is_refused(tmp_path: Path) -> None:
    lake, keys = built(tmp_path / "lake", incopat_file(tmp_path / "a.csv", 5)), Keys(tmp_path / "keys")
    forged = replace(judge("organisation", "甲", "乙", "same", who="张伟"), who="李娜")
    with lake.draft() as draft, Session(threads=1) as session:
        assert draft.base is not None
        draft.keep(*(name for name in draft.base.tables if name != "judgement"))
        names = session.from_rows({"name": "VARCHAR"}, [])
        rows = history_table(session, [forged], names)
        draft.add("judgement", rows.sql(f"select {table('judgement').select_list()} from self_"))
        draft.publish(**draft.base.info)
    with pytest.raises(PackageRefused, match="does not fit its row"):
        sent(lake, keys, tmp_path / "1.pjz", Lake(tmp_path / "new"))
    assert not (tmp_path / "new").exists()

"""From rows to what is said of them: several numbers in a row, dates that cannot be, doubts, addresses."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, Session
from pingjiang.sources import FileReceipt, Format, load_formats, read_format
from tests.made import INCOPAT, incopat_row, write_csv


def imported(
    folder: Path, header: Sequence[str], *rows: Sequence[str], name: str = "a.csv", forced: Format | None = None
) -> tuple[Lake, FileReceipt]:
    """A lake in `folder` with one more file of these rows, and its receipt."""
    folder.mkdir(exist_ok=True)
    lake = Lake(folder / "lake")
    [receipt] = pipeline.import_files([write_csv(folder / name, header, rows)], lake, forced=forced).receipts
    return lake, receipt


def rows_of(lake: Lake, name: str, order_by: str = "source_row, key") -> list[dict[str, Any]]:
    with Session() as session:
        return lake.require_current().open(session)[name].dicts(order_by=order_by)


# -- several numbers in a row ------------------------------------------------------------------------

GRANTS = ["公开号", "授权公告号", "标题", "申请号", "申请人", "公开日", "授权公告日"]


def test_a_row_with_a_grant_beside_the_publication_is_two_publications(tmp_path: Path) -> None:
    lake, receipt = imported(
        tmp_path,
        GRANTS,
        ["CN112345601A", "CN112345601B", "甲", "CN201811107071.6", "x", "2019-01-01", "2020-01-01"],
        ["CN112345602A", "", "乙", "", "x", "2019-01-01", ""],
        ["", "CN112345603B", "丙", "", "x", "2019-01-01", "2020-01-01"],
        ["CN112345604B", "CN 112345604 B", "丁", "", "x", "", "2020-01-01"],
        ["", "", "戊", "CN201811107072", "x", "", ""],
        ["", "", "己", "", "x", "", ""],
        ["坏", "CN112345605B", "庚", "", "x", "2019-01-01", "2020-01-01"],
    )
    assert (receipt.rows_read, receipt.accepted, receipt.rejected) == (7, 6, 1)
    assert receipt.publications_written == 6
    assert receipt.doubts == {"publication_unreadable": 1}
    assert receipt.mapped_columns["grant_publication_number"] == ["授权公告号"]
    told = {(row["key"], str(row["publication_date"]), row["row_number"]) for row in rows_of(lake, "record")}
    assert told == {
        ("CN112345601A", "2019-01-01", 2),
        ("CN112345601B", "2020-01-01", 2),
        ("CN112345602A", "2019-01-01", 3),
        ("CN112345603B", "2020-01-01", 4),
        ("CN112345604B", "2020-01-01", 5),
        ("CN201811107072", "None", 6),
        ("CN112345605B", "2020-01-01", 8),
    }
    [reject] = rows_of(lake, "reject", "row_number")
    assert (reject["row_number"], reject["reason"]) == (7, "no_number")
    pipeline.build(lake, load("semiconductors"))
    assert {row["publication_id"] for row in rows_of(lake, "publication", "publication_id") if row["is_grant"]} == {
        "CN112345601B",
        "CN112345603B",
        "CN112345604B",
        "CN112345605B",
    }


def test_columns_of_one_number_that_tell_different_ones_are_a_doubt(tmp_path: Path) -> None:
    header = ["公开号", "公告号", "标题", "申请人"]
    lake, receipt = imported(
        tmp_path,
        header,
        ["CN112345601A", "CN112345601B", "甲", "x"],
        ["CN112345602A", "CN 112345602 A", "乙", "x"],
        ["CN112345603A", "CN.112345603.A", "丙", "x"],
        ["", "CN112345604B", "丁", "x"],
        ["CN112345605A", "CN112345605", "戊", "x"],
    )
    assert receipt.doubts == {"numbers_differ": 1}
    [doubt] = rows_of(lake, "doubt", "row_number")
    assert (doubt["row_number"], doubt["column"], doubt["value"]) == (2, "公告号", "CN112345601B")


def test_a_patent_number_is_an_application_in_china_and_a_publication_elsewhere(tmp_path: Path) -> None:
    lake, receipt = imported(
        tmp_path,
        ["专利号", "专利名称", "专利权人", "申请日", "授权公告日"],
        ["ZL201811107071.6", "甲", "x", "2018-01-01", "2020-01-01"],
        ["zl 2018 1 1107072.4", "乙", "x", "2018-01-01", "2020-01-01"],
        ["201811107073.2", "丙", "x", "2018-01-01", "2020-01-01"],
        ["US8407913B2", "丁", "x", "2010-01-01", "2013-03-26"],
        ["2.01E+12", "戊", "x", "", ""],
    )
    assert (receipt.accepted, receipt.reasons, receipt.unknown_columns) == (4, {"spreadsheet_number": 1}, [])
    assert {(row["key_kind"], row["key"], str(row["publication_date"])) for row in rows_of(lake, "record")} == {
        ("application", "CN201811107071", "None"),
        ("application", "CN201811107072", "None"),
        ("application", "CN201811107073", "None"),
        ("publication", "US8407913B2", "2013-03-26"),
    }
    [reject] = rows_of(lake, "reject", "row_number")
    assert (reject["column"], reject["value"]) == ("专利号", "2.01E+12")


@pytest.mark.parametrize(
    ("text", "key"), [("ZL201811107071.6", "CN201811107071"), ("特願平5-196401", "JP1993196401")], ids=str
)
def test_an_application_in_the_column_of_publications_is_one(tmp_path: Path, text: str, key: str) -> None:
    lake, receipt = imported(tmp_path, ["公开号", "标题", "申请人"], [text, "甲", "x"])
    assert (receipt.accepted, receipt.doubts) == (1, {})
    [row] = rows_of(lake, "record")
    assert (row["key_kind"], row["key"], row["application_number"]) == ("application", key, text)


@pytest.mark.parametrize("nothing", ["-", "无", "NA", "/"])
def test_a_word_for_nothing_is_no_number(tmp_path: Path, nothing: str) -> None:
    header = ["公开号", "申请号", "标题"]
    rows = [nothing, "CN201811107071.6", "甲"], ["CN112345601A", nothing, "乙"], [nothing, nothing, "丙"]
    _, receipt = imported(tmp_path, header, *rows)
    assert (receipt.accepted, receipt.reasons, receipt.doubts) == (2, {"no_number": 1}, {})


# -- dates and doubts --------------------------------------------------------------------------------


def test_a_date_to_come_is_unknown_and_moves_no_cut_off(tmp_path: Path) -> None:
    to_come = (date.today() + timedelta(days=40)).isoformat()
    lake, receipt = imported(
        tmp_path,
        INCOPAT,
        incopat_row(1),
        incopat_row(2, **{"公开（公告）日": to_come}),
        incopat_row(3, **{"申请日": "2099年2月9日", "公开（公告）日": "bald"}),
    )
    assert receipt.doubts == {"date_in_future": 2, "date_unreadable": 1}
    assert receipt.cutoff == "2020-03-17"
    rows = rows_of(lake, "record")
    assert {(row["row_number"], str(row["publication_date"]), str(row["filing_date"])) for row in rows} == {
        (2, "2020-03-17", "2018-02-05"),
        (3, "None", "2018-03-05"),
        (4, "None", "None"),
    }  # fmt: skip


def test_a_date_behind_a_number_that_cannot_be_is_a_doubt_and_none_is_none(tmp_path: Path) -> None:
    header = ["application_number", "applicant", "applicant_cleaned"]
    rows = [
        ["US13/123456 2011-03-02", "x", "X"],
        ["US13/123457 0001-01-01", "x", "X"],
        ["US13/123458 2999-01-01", "x", "X"],
    ]
    lake, receipt = imported(tmp_path, header, *rows)
    assert (receipt.format, receipt.rejected) == ("thomson_applicants", 0)
    assert receipt.doubts == {"date_in_future": 1}
    assert [str(row["filing_date"]) for row in rows_of(lake, "record")] == ["2011-03-02", "None", "None"]


def test_a_date_outside_the_year_beside_it_is_a_doubt_and_loses_no_century(tmp_path: Path) -> None:
    header = ["Lens ID", "Jurisdiction", "Publication Number", "Publication Date", "Publication Year", "Title"]
    rows = [
        ["1", "US", "US 7639714 B2", "29/12/10", "2009", "x"],
        ["2", "US", "US 7639715 B2", "29/12/09", "2009", "x"],
        ["3", "US", "US 7639716 B2", "2009-12-29", "2010", "x"],
    ]
    lake, receipt = imported(tmp_path, header, *rows)
    assert (receipt.format, receipt.doubts) == ("lens", {"year_differs": 2})
    days = [str(row["publication_date"]) for row in rows_of(lake, "record")]
    assert days == ["2010-12-29", "2009-12-29", "2009-12-29"]


def test_doubts_stand_in_a_file_beside_the_rejects(tmp_path: Path) -> None:
    _, receipt = imported(
        tmp_path,
        INCOPAT,
        incopat_row(1, **{"申请日": "=soon"}),
        incopat_row(2, **{"公开（公告）号": "坏"}),
        name="导出.csv",
    )
    assert receipt.rejects_file is not None
    assert receipt.doubts_file is not None
    assert Path(receipt.doubts_file).parent == Path(receipt.rejects_file).parent
    with Path(receipt.doubts_file).open(encoding="utf-8-sig", newline="") as handle:
        [row] = csv.DictReader(handle)
    assert list(row.values())[:4] == ["incopat:导出.csv:2", "申请日", "'=soon", "date_unreadable"]
    _, clean = imported(tmp_path, INCOPAT, incopat_row(3), name="b.csv")
    assert (clean.rejects_file, clean.doubts_file) == (None, None)


# -- addresses ---------------------------------------------------------------------------------------


def test_files_of_one_name_have_addresses_of_their_own(tmp_path: Path) -> None:
    for at, folder in enumerate(("d1", "d2"), start=1):
        (tmp_path / folder).mkdir()
        lake, receipt = imported(tmp_path, INCOPAT, incopat_row(at), name=f"{folder}/x.csv")
    hash_ = receipt.sha256[:8]
    assert [row["source_row"] for row in rows_of(lake, "record")] == ["incopat:x.csv:2", f"incopat:x.csv~{hash_}:2"]
    _, again = imported(tmp_path, INCOPAT, incopat_row(1), name="d1/x.csv")
    assert again.already_imported


def test_a_mended_row_tells_where_it_stood_first(tmp_path: Path) -> None:
    lake, receipt = imported(
        tmp_path, INCOPAT, incopat_row(1), incopat_row(2, **{"公开（公告）号": "坏", "申请人": "+1甲"})
    )
    mended = tmp_path / "mended.csv"
    text = Path(str(receipt.rejects_file)).read_text(encoding="utf-8-sig")
    mended.write_text(text.replace("坏", "CN110000002A"), encoding="utf-8")
    [second] = pipeline.import_files([mended], lake).receipts
    assert (second.accepted, second.unknown_columns) == (1, [])
    row = rows_of(lake, "record")[1]
    assert row["source_row"] == "incopat:mended.csv:2 (incopat:a.csv:3)"
    assert [party["name"] for party in row["applicants"]] == ["+1甲"]


def test_the_standing_of_a_document_is_read_and_an_unknown_word_is_a_doubt(tmp_path: Path) -> None:
    lake, receipt = imported(
        tmp_path,
        ["公开号", "标题", "公开日", "文献状态"],
        *([f"CN11234560{at}A", "甲", "2019-01-01", word] for at, word in enumerate(["有效公开", "撤回", "", "半开"])),
    )
    assert [row["standing"] for row in rows_of(lake, "record")] == ["valid", "withdrawn", None, None]
    assert receipt.doubts == {"code_unknown": 1}


def test_a_table_without_patents_is_named_apart_from_columns(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mix.zip", "w") as archive:
        archive.writestr("a.csv", "公开号,标题,申请人,神秘\nCN112345601A,甲,x,y\n")
        archive.writestr("b.csv", "品名,价格\n苹果,3\n")
    [receipt] = pipeline.import_files([tmp_path / "mix.zip"], Lake(tmp_path / "lake")).receipts
    assert (receipt.unknown_columns, receipt.left_out_tables) == (["神秘"], ["mix.zip/b.csv"])
    assert receipt.rows_read == 1


def test_a_spec_changed_to_and_fro_leaves_one_reading(tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    for fields in ("title: [Was]", "applicants: [Wer]", "title: [Was]", "applicants: [Wer]"):
        text = f"name: mine\nfields:\n  publication_number: [Nr]\n  {fields}\n"
        spec.write_text(text, encoding="utf-8")
        header, row = ["Nr", "Was", "Wer"], ["CN110000001A", "题", "甲"]
        lake, receipt = imported(tmp_path, header, row, forced=read_format(spec))
        assert (receipt.accepted, receipt.already_imported) == (1, False)
    [source] = lake.require_current().info["sources"]
    said = [row for row in rows_of(lake, "record") if row["source_id"] == source["source_id"]]
    assert [(row["title"], row["applicants"][0]["name"]) for row in said] == [(None, "甲")]


def test_the_digest_of_a_shipped_format_is_known() -> None:
    digests = {spec.digest for spec in load_formats().values()}
    assert len(digests) == len(load_formats())
    assert "" not in digests


# -- a portion at a time -----------------------------------------------------------------------------


def test_a_table_read_in_portions_is_the_table_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [f"CN1{i % 700:08d}A" for i in range(1000)]
    rows = [
        [number, "" if i % 13 else "x", f"CN2018{i % 650:08d}", f"甲{i % 400}", "2019-01-01" if i % 7 else "坏"]
        for i, number in enumerate(numbers)
    ] + [["2.01E+12", "", "", "", ""], ["", "", "", "", ""]]
    header = ["公开号", "标题", "申请号", "申请人", "公开日"]
    at_once, receipt = imported(tmp_path / "a", header, *rows)
    monkeypatch.setattr("pingjiang.files.delimited._BATCH_RECORDS", 37)
    monkeypatch.setattr("pingjiang.files.regular._BLOCK", 1000)
    monkeypatch.setattr("pingjiang.sources.reading._PORTION_BYTES", 1)
    monkeypatch.setattr("pingjiang.engine.gathered._FEW_ROWS", 0)
    in_portions, same = imported(tmp_path / "b", header, *rows)
    assert len(in_portions.require_current().tables["record"]) > 10
    assert len(at_once.require_current().tables["record"]) == 1
    for name in ("record", "reject", "doubt"):
        assert rows_of(in_portions, name, "all") == rows_of(at_once, name, "all")
    ours, theirs = receipt.as_dict(), same.as_dict()
    for told in (ours, theirs):
        del told["path"], told["rejects_file"], told["doubts_file"]
    assert ours == theirs

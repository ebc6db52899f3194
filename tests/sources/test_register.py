"""A register of firms: what is taken, what is refused and why, what is in doubt; and the receipt adds up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate.register import HEADERS, credit_code, register
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang import pipeline
from pingjiang.engine import Lake, Session
from pingjiang.errors import FormatUnknown
from pingjiang.identifiers import check_credit_code
from pingjiang.sources import FileReceipt, read_format
from tests.made import write_csv

CHANCE = random.Random(1)
CODES = [credit_code(CHANCE, "320500", "91") for _ in range(9)]


def row(code: str, name: str = "合成科技有限公司", **cells: str) -> list[str]:
    told = {
        "统一社会信用代码": code, "企业名称": name, "曾用名": "", "地址": "江苏省苏州市工业园区合成路1号",
        "类型": "企业", "行业代码": "C3971", "产值(万元)": "1,234.5", "从业人数": "120",
        "产业链环节": "衬底与外延", "年份": "2024", "来源": "合成", **cells,
    }  # fmt: skip
    return [told[header] for header in HEADERS]


def imported(
    folder: Path, *rows: Sequence[str], header: Sequence[str] = HEADERS, name: str = "a.csv"
) -> tuple[Lake, FileReceipt]:
    lake = Lake(folder / "lake")
    [receipt] = pipeline.import_files([write_csv(folder / name, header, rows)], lake).receipts
    return lake, receipt


def rows_of(lake: Lake, table: str) -> list[dict[str, Any]]:
    with Session(threads=1) as session:
        found = lake.require_current().open(session, table)
        return found[table].dicts(order_by="row_number") if table in found else []


def test_a_row_is_taken_as_it_is_printed(tmp_path: Path) -> None:
    lake, receipt = imported(tmp_path, row(CODES[0], 曾用名="旧名甲有限公司、旧名乙有限公司；旧名丙有限公司"))
    [entry] = rows_of(lake, "register_entry")
    assert (receipt.format, receipt.accepted, receipt.doubts) == ("register", 1, {})
    assert entry["credit_code"] == entry["key"] == CODES[0]
    assert entry["former_names"] == ["旧名甲有限公司", "旧名乙有限公司", "旧名丙有限公司"]
    assert (entry["kind"], entry["industry_code"], entry["year"]) == ("company", "C3971", 2024)
    assert (entry["output_yuan"], entry["output_printed"], entry["staff"]) == (12_345_000, "1,234.5 万元", 120)
    assert entry["chain_nodes"] == ["衬底与外延"]
    assert entry["source_row"] == "register:a.csv:2"


@pytest.mark.parametrize(
    ("code", "name", "reason"),
    [
        ("", "甲", "no_credit_code"),
        ("9132050", "甲", "credit_code_length"),
        (CODES[0][:17] + "I", "甲", "credit_code_character"),
        (CODES[0][:16] + ("0" if CODES[0][16] != "0" else "1") + CODES[0][17], "甲", "credit_code_organisation_check"),
        (CODES[0][:17] + ("0" if CODES[0][17] != "0" else "1"), "甲", "credit_code_check"),
        ("9.13205E+17", "甲", "spreadsheet_number"),
        (CODES[0], "", "no_name"),
    ],
)
def test_a_row_without_a_right_code_or_a_name_is_refused_with_its_reason(
    tmp_path: Path, code: str, name: str, reason: str
) -> None:
    lake, receipt = imported(tmp_path, row(code, name), row(CODES[1]))
    assert (receipt.rows_read, receipt.accepted, receipt.rejected, receipt.reasons) == (2, 1, 1, {reason: 1})
    [reject] = rows_of(lake, "reject")
    assert (reject["row_number"], reject["reason"]) == (2, reason)
    assert reject["column"] == ("企业名称" if reason == "no_name" else "统一社会信用代码")
    assert receipt.rejects_file
    text = Path(receipt.rejects_file).read_text(encoding="utf-8-sig")
    assert reason in text
    assert "江苏省苏州市" in text


def test_codes_of_institutes_and_villages_that_other_libraries_refuse(tmp_path: Path) -> None:
    """Authorities N, Y and A, lower case, full width and spaces."""
    codes = [credit_code(CHANCE, "320500", kind) for kind in ("N2", "Y1", "A1", "12", "52")]
    printed = [codes[0], codes[1].lower(), f" {codes[2]} ", "".join(chr(ord(c) + 0xFEE0) for c in codes[3]), codes[4]]
    lake, receipt = imported(tmp_path, *(row(code) for code in printed))
    assert receipt.rejected == 0
    assert [entry["credit_code"] for entry in rows_of(lake, "register_entry")] == codes


@pytest.mark.parametrize(
    ("header", "cell", "yuan", "doubt"),
    [
        ("产值(万元)", "1,234.5", 12_345_000, None),
        ("产值（亿元）", "1.2", 120_000_000, None),
        ("工业总产值(千元)", "88", 88_000, None),
        ("产值", "3.5亿元", 350_000_000, None),
        ("产值", "３００万元", 3_000_000, None),
        ("产值(元)", "100", 100, None),
        ("产值(万元)", "5亿元", 500_000_000, None),
        ("产值", "100", None, "amount_without_unit"),
        ("产值(万元)", "约一亿", None, "amount_unreadable"),
        ("产值(万元)", "", None, None),
    ],
)
def test_output_has_a_unit_or_is_unknown(
    tmp_path: Path, header: str, cell: str, yuan: int | None, doubt: str | None
) -> None:
    headers = [header if each == "产值(万元)" else each for each in HEADERS]
    lake, receipt = imported(tmp_path, row(CODES[0], **{"产值(万元)": cell}), header=headers)
    assert receipt.doubts == ({doubt: 1} if doubt else {})
    assert rows_of(lake, "register_entry")[0]["output_yuan"] == yuan


def test_cells_in_doubt_are_unknown_and_named(tmp_path: Path) -> None:
    bad = row(CODES[0], 类型="外星人", 行业代码="半导体", 从业人数="几十人", 年份="2099")
    lake, receipt = imported(tmp_path, bad)
    [entry] = rows_of(lake, "register_entry")
    assert [entry[column] for column in ("kind", "industry_code", "staff", "year")] == [None] * 4
    doubts = {doubt["column"]: (doubt["reason"], doubt["value"]) for doubt in rows_of(lake, "doubt")}
    assert doubts == {
        "类型": ("code_unknown", "外星人"),
        "行业代码": ("industry_unreadable", "半导体"),
        "从业人数": ("integer_unreadable", "几十人"),
        "年份": ("year_unreadable", "2099"),
    }
    assert sum(receipt.doubts.values()) == 4


def test_the_parent_is_read_with_its_code_and_days(tmp_path: Path) -> None:
    headers = [*HEADERS, "上级单位", "上级单位统一社会信用代码", "隶属起始日期", "隶属终止日期"]
    lake, receipt = imported(
        tmp_path,
        [*row(CODES[0]), "某控股集团", CODES[1], "2019年5月1日", "2023/12/31"],
        [*row(CODES[1]), "某控股集团", "123", "某天", ""],
        header=headers,
    )
    told = [
        [entry[name] for name in ("parent_name", "parent_credit_code", "parent_from", "parent_to")]
        for entry in rows_of(lake, "register_entry")
    ]
    assert told == [["某控股集团", CODES[1], date(2019, 5, 1), date(2023, 12, 31)], ["某控股集团", None, None, None]]
    assert receipt.doubts == {"parent_code_unreadable": 1, "date_unreadable": 1}


def test_the_same_word_is_kept_once_and_another_year_beside_it(tmp_path: Path) -> None:
    lake, _ = imported(tmp_path, row(CODES[0], 年份="2023"))
    lake, second = imported(tmp_path, row(CODES[0], 年份="2023"), row(CODES[0]), row(CODES[1]), name="b.csv")
    assert (second.accepted, second.merged, second.changed, second.unchanged) == (1, 2, 1, 1)
    assert [entry["year"] for entry in rows_of(lake, "register_entry")] == [2023, 2024, 2024]
    again = pipeline.import_files([tmp_path / "b.csv"], lake).receipts[0]
    assert (again.already_imported, again.accepted, again.merged) == (True, 0, 3)


def test_mended_rejects_come_back(tmp_path: Path) -> None:
    lake, first = imported(tmp_path, row("", "甲公司"))
    assert first.rejects_file
    mended = Path(first.rejects_file).read_text(encoding="utf-8-sig").replace("\n,甲公司", f"\n{CODES[0]},甲公司")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8")
    [receipt] = pipeline.import_files([tmp_path / "mended.csv"], lake).receipts
    assert (receipt.accepted, receipt.rejected, receipt.unknown_columns) == (1, 0, [])


def test_other_headers_by_a_spec_of_ones_own(tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    spec.write_text(
        "name: mine\ntitle: {zh: 我的, en: mine}\ntable: register_entry\n"
        "fields: {credit_code: [代码], name: [户名], output: [年产值（亿元）], output_unit: []}\n",
        encoding="utf-8",
    )
    path = write_csv(tmp_path / "c.csv", ["代码", "户名", "年产值（亿元）"], [[CODES[0], "甲公司", "2"]])
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([path], lake, forced=read_format(spec)).receipts
    assert receipt.accepted == 1
    assert rows_of(lake, "register_entry")[0]["output_yuan"] == 200_000_000
    with pytest.raises(FormatUnknown, match="name"):
        pipeline.import_files(
            [write_csv(tmp_path / "d.csv", ["代码", "别的"], [[CODES[0], "x"]])], lake, forced=read_format(spec)
        )


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["", "x", "甲公司"]), st.sampled_from(["", "2023", "x"])),
        min_size=1,
    )
)
@settings(max_examples=8, deadline=None)
def test_the_receipt_adds_up(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[int, str, str]]) -> None:
    rows = [row(CODES[at] if at else "", name, 年份=year) for at, name, year in cells]
    _, receipt = imported(tmp_path_factory.mktemp("lake"), *rows)
    receipt.check()
    assert receipt.rows_read == len(rows)
    assert receipt.accepted == len({at for at, name, _ in cells if at and name})


def test_the_generator_makes_valid_codes_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    assert register(tmp_path / "r.csv", 500) == 1_000
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([tmp_path / "r.csv"], lake).receipts
    assert (receipt.accepted, receipt.merged, receipt.rejected, receipt.doubts) == (500, 500, 0, {})
    entries = rows_of(lake, "register_entry")
    assert all(check_credit_code(entry["credit_code"]).code == entry["credit_code"] for entry in entries)
    assert {entry["origin"] for entry in entries} == {"合成数据 synthetic"}
    assert all(entry["name"].startswith("合成") for entry in entries)

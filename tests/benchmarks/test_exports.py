"""The generated exports: deterministic, readable by us, and true to what the generator says of them."""

from __future__ import annotations

import csv
from datetime import date
from itertools import islice
from pathlib import Path

import fastexcel
import pyarrow as pa
import pytest
from benchmarks.generate import exports, patents

from pingjiang.identifiers import cn_check_digit, parse_many


def sheet(path: Path) -> pa.Table:
    return pa.table(fastexcel.read_excel(path).load_sheet(0).to_arrow())


@pytest.fixture(scope="module")
def world() -> list[patents.Publication]:
    return list(islice(patents.publications(5), 4_000))


def test_the_same_seed_makes_the_same_world(world: list[patents.Publication]) -> None:
    assert list(islice(patents.publications(5), 500)) == world[:500]
    assert list(islice(patents.publications(6), 500)) != world[:500]


def test_numbers_are_unique_and_check_digits_right(world: list[patents.Publication]) -> None:
    assert len({publication.number for publication in world}) == len(world)
    chinese = {p.application for p in world if p.application.office == "CN"}
    assert chinese
    assert all(a.cn_check == cn_check_digit(a.cn_digits) for a in chinese)


@pytest.mark.parametrize("tool", ["incopat", "patentics", "lens"])
def test_every_number_is_read_as_the_same_thing(world: list[patents.Publication], tool: str) -> None:
    """However a tool writes it, a number is one and the same publication or application."""
    rows = {
        "incopat": [(line[6], line[8]) for line in (exports._incopat_row(p, damage=False) for p in world)],
        "patentics": [(line[0], line[1]) for line in map(exports._patentics_row, world)],
        "lens": [(line[3], line[7]) for line in (exports._lens_row(1, p) for p in world)],
    }[tool]
    years = [p.application.filed.year for p in world]
    publications = parse_many([row[0] for row in rows], what="publication")
    applications = parse_many([row[1] for row in rows], what="application", year=years)
    plain = parse_many([p.number for p in world], what="publication")
    reference = [exports._incopat_application(p.application) for p in world]
    assert publications.error == [None] * len(world)
    assert publications.id == plain.id
    assert applications.error == [None] * len(world)
    assert applications.id == parse_many(reference, what="application", year=years).id


def test_publications_follow_their_filing(world: list[patents.Publication]) -> None:
    assert all(p.application.filed < p.published <= patents.CUTOFF for p in world)
    assert min(p.application.filed for p in world) >= date(2011, 1, 1)


def test_texts_are_as_long_as_real_ones(world: list[patents.Publication]) -> None:
    chinese = sorted(len(p.invention.abstract_zh) for p in world)[len(world) // 2]
    english = sorted(len(p.invention.abstract_en) for p in world)[len(world) // 2]
    assert 180 <= chinese <= 300
    assert 600 <= english <= 950


def test_the_large_workbook_holds_what_it_says(tmp_path: Path) -> None:
    told = exports.incopat_large(tmp_path / "a.xlsx", rows=2_000)
    again = exports.incopat_large(tmp_path / "b.xlsx", rows=2_000)
    one, other = sheet(tmp_path / "a.xlsx"), sheet(tmp_path / "b.xlsx")
    assert told == again
    assert one.equals(other)
    assert one.column_names == list(exports.INCOPAT_HEADERS)
    assert len(exports.INCOPAT_HEADERS) == 22
    numbers = one["公开（公告）号"].to_pylist()
    assert one.num_rows == told["rows"] == 2_000
    assert numbers.count("2.01E+12") == told["damaged"]
    assert numbers.count(None) == told["without_number"]
    real = [number for number in numbers if number not in (None, "2.01E+12")]
    assert len(set(real)) == told["publications"]
    assert len(real) - len(set(real)) == told["repeated"]
    assert one["序号"].to_pylist() == list(range(1, 2_001))
    assert pa.types.is_timestamp(one["公开（公告）日"].type)


def test_three_exports_overlap_as_told(tmp_path: Path) -> None:
    told = exports.three_exports(tmp_path, families=900)
    with (tmp_path / "patentics.csv").open(encoding="utf-8-sig", newline="") as handle:
        patentics = list(csv.reader(handle))
    with (tmp_path / "lens.csv").open(encoding="utf-8-sig", newline="") as handle:
        lens = list(csv.reader(handle))
    assert {len(row) for row in patentics[1:]} == {len(patentics[0]) + 1}
    assert {len(row) for row in lens} == {31}
    incopat = sheet(tmp_path / "incopat.xlsx")
    assert told["rows"] == {"incopat": incopat.num_rows, "patentics": len(patentics) - 1, "lens": len(lens) - 1}
    numbers = {number.replace(" ", "").replace("/", "") for number in [row[3] for row in lens[1:]]}
    held = [numbers, {row[0] for row in patentics[1:]}, set(incopat["公开（公告）号"].to_pylist())]
    true = told["true"]
    assert len(set.union(*held)) == true["publications"]
    assert all(one & other for one in held for other in held)
    share = true["applications_with_several_texts"] / true["applications"]
    assert 0.12 < share < 0.22

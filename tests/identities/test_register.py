"""Firms from entries: the latest year, conflicts named, places, nodes of the chain, names that anchor organisations."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate.register import credit_code, register
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, Session, Table
from pingjiang.identities import Register, conclude_register, register_names
from pingjiang.schema import table
from tests.made import incopat_file

SESSION = Session(threads=1)
CODE, OTHER = credit_code(random.Random(2), "320500", "91"), credit_code(random.Random(3), "440300", "91")


def entry(code: str = CODE, **said: Any) -> dict[str, Any]:
    told = {"source_id": "s1", "row_number": 2, "format": "register", "year": 2024, "name": "甲科技有限公司", **said}
    place = f"register:{told['source_id']}:{told['row_number']}"
    return {"source_row": place, "key": code, "credit_code": code, "content_hash": str(told), **told}


def concluded(*entries: dict[str, Any], nodes: tuple[tuple[str, str], ...] = ()) -> Register:
    columns = table("register_entry").engine_columns()
    rows = SESSION.from_rows(columns, [[each.get(column) for column in columns] for each in entries])
    node = dict.fromkeys(("node_id", "name_zh", "name_en"), "VARCHAR")
    chain_node = SESSION.from_rows(node, [(node_id, zh, node_id.title()) for node_id, zh in nodes])
    return conclude_register(SESSION, rows, chain_node, ["s1", "s2"])


def firms(rows: Table) -> dict[str, dict[str, Any]]:
    return {row["credit_code"]: row for row in rows.dicts()}


def test_the_latest_year_speaks_and_earlier_names_are_former_ones() -> None:
    made = concluded(
        entry(year=2022, name="旧名有限公司", staff=10, row_number=2),
        entry(year=2024, former_names=["更旧有限公司"], row_number=3),
        entry(year=None, name="无年份有限公司", staff=7, row_number=4),
    )
    firm = firms(made.firm)[CODE]
    assert (firm["year"], firm["name"], firm["staff"], firm["entries"]) == (2024, "甲科技有限公司", None, 3)
    assert sorted(firm["former_names"]) == sorted(["旧名有限公司", "更旧有限公司", "无年份有限公司"])
    assert made.conflict.count() == 0


def test_entries_of_one_year_that_differ_are_named_and_the_last_imported_is_taken() -> None:
    made = concluded(
        entry(staff=10, output_yuan=5, row_number=2),
        entry(staff=12, address="江苏省苏州市姑苏区合成路1号", row_number=3),
        entry(staff=11, name="乙科技有限公司", source_id="s2", row_number=2),
    )
    firm = firms(made.firm)[CODE]
    assert (firm["name"], firm["staff"], firm["output_yuan"], firm["conflicts"]) == ("乙科技有限公司", 11, 5, 2)
    told = made.conflict.dicts(order_by="field, other_row")
    assert [(row["field"], row["taken"], row["other"], row["other_row"]) for row in told] == [
        ("name", "乙科技有限公司", "甲科技有限公司", "register:s1:2"),
        ("name", "乙科技有限公司", "甲科技有限公司", "register:s1:3"),
        ("staff", "11", "10", "register:s1:2"),
        ("staff", "11", "12", "register:s1:3"),
    ]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("江苏省苏州市工业园区星湖街328号", ("江苏省", "苏州市", "address")),
        ("昆山市玉山镇", ("江苏省", "苏州市", "address")),
        ("某某路1号", ("江苏省", None, "office")),
        (None, ("江苏省", None, "office")),
    ],
)
def test_the_place_is_that_of_the_address_else_of_the_office(address: str | None, place: tuple[str, ...]) -> None:
    firm = firms(concluded(entry(address=address)).firm)[CODE]
    assert (firm["province"], firm["city"], firm["place_basis"]) == place


def test_a_code_of_the_states_own_office_says_nothing_of_a_place() -> None:
    firm = firms(concluded(entry(credit_code(random.Random(4), "100000", "91"))).firm)
    assert [(row["province"], row["place_basis"]) for row in firm.values()] == [(None, None)]


def test_parents_of_all_years_with_the_one_that_stands() -> None:
    made = concluded(
        entry(year=2020, parent_name="旧集团", parent_from=date(2015, 1, 1), row_number=2),
        entry(year=2022, parent_name="旧集团", row_number=3),
        entry(year=2023, parent_name="新集团", parent_credit_code=OTHER, row_number=4),
        entry(year=2024, row_number=5),
    )
    told = {row["parent_name"]: row for row in made.parent.dicts()}
    assert {name: row["stands"] for name, row in told.items()} == {"旧集团": False, "新集团": True}
    assert told["旧集团"]["from_date"] == date(2015, 1, 1) and told["旧集团"]["to_date"] is None
    assert told["新集团"]["parent_credit_code"] == OTHER
    ended = concluded(entry(parent_name="旧集团", parent_to=date(2023, 1, 1)))
    assert [row["stands"] for row in ended.parent.dicts()] == [False]


def test_nodes_by_id_or_name_and_those_of_no_chain() -> None:
    nodes = (("etch", "刻蚀、清洗"), ("film", "薄膜"), ("film2", "薄膜"))
    made = concluded(entry(chain_nodes=["刻蚀、清洗", "ETCH", "etch、薄膜", "量子"]), nodes=nodes)
    assert sorted((row["printed"], row["node_id"]) for row in made.node.dicts()) == [
        ("ETCH", "etch"), ("etch", "etch"), ("刻蚀、清洗", "etch"), ("薄膜", None), ("量子", None),
    ]  # fmt: skip


def test_a_kind_that_no_entry_tells_is_read_from_the_name() -> None:
    assert firms(concluded(entry(name="苏州大学附属第一医院")).firm)[CODE]["kind"] == "hospital"
    assert firms(concluded(entry(kind="government")).firm)[CODE]["kind"] == "government"


def test_names_that_mean_a_firm_and_those_that_mean_two() -> None:
    made = concluded(
        entry(former_names=["旧名有限公司"]),
        entry(OTHER, name="丙有限公司", former_names=["旧名有限公司"], row_number=3),
    )
    named = {
        (row["name"], row["credit_code"]): (row["former"], row["codes"])
        for row in register_names(SESSION, made.firm).dicts()
    }
    assert named == {
        ("甲科技有限公司", CODE): (False, 1),
        ("丙有限公司", OTHER): (False, 1),
        ("旧名有限公司", CODE): (True, 2),
        ("旧名有限公司", OTHER): (True, 2),
    }  # fmt: skip


told = st.fixed_dictionaries(
    {
        "code": st.sampled_from([CODE, OTHER]),
        "year": st.sampled_from([None, 2022, 2023]),
        "name": st.sampled_from(["甲", "乙"]),
        "staff": st.sampled_from([None, 1, 2]),
        "source_id": st.sampled_from(["s1", "s2"]),
    }
)


@given(st.lists(told, max_size=8))
@settings(max_examples=12, deadline=None)
def test_one_row_a_code_whatever_was_said(said: list[dict[str, Any]]) -> None:
    entries = [entry(each.pop("code"), **each, row_number=at) for at, each in enumerate(map(dict, said))]
    made = concluded(*entries)
    found = firms(made.firm)
    assert made.firm.count() == len(found) == len({each["credit_code"] for each in entries})
    for code, firm in found.items():
        own = [each for each in entries if each["credit_code"] == code]
        latest = max((each["year"] for each in own if each["year"]), default=None)
        current = [each for each in own if each["year"] == latest]
        assert firm["year"] == latest
        assert firm["name"] in {each["name"] for each in current}
        assert firm["name"] not in (firm["former_names"] or [])
        assert firm["entries"] == len(own)
        differing = sum(len({each[field] for each in current} - {None}) > 1 for field in ("name", "staff"))
        assert firm["conflicts"] == differing


# -- from the file to the indicator ------------------------------------------------------------------


def test_firms_are_counted_by_place_and_node_and_never_with_patents(tmp_path: Path) -> None:
    chain = load("semiconductors")
    leaves = [str(node["name_zh"]) for node in chain.nodes() if node["is_leaf"]][:5]
    register(tmp_path / "r.csv", 200, nodes=leaves)
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([tmp_path / "r.csv", incopat_file(tmp_path / "p.csv", 20)], lake)
    pipeline.build(lake, chain)
    entries = pipeline.indicators(lake)["indicators"]
    by_firm = {each["name"]: each for each in entries if each["unit"] == "firm"}
    assert set(by_firm) == {"firms_by_place", "firms_by_node"}
    assert sum(row["firms"] for row in by_firm["firms_by_place"]["rows"]) == 200
    by_node = {row["node_id"]: row["firms"] for row in by_firm["firms_by_node"]["rows"]}
    assert by_node[None] == 0
    assert sum(by_node[node["node_id"]] for node in chain.nodes() if node["is_leaf"]) == 200
    assert all(row.get("firms") is None for each in entries if each["unit"] != "firm" for row in each["rows"])


def test_a_lake_of_a_register_alone_can_be_built(tmp_path: Path) -> None:
    register(tmp_path / "r.csv", 20)
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([tmp_path / "r.csv"], lake)
    result = pipeline.build(lake, load("semiconductors"))
    assert (result.rows["register_firm"], result.rows["publication"]) == (20, 0)

"""Pairs of names by what else is known of them: what must be found, what must not, and that hubs stay bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table
from pingjiang.engine.translate import to_spark
from pingjiang.identities.organisations import evidence
from pingjiang.identities.organisations.evidence import KINDS, evidence_pairs
from tests.identities.rows import party, records, said

SESSION = Session(threads=1)
MEMBER = dict.fromkeys(("publication_id", "application_id", "family_id"), "VARCHAR")


def pairs(rows: list[dict[str, Any]], family: dict[str, str] | None = None, **more: Any) -> list[dict[str, Any]]:
    """Evidence of records; `family`: application → family, by default its own."""
    family = family or {}
    member = {
        (row["publication_id"], row.get("application_id"), family.get(row.get("application_id", ""), row["key"]))
        for row in rows
        if row.get("publication_id")
    }
    found = evidence_pairs(SESSION, records(SESSION, rows), SESSION.from_rows(MEMBER, sorted(member)), **more)
    return found.dicts(order_by="kind, name_a, name_b")


def told(publication: str, application: str, *names: str, **fields: Any) -> dict[str, Any]:
    return said(publication, application, applicants=[party(name) for name in names], **fields)


def test_members_of_one_family_name_one_applicant_in_two_scripts() -> None:
    rows = [
        told("CN110000001A", "CN201910000001", "福特全球技术公司"),
        told("US20200000001A1", "US16/000001", "FORD GLOBAL TECH LLC"),
        told("CN110000002A", "CN201910000002", "福特全球技术公司"),
        told("US20200000002A1", "US16/000002", "FORD GLOBAL TECH LLC"),
        told("US20200000003A1", "US16/000003", "Smith John"),
        told("CN110000003A", "CN201910000003", "福特全球技术公司"),
    ]
    by_number = {row["application_id"]: f"f{row['application_id'][-1]}" for row in rows}
    found = pairs(rows, by_number, kinds=["family"])
    assert [(row["name_a"], row["name_b"], row["support"], row["exclusive"]) for row in found] == [
        ("FORD GLOBAL TECH LLC", "福特全球技术公司", 2, 2),
        ("Smith John", "福特全球技术公司", 1, 1),
    ]
    assert [(row["of_a"], row["of_b"], row["against"]) for row in found] == [(2, 3, 0), (1, 3, 0)]


def test_a_vendors_names_count_in_rows_without_a_publication_too() -> None:
    rows = [
        said(None, f"US16/00000{row}", row_number=row, applicants=[party(name)], applicants_standardised=["BOEING"])
        for row, name in enumerate(["Boeing Co", "Boeing Co", "The Boeing Company"], start=2)
    ]
    (found,) = pairs(rows, kinds=["vendor"])
    assert (found["name_a"], found["name_b"], found["support"]) == ("Boeing Co", "The Boeing Company", 1)
    assert (found["of_a"], found["of_b"]) == (2, 1)


def test_two_tools_spell_the_applicants_of_one_publication() -> None:
    rows = [
        told("CN110000001A", "CN201910000001", "华为技术有限公司", "清华大学", source_id="s1"),
        told("CN110000001A", "CN201910000001", "HUAWEI TECH CO LTD", "UNIV TSINGHUA", source_id="s2"),
    ]
    found = pairs(rows, kinds=["publication"])
    assert [(row["name_a"], row["name_b"], row["exclusive"]) for row in found] == [
        ("HUAWEI TECH CO LTD", "华为技术有限公司", 0),
        ("UNIV TSINGHUA", "清华大学", 0),
    ]


def test_lists_of_another_length_say_nothing() -> None:
    rows = [
        told("CN110000001A", "CN201910000001", "甲公司", source_id="s1"),
        told("CN110000001A", "CN201910000001", "乙公司", "丙公司", source_id="s2"),
    ]
    assert pairs(rows) == []


def test_applicants_side_by_side_speak_against() -> None:
    rows = [
        told("CN110000001A", "CN201910000001", "甲公司", "乙公司"),
        told("CN110000001B", "CN201910000001", "乙公司", "甲公司"),
    ]
    [found] = pairs(rows, kinds=["application"])
    assert (found["support"], found["against"]) == (1, 2)


def test_one_title_in_two_offices() -> None:
    title = "自动驾驶模式照明系统和方法"
    rows = [
        told("CN110000001A", "CN201910000001", "福特全球技术公司", title_zh=title, filing_date="2019-06-01"),
        told("US20200000001A1", "US16/000001", "FORD GLOBAL TECH LLC", title_zh=title + "。", filing_date="2018-07-01"),
        told("US20140000001A1", "US14/000001", "Somebody Inc", title_zh=title, filing_date="2014-07-01"),
        told("CN110000009A", "CN201910000009", "别人公司", title_zh=title, filing_date="2019-06-01"),
        told("CN110000008A", "CN201910000008", "甲公司", title_zh="机器人", filing_date="2019-06-01"),
        told("US20190000008A1", "US16/000008", "B Inc", title_zh="机器人", filing_date="2019-06-01"),
    ]
    found = pairs(rows, kinds=["title"])
    assert [(row["name_a"], row["name_b"]) for row in found] == [
        ("FORD GLOBAL TECH LLC", "别人公司"),
        ("FORD GLOBAL TECH LLC", "福特全球技术公司"),
    ]


def test_a_team_of_inventors_and_not_one_name() -> None:
    team = [party("Li Wei"), party("Zhang San"), party("Mueller, Hans")]
    rows = [
        told("US20200000001A1", "US16/000001", "Old Name Inc", inventors=team),
        told("US20200000002A1", "US16/000002", "New Name Inc", inventors=[*team, party("An Qi")]),
        told("US20200000003A1", "US16/000003", "Others Inc", inventors=[party("Li Wei")]),
    ]
    [found] = pairs(rows, kinds=["inventors"])
    assert (found["name_a"], found["name_b"], found["support"]) == ("New Name Inc", "Old Name Inc", 2)


def test_one_address() -> None:
    def at(number: int, name: str, address: str) -> dict[str, Any]:
        return said(f"CN11000000{number}A", f"CN20191000000{number}", applicants=[party(name, address=address)])

    rows = [
        at(1, "旧名有限公司", "江苏省苏州市工业园区星湖街328号"),
        at(2, "新名有限公司", "江苏省苏州市 工业园区 星湖街328号"),
        at(3, "镇上公司", "苏州市"),
        at(4, "镇上别家公司", "苏州市"),
    ]
    [found] = pairs(rows, kinds=["address"])
    assert (found["name_a"], found["name_b"]) == ("新名有限公司", "旧名有限公司")


def test_vendor_names_can_be_left_out() -> None:
    rows = [
        told("CN110000001A", "CN201910000001", "福特全球技术公司", applicants_standardised=["福特-C"]),
        told("US20200000001A1", "US16/000001", "FORD GLOBAL TECH LLC", applicants_standardised=["福特-C"]),
        told("US20200000002A1", "US16/000002", "FORD GLOBAL TECH LLC", applicants_standardised=["福特-C"]),
        told("US20200000003A1", "US16/000003", "A", "B", applicants_standardised=["福特-C"]),
    ]
    [found] = pairs(rows)
    assert (found["kind"], found["name_a"], found["name_b"]) == ("vendor", "FORD GLOBAL TECH LLC", "福特全球技术公司")
    assert pairs(rows, kinds=[kind for kind in KINDS if kind != "vendor"]) == []
    with pytest.raises(ValueError, match="unknown"):
        pairs(rows, kinds=["unknown"])


def test_a_hub_makes_no_square() -> None:
    """Two hundred names at one address, of one title or one vendor's name: no pairs but the vendor's star."""
    home = "江苏省苏州市工业园区星湖街328号"
    rows = [
        said(
            f"{'US2020' if number % 2 else 'CN11'}{number:07}A",
            applicants=[party(f"公司{number:04}", address=home)],
            title="一种数据处理的方法和装置",
            filing_date="2020-01-01",
            applicants_standardised=[f"其他{number // 50}"],
        )
        for number in range(1, 201)
    ]
    found = pairs(rows)
    assert {row["kind"] for row in found} == {"vendor"}
    assert len(found) < 200


names = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=3, unique=True)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), names), max_size=12))
@settings(max_examples=12, deadline=None)
def test_pairs_are_ordered_and_add_up(lists: list[tuple[int, int, list[str]]]) -> None:
    rows = [
        told(f"CN1100000{number:02}A", f"CN2019100000{family:02}", *each, source_id=f"s{number}")
        for number, (_, family, each) in enumerate(lists)
    ]
    found = pairs(rows)
    keys = [(row["kind"], row["name_a"], row["name_b"]) for row in found]
    assert len(keys) == len(set(keys))
    for row in found:
        assert row["name_a"] < row["name_b"]
        assert 0 <= row["exclusive"] <= row["support"]
        assert row["support"] <= min(row["of_a"], row["of_b"])


def test_every_statement_can_be_said_for_spark() -> None:
    record = list(records(SESSION, []).columns())
    entry = ["key", "name", "position", "size", "least", "most", "authority", "filing_date"]
    tables = {
        "record": record,
        "mention": ["publication_id", "source_id", "name", "position", "size"],
        "member": list(MEMBER),
        "entry": entry,
        "keyed": ["key", "name", "least", "most"],
    }
    texts = [evidence._MENTION, evidence._TEAM, evidence._ADDRESS, evidence._SHARED, evidence._VENDOR, evidence._TITLED]
    texts += [evidence._MATCHED.format(apart=apart) for apart in (evidence._OTHER_LISTS, evidence._OTHER_OFFICES)]
    texts += [evidence._TOGETHER]
    for text in texts:
        assert to_spark(text, tables)


# -- real exports ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exported(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    """Evidence from the exports of two tools about Ford, Toyota and others."""
    lake = Lake(tmp_path_factory.mktemp("lake"))
    folder = samples / "cn_exports" / "autodriving"
    files = (
        "incopat_ford_7552.xlsx",
        "incopat_toyota_5048.xlsx",
        "patentics_fleet_1036.csv",
        "patentics_aptiv_3384.csv",
    )
    pipeline.import_files([folder / name for name in files], lake, settings=Settings.from_environment({}))
    with Session(memory_limit="2GB", threads=2) as session:
        record = lake.require_current().open(session, "record")["record"]
        member = session.materialise(
            "select distinct r.publication_id, r.application_id, r.application_id as family_id from r "
            "where r.publication_id is not null",
            r=record,
        )
        yield evidence_pairs(session, record, member)


@pytest.mark.parametrize(
    ("latin", "chinese", "least"),
    [
        ("Ford Global Technologies Llc", "福特全球技术公司", 5),
        ("TOYOTA JIDOSHA KABUSHIKI KAISHA", "丰田自动车株式会社", 3),
    ],
)
def test_real_names_of_two_scripts_are_joined_by_titles(exported: Table, latin: str, chinese: str, least: int) -> None:
    found = [
        row
        for row in exported.sql(f"select * from self_ where self_.kind = 'title' and name_b = '{chinese}'").dicts()
        if row["name_a"] == latin
    ]
    assert [row["support"] >= least for row in found] == [True]
    assert found[0]["support"] / found[0]["of_a"] > 0.5
    assert found[0]["against"] == 0


def test_real_chance_titles_are_outweighed(exported: Table) -> None:
    """Strangers that chance to share a title with a name have fewer of its titles than its own other spellings."""
    by_titles = exported.sql(
        "select self_.* from self_ where self_.kind = 'title' and self_.name_b = '丰田自动车株式会社'"
    )
    shares = {row["name_a"]: row["support"] / row["of_b"] for row in by_titles.dicts()}
    own = max(share for name, share in shares.items() if "TOYOTA" in name)
    others = [share for name, share in shares.items() if "TOYOTA" not in name.upper()]
    assert others
    assert max(others) < own

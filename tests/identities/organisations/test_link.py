"""Names linked by themselves: what must be one, what must stay two, and what never changes the result."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.identities.organisations.link import link, link_names

SESSION = Session(threads=1)

ONE_ENTITY = [
    ("Samsung Electronics Co., Ltd.", "SAMSUNG ELECTRONICS CO LTD"),
    ("Taiwan Semiconductor Manufacturing Company, Ltd.", "TAIWAN SEMICONDUCTOR MANUFACTURING CO., LTD."),
    ("KABUSHIKI KAISHA TOSHIBA", "Toshiba K.K."),
    ("L'Oréal S.A.", "LOREAL SA"),
    ("ＡＢＣ　Ｃｏ．，Ｌｔｄ", "abc co ltd"),
    ("中科创达软件股份有限公司", "中科创达软件有限公司"),
    ("鸿海精密工业股份有限公司", "鴻海精密工業股份有限公司"),
    ("Hoechst Aktiengesellschaft", "Hoechst AG"),
    ("Toyota Jidosha Kabushiki Kaisha", "TOYOTA MOTOR CORP"),
    ("丰田自动车株式会社", "豊田自動車株式会社"),
    ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
    ("Centre National de la Recherche Scientifique (CNRS)", "Centre National de la Recherche Scientifique"),
    ("S.N.E.C.M.A.", "SNECMA"),
    ("北京航空航天大学", "UNIV BEIHANG"),
    ("山东省泰安市农业机械有限公司", "泰安农业机械有限公司"),
    ("Ford Motor Co Dearborn Mich (V St A )", "福特汽车公司"),
    ("纳恩博（北京）科技有限公司", "NINEBOT BEIJING TECH CO LTD"),
    ("WAYMO LL C", "Waymo LLC"),
    ("博斯蒂克股份公司", "Bostik SA"),
    ("株式会社オプティム", "Optim Corp"),
    (
        "フォルクスヴァーゲン  アクチエンゲゼルシャフトＶｏｌｋｓｗａｇｅｎ  Ａｋｔｉｅｎｇｅｓｅｌｌｓｃｈａｆｔ",
        "Volkswagen AG",
    ),
    ("ユニバーサル シティ スタジオズ リミテッド ライアビリティ カンパニー", "Universal City Studios LLC"),
    ("KAIST (Korea Advanced Institute of Science and Technology)", "Korea Advanced Inst Science & Technology"),
    ("Frobnitz Optical Works Inc. (FOWI)", "FROBNITZ OPTICAL WORKS INC"),
    (
        "Fraunhofer Ges zur F?rderung der angewandten Forschung",
        "Fraunhofer Ges zur Förderung der angewandten Forschung",
    ),
    ("Arizona Board of Regents acting for Arizona State University", "ARIZONA STATE UNIVERSITY"),
    ("KRAFTFOODS HOLDINGS, INC.", "Kraft Foods Holdings Inc"),
    ("开源智造股份有限公司 台北市南港区三重路19号", "开源智造股份有限公司"),
]
TWO_ENTITIES = [
    ("苏州大学", "苏州大学附属第一医院"),
    ("苏州大学", "东吴大学"),
    ("苏州大学附属第一医院", "苏州大学附属第二医院"),
    ("美的集团股份有限公司", "美的股份有限公司"),
    ("开放智能机器(上海)有限公司", "开放智能机器(深圳)有限公司"),
    ("斑马智行网络(香港)有限公司", "斑马智行网络有限公司"),
    ("Samsung Electronics Co., Ltd.", "Samsung Display Co., Ltd."),
    ("University of California", "University of Southern California"),
    ("Oregon State University", "University of Oregon"),
    ("中国电信股份有限公司", "中华电信股份有限公司"),
    ("Siemens AG", "Siemens Inc."),
    ("Hoechst AG", "Hoechst Celanese Corporation"),
    ("Northrop Grumman Corporation", "NORTHROP GRUMMAN SYSTEMS CORP"),
    ("莫迪安医药科技股份有限公司", "Linear Motion Technologies Limited"),
    ("江苏思维福特机械科技股份有限公司", "Swift Machinery Technology Ltd"),
    ("ソニーＬＳＩデザイン株式会社", "Sony Corporation"),
]


def linked(*names: str) -> dict[str, tuple[str | None, str | None]]:
    table = SESSION.from_arrow(pa.table({"name": pa.array(names, pa.string())}))
    return {name: (entity, group) for name, entity, group in link_names(SESSION, table).rows()}


@pytest.fixture(scope="module")
def together() -> dict[str, tuple[str | None, str | None]]:
    """All names of this page, linked at once."""
    return linked(*dict.fromkeys(name for pair in ONE_ENTITY + TWO_ENTITIES for name in pair))


@pytest.mark.parametrize("pair", ONE_ENTITY)
def test_one_entity(together: dict[str, tuple[str | None, str | None]], pair: tuple[str, str]) -> None:
    assert together[pair[0]] == together[pair[1]]
    assert together[pair[0]][0] is not None


@pytest.mark.parametrize("pair", TWO_ENTITIES)
def test_two_entities(together: dict[str, tuple[str | None, str | None]], pair: tuple[str, str]) -> None:
    assert together[pair[0]][0] != together[pair[1]][0]


def test_subsidiaries_are_entities_of_one_group() -> None:
    found = linked("Hoechst AG", "Hoechst Celanese Corporation", "Hoechst-Roussel Pharmaceuticals Inc.", "Bayer AG")
    entities = {entity for entity, _ in found.values()}
    groups = {group for name, (_, group) in found.items() if "Hoechst" in name}
    assert len(entities) == 4
    assert len(groups) == 1
    assert found["Bayer AG"][1] not in groups


def test_offices_are_told_apart_behind_the_state() -> None:
    state = "The United States of America as represented by the Secretary of the "
    found = linked(
        state + "Navy", state + "Army", "United States of America as reperesented by the Secretary of the Navy"
    )
    assert found[state + "Navy"] != found[state + "Army"]
    assert found[state + "Navy"][1] == found["United States of America as reperesented by the Secretary of the Navy"][1]


def test_a_name_without_letters_stands_alone() -> None:
    assert linked("???", "Bayer AG")["???"] == (None, None)


NAMES = sorted({name for pair in ONE_ENTITY + TWO_ENTITIES for name in pair})


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=12, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_plays_no_part(names: list[str], order: random.Random) -> None:
    shuffled = list(names)
    order.shuffle(shuffled)
    assert linked(*names) == linked(*shuffled)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=8, unique=True))
def test_a_name_of_nothing_alike_changes_no_entity(names: list[str]) -> None:
    before = linked(*names)
    after = linked(*names, "Quxzyplog Wibberdax GmbH")
    assert {name: after[name][0] for name in names} == {name: before[name][0] for name in names}


def test_persons_are_not_joined_by_spelling() -> None:
    found = linked("MALOV YURY IVANOVICH", "Malov Yuri Ivanovich", "Smith, John R.", "Smith, John")
    assert len({entity for entity, _ in found.values()}) == 4


def test_every_link_has_its_reasons() -> None:
    names = ["Eastman Kodak Company", "EASTMAN KODAK CO.", "Eastmen Kodak Company"]
    table = SESSION.from_arrow(pa.table({"name": names, "mentions": [100, 20, 2]}))
    spelling = link(SESSION, table).spelling.dicts(order_by="name")
    assert len({row["entity"] for row in spelling}) == 1
    reasons = {row["name"]: row["reasons"] for row in spelling}
    assert reasons["Eastman Kodak Company"] == ["words"]
    assert "spelling" in reasons["Eastmen Kodak Company"]
    assert all(0 < row["score"] <= 1 and row["reasons"] for row in spelling)


def test_words_that_were_glued_are_parted() -> None:
    table = SESSION.from_arrow(
        pa.table({"name": ["Eastman Kodak Company", "EastmanKodak Company"], "mentions": [9, 1]})
    )
    spelling = {row["name"]: row for row in link(SESSION, table).spelling.dicts()}
    assert len({row["entity"] for row in spelling.values()}) == 1
    assert "joined" in spelling["EastmanKodak Company"]["reasons"]


def test_evidence_joins_two_scripts_and_side_by_side_parts_them() -> None:
    names = SESSION.from_arrow(pa.table({"name": ["安福特技术公司", "Meridian Technologies LLC"], "mentions": [5, 5]}))
    columns = {"name_a": "VARCHAR", "name_b": "VARCHAR", "kind": "VARCHAR"} | dict.fromkeys(
        ("support", "of_a", "of_b", "against"), "BIGINT"
    )
    pair = ("Meridian Technologies LLC", "安福特技术公司")
    told = SESSION.from_rows(columns, [(*pair, "family", 5, 5, 5, 0)])
    assert len({row["entity"] for row in link(SESSION, names, evidence=told).spelling.dicts()}) == 1
    beside = SESSION.from_rows(columns, [(*pair, "family", 1, 9, 9, 8)])
    assert len({row["entity"] for row in link(SESSION, names, evidence=beside).spelling.dicts()}) == 2


def test_a_register_joins_former_names_and_parts_firms() -> None:
    names = SESSION.from_arrow(
        pa.table(
            {"name": ["苏州甲科技有限公司", "苏州旧名实业有限公司", "苏州甲科技股份有限公司"], "mentions": [9, 3, 2]}
        )
    )
    codes = SESSION.from_rows(
        {"name": "VARCHAR", "credit_code": "VARCHAR", "former": "BOOLEAN"},
        [
            ("苏州甲科技有限公司", "91320500MA1ABCD11N", False),
            ("苏州旧名实业有限公司", "91320500MA1ABCD11N", True),
        ],
    )
    found = {row["name"]: row for row in link(SESSION, names, codes=codes).spelling.dicts()}
    assert found["苏州甲科技有限公司"]["entity"] == found["苏州旧名实业有限公司"]["entity"]
    assert "former_name" in found["苏州旧名实业有限公司"]["reasons"]
    assert found["苏州旧名实业有限公司"]["credit_code"] == "91320500MA1ABCD11N"


def test_real_names_come_right(samples: Path) -> None:
    """A tenth of the labels that may be used for tuning, by themselves: hardly a pair is wrong, most are found."""
    names: dict[str, str] = {}
    with gzip.open(samples / "truth/assignees/air-umass-assignees-benchmark.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["unique_id"] in {"e38", "e47", "2_1", "e46", "7_12", "3_12"}:
                names[row["organization"]] = row["unique_id"]
    found = linked(*names)
    pairs = [(a, b) for a in names for b in names if a < b]
    joined = [(names[a] == names[b]) for a, b in pairs if found[a][1] == found[b][1]]
    right = sum(names[a] == names[b] for a, b in pairs)
    assert sum(joined) / len(joined) >= 0.98
    assert sum(joined) / right >= 0.85

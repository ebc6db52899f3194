"""Thin organisations: folding alone. What folding must join, and what it must keep apart."""

from __future__ import annotations

import pytest

from pingjiang.engine import Session, Table
from pingjiang.identities import conclude_organisations
from pingjiang.judgements import judged_table

SESSION = Session(threads=1)


def concluded(*names: str) -> tuple[Table, Table]:
    columns = dict.fromkeys(("publication_id", "name", "country", "address", "source_row"), "VARCHAR")
    rows = [(f"P{at}", name, None, None, f"r{at}") for at, name in enumerate(names)]
    applicant = SESSION.from_rows(columns, rows).sql("select self_.*, 1 as sequence from self_")
    found = conclude_organisations(SESSION, applicant, judged_table(SESSION, []))
    return found.organisation, found.applicant


def same(one: str, two: str) -> bool:
    organisation, linked = concluded(one, two)
    assert linked.count() == 2
    return organisation.count() == 1


def test_a_name_is_shown_at_half_width_and_kept_as_it_was() -> None:
    printed = ["株式会社Ｇｓユアサ", "ＡＴ＆Ｔ　Ｃｏ．，Ｌｔｄ．", "开放智能机器（上海）有限公司"]
    organisation, linked = concluded(*printed)
    assert sorted(row["name"] for row in organisation.dicts()) == sorted(
        ["株式会社Gsユアサ", "AT&T　Co.，Ltd.", "开放智能机器（上海）有限公司"]
    )
    assert sorted(row["name"] for row in linked.dicts()) == sorted(printed)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Samsung Electronics Co., Ltd.", "SAMSUNG ELECTRONICS CO LTD"),
        ("Taiwan Semiconductor Manufacturing Company, Ltd.", "TAIWAN SEMICONDUCTOR MANUFACTURING CO., LTD."),
        ("KABUSHIKI KAISHA TOSHIBA", "Toshiba K.K."),
        ("L'Oréal S.A.", "LOREAL SA"),
        ("ＡＢＣ　Ｃｏ．，Ｌｔｄ", "abc co ltd"),
        ("中科创达软件股份有限公司", "中科创达软件有限公司"),
    ],
)
def test_one_name_in_two_spellings(one: str, two: str) -> None:
    assert same(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("苏州大学", "苏州大学附属第一医院"),
        ("苏州大学", "东吴大学"),
        ("美的集团股份有限公司", "美的股份有限公司"),
        ("开放智能机器(上海)有限公司", "开放智能机器(深圳)有限公司"),
        ("斑马智行网络(香港)有限公司", "斑马智行网络有限公司"),
        ("Samsung Electronics Co., Ltd.", "Samsung Display Co., Ltd."),
        ("University of California", "University of Southern California"),
    ],
)
def test_two_that_stay_two(one: str, two: str) -> None:
    assert not same(one, two)

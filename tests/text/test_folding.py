"""Folds: the same name in any script, width, case and punctuation; and what stays apart."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc_purepy import OpenCC

from pingjiang.text import fold
from pingjiang.text.han import one_form

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)
ANY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("aAbB.,&+ ()（）-'ÄöüßÉøæＡｂ１株式会社有限公司ーァカ가나다№㈱½ﬁǆİ"),
    ),
    max_size=30,
)


@cache
def converter(config: str) -> OpenCC:
    return OpenCC(config)


@given(ANY)
@settings(max_examples=500, deadline=None)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(HAN)
@settings(deadline=None)
def test_each_character_folds_as_its_traditional_and_simplified_form(text: str) -> None:
    """Character by character: OpenCC's phrases (了 for 瞭 in 一目瞭然) are no names."""
    for config in ("s2t", "t2s"):
        converted = "".join(converter(config).convert("\n".join(text)).split("\n"))
        assert fold(converted) == fold(text)


def test_the_table_is_its_own_end() -> None:
    table = one_form()
    assert len(table) > 3_000
    assert all(ord(char) not in table for char in table.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("華為技術有限公司", "华为技术有限公司"),
        ("豊田自動車株式会社", "丰田自动车株式会社"),
        ("三菱電機", "三菱电机"),
        ("三菱電気", "三菱电气"),
        ("住友金属鉱山", "住友金属矿山"),
        ("東芝", "东芝"),
        ("鉅祥企業", "钜祥企业"),
        ("ＳＯＮＹ　Ｃｏｒｐ．", "Sony Corp"),
        ("Société Générale", "SOCIETE GENERALE"),
        ("Johnson & Johnson", "Johnson and Johnson"),
        ("Procter&Gamble", "Procter & Gamble"),
        ("AT & T", "AT&T"),
        ("Endress+Hauser", "Endress und Hauser"),
        ("S.p.A.", "S p A"),
        ("LG 化学", "LG化学"),
        ("ハイドロ−ケベック", "ハイドロー・ケベック"),
        ("L'Oréal", "LOREAL"),
        ("Straße", "STRASSE"),
    ],
)
def test_written_otherwise(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("苏州大学", "东吴大学"), ("Johnson", "Johnston"), ("カシオ", "ガシオ"), ("한국", "한군"), ("第一", "第二")],
)
def test_others_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_real_names_fold_once(printed_names: list[str]) -> None:
    assert len(printed_names) > 10_000
    assert [name for name in printed_names if fold(fold(name)) != fold(name)] == []

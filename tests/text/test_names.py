"""Names as they are read: words by meaning, sound, brackets; pairs across scripts."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pingjiang.engine import Session
from pingjiang.text import read_name, read_names, sound
from pingjiang.text.meanings import meanings


@pytest.mark.parametrize(
    "names",
    [
        "TOYOTA MOTOR CORP; Toyota Jidosha Kabushiki Kaisha; トヨタ自動車株式会社",
        "华为技术有限公司; 華為技術有限公司; Huawei Technologies Co., Ltd.",
        "百度国际科技（深圳）有限公司; 百度國際科技(深圳)有限公司; Baidu International Technology (Shenzhen) Co Ltd",
        "LG化学株式会社; LG CHEM LTD; LG Chemical Ltd.; LG 화학",
        "Samsung Mfg Ind Co; SAMSUNG MANUFACTURING INDUSTRIES",
        "Univ Tsinghua; Tsinghua University; Tsinghua Daigaku",
    ],
)
def test_one_sound_and_one_set_of_meanings(names: str) -> None:
    read = [read_name(name) for name in names.split("; ")]
    assert len({(each.reading, tuple(each.meanings)) for each in read}) == 1, read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("丰田自动车株式会社", "TOYOTA MOTOR CORP"),
        ("三星电子株式会社", "Samsung Electronics Co., Ltd."),
        ("福特全球技术公司", "Ford Global Technologies, LLC"),
        ("三菱重工业株式会社", "Mitsubishi Jukogyo Kabushiki Kaisha"),
        ("日产自动车株式会社", "Nissan Motor Co Ltd"),
        ("三菱化学株式会社", "Mitsubishi Chem Corp"),
        ("株式会社村田制作所", "Murata Manufacturing Co., Ltd."),
        ("波音公司", "The Boeing Company"),
        ("罗伯特·博世有限公司", "Robert Bosch GmbH"),
        ("通用汽车环球科技运作有限责任公司", "GM Global Technology Operations LLC"),
        ("三菱電機株式会社", "Mitsubishi Electric Corp"),
    ],
)
def test_one_set_of_words_in_two_scripts(one: str, other: str) -> None:
    assert read_name(one).words == read_name(other).words


@pytest.mark.parametrize(
    ("name", "brackets", "countries"),
    [
        ("开放智能机器（上海）有限公司", ["上海"], []),
        ("开放智能机器(深圳)有限公司", ["深圳"], []),
        ("MICROSOFT CORP [US]", [], ["US"]),
        ("三星电子株式会社(KR)", [], ["KR"]),
        ("大陸商北京嘀嘀無限科技發展有限公司", [], ["CN"]),
        ("美商高通公司", [], ["US"]),
        ("Centre National de la Recherche Scientifique (CNRS)", ["cnrs"], []),
    ],
)
def test_brackets_stay_apart(name: str, brackets: list[str], countries: list[str]) -> None:
    read = read_name(name)
    assert read.brackets == brackets or not read.core
    assert set(countries) <= set(read.countries)
    assert not any(f" {word} " in f" {read.core} " for word in brackets if read.core != word)


def test_names_that_must_not_fall_together() -> None:
    names = (
        "苏州大学; 苏州大学附属第一医院; 东吴大学; 美的集团股份有限公司; 美的股份有限公司; Samsung SDI; Samsung Display"
    )
    assert len({tuple(read_name(name).words) for name in names.split("; ")}) == 7


def test_no_word_has_two_meanings() -> None:
    from pingjiang import definitions
    from pingjiang.text import fold

    told = definitions.shipped("pingjiang.text", "words.yaml")
    twice = [
        (word, meaning, meanings()[fold(str(word))])
        for meaning, languages in told.items()
        for words in languages.values()
        for word in words
        if meanings()[fold(str(word))] != meaning
    ]
    assert twice == []


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("百度", "baidu"), ("重庆长安", "chongqingchangan"), ("吕梁", "luliang"), ("トヨタ", "toyota"),
        ("ニッサン", "nissan"), ("シャープ", "shapu"), ("삼성", "samseong"), ("현대", "hyeondae"), ("Тойота", "toiota"),
        ("LG", "lg"), ("ひたち", "hitachi"),
    ],
)  # fmt: skip
def test_sound(text: str, heard: str) -> None:
    assert sound(text) == heard


def test_a_table_of_names() -> None:
    with Session(threads=1) as session:
        names = session.from_arrow(pa.table({"name": ["华为技术有限公司", "王小明"], "mentions": [3, 1]}))
        read = read_names(session, names).dicts(order_by="name")
        assert [(row["name"], row["core"], row["kind"], row["mentions"]) for row in read] == [
            ("华为技术有限公司", "华为技术", "company", 3),
            ("王小明", "王小明", "individual", 1),
        ]


def test_real_names_are_read(printed_names: list[str]) -> None:
    """No name is refused or lost: its core is empty only where it has no letter or digit."""
    for name in printed_names[::5]:
        read = read_name(name)
        assert bool(read.core) == bool(read.folded), name
        assert bool(read.words) == bool(read.core), name

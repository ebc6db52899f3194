"""Places: what the address says in so many words, and nothing else."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from pingjiang.engine import Session
from pingjiang.identities import conclude_places
from pingjiang.identities.places import english_names
from pingjiang.identities.places.gazetteer import china as _china

SESSION = Session(threads=1)
PARTY = dict.fromkeys(("publication_id", "name", "country", "state", "city", "address"), "VARCHAR")


def place(**party: str | None) -> tuple[str | None, str | None, str | None]:
    """(country, province, city) of one inventor."""
    publication = SESSION.from_rows({"publication_id": "VARCHAR"}, [("P",)])
    row = ["P", *(party.get(name) for name in ("name", "country", "state", "city", "address"))]
    inventor, nobody = SESSION.from_rows(PARTY, [row]), SESSION.from_rows(PARTY, [])
    rows = conclude_places(SESSION, publication, nobody, inventor).publication_place.dicts()
    assert {r["basis"] for r in rows} == {"applicant", "inventor"}
    assert [r["country"] for r in rows if r["basis"] == "applicant"] == [None], "unknown is a row, not a gap"
    [found] = [r for r in rows if r["basis"] == "inventor"]
    return found["country"], found["province"], found["city"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("226634 江苏省南通市海安县老坝港镇海港村16组", ("CN", "江苏省", "南通市")),
        ("710000 陕西省西安市高新区软件新城天谷八路156号", ("CN", "陕西省", "西安市")),
        ("215123 江苏省苏州工业园区仁爱路199号", ("CN", "江苏省", "苏州市")),
        ("深圳市南山区高新南一道", ("CN", "广东省", "深圳市")),
        ("100085 北京市海淀区上地十街10号", ("CN", "北京市", "北京市")),
        ("江苏省", ("CN", "江苏省", None)),
        ("吉林省吉林市丰满区", ("CN", "吉林省", "吉林市")),
        ("日本爱知县丰田市", ("JP", None, None)),
        ("215300 江苏省昆山市花桥镇", ("CN", "江苏省", "苏州市")),
        ("江苏昆山市", ("CN", "江苏省", "苏州市")),
        ("昆山市花桥镇", ("CN", "江苏省", "苏州市")),
        ("215200 江苏省吴江市松陵镇", ("CN", "江苏省", "苏州市")),  # 吴江区 since 2012
        ("浙江省义乌市稠江街道", ("CN", "浙江省", "金华市")),
        ("上海浦东新区张江路", ("CN", "上海市", "上海市")),
        ("辽宁省中山区人民路", ("CN", "辽宁省", "大连市")),
        ("湖北省仙桃市", ("CN", "湖北省", "仙桃市")),
        ("广东省南山区", ("CN", "广东省", "深圳市")),
        ("南山区科技园", (None, None, None)),  # 深圳 and 鹤岗
        ("安徽省宿州市砀山县", ("CN", "安徽省", "宿州市")),
    ],
)
def test_chinese_addresses(address: str, expected: tuple[str | None, str | None, str | None]) -> None:
    assert place(address=address) == expected


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        ({"country": "CN", "city": "Shenzhen"}, ("CN", "广东省", "深圳市")),
        ({"country": "CN", "city": "Beijing"}, ("CN", "北京市", "北京市")),
        ({"country": "CN", "city": "Suzhou"}, ("CN", "江苏省", "苏州市")),  # measured: china.yaml
        ({"country": "CN", "city": "Suzhou", "state": "Anhui"}, ("CN", "安徽省", "宿州市")),
        ({"country": "CN", "city": "Suzhou, Dangshan"}, ("CN", "安徽省", "宿州市")),
        ({"country": "CN", "city": "Taizhou"}, ("CN", None, "Taizhou")),
        ({"country": "CN", "city": "Taizhou", "state": "Zhejiang"}, ("CN", "浙江省", "台州市")),
        ({"country": "CN", "city": "Fuzhou"}, ("CN", None, "Fuzhou")),
        ({"country": "CN", "city": "Fuzhou, Jiangxi"}, ("CN", "江西省", "抚州市")),
        ({"country": "CN", "city": "Fuzhou, Fujian 350011"}, ("CN", "福建省", "福州市")),
        ({"country": "CN", "city": "Suzhou", "state": "Jiangsu"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Suzhou, Jiangsu"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Atlantis"}, ("CN", None, "Atlantis")),
        ({"country": "CN", "city": "Guangdong"}, ("CN", "广东省", None)),
        ({"country": "CN", "city": "Hubei Province"}, ("CN", "湖北省", None)),
        ({"country": "CN", "city": "Hangzhou Zhejiang"}, ("CN", "浙江省", "杭州市")),
        ({"country": "CN", "city": "Kunshan, Jiangsu"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Kunshan", "state": "Jiangsu"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Kunshan"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Kunshan Suzhou"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Chang'an Dongguan"}, ("CN", "广东省", "东莞市")),
        ({"country": "CN", "city": "Suzhou, Hefei, Anhui"}, ("CN", "安徽省", "Suzhou, Hefei, Anhui")),
        ({"country": "CN", "city": "Zhang Jia Gang"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Rui'an"}, ("CN", "浙江省", "温州市")),
        ({"country": "CN", "city": "Haidian District"}, ("CN", "北京市", "北京市")),
        ({"country": "CN", "city": "Pudong New Area"}, ("CN", "上海市", "上海市")),
        ({"country": "CN", "city": "Xiantao"}, ("CN", "湖北省", "仙桃市")),
        ({"country": "CN", "city": "Nanshan"}, ("CN", None, "Nanshan")),  # 深圳 and 鹤岗
        ({"country": "CN", "city": "Nanshan, Shenzhen"}, ("CN", "广东省", "深圳市")),
        ({"country": "CN", "city": "Kaiping"}, ("CN", None, "Kaiping")),  # 江门 and 唐山
        ({"country": "CN", "city": "Kaiping City"}, ("CN", "广东省", "江门市")),
        ({"country": "CN", "city": "Taoyuan"}, ("CN", None, "Taoyuan")),  # 桃源 and 桃园
        ({"country": "CN", "city": "Wuxi"}, ("CN", "江苏省", "无锡市")),
        ({"country": "CN", "city": "Wuxi, Chongqing"}, ("CN", "重庆市", "重庆市")),  # 巫溪县
        ({"country": "CN", "city": "Chaoyang"}, ("CN", None, "Chaoyang")),
        ({"country": "CN", "city": "Chaoyang District Beijing"}, ("CN", "北京市", "北京市")),
        ({"country": "CN", "city": "Chaoyang, Liaoning"}, ("CN", "辽宁省", "朝阳市")),
        ({"country": "CN", "city": "Lüliang"}, ("CN", "山西省", "吕梁市")),
        ({"country": "CN", "city": "Jilin"}, ("CN", "吉林省", None)),
        ({"country": "CN", "city": "Jilin City"}, ("CN", "吉林省", "吉林市")),
        ({"country": "CN", "city": "Jiang Su Province"}, ("CN", "江苏省", None)),
        ({"country": "CN", "city": "Shenzhen 518036"}, ("CN", "广东省", "深圳市")),
        ({"country": "CN", "city": "Linxiang/Hunan"}, ("CN", "湖南省", "岳阳市")),
        ({"country": "CN", "city": "Suzhou, Guangdong"}, ("CN", "广东省", "Suzhou, Guangdong")),
        ({"country": "CN", "city": "Changzhi"}, ("CN", "山西省", "长治市")),
        ({"country": "CN", "city": "Luohe"}, ("CN", "河南省", "漯河市")),
        ({"country": "JPX", "city": "Yokohama"}, ("JP", "Kanagawa", "Yokohama")),
        ({"country": "KR", "city": "Seoul"}, ("KR", "Seoul", "Seoul")),
        ({"country": "TW", "city": "Hsin-chu"}, ("TW", "Hsinchu", "Hsinchu")),
        ({"country": "GB5"}, (None, None, None)),
        ({}, (None, None, None)),
    ],
)
def test_latin_places(party: dict[str, str], expected: tuple[str | None, str | None, str | None]) -> None:
    assert place(**party) == expected


def test_provinces_prefectures_and_counties_are_those_of_the_administrative_table(samples: Path) -> None:
    with (samples / "geo" / "cn_province_city_area_2026.csv").open(encoding="utf-8-sig") as handle:
        told = [(row["sheng"], row["shi"], row["qu"]) for row in csv.DictReader(handle)]
    places = {(province, city) for province, city, _ in told}
    provinces = _china()["provinces"]
    prefectures = {(province["zh"], city) for province in provinces for city in province["cities"]}
    assert prefectures <= places
    assert len(prefectures) == 333
    assert {(province["zh"], place) for province in provinces for place in province.get("direct", {})} <= places
    counties = [
        (province["zh"], prefecture, county)
        for province in provinces
        for prefecture, under in province.get("counties", {}).items()
        for county in under
    ]
    assert set(counties) <= set(told)
    mainland = [row for row in told if row[2] and row[0] != "台湾省"]
    assert {row for row in mainland if row[2].endswith("市")} <= set(counties), "every county-level city"


def test_latin_names_are_written_in_latin_letters() -> None:
    for province in _china()["provinces"]:
        for names in (province["cities"], province.get("direct", {}), *province.get("counties", {}).values()):
            for name, latin in names.items():
                assert latin.replace("'", "").replace("ü", "u").replace("-", "").replace(" ", "").isascii(), name
                assert latin[0].isupper(), name
    assert english_names()["仙桃市"] == "Xiantao"


def test_likeliest_names_one_of_several_prefectures() -> None:
    prefectures = [(latin, city) for province in _china()["provinces"] for city, latin in province["cities"].items()]
    for latin, city in _china()["likeliest"].items():
        assert (latin, city) in prefectures
        assert [name for name, _ in prefectures].count(latin) > 1
    for latin in _china()["doubtful"]:
        assert [name for name, _ in prefectures].count(latin) == 1


def test_suzhou_of_real_grants_is_in_jiangsu(samples: Path) -> None:
    """Where the name of an employer of inventors in 'Suzhou' tells the province, it is Jiangsu.

    The file holds two thirds of the sample that `china.yaml` tells the measure of.
    """
    jiangsu = ("jiangsu", "soochow university", "wujiang", "kunshan", "zhangjiagang", "changshu", "taicang")
    anhui = ("anhui", "hefei", "bengbu", "huaibei", "wuhu", "dangshan", "lingbi", "huainan", "fuyang", "bozhou")
    found = {"jiangsu": 0, "anhui": 0}
    with gzip.open(samples / "truth/inventors/patentsview_er_dev_74244.csv.gz", "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["country"] == "CN" and row["city"].lower() == "suzhou":
                employer = row["assignees"].lower()
                found["jiangsu"] += any(word in employer for word in jiangsu)
                found["anhui"] += any(word in employer for word in anhui)
    assert found["jiangsu"] >= 10
    assert found["anhui"] / sum(found.values()) <= 0.01

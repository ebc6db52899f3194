"""Thin places: what the address says in so many words, and nothing else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pingjiang.engine import Session
from pingjiang.identities import conclude_places
from pingjiang.identities.places import _china

SESSION = Session(threads=1)
PARTY = dict.fromkeys(("publication_id", "country", "state", "city", "address"), "VARCHAR")


def place(**party: str | None) -> tuple[str | None, str | None, str | None]:
    """(country, province, city) of one inventor."""
    publication = SESSION.from_rows({"publication_id": "VARCHAR"}, [("P",)])
    row = ["P", *(party.get(name) for name in ("country", "state", "city", "address"))]
    inventor, nobody = SESSION.from_rows(PARTY, [row]), SESSION.from_rows(PARTY, [])
    rows = conclude_places(SESSION, publication, nobody, inventor).dicts()
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
        ("日本爱知县丰田市", (None, None, None)),
    ],
)
def test_chinese_addresses(address: str, expected: tuple[str | None, str | None, str | None]) -> None:
    assert place(address=address) == expected


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        ({"country": "CN", "city": "Shenzhen"}, ("CN", "广东省", "深圳市")),
        ({"country": "CN", "city": "Beijing"}, ("CN", "北京市", "北京市")),
        ({"country": "CN", "city": "Suzhou"}, ("CN", None, "Suzhou")),
        ({"country": "CN", "city": "Suzhou", "state": "Jiangsu"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Suzhou, Jiangsu"}, ("CN", "江苏省", "苏州市")),
        ({"country": "CN", "city": "Atlantis"}, ("CN", None, "Atlantis")),
        ({"country": "CN", "city": "Guangdong"}, ("CN", "广东省", None)),
        ({"country": "CN", "city": "Hubei Province"}, ("CN", "湖北省", None)),
        ({"country": "CN", "city": "Hangzhou Zhejiang"}, ("CN", "浙江省", "杭州市")),
        ({"country": "CN", "city": "Kunshan, Jiangsu"}, ("CN", "江苏省", "Kunshan, Jiangsu")),
        ({"country": "CN", "city": "Kunshan", "state": "Jiangsu"}, ("CN", "江苏省", "Kunshan")),
        ({"country": "CN", "city": "Changzhi"}, ("CN", "山西省", "长治市")),
        ({"country": "CN", "city": "Luohe"}, ("CN", "河南省", "漯河市")),
        ({"country": "JPX", "city": "Yokohama"}, ("JP", None, "Yokohama")),
        ({"country": "KR", "city": "Seoul"}, ("KR", None, "Seoul")),
        ({"country": "TW", "city": "Hsin-chu"}, ("TW", None, "Hsin-chu")),
        ({"country": "GB5"}, (None, None, None)),
        ({}, (None, None, None)),
    ],
)
def test_latin_places(party: dict[str, str], expected: tuple[str | None, str | None, str | None]) -> None:
    assert place(**party) == expected


def test_provinces_and_prefectures_are_those_of_the_administrative_table(samples: Path) -> None:
    with (samples / "geo" / "cn_province_city_area_2026.csv").open(encoding="utf-8-sig") as handle:
        told = {(row["sheng"], row["shi"]) for row in csv.DictReader(handle)}
    ours = {(province["zh"], city) for province in _china() for city in province["cities"]}
    assert ours <= told
    assert len(ours) == 333

"""Reading one address: districts, development zones, former names, regions abroad; what must never be claimed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.identities import conclude_places
from pingjiang.identities.places import Place, read_place
from pingjiang.identities.places.gazetteer import (
    REGIONS,
    china,
    counties,
    former,
    prefectures,
    short_form,
    tongyong,
    wade_giles,
    world,
    zones,
)

SUZHOU = ("CN", "江苏省", "苏州市")


@pytest.mark.parametrize(
    ("address", "district", "zone"),
    [
        ("215123 江苏省苏州工业园区仁爱路199号", None, "苏州工业园区"),
        ("江苏省苏州市工业园区星湖街328号", None, "苏州工业园区"),
        ("苏州市高新区科技城", "虎丘区", "苏州高新技术产业开发区"),
        ("江苏省苏州市虎丘区科技城", "虎丘区", None),
        ("江苏省苏州市昆山市高新区", "昆山市", "昆山高新技术产业开发区"),  # never Suzhou's own
        ("江苏省昆山市玉山镇", "昆山市", None),
        ("江苏省苏州市平江区", "姑苏区", None),  # merged in 2012
        ("苏州市吴江市松陵镇", "吴江区", None),
        ("江苏省苏州市吴中大道1号", None, None),  # a road
        ("江苏省吴县市木渎镇", None, None),
    ],
)
def test_suzhou(address: str, district: str | None, zone: str | None) -> None:
    assert read_place(address=address) == Place(*SUZHOU, district, zone)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("山东省莱芜市钢城区友谊大街38号", Place("CN", "山东省", "济南市", "钢城区")),
        ("吉林省吉林大路100号", Place("CN", "吉林省")),
        ("上海市北京西路10号", Place("CN", "上海市", "上海市")),
        ("湖北省襄樊市樊城区", Place("CN", "湖北省", "襄阳市", "樊城区")),
        ("安徽省巢湖市居巢区", Place("CN", "安徽省", "合肥市", "巢湖市")),
        ("大连市辽宁省大连高新技术产业园区火炬路", Place("CN", "辽宁省", "大连市", None, "大连高新技术产业园区")),
        (
            "四川省成都市中国（四川）自由贸易试验区成都高新区",
            Place("CN", "四川省", "成都市", None, "成都高新技术产业开发区"),
        ),
        ("中国香港九龙九龙湾", Place("HK")),
        ("台湾省台北市大安区", Place("TW")),
        ("臺灣台北市", Place("TW")),
        ("德国蒂申罗伊特", Place("DE")),
        ("中国", Place("CN")),
        ("郊区", Place()),
        ("新区", Place()),
        ("朝阳区建国路", Place()),  # Beijing and Changchun
    ],
)
def test_chinese(address: str, expected: Place) -> None:
    assert read_place(address=address) == expected


@pytest.mark.parametrize(
    ("country", "city", "expected"),
    [
        ("CN", "SIP Suzhou", Place(*SUZHOU, None, "苏州工业园区")),
        ("CN", "Kunshan", Place(*SUZHOU, "昆山市")),
        ("CN", "Shangahi", Place("CN", "上海市", "上海市")),
        ("CN", "Xi'an Shanxi", Place("CN", "陕西省", "西安市")),
        ("CN", "Hsinchu", Place("TW", "Hsinchu", "Hsinchu")),
        ("CN", "Singapore", Place("SG")),
        ("CN", "Erdos", Place("CN", "内蒙古自治区", "鄂尔多斯市")),
        ("JP", "Mie-ken", Place("JP", "Mie")),
        ("JP", "Sakado", Place("JP", "Saitama", "Sakado")),
        ("JP", "Hachoiji", Place("JP", "Tokyo", "Hachiōji")),
        ("KR", "Kyungsangnam-Do Jinju", Place("KR", "South Gyeongsang", "Jinju")),
        ("KR", "Icheon-si", Place("KR", "Gyeonggi", "Icheon-si")),  # never Incheon
        ("TW", "Chung-Ho Taipei Hsien", Place("TW", "New Taipei", "Chung-Ho Taipei Hsien")),
        ("TW", "Jhudong", Place("TW", "Hsinchu County", "Jhudong")),
        ("US", "Union City", Place("US", None, "Union City")),
        ("XX", "Atlantis", Place("XX", None, "Atlantis")),
        ("Nowhere", "Atlantis", Place()),
    ],
)
def test_latin(country: str, city: str, expected: Place) -> None:
    found = read_place(country=country, city=city)
    assert found[:2] == expected[:2]
    if expected.country in ("CN", "JP") or expected.city is None:
        assert found == expected


def test_an_english_address_is_read_from_its_end() -> None:
    told = read_place(address="No. 1355 Jinjihu Avenue, Suzhou Industrial Park, Suzhou, Jiangsu 215021, China")
    assert told == Place(*SUZHOU, None, "苏州工业园区")
    assert read_place(address="Ames,IA,US")[:2] == ("US", "IA")


@given(st.sampled_from(sorted(counties())), st.sampled_from(["", "中国", "215000 ", "１００１００", "邮编100080 "]))
def test_a_full_address_tells_its_county_whatever_stands_before(place: tuple[str, str, str, str], head: str) -> None:
    province, city, county, _ = place
    text = f"{head}{province}{'' if city == province else city}{'' if county == city else county}人民路1号"
    found = read_place(address=text)
    if province in REGIONS:
        assert found.country == REGIONS[province]
    else:
        assert found[:4] == ("CN", province, city, None if county == city else county)


@given(st.sampled_from(sorted(prefectures())), st.text(alphabet="abcd12 号楼室甲乙丙", max_size=12))
def test_what_stands_behind_takes_nothing_away(place: tuple[str, str], tail: str) -> None:
    province, city = place
    found = read_place(address=f"{city}{tail}")
    assert (found.province, found.city) == (province, city)


@given(st.tuples(*(st.one_of(st.none(), st.text(max_size=40)) for _ in range(4))))
def test_anything_can_be_read(printed: tuple[str | None, str | None, str | None, str | None]) -> None:
    found = read_place(*printed)
    assert found.city is None or found.country is not None
    assert found.district is None or found.city is not None


@given(st.sampled_from(sorted(former(), key=str)))
def test_former_names_are_known_within_their_province(name: tuple[str, str, str, str | None]) -> None:
    old, province, city, now = name
    found = read_place(address=f"{province}{'' if city == province else city}{old}")
    assert (found.province, found.city) == (province, city)
    exact = {county for p, c, county, _ in counties() if (p, c) == (province, city)}
    if now and old not in exact:
        assert found.district == now


def test_the_tables_agree_with_the_administrative_one() -> None:
    known = {(province, city, county) for province, city, county, _ in counties()}
    places = set(prefectures()) | {(province, city) for province, city, _ in known}
    for name, province, city, county in former():
        assert (province, city) in places, name
        assert county is None or (province, city, county) in known, name
    for zone in zones():
        assert (zone.province, zone.prefecture) in places, zone.name
        assert zone.district is None or (zone.province, zone.prefecture, zone.district) in known, zone.name


@pytest.mark.parametrize(
    ("pinyin", "wade", "tong"),
    [("zhudong", "chutung", "jhudong"), ("xizhi", "hsichih", "sijhih"), ("zhongli", "chungli", "jhongli")],
)
def test_romanisations_of_taiwan(pinyin: str, wade: str, tong: str) -> None:
    assert (wade_giles(pinyin), tongyong(pinyin)) == (wade, tong)


def test_short_forms() -> None:
    told = {
        "苏州市": "苏州", "延边朝鲜族自治州": "延边", "大兴安岭地区": "大兴安岭", "甘南藏族自治州": "甘南",
        "博尔塔拉蒙古自治州": "博尔塔拉", "内蒙古自治区": "内蒙古", "海西蒙古族藏族自治州": "海西",
    }  # fmt: skip
    assert {name: short_form(name) for name in told} == told


def test_most_prefectures_have_a_point_near_where_they_are(samples: Path) -> None:
    """Against points inside polygons of another source: within a degree and a half, for nine of ten prefectures."""
    import csv

    with (samples / "geo" / "cn_admin_points.csv").open(encoding="utf-8") as handle:
        told = {r["name"]: (float(r["lat"]), float(r["lon"])) for r in csv.DictReader(handle) if r["level"] == "city"}
    inside = {city: told[city] for _, city in prefectures() if city in told}
    known = [
        (abs(found.latitude - inside[city][0]) + abs(found.longitude - inside[city][1]), city)
        for province, city in prefectures()
        if city in inside and (found := world().points.get((province, city, None)))
    ]
    assert len(known) >= 0.9 * len(inside)
    far = [city for distance, city in known if distance > 3]
    assert len(far) <= 0.03 * len(known), far


def test_places_are_concluded_with_points_and_country_from_the_name() -> None:
    columns = dict.fromkeys(("publication_id", "name", "country", "state", "city", "address"), "VARCHAR")
    with Session(threads=1) as session:
        publication = session.from_rows({"publication_id": "VARCHAR"}, [("P",), ("Q",)])
        applicant = session.from_rows(
            columns,
            [
                ("P", "甲公司", None, None, None, "江苏省昆山市玉山镇"),
                ("P", "乙公司", None, None, None, "江苏省苏州工业园区"),
                ("Q", "丙株式会社 [JP]", None, None, None, None),
            ],
        )
        nobody = session.from_rows(columns, [])
        found = conclude_places(session, publication, applicant, nobody)
        rows = {
            (r["publication_id"], r["country"], r["district"], r["zone"])
            for r in found.publication_place.dicts()
            if r["basis"] == "applicant"
        }
        assert rows == {("P", "CN", "昆山市", None), ("P", "CN", None, "苏州工业园区"), ("Q", "JP", None, None)}
        points = {r["district"]: r["point_of"] for r in found.place.dicts() if r["country"] == "CN"}
        assert points == {"昆山市": "district", None: "city"}
        assert [r["latitude"] for r in found.place.dicts() if r["country"] == "JP"] == [None]


def test_municipalities_are_their_own_city() -> None:
    named = {p["zh"] for p in china()["provinces"] if not p["cities"] and p["zh"].endswith("市")}
    assert named == {"北京市", "天津市", "上海市", "重庆市"}

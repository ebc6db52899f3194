"""The places that are known by name: China down to the county, development zones, divisions and cities elsewhere.

Data: `china.yaml`, `former.yaml`, `zones.yaml`, `world.yaml`; cities of the world and coordinates from GeoNames
(CC BY 4.0), which `tools/make_places.py` lays into `vendor/` at setup.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from pingjiang import definitions
from pingjiang.errors import DefinitionError

_PACKAGE = "pingjiang.identities.places"
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
# Counted under codes of their own (decision 5).
REGIONS = {"台湾省": "TW", "香港特别行政区": "HK", "澳门特别行政区": "MO"}


class Place(NamedTuple):
    """What an address tells. `city` is the prefecture in China; `province` the first-level division, where told."""

    country: str | None = None
    province: str | None = None
    city: str | None = None
    district: str | None = None
    zone: str | None = None


@cache
def china() -> dict[str, Any]:
    """`china.yaml`."""
    return dict(definitions.shipped(_PACKAGE, "china.yaml"))


def english_names() -> dict[str, str]:
    """Chinese name → English name, of the provinces and prefectures of China."""
    provinces = china()["provinces"]
    names = {province["zh"]: province["en"] for province in provinces}
    for province in provinces:
        names |= province["cities"] | province.get("direct", {})
    return names


def counties() -> Iterator[tuple[str, str, str, str]]:
    """(province, prefecture, county, pinyin); what lies under no prefecture is its own."""
    for province in china()["provinces"]:
        for prefecture, under in province.get("counties", {}).items():
            yield from ((province["zh"], prefecture, county, latin) for county, latin in under.items())
        yield from ((province["zh"], place, place, latin) for place, latin in province.get("direct", {}).items())


def prefectures() -> Iterator[tuple[str, str]]:
    """(province, prefecture); municipalities and special administrative regions are their own."""
    for province in china()["provinces"]:
        own = [province["zh"]] if not province["cities"] and province["zh"].endswith("市") else []
        yield from ((province["zh"], city) for city in [*province["cities"], *own])


@cache
def former() -> list[tuple[str, str, str, str | None]]:
    """(former name, province, prefecture today, county today or None)."""
    told = definitions.shipped(_PACKAGE, "former.yaml")["places"]
    return [(name, province, city, county) for name, province, city, county, _year in told]


@dataclass(frozen=True)
class Zone:
    """A development zone. `words`: as Chinese addresses write it; `latin`: letters only."""

    name: str
    en: str
    province: str
    prefecture: str
    district: str | None
    words: tuple[str, ...]
    latin: tuple[str, ...] = ()

    @property
    def within(self) -> tuple[str, ...]:
        """What it is called where its district stands in front: 昆山市 + 高新区."""
        base = (self.district or "")[:-1]
        return tuple(word.removeprefix(base) for word in self.words if base and word.startswith(base) and word != base)


@cache
def zones() -> tuple[Zone, ...]:
    """Every development zone: those with names of their own first, then one a prefecture and kind."""
    told = definitions.shipped(_PACKAGE, "zones.yaml")
    found = [
        Zone(
            entry["name"],
            entry["en"],
            entry["province"],
            entry["prefecture"],
            entry.get("district"),
            tuple(unicodedata.normalize("NFKC", word) for word in entry["words"]),
            tuple(letters(word) for word in entry.get("latin", ())),
        )
        for entry in told["zones"]
    ]
    named = english_names()
    for kind, about in told["kinds"].items():
        for province, cities in told[kind].items():
            for city in cities:
                base = short_form(city)
                words = tuple(form for word in about["words"] for form in (base + word, word))
                en = f"{named.get(city, base)} {about['en']}"
                found.append(Zone(base + about["zh"], en, province, city, None, words))
    return tuple(found)


_PEOPLES = (
    "朝鲜|土家|苗|侗|布依|藏|羌|彝|哈尼|壮|傣|景颇|傈僳|白|回|蒙古|哈萨克|柯尔克孜|满|瑶|畲|黎|水|仡佬|土|撒拉|东乡|保安|裕固|"
    "达斡尔|鄂温克|鄂伦春|锡伯|塔吉克|拉祜|佤|布朗|纳西|普米|怒|独龙|各|毛南|仫佬|维吾尔"
)
# 蒙古自治州 goes without 族.
_SHORT = re.compile(rf"(省|市|地区|盟|特别行政区|(?:(?:{_PEOPLES})族?)+自治[州县旗]|(?:[壮回]族|维吾尔)?自治区)$")


def short_form(name: str) -> str:
    """A province, prefecture or county without what kind it is: 苏州, 内蒙古, 延边; as it is where nothing is left."""
    short = _SHORT.sub("", name)
    return short if len(short) > 1 else name


def letters(latin: str) -> str:
    """The Latin letters of a name, lower case, without accents."""
    plain = unicodedata.normalize("NFD", latin.lower().replace("ß", "ss"))
    return "".join(letter for letter in plain if "a" <= letter <= "z")


# -- the world ---------------------------------------------------------------------------------------


class City(NamedTuple):
    """A place of GeoNames: first-level code, name, coordinates, population, id."""

    country: str
    admin1: str
    name: str
    latitude: float
    longitude: float
    population: int
    geoname_id: int


@dataclass(frozen=True)
class World:
    """Cities by (country, letters), regions of JP, KR and TW by letters, points of Chinese places."""

    cities: dict[tuple[str, str], tuple[City, ...]]
    points: dict[tuple[str, str | None, str | None], City]  # (province, prefecture, county)

    def city(self, country: str, word: str, admin1: str | None = None) -> City | None:
        """The city of a country by the letters of its name; None where several are as likely as one another."""
        found = self.cities.get((country, word), ())
        # Who bears the name stands before those that are also called so.
        found = tuple(city for city in found if letters(city.name) == word) or found
        if admin1 is not None:
            found = tuple(city for city in found if city.admin1 == admin1)
        if not found:
            return None
        others = [city.population for city in found if city.admin1 != found[0].admin1]
        # A name that two regions share means the large one where that is three times as large.
        return found[0] if not others or found[0].population >= 3 * max(others) else None


@cache
def world() -> World:
    """GeoNames as laid down at setup. DefinitionError where it is missing."""
    path = resources.files(_PACKAGE) / "vendor" / "geonames.csv"
    if not path.is_file():
        raise DefinitionError(
            "缺少 GeoNames 地名数据。",
            "The place names of GeoNames are missing.",
            file=str(path),
            remedy=("请运行 make setup。", "Run `make setup`."),
        )
    cities: dict[tuple[str, str], list[City]] = defaultdict(list)
    points: dict[tuple[str, str | None, str | None], City] = {}
    for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
        country, admin1, name, latitude, longitude, population, number, words, zh = row
        city = City(country, admin1, name, float(latitude), float(longitude), int(population), int(number))
        for word in words.split("|"):
            cities[country, word].append(city)
        if zh:
            province, prefecture, county = (part or None for part in zh.split("/"))
            points[str(province), prefecture, county] = city
    ordered = {key: tuple(sorted(found, key=lambda c: (-c.population, c.geoname_id))) for key, found in cities.items()}
    return World(ordered, points)


@cache
def chinese_of() -> dict[int, tuple[str, str | None, str | None]]:
    """GeoNames id → (province, prefecture, county) of China."""
    return {city.geoname_id: where for where, city in world().points.items()}


@cache
def regions(country: str) -> dict[str, str]:
    """Letters → first-level division, for the countries of `world.yaml`."""
    told = definitions.shipped(_PACKAGE, "world.yaml").get(country, {})
    found: dict[str, str] = {}
    for name, entry in told.items():
        for word in (letters(name), *entry.get("words", ())):
            found.setdefault(word, name)
    return found


@cache
def region_codes(country: str) -> dict[str, str]:
    """GeoNames' admin1 code → first-level division."""
    told = definitions.shipped(_PACKAGE, "world.yaml").get(country, {})
    return {entry["code"]: name for name, entry in told.items() if "code" in entry}


@cache
def towns(country: str) -> dict[str, str | None]:
    """Spelling → region, of towns by the usual romanisations; None where two regions have the name."""
    found: dict[str, str | None] = {}
    for region, entry in definitions.shipped(_PACKAGE, "world.yaml").get(country, {}).items():
        for town in entry.get("towns", ()):
            for word in _spellings(country, town):
                found[word] = region if found.get(word, region) == region else None
    return found


def _spellings(country: str, town: str) -> set[str]:
    if country == "TW":
        return {town, wade_giles(town), tongyong(town), tongyong(town.replace("x", "sh"))}
    return {korean_key(town)} if country == "KR" else {letters(town)}


_KOREAN = (
    ("young", "yeong"), ("kyoung", "gyeong"), ("oo", "u"), ("ou", "eo"), ("ee", "i"), ("eo", "o"), ("eu", "u"),
    ("ae", "e"), ("sh", "s"), ("ch", "j"), ("kk", "g"), ("k", "g"), ("t", "d"), ("p", "b"), ("r", "l"), ("wh", "hw"),
    ("un", "on"),
)  # fmt: skip


def korean_key(romanised: str) -> str:
    """A Korean name by what its romanisations share: Icheon, Ichon and Inchon's neighbours told apart by letters alone.

    >>> korean_key("Pyeongtaek") == korean_key("Pyongtaek"), korean_key("Icheon") == korean_key("Ichon")
    (True, True)
    """
    word = letters(romanised)
    for written, folded in _KOREAN:
        word = word.replace(written, folded)
    return word


@cache
def endings() -> re.Pattern[str]:
    """What kind of place a Latin word names, behind it: -shi, -ken, Hsien, Township."""
    words = definitions.shipped(_PACKAGE, "world.yaml")["endings"]
    return re.compile(rf"[ -]+({'|'.join(sorted(words, key=lambda word: (-len(word), word)))})\.?$")


# Written together with the name: Gyeonggido, Inageku, Suwonsi.
GLUED = re.compile(r"(?<=...)([gk]wangy?e?ok(?:sh?i)?|sh?i|ken|ku|gun|do|fu)$")


_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|"
                       r"ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|a|e|i|o|u)(?:r(?![aeiou]))?")  # fmt: skip
_WADE_INITIALS = {"b": "p", "d": "t", "g": "k", "zh": "ch", "j": "ch", "q": "ch", "x": "hs", "z": "ts", "c": "ts",
                  "r": "j"}  # fmt: skip
_WADE_FINALS = {"ong": "ung", "ian": "ien", "ie": "ieh", "iong": "iung", "ui": "ui", "uo": "o"}
_TONGYONG = {"zh": "jh", "q": "c", "x": "s"}


def wade_giles(pinyin: str) -> str:
    """A name in Hanyu pinyin as Wade–Giles writes it, without apostrophes and hyphens: zhudong → chutung."""

    def syllable(found: re.Match[str]) -> str:
        initial, final = found[1] or "", found[2]
        if initial in {"zh", "ch", "sh", "r"} and final == "i":
            final = "ih"
        if initial in {"z", "c", "s"} and final == "i":
            return {"z": "tzu", "c": "tzu", "s": "szu"}[initial]
        if final == "uo" and initial in {"g", "k", "h", "sh", ""}:
            return _WADE_INITIALS.get(initial, initial) + final
        return _WADE_INITIALS.get(initial, initial) + _WADE_FINALS.get(final, final)

    return _SYLLABLE.sub(syllable, pinyin)


def tongyong(pinyin: str) -> str:
    """A name in Hanyu pinyin as Tongyong pinyin writes it: zhudong → jhudong, xizhi → sijhih."""

    def syllable(found: re.Match[str]) -> str:
        initial, final = found[1] or "", found[2]
        if initial in {"zh", "ch", "sh", "r", "z", "c", "s"} and final == "i":
            final = "ih"
        final = {"iu": "iou", "ui": "uei"}.get(final, final)
        return _TONGYONG.get(initial, initial) + final

    return _SYLLABLE.sub(syllable, pinyin)

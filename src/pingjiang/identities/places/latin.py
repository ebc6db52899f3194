"""Places in Latin letters: city, state and country as printed, and addresses, in China by pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from pingjiang.identities.places.gazetteer import (
    GLUED,
    REGIONS,
    City,
    Place,
    Zone,
    china,
    chinese_of,
    counties,
    endings,
    korean_key,
    letters,
    region_codes,
    regions,
    towns,
    world,
    zones,
)
from pingjiang.schema.codes import code_list

_KINDS = {"市": "city", "区": "district", "县": "county", "省": "province"}
_PROVINCE, _PREFECTURE, _COUNTY = 0, 1, 2
_WRONG_KIND = 3  # what is called otherwise comes behind all that is called so
_SAID_KINDS = {
    "city": "city", "shi": "city", "municipality": "city", "district": "district", "qu": "district",
    "new area": "district", "new district": "district", "county": "county", "xian": "county",
    "province": "province", "prov": "province", "pr": "province",
}  # fmt: skip
_SAID = re.compile(rf" ({'|'.join(sorted(_SAID_KINDS, key=lambda word: (-len(word), word)))})[ .]*$")
_MIN_FUZZY = 6  # letters of a word that may be misspelt by one


class _Name(NamedTuple):
    """A place of China as it is written in Latin letters."""

    province: str
    city: str | None  # the prefecture; None for a province
    county: str | None
    rank: int
    kind: str | None
    likely: bool


@cache
def _names() -> dict[str, tuple[_Name, ...]]:
    """Letters → places of China."""
    found: dict[str, dict[_Name, None]] = defaultdict(dict)
    doubtful, likeliest = china()["doubtful"], china()["likeliest"]
    for province in china()["provinces"]:
        zh = province["zh"]
        own_city = zh if not province["cities"] and zh.endswith("市") else None
        kind = "city" if own_city else "province"
        found[letters(province["en"])][_Name(zh, own_city, None, _PROVINCE, kind, True)] = None
        for city, latin in province["cities"].items():
            rank = _COUNTY if latin in doubtful else _PREFECTURE
            likely = likeliest.get(latin, city) == city
            for form in _forms(latin):
                found[form][_Name(zh, city, None, rank, _KINDS.get(city[-1]), likely)] = None
    for province_zh, prefecture, county, latin in counties():
        own = None if county == prefecture else county
        for form in _forms(latin):
            found[form][_Name(province_zh, prefecture, own, _COUNTY, _KINDS.get(county[-1]), True)] = None
    return {word: tuple(names) for word, names in found.items()}


def _forms(latin: str) -> set[str]:
    return {letters(latin), letters(latin.replace("ü", "v"))}


@cache
def _zone_names() -> dict[str, Zone]:
    return {word: zone for zone in zones() for word in zone.latin}


@cache
def _runs_together() -> tuple[re.Pattern[str], ...]:
    """Names written without the comma: "Kunshan Suzhou", "Hangzhou Zhejiang Province"."""
    provinces = {province["en"].lower() for province in china()["provinces"]}
    cities = {latin.lower().replace("ü", "u") for p in china()["provinces"] for latin in p["cities"].values()}
    patterns = []
    for names in (provinces, cities):
        told = "|".join(sorted((re.escape(name) for name in names), key=lambda name: (-len(name), name)))
        patterns.append(re.compile(rf"[ .]+({told})( city| province)?[ .]*(,|$)"))
    return tuple(patterns)


def _parts(text: str | None) -> list[str]:
    plain = unicodedata.normalize("NFD", (text or "").lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[0-9]+", " ", plain)
    for pattern in _runs_together():
        plain = pattern.sub(r",\1\2\3", plain)
    return [part.strip() for part in re.split(r"[,;/()]+", plain) if re.search("[a-z]", part)]


def _by_other_name(parts: Sequence[str]) -> tuple[Place, bool] | None:
    """A prefecture or county of China by another spelling that GeoNames has: Erdos, Urumchi, Canton."""
    for part in parts:
        known = world().city("CN", letters(part))
        if known and (where := chinese_of().get(known.geoname_id)):
            return Place("CN", *where), False
    return None


def _within(parts: Sequence[str]) -> list[str]:
    """Names of prefectures and provinces inside parts that are known as a whole by no name: "Yushan Town Kunshan"."""
    return [
        name
        for words in map(str.split, parts)
        for size in (2, 1)
        for start in range(len(words) - size + 1)
        for name in (" ".join(words[start : start + size]),)
        if any(meant.rank < _COUNTY or meant.kind == "city" for meant in _names().get(letters(name), ()))
    ]


class _Candidate(NamedTuple):
    name: _Name
    farness: int
    part: int


def _candidates(part: str, index: int, fuzzy: bool) -> list[_Candidate]:
    """What a part of an address may mean in China, nearest first."""
    said = _SAID.search(f" {part}")
    kind = _SAID_KINDS[said[1]] if said else None
    words = {letters(part)} | ({letters(part[: len(part.rstrip(" .")) - len(said[1])])} if said else set())
    if kind == "county":  # of one syllable, with 县 as part of the name
        words |= {f"{word}xian" for word in words if not word.endswith(("xian", "county"))}
    found = [
        _Candidate(name, name.rank + (_WRONG_KIND if kind and kind != name.kind else 0), index)
        for word in words
        for name in (_near(word) if fuzzy else _names().get(word, ()))
    ]
    return found


@cache
def _near(word: str) -> tuple[_Name, ...]:
    """Provinces and prefectures that a word misspells by one letter, where that is one place only."""
    if len(word) < _MIN_FUZZY:
        return ()
    near = [name for other, names in _names().items() for name in names
            if name.rank < _COUNTY and abs(len(other) - len(word)) < 2
            and OSA.distance(word, other, score_cutoff=1) == 1]  # fmt: skip
    return tuple(near) if len({(name.province, name.city) for name in near}) == 1 else ()


def _in_china(city_parts: Sequence[str], other_parts: Sequence[str], fuzzy: bool) -> tuple[Place, bool] | None:
    """The place, and whether the city's parts are nothing but a province. None where no part is known."""
    of_city = len(city_parts)
    every = [_candidates(part, index, fuzzy) for index, part in enumerate([*city_parts, *other_parts])]
    if not any(every):
        return None
    nearest = [[c for c in found if c.farness == min(o.farness for o in found)] for found in every]
    told = {c.name.province for found in nearest for c in found if c.name.rank == _PROVINCE}
    alone = [any(c.name.rank == _PROVINCE and c.name.city is None for c in found) for found in nearest[:of_city]]
    if told:
        within = [[c for c in found if told == {c.name.province}] for found in every]
        # Shaanxi loses its second a in many addresses: "Xi'an Shanxi" lies in no province of that name.
        if told == {"山西省"} and not any(c.name.city for found in within for c in found):
            within = [[c for c in found if c.name.province == "陕西省"] for found in every]
        every = within if any(within) else [[c for c in found if told == {c.name.province}] for found in every]
    fitting = [[c for c in found if c.farness == min(o.farness for o in found)] for found in every]
    # "Kunshan, Suzhou", "Chang'an Dongguan": beside a word that means one city only, others that agree count alone.
    sure = {found[0].name.city for found in fitting if found and len({c.name.city for c in found}) == 1}
    weighed = [(2 if c.name.city in sure else int(c.name.likely), c.name) for found in fitting for c in found]
    if not weighed:
        return Place("CN"), bool(alone) and all(alone)
    most = max(weight for weight, _ in weighed)
    chosen = [name for weight, name in weighed if weight == most]
    provinces = {name.province for name in chosen}
    cities = {name.city for name in chosen if name.city}
    province = next(iter(provinces)) if len(provinces) == 1 else None
    city = next(iter(cities)) if province and len(cities) == 1 else None
    districts = {name.county for name in chosen if name.county}
    district = next(iter(districts)) if city and len(districts) == 1 else None
    return Place("CN", province, city, district), bool(alone) and all(alone)


def _of_china(city: str | None, state: str | None) -> Place | None:
    """A place in China, or where its printed city lies although China is printed. None where nothing is known."""
    city_parts, other_parts = _parts(city), _parts(state)
    zone = next((named for part in city_parts if (named := _zone_names().get(letters(part)))), None)
    found = (
        _in_china(city_parts, other_parts, fuzzy=False)
        or _by_other_name(city_parts)
        or _in_china(_within(city_parts), other_parts, fuzzy=False)
    )
    if found is None or (zone and found[0].city is None):
        if zone is not None:
            return Place("CN", zone.province, zone.prefecture, zone.district, zone.name)
        if elsewhere := _elsewhere(city_parts):
            return elsewhere
        found = _in_china(city_parts, other_parts, fuzzy=True)
    if found is None:
        return None
    place, province_alone = found
    if place.province in REGIONS:
        return Place(REGIONS[str(place.province)], None, None if place.city == place.province else place.city)
    if zone and place.city == zone.prefecture:
        place = place._replace(zone=zone.name, district=place.district or zone.district)
    if place.city is None and not province_alone:
        place = place._replace(city=_printed(city))
    return place


def _elsewhere(parts: Iterable[str]) -> Place | None:
    """A country, or a place of Taiwan, that stands where a city of China should."""
    for part in parts:
        code = code_list("country").get(part)
        if code and code != "CN":
            return Place(code)
        word = letters(endings().sub("", part))
        region = regions("TW").get(letters(part)) or regions("TW").get(word)
        if region:
            return Place("TW", region, part.title())
    return None


def read_latin(city: str | None, state: str | None, country: str | None, address: str | None = None) -> Place:
    """City, state, country as printed, or an address in Latin letters → the place.

    The city stays as printed where it is known by no table; an unknown country stays unknown.
    """
    code = country_code(country)
    if city is None and state is None and address:
        parts = [part.strip() for part in address.split(",") if part.strip()]
        if parts and (last := country_code(parts[-1])):
            code, parts = last, parts[:-1]
        # In front stand road and house; a city and a state in the last parts.
        city, state = ", ".join(parts[-3:]) or None, None
    if code == "CN":
        return _of_china(city, state) or Place("CN", None, _printed(city))
    if code is None:
        return Place()
    if code == "US":
        return _of_us(city, state)
    if regions(code):
        return _by_region(code, [*_parts_abroad(city), *_parts_abroad(state)], city)
    found = next((c for part in _parts_abroad(city) if (c := world().city(code, letters(part)))), None)
    return Place(code, None, found.name if found else _printed(city))


def country_code(printed: str | None) -> str | None:
    """ISO code of a country as printed, or None where it is no known word."""
    if printed is None:
        return None
    known = code_list("country").get(printed.strip().lower())
    return known or (printed if re.fullmatch("[A-Z]{2}", printed) else None)


def _printed(city: str | None) -> str | None:
    return (city or "").strip() or None


def _parts_abroad(text: str | None) -> list[str]:
    plain = re.sub(r"[0-9]+", " ", (text or "").lower())
    return [part.strip(" .-") for part in re.split(r"[,;/()]+", plain) if re.search(r"\w", part)]


def _of_us(city: str | None, state: str | None) -> Place:
    """State by its two letters, in its own column or behind the city."""
    if state is None and (found := re.search(r",\s*([A-Za-z]{2})(?:\s+[\d -]+)?\s*$", city or "")):
        city, state = (city or "")[: found.start()], found[1]
    code = (state or "").strip().upper()
    code = code if re.fullmatch("[A-Z]{2}", code) else ""
    printed = _printed((city or "").split(",")[-1])
    known = world().city("US", letters(printed or ""), code or None)
    return Place("US", code or None, known.name if known else printed)


def _by_region(code: str, parts: Sequence[str], printed: str | None) -> Place:
    """Japan, Korea and Taiwan: the region by its name, a town of it, or the city that GeoNames knows."""
    told: list[str] = []
    city: str | None = None
    for part in parts:
        found = _abroad(code, part)
        if found == _UNKNOWN:
            found = _among_words(code, part)
        if found.region is not None:
            told.append(found.region)
        if found.city is not None and (city is None or letters(city) in regions(code)):
            city = found.city
    # The last part is the larger place: "Kiyosu-shi, Aichi-ken".
    region = told[-1] if told else None
    only_region = bool(parts) and all(_names_region(code, part) for part in parts)
    return Place(code, region, city or (None if only_region else _printed(printed)))


class _Abroad(NamedTuple):
    """What a word tells: region, city, and whether the region is told by its own name."""

    region: str | None = None
    city: str | None = None
    by_name: bool = False


_UNKNOWN = _Abroad()


def _among_words(code: str, part: str) -> _Abroad:
    """Of words that tell nothing together: "Tsukuba Ibaraki", "Chung-Ho Taipei Hsien". The region stands last."""
    words = part.split()
    spans = [" ".join(words[at : at + size]) for size in (2, 1) for at in range(len(words) - size, -1, -1)]
    found = [_abroad(code, span) for span in spans if len(words) > 1 and span != part]
    region = next((each.region for each in found if each.by_name), None)
    region = region or next((each.region for each in found if each.region), None)
    return _Abroad(region, next((each.city for each in reversed(found) if each.city), None))


def _abroad(code: str, part: str) -> _Abroad:
    """What one part tells, as it stands, without its ending, and with long vowels short."""
    part = _HSIEN.sub("hsien", part)
    bare = endings().sub("", part)
    core = GLUED.sub("", letters(bare))
    words = list(dict.fromkeys((letters(part), letters(bare), core)))
    words += [_short_vowels(word) for word in words if code == "JP"]
    by_name = next((regions(code)[word] for word in words if word in regions(code)), None)
    known = next((place for word in words if (place := world().city(code, word))), None)
    key = korean_key if code == "KR" else str
    named = by_name or next((town for word in words if (town := towns(code).get(key(word)))), None)
    if named is None and known is None:
        named = by_name = _misspelt_region(code, core)
        known = None if named else _misspelt(code, core)
    if named is None and known is not None:
        named = region_codes(code).get(known.admin1) or regions(code).get(letters(known.name))
    return _Abroad(named, known.name if known and not _names_region(code, part) else None, by_name is not None)


_HSIEN = re.compile(r"\b(hsein|shien|sien|xian|country)\b")
_LONG_O = re.compile(r"o(?:h(?![aeiou])|o|u)")


def _short_vowels(word: str) -> str:
    """A Japanese name without long vowels: Ohta and Oota are Ota."""
    return _LONG_O.sub("o", word).replace("uu", "u")


@cache
def _misspelt_region(code: str, word: str) -> str | None:
    """The region that a word means by another romanisation, or misspells by a letter behind its first."""
    key = korean_key if code == "KR" else str
    known = [(key(name), region) for name, region in regions(code).items()]
    exact = {region for name, region in known if name == key(word)}
    near = exact or {region for name, region in known if len(word) >= _MIN_FUZZY and name[0] == key(word)[0]
                     and OSA.distance(key(word), name, score_cutoff=1) == 1}  # fmt: skip
    if code == "TW" and "Hsinchu" in near:
        near = {"Hsinchu"}
    return next(iter(near)) if len(near) == 1 else None


def _names_region(code: str, part: str) -> bool:
    """Whether a part names a region and no city: Mie-ken, Gyeonggi-do; Kanagawa, where no city is so called."""
    bare = GLUED.sub("", endings().sub("", part))
    if not {letters(part), letters(bare)} & regions(code).keys():
        return False
    kind = re.search(r"(?:[- ](ken|do|hsien|county|pref\w*|province)|do|ken)\.?$", part)
    return bool(kind) or world().city(code, letters(bare)) is None


@cache
def _misspelt(code: str, word: str) -> City | None:
    """The city of a country that a word misspells by one letter behind its first, where that is one only."""
    if len(word) < _MIN_FUZZY:
        return None
    near = {city for (country, other), found in world().cities.items() if country == code and other[0] == word[0]
            and abs(len(other) - len(word)) < 2 and OSA.distance(word, other, score_cutoff=1) == 1
            for city in found}  # fmt: skip
    return next(iter(near)) if len({city.geoname_id for city in near}) == 1 else None

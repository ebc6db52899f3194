"""Addresses in Chinese characters → province, prefecture, district, development zone.

Read from the left: at each place the longest name that fits what was read before. What is unknown stays unknown: a
name that several places share decides nothing where nothing else tells which is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pingjiang.identities.places.gazetteer import (
    REGIONS,
    Place,
    Zone,
    china,
    counties,
    former,
    prefectures,
    short_form,
    zones,
)
from pingjiang.schema.codes import code_list

_PROVINCE, _PREFECTURE, _COUNTY = 0, 1, 2
_EXACT, _FORMER, _SHORT = 0, 1, 2
# Names of two characters carry 县 or 市 as part of the name: 沙县, 芒市.
_ENDING = re.compile(r"(?<=..)(?<!自治)[市县区]$")
_HEAD = re.compile(r"^(?:[\s\d,.:;-]|邮编|地址|中国(?!\())*")
_BETWEEN = re.compile(r"^(?:[\s()省市县区州盟,、.-]|中国(?!\()|(?:中国\(\w{2,3}\))?自由?贸易?试验区)+")
# Behind a short name these say that it names a road, a building, a firm.
_NO_PLACE = re.compile(
    r"^(?:[东南西北中一二三四五六七八九十]*(?:路|街|大道|大街|大路|道|巷|弄|里|胡同|公路)|号|大厦|广场"
    r"|国际|新村|花园|大学|学院|医院|银行)"
)
_WINDOW = 60  # what stands behind is a house, a room, a firm


class _Meaning(NamedTuple):
    """What a word may mean. `how`: said in full, by a former name, or in short."""

    level: int
    province: str
    prefecture: str | None
    county: str | None
    how: int


@cache
def _words() -> tuple[dict[str, tuple[_Meaning, ...]], int]:
    """Every word with what it may mean, and the length of the longest."""
    found: dict[str, set[_Meaning]] = defaultdict(set)
    known = dict.fromkeys(city for _, city in prefectures())
    for province in china()["provinces"]:
        zh = province["zh"]
        own = zh if not province["cities"] and zh.endswith("市") else None
        for word, how in ((zh, _EXACT), (short_form(zh), _EXACT)):
            found[word].add(_Meaning(_PROVINCE, zh, own, None, how))
    for province, city in prefectures():
        if province != city:
            found[city].add(_Meaning(_PREFECTURE, province, city, None, _EXACT))
            for word in {short_form(city), short_form(city) + "市", short_form(city) + "地区"} - {city}:
                found[word].add(_Meaning(_PREFECTURE, province, city, None, _SHORT))
    for province, city, county, _ in counties():
        level = _PREFECTURE if city == county else _COUNTY
        meant = _Meaning(level, province, city, None if city == county else county, _EXACT)
        found[county].add(meant)
        base = _ENDING.sub("", county)
        short = short_form(county) if county.endswith("自治县") else base
        if short != county:
            found[short].add(meant._replace(how=_SHORT))
        if base != county:  # a county that became a city or a district is known by its former names too
            for word in {base + ending for ending in "市县区"} - {county} - known.keys():
                found[word].add(meant._replace(how=_FORMER))
    for name, province, city, now in former():
        found[name].add(_Meaning(_COUNTY if now else _PREFECTURE, province, city, now, _FORMER))
    return {word: tuple(sorted(meanings, key=repr)) for word, meanings in found.items()}, max(map(len, found))


@cache
def _zone_words() -> tuple[dict[str, tuple[Zone, ...]], int]:
    """Every word for a zone with the zones that go by it, and the length of the longest."""
    found: dict[str, list[Zone]] = defaultdict(list)
    for zone in zones():
        for word in dict.fromkeys((*zone.words, *zone.within)):
            found[word].append(zone)
    return {word: tuple(named) for word, named in found.items()}, max(map(len, found))


@cache
def _generic() -> frozenset[str]:
    """Words that more than one zone goes by: they need a prefecture in front."""
    words, _ = _zone_words()
    return frozenset(word for word, named in words.items() if len(named) > 1 or len(word) < 5)


@cache
def _foreign() -> tuple[tuple[str, str], ...]:
    """Country words in Chinese, the longest first."""
    own = {"CN", *REGIONS.values()}
    words = ((word, code) for word, code in code_list("country").items() if not word.isascii() and code not in own)
    return tuple(sorted(words, key=lambda pair: (-len(pair[0]), pair[0])))


@dataclass
class _Read:
    """What was read so far."""

    province: str | None = None
    prefecture: str | None = None
    county: str | None = None
    zone: Zone | None = None

    def fits(self, meant: _Meaning) -> bool:
        if self.province is not None and meant.province != self.province:
            return False
        if self.prefecture is not None and meant.level > _PROVINCE and meant.prefecture != self.prefecture:
            return False
        return self.county is None or meant.level < _COUNTY or meant.county == self.county

    def take(self, meant: _Meaning) -> None:
        self.province = meant.province
        self.prefecture = meant.prefecture or self.prefecture
        self.county = meant.county or self.county


def read_chinese(address: str) -> Place:
    """Country, province, prefecture, district and zone that an address in Chinese tells."""
    text = unicodedata.normalize("NFKC", address).replace("臺", "台").replace("灣", "湾").replace("門", "门")
    text = _HEAD.sub("", text)
    for word, code in _foreign():
        if text.startswith(word):
            return Place(code)
    read = _Read()
    rest = _read_on(text[:_WINDOW], read)
    if read.province is None and (start := _later(rest)):
        _read_on(start, read)
    if read.province is None:
        return Place("CN" if address.lstrip().startswith("中国") else None)
    if read.province in REGIONS:
        return Place(REGIONS[read.province], None, None if read.prefecture == read.province else read.prefecture)
    county = read.county or (read.zone.district if read.zone else None)
    return Place("CN", read.province, read.prefecture, county, read.zone.name if read.zone else None)


def _read_on(text: str, read: _Read) -> str:
    """Read names from the left into `read`; the rest of the text, where no more name stands."""
    while text:
        if (length := _take_zone(text, read)) or (length := _take_name(text, read)):
            text = text[length:]
            continue
        between = _BETWEEN.match(text)
        if not between:
            break
        text = text[between.end() :]
    return text


def _take_name(text: str, read: _Read) -> int:
    """Take the longest name at the start that fits; its length, or 0."""
    words, longest = _words()
    for length in range(min(longest, len(text)), 1, -1):
        meanings = [meant for meant in words.get(text[:length], ()) if read.fits(meant)]
        if not meanings:
            continue
        behind = text[length:]
        spoken = [meant for meant in meanings if _is_said(meant, length, behind, read)]
        if not spoken:
            continue
        best = min((meant.how, meant.level) for meant in spoken)
        chosen = {(m.province, m.prefecture): m for m in reversed(spoken) if (m.how, m.level) == best}
        if len(chosen) != 1:  # a shorter name is not what is written: 朝阳区 is no 朝阳市
            return 0
        read.take(next(iter(chosen.values())))
        return length
    return 0


def _is_said(meant: _Meaning, length: int, behind: str, read: _Read) -> bool:
    """Whether a word is taken to mean this, by what stands around it."""
    if length == 2 and meant.how == _FORMER:  # 新区, 郊区
        return read.prefecture is not None
    if meant.how != _SHORT:
        return True
    return not _NO_PLACE.match(behind) and (meant.level < _COUNTY or read.province is not None)


def _take_zone(text: str, read: _Read) -> int:
    """Take the longest name of a development zone at the start that fits; its length, or 0."""
    words, longest = _zone_words()
    for length in range(min(longest, len(text)), 1, -1):
        word = text[:length]
        for zone in words.get(word, ()):
            if read.prefecture is None and (word in _generic() or read.province not in (None, zone.province)):
                continue
            if read.prefecture not in (None, zone.prefecture):
                continue
            # "昆山市高新区" is a zone of Kunshan's own, never that of its prefecture.
            if word in _generic() and zone.district != read.county and (read.county or word not in zone.words):
                continue
            read.province, read.prefecture = zone.province, zone.prefecture
            read.zone = read.zone or zone
            return length
    return 0


def _later(text: str) -> str | None:
    """From where on a prefecture is named in full, for texts that begin with something else."""
    words, _ = _words()
    for start in range(1, min(len(text), _WINDOW)):
        for length in range(min(9, len(text) - start), 2, -1):
            meanings = words.get(text[start : start + length], ())
            if any(meant.how == _EXACT and meant.level == _PREFECTURE for meant in meanings):
                return text[start : start + _WINDOW]
    return None

"""What the words of names say: which can name a group, and which are trade, place, form or how offices are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from pingjiang import definitions
from pingjiang.text import fold
from pingjiang.text.legal import form_words
from pingjiang.text.meanings import meanings

# In the order in which lists decide: a word stands under the first class that has it.
CLASSES = ("function", "form", "nation", "boilerplate", "kind", "trade", "shared", "place", "given", "common")
NAME = "name"  # the class of all other words: those that can name somebody


@cache
def _told() -> Mapping[str, Any]:
    return dict(definitions.shipped("pingjiang.identities.organisations", "words.yaml"))


def _file(name: str) -> list[str]:
    return resources.files("pingjiang.identities.organisations").joinpath(name).read_text("utf-8").split()


@cache
def word_classes() -> Mapping[str, str]:
    """Word, as `text.read_name` gives it → its class. Words of known meaning are trade where no list says more."""
    told = {name: str(_told().get(name, "")).split() for name in CLASSES}
    told["form"] += [word for word in form_words("at") if len(word) >= _SHORTEST_FORM and " " not in word]
    told["place"] += [*_file("places.txt"), *chinese_places()]
    told["given"] += _file("given_names.txt")
    told["common"] += _file("common_words.txt")
    found = dict.fromkeys(str(_told()["name"]).split(), NAME)
    for name in CLASSES:
        for word in told[name]:
            found.setdefault(word, name)
        if name == "kind":  # a meaning that is no kind of body is a trade, unless it is said to be a place
            places = set(told["place"])
            for meaning in meanings().values():
                found.setdefault(meaning, "place" if meaning in places else "trade")
    return found


@cache
def chinese_places() -> frozenset[str]:
    """Provinces, cities and counties as names of firms begin with them: 山东, 苏州市, 苏州; their pinyin too."""
    found: set[str] = set()
    for province in definitions.shipped("pingjiang.identities.places", "china.yaml")["provinces"]:
        names = {province["zh"]: province["en"], **province["cities"], **province.get("direct", {})}
        for name, english in names.items():
            short = _SUFFIX.sub("", name)
            found |= {fold(name), fold(short) if len(short) > 1 else fold(name), *fold(str(english)).split()}
    return frozenset(found)


@cache
def _provinces() -> Mapping[str, frozenset[str]]:
    """City, in short → the province in whose front names put it."""
    found: dict[str, frozenset[str]] = {}
    for province in definitions.shipped("pingjiang.identities.places", "china.yaml")["provinces"]:
        above = frozenset({fold(province["zh"]), fold(_SUFFIX.sub("", province["zh"]))})
        for name in (*province["cities"], *province.get("direct", {})):
            short = fold(_SUFFIX.sub("", name))
            if short not in above:
                found.setdefault(short, above)
    return found


def provinces_of(city: str) -> frozenset[str]:
    """The names of the province of a Chinese city, as far as the list goes."""
    return _provinces().get(city, frozenset())


@cache
def short_places() -> Mapping[str, str]:
    """Chinese places in full → in short: 泰安市 → 泰安, 山东省 → 山东."""
    full = (place for place in chinese_places() if not place.isascii())
    return {place: short for place in full if len(short := _SUFFIX.sub("", place)) > 1 and short != place}


_SUFFIX = re.compile("(省|市|地区|盟|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|.{1,4}族自治州)$")
_SHORTEST_FORM = 6  # letters: shorter words in the middle of a name can be another's


@cache
def leading_place() -> re.Pattern[str]:
    """A Chinese place in front of a word that goes on."""
    places = [place for place, kind in word_classes().items() if kind == "place" and not place.isascii()]
    return re.compile("^(" + "|".join(sorted(places, key=lambda place: (-len(place), place))) + ")(?=..)")


@cache
def titles() -> frozenset[str]:
    """Words that stand before the names of persons."""
    return frozenset(str(_told()["title"]).split())


@cache
def kept_apart() -> frozenset[str]:
    """Words that tell firms apart although they mean the same."""
    return frozenset(str(_told()["apart"]).split())


@cache
def boilerplate_of_bodies() -> frozenset[str]:
    """Words that say nothing in names of public bodies, and tell firms apart."""
    return frozenset(str(_told()["boilerplate_of_bodies"]).split())


@cache
def phrases() -> list[str]:
    """Regular expressions of what stands between a trustee or state and the office that is meant."""
    return [str(pattern) for pattern in _told()["agency"]]


@cache
def noise() -> list[str]:
    """Regular expressions of what exports leave in names and is no part of them."""
    return [str(pattern) for pattern in _told()["noise"]]

"""Places against labelled addresses (`labels/places.csv`: cell and verdict), and against generated ones.

A label says what its string tells to whom knows the administrative divisions of 2026; `sure` is 1 where it tells no
prefecture for certain: those are not scored. "Prefecture level" is the prefecture in China and the first-level division
in Japan, Korea, Taiwan and the United States. Of a name that a city and the county around it share (Hsinchu, Chiayi)
either is right.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.errors import InputRefused
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer, Line, Task, samples_folder
from pingjiang.identities.places import Place, read_place
from pingjiang.identities.places.gazetteer import china, counties, former, prefectures, short_form, zones
from pingjiang.intervals import wilson

_LABELS = ("set", "file", "row", "column", "element", "country", "province", "city", "district", "zone", "sure")
_OWN = ("address", "country", "province", "city")
SYNTHETIC = 5_000


Printed = tuple[str | None, str | None, str | None, str | None]


class Labelled(NamedTuple):
    """A distinct string, as (country, state, city, address) printed, and what it tells."""

    group: str
    half: str
    printed: Printed
    place: Place
    scored: bool

    def right(self, found: Place) -> bool:
        """Whether the place found is right at prefecture level."""
        if found.country != self.place.country:
            return False
        if self.place.country == "CN":
            return (found.province, found.city) == (self.place.province, self.place.city)
        return self.place.province in (found.province, (found.province or "").rpartition(" ")[0])


def evaluate(truth: Path, settings: Settings) -> Answer:
    """Shares right at prefecture level, per distinct string, by set and kind of string, beside the plain reading."""
    labelled = _read(truth, settings)
    answer: Answer = {"all": _score(labelled)}
    for name in sorted({each.group for each in labelled}):
        answer[name] = _score(each for each in labelled if each.group == name)
    answer["halves"] = {half: _score(e for e in labelled if e.half == half) for half in ("tuning", "held_out")}
    answer["synthetic"] = _score(generated(SYNTHETIC))
    return answer


def _score(labelled: Iterable[Labelled]) -> Answer:
    """right: share of those whose string tells a prefecture, with a Wilson interval; wrong: claimed, and not so.

    `untold_claimed`: strings that tell none, of which one was claimed all the same.
    """
    told = right = wrong = plain = country = every = untold = claimed = 0
    for each in labelled:
        found = read_place(*each.printed)
        every += 1
        country += found.country == each.place.country
        known = found.city if each.place.country == "CN" else found.province
        if each.scored:
            told += 1
            right += each.right(found)
            wrong += known is not None and found.province is not None and not each.right(found)
            plain += each.right(_plain(*each.printed))
        else:
            untold += 1
            claimed += found.province is not None and found.city is not None and found.country == "CN"
    interval = wilson(right, told)
    return {
        "n": told, "right": right / told if told else None, "interval": interval,
        "wrong": wrong / told if told else None, "baseline": plain / told if told else None,
        "country_n": every, "country_right": country / every if every else None,
        "untold_n": untold, "untold_claimed": claimed,
    }  # fmt: skip


def _plain(country: str | None, state: str | None, city: str | None, address: str | None) -> Place:
    """The baseline: names of provinces and prefectures in full or in pinyin, anywhere; a state as printed."""
    text = f"{address or ''} {city or ''}"
    for province, prefecture in prefectures():
        if prefecture in text:
            return Place("CN", province, prefecture)
    folded = text.lower()
    for entry in china()["provinces"]:
        for prefecture, latin in entry["cities"].items():
            if latin.lower() in folded:
                return Place("CN", entry["zh"], prefecture)
    return Place(country, state or (city or None))


# -- what is labelled --------------------------------------------------------------------------------


def _read(truth: Path, settings: Settings) -> list[Labelled]:
    """The labels of a file: addresses of cells, as ours are, or with the text in columns of its own."""
    with Session(threads=1) as session:
        try:
            rows = read_labelled(session, truth, _LABELS, settings).dicts()
        except InputRefused:
            own = read_labelled(session, truth, _OWN, settings).dicts()
            return [
                Labelled("own", "held_out", (None, None, None, row["address"]),
                         Place(row["country"], row["province"], row["city"]), bool(row["city"] or row["province"]))
                for row in own
            ]  # fmt: skip
        by_file: dict[str, list[dict[str, str | None]]] = defaultdict(list)
        for row in rows:
            by_file[str(row["file"])].append(row)
        return [each for file, told in by_file.items() for each in _of_file(session, file, told, settings)]


def _of_file(session: Session, file: str, rows: list[dict[str, str | None]], settings: Settings) -> Iterator[Labelled]:
    path = samples_folder(settings) / file
    for columns in sorted({str(row["column"]) for row in rows}):
        names = columns.split("+")
        cells = {row["row_number"]: row for row in read_labelled(session, path, names, settings).dicts()}
        for row in rows:
            if row["column"] != columns:
                continue
            printed = [cells[int(str(row["row"]))][name] for name in names]
            yield _labelled(row, printed)


def _labelled(row: dict[str, str | None], printed: list[str | None]) -> Labelled:
    place = Place(*(row[name] for name in Place._fields))
    if len(printed) == 3:
        city, state, country = printed
        texts: Printed = (country, state, city, None)
    else:
        element = int(row["element"] or 1)
        cell = str(printed[0])
        texts = (None, None, None, cell.split("; ")[element - 1].strip() if "; " in cell else cell)
    kind = "chinese" if any("一" <= letter <= "鿿" for letter in str(texts[3] or "")) else "latin"
    told = place.city if place.country == "CN" else place.province
    half = "held_out" if _hash(row) % 2 else "tuning"
    return Labelled(f"{row['set']}_{kind}", half, texts, place, bool(told) and row["sure"] != "1")


def _hash(row: dict[str, str | None]) -> int:
    told = "|".join(str(row[name] or "") for name in ("file", "row", "column", "element"))
    return int(hashlib.sha256(told.encode()).hexdigest(), 16)


# -- what is generated -------------------------------------------------------------------------------

_TAILS = ("人民路1号", "科技大道88号A座301室", "解放东路12号", "创新街道软件园3幢", "中山北路200弄5号", "镇工业园区")
_POSTCODES = ("215000 ", "100080", "", "", "邮编510000 ", "中国 ")


def generated(count: int, seed: int = 20_260_101) -> list[Labelled]:
    """Synthetic Chinese addresses from the administrative tables, with noise: the same for the same seed.

    Parts are missing, names are old, short, or misspelt, postcodes and blanks stand about. A string without its
    prefecture tells it only where its county has a name that no other has.
    """
    chance = random.Random(seed)
    places = [(province, city, county) for province, city, county, _ in counties()]
    names = Counter(name for _, _, name in places)
    old = [(name, province, city, now) for name, province, city, now in former() if len(name) > 2]
    return [_made(chance, places, names, old) for _ in range(count)]


def _made(
    chance: random.Random,
    places: list[tuple[str, str, str]],
    names: Counter[str],
    old: list[tuple[str, str, str, str | None]],
) -> Labelled:
    kind = chance.choices(
        ("full", "no_province", "county_alone", "former", "short", "zone", "typo"), (40, 15, 15, 8, 10, 7, 5)
    )[0]
    province, city, county = chance.choice(places)
    tail = chance.choice(_TAILS)
    head = chance.choice(_POSTCODES)
    told = True
    middle = "" if county == city else county
    if kind == "full":
        text = f"{'' if province == city else province}{city}{middle}"
    elif kind == "no_province":
        text = f"{city}{middle}"
    elif kind == "county_alone":
        text, told = county, names[county] == 1
    elif kind == "former":
        name, province, city, _ = chance.choice(old)
        text = f"{province}{'' if province == city else city}{name}"
    elif kind == "short":
        ending = "市" if chance.random() < 0.5 else ""
        text = f"{'' if province == city else short_form(province)}{short_form(city)}{ending}{middle}"
    elif kind == "zone":
        zone = chance.choice(zones())
        province, city = zone.province, zone.prefecture
        text = f"{'' if province == city else province}{city}{chance.choice(zone.words)}"
    else:  # the county is misspelt, the prefecture stands
        text = f"{'' if province == city else province}{city}{middle[:1]}囗{middle[2:]}"
    if chance.random() < 0.1:
        text = " ".join((text[:2], text[2:])) if kind == "full" and len(text) > 6 and text[2] in "省市" else text
    return Labelled(
        "synthetic", "held_out", (None, None, None, f"{head}{text}{tail}"), Place("CN", province, city), told
    )


_RIGHT = ("prefecture right", "地级正确")
TASKS = [
    Task(
        "places",
        "labels/places.csv",
        "地点：地址到省、地级、区县、板块",
        "Places: addresses to province, prefecture, district and zone",
        "首批一半（按单元格地址的散列）用于调整，另一半与第三批只用于评测；各批首次测得的数字见说明。",
        "Half of the first set (by hash of the cell's address) served for tuning, the other half and the third set for "
        "measuring; what each gave when it was first measured stands in docs/places.md.",
        evaluate,
        [
            Line("全部：地级正确率", "all: right at prefecture level", "all.right", "all.baseline", "all.n"),
            Line("中文地址", "Chinese addresses", "first_chinese.right", "first_chinese.baseline", "first_chinese.n"),
            Line(
                "拉丁字母，首批",
                "Latin letters, first set",
                "first_latin.right",
                "first_latin.baseline",
                "first_latin.n",
            ),
            Line(
                "拉丁字母，第三批",
                "Latin letters, third set",
                "third_latin.right",
                "third_latin.baseline",
                "third_latin.n",
            ),
            Line("说错的份额", "share claimed wrongly", "all.wrong", None, "all.n"),
            Line("合成地址", "synthetic addresses", "synthetic.right", "synthetic.baseline", "synthetic.n"),
        ],
        ours=True,
    )
]

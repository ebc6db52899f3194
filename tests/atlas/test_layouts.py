"""The tile grids: every country and province once, neighbours that must be neighbours."""

from __future__ import annotations

import pytest

from pingjiang.atlas import layouts
from pingjiang.identities.places import english_names
from pingjiang.schema.codes import code_list
from tests.atlas.conftest import Opened


def test_each_tile_has_a_place_of_its_own() -> None:
    for tiles in (layouts.world(), layouts.china()):
        assert len({(tile["row"], tile["column"]) for tile in tiles}) == len(tiles)
        assert len({tile["code"] for tile in tiles}) == len(tiles)
        assert all(tile["zh"] and tile["en"] for tile in tiles)
    assert len(layouts.world()) == 249
    assert len(layouts.china()) == 34


def test_words_and_tiles_of_china() -> None:
    names = layouts.country_names()
    assert names["TW"] == ("中国台湾", "Taiwan, China")
    assert names["HK"] == ("中国香港", "Hong Kong, China")
    assert names["MO"] == ("中国澳门", "Macao, China")
    place = {tile["code"]: (tile["row"], tile["column"]) for tile in layouts.world()}
    for code in ("TW", "HK", "MO"):
        apart = [abs(a - b) for a, b in zip(place["CN"], place[code], strict=True)]
        assert max(apart) == 1, code


def test_provinces_are_those_that_addresses_are_read_into() -> None:
    known = english_names()
    for tile in layouts.china():
        full = tile["names"][0]
        assert full in known, full
        assert tile["zh"] in full


def test_no_sea_name_lies_on_a_tile() -> None:
    taken = {(tile["row"], tile["column"]) for tile in layouts.world()}
    for water in layouts.waters():
        around = {(water["row"], water["column"] + step) for step in (-1, 0, 1)}
        assert not around & taken, water


def test_codes_that_sources_use_have_a_name() -> None:
    assert set(code_list("country").values()) <= set(layouts.country_names()) | {"EP", "WO", "EA", "AP", "OA", "EM"}


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_every_region_that_the_browser_knows_has_a_tile(opened: Opened) -> None:
    page = opened.go("")
    known = page.evaluate(
        """() => {
          const names = new Intl.DisplayNames('en', { type: 'region' });
          const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
          return letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => names.of(code) !== code);
        }"""
    )
    # Reserved, withdrawn or grouping codes, and what is no region of ISO 3166-1.
    others = [
        "AC",
        "AN",
        "BU",
        "CP",
        "CQ",
        "CS",
        "DD",
        "DG",
        "DY",
        "EA",
        "EU",
        "EZ",
        "FX",
        "HV",
        "IC",
        "NH",
        "QO",
        "RH",
        "SU",
        "TA",
        "TP",
        "UK",
        "UN",
        "VD",
        "XA",
        "XB",
        "XK",
        "YD",
        "YU",
        "ZR",
        "ZZ",
    ]
    assert set(known) - set(others) == {tile["code"] for tile in layouts.world()}

"""Where each country and each province stands in the tile grids, and what it is called. Data: `layouts/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypedDict

from pingjiang import definitions
from pingjiang.errors import DefinitionError


class Tile(TypedDict):
    """One tile: row and column from the top left, names, and how data name it."""

    code: str
    row: int
    column: int
    zh: str
    en: str
    # Chinese provinces only: all names that mean it, and the country code that counts it where it has one.
    names: list[str]
    country: str | None


class Water(TypedDict):
    """A name of a sea, set between the tiles."""

    row: int
    column: int
    zh: str
    en: str


@cache
def country_names() -> Mapping[str, tuple[str, str]]:
    """ISO 3166-1 code (and a few withdrawn ones) → name in Chinese, name in English."""
    data = _read("world")
    entries = {**data["names"], **data["withdrawn"]}
    return {code: (names[0], names[1]) for code, names in entries.items()}


@cache
def world() -> tuple[Tile, ...]:
    """The tiles of the world, one a country or region of ISO 3166-1."""
    names = _read("world")["names"]
    return tuple(
        {"code": code, "row": row, "column": column, "zh": zh, "en": en, "names": [], "country": None}
        for code, (row, column) in _grid("world", names)
        for zh, en in [names[code]]
    )


@cache
def china() -> tuple[Tile, ...]:
    """The tiles of China's 34 provincial divisions, with their short names."""
    data = _read("china")
    tiles: list[Tile] = []
    for code, (row, column) in _grid("china", data["divisions"]):
        full, short, english, *others = data["divisions"][code]
        tiles.append(
            {
                "code": code,
                "row": row,
                "column": column,
                "zh": short,
                "en": english,
                "names": [full, short, english, *others],
                "country": data["country"].get(code),
            }
        )
    return tuple(tiles)


def waters() -> list[Water]:
    """The names of seas on the map of the world."""
    return [{"row": r, "column": c, "zh": zh, "en": en} for r, c, zh, en in _read("world")["waters"]]


def as_data() -> dict[str, object]:
    """Both grids as the page reads them."""
    withdrawn = {code: list(names) for code, names in _read("world")["withdrawn"].items()}
    return {"world": list(world()), "china": list(china()), "waters": waters(), "withdrawn": withdrawn}


def _grid(name: str, known: Mapping[str, object]) -> list[tuple[str, tuple[int, int]]]:
    """Each code of the text grid with its row and column. Refuses a code twice, unknown or left out."""
    found: dict[str, tuple[int, int]] = {}
    for row, line in enumerate(_read(name)["grid"].splitlines()):
        for column, code in enumerate(line.split()):
            if code == "..":
                continue
            if code in found or code not in known:
                raise DefinitionError(f"atlas/layouts/{name}.yaml: tile {code!r} stands twice or has no name")
            found[code] = (row, column)
    if missing := set(known) - set(found):
        raise DefinitionError(f"atlas/layouts/{name}.yaml: no tile for {sorted(missing)}")
    return list(found.items())


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = definitions.shipped("pingjiang.atlas", "layouts", f"{name}.yaml")
    return data

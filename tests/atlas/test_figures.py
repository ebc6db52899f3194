"""What an atlas is made of is checked before it is drawn."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from pingjiang.atlas.figures import assemble, check, rows_of
from pingjiang.errors import DefinitionError
from tests.atlas.made import small


@pytest.fixture(scope="module")
def atlas() -> Any:
    return small(size=120)


def test_a_whole_atlas_passes(atlas: Any) -> None:
    again = assemble(**{key: atlas[key] for key in atlas})
    assert again == atlas
    rows = rows_of(atlas["figures"]["filings_by_year"], "publication")
    assert sum(int(str(row["value"])) for row in rows) == 120
    assert rows_of(atlas["figures"]["filings_by_year"], "simple_family") == []


def _drop_column(atlas: Any) -> None:
    figure = atlas["figures"]["countries"]
    at = [column["name"] for column in figure["columns"]].index("value")
    del figure["columns"][at]
    for part in figure["units"].values():
        part["rows"] = [row[:at] + row[at + 1 :] for row in part["rows"]]


def _set(*path: Any) -> Callable[[Any], None]:
    """A change: the last of `path` is put where the others lead."""

    def change(atlas: Any) -> None:
        target = atlas
        for step in path[:-2]:
            target = target[step]
        target[path[-2]] = path[-1]

    return change


BREAKS: dict[str, tuple[Callable[[Any], None], str]] = {
    "no figure": (lambda a: a["figures"].pop("cagr"), "cagr"),
    "no column": (_drop_column, "value"),
    "unknown kind": (_set("figures", "cagr", "columns", 0, "kind", "colour"), "colour"),
    "ragged row": (lambda a: a["figures"]["cagr"]["units"]["publication"]["rows"][0].pop(), "row of"),
    "unknown node": (_set("figures", "node_counts", "units", "publication", "rows", 0, 0, "nowhere"), "nowhere"),
    "unknown unit": (
        lambda a: a["figures"]["cagr"]["units"].update({"litre": {"period": [1, 2], "rows": []}}),
        "litre",
    ),
    "other total": (_set("meta", "units", 0, "items", 121), "121"),
    "silent stand-in": (_set("meta", "units", 1, "note_en", None), "application"),
    "no title": (_set("meta", "title_en", ""), "title_en"),
    "no years": (_set("meta", "period", [None, None]), "no years"),
    "years backwards": (_set("meta", "period", [2020, 2010]), "backwards"),
    "node twice": (lambda a: a["chain"].append(a["chain"][0]), "twice"),
    "no parent": (_set("chain", 2, "parent_id", "gone"), "gone"),
    "childless": (_set("chain", 11, "is_leaf", False), "leaf"),
    "list too short": (lambda a: a["items"]["publication"]["columns"]["title"].pop(), "title"),
    "more listed than there are": (_set("items", "publication", "listed", 121), "121"),
    "organisation beyond the list": (_set("items", "publication", "columns", "organisations", 3, [4000]), "4000"),
    "place beyond the list": (_set("items", "publication", "columns", "places", 3, [99]), "99"),
    "no list": (lambda a: a["items"].pop("application"), "application"),
    "list of nobody": (_set("items", "application", "same_as", "simple_family"), "simple_family"),
    "odd place": (_set("places", 0, ["examiner", None, None, None]), "place"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_atlas_is_refused_by_name(atlas: Any, name: str) -> None:
    change, said = BREAKS[name]
    broken = copy.deepcopy(atlas)
    change(broken)
    with pytest.raises(DefinitionError, match=said):
        check(broken)

"""What a query finds in a lake: words of every length, script and width; listed as far as wanted."""

from __future__ import annotations

import pytest

from pingjiang.engine import Lake
from pingjiang.errors import QueryRefused, SetUnknown
from pingjiang.search import find
from tests.search.conftest import SETTINGS, ask


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("电池", 8),  # two characters
        ("電池", 8),  # traditional, as it is written
        ("鋰电池", 8),  # both in one word
        ("池", 8),  # one character
        ("方", 8),
        ("电", 8),
        ("5g基站", 8),
        ("５Ｇ基站", 8),  # full width
        ("5G基站·天线", 8),  # the dot as it is written
        ("基站・天线", 0),  # another dot
        ("基站天线", 0),  # the dot stands between
        ("天線", 8),
        ("solid-state", 8),
        ('"solid state"', 8),  # a hyphen parts words and is none
        ("SOLID‐STATE", 8),  # another hyphen
        ("solidstate", 0),
        ('"state solid"', 0),
        ("mems芯片", 24),
        ("ＭＥＭＳ", 24),
        ("芯", 24),
        ("mem", 0),  # a Latin word is found as a whole
        ("mem*", 24),
        ("m?ms", 24),
        ("电池组", 0),
        ("池电", 0),
    ],
)
def test_words_are_found_in_every_width_and_script(kept_lake: Lake, query: str, count: int) -> None:
    assert len(ask(kept_lake, query)) == count


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("标题=(电池 1W 膜)", 8),  # 隔 stands between
        ("标题=(电池 0W 膜)", 0),
        ("标题=(膜 1W 电池)", 0),
        ("标题=(膜 1N 电池)", 8),
        ("标题=(solid 2W electrolyte)", 8),
        ("标题=(electrolyte 1N solid)", 0),
        ("标题=(electrolyte 2N solid)", 8),
        ("标题=(基站 1W 天线)", 8),  # the dot is a token
    ],
)
def test_distances_count_characters_in_chinese_and_words_else(kept_lake: Lake, query: str, count: int) -> None:
    assert len(ask(kept_lake, query)) == count


def test_sets_are_put_in_and_the_echo_keeps_their_names(kept_lake: Lake) -> None:
    found = find(kept_lake, "#1 AND 标题=隔膜", sets={"#1": "电池"}, settings=SETTINGS)
    assert (found.total, found.echo) == (8, "#1 AND TI=隔膜")


@pytest.mark.parametrize(("query", "error"), [("标题=(电池", QueryRefused), ("#7", SetUnknown)])
def test_what_is_refused_is_refused_before_anything_is_opened(query: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        find(object(), query)  # type: ignore[arg-type]  # it is not looked at


def test_the_newest_come_first_and_as_many_as_wanted(kept_lake: Lake) -> None:
    found = find(kept_lake, "芯片", settings=SETTINGS)
    days = [hit["publication_date"] for hit in found.hits(None)]
    assert days == sorted(days, reverse=True) and len(days) == 24
    assert [hit["publication_id"] for hit in found.hits(5)] == ask(kept_lake, "芯片")[:5]
    assert found.as_dict(3)["total"] == 24 and len(found.as_dict(3)["hits"]) == 3

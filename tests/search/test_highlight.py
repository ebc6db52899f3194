"""What is marked, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.engine import Lake
from pingjiang.query import parse
from pingjiang.query.meaning import Document, holds
from pingjiang.search import find, highlight
from tests.search.conftest import SETTINGS


def shown(text: str, query: str) -> str:
    """A title with the words of a query marked."""
    return highlight.marked(text, highlight.places(text, highlight.asked(parse(query))))


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("锂電池隔膜", "TI=电池", "锂【電池】隔膜"),
        ("锂電池隔膜", "TI=池", "锂電【池】隔膜"),
        ("电池和电池", "TI=电池", "【电池】和【电池】"),
        ("电池隔膜及其制备", "TI=(电池 4W 制备)", "【电池隔膜及其制备】"),
        ("５Ｇ基站·天线", "TI=5g基站", "【５Ｇ基站】·天线"),
        ("Solid-State battery", 'TI="solid state"', "【Solid-State】 battery"),
        ("Café ﬁlter", "TI=cafe", "【Café】 ﬁlter"),
        ("Cafe\u0301 filter", "TI=filter", "Cafe\u0301 【filter】"),
        ("Cafe\u0301 filter", "TI=cafe", "【Cafe\u0301】 filter"),
        ("电池 电极", "TI=(电池 NOT 电极)", "【电池】 电极"),
        ("电池 电极", "TI=(电池 OR 电极)", "【电池】 【电极】"),
        ("电池", "TI==电池", "【电池】"),
        ("电池组", "TI==电池", "电池组"),
        ("lithium batteries", "TI=batter*", "lithium 【batteries】"),
        ("电池", "IPC=H01M", "电池"),
    ],
)
def test_what_is_marked(text: str, query: str, marked: str) -> None:
    assert shown(text, query) == marked


@given(
    st.text(alphabet="电池锂的aB１é·-,ﬁ㎏ \u0301", max_size=30), st.sampled_from(["电池", "ab", "池·", "é", "kg", "a?"])
)
def test_what_is_found_is_marked_and_nothing_is_lost(text: str, word: str) -> None:
    query = parse(f"TI={word}")
    found = highlight.places(text, highlight.asked(query))
    assert highlight.marked(text, found).replace("【", "").replace("】", "") == text
    assert not found or holds(query, Document("d", texts={"TI": (text,)}))
    if text.isalpha() and text.isascii() and holds(query, Document("d", texts={"TI": (text,)})):
        assert found


@given(st.text(min_size=1, max_size=80), st.integers(0, 79), st.integers(1, 20))
def test_a_cut_shows_the_places(text: str, start: int, length: int) -> None:
    start %= len(text)
    stop = min(len(text), start + length)
    shown_text, places = highlight.cut(text, [(start, stop)])
    [(first, last)] = places
    assert shown_text[first:last] == text[start:stop]
    assert len(shown_text) <= length + 62


def test_hits_say_why(kept_lake: Lake) -> None:
    [first, *_] = find(kept_lake, "标题=(電池 6W 方法) NOT 摘要=无", settings=SETTINGS).hits(1)
    [why] = first["why"]
    assert [why["text"][a:b] for a, b in why["places"]] == ["電池隔膜及其制备方法"]
    [first, *_] = find(kept_lake, "mems", settings=SETTINGS).hits(1)
    assert [why["text"][a:b] for why in first["why"] for a, b in why["places"]] == ["ＭＥＭＳ"]

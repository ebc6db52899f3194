"""Tokens: what makes two spellings the same, what a query's words become, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.errors import Unfit
from pingjiang.query.tokens import ANY, ONE, line, pieces, tokens
from tests.query.trees import WORDS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("锂电池", ["锂", "电", "池"]),
        ("鋰電池", ["锂", "电", "池"]),
        ("5G基站", ["5g", "基", "站"]),
        ("５Ｇ 基 站", ["5g", "基", "站"]),
        ("solid-state", ["solid", "state"]),
        ("Solid State", ["solid", "state"]),
        ("LiFePO₄", ["lifepo4"]),
        ("Société", ["societe"]),
        ("O'Neil", ["oneil"]),
        ("列昂·达", ["列", "昂", "·", "达"]),
        ("and/or, 2.4GHz", ["and", "/", "or", ",", "2", ".", "4ghz"]),
        ("カ-テ", ["カ", "ー", "テ"]),
        ("𠮷野", ["𠮷", "野"]),
        (" -\n_¦ ", []),
        ("", []),
    ],
)
def test_what_a_text_is_cut_into(text: str, found: list[str]) -> None:
    assert tokens(text) == found


def test_in_names_punctuation_is_nothing() -> None:
    assert tokens("AT&T, Inc. (U.S.)", names=True) == ["at", "&", "t", "inc", "u", "s"]
    assert tokens("中芯国际（上海）有限公司", names=True) == tokens("中芯国际上海有限公司")


@given(st.text(max_size=40), st.booleans())
def test_a_line_holds_the_tokens_and_no_more(text: str, names: bool) -> None:
    assert line(text, names=names).split() == tokens(text, names=names)
    assert not {ANY, ONE} & set(line(text))


@given(st.text(max_size=40))
def test_tokens_of_tokens_are_the_same(text: str) -> None:
    assert tokens(" ".join(tokens(text))) == tokens(text)


@pytest.mark.parametrize("text", [word for word in WORDS if not {"*", "?"} & set(word)])
def test_words_without_wildcards_are_cut_as_texts_are(text: str) -> None:
    assert list(pieces(text)) == tokens(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("etch*", ("etch*",)),
        ("*tery", ("*tery",)),
        ("colo?r", ("colo?r",)),
        ("电池*", ("电", "池")),
        ("*电池", ("电", "池")),
        ("电?池", ("电", "?", "池")),
        ("5G*基站", ("5g*", "基", "站")),
        ("batter* cell*", ("batter*", "cell*")),
        ("ｅｔｃｈ＊", ("etch*",)),
    ],
)
def test_wildcards_belong_to_latin_words(text: str, found: tuple[str, ...]) -> None:
    assert tuple(piece.replace(ANY, "*").replace(ONE, "?") for piece in pieces(text)) == found


def test_a_sign_behind_a_stroke_is_itself() -> None:
    assert pieces(r"a\*b\?") == ("a", "*", "b", "?")


@pytest.mark.parametrize("text", ["", "*", "**", "?", "-", "电*池", "solid * state"])
def test_what_could_match_all_or_nothing_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        pieces(text)


def test_punctuation_alone_is_a_word_of_texts_and_none_of_names() -> None:
    assert pieces("。") == ("。",)
    with pytest.raises(Unfit):
        pieces("。", names=True)

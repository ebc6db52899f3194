"""How words lie in the index: no two texts that differ in tokens lie alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pingjiang.query.tokens import tokens
from pingjiang.search.layout import END, START, field_texts, is_cut, pairs, short

TOKENS = st.lists(st.sampled_from(["电", "池", "<", "…", "a", "5g", "·"]), min_size=1, max_size=8)


def test_pairs_are_of_chinese_characters_alone() -> None:
    assert field_texts([tokens("5G基站·天")]) == ("<< 5g 基 站 · 天 >>", "<< 5g 基<站 站<· ·<天 天 >>")
    assert not pairs("a", "池")


@given(st.lists(TOKENS, min_size=1, max_size=3), st.lists(TOKENS, min_size=1, max_size=3))
def test_other_values_are_other_words(one: list[list[str]], other: list[list[str]]) -> None:
    assert (
        (one == other)
        == (field_texts(one)[0] == field_texts(other)[0])
        == (field_texts(one)[1] == field_texts(other)[1])
    )


@given(st.text(min_size=1, max_size=20))
def test_no_text_holds_the_ends(text: str) -> None:
    assert not {START, END} & set(tokens(text))


def test_tokens_of_immoderate_length_are_cut_and_told_apart() -> None:
    long, other = "a" * 70_000, "a" * 69_999 + "b"
    assert is_cut(long) and not is_cut("a" * 200)
    assert len(short(long)) < 300 and short(long) != short(other)
    assert short("a" * 200) == "a" * 200

"""Terms of texts and symbols."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

from pingjiang.chain.classifier import features
from pingjiang.chain.classifier.features import letter_pieces, symbol_terms, text_terms
from pingjiang.query.tokens import tokens


def test_examples() -> None:
    assert doctest.testmod(features).failed == 0


def test_nothing_reaches_across_punctuation_and_scripts() -> None:
    terms = text_terms(tokens("固态，电池 solid. state 5G基站"))
    assert "态电" not in terms and "solid state" not in terms
    assert {"固态", "电池", "solid", "state", "5g", "基站"} <= set(terms)


def test_widths_scripts_and_case_are_one() -> None:
    assert text_terms(tokens("電池ＬＩＤＡＲ")) == text_terms(tokens("电池 lidar"))


def test_a_character_alone_is_a_term() -> None:
    assert text_terms(tokens("锂, Li")) == ["锂", "li"]


@given(st.text(alphabet="ab1", min_size=1, max_size=12))
def test_pieces_are_pieces(word: str) -> None:
    assert all(3 <= len(piece) <= 5 and piece in f"<{word}>" for piece in letter_pieces(word))


def test_symbols_at_every_depth() -> None:
    assert symbol_terms(["B60W", "H01", "nonsense", "G08G1/16"]) == [
        "B60", "B60W", "G08", "G08G", "G08G1", "G08G1/16", "H01",
    ]  # fmt: skip

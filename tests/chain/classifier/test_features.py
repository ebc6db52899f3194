"""Terms of texts and symbols."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

from pingjiang.chain.classifier import features
from pingjiang.chain.classifier.features import Document, Texts, letter_pieces, symbol_terms


def terms(text: str, kind: str = "words") -> list[str]:
    """The terms of a text as often as they stand, sorted, with another document on either side."""
    found = Texts([Document("a", "left 左边"), Document("b", text), Document("c", "right 右边")]).occurrences(kind)
    return sorted(
        found.terms[term] for term, at in zip(found.term.tolist(), found.document.tolist(), strict=True) if at == 1
    )


def test_examples() -> None:
    assert doctest.testmod(features).failed == 0


def test_nothing_reaches_across_punctuation_and_scripts() -> None:
    assert terms("固态，电池 solid. state 5G基站") == sorted(
        ["固态", "电池", "solid", "state", "5g", "基站", "state 5g"]
    )
    assert terms("固态电池 solid state solid") == sorted(
        ["固态", "态电", "电池", "solid", "state", "solid", "solid state", "state solid"]
    )
    assert terms("") == [] and terms("固态 state", "letters") == ["state"]


def test_widths_scripts_and_case_are_one() -> None:
    assert terms("電池ＬＩＤＡＲ") == terms("电池 lidar") == ["lidar", "电池"]


def test_a_character_alone_is_a_term() -> None:
    assert terms("锂, Li") == ["li", "锂"]


@given(st.text(alphabet="ab1", min_size=1, max_size=12))
def test_pieces_are_pieces(word: str) -> None:
    assert all(3 <= len(piece) <= 5 and piece in f"<{word}>" for piece in letter_pieces(word))


def test_symbols_at_every_depth() -> None:
    assert symbol_terms(["B60W", "H01", "nonsense", "G08G1/16"]) == [
        "B60", "B60W", "G08", "G08G", "G08G1", "G08G1/16", "H01",
    ]  # fmt: skip

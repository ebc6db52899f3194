"""Terms: the same words are the same terms, however they are written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pingjiang.search.similar.features import is_chinese, terms, vector_text

MOST = {"chinese": 3, "other": 9}


def test_spelling_does_not_matter() -> None:
    assert terms("固態電池 ＳＯＬＩＤ-State") == terms("固态电池 solid state")
    assert terms("电池，池电") == {"电池": 1, "池电": 1}  # nothing is made across punctuation
    assert terms("锂 a 5g") == {"锂": 1, "5g": 1}


@given(st.lists(st.sampled_from(["电", "池", "a", "ab", "5g", " ", "，", "-", "か"]), max_size=20))
def test_every_pair_of_signs_in_a_row_is_a_term_and_nothing_else(parts: list[str]) -> None:
    text = "".join(parts)
    found = terms(text)
    assert all(len(term) > 1 or term in "电池か" for term in found)
    for pair in ("电池", "池电", "电电", "池池"):
        places = sum(text[at : at + 2] == pair for at in range(len(text)))
        assert found[pair] >= places
        if not any(gap in text for gap in " -"):
            assert found[pair] == places


def test_what_a_vector_is_made_of() -> None:
    assert vector_text("题目", "一二三四五", MOST) == "题目 一二三"
    assert vector_text("title", "one two three", MOST) == "title one two t"
    assert vector_text(None, None, MOST) == ""
    assert is_chinese("基于MEMS的芯片")
    assert not is_chinese("a μm 件 sized sensor of batteries")

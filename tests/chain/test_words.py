"""Words: folding, whole words in Latin script, Chinese anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.chain.words import expression, fold_sql, fold_word
from pingjiang.engine import Session
from pingjiang.engine.session import quote
from tests.chain.made import words_in


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        yield opened


def found(session: Session, text: str, words: list[str]) -> str | None:
    """The word that the engine finds in the text."""
    pattern, groups = expression(tuple(fold_word(word) for word in words))
    each = ", ".join(f"nullif(regexp_extract(x.t, {quote(pattern)}, {group + 1}), '')" for group in range(groups))
    table = session.from_rows({"raw": "VARCHAR"}, [(text,)])
    hit, word = session.rows(
        f"select regexp_matches(x.t, {quote(pattern)}), coalesce({each}, cast(null as varchar))"
        f" from (select {fold_sql('r.raw')} as t from r) as x",
        r=table,
    )[0]
    session.drop(table)
    assert hit == (word is not None), "what matches can be shown"
    return None if word is None else str(word)


@pytest.mark.parametrize(
    ("text", "word", "hit"),
    [
        ("Etching method", "etch", None),
        ("Etching method", "etch*", "etching"),
        ("An etch stop", "etch", "etch"),
        ("基于MEMS的传感器", "MEMS", "mems"),
        ("NEMS and MEMSX", "mems", None),
        ("一种光刻机的对准装置", "光刻", "光刻"),
        ("ＥＴＣＨ　ＳＴＯＰ　layer", "etch stop", "etch stop"),
        ("through-silicon  via", "through silicon via", "through-silicon  via"),
        ("through silicon vias", "through-silicon via", None),
        ("5G基站天线", "5G基站", "5g基站"),
        ("15G基站", "5G基站", None),
        ("implants and devices", "implant* device*", None),
        ("implantable medical device", "implant* device*", None),
        ("implantable devices", "implant* device*", "implantable devices"),
        ("naïveté", "na", None),
        ("C++ (compiler)", "c++", "c++"),
        ("low-k (dielectric)", "low k", "low-k"),
    ],
)
def test_how_a_word_is_found(session: Session, text: str, word: str, hit: str | None) -> None:
    assert found(session, text, [word]) == hit


@pytest.mark.parametrize("word", ["", " - ", "*", "光刻*", "et*ch", "etch *", "** etch"])
def test_a_word_that_cannot_work_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"letter|'\*'"):
        fold_word(word)


PIECES = ["etch", "etching", "光刻", "胶", "MEMS", "5G", "基站", "chip", "scale", "é", "3"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", "-", ", ", "，"])), max_size=8),
    st.lists(
        st.sampled_from(
            ["etch", "etch*", "光刻", "光刻胶", "mems", "5g基站", "chip scale", "chip-scale", "scale* etch", "3"]
        ),
        min_size=1,
        max_size=3,
        unique=True,
    ),
)
def test_the_engine_finds_what_a_reader_finds(session: Session, text: list[tuple[str, str]], words: list[str]) -> None:
    title = "".join(piece + gap for piece, gap in text)
    assert (found(session, title, words) is not None) == any(words_in(title, word) for word in words)

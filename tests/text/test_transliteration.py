"""Words of other scripts that write the sound of Latin ones: what is known to belong together, and what does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.train_transliteration import signs_of, told_brands, trained, written

from pingjiang.text.transliteration import likeness, script_of, sound_keys

# Renderings that no table of brands holds.
WRITTEN = [
    ("kana", "クラークスン", "clarkson"),
    ("kana", "グリーンフィールド", "greenfield"),
    ("kana", "ボーイング", "boeing"),
    ("hangul", "해밀턴", "hamilton"),
    ("han", "博斯蒂克", "bostik"),
    ("han", "西门斯", "siemens"),
]


@pytest.mark.parametrize(("script", "word", "latin"), WRITTEN)
def test_a_rendering_is_nearest_to_what_it_renders(script: str, word: str, latin: str) -> None:
    others = [latin, *sorted({other for _, _, other in WRITTEN} - {latin}), "hoffmann", "toshiba", "bosch"]
    scores = likeness([word] * len(others), others, script)
    assert scores.argmax() == 0
    assert scores[0] > 0.4
    assert sound_keys(word, script) & sound_keys(latin, "latin")


def test_what_may_write_a_sound() -> None:
    assert script_of("博斯蒂克") == "han"
    assert script_of("煤矿机械") is None  # characters that write no foreign names
    assert script_of("トヨタ") == "kana"
    assert script_of("ソニー株式会社") is None
    assert script_of("abc") is None  # too short to tell


@given(
    st.lists(
        st.tuples(st.text("アカサタナハマヤラワン", min_size=3, max_size=8), st.text("abcdefgh", min_size=4)),
        max_size=6,
    )
)
def test_pairs_are_scored_each_by_itself(pairs: list[tuple[str, str]]) -> None:
    together = likeness([one for one, _ in pairs], [other for _, other in pairs], "kana")
    alone = [float(likeness([one], [other], "kana")[0]) for one, other in pairs]
    assert np.isfinite(together).all()
    assert np.allclose(together, alone)


@pytest.mark.slow
def test_the_shipped_model_is_what_the_table_of_brands_gives() -> None:
    from importlib import resources

    pairs = told_brands()
    shipped = resources.files("pingjiang.text").joinpath("transliteration.yaml").read_text("utf-8")
    assert written(pairs, signs_of(pairs["han"])) == shipped


def test_training_learns_which_letter_stands_for_which() -> None:
    weights = trained(
        [("ka", "ca"), ("kaka", "caca"), ("ta", "ta"), ("tata", "tata"), ("kata", "cata"), ("taka", "taca")]
    )
    assert weights["k"]["c"] > 1 > weights["k"].get("t", -9)
    assert weights["t"]["t"] > 1 > weights["t"].get("c", -9)

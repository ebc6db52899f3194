"""Brands and bodies in several scripts: tables that contradict nobody, looked up as wholes."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang import definitions
from pingjiang.text import fold, read_name
from pingjiang.text.bodies import whole_name
from pingjiang.text.brands import brand_words, brands
from pingjiang.text.legal import without_forms
from pingjiang.text.meanings import meanings, meant_words


def _told(file: str) -> list[tuple[str, str]]:
    told = definitions.shipped("pingjiang.text", file)
    rows = [row for section in told.values() for row in section.items()] if file == "brands.yaml" else told.items()
    return [(str(name), str(form)) for name, forms in rows for form in str(forms).split(",")]


def test_no_form_stands_for_two_brands_and_none_is_a_common_word() -> None:
    found: dict[str, str] = {}
    for name, form in _told("brands.yaml"):
        folded = fold(form)
        assert folded, f"{name}: {form!r} folds to nothing"
        assert found.setdefault(folded, fold(name)) == fold(name), form
        assert folded not in meanings(), form
        assert not folded.isascii(), "a Latin name stays as it is written"
    assert not found.keys() & set(found.values()), "what is compared stands for nothing else"


@pytest.mark.parametrize("file", ["brands.yaml", "bodies.yaml"])
def test_no_name_is_told_twice(file: str) -> None:
    # YAML itself would keep the last one in silence.
    lines = resources.files("pingjiang.text").joinpath(file).read_text(encoding="utf-8").splitlines()
    section, told = "", set()
    for line in lines:
        name = fold(line.partition(": ")[0].strip('" '))
        if line.endswith(":"):
            section = name
        elif line.strip() and not line.strip().startswith("#"):
            assert name, line
            assert (section, name) not in told, line
            told.add((section, name))


def test_what_a_brand_is_compared_by_is_its_own_name() -> None:
    for name, form in _told("brands.yaml"):
        assert meant_words(fold(name)), name
        assert without_forms(fold(name))[0] == fold(name), f"{name}: a legal form is no part of a name"
        assert brand_words(fold(form), in_front=True) == tuple(fold(name).split()), form


def test_no_form_stands_for_two_bodies() -> None:
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name, form in _told("bodies.yaml"):
        meant = tuple(meant_words(fold(name)))
        assert found.setdefault(tuple(sorted(meant_words(fold(form)))), meant) == meant, form


@given(st.sampled_from(sorted(brands())), st.sampled_from(sorted(brands())))
def test_pieces_of_brands_are_read_one_by_one(one: str, other: str) -> None:
    read = brand_words(one + other)
    assert read is not None
    assert read == brand_words(one + other)


@given(st.sampled_from(sorted(brands())), st.sampled_from("鑫淼焱垚犇"))
def test_a_brand_inside_another_word_is_none(brand: str, sign: str) -> None:
    assert brand_words(sign + brand) is None


@pytest.mark.parametrize("form", [form for _, form in _told("bodies.yaml")][::7])
def test_what_a_body_is_compared_by_is_its_own_name(form: str) -> None:
    words = whole_name(meant_words(fold(form)))
    assert words is not None
    assert whole_name(words) == words
    assert whole_name(reversed(words)) == words


@pytest.mark.parametrize("name", ["苏州大学附属第一医院", "东吴大学", "宁波三星电气有限公司", "安福特科技有限公司"])
def test_what_only_looks_like_one_of_the_table(name: str) -> None:
    assert not {"soochow", "samsung", "ford"} & set(read_name(name).words)

"""Names taken apart, and how two of them relate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.identities.inventors.names import RELATIONS, beginning, fold, parse, relation

GIVEN = st.lists(st.text("abcdefghij", min_size=1, max_size=7), min_size=0, max_size=3).map(" ".join)


@pytest.mark.parametrize(
    ("printed", "family", "given_name"),
    [
        ("Lee, Seok-Ju", "lee", "seok ju"),
        ("LEE; SEOK JU", "lee", "seok ju"),
        ("SMITH, Mark, Wayne", "smith", "mark wayne"),
        ("Sudik, Jr.; Joseph", "sudik", "joseph"),
        ("Vincent YATES", "yates", "vincent"),
        ("XU Yingchuan", "xu", "yingchuan"),
        ("Jan van der Berg", "vanderberg", "jan"),
        ("O'Neil, Jack", "oneil", "jack"),
        ("Lévay, György", "levay", "gyorgy"),
        ("Ｗａｎｇ, Ｗｅｉ", "wang", "wei"),
        ("Panescu, Dorin Nmi", "panescu", "dorin"),
    ],
)
def test_a_latin_name_is_surname_and_given_name(printed: str, family: str, given_name: str) -> None:
    parsed = parse(printed)
    assert (parsed.kind, parsed.family, parsed.given) == ("latin", family, given_name)


@pytest.mark.parametrize(
    ("printed", "characters"),
    [("张 伟", "张伟"), ("張偉", "张伟"), ("约翰·史密斯", "约翰史密斯"), ("박영수", "박영수"),
     ("J·韦斯特霍夫", "j韦斯特霍夫"),
     ("张伟（ZHANG Wei）", "张伟"), ("Лютер, Джули-Анн", "лютерджулианн")],
)  # fmt: skip
def test_other_scripts_are_known_by_their_full_characters(printed: str, characters: str) -> None:
    assert parse(printed)[:2] == ("full", characters)


@pytest.mark.parametrize(
    "printed", ["不公告发明人", "其他发明人请求不公开姓名", "The inventor has waived the right to be mentioned"]
)
def test_who_is_withheld_is_nobody(printed: str) -> None:
    assert parse(printed).kind == "withheld"


@pytest.mark.parametrize("printed", ["苏州大学", "Hyundai Motor Co., Ltd.", "中国科学院研究所", "Denso GmbH"])
def test_organisations_are_no_persons(printed: str) -> None:
    assert parse(printed).kind == "organisation"


@pytest.mark.parametrize("printed", [None, "", "  ", "---", "123"])
def test_no_name_is_nobody(printed: str | None) -> None:
    assert parse(printed).kind == "empty"


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    parsed = parse(text)
    assert bool(parsed.family) == (parsed.kind in ("full", "latin"))
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("seok ju", "seokju", "parted"),
        ("seok ju", "seok ju", "same"),
        ("alok m", "alok mani", "fuller"),
        ("alok", "alok mani", "missing"),
        ("dan l", "daniel l", "short"),
        ("bob", "robert j", "short"),
        ("chandra sekhar", "chandra sehkar", "fuller"),
        ("catharina", "cathrina", "spelling"),
        ("j", "james", "initial"),
        ("j d", "james daniel", "initial"),
        ("", "james", "bare"),
        ("paul j", "paul l", "other_middle"),
        ("yun sung", "yun seok", "other"),
        ("na", "ning", "other"),
        ("j d", "james edward", "other"),
    ],
)
def test_given_names_relate(one: str, other: str, expected: str) -> None:
    assert RELATIONS[relation(one, other)] == expected


@given(GIVEN, GIVEN)
def test_a_relation_has_no_direction_and_a_name_is_itself(one: str, other: str) -> None:
    assert relation(one, other) == relation(other, one)
    if len(one.replace(" ", "")) > 1:
        assert RELATIONS[relation(one, one)] == "same"
        assert beginning(one) == beginning(one)

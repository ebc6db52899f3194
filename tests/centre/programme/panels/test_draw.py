"""The draw: by the letter of its rule, the same for everybody, and nobody who left comes back."""

from __future__ import annotations

import datetime
import hashlib
import random
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.panels.draw import Candidate, DrawRefused, DrawRules, Left, Roll, Stratum
from tests.centre.programme.panels.lists import DUE, NUMBER, ROLL, RULES, rolls, unhurried

ANY = DrawRules(least_seats=1, odd=False, least_digits=1)
TEXT = drawing.write(ROLL)
MINUTE = datetime.timedelta(minutes=1)


def test_the_text_to_publish() -> None:
    assert TEXT.startswith(
        "pingjiang-draw 1\ntitle: 2026年产业知识产权运营中心评审\nnumber: 中国福利彩票双色球第2026142期\n"
        "due: 2026-12-08T21:15+08:00\nstratum: 技术 | seats: 3\nT01\n"
    )
    assert "T09 | excluded: 2025年与申报单位同一单位\n" in TEXT
    assert drawing.list_hash(TEXT) == hashlib.sha256(TEXT.encode()).hexdigest()


@unhurried
@given(rolls())
def test_a_list_is_read_as_it_was_written(roll: Roll) -> None:
    text = drawing.write(roll)
    assert drawing.write(drawing.read(text)) == text == drawing.normalise(text)


@unhurried
@given(rolls(), st.randoms())
def test_the_sequence_of_candidates_changes_nothing(roll: Roll, dice: random.Random) -> None:
    strata = [
        replace(stratum, candidates=tuple(dice.sample(stratum.candidates, len(stratum.candidates))))
        for stratum in roll.strata
    ]
    assert drawing.write(replace(roll, strata=tuple(strata))) == drawing.write(roll)


@unhurried
@given(rolls())
def test_copying_changes_nothing(roll: Roll) -> None:
    text = drawing.write(roll)
    copied = "\ufeff" + unicodedata.normalize("NFD", text).replace(" ", "\u00a0\t").replace("\n", "  \r\n\r\n")
    assert drawing.list_hash(copied) == drawing.list_hash(text)
    assert drawing.read(copied) == drawing.read(text)


@unhurried
@given(rolls(), st.text("0123456789", min_size=1, max_size=20))
def test_the_order_is_that_of_the_rule(roll: Roll, number: str) -> None:
    """Once more from the words of the rule, for each candidate."""
    text = drawing.write(roll)
    hashed = hashlib.sha256(text.encode()).hexdigest()
    drawn = drawing.draw(text, number, ANY)
    assert (drawn.list_hash, drawn.number) == (hashed, number)
    for stratum, listed in zip(drawn.strata, drawing.read(text).strata, strict=True):
        expected = {
            each.code: hashlib.sha256("\n".join((hashed, number, listed.name, each.code)).encode()).hexdigest()
            for each in listed.candidates
        }
        assert [each.code for each in stratum.order] == sorted(expected, key=expected.__getitem__)
        assert [each.key for each in stratum.order] == sorted(expected.values())
        assert [each.place for each in stratum.order] == list(range(1, len(expected) + 1))
        assert {each.code: each.excluded for each in stratum.order} == {
            each.code: each.excluded for each in listed.candidates
        }


def test_a_known_draw() -> None:
    """Kept for good: who changes this changes every draw that was ever published."""
    drawn = drawing.draw(TEXT, NUMBER, RULES)
    assert drawn.number == "05111723283309"
    assert drawn.list_hash == "4cc526bd46b6355d5f312dc2c22f03348740263883d917fe12cfbad60de660b7"
    assert [stratum.seated for stratum in drawing.seat(drawn)] == [
        ("T02", "T05", "T04"), ("P02", "P05"), ("F04",), ("I04",)
    ]  # fmt: skip


def test_the_manual_tells_this_draw() -> None:
    """The list, its hash and its outcome in docs/panels.md are those of the program."""
    manual = (Path(__file__).parents[4] / "docs" / "panels.md").read_text(encoding="utf-8")
    listed = manual.split("```text\n")[1].split("```")[0]
    drawn = drawing.draw(listed, NUMBER, RULES)
    assert listed == TEXT
    assert drawn.list_hash in manual and f"`{NUMBER}`" in manual
    assert " · ".join(" ".join(stratum.seated) for stratum in drawing.seat(drawn)) in manual


@unhurried
@given(rolls(), st.data())
def test_who_leaves_never_returns_and_nobody_else_moves(roll: Roll, data: st.DataObject) -> None:
    drawn = drawing.draw(drawing.write(roll), "123456", ANY)
    free = [each.code for stratum in drawn.strata for each in stratum.order if not each.excluded]
    leaving = data.draw(st.lists(st.sampled_from(free), unique=True))
    left: list[Left] = []
    before = drawing.seat(drawn)
    for code in leaving:
        left.append(Left(code, "excluded", "后来发现的利益关系"))
        after = drawing.seat(drawn, left)
        for was, now in zip(before, after, strict=True):
            line = (*was.seated, *was.following)
            assert (*now.seated, *now.following) == tuple(each for each in line if each != code)
            assert set(was.seated) - {code} <= set(now.seated)
            assert len(now.seated) + now.vacant == next(s.seats for s in drawn.strata if s.name == now.name)
            assert not now.vacant or not now.following
        before = after
    gone = {each.code for stratum in before for each in (*stratum.passed,)}
    assert gone == set(leaving) | {each.code for s in drawn.strata for each in s.order if each.excluded}
    assert drawing.seat(drawn, left[::-1]) == before


def test_a_decline_is_followed_by_the_next_of_the_same_stratum() -> None:
    drawn = drawing.draw(TEXT, NUMBER, RULES)
    technology, *others = drawing.seat(drawn)
    after, *same = drawing.seat(drawn, [Left(technology.seated[1], "declined")])
    assert after.seated == (technology.seated[0], technology.seated[2], technology.following[0])
    assert same == others
    assert Left(technology.seated[1], "declined") in after.passed
    assert Left("T09", "excluded", "2025年与申报单位同一单位") in after.passed


def test_a_list_that_is_used_up_names_stratum_and_remedy() -> None:
    drawn = drawing.draw(TEXT, NUMBER, RULES)
    panel = drawing.seat(drawn, [Left(f"F0{n}", "declined") for n in range(1, 5)])
    assert [each.vacant for each in panel] == [0, 0, 1, 0]
    with pytest.raises(DrawRefused, match="“财务”层需要 1 位专家，可用的只有 0 位") as told:
        drawing.require_filled(panel)
    assert "Add experts to '财务'" in str(told.value)
    drawing.require_filled(drawing.seat(drawn))


def test_an_exclusion_needs_a_reason_and_a_known_code() -> None:
    drawn = drawing.draw(TEXT, NUMBER, RULES)
    with pytest.raises(DrawRefused) as told:
        drawing.seat(drawn, [Left("T01", "excluded", "  ")])
    assert told.value.rule == "reason"
    for left in ([Left("X99", "declined")], [Left("T01", "declined"), Left("T01", "declined")]):
        with pytest.raises(ValueError, match="leaves once"):
            drawing.seat(drawn, left)


def _with(seats: int, free: int, excluded: int = 0) -> Roll:
    candidates = [Candidate(f"E{n}") for n in range(free)] + [Candidate(f"X{n}", "回避") for n in range(excluded)]
    return replace(ROLL, strata=(Stratum("技术", seats, tuple(candidates)),))


@pytest.mark.parametrize(
    ("roll", "filled", "rule"),
    [
        (_with(3, 9), 0, "seats"), (_with(4, 9), 0, "seats"), (_with(5, 5), 0, ""), (_with(6, 9), 0, "seats"),
        (_with(5, 4), 0, "too_few"), (_with(5, 4, 6), 0, "too_few"), (_with(7, 7, 1), 0, ""), (_with(1, 1), 4, ""),
        (_with(1, 1), 5, "seats"),
    ],
)  # fmt: skip
def test_what_a_panel_needs(roll: Roll, filled: int, rule: str) -> None:
    """Four and six seats are refused, five pass; excluded candidates take no seat; a draw for one vacant seat."""
    found = ""
    try:
        drawing.draw(drawing.write(roll), NUMBER, RULES, filled)
    except DrawRefused as told:
        found = told.rule
        assert told.remedy
    assert found == rule


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("05 11 17 23 28 33 + 09", "05111723283309"), ("０５、１１、１７", "051117"), ("3,287.45", "328745"),
        ("12345", None), ("", None), ("第142期 051117", None), ("05111x", None), ("-", None),
    ],
)  # fmt: skip
def test_only_the_digits_of_a_number_count(number: str, digits: str | None) -> None:
    if digits is None:
        with pytest.raises(DrawRefused):
            drawing.digits(number, 6)
    else:
        assert drawing.digits(number, 6) == digits


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda text: text.replace("T05", "T95"), "canonical"),
        (lambda text: text.replace("T05", "T055"), "hash"),
        (lambda text: text.replace("T05\n", ""), "hash"),
        (lambda text: text.replace("seats: 3", "seats: 4"), "hash"),
        (lambda text: text.replace("seats: 3", "seats: 0"), "unread"),
        (lambda text: text.replace("draw 1", "draw 2"), "unread"),
        (lambda text: text.replace("+08:00", ""), "due"),
        (lambda text: text.replace("T05\n", "T05\nT05\n"), "twice"),
        (lambda text: text.replace("知识产权 |", "技术 |"), "twice"),
        (lambda text: text.replace("T05\n", "T05 T06\n"), "code"),
        (lambda text: text.replace("excluded: 2025", "excluded: \u200b2025"), "text"),
        (lambda text: "", "unread"),
        (lambda text: text.split("stratum")[0], "strata"),
        (lambda text: text, ""),
    ],
)
def test_a_changed_list_is_not_the_published_one(change: Callable[[str], str], rule: str) -> None:
    found = ""
    try:
        drawing.check_commitment(change(TEXT), drawing.list_hash(TEXT), DUE - MINUTE, DUE)
    except DrawRefused as told:
        found = told.rule
    assert found == rule


@pytest.mark.parametrize(
    ("published", "announced", "rule"),
    [
        (DUE - MINUTE, DUE, ""), (DUE - MINUTE, DUE + MINUTE, ""), (DUE, DUE, "late"), (DUE + MINUTE, DUE, "late"),
        (DUE - 2 * MINUTE, DUE - MINUTE, "early"), ((DUE - MINUTE).astimezone(datetime.UTC), DUE, ""),
    ],
)  # fmt: skip
def test_the_list_is_published_before_the_number_is_due(
    published: datetime.datetime, announced: datetime.datetime, rule: str
) -> None:
    found = ""
    try:
        drawing.check_commitment(TEXT, drawing.list_hash(TEXT), published, announced)
    except DrawRefused as told:
        found = told.rule
    assert found == rule


def test_times_without_a_zone_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zones"):
        drawing.check_commitment(TEXT, drawing.list_hash(TEXT), DUE.replace(tzinfo=None), DUE)


def test_each_candidate_is_drawn_as_often_as_another() -> None:
    """Nine free candidates, three seats, 3,000 numbers: each seated 1,000 times, give or take five deviations."""
    text = drawing.write(_with(3, 9))
    counted = Counter(
        code for number in range(3000) for code in drawing.seat(drawing.draw(text, f"{number}", ANY))[0].seated
    )
    assert sum(counted.values()) == 9000
    assert all(abs(count - 1000) < 5 * (3000 * (1 / 3) * (2 / 3)) ** 0.5 for count in counted.values()), counted

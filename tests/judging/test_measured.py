"""Precision and recall of a line, counted by hand."""

from __future__ import annotations

from pingjiang.judgements.judgement import Judgement, judge
from pingjiang.judging.measured import Share, by_folding, by_line, judged_pairs
from pingjiang.judging.pairs import Pair, row_id


def pair(a: str, b: str, score: float, level: str = "organisation") -> Pair:
    return Pair(row_id(level, a, b), level, a, b, score, (), 1)


def said(a: str, b: str, verdict: str, who: str = "甲", subject: str = "organisation") -> Judgement:
    return judge(subject, a, b, verdict, who=who)


PAIRS = [pair("甲厂", "甲廠", 0.9), pair("乙厂", "乙社", 0.8), pair("丙厂", "丙社", 0.6), pair("丁厂", "丁社", 0.4),
         pair("戊厂", "戊社", 0.95)]  # fmt: skip
SAID = [said("甲厂", "甲廠", "same"), said("乙社", "乙厂", "different"), said("丙厂", "丙社", "same"),
        said("丁厂", "丁社", "unsure")]  # fmt: skip


def test_a_line_is_measured_on_what_was_judged_alone() -> None:
    told = judged_pairs(PAIRS, SAID)
    assert [(row.score, row.same, row.alike) for row in told] == [
        (0.9, True, True), (0.8, False, False), (0.6, True, False), (0.4, None, False)
    ]  # fmt: skip
    high, low = by_line(told, 0.7), by_line(told, 0.5)
    assert (high.precision, high.recall) == (Share(1, 2), Share(1, 2))
    assert (low.precision, low.recall) == (Share(2, 3), Share(2, 2))
    plain = by_folding(told)
    assert (plain.precision, plain.recall) == (Share(1, 1), Share(1, 2))


def test_people_who_differ_tell_nothing_and_other_levels_are_other_pairs() -> None:
    differing = [said("甲厂", "甲廠", "same"), said("甲厂", "甲廠", "different", who="乙")]
    assert judged_pairs(PAIRS, differing) == []
    assert judged_pairs(PAIRS, [said("甲厂", "甲廠", "same", subject="group")]) == []
    leaning = [said("甲厂", "甲廠", "same"), said("甲厂", "甲廠", "unsure", who="乙")]
    assert [row.same for row in judged_pairs(PAIRS, leaning)] == [True]


def test_of_persons_the_names_are_compared_and_not_the_numbers() -> None:
    [row] = judged_pairs(
        [pair("CN1A/張三", "CN2A/张三", 0.3, "inventor")],
        [said("CN1A/張三", "CN2A/张三", "same", subject="inventor")],
        {row_id("inventor", "CN1A/張三", "CN2A/张三"): True},
    )
    assert row.alike and row.drawn and row.same


def test_of_nothing_there_is_no_share() -> None:
    none = by_line([], 0.5)
    assert none.precision.value is None and none.precision.interval is None
    low, high = Share(9, 24).interval or (0, 0)
    assert 0 < low < 9 / 24 < high < 1

"""What is in force and what contradicts, against the definitions written out."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.judgements import Conflict, Judgement, at_level, conflicts, counting, digest, in_force
from tests.judgements.rows import histories, row

ALL = ("organisation", "group", "inventor")


# -- in force ----------------------------------------------------------------------------------------


def counts(rows: list[Judgement], one: Judgement) -> bool:
    """The definition: no row that counts undoes it."""
    return not any(other.undoes == one.judgement_id and counts(rows, other) for other in rows)


@settings(deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_what_is_in_force_is_what_nothing_in_force_undoes(rows: list[Judgement], chance: random.Random) -> None:
    expected = [each for each in rows if each.verdict is not None and counts(rows, each)]
    shuffled = [*rows, *rows[:2]]
    chance.shuffle(shuffled)
    assert in_force(shuffled) == sorted(expected, key=lambda each: (each.at, each.judgement_id))
    assert all(counting(shuffled)[each.judgement_id] == counts(rows, each) for each in rows)
    assert digest(shuffled[: len(rows)]) == digest(reversed(shuffled[: len(rows)]))


@settings(deadline=None)
@given(histories())
def test_a_row_that_undoes_and_one_that_undoes_that_change_nothing(rows: list[Judgement]) -> None:
    before = in_force(rows)
    for undone in rows:
        if not counts(rows, undone):
            continue
        undoing = row(undone.a, undone.b, None, 100, undoes=undone.judgement_id, subject=undone.subject)
        restoring = row(undone.a, undone.b, None, 101, undoes=undoing.judgement_id, subject=undone.subject)
        assert in_force([*rows, undoing]) != before or undone.verdict is None
        assert in_force([*rows, undoing, restoring]) == before


def test_thousands_of_undone_undoings_are_no_matter() -> None:
    rows = [row("a", "b", "same")]
    for second in range(1, 5_000):
        rows.append(row("a", "b", None, second, undoes=rows[-1].judgement_id))
    assert in_force(rows) == []
    assert in_force(rows[:-1]) == rows[:1]


# -- conflicts ---------------------------------------------------------------------------------------


def ways(edges: set[tuple[str, str]], a: str, b: str, seen: tuple[str, ...] = ()) -> list[list[tuple[str, str]]]:
    """Every simple way from a to b, as its edges."""
    if a == b:
        return [[]]
    found = []
    for edge in edges:
        if a in edge:
            to = edge[0] if edge[1] == a else edge[1]
            if to not in (*seen, a):
                found += [[edge, *rest] for rest in ways(edges, to, b, (*seen, a))]
    return found


SAME = {"organisation": ("organisation",), "group": ("group", "organisation"), "inventor": ("inventor",)}
DIFFERENT = {"organisation": ("organisation", "group"), "group": ("group",), "inventor": ("inventor",)}


@settings(deadline=None)
@given(histories(subjects=ALL), st.sampled_from(ALL), st.randoms(use_true_random=False))
def test_a_conflict_is_all_that_stands_on_a_way_between_two_that_differ(
    rows: list[Judgement], level: str, chance: random.Random
) -> None:
    rows = in_force(rows)
    same = {each.pair for each in rows if each.verdict == "same" and each.subject in SAME[level]}
    different = {each.pair for each in rows if each.verdict == "different" and each.subject in DIFFERENT[level]}
    expected = {pair: {edge for way in ways(same, *pair) for edge in way} for pair in different}
    expected = {pair: edges for pair, edges in expected.items() if edges}
    shuffled = rows[:]
    chance.shuffle(shuffled)
    meant = at_level(shuffled, level)
    assert {(c.a, c.b): {each.pair for each in c.joining} for c in meant.conflicts} == expected
    assert set(meant.same) == same - {edge for edges in expected.values() for edge in edges}
    assert set(meant.different) == different
    assert meant == at_level(rows, level)
    for conflict in meant.conflicts:
        assert {each.verdict for each in conflict.different} == {"different"}
        assert {each.verdict for each in conflict.joining} == {"same"}


def named(*rows: Judgement) -> list[tuple[str, str]]:
    return [(conflict.level, conflict.text()) for conflict in conflicts(rows)]


def test_a_chain_that_ends_in_a_difference_is_named_whole_and_what_hangs_on_it_is_not() -> None:
    chain = [row("a", "b", "same"), row("b", "c", "same", 1), row("c", "d", "same", 2), row("a", "c", "different", 3)]
    [conflict] = conflicts(chain)
    assert isinstance(conflict, Conflict)
    assert conflict.ids == {each.judgement_id for each in (chain[0], chain[1], chain[3])}
    assert set(at_level(chain, "organisation").same) == {("c", "d")}


def test_one_entity_in_two_groups_is_a_contradiction() -> None:
    one, two = row("a", "b", "same"), row("a", "b", "different", 1, "李娜", "group")
    [(level, text)] = named(one, two)
    assert level == "organisation"
    assert text == f"a = b ({one.judgement_id} organisation 张伟); a ≠ b ({two.judgement_id} group 李娜)"


@pytest.mark.parametrize(
    "rows",
    [
        [row("a", "b", "different"), row("a", "b", "same", 1, subject="group")],  # two entities of one group
        [row("a", "b", "same"), row("a", "b", "unsure", 1, "李娜")],
        [row("a", "b", "same"), row("b", "a", "different", 1, subject="inventor")],
    ],
)
def test_what_can_all_be_true_is_no_conflict(rows: list[Judgement]) -> None:
    assert conflicts(rows) == []


def test_a_group_conflict_through_an_entity_is_named_at_the_level_of_groups() -> None:
    rows = [row("a", "b", "same"), row("b", "c", "same", 1, subject="group"),
            row("a", "c", "different", 2, subject="group")]  # fmt: skip
    [conflict] = conflicts(rows)
    assert (conflict.level, len(conflict.ids)) == ("group", 3)
    assert at_level(rows, "organisation").conflicts == []
    assert set(at_level(rows, "organisation").same) == {("a", "b")}


def test_a_long_chain_is_no_matter() -> None:
    rows = [row(f"n{at}", f"n{at + 1}", "same", at) for at in range(4_000)]
    rows.append(row("n0", "n4000", "different", 5_000))
    [conflict] = conflicts(rows)
    assert len(conflict.ids) == 4_001
    assert [two.at > one.at for one, two in pairwise(in_force(rows))] == [True] * 4_000

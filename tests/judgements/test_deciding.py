"""To judge, to change one's mind, to undo, to take over from others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.errors import DefinitionError
from pingjiang.judgements import Judgement, Log, accept, in_force, merge, undo
from tests.judgements.rows import histories, row


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "judgements.jsonl")


def test_the_same_judgement_of_the_same_person_changes_nothing(log: Log) -> None:
    first = accept(log, [row("a", "b", "same")])
    size = log.path.stat().st_size
    again = accept(log, [row("b", "a", "same", 5)])
    assert (len(first.added), again.added, again.unchanged) == (1, [], first.added)
    assert log.path.stat().st_size == size


def test_who_changes_their_mind_undoes_their_own_row_and_nobody_elses(log: Log) -> None:
    own, other = row("a", "b", "same"), row("a", "b", "same", 1, "李娜")
    accept(log, [own, other])
    told = accept(log, [row("a", "b", "different", 2)])
    assert told.replaced == [own]
    rows = log.read().rows
    assert [(each.verdict, each.undoes) for each in rows] == [
        ("same", None), ("same", None), (None, own.judgement_id), ("different", None)
    ]  # fmt: skip
    assert in_force(rows) == [other, *told.added]
    [conflict] = told.conflicts
    assert conflict.ids == {other.judgement_id, told.added[0].judgement_id}


def test_an_undo_is_a_row_and_can_be_undone(log: Log) -> None:
    one = row("a", "b", "same")
    accept(log, [one])
    undoing = undo(log, one.judgement_id[:6].upper(), who="李娜", why="看错了")
    assert (undoing.undoes, undoing.why, undoing.verdict, undoing.a) == (one.judgement_id, "看错了", None, "a")
    assert in_force(log.read().rows) == []
    with pytest.raises(DefinitionError, match=rf"undone already, by 李娜 \({undoing.judgement_id}\)"):
        undo(log, one.judgement_id, who="张伟")
    undo(log, undoing.judgement_id, who="张伟")
    assert in_force(log.read().rows) == [one]
    assert len(log.read().rows) == 3
    undo(log, one.judgement_id, who="张伟")
    assert in_force(log.read().rows) == []


@pytest.mark.parametrize("wrong", ["", "abc", "zzzz", "0" * 16])
def test_an_id_that_means_no_row_is_refused(log: Log, wrong: str) -> None:
    accept(log, [row("a", "b", "same")])
    with pytest.raises(DefinitionError, match="There is no judgement"):
        undo(log, wrong, who="张伟")


def test_an_id_that_means_several_is_refused(log: Log) -> None:
    rows: dict[str, Judgement] = {}
    for at in range(100_000):
        one = row("a", f"b{at}", "same", at)
        if one.judgement_id[:4] in rows:
            accept(log, [rows[one.judgement_id[:4]], one])
            break
        rows[one.judgement_id[:4]] = one
    with pytest.raises(DefinitionError, match="may mean 2 judgements"):
        undo(log, one.judgement_id[:4], who="张伟")


@settings(deadline=None, max_examples=40)
@given(st.lists(histories(), max_size=4))
def test_what_others_judged_is_taken_over_once(
    tmp_path_factory: pytest.TempPathFactory, sent: list[list[Judgement]]
) -> None:
    log = Log(tmp_path_factory.mktemp("log") / "judgements.jsonl")
    accept(log, [row("a", "b", "unsure", 900)])
    for rows in (*sent, *sent):
        known = {each.judgement_id for each in log.read().rows}
        added = merge(log, rows, "1111 2222")
        assert {each.judgement_id for each in added}.isdisjoint(known)
        assert {each.origin for each in added} <= {"1111 2222"}
    every = {each.judgement_id: each for rows in sent for each in rows}
    assert len(log.read().rows) == len(every) + 1
    ours = {each.judgement_id for each in in_force(log.read().rows)}
    theirs = {each.judgement_id for each in in_force(every.values())}
    assert ours - theirs <= {log.read().rows[0].judgement_id}
    assert theirs <= ours


def test_a_judgement_that_came_from_elsewhere_is_nobodys_own_here(log: Log) -> None:
    merge(log, [row("a", "b", "same")], "1111 2222")
    told = accept(log, [row("a", "b", "different", 1)])
    assert (told.replaced, len(told.conflicts)) == ([], 1)

"""Common runs: those that many hold, and no other; marked at every publication that holds them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pingjiang.search.runs import LONGEST, Run, common_runs, held, is_pair, word

VALUES = st.lists(st.lists(st.sampled_from(["电", "池", "a", "<"]), max_size=6), max_size=3)


def runs_in(values: list[list[str]]) -> set[Run]:
    """All runs of two to four tokens of a publication, gone through one by one."""
    return {
        tuple(value[at : at + size])
        for value in values
        for size in range(2, LONGEST + 1)
        for at in range(len(value) - size + 1)
    }


@given(st.lists(VALUES, max_size=8), st.integers(1, 4))
def test_common_are_those_that_enough_publications_hold(sample: list[list[list[str]]], least: int) -> None:
    every = {run for values in sample for run in runs_in(values)}
    assert common_runs(sample, least=least) == {
        run for run in every if sum(run in runs_in(values) for values in sample) >= least
    }


@given(VALUES, st.lists(VALUES, max_size=5))
def test_a_publication_is_marked_with_all_that_it_holds(values: list[list[str]], others: list[list[list[str]]]) -> None:
    common = common_runs(others, least=1)
    assert sorted(held(values, common).split()) == sorted(
        word(run) for run in runs_in(values) & common if not is_pair(run)
    )


@given(*[st.lists(st.sampled_from(["电", "a", "<", "…"]), min_size=2, max_size=4).map(tuple)] * 2)
def test_no_two_runs_are_written_alike(one: Run, other: Run) -> None:
    assert (one == other) == (word(one) == word(other))

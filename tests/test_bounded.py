"""What is kept in memory: never more than its bound, made once for many threads, and only what was made."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.bounded import Bounded


def _always(size: int, _value: object) -> int:
    return size


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 1_200)), max_size=40))
def test_it_gives_what_was_made_and_holds_no_more_than_its_bound(asked: list[tuple[int, int]]) -> None:
    kept = Bounded(1_000)
    for key, size in asked:
        assert kept.get(key, partial(int, key), partial(_always, size)) == key
        assert kept.held <= 1_000
        assert sum(held for _value, held in kept._values.values()) == kept.held


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = Bounded(2)
    for key in "ab":
        kept.keep(key, key.upper(), 1)
    assert kept.peek("a") == "A"
    kept.keep("c", "C", 1)
    assert [kept.peek(key) for key in "abc"] == ["A", None, "C"]


def test_many_who_ask_at_once_have_it_made_once() -> None:
    kept, made = Bounded(1_000), list[int]()
    begun = threading.Barrier(8)

    def make() -> int:
        made.append(1)
        return len(made)

    def ask(_number: int) -> int:
        begun.wait()
        found: int = kept.get("one", make, partial(_always, 1))
        return found

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [1] * 8
    assert made == [1]


def test_what_could_not_be_made_is_tried_again_and_nothing_is_a_value_too() -> None:
    kept, made = Bounded(1_000), list[int]()
    with pytest.raises(ZeroDivisionError):
        kept.get("x", lambda: 1 // 0, partial(_always, 1))

    def nothing() -> None:
        made.append(1)

    for _ in range(2):
        kept.get("x", nothing, partial(_always, 1))
    assert made == [1]
    kept.forget()
    assert (kept.held, kept.peek("x", "gone")) == (0, "gone")

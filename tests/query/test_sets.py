"""Saved sets: replaced by what they stand for; unknown and circular ones are named."""

from __future__ import annotations

import pytest

from pingjiang.errors import SetUnknown
from pingjiang.query import echo, parse
from pingjiang.query.sets import expand, references
from pingjiang.query.sql import to_sql
from pingjiang.query.tree import SetRef


def test_sets_are_put_in_however_deep() -> None:
    sets = {"#1": "TI=a OR TI=b", "#2": "NOT #1", "##固态": parse("#2 AND TI=c")}
    whole = expand(parse("##固态 OR #1"), sets)
    assert echo(whole) == "(NOT (TI=a OR TI=b) AND TI=c) OR (TI=a OR TI=b)"
    assert references(whole) == []


def test_references_stand_once_in_order() -> None:
    assert references(parse("#2 AND ##x OR #1 AND #2")) == ["#2", "##x", "#1"]


@pytest.mark.parametrize(
    ("query", "sets", "told"),
    [
        ("#7", {"#1": "TI=a"}, "There is no set #7; there are: #1"),
        ("##x", {}, "There is no set ##x; there are: —"),
        ("#1", {"#1": "#1 OR TI=a"}, "#1 → #1"),
        ("#1", {"#1": "##a", "##a": "NOT #1"}, "#1 → ##a → #1"),
    ],
)
def test_what_is_not_there_or_holds_itself_is_named(query: str, sets: dict[str, str], told: str) -> None:
    with pytest.raises(SetUnknown, match=told) as caught:
        expand(parse(query), sets)
    assert caught.value.exit_code == 2


def test_sets_that_nest_too_deep_are_refused() -> None:
    sets = {f"#{at}": f"NOT #{at + 1}" for at in range(1, 400)} | {"#400": "TI=a"}
    with pytest.raises(SetUnknown, match="too deep"):
        expand(parse("#1"), sets)


def test_a_query_with_a_set_is_never_answered() -> None:
    with pytest.raises(ValueError, match="#1"):
        to_sql(SetRef("1"))

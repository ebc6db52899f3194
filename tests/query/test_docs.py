"""The manual of the query language: every example is executed, and the table of fields is that of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pingjiang.errors import QueryRefused
from pingjiang.query import echo, parse
from pingjiang.query.dialects import DIALECTS, translate
from pingjiang.query.fields import load_fields

MANUAL = (Path(__file__).parents[2] / "docs" / "query.md").read_text(encoding="utf-8")
EXAMPLES = [
    (kind, *pair)
    for kind, block in re.findall(r"```(\w+)\n(.*?)```", MANUAL, flags=re.DOTALL)
    for pair in re.findall(r"(.+)\n⇒ (.+)\n", block)
]


def test_every_line_of_a_block_is_an_example() -> None:
    lines = sum(block.count("\n") for _, block in re.findall(r"```(\w+)\n(.*?)```", MANUAL, flags=re.DOTALL))
    assert lines == 2 * len(EXAMPLES)
    assert {kind for kind, _, _ in EXAMPLES} == {"query", "refused", *DIALECTS}


@pytest.mark.parametrize(("kind", "text", "told"), EXAMPLES)
def test_an_example_does_what_it_says(kind: str, text: str, told: str) -> None:
    if kind == "query":
        assert echo(parse(text)) == told
    elif kind == "refused":
        with pytest.raises(QueryRefused) as caught:
            parse(text)
        position, _, message = told.partition(": ")
        assert caught.value.position == int(position)
        assert message in caught.value.message
    else:
        assert echo(translate(text, kind).tree) == told


def test_the_table_of_fields_is_that_of_the_program() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| [^|]+ \| ([^|]*) \| ([^|]+) \|$", MANUAL, flags=re.MULTILINE)
    assert rows == [(f.name, f.zh, "、".join(f.also), f.en) for f in load_fields().values()]

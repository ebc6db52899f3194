"""Every query of the conformance file: its echo in both languages, its result by meaning and by SQL, or its refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pingjiang.engine import Session, Table
from pingjiang.errors import QueryRefused
from pingjiang.query import echo, parse
from pingjiang.query.corpus import prepare
from pingjiang.query.fields import load_fields
from pingjiang.query.meaning import holds
from pingjiang.query.sets import expand
from pingjiang.query.sql import to_sql
from pingjiang.query.tree import Fielded, walk
from tests.query import made

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "conformance.yaml").read_text(encoding="utf-8"))
SETS = CASES["sets"]
ANSWERED = [case for case in CASES["queries"] if "error" not in case]
REFUSED = [case for case in CASES["queries"] if "error" in case]
DOCUMENTS = made.documents(made.rows())
SHORT = made.short_ids()


@pytest.fixture(scope="module")
def prepared() -> Iterator[tuple[Session, dict[str, Table]]]:
    with Session(threads=1) as session:
        yield session, prepare(session, made.tables(session, made.rows()))


def test_there_are_enough_of_them() -> None:
    assert len(ANSWERED) >= 120
    assert len(REFUSED) >= 40
    assert len({case["query"] for case in CASES["queries"]}) == len(CASES["queries"])


def test_every_field_is_asked() -> None:
    asked = {part.field for case in ANSWERED for part in walk(parse(case["query"])) if isinstance(part, Fielded)}
    assert asked == set(load_fields())


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["query"])
def test_a_query_is_echoed_and_answered(case: dict[str, Any], prepared: tuple[Session, dict[str, Table]]) -> None:
    tree = parse(case["query"])
    assert (echo(tree), echo(tree, "zh")) == (case["echo"], case["zh"])
    assert parse(case["echo"]) == parse(case["zh"]) == tree
    whole = expand(tree, SETS)
    assert [SHORT[document.publication_id] for document in DOCUMENTS if holds(whole, document)] == case["hits"]
    session, tables = prepared
    assert {SHORT[row[0]] for row in session.rows(to_sql(whole), **tables)} == set(case["hits"])


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["query"])
def test_a_refusal_points_at_the_character(case: dict[str, Any]) -> None:
    with pytest.raises(QueryRefused) as caught:
        parse(case["query"])
    assert caught.value.position == case["error"]
    assert case["says"] in caught.value.message
    assert caught.value.pointer().splitlines()[1].endswith("^")

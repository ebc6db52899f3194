"""SQL answers what the meaning says: random trees on the synthetic corpus, and on real records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from pingjiang.engine import Session, Table
from pingjiang.query.corpus import prepare
from pingjiang.query.meaning import holds
from pingjiang.query.sql import to_sql
from pingjiang.query.tree import Node
from tests.query import made
from tests.query.trees import trees

DOCUMENTS = made.documents(made.rows())


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def prepared(session: Session) -> dict[str, Table]:
    return prepare(session, made.tables(session, made.rows()))


@given(tree=trees(sets=False))
@settings(max_examples=400, suppress_health_check=list(HealthCheck), deadline=None)
def test_sql_answers_what_the_meaning_says(session: Session, prepared: dict[str, Table], tree: Node) -> None:
    found = {row[0] for row in session.rows(to_sql(tree), **prepared)}
    assert found == {document.publication_id for document in DOCUMENTS if holds(tree, document)}

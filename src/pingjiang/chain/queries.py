"""Rules that are queries of the query language: `query: 标题=光刻 AND IPC=G03F`.

They are asked of texts and symbols alone: other conclusions of a build may not be there when the chain is placed, or
would hang on the chain itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from pingjiang.chain.document import Spot
from pingjiang.engine import Session, Table
from pingjiang.errors import QueryRefused
from pingjiang.query import parse
from pingjiang.query.corpus import fields_of, prepare
from pingjiang.query.sets import references
from pingjiang.query.sql import to_sql
from pingjiang.query.tree import Node

ALLOWED = ("TI", "AB", "IPC", "CPC", "CLASS")  # and what is made of them


def read_query(spot: Spot) -> Node:
    """The tree of a rule's query; DefinitionError with file, line and the character where it breaks off."""
    text = spot.text()
    try:
        tree = parse(text)
    except QueryRefused as error:
        spot.fail(
            f"{spot.zh}第 {error.position} 个字符处看不懂：{error.message}",
            f"{spot.en} breaks off at character {error.position}.",
            ("见 docs/query.md。", "see docs/query.md."),
        )
    strange = sorted(fields_of(tree) - set(ALLOWED)) or references(tree)
    if strange:
        spot.fail(
            f"{spot.zh}用了 {', '.join(strange)}。",
            f"{spot.en} asks {', '.join(strange)}.",
            (
                "规则里只能用标题、摘要和分类号（TI、AB、TIAB、IPC、CPC、CLASS）。",
                "a rule asks title, abstract and symbols alone (TI, AB, TIAB, IPC, CPC, CLASS).",
            ),
        )
    return tree


def answered(
    session: Session, queries: Sequence[tuple[int, Node]], publication: Table, publication_class: Table
) -> Table:
    """publication_id, rule_no of the publications that the queries of rules hold. Texts are folded once for all."""
    if not queries:
        return session.from_rows({"publication_id": "VARCHAR", "rule_no": "BIGINT"}, [])
    fields = set().union(*(fields_of(tree) for _, tree in queries))
    release = {"publication": publication, "publication_class": publication_class}
    tables = prepare(session, release, fields)
    if "query_text" in tables:
        tables["query_text"] = tables["query_text"].materialise()
    found = session.materialise(
        " union all ".join(
            f"select q.publication_id, cast({number} as bigint) as rule_no from ({to_sql(tree)}) as q"
            for number, tree in queries
        ),
        **tables,
    )
    if "query_text" in tables:
        session.drop(tables["query_text"])
    return found

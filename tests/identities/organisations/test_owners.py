"""Ownership that a register tells: dated edges, groups under the uppermost owner, people's judgements above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.conclude import Organisations, conclude_organisations
from pingjiang.identities.organisations.owners import OWNED_COLUMNS, in_groups_of_owners
from tests.identities.organisations.test_conclude import APPLICANT

SESSION = Session(threads=1)
CHILD, OWNER, TOP, OTHER = (
    "苏州金鸡芯片有限公司",
    "无锡太湖控股有限公司",
    "Northwind Holdings Inc.",
    "常州运河电子有限公司",
)
CODES = {CHILD: "C1", OWNER: "C2", OTHER: "C4"}
PARENT = dict.fromkeys(("credit_code", "parent_name", "parent_credit_code"), "VARCHAR") | {
    "from_date": "DATE", "to_date": "DATE", "stands": "BOOLEAN", "source_row": "VARCHAR",
}  # fmt: skip
JUDGED = dict.fromkeys(("judgement_id", "subject", "a", "b", "verdict", "who", "at"), "VARCHAR")


def concluded(parents: Sequence[tuple[Any, ...]], judged: Sequence[tuple[str, ...]] = ()) -> Organisations:
    rows = [(f"P{at}", 1, name, None, None, f"r{at}") for at, name in enumerate((CHILD, OWNER, TOP, OTHER))]
    registered = {"name": "VARCHAR", "credit_code": "VARCHAR", "former": "BOOLEAN", "codes": "BIGINT"}
    return conclude_organisations(
        SESSION,
        SESSION.from_rows(APPLICANT, rows),
        SESSION.from_rows({"publication_id": "VARCHAR", "name": "VARCHAR"}, []),
        SESSION.from_rows({"publication_id": "VARCHAR", "family_id": "VARCHAR"}, []),
        registered=SESSION.from_rows(registered, [(name, code, False, 1) for name, code in CODES.items()]),
        parents=SESSION.from_rows(PARENT, parents),
        judged=SESSION.from_rows(JUDGED, judged) if judged else None,
    )


def groups(found: Organisations) -> dict[str, str]:
    names = {row["group_id"]: row["name"] for row in found.group.dicts()}
    return {row["name"]: names[row["group_id"]] for row in found.organisation.dicts()}


def edges(found: Organisations) -> set[tuple[Any, ...]]:
    name = {row["organisation_id"]: row["name"] for row in found.organisation.dicts()}
    return {
        (name[row["organisation_id"]], name[row["parent_id"]], row["from_date"], row["to_date"], row["source_row"])
        for row in found.ownership.dicts()
        if row["source"] == "register"
    }


def test_names_alone_tie_none_of_these() -> None:
    found = concluded([])
    assert groups(found) == {name: name for name in (CHILD, OWNER, TOP, OTHER)}
    assert found.ownership.count() == 0


def test_an_owned_firm_stays_an_entity_and_is_in_the_group_of_its_uppermost_owner() -> None:
    since = date(2019, 5, 1)
    found = concluded(
        [
            ("C1", "随便怎么写", "C2", since, None, True, "register:r.csv:2"),  # by credit code, whatever the name
            ("C2", "NORTHWIND HOLDINGS, INC", None, None, None, True, "register:r.csv:3"),  # by name
        ]
    )
    assert found.organisation.count() == 4
    assert len({groups(found)[name] for name in (CHILD, OWNER, TOP)}) == 1
    assert groups(found)[OTHER] == OTHER
    assert edges(found) == {
        (CHILD, OWNER, since, None, "register:r.csv:2"),
        (OWNER, TOP, None, None, "register:r.csv:3"),
    }
    head = {row["organisation_id"]: row["name"] for row in found.organisation.dicts()}
    assert {head[row["group_id"]] for row in found.organisation.dicts() if row["name"] != OTHER} == {TOP}


def test_what_has_ended_is_an_edge_with_its_days_and_no_group() -> None:
    found = concluded([("C1", None, "C2", date(2010, 1, 1), date(2015, 6, 30), False, "register:r.csv:2")])
    assert groups(found)[CHILD] == CHILD
    assert edges(found) == {(CHILD, OWNER, date(2010, 1, 1), date(2015, 6, 30), "register:r.csv:2")}


def test_an_owner_that_no_applicant_is_ties_nothing() -> None:
    found = concluded([("C1", "某不申请专利的控股公司", None, None, None, True, "register:r.csv:2")])
    assert edges(found) == set()


def test_people_decide_above_the_register() -> None:
    told = [("C1", None, "C2", None, None, True, "register:r.csv:2")]
    assert groups(concluded(told))[CHILD] == groups(concluded(told))[OWNER]
    parted = groups(concluded(told, [("J1", "group", CHILD, OWNER, "different", "张三", "2026-01-01T00:00:00Z")]))
    assert parted[CHILD] != parted[OWNER]


def test_an_edge_stays_with_a_firm_that_people_joined_to_another() -> None:
    told = [("C1", None, "C2", None, None, True, "register:r.csv:2")]
    joined = concluded(told, [("J1", "organisation", CHILD, OTHER, "same", "张三", "2026-01-01T00:00:00Z")])
    names = {row["name"]: row["organisation_id"] for row in joined.alias.dicts()}
    assert names[CHILD] == names[OTHER]
    assert [
        (row["organisation_id"], row["parent_id"]) for row in joined.ownership.dicts() if row["source"] == "register"
    ] == [(names[CHILD], names[OWNER])]


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef"), min_size=6, max_size=6),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_groups_of_owners(heads: dict[str, str], owned: list[tuple[str, str]]) -> None:
    """Every entity ends in one group with its owner, circles too; nobody else is moved."""
    heads = {entity: heads[head] if heads[heads[head]] == heads[head] else entity for entity, head in heads.items()}
    heads = {entity: head if heads[head] == head else entity for entity, head in heads.items()}
    edge = {child: parent for child, parent in owned if child != parent}
    spelling = SESSION.from_rows(
        {"name": "VARCHAR", "entity_id": "VARCHAR", "group_id": "VARCHAR"}, [(e, e, g) for e, g in heads.items()]
    )
    told: Table = SESSION.from_rows(OWNED_COLUMNS, [(c, p, None, None, True, "r") for c, p in edge.items()])
    found = {row["entity_id"]: row["group_id"] for row in in_groups_of_owners(SESSION, spelling, told).dicts()}
    assert found.keys() == heads.keys()
    for child, parent in edge.items():
        assert found[child] == found[parent]
    for entity, head in heads.items():
        if entity not in edge and head not in edge:
            assert found[entity] == head

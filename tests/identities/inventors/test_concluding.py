"""The tables of a release: persons, links with reasons, pairs for people, and what people decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from pingjiang.engine import Session
from pingjiang.identities.inventors.concluding import Inventors, conclude_inventors
from pingjiang.schema import table

Row = tuple[str, str, Sequence[str | None], Sequence[str], str]  # publication, family, inventors, applicants, class

TEAM: list[Row] = [
    ("CN1A", "f1", ["张修远", "欧阳明月"], ["苏州某某电子有限公司"], "H01L21/00"),
    ("CN2A", "f2", ["张修远", "欧阳明月"], ["苏州某某电子有限公司"], "H01L29/00"),
    ("US1A1", "f1", ["ZHANG; Xiuyuan", "Ouyang; Mingyue"], ["Suzhou Moumou Electronics"], "H01L21/00"),
    ("CN3A", "f3", ["张秀远"], ["苏州某某电子有限公司"], "H01L21/00"),
]


def strangers() -> list[Row]:
    names = ["王伟", "李娜", "刘洋", "陈静", "杨光", "赵敏", "黄磊", "周涛", "吴昊", "徐丽"]
    return [
        (f"CN9{n}A", f"s{n}", [names[n % 10], names[(n * 3 + 1) % 10]], [f"公司{n % 7}"], f"G0{n % 9}F1/00")
        for n in range(50)
    ]


def concluded(session: Session, rows: Sequence[Row], judged: Sequence[tuple[str, str, str]] = ()) -> Inventors:
    text = "VARCHAR"
    parties = {"publication_id": text, "sequence": "BIGINT", "name": text, "country": text, "state": text, "city": text,
               "address": text, "source_row": text}  # fmt: skip
    inventor = [
        (row[0], at, name, None, None, None, None, f"x:{row[0]}:1") for row in rows for at, name in enumerate(row[2], 1)
    ]
    day = "2018-05-05"
    return conclude_inventors(
        session,
        inventor=session.from_rows(parties, inventor),
        applicant=session.from_rows(
            {"publication_id": text, "name": text, "organisation_id": text},
            [(row[0], name, f"org {name}") for row in rows for name in row[3]],
        ),
        classes=session.from_rows(
            {"publication_id": text, "scheme": text, "symbol": text}, [(row[0], "IPC", row[4]) for row in rows]
        ),
        publication=session.from_rows(
            {"publication_id": text, "application_id": text, "title": text, "filing_date": "DATE",
             "publication_date": "DATE"},
            [(row[0], f"app {row[0]}", row[1], day, day) for row in rows],
        ),
        application=session.from_rows(
            {"application_id": text, "family_id": text}, [(f"app {row[0]}", row[1]) for row in rows]
        ),
        judged=session.from_rows(
            dict.fromkeys(("judgement_id", "subject", "a", "b", "verdict", "who", "at"), text),
            [(f"j{n}", "inventor", *each, "tester", "2026-01-01T00:00:00Z") for n, each in enumerate(judged)],
        ),
    )  # fmt: skip


def links(found: Inventors) -> dict[str, dict[str, Any]]:
    return {f"{row['publication_id']}/{row['name']}": row for row in found.mention.dicts()}


def test_tables_are_as_the_schema_says() -> None:
    with Session() as session:
        found = concluded(session, TEAM + strangers())
        for name, rows in (
            ("inventor", found.inventor), ("publication_inventor", found.mention), ("inventor_doubt", found.doubt),
        ):  # fmt: skip
            told = session.sql(f"select {table(name).select_list()} from r", r=rows).dicts()
            keys = [tuple(row[column] for column in table(name).key) for row in told]
            assert len(keys) == len(set(keys))
        assert sum(row["mentions"] for row in found.inventor.dicts()) == found.mention.count()


def test_one_person_in_two_scripts() -> None:
    with Session() as session:
        found = concluded(session, TEAM + strangers())
        told = links(found)
        person = told["CN1A/张修远"]["inventor_id"]
        assert person == told["CN2A/张修远"]["inventor_id"] == told["US1A1/ZHANG; Xiuyuan"]["inventor_id"]
        assert told["CN3A/张秀远"]["inventor_id"] != person
        assert "sounds" in told["US1A1/ZHANG; Xiuyuan"]["link_reasons"][0]
        [row] = [row for row in found.inventor.dicts() if row["inventor_id"] == person]
        assert (row["name"], row["name_zh"], row["name_en"]) == ("张修远", "张修远", "ZHANG; Xiuyuan")
        assert (row["mentions"], row["applications"], row["spellings"]) == (3, 3, 2)


def test_where_two_sound_alike_neither_is_taken() -> None:
    rows = [
        ("CN1A", "f1", ["张伟明", "张维明"], ["甲公司"], "H01L1/00"),
        ("US1A1", "f1", ["Zhang; Weiming"], ["Jia"], "H01L1/00"),
    ]
    with Session() as session:
        told = links(concluded(session, [*rows, *strangers()]))
        assert len({told[id_]["inventor_id"] for id_ in ("CN1A/张伟明", "CN1A/张维明", "US1A1/Zhang; Weiming")}) == 3


def test_what_people_decided_stands_above_the_machine() -> None:
    with Session() as session:
        judged = [("CN1A/张修远", "CN3A/张秀远", "same"), ("CN1A/欧阳明月", "CN2A/欧阳明月", "different")]
        before, after = links(concluded(session, TEAM)), links(concluded(session, TEAM, judged))
    assert before["CN1A/欧阳明月"]["inventor_id"] == before["CN2A/欧阳明月"]["inventor_id"]
    assert after["CN1A/欧阳明月"]["inventor_id"] != after["CN2A/欧阳明月"]["inventor_id"]
    assert after["CN1A/张修远"]["inventor_id"] == after["CN3A/张秀远"]["inventor_id"]
    assert after["CN3A/张秀远"]["link_score"] == 1 and "j0" in after["CN3A/张秀远"]["link_reasons"][0]


def test_the_id_is_that_of_the_earliest_mention() -> None:
    with Session() as session:
        told = links(concluded(session, TEAM))
    assert told["CN2A/张修远"]["inventor_id"] == hashlib.md5("CN1A/张修远".encode()).hexdigest()[:16]


def test_who_is_no_person_is_told_why() -> None:
    rows = [("CN1A", "f1", ["不公告发明人", "苏州大学", "---"], ["苏州大学"], "H01L1/00")]
    with Session() as session:
        found = concluded(session, rows)
        told = links(found)
        assert all(row["inventor_id"] is None and row["link_score"] is None for row in told.values())
        assert [row["link_reasons"][0][:6] for row in told.values()].count("未公布姓名 ") == 1
        assert found.inventor.count() == found.doubt.count() == 0


def test_who_applies_for_what_they_invented_has_no_organisation_by_it() -> None:
    """Two called Wang Wei apply for themselves, far apart: that the name stands twice is no evidence."""
    alone: list[Row] = [
        ("CN1A", "f1", ["王伟"], ["王伟"], "A47G1/00"), ("CN2A", "f2", ["王伟"], ["王伟"], "E01B1/00"),
    ]  # fmt: skip
    with Session() as session:
        told = links(concluded(session, [*alone, *strangers()]))
    assert told["CN1A/王伟"]["inventor_id"] != told["CN2A/王伟"]["inventor_id"]

"""Families: the worked example of ten publications, brute-force oracles, links and claims that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.identifiers import parse
from pingjiang.identities import conclude_documents, conclude_families, conclude_particulars, conclude_parties
from tests.identities.rows import records, said
from tests.identities.test_components import by_union_find

Rows = list[dict[str, Any]]
A1, A2, A6 = "CN201811107071", "US16/854380", "KR10-2019-0012345"


@dataclass(frozen=True)
class Found:
    """What rows are concluded to be: both families of each application, and the tables themselves as rows."""

    publications: int
    simple: Mapping[str, str]
    extended: Mapping[str, str]
    flags: set[tuple[str, str, str]]
    priorities: int
    simple_rows: Mapping[str, Mapping[str, Any]]
    extended_rows: Mapping[str, Mapping[str, Any]]

    def together(self, one: str, two: str) -> tuple[bool, bool]:
        """Whether two applications are one simple, and one extended family."""
        a, b = _id(one), _id(two)
        return self.simple[a] == self.simple[b], self.extended[a] == self.extended[b]


def families(rows: Rows) -> Found:
    with Session(threads=1) as session:
        record = records(session, rows)
        documents = conclude_documents(session, record)
        particulars = conclude_particulars(session, record, documents.said, documents.publication)
        parties = conclude_parties(session, documents.said, record, particulars.cited, particulars.related)
        found = conclude_families(
            session, documents.publication, documents.application, parties.priority, parties.relation
        )
        applications = found.application.dicts()
        return Found(
            publications=documents.publication.count(),
            simple={row["application_id"]: row["family_id"] for row in applications},
            extended={row["application_id"]: row["extended_family_id"] for row in applications},
            flags={(row["application_id"], row["priority_id"], row["reason"]) for row in found.flag.dicts()},
            priorities=parties.priority.count(),
            simple_rows={row["family_id"]: row for row in found.family.dicts()},
            extended_rows={row["extended_family_id"]: row for row in found.extended.dicts()},
        )


def _id(text: str) -> str:
    return parse(text, what="application").id


def link(kind: str, number: str, day: date | None = None, side: str = "parent") -> dict[str, Any]:
    return {"kind": kind, "side": side, "number": number, "date": day}


TEN: Rows = [
    said("CN109462287A", A1, row_number=2),
    said("CN109462287B", A1, row_number=3),
    said("US20200062390A1", A2, row_number=4, priorities=[A1]),
    said("US11567501B2", A2, row_number=5, priorities=[A1]),
    said("WO2020123456A1", "PCT/CN2019/123456", row_number=6, priorities=[A1]),
    said("EP3456789A1", "EP19123456", row_number=7, priorities=[A1, "CN201710000001"]),
    said("JP2020123456A", "JP2019-123456", row_number=8),
    said("JP6789012B2", "JP2019-123456", row_number=9),
    said("KR1020200012345A", A6, row_number=10),
    said("US20210123456A1", "US17/123456", row_number=11, priorities=[A6]),
]


@given(st.permutations(TEN))
@settings(max_examples=4, deadline=None)
def test_ten_publications_are_seven_applications_four_simple_and_three_extended_families(rows: Rows) -> None:
    found = families(rows)
    assert (found.publications, len(found.simple)) == (10, 7)
    # a1+a2+a3 share {a1}; a4 {a1, b0}; a5 {a5}; a6+a7 share {a6}
    assert len(set(found.simple.values())) == len(found.simple_rows) == 4
    # a1 … a4 are connected through a1
    assert len(set(found.extended.values())) == len(found.extended_rows) == 3
    assert found.together(A1, "EP19123456") == (False, True)
    assert sorted(row["applications"] for row in found.simple_rows.values()) == [1, 1, 2, 3]
    assert sorted(row["simple_families"] for row in found.extended_rows.values()) == [1, 1, 2]
    assert found.flags == set()


LETTERS = "abcdefgh"
NUMBER = {letter: f"EP1900000{at}" for at, letter in enumerate(LETTERS)}
CLAIMS = st.dictionaries(st.sampled_from(LETTERS), st.sets(st.sampled_from(LETTERS), max_size=3), min_size=1)


def claiming(claims: Mapping[str, set[str]]) -> Rows:
    return [
        said(
            f"EP350000{LETTERS.index(letter)}A1",
            NUMBER[letter],
            row_number=LETTERS.index(letter),
            priorities=sorted(NUMBER[each] for each in claimed) or None,
        )
        for letter, claimed in claims.items()
    ]


def partition(family: Mapping[str, str]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for application, own in family.items():
        found.setdefault(own, set()).add(application)
    return {frozenset(members) for members in found.values()}


@given(CLAIMS)
@settings(max_examples=12, deadline=None)
def test_families_are_those_of_the_oracle_whatever_is_claimed(claims: dict[str, set[str]]) -> None:
    found = families(claiming(claims))
    # Simple: the same set, its own number among them where it names that too.
    sets = {letter: frozenset(claimed or {letter}) for letter, claimed in claims.items()}
    of_set: dict[frozenset[str], set[str]] = {}
    for letter, own in sets.items():
        of_set.setdefault(own, set()).add(_id(NUMBER[letter]))
    assert partition(found.simple) == {frozenset(members) for members in of_set.values()}
    # Extended: connected, numbers outside the data included.
    at = {letter: n for n, letter in enumerate(LETTERS, start=1)}
    edges = [(at[letter], at[each]) for letter, claimed in claims.items() for each in (claimed or {letter})]
    reached = {frozenset({LETTERS[n - 1] for n in nodes} & claims.keys()) for nodes in by_union_find(edges)}
    assert partition(found.extended) == {
        frozenset(_id(NUMBER[letter]) for letter in letters) for letters in reached if letters
    }
    # Circles by brute force: who is reached from what it claims.
    inside = {letter: (claimed - {letter}) & claims.keys() for letter, claimed in claims.items()}
    for letter, claimed in inside.items():
        for each in claimed:
            flagged = (_id(NUMBER[letter]), _id(NUMBER[each]), "circular") in found.flags
            if reaches(inside, each, letter):
                assert flagged
            elif flagged:  # between two circles, at most
                assert any(reaches(inside, one, one) for one in inside)
    selves = {(_id(NUMBER[letter]), _id(NUMBER[letter]), "itself") for letter, own in claims.items() if letter in own}
    assert {flag for flag in found.flags if flag[2] == "itself"} == selves
    assert found.priorities == sum(map(len, claims.values())), "nothing is dropped"


def reaches(claims: Mapping[str, set[str]], start: str, end: str) -> bool:
    seen, todo = set(), list(claims.get(start, ()))
    while todo:
        letter = todo.pop()
        if letter not in seen:
            seen.add(letter)
            todo += claims.get(letter, ())
    return end in seen


@pytest.mark.slow
@given(CLAIMS, st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_the_order_of_rows_is_irrelevant_and_extended_is_coarser(claims: dict[str, set[str]], drawn: Any) -> None:
    rows = claiming(claims)
    found = families(rows)
    drawn.shuffle(rows)
    assert families(rows) == found
    assert found.simple.keys() == found.extended.keys() == {_id(NUMBER[letter]) for letter in claims}
    for simple, row in found.simple_rows.items():
        within = {found.extended[a] for a, own in found.simple.items() if own == simple}
        assert within == {row["extended_family_id"]}
    for extended, row in found.extended_rows.items():
        own = [simple for simple in found.simple_rows.values() if simple["extended_family_id"] == extended]
        assert (row["simple_families"], row["applications"]) == (len(own), sum(each["applications"] for each in own))


def test_a_priority_later_than_the_filing_is_flagged_and_connects_nothing() -> None:
    rows = [
        said("EP3000001A1", "EP10000001", row_number=2, filing_date=date(2010, 5, 1)),
        said("EP3000002A1", "EP15000002", row_number=3, filing_date=date(2015, 5, 1)),
        said("US20100000003A1", "US12/000003", row_number=4, filing_date=date(2010, 6, 1), priorities=["EP15000002"]),
        said("US20100000004A1", "US12/000004", row_number=5, filing_date=date(2010, 6, 1),
             priorities=["EP10000001 2010-05-01", "JP2012-000001 2012-01-02"]),
    ]  # fmt: skip
    found = families(rows)
    assert found.flags == {
        ("US12000003", "EP15000002", "later"), ("US12000004", "JP2012000001", "later"),
    }  # fmt: skip
    assert found.priorities == 3
    assert found.together("EP15000002", "US12/000003") == (False, False)
    assert found.together("EP10000001", "US12/000004") == (False, True)
    earliest = {row["publication_id"]: row["earliest_date"] for row in found.extended_rows.values()}
    assert earliest == {
        "EP3000001A1": date(2010, 5, 1), "EP3000002A1": date(2015, 5, 1), "US20100000003A1": date(2010, 6, 1),
    }  # fmt: skip


def test_a_day_that_fits_is_enough() -> None:
    rows = [
        said("EP3000001A1", "EP10000001", row_number=2, filing_date=date(2011, 5, 1)),
        said("US20100000003A1", "US12/000003", row_number=3, filing_date=date(2010, 12, 6),
             priorities=["EP10000001 2010-05-01"]),
    ]  # fmt: skip
    assert families(rows).flags == set()


def test_priorities_of_a_whole_family_at_each_of_its_members_make_one_family() -> None:
    """Some tools print what was filed later too: such a claim connects nothing, and the set is as printed."""
    days = {f"EP1{year}00001": date(2000 + year, 1, 1) for year in (10, 11, 12)}
    rows = [
        said(f"EP30000{at:02}A1", number, row_number=at, filing_date=day, priorities=sorted(days))
        for at, (number, day) in enumerate(days.items(), start=2)
    ]
    rows.append(
        said("EP3000009A1", "EP11300001", row_number=9, filing_date=date(2009, 1, 1), priorities=["EP11200001"])
    )
    found = families(rows)
    assert len(set(found.simple.values())) == len(set(found.extended.values())) == 2
    assert {flag[2] for flag in found.flags} == {"later", "itself"}
    assert found.together("EP11300001", "EP11200001") == (False, False)


def test_links_of_the_same_invention_pass_the_set_on_and_new_matter_does_not() -> None:
    first, provisional = "US14/000001", "US62000001"
    rows = [
        said("US9000001B2", first, row_number=2, priorities=[provisional],
             relations=[link("provisional", provisional)]),
        # As readers give them: parents whose date is enjoyed stand among the priorities too.
        said("US9000002B2", "US15/000002", row_number=3, priorities=[first, provisional],
             relations=[link("continuation", first), link("provisional", provisional)]),
        said("US9000003B2", "US16/000003", row_number=4, priorities=["US15/000002"],
             relations=[link("division", "US15/000002")]),
        said("US9000004B2", "US16/000004", row_number=5, priorities=[first, provisional],
             relations=[link("continuation_in_part", first), link("provisional", provisional)]),
    ]  # fmt: skip
    found = families(rows)
    assert found.together(first, "US15/000002") == (True, True)
    assert found.together(first, "US16/000003") == (True, True), "over two steps"
    assert found.together(first, "US16/000004") == (False, True)


def test_a_chain_of_parents_that_the_data_lack_begins_with_the_earliest() -> None:
    old, mid = (
        link("continuation", "US12/000001", date(2008, 1, 2)),
        link("continuation", "US13/000002", date(2011, 1, 2)),
    )
    rows = [
        said("US9000003B2", "US14/000003", row_number=2, relations=[old, mid]),
        said("US9000004B2", "US14/000004", row_number=3, relations=[old]),
        said("US9000005B2", "US12/000001", row_number=4),
    ]
    found = families(rows)
    assert len(set(found.simple.values())) == len(set(found.extended.values())) == 1
    assert families(rows[:2]).together("US14/000003", "US14/000004") == (True, True)


def test_national_stages_have_the_set_of_the_international_application() -> None:
    wo = "PCT/CN2019/123456"
    rows = [
        said("WO2020123456A1", wo, row_number=2, priorities=[A1]),
        said("US20210000001A1", "US17/000001", row_number=3, priorities=[A1, wo]),
        said("EP3456789A1", "EP19123456", row_number=4, priorities=[wo]),
        said("JP2022000001A", "JP2021-000001", row_number=5, relations=[link("national_stage", wo)]),
    ]
    found = families(rows)
    assert len(set(found.simple.values())) == 1
    without = families(rows[1:])
    assert without.together("EP19123456", "JP2021-000001") == (True, True)
    assert without.together("US17/000001", "EP19123456") == (False, True), "what it claims is not known there"


def test_children_and_other_links_connect_and_an_earlier_document_of_its_own_does_not() -> None:
    rows = [
        said("EP3000001A1", "EP10000001", row_number=2, relations=[link("division", "EP12000002", side="child")]),
        said("EP3000002A1", "EP12000002", row_number=3),
        said("DE202010000001U1", "DE202010000001", row_number=4, relations=[link("utility_model_basis", "EP10000001")]),
        said("US9000004B2", "US14/000004", row_number=5,
             relations=[{**link("related_publication", "US20140000004A1"), "side": "publication"}]),
        said("US20140000004A1", "US14/000005", row_number=6),
    ]  # fmt: skip
    found = families(rows)
    assert found.together("EP10000001", "EP12000002") == (True, True)
    assert found.together("EP10000001", "DE202010000001") == (False, True)
    assert found.together("US14/000004", "US14/000005") == (False, False)


def test_only_the_last_priority_date_is_known() -> None:
    """A tool that tells the earliest priority date in a column of its own: all claims are at least as late."""
    row = said("EP3000001A1", "EP10000001", filing_date=date(2010, 5, 1), priority_date=date(2011, 5, 1),
               priorities=["JP2009-000001"])  # fmt: skip
    found = families([row])
    assert {flag[2] for flag in found.flags} == {"later"}
    assert [each["earliest_date"] for each in found.simple_rows.values()] == [date(2010, 5, 1)]

"""Simple families: the worked example of ten publications, and a brute-force oracle."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.identities import conclude_documents, conclude_families, conclude_parties
from tests.identities.rows import records, said

A1, A2, A6 = "CN201811107071", "US16/854380", "KR10-2019-0012345"


def families(session: Session, rows: list[dict[str, object]]) -> tuple[int, int, dict[str, str]]:
    """(publications, applications, family of each application)."""
    record = records(session, rows)
    documents = conclude_documents(session, record)
    parties = conclude_parties(session, documents.said, record)
    found = conclude_families(session, documents.publication, documents.application, parties.priority)
    return (
        documents.publication.count(),
        documents.application.count(),
        {row["application_id"]: row["family_id"] for row in found.application.dicts()},
    )


def test_ten_publications_are_seven_applications_and_four_simple_families() -> None:
    rows = [
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
    with Session(threads=1) as session:
        publications, applications, family = families(session, rows)
    assert (publications, applications) == (10, 7)
    # a1+a2+a3 share {a1}; a4 {a1, b0}; a5 {a5}; a6+a7 share {a6}
    assert len(set(family.values())) == 4


LETTERS = "abcde"


@given(st.dictionaries(st.sampled_from(LETTERS), st.sets(st.sampled_from(LETTERS), max_size=3), min_size=1))
@settings(max_examples=30, deadline=None)
def test_families_equal_sets_of_priorities(priorities: dict[str, set[str]]) -> None:
    number = {letter: f"EP1900000{at}" for at, letter in enumerate(LETTERS)}
    rows = [
        said(
            f"EP350000{at}A1",
            number[letter],
            row_number=at,
            priorities=sorted(number[each] for each in priorities[letter]) or None,
        )
        for at, letter in enumerate(LETTERS)
        if letter in priorities
    ]
    with Session(threads=1) as session:
        _, _, family = families(session, rows)
    expected = {letter: frozenset(claims or {letter}) for letter, claims in priorities.items()}
    for one in priorities:
        for two in priorities:
            same = family[_id(number[one])] == family[_id(number[two])]
            assert same == (expected[one] == expected[two])


def _id(text: str) -> str:
    from pingjiang.identifiers import parse

    return parse(text, what="application").id

"""Terms: the vectors of the rules, versions by the day of filing, and one query that computes the same for all."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from pingjiang.engine import Session
from pingjiang.legal import kind_table, term_of
from pingjiang.legal.terms import (
    cn_compensation,
    cn_drug_end,
    conclude_terms,
    last_day,
    months_after,
    patent_year,
    years_after,
)


def test_vector_17() -> None:
    term = term_of("CN", "utility_model", date(1999, 9, 6))
    assert term is not None and (term.ends, last_day(term.ends)) == (date(2009, 9, 6), date(2009, 9, 5))
    basic = date(2041, 9, 6)
    days = (date(2041, 12, 1) - last_day(basic)).days
    longer = term_of("CN", "invention", date(2021, 9, 6), days=days)
    assert longer is not None and (last_day(longer.ends), longer.ends) == (date(2041, 12, 1), date(2041, 12, 2))
    assert patent_year(date(1999, 6, 1), 1) == (date(1999, 6, 1), date(2000, 5, 31))


def test_vector_19() -> None:
    filed, requested, granted = date(2018, 3, 1), date(2019, 6, 1), date(2023, 9, 1)
    assert cn_compensation(filed, requested, granted) == 457
    assert cn_compensation(filed, requested, granted, reasonable=120, applicant=60) == 277
    assert cn_compensation(filed, requested, granted, reasonable=500) == 0
    assert cn_compensation(filed, requested, granted, same_day_utility_model=True) == 0
    assert cn_compensation(filed, requested, date(2022, 5, 1)) == 0


def test_a_drug_is_not_extended_beyond_what_the_law_allows() -> None:
    ends = date(2030, 1, 1)
    assert cn_drug_end(ends, date(2020, 1, 1), 300) == ends + timedelta(days=300)
    assert cn_drug_end(ends, date(2028, 1, 1), 9_999) == date(2035, 1, 1)  # five years
    assert cn_drug_end(ends, date(2018, 1, 1), 9_999) == date(2032, 1, 1)  # fourteen behind approval
    assert cn_drug_end(ends, date(2010, 1, 1), 9_999) == ends


@pytest.mark.parametrize(
    ("office", "kind", "filed", "more", "ends"),
    [
        ("CN", "design", date(2021, 5, 31), {}, date(2031, 5, 31)),
        ("CN", "design", date(2021, 6, 1), {}, date(2036, 6, 1)),
        ("CN", "invention", date(1992, 12, 31), {}, date(2007, 12, 31)),
        ("US", "invention", date(2010, 3, 11), {"days": 119}, date(2030, 7, 8)),
        ("US", "invention", date(2010, 3, 11), {"earliest": date(2005, 1, 2)}, date(2025, 1, 2)),
        ("US", "invention", date(1995, 6, 7), {"granted": date(1999, 1, 1)}, date(2016, 1, 1)),
        ("US", "invention", date(1994, 1, 1), {"granted": date(1995, 1, 1)}, date(2014, 1, 1)),
        ("US", "design", date(2015, 5, 12), {"granted": date(2016, 1, 5)}, date(2030, 1, 5)),
        ("US", "design", date(2015, 5, 13), {"granted": date(2016, 1, 5)}, date(2031, 1, 5)),
        ("EP", "invention", date(2000, 2, 29), {}, date(2020, 2, 29)),
        ("JP", "utility_model", date(2004, 1, 1), {}, date(2010, 1, 1)),
        ("KR", "utility_model", date(2010, 2, 28), {}, date(2020, 2, 28)),
    ],
)
def test_terms_by_office_type_and_day(office: str, kind: str, filed: date, more: dict[str, object], ends: date) -> None:
    term = term_of(office, kind, filed, **more)  # type: ignore[arg-type]
    assert term is not None and term.ends == ends
    assert term.rule.valid_from <= filed and term.rule.confidence


def test_where_no_rule_is_known_there_is_no_term() -> None:
    assert term_of("BR", "invention", date(2010, 1, 1)) is None
    assert term_of("CN", None, date(2010, 1, 1)) is None
    assert term_of("CN", "invention", None) is None
    assert term_of("CN", "invention", date(1980, 1, 1)) is None
    assert term_of("US", "design", date(2010, 1, 1)) is None  # it runs from a grant that is not known


def test_an_extension_that_nobody_would_tell_leaves_a_doubt() -> None:
    for followed, latest in ((True, date(2030, 1, 1)), (False, date(2035, 1, 1))):
        term = term_of("CN", "invention", date(2010, 1, 1), followed=followed)
        assert term is not None and term.latest == latest
    term = term_of("US", "invention", date(2010, 1, 1), followed=True)  # INPADOC does not tell an adjustment
    assert term is not None and term.latest == date(2035, 1, 1)


def test_months_end_where_the_month_does() -> None:
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert years_after(date(2020, 2, 29), 1) == date(2021, 2, 28)


def test_the_query_computes_the_same() -> None:
    chance = random.Random(7)

    def day(first: int, last: int) -> date:
        return date(chance.randrange(first, last), chance.randrange(1, 13), chance.choice([1, 15, 28, 28]))

    rows: list[dict[str, Any]] = []
    for nth in range(2_000):
        filed = day(1984, 2025) if chance.random() < 0.97 else None
        rows.append(
            {
                "application_id": str(nth), "authority": chance.choice(["CN", "US", "EP", "JP", "KR", "BR"]),
                "patent_type": chance.choice(["invention", "utility_model", "design", "plant", None]), "filed": filed,
                "granted": day(1990, 2026) if chance.random() < 0.7 else None,
                "earliest": day(1990, 2015) if chance.random() < 0.3 else None,
                "days": chance.randrange(900) if chance.random() < 0.3 else None,
                "followed": chance.random() < 0.5,
            }
        )  # fmt: skip
    facts = []
    for row in rows:
        told = {"application_id": row["application_id"], "days": None, "origin": "document", "applies": True}
        if row["granted"]:
            facts.append({**told, "kind": "granted", "effective_date": row["granted"]})
        if row["days"] is not None:
            facts.append({**told, "kind": "term_changed", "effective_date": None, "days": row["days"]})
        if row["followed"]:
            facts.append({**told, "kind": "published", "effective_date": date(2000, 1, 1), "origin": "event"})
    with Session() as session:
        names = ("application_id", "kind", "effective_date", "origin", "days", "applies")
        fact = session.from_arrow(pa.table({name: [each[name] for each in facts] for name in names}))
        application = session.from_arrow(
            pa.table({name: [row[name] for row in rows] for name in ("application_id", "authority", "patent_type")}
                     | {"filing_date": [row["filed"] for row in rows]})
        )  # fmt: skip
        parents = [(row["application_id"], row["earliest"]) for row in rows if row["earliest"]]
        parent = session.from_rows({"application_id": "VARCHAR", "earliest_date": "DATE"}, parents)
        bearing = session.sql("select k.kind from k where k.bears", k=kind_table(session))
        found = {
            row["application_id"]: row for row in conclude_terms(session, fact, bearing, application, parent).dicts()
        }
    for row in rows:
        term = term_of(
            row["authority"], row["patent_type"], row["filed"], granted=row["granted"], earliest=row["earliest"],
            days=row["days"], followed=row["followed"],
        )  # fmt: skip
        one = found.get(row["application_id"])
        assert (one is None) == (term is None), row
        if one is not None and term is not None:
            assert (one["starts_date"], one["ends_date"], one["latest_date"]) == (
                term.starts,
                term.ends,
                term.latest,
            ), row
            assert (one["rule"], one["rule_from"], one["basis"]) == (term.rule.id, term.rule.valid_from, term.basis)
    assert len(found) > 600

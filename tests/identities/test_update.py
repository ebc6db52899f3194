"""What an import changes, concluded at once, is what a build of everything gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.chain.tree import load
from pingjiang.engine import Session, Table
from pingjiang.identities import (
    UPDATED_TABLES,
    conclude_document_formats,
    conclude_documents,
    conclude_horizon,
    conclude_update,
    updated,
)
from pingjiang.identities.counting import conclude_items
from pingjiang.identities.unit_basis import conclude_unit_basis
from pingjiang.pipeline import conclude
from pingjiang.schema import table
from tests.identities.rows import records, said

Row = dict[str, Any]


def shaped(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables that updates keep up, in the columns of the schema."""
    return {
        name: tables[name].sql(f"select {table(name).select_list()} from self_").materialise()
        for name in UPDATED_TABLES
    }


def concluded(session: Session, rows: Sequence[Row], imported: Sequence[str]) -> dict[str, Table]:
    """What a build makes of these rows, without families."""
    documents = conclude_documents(session, records(session, rows), imported)
    application = documents.application.sql(
        "select self_.*, cast(null as varchar) as family_id, cast(null as varchar) as extended_family_id from self_"
    )
    none = {name: session.from_rows(table(name).engine_columns(), []) for name in ("simple_family", "extended_family")}
    item = conclude_items(session, documents.counted, application, **none).materialise()
    formats = conclude_document_formats(session, documents.said, documents.publication, item)
    horizon = conclude_horizon(session, formats, item)
    return shaped(
        {
            "publication": documents.publication,
            "application": application,
            "conflict": documents.conflict,
            "document_format": formats,
            "item": item,
            "unit_basis": conclude_unit_basis(session, item),
            "coverage": horizon.coverage,
            "horizon": horizon.horizon,
        }
    )


def compared(tables: Mapping[str, Table], name: str) -> list[str]:
    """Rows without the number that an item has within its release, and without texts."""
    left_out = {"item_id", "abstract_zh", "abstract_en"}
    rows = tables[name].dicts()
    return sorted(str({key: value for key, value in row.items() if key not in left_out}) for row in rows)


def update(
    session: Session,
    before: Mapping[str, Table],
    updates: Mapping[str, Table],
    rows: Sequence[Row],
    changed: Sequence[Row],
    imported: Sequence[str],
) -> dict[str, Table]:
    made = conclude_update(session, records(session, rows), records(session, changed), before, updates, imported)
    return {name: each.materialise() for name, each in made.items()}


NUMBERS = ("US7000001", "US20060123456", "EP1820402", "CN109462287", "CN209462287")
KINDS = ("", "A1", "B1", "B2", "B9", "A8", "U")
APPLICATIONS = (
    None, "US2006568466A", "US2005568466A", "US10/568466", "US11/568466", "US60/568466", "EP06003486", "CN201811107071",
    "CN201811107072",
)  # fmt: skip
DAYS = (None, date(2006, 3, 1), date(2006, 3, 5), date(2008, 7, 1), date(2012, 1, 1))


@st.composite
def batches(draw: st.DrawFn) -> list[list[Row]]:
    """Files of rows, one after the other, about few numbers and applications so that they meet."""
    files: list[list[Row]] = []
    for at in range(draw(st.integers(2, 4))):
        rows: list[Row] = []
        for line in range(draw(st.integers(1, 7))):
            number = draw(st.sampled_from((*NUMBERS, None)))
            application = draw(st.sampled_from(APPLICATIONS if number else APPLICATIONS[1:]))
            fields: Row = {
                "format": draw(st.sampled_from(("lens", "incopat", "generic"))),
                "source_id": f"s{at}",
                "row_number": line,
                "publication_date": draw(st.sampled_from(DAYS)),
                "filing_date": draw(st.sampled_from(DAYS)),
                "claim_count": draw(st.sampled_from((None, 1, 2))),
                "standing": draw(st.sampled_from((None, None, "valid", "withdrawn"))) if number else None,
            }
            rows.append(said(number + draw(st.sampled_from(KINDS)) if number else None, application, **fields))
        files.append(rows)
    return files


@pytest.mark.slow
@given(files=batches(), forgotten=st.booleans())
@settings(max_examples=25, deadline=None)
def test_updates_one_after_the_other_are_a_build_of_everything(files: list[list[Row]], forgotten: bool) -> None:
    """New rows, rows that take another's place, and rows that count no longer."""
    with Session(threads=1) as session:
        imported = ["s0"]
        before = concluded(session, files[0], imported)
        rows, updates = list(files[0]), dict[str, Table]()
        for at, new in enumerate(files[1:], start=1):
            imported.append(f"s{at}")
            gone = files[at - 1] if forgotten and at > 1 else []
            rows = [row for row in rows if row not in gone] + new
            if gone:
                imported.remove(f"s{at - 1}")
            updates = update(session, before, updates, rows, [*new, *gone], imported)
            now, whole = updated(before, updates), concluded(session, rows, imported)
            for name in UPDATED_TABLES:
                assert compared(now, name) == compared(whole, name), name
            assert len({row["item_id"] for row in now["item"].dicts()}) == now["item"].count()


def test_known_items_keep_their_number_and_families_stay_what_they_were() -> None:
    first = [said("EP1820402A1", "EP06003486"), said("CN109462287A", "CN201811107071")]
    new = [said("EP1820402B1", "EP06003486", source_id="s2"), said("CN209462287U", "CN201811107079", source_id="s2")]
    with Session(threads=1) as session:
        before = shaped(conclude(session, records(session, first), load("semiconductors")))
        now = updated(before, update(session, before, {}, first + new, new, ["s1", "s2"]))
        numbers = {(row["unit"], row["item_key"]): row["item_id"] for row in before["item"].dicts()}
        items = {(row["unit"], row["item_key"]): row["item_id"] for row in now["item"].dicts()}
        assert numbers.items() <= items.items()
        assert set(items) - set(numbers) == {
            ("publication", "EP1820402B1"), ("publication", "CN209462287U"), ("application", "CN201811107079"),
        }  # fmt: skip
        families = {row["application_id"]: row["family_id"] for row in before["application"].dicts()}
        assert {row["application_id"]: row["family_id"] for row in now["application"].dicts()} == {
            **families, "CN201811107079": None,
        }  # fmt: skip


def test_an_update_reads_what_hangs_together_with_the_changed_rows_alone() -> None:
    first = [said(f"CN1094{at:05}A", f"CN2018111{at:05}", row_number=at) for at in range(500)]
    new = [said("CN109400007B", "CN201811100007", source_id="s2")]
    with Session(threads=1) as session:
        before = concluded(session, first, ["s1"])
        made = update(session, before, {}, first + new, new, ["s1", "s2"])
        assert {row["publication_id"] for row in made["publication"].dicts()} == {"CN109400007A", "CN109400007B"}
        assert made["application"].count() == 1

"""What falls due of an organisation's rights: told by the library's legal room."""

from __future__ import annotations

import datetime
from typing import Any

from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import text
from pingjiang.legal import diary


def ends(at: Opened, organisation: str, first: datetime.date, last: datetime.date) -> list[dict[str, Any]]:
    """Fees and ends of terms of an organisation between two days, the earliest first: `legal.diary` of its rights."""

    def made() -> list[dict[str, Any]]:
        with at.session() as session:
            wanted = session.from_rows({"organisation_id": "VARCHAR"}, [(organisation,)])
            own = session.materialise(
                "select distinct p.application_id from publication p join publication_applicant a "
                f"on a.publication_id = p.publication_id where a.organisation_id = {text(organisation)}"
            )
            tables = {
                name: session.materialise(
                    f"select t.* from {name} t semi join o on o.application_id = t.application_id", o=own
                )
                for name in ("legal_fact", "legal_term", "application", "publication")
            }
            tables["publication_applicant"] = session.materialise(
                "select a.* from publication_applicant a semi join p on p.publication_id = a.publication_id",
                p=tables["publication"],
            )
            tables["organisation"] = session.sql("select o.* from organisation o")
            found = list(diary(session, tables, first, last, wanted))
        return sorted(found, key=lambda each: (each["pay_by"] or each["due"], each["application_id"]))

    return kept(at, ("ends", organisation, first, last), made)

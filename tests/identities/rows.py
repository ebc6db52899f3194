"""Rows of `record` for tests: only what matters is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pingjiang.engine import Session, Table
from pingjiang.identifiers import parse
from pingjiang.schema import table


def said(publication: str | None, application: str | None = None, **fields: Any) -> dict[str, Any]:
    """One row of `record` as an import would write it."""
    row: dict[str, Any] = {"format": "generic", "source_id": "s1", "row_number": 2, **fields}
    row["source_row"] = f"{row['format']}:{row['source_id']}:{row['row_number']}"
    if publication is not None:
        number = parse(publication, what="publication")
        row |= {
            "publication_id": number.id,
            "authority": number.authority,
            "number": number.number,
            "kind": number.kind,
        }
    if application is not None:
        row["application_id"] = parse(application, what="application").id
        row.setdefault("authority", row["application_id"][:2])
    row["key"] = row.get("publication_id") or row["application_id"]
    row["key_kind"] = "publication" if publication is not None else "application"
    row["content_hash"] = str(sorted((key, str(value)) for key, value in row.items()))
    return row


def party(name: str, **fields: str) -> dict[str, str | None]:
    """A party as `record` holds it."""
    return {"name": name, "country": None, "state": None, "city": None, "address": None, **fields}


def records(session: Session, rows: Sequence[dict[str, Any]]) -> Table:
    """A table `record` of these rows."""
    columns = table("record").engine_columns()
    return session.from_rows(columns, [[row.get(name) for name in columns] for row in rows])

"""What a release says of those that are in a roster: their names, and how much each has."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa

from pingjiang.centre.evidence.identity import organisations, people
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import dicts


def found(at: Opened, kind: str, keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Of those of these ids that the release has: `name`, `applications`, `families` (None where none are counted)."""
    if kind == "publication":
        return _publications(at, keys)
    rows = organisations.row_of if kind == "organisation" else people.row_of
    told = {key: row for key in keys if (row := rows(at, key)) is not None}
    if kind == "organisation":
        return {
            key: {"name": row["name"], "applications": row["application"], "families": row["simple_family"]}
            for key, row in told.items()
        }
    return {key: {"name": row["name"], "applications": row["applications"], "families": None}
            for key, row in told.items()}  # fmt: skip


def _publications(at: Opened, keys: Collection[str]) -> dict[str, dict[str, Any]]:
    wanted = frozenset(keys)

    def made() -> dict[str, dict[str, Any]]:
        with at.session() as session:
            rows = dicts(
                session,
                "select p.publication_id, coalesce(p.title_zh, p.title, p.title_en) as title from publication p "
                "semi join w on w.id = p.publication_id",
                w=session.from_arrow(pa.table({"id": pa.array(sorted(wanted), pa.string())})),
            )
        return {row["publication_id"]: {"name": row["title"] or row["publication_id"], "applications": None,
                                        "families": None} for row in rows}  # fmt: skip

    return kept(at, ("roster", wanted), made)

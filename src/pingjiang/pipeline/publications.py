"""One publication with all that a release knows of it, each fact with the source row that told it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pingjiang.engine import Release
from pingjiang.legal import state_of
from pingjiang.schema import table
from pingjiang.search.arrangement import APPLICATION, FAMILY, KIN
from pingjiang.search.opened import Index

# Fields of a record that a reader is shown as cells: not those by which rows are found.
_HIDDEN = {
    "source_id", "source_row", "row_number", "format", "key", "key_kind", "content_hash", "publication_id",
    "application_id",
}  # fmt: skip
_TABLES = (
    "applicants", "inventors", "classes", "claims", "priorities", "places", "cites", "cited_by", "literature",
    "conflicts", "facts",
)  # fmt: skip
MOST_KIN = 300  # members of an extended family that are told


def publication_record(
    index: Index, release: Release, publication_id: str, at: date, *, known: date | None = None
) -> dict[str, Any] | None:
    """What the release of an index tells of a publication; None where it holds none of this id.

    release: the one that the index was built from. at, known: of the legal state, see `legal.state_at`.

        publication, application   their rows; application: None where no source tells it
        applicants, inventors, classes, claims, priorities, places, cites, cited_by, literature, conflicts   rows
        nodes       leaves of the chain with `reason` and `path` (from the segment down)
        documents   publications of the same application
        kin         other applications of the extended family, the first MOST_KIN publications of it; `simple` or not
        legal       as `legal.state_at` tells it; facts: the rows that the state is made of
        said        the source rows: {"source_row", "format", "place", "imported_on", "cells"}, a cell being {"field",
                    "zh", "en", "value", "columns"}; `cells`: field of the publication → the cell that told its value
    """
    ordinal = index.ordinal(publication_id)
    if ordinal is None:
        return None
    rows = index.records.rows
    publication = rows("publication", ordinal)[0]
    told = {name: rows(name, ordinal) for name in _TABLES}
    said = [_said(row, release) for row in rows("said", ordinal)]
    term = next(iter(rows("term", ordinal)), None)
    application = next(iter(rows("application", ordinal)), None)
    return {
        "publication": publication,
        "application": application,
        **told,
        "nodes": _nodes(rows("nodes", ordinal)),
        "documents": index.shown(index.arrangement.members(APPLICATION, ordinal)),
        "kin": _kin(index, ordinal),
        "legal": state_of(publication["application_id"] or "", told["facts"], term, at, known),
        "said": said,
        "cells": _cells(publication, said),
    }


def _nodes(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Leaves with the names of what is above them, from the segment down to itself."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        leaf = found.setdefault(
            row["node_id"],
            {name: row[name] for name in ("node_id", "reason", "rule_text")} | {"path": []},
        )
        leaf["path"].append({"node_id": row["ancestor_id"], "name_zh": row["name_zh"], "name_en": row["name_en"]})
    return list(found.values())


def _kin(index: Index, ordinal: int) -> list[dict[str, Any]]:
    """Applications of the extended family but its own, each by its latest publication."""
    arrangement = index.arrangement
    own, simple = (set(arrangement.members(unit, ordinal).tolist()) for unit in (APPLICATION, FAMILY))
    members = [at for at in arrangement.members(KIN, ordinal).tolist() if at not in own][:MOST_KIN]
    found: dict[str, dict[str, Any]] = {}
    for at, row in zip(members, index.shown(members), strict=True):
        found.setdefault(row["application_id"] or row["publication_id"], {**row, "simple": at in simple})
    return sorted(found.values(), key=lambda row: (not row["simple"], row["filing_date"] or date.max))


def place_of(source_row: str | None) -> dict[str, str | None] | None:
    """The address of a source row in its parts: {"format", "file", "sheet", "row"}; None where there is none."""
    if source_row is None:
        return None
    name, _, rest = source_row.strip("[]").partition(":")
    file, _, row = rest.rpartition(":")
    file, mark, sheet = file.partition("!")
    return {"format": name, "file": file, "sheet": sheet if mark else None, "row": row}


def _said(row: Mapping[str, Any], release: Release) -> dict[str, Any]:
    """A source row as cells: of each field that it tells, the columns that it was read from."""
    source: Mapping[str, Any] = next(
        (one for one in release.info.get("sources", ()) if one.get("source_id") == row["source_id"]), {}
    )
    columns = source.get("mapped_columns", {})
    cells = [
        {"field": column.name, "zh": column.zh, "en": column.en, "value": value, "columns": columns.get(column.name)}
        for column in table("record").columns
        if column.name not in _HIDDEN and (value := row.get(column.name)) not in (None, [])
    ]
    return {
        "source_row": row["source_row"],
        "format": row["format"],
        "place": place_of(row["source_row"]),
        "imported_on": source.get("imported_on"),
        "cells": cells,
    }


# Fields of a publication → those of a record that can have told them.
_TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "publication_id": ("publication_number",),
    "application_id": ("application_number",),
    "title": ("title", "title_zh", "title_en"),
    "title_zh": ("title_zh", "title"),
    "title_en": ("title_en", "title"),
    "abstract_zh": ("abstract_zh", "abstract"),
    "abstract_en": ("abstract_en", "abstract"),
    **{
        name: (name,)
        for name in (
            "publication_date", "filing_date", "grant_date", "priority_date", "patent_type", "claim_count",
            "legal_status", "standing", "kind",
        )
    },
}  # fmt: skip
_AS_PRINTED = {"publication_id", "application_id"}  # told as printed: the value is read from it


def _cells(publication: Mapping[str, Any], said: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """For each field of a publication the cell that told its value: of the source rows the one that stands first."""
    order = sorted(said, key=lambda row: row["source_row"] != publication["source_row"])
    found: dict[str, dict[str, Any]] = {}
    for name, fields in _TOLD_BY.items():
        value = publication[name]
        if value is None:
            continue
        for row in order:
            by = {cell["field"]: cell for cell in row["cells"]}
            hit = next(
                (by[field] for field in fields if field in by and (name in _AS_PRINTED or by[field]["value"] == value)),
                None,
            )
            if hit is not None:
                found[name] = {**hit, "source_row": row["source_row"], "place": row["place"]}
                break
    return found

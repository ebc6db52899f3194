"""All that is known under a number: publications and applications, who said so, and where sources differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from pingjiang.engine import Session, Table
from pingjiang.identifiers import NumberUnreadable, parse

_COLUMNS = {"nth": "BIGINT", "publication_id": "VARCHAR", "authority": "VARCHAR", "number": "VARCHAR",
            "kind": "VARCHAR", "application_id": "VARCHAR"}  # fmt: skip

# A number without kind code means all documents of that number; and of an application those that belong to it.
_PUBLICATION = """
select distinct w.nth, p.publication_id
from w join p on p.authority = w.authority and p.number = w.number and (w.kind is null or p.kind = w.kind)
union
select w.nth, p.publication_id from w join p on p.application_id = w.application_id
"""
_APPLICATION = """
select distinct w.nth, a.application_id from w join a on a.application_id = w.application_id
union
select f.nth, p.application_id from f join p on p.publication_id = f.publication_id
"""
_SAID = """
with told as (
  select r.authority, r.number, r.application_id, r.format, r.source_row, r.standing, r.key_kind from record r
)
select f.nth, f.publication_id as id, t.format, t.source_row, t.standing
from f join p on p.publication_id = f.publication_id
join told t on t.authority = p.authority and t.number = p.number
union
select f.nth, f.application_id, t.format, t.source_row, t.standing
from g f join told t on t.application_id = f.application_id and t.key_kind = 'application'
"""


def find_numbers(
    session: Session, tables: Mapping[str, Table], record: Table, texts: Sequence[str]
) -> list[dict[str, Any]]:
    """For each text what is known under it: {"text", "publications": [...], "applications": [...]}.

    A publication holds its row of `publication` without texts, its `conflicts` and the rows (`said`) of its number,
    which may speak of its other documents too; an application its row of `application` and the rows without a
    publication number.
    Both lists are empty where nothing is known; a text that is no number holds `error`, the code of NumberUnreadable.
    """
    wanted: list[tuple[object, ...]] = []
    answers: list[dict[str, Any]] = []
    for nth, text in enumerate(texts):
        read, error = _read(text)
        wanted += [(nth, *row) for row in read]
        nothing: dict[str, Any] = {"publications": [], "applications": []}
        answers.append({"text": text, **({"error": error} if error else nothing)})
    w = session.from_rows(_COLUMNS, wanted)
    p, a = tables["publication"], tables["application"]
    publications = session.materialise(_PUBLICATION, w=w, p=p)
    applications = session.materialise(_APPLICATION, w=w, a=a, f=publications, p=p)
    said: dict[tuple[int, str], list[dict[str, Any]]] = {}
    rows = session.sql(_SAID, record=record, f=publications, g=applications, p=p)
    for row in rows.dicts(order_by="nth, id, source_row"):
        said.setdefault((row.pop("nth"), row.pop("id")), []).append(row)
    conflicts: dict[tuple[int, str], list[dict[str, Any]]] = {}
    differing = session.sql("select f.nth, c.* from f join c on c.publication_id = f.publication_id",
                            f=publications, c=tables["conflict"])  # fmt: skip
    for row in differing.dicts(order_by="nth, publication_id, field, other_row"):
        conflicts.setdefault((row.pop("nth"), row.pop("publication_id")), []).append(row)
    for row in session.sql("select f.nth, p.* from f join p on p.publication_id = f.publication_id",
                           f=publications, p=p).dicts(order_by="nth, publication_date, publication_id"):  # fmt: skip
        key = row.pop("nth"), row["publication_id"]
        answers[key[0]]["publications"].append({**row, "conflicts": conflicts.get(key, []), "said": said.get(key, [])})
    for row in session.sql("select f.nth, a.* from f join a on a.application_id = f.application_id",
                           f=applications, a=a).dicts(order_by="nth, application_id"):  # fmt: skip
        key = row.pop("nth"), row["application_id"]
        answers[key[0]]["applications"].append({**row, "said": said.get(key, [])})
    return answers


def _read(text: str) -> tuple[list[tuple[str | None, ...]], str | None]:
    """What a text may be: a publication's number, an application's, or both; else why it is neither."""
    found: list[tuple[str | None, ...]] = []
    error = None
    try:
        number = parse(text, what="publication")
        found.append((number.id, number.authority, number.number, number.kind, None))
    except NumberUnreadable as refusal:
        error = refusal.code
    with suppress(NumberUnreadable):
        found.append((None, None, None, None, parse(text, what="application").id))
    return found, None if found else error

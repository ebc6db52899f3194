"""What changed from one kept release to another: rows of tables, files that came between, indicators that moved."""

from __future__ import annotations

from typing import Any

from pingjiang.config import Settings
from pingjiang.engine import Lake, Release, Session, Table, open_engine
from pingjiang.errors import LakeError
from pingjiang.pipeline.answers import indicators
from pingjiang.pipeline.progress import Progress, silent
from pingjiang.schema import TableSchema, load_tables

# Numbers that a release gives in an order of its own: rows are not told apart by them.
_OF_A_RELEASE = frozenset({"item_id"})
Rows = dict[tuple[Any, ...], dict[str, Any]]


def changes(
    lake: Lake, before: str, after: str, *, settings: Settings | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Plain data: {"before", "after", "tables", "sources", "gone_sources", "indicators"}.

    LakeError for a release that is not kept, and where both are one.

    tables       those that differ: {table, zh, en, rows_before, rows_after, added, gone, changed}; the last three are
                 None where rows of two releases cannot be told apart or together
    sources      receipts of files that only the later release counts; gone_sources: only the earlier one
    indicators   those that moved: {name, unit, zh, en, rows_before, rows_after, added, gone, changed}; None where one
                 of both releases was not built
    """
    if before == after:
        raise LakeError("请选两个不同的版本。", "Choose two different releases.")
    settings = settings or Settings.from_environment()
    old, new = lake.release(before), lake.release(after)
    told_old, told_new = ({each["source_id"]: each for each in release.info["sources"]} for release in (old, new))
    answer: dict[str, Any] = {
        "before": before,
        "after": after,
        "tables": _tables(lake, old, new, settings, progress),
        "sources": [each for source, each in told_new.items() if source not in told_old],
        "gone_sources": [each for source, each in told_old.items() if source not in told_new],
        "indicators": None,
    }
    progress("indicators", len(load_tables()), len(load_tables()) + 1)
    if "built" in old.info and "built" in new.info:
        told = [indicators(lake, release=name, settings=settings)["indicators"] for name in (before, after)]
        answer["indicators"] = _moved(*told)
    return answer


def _tables(
    lake: Lake, old: Release, new: Release, settings: Settings, progress: Progress
) -> list[dict[str, Any]]:  # fmt: skip
    found = []
    with open_engine(settings, lake.folder) as session:
        for at, (name, schema) in enumerate(load_tables().items()):
            progress(name, at, len(load_tables()) + 1)
            if _files(old, name) == _files(new, name):
                continue
            told = {
                "table": name, "zh": schema.zh, "en": schema.en,
                "rows_before": old.rows(name), "rows_after": new.rows(name),
            }  # fmt: skip
            with session.scratch():
                counts = _counts(session, schema, *(_opened(session, each, name) for each in (old, new)))
            if counts is None or any(counts.values()):
                found.append(told | (counts or dict.fromkeys(("added", "gone", "changed"))))
    return found


def _files(release: Release, name: str) -> list[str]:
    return sorted(file.sha256 for file in release.tables.get(name, ()))


def _opened(session: Session, release: Release, name: str) -> Table | None:
    return release.open(session, name).get(name) if name in release.tables else None


def _counts(session: Session, schema: TableSchema, old: Table | None, new: Table | None) -> dict[str, int] | None:
    """Rows added, gone and changed by key; None where rows have no name that outlives a release."""
    columns = [column.name for column in schema.columns]
    if _OF_A_RELEASE & set(columns):
        return None
    if old is None or new is None:
        return {"added": new.count() if new else 0, "gone": old.count() if old else 0, "changed": 0}
    both = set(old.columns()) & set(new.columns())  # a column may have come with another version of the program
    same = " and ".join(f'o."{name}" is not distinct from n."{name}"' for name in schema.key)
    rest = " or ".join(
        f'o."{name}" is distinct from n."{name}"' for name in columns if name in both and name not in schema.key
    )
    [(added,)] = session.rows(f"select count(*) from n where not exists (select 1 from o where {same})", o=old, n=new)
    [(gone,)] = session.rows(f"select count(*) from o where not exists (select 1 from n where {same})", o=old, n=new)
    changed = 0
    if rest:
        [(changed,)] = session.rows(f"select count(*) from o join n on {same} where {rest}", o=old, n=new)
    return {"added": added, "gone": gone, "changed": changed}


def _moved(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries whose rows differ, in the order of the later release."""
    earlier = {(entry["name"], entry["unit"]): entry for entry in before}
    found = []
    for entry in after:
        was = earlier.get((entry["name"], entry["unit"]))
        old, new = _by_key(was) if was else {}, _by_key(entry)
        counts = {
            "added": len(new.keys() - old.keys()),
            "gone": len(old.keys() - new.keys()),
            "changed": sum(old[key] != new[key] for key in old.keys() & new.keys()),
        }
        if any(counts.values()):
            told = {"name": entry["name"], "unit": entry["unit"], "zh": entry["name_zh"], "en": entry["name_en"]}
            found.append(told | {"rows_before": len(old), "rows_after": len(new)} | counts)
    return found


def _by_key(entry: dict[str, Any]) -> Rows:
    from pingjiang.indicators import load_all

    key = [name for name in load_all()[entry["name"]].key if name != "unit"]
    return {tuple(row[name] for name in key): row for row in entry["rows"]}

"""What a release tells of how it was made."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pingjiang import definitions
from pingjiang.engine import Lake, Release, Session, Table
from pingjiang.errors import LakeError
from pingjiang.judgements import Seal
from pingjiang.rulebook import in_force
from pingjiang.schema import load_tables, table


def reached(release: Release) -> dict[str, str | None]:
    """Of which release things are: {"built", "updated"}; the second as far as publications are known and counted."""
    built = release.info.get("built")
    return {"built": built, "updated": release.id if release.info.get("updated") == release.id else built}


def seal_of(release: Release | None) -> Seal | None:
    """What a release says of the judgements that it was built of; None where it says nothing."""
    told = None if release is None else release.info.get("judgements")
    return None if told is None else Seal(told["count"], told["digest"])


def digest_of(*inputs: Any) -> str:
    """A digest of all that a result hangs on beside the data: these inputs, the program, the rules of the day."""
    from importlib import metadata  # of the commands, an import does without

    versions = [metadata.version(library) for library in ("duckdb", "pyarrow", "xlsxwriter")]
    told = json.dumps([inputs, definitions.fingerprint(), versions, in_force()], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def require_built(lake: Lake, name: str | None = None) -> Release:
    """The current release, or the kept one of this name; LakeError where it was not built."""
    release = lake.require_current() if name is None else lake.release(name)
    remedy = (f"请运行 pingjiang build --lake {lake.folder}。", f"Run `pingjiang build --lake {lake.folder}`.")
    if "built" not in release.info:
        raise LakeError(
            f"版本 {release.id} 已导入但未构建。", f"Release {release.id} is imported but not built.", remedy=remedy
        )
    if load_tables().keys() - set(release.tables):
        raise LakeError(
            f"版本 {release.info['built']} 由较早的程序构建，缺少数据表。",
            f"Release {release.info['built']} was built by an earlier program and lacks tables.",
            remedy=remedy,
        )
    return release


def shaped(session: Session, name: str, rows: Table) -> Table:
    """Rows in the columns and types of the schema."""
    return rows.sql(f"select {table(name).select_list()} from self_")

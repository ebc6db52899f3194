"""Our side of the measurement of names: linked end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pingjiang.engine import Session
from pingjiang.identities.organisations.link import link_names


def link(names: Path, memory_limit: str) -> dict[str, Any]:
    """{"names", "organisations", "groups"}."""
    with Session(threads=2, memory_limit=memory_limit) as session:
        linked = link_names(session, session.read_parquet([names]))
        [(rows, organisations, groups)] = session.rows(
            "select count(*), count(distinct l.organisation_id), count(distinct l.group_id) from l", l=linked
        )
    return {"names": rows, "organisations": organisations, "groups": groups}

"""The opponent: names folded in SQL (width, case, signs, legal forms), one where they are equal then. No linking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pingjiang.engine import Session
from pingjiang.text import organisation_key_sql


def fold(names: Path, memory_limit: str) -> dict[str, Any]:
    """{"names", "organisations"}. Only the folding is work: it ends with a table of all names."""
    with Session(threads=2, memory_limit=memory_limit) as session:
        folded = session.materialise(
            f"select n.name, {organisation_key_sql('n.name')} as folded from n", n=session.read_parquet([names])
        )
        [(rows,)] = session.rows("select count(*) from f", f=folded)
    return {"names": rows}

"""The opponent: one regular expression over all prefectures in full, run by DuckDB over every row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from pingjiang.identities.places.gazetteer import prefectures


def read(addresses: Path) -> dict[str, Any]:
    """The first prefecture that an address names in full."""
    names = "|".join(sorted((re.escape(city) for _, city in prefectures()), key=lambda name: (-len(name), name)))
    with duckdb.connect(config={"threads": 1}) as connection:
        [(rows, known)] = connection.execute(
            f"select count(*), count(nullif(regexp_extract(address, '({names})', 1), '')) from read_parquet(?)",
            [str(addresses)],
        ).fetchall()
    return {"rows": rows, "known": known}

"""Short documents (synthetic): titles of Chinese and Latin words, a few words frequent and many rare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_SEED, _BATCH = 20261128, 50_000
_LATIN = ("mems", "5g", "lidar", "sic", "gan", "ai", "solid", "state", "sensor", "battery")


def vocabulary() -> list[str]:
    """Words of two to four characters, and a few Latin ones."""
    draw = np.random.default_rng(_SEED)
    signs = [chr(0x4E00 + int(at)) for at in draw.choice(3_000, 1_200, replace=False)]
    made = ["".join(draw.choice(signs, draw.integers(2, 5))) for _ in range(8_000)]
    return [word for pair in zip(made[: len(_LATIN)], _LATIN, strict=True) for word in pair] + made[len(_LATIN) :]


def generate(folder: Path, count: int) -> dict[str, Any]:
    """`publication.parquet`: publication_id, title, publication_date, and what facets count."""
    words = np.array(vocabulary(), dtype=object)
    weight = 1 / np.arange(3, len(words) + 3)
    draw = np.random.default_rng(_SEED + 1)
    writer = None
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        chosen = draw.choice(len(words), (size, 6), p=weight / weight.sum())
        rows = pa.table(
            {
                "publication_id": [f"CN{100_000_000 + number}A" for number in range(start, start + size)],
                "number": [str(100_000_000 + number) for number in range(start, start + size)],
                "title": [" ".join(words[row]) for row in chosen],
                "filing_date": pa.array(draw.integers(11_000, 19_000, size).astype("int32")).cast(pa.date32()),
                "organisation": pa.array((draw.pareto(1.1, size) * 50).astype("int64") % 50_000),
                "country": draw.choice(["CN", "US", "JP", "DE", "KR"], size).tolist(),
                "node": pa.array(draw.integers(0, 90, size)),
                "state": draw.choice(["granted", "examined", "abandoned", "expired"], size).tolist(),
            }
        )
        writer = writer or pq.ParquetWriter(folder / "publication.parquet", rows.schema)
        writer.write_table(rows)
    if writer is not None:
        writer.close()
    return {"documents": count}

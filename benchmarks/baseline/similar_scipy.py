"""The same BM25 as a sparse matrix of scipy: every document is scored for every query, as notebooks do it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy import sparse

from pingjiang.search.similar.features import terms

_K1, _B, _LISTED = 1.2, 0.75, 50


def make(data: Path, folder: Path) -> None:
    """Weigh the terms of titles and abstracts; documents in the order of their numbers."""
    rows = pq.read_table(
        data / "publication.parquet", columns=["publication_id", "title", "abstract_zh", "abstract_en"]
    )
    vocabulary: dict[str, int] = {}
    owner, member, times = [], [], []
    for at, row in enumerate(rows.sort_by("publication_id").to_pylist()):
        counted = terms("\n".join(row[name] for name in ("title", "abstract_zh", "abstract_en") if row[name]))
        for term, count in counted.items():
            owner.append(at)
            member.append(vocabulary.setdefault(term, len(vocabulary)))
            times.append(count)
    counts = sparse.csr_matrix((np.array(times, float), (owner, member)), shape=(rows.num_rows, len(vocabulary)))
    having = np.bincount(counts.indices, minlength=len(vocabulary))
    rarity = np.log(1 + (rows.num_rows - having + 0.5) / (having + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    usual = np.repeat(1 - _B + _B * length / length.mean(), np.diff(counts.indptr))
    weights = (rarity[counts.indices] * counts.data * (_K1 + 1) / (counts.data + _K1 * usual)).astype(np.float32)
    sparse.save_npz(folder / "bm25.npz", sparse.csr_matrix((weights, counts.indices, counts.indptr), counts.shape))


def asked(folder: Path, publications: Sequence[str]) -> Callable[[], dict[str, Any]]:
    """{"milliseconds", "found"} of each publication."""
    matrix = sparse.load_npz(folder / "bm25.npz")
    first = 100_000_000  # the number of the first document

    def work() -> dict[str, Any]:
        milliseconds, found = [], []
        for publication in publications:
            began = time.perf_counter()
            at = int(publication[2:-1]) - first
            query = np.zeros(matrix.shape[1])
            query[matrix.indices[matrix.indptr[at] : matrix.indptr[at + 1]]] = 1
            scores = matrix @ query
            scores[at] = -1
            order = np.argsort(-scores, kind="stable")[:_LISTED]
            found.append([f"CN{first + int(one)}A" for one in order if scores[one] > 0])
            milliseconds.append((time.perf_counter() - began) * 1000)
        return {"milliseconds": milliseconds, "found": found}

    return work

"""Small indexes made by the tests; texts are made up from beginning to end (synthetic)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pingjiang.engine import Session
from pingjiang.schema import table
from pingjiang.search.similar.build import build
from pingjiang.search.similar.features import terms
from pingjiang.search.similar.method import shipped_method
from pingjiang.search.similar.opened import Index
from pingjiang.text.embeddings import Encoder, Vectors


@dataclass(frozen=True)
class Publication:
    """What a test says of a publication."""

    id: str
    title: str | None = None
    symbols: tuple[str, ...] = ()
    abstract_en: str | None = None
    family: str | None = None
    title_en: str | None = None


class HashedTerms:
    """Vectors that a test can work out: the sum of a row a term, drawn from its hash."""

    size = 32
    name = "hashed terms"

    def encode(self, texts: Sequence[str], threads: int = 1) -> Vectors:
        rows = np.zeros((len(texts), self.size), dtype=np.float32)
        for at, text in enumerate(texts):
            for term in terms(text):
                seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:8], "big")
                rows[at] += np.random.default_rng(seed).standard_normal(self.size).astype(np.float32)
            if rows[at].any():
                rows[at] /= np.linalg.norm(rows[at])
        return rows


def index_of(
    session: Session, folder: Path, publications: Sequence[Publication], encoder: Encoder | None = None
) -> Index:
    """An index of these publications, in the order in which they are given to the engine."""

    def rows(name: str, told: list[dict[str, object]]) -> list[list[object]]:
        return [[row.get(column) for column in table(name).engine_columns()] for row in told]

    told: dict[str, list[dict[str, object]]] = {
        "publication": [
            {"publication_id": one.id, "authority": one.id[:2], "number": one.id[2:-1], "title": one.title,
             "title_en": one.title_en, "abstract_en": one.abstract_en, "application_id": f"A{one.id}"}
            for one in publications
        ],
        "application": [
            {"application_id": f"A{one.id}", "family_id": one.family or f"F{one.id}",
             "extended_family_id": one.family or f"F{one.id}"}
            for one in publications
        ],
        "publication_class": [
            {"publication_id": one.id, "scheme": "IPC", "symbol": symbol, "position": at}
            for one in publications for at, symbol in enumerate(one.symbols)
        ],
    }  # fmt: skip
    tables = {
        name: session.from_rows(table(name).engine_columns(), rows(name, entries)) for name, entries in told.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    made = build(
        session, tables, folder, shipped_method(), encoder, threads=1, progress=lambda _what, _done, _total: None
    )
    return Index(folder, {"release": "R2026.01-1", **made})

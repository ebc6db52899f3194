"""The index of `search/similar` over made-up publications: built, and asked by publication."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pingjiang.engine import Session
from pingjiang.search.similar.asking import lists, of_publication
from pingjiang.search.similar.build import TABLES, build
from pingjiang.search.similar.method import METHODS, TERMS, shipped_method
from pingjiang.search.similar.opened import Index
from pingjiang.search.similar.ranking import fused
from pingjiang.text.embeddings import Encoder, Vectors, shipped_encoder

LISTED = 50
_ABOUT = "about.json"


class Drawn:
    """Vectors by lot, as long as the model's: how long an answer takes does not hang on what is in them."""

    name, size = "drawn by lot", 512

    def encode(self, texts: Sequence[str], threads: int = 1) -> Vectors:
        """Rows of length 1."""
        rows = np.random.default_rng(len(texts)).standard_normal((len(texts), self.size), dtype=np.float32)
        found: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return found


def make(data: Path, folder: Path, encoder: Encoder | None, most: int | None = None) -> dict[str, Any]:
    """Build an index of the publications of `data`, or of the first so many."""
    folder.mkdir(parents=True)
    with Session(threads=2, memory_limit="3GB") as session:
        tables = {name: session.read_parquet([data / f"{name}.parquet"]) for name in TABLES}
        if most is not None:
            publication = tables["publication"]
            tables["publication"] = publication.sql(f"select * from self_ order by publication_id limit {most}")
        told = build(
            session, tables, folder, shipped_method(), encoder, threads=2, progress=lambda _what, _done, _total: None
        )
    (folder / _ABOUT).write_text(json.dumps({"release": "", **told}), encoding="utf-8")
    return told


def built(data: Path, folder: Path, most: int) -> Callable[[], dict[str, Any]]:
    """Build with the model that ships."""
    encoder = shipped_encoder()
    return lambda: make(data, folder, encoder, most)


def asked(folder: Path, publications: Sequence[str], *, everything: bool) -> Callable[[], dict[str, Any]]:
    """{"milliseconds", "found"} of each publication: by terms alone, or by all methods with what each hit shows."""
    index = Index(folder, json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
    method = shipped_method()

    def work() -> dict[str, Any]:
        milliseconds, found = [], []
        for publication in publications:
            began = time.perf_counter()
            ordinal = index.ordinal(publication)
            assert ordinal is not None
            mine = of_publication(index, ordinal, method)
            allowed = np.ones(index.publications, dtype=np.bool_)
            allowed[ordinal] = False
            if everything:
                allowed &= index.related(ordinal) == 0
                told = lists(index, mine, allowed, method.fusing.depth)
                assert set(told) == set(METHODS)
                index.shown(fused(told, method.fusing).first(LISTED).ordinals.tolist())
            else:
                only = replace(mine, symbols=frozenset(), vector=None)
                first = lists(index, only, allowed, LISTED)[TERMS]
                found.append([row["publication_id"] for row in index.shown(first.ordinals.tolist())])
            milliseconds.append((time.perf_counter() - began) * 1000)
        return {"milliseconds": milliseconds, "found": found}

    return work

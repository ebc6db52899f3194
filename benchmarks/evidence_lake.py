"""A synthetic lake for the pages of evidence: `python -m benchmarks.evidence_lake FOLDER [--publications 200000]`.

Generated, built by the chain of semiconductors and indexed, once; prints what each step took, as JSON. Vectors are made
with `--vectors` alone: they take longer than all the rest, and only the page of similar documents asks for them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from benchmarks.generate.lake import generate_lake
from benchmarks.generate.release import Parameters
from pingjiang import pipeline, search
from pingjiang.chain.tree import load
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.search.similar.method import shipped_method
from pingjiang.search.similar.store import ensure as ensure_similar
from pingjiang.text.embeddings import shipped_encoder

CHAIN = "semiconductors"
T = TypeVar("T")


def make(folder: Path, publications: int, *, vectors: bool = False) -> dict[str, float | int]:
    """Make the lake; seconds of each step, and how many organisations and persons were found."""
    took: dict[str, float | int] = {"publications": publications}

    def timed(name: str, work: Callable[[], T]) -> T:
        began = time.monotonic()
        found = work()
        took[f"{name}_s"] = round(time.monotonic() - began, 1)
        print(name, took[f"{name}_s"], file=sys.stderr, flush=True)
        return found

    parameters = Parameters(publications, organisations=max(50, publications // 20))
    timed("generate", lambda: generate_lake(folder, parameters, people=True))
    lake, settings = Lake(folder), replace(Settings.from_environment(), threads=1)
    built = timed("build", lambda: pipeline.build(lake, load(CHAIN), settings=settings))
    timed("index", lambda: search.ensure(lake, settings=settings))
    encoder = shipped_encoder() if vectors else None
    timed("similar", lambda: ensure_similar(lake, settings, shipped_method(), encoder))
    release = lake.release(built.release)
    took |= {name: release.rows(name) for name in ("organisation", "inventor", "organisation_doubt", "inventor_doubt")}
    return took


def main() -> None:
    """Make it where it is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--publications", type=int, default=200_000)
    parser.add_argument("--vectors", action="store_true")
    chosen = parser.parse_args()
    if chosen.folder.exists():
        raise SystemExit(f"evidence_lake: {chosen.folder} is there already")
    print(json.dumps(make(chosen.folder, chosen.publications, vectors=chosen.vectors)))


if __name__ == "__main__":
    main()

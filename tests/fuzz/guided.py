"""Hostile files led by coverage, for as long as one likes. No test: it never ends by itself, and no two runs are alike.

    pip install atheris
    python -m tests.fuzz.guided READER SECONDS     READER: a file of `seeds` ("odp.json"), the first of the corpus

It instruments this program's Python alone; the parsers beneath (libxml2, yajl, the reader of workbooks) are built
without. Atheris (3.0.0 was tried, on Python 3.11 and Linux) is no dependency: what `make test-all` relies on are
the numbered cases and hypothesis. A file that does harm is kept as `crash-…` in the folder named at the end.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.fuzz.seeds import seeds


def main(name: str, seconds: int) -> None:
    """Let atheris change a sound file until the time is over, or something does harm."""
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    # Instrumented as they are imported: this program's own modules, as far as nothing has imported them yet.
    for module in [module for module in sys.modules if module.startswith("pingjiang")]:
        del sys.modules[module]
    with atheris.instrument_imports(include=["pingjiang"]):
        judge = importlib.import_module("tests.fuzz.judge")
    folder = Path(tempfile.mkdtemp(prefix="fuzz-guided-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / name).write_bytes(seeds()[name])

    def one(data: bytes) -> None:
        path = folder / name
        path.write_bytes(data)
        judge.at_the_door(path, judge.Seen())

    print(f"corpus and what does harm: {folder}", flush=True)
    limits = [f"-max_total_time={seconds}", "-timeout=60", "-rss_limit_mb=3072", "-max_len=65536"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

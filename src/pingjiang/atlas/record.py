"""`atlas.json` beside an atlas: of which release it is, and by which bytes it is known again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from pingjiang.system import naming

NAME = "atlas.json"


def keep_record(out: Path, files: Iterable[Path], release: str, made_from: str) -> None:
    """Note what was just written into `out`. `made_from`: digest of all that the files hang on."""
    told = {"release": release, "made_from": made_from, "files": {path.name: _sha256(path) for path in files}}
    unfinished = out / f".{NAME}.{os.getpid()}.part"
    try:
        with naming(out / NAME):
            unfinished.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
            unfinished.replace(out / NAME)
    finally:
        unfinished.unlink(missing_ok=True)


def is_written(out: Path, files: Iterable[Path], made_from: str) -> bool:
    """Whether these files lie in `out` as they would be made of the same, byte for byte as they were written."""
    try:
        told = json.loads((out / NAME).read_text(encoding="utf-8"))
        return bool(told["made_from"] == made_from and told["files"] == {path.name: _sha256(path) for path in files})
    except (OSError, ValueError, KeyError, TypeError):  # none, or none of ours: they are written anew
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

"""Writing that survives a loss of power."""

from __future__ import annotations

import os
from pathlib import Path

from pingjiang.system import naming


def sync(path: Path) -> None:
    """Flush a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, text: str) -> None:
    """Replace a file's content: after a crash there is the old text or the new one, nothing between."""
    temporary = path.with_name(path.name + ".part")
    with naming(path):
        temporary.write_text(text, encoding="utf-8")
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)

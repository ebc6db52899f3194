"""Definitions that ship with the program, as YAML beside the code that reads them.

libyaml parses them: every command reads dozens of them before it begins. What a user writes goes through
the careful readers of its room (`chain.document`, `sources.formats`), which bound depth and name the line.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

# PyYAML's wheels carry libyaml; a build from source without it still reads, only slower.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str) -> Any:
    """The values of a YAML text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)  # safe by either loader


def shipped(package: str, *path: str) -> Any:
    """The values of a YAML file in a package of ours, by the parts of its path."""
    return parse(resources.files(package).joinpath(*path).read_text(encoding="utf-8"))


@cache
def fingerprint() -> str:
    """SHA-256 over every file of the program, code and definitions: equal where equal input gives equal results."""
    told = hashlib.sha256()
    with resources.as_file(resources.files("pingjiang")) as folder:
        for path in sorted(_files(folder)):
            told.update(path.relative_to(folder).as_posix().encode() + b"\0")
            told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]

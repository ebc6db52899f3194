"""Parts of records of JSON, told apart from whatever else may stand in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]


def part(record: Record, path: str) -> Record:
    """The object at a dotted path; an empty one where there is none."""
    found: Any = record
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def entries(value: Any) -> list[Record]:
    """The objects of a list, or the one object that stands for a list of one; texts as {"text": …}."""
    listed = value if isinstance(value, list) else [value]
    return [each if isinstance(each, Mapping) else {"text": each} for each in listed if each]


def text(value: Any) -> str | None:
    """Text that says something, or a number as text; lists line by line. None for anything else."""
    if isinstance(value, list):
        return "\n".join(line for each in value if (line := text(each))) or None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def texts(value: Any) -> list[str]:
    """The texts of a list of texts."""
    return [said for each in (value if isinstance(value, list) else [value]) if (said := text(each))]

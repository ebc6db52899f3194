"""Releases that a lake keeps beyond its last few, because somebody relies on them: shown to others, or cited.

    LAKE/pins.json   {"R2026.11-3": ["shared:17", …]}   a release and why it stays; replaced atomically
    LAKE/pins.lock   held for a moment: while the list changes, and while old releases are removed

A release leaves when its last reason does. A list that cannot be read keeps everything.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pingjiang.engine.durable import write_durably
from pingjiang.errors import LakeCorrupt

PINS, _LOCK = "pins.json", "pins.lock"
Pins = Mapping[str, tuple[str, ...]]  # release → reasons


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of the list, which is freed when its holder dies."""
    with (folder / _LOCK).open("a+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def read(folder: Path) -> Pins:
    """The list; empty where there is none. LakeCorrupt where it cannot be read."""
    path = folder / PINS
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {str(release): tuple(map(str, reasons)) for release, reasons in told.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise LakeCorrupt(
            "保留版本的清单无法读取；在修复之前不清理任何版本。",
            "The list of releases to keep cannot be read; until it is mended no release is removed.",
            file=str(path),
            remedy=("请从备份恢复该文件。", "Restore the file from a backup."),
        ) from error


def write(folder: Path, pins: Pins) -> None:
    """Replace the list."""
    write_durably(folder / PINS, json.dumps(pins, ensure_ascii=False, indent=1, sort_keys=True))


def added(pins: Pins, release: str, reason: str) -> Pins:
    """The list with one reason more; the same twice is one."""
    return {**pins, release: tuple(sorted({*pins.get(release, ()), reason}))}


def removed(pins: Pins, release: str, reason: str) -> Pins:
    """The list without it."""
    left = {**pins, release: tuple(each for each in pins.get(release, ()) if each != reason)}
    return {name: reasons for name, reasons in left.items() if reasons}

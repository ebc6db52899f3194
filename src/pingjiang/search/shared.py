"""Indexes kept open for many: a process opens each once for all its threads, and anew when it was made anew.

Nothing is made or removed here: what is broken is not used, and whoever makes indexes (`store.ensure`) mends it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from pingjiang.bounded import Bounded
from pingjiang.engine import Lake, Release
from pingjiang.query.tree import Node
from pingjiang.search.arrangement import PUBLICATION
from pingjiang.search.found import MEMORY, Found
from pingjiang.search.opened import Index
from pingjiang.search.store import about_of, digest, folders, opened

_OPEN = 4  # indexes of a process
_lock = threading.Lock()
_kept: OrderedDict[Path, tuple[tuple[int, int], Shared | None]] = OrderedDict()


@dataclass(frozen=True)
class Shared:
    """An open index, and what was found in it before."""

    index: Index
    kept: Bounded = field(default_factory=lambda: Bounded(MEMORY))

    def found(self, tree: Node, unit: str = PUBLICATION) -> Found:
        """What a query finds. Its sets must have been put in (`sets.expand`)."""
        return Found(self.index, tree, unit, self.kept)


def shared(lake: Lake, release: Release) -> Shared | None:
    """The index of what a release holds built; else the newest that is there; None where none is whole.

    Whose index it is, `index.release` says.
    """
    built = release.info.get("built")
    for folder in sorted(folders(lake), key=lambda path: path.name != built):
        found = _opened(folder, digest(release) if folder.name == built else None)
        if found is not None:
            return found
    return None


def forget(lake: Lake) -> None:
    """Let go of the indexes of a lake; for tests, and before a lake's folder goes."""
    with _lock:
        for folder in [each for each in _kept if each.is_relative_to(lake.folder)]:
            del _kept[folder]


def _opened(folder: Path, of: str | None) -> Shared | None:
    try:
        state = about_of(folder).stat()
    except OSError:
        return None
    now = (state.st_ino, state.st_mtime_ns)
    with _lock:  # a second thread waits until the first has read all of it for its sums
        known = _kept.get(folder)
        if known is None or known[0] != now:
            index = opened(folder, of)
            known = _kept[folder] = (now, None if index is None else Shared(index))
        _kept.move_to_end(folder)
        while len(_kept) > _OPEN:
            _kept.popitem(last=False)
    return known[1]

"""What was computed of a release and a filter. A release never changes, so that it serves until others push it out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from pingjiang.centre.evidence.opening import Opened

T = TypeVar("T")
_KEPT = 256  # results of a process, of all lakes
_lock = threading.Lock()
_known: OrderedDict[Hashable, Any] = OrderedDict()


def remembered(at: Opened, what: Hashable, make: Callable[[], T]) -> T:
    """The result of `make` for this release and `what`; made where nobody has yet. Nobody may change it."""
    key = (at.lake.folder, at.id, what)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]  # type: ignore[no-any-return]
    made = make()
    with _lock:
        _known[key] = made
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return made

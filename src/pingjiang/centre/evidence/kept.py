"""Results of a release that are kept in memory: a release never changes, so what was asked of it once stays true."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from pingjiang.centre.evidence.opening import Opened

T = TypeVar("T")
_MOST = 256 * 2**20  # bytes of a process, of all releases
_SMALLEST = 1024  # bytes that any result counts for
_lock = threading.Lock()
_kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
_making: dict[Hashable, threading.Lock] = {}


def kept(at: Opened, what: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives for this release, made once in this process while it is asked for often enough.

    The same `what` must mean the same question. Who asks while another makes it waits. Results are shared: nobody may
    change one.
    """
    key = (at.lake.folder, at.id, what)
    with _lock:
        found = _found(key)
        if found is not None:
            return found[0]  # type: ignore[return-value]
        waiting = _making.setdefault(key, threading.Lock())
    with waiting:
        with _lock:
            found = _found(key)
        if found is not None:
            return found[0]  # type: ignore[return-value]
        try:
            made = make()
            _keep(key, made)
        finally:
            with _lock:
                _making.pop(key, None)
    return made


def forget() -> None:
    """Keep nothing; for tests."""
    with _lock:
        _kept.clear()


def _found(key: Hashable) -> tuple[object, int] | None:
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    return None


def _keep(key: Hashable, made: object) -> None:
    size = max(int(getattr(made, "nbytes", 0)), _SMALLEST)
    with _lock:
        _kept[key] = (made, size)
        while len(_kept) > 1 and sum(each for _made, each in _kept.values()) > _MOST:
            _kept.popitem(last=False)

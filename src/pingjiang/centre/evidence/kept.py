"""Results of a release that are kept in memory: a release never changes, so what was asked of it once stays true."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sized
from typing import Any, TypeVar

from pingjiang.bounded import Bounded
from pingjiang.centre.evidence.opening import Opened

T = TypeVar("T")
_ROW = 1024  # bytes that a row of a result, or a result without rows, is taken to need
_kept = Bounded(512 * 2**20)  # of a process, of all releases


def kept(at: Opened, what: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives for this release, made once in this process while it is asked for often enough.

    The same `what` must mean the same question. Who asks while another makes it waits. Results are shared: nobody may
    change one.
    """
    return _kept.get(_key(at, what), make, _size)


def peek(at: Opened, what: Hashable) -> Any:
    """What is kept for this release and question; None where nothing is."""
    return _kept.peek(_key(at, what))


def keep(at: Opened, what: Hashable, made: T) -> T:
    """Keep what was made elsewhere, for several questions at once."""
    _kept.keep(_key(at, what), made, _size(made))
    return made


def held() -> int:
    """Bytes of what is kept, about."""
    return _kept.held


def forget() -> None:
    """Keep nothing; for tests."""
    _kept.forget()


def _key(at: Opened, what: Hashable) -> Hashable:
    return (at.lake.folder, at.id, what)


def _size(made: object) -> int:
    rows = len(made) if isinstance(made, Sized) else 0
    return max(int(getattr(made, "nbytes", rows * _ROW)), _ROW)

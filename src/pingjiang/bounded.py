"""Results kept in memory up to a bound, for many threads: what was asked for longest ago goes first.

For what never changes once it is made, as all that is computed of a release or an index. Nobody may change a result.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
_MISSING = object()


class Bounded:
    """A memory of so many bytes. What is larger than all of it is given and not kept."""

    def __init__(self, memory: int) -> None:
        self._memory, self._held = memory, 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """The value of a key, made where it is not kept; `size` says how many bytes it takes.

        Who asks while another makes it waits for that one. What `make` raises passes, and the next one tries again.
        """
        found = self.peek(key, _MISSING)
        if found is not _MISSING:
            return found  # type: ignore[no-any-return]
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self.peek(key, _MISSING)
            if found is not _MISSING:
                return found  # type: ignore[no-any-return]
            try:
                made = make()
                self.keep(key, made, size(made))
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def peek(self, key: Hashable, otherwise: Any = None) -> Any:
        """The value of a key where it is kept."""
        with self._lock:
            if key not in self._values:
                return otherwise
            self._values.move_to_end(key)
            return self._values[key][0]

    def keep(self, key: Hashable, value: object, size: int) -> None:
        """Keep a value of so many bytes under a key."""
        with self._lock:
            self._held -= self._values.pop(key, (None, 0))[1]
            self._values[key] = (value, size)
            self._held += size
            while self._held > self._memory:
                self._held -= self._values.popitem(last=False)[1][1]

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._values.clear()
            self._held = 0

    @property
    def held(self) -> int:
        """Bytes of what is kept, as `size` said."""
        return self._held

"""What a worker can do. An app registers its functions when it is made ready, so that pages and workers know the same.

@functions.register("report", ("生成报告", "Make a report"), attempts=3)
def report(handle: Handle, *, release: str) -> dict[str, Any]: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Function:
    """A registered function: `attempts` in all, `backoff` seconds before the second one, twice that before the third.

    An error that is a PingjiangError is final: trying again would give it again. Whoever is not `repeatable` is not
    begun anew after its worker died.
    """

    kind: str
    words: tuple[str, str]
    run: Callable[..., Any]
    attempts: int = 3
    backoff: float = 10.0
    repeatable: bool = True

    def wait(self, attempt: int) -> float:
        """Seconds before the attempt after this one; an hour at most."""
        return min(self.backoff * 2.0 ** (attempt - 1), 3600.0)


_functions: dict[str, Function] = {}


def register(
    kind: str, words: tuple[str, str], *, attempts: int = 3, backoff: float = 10.0, repeatable: bool = True
) -> Callable[[F], F]:
    """Make a function known by its kind. A second one of that kind is a mistake."""

    def known(run: F) -> F:
        if kind in _functions:
            raise RuntimeError(f"job {kind} is registered already")
        if attempts < 1 or backoff < 0:
            raise RuntimeError(f"job {kind}: one attempt at least, and a wait that is not negative")
        _functions[kind] = Function(kind, words, run, attempts, backoff, repeatable)
        return run

    return known


def find(kind: str) -> Function | None:
    """A function by its kind; None for one that this program does not have."""
    return _functions.get(kind)

"""How far a long run has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # (what is being done, steps done, steps in all)


def silent(_what: str, _done: int, _total: int) -> None:
    """No progress shown."""

"""Countries at which legal forms hint."""

from __future__ import annotations

# Legal forms of these countries' firms are written in English as Corp., Inc. or Ltd. too: they part nobody.
_EAST = frozenset({"JP", "KR", "CN", "TW", "HK"})


def apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of countries, as legal forms hint at them, cannot be those of one firm."""
    return bool(one and other) and not one & other and not (one | other) & _EAST

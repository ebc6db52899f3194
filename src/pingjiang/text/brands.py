"""Names of well-known firms in several scripts: 波音 and Boeing.

A table by hand (`brands.yaml`), looked up as wholes: a form that is part of another word is not found.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pingjiang import definitions
from pingjiang.text.folding import fold


@cache
def brands(section: str = "words") -> Mapping[str, tuple[str, ...]]:
    """Folded form → the words that are compared in its place. `section`: 'words', or 'in_front' of names alone."""
    found: dict[str, tuple[str, ...]] = {}
    for name, forms in definitions.shipped("pingjiang.text", "brands.yaml")[section].items():
        words = tuple(fold(str(name)).split())
        for form in str(forms).split(","):
            found.setdefault(fold(form), words)
    return found


@cache
def _longest() -> int:
    return max(map(len, brands()))


def brand_words(piece: str, *, in_front: bool = False) -> tuple[str, ...] | None:
    """The words that stand for a piece of a Chinese, Japanese or Korean name, where it is made of brands alone.

    >>> brand_words("波音"), brand_words("丰田博世"), brand_words("安福特")
    (('boeing',), ('toyota', 'bosch'), None)
    """
    if in_front and (found := brands("in_front").get(piece)):
        return found
    if found := brands().get(piece):
        return found
    if len(piece) < 2 * _SHORTEST:
        return None
    for size in range(min(len(piece) - _SHORTEST, _longest()), _SHORTEST - 1, -1):
        if (head := brands().get(piece[:size])) and (rest := brand_words(piece[size:])):
            return head + rest
    return None


_SHORTEST = 2  # signs of a brand

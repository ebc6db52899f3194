"""Universities and institutes that bear several names: BUAA, Beihang and 北京航空航天大学 (`bodies.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from pingjiang import definitions
from pingjiang.text.folding import fold
from pingjiang.text.meanings import meant_words


@cache
def _bodies() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name, forms in definitions.shipped("pingjiang.text", "bodies.yaml").items():
        words = tuple(meant_words(fold(str(name))))
        for form in (str(name), *str(forms).split(",")):
            found.setdefault(tuple(sorted(meant_words(fold(form)))), words)
    return found


def whole_name(words: Iterable[str]) -> list[str] | None:
    """The words of the name under which a body is compared, for all the words of another of its names in any order."""
    found = _bodies().get(tuple(sorted(words)))
    return None if found is None else list(found)

"""Words of names that mean the same in several languages, or in short: 'mfg' and 制造, 'denki' and 电机."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pingjiang import definitions
from pingjiang.text.folding import CJK, fold

_IS_CJK = re.compile(f"[{CJK}]")
_SHORTEST = 2  # signs of a Chinese, Japanese or Korean word: single ones are parts of names too (新松)


@cache
def meanings() -> Mapping[str, str]:
    """Folded word → its meaning, a word in English (`words.yaml`)."""
    told = definitions.shipped("pingjiang.text", "words.yaml")
    found: dict[str, str] = {}
    for meaning, languages in told.items():
        for words in languages.values():
            for word in words:
                found.setdefault(fold(str(word)), str(meaning))
    return found


@cache
def _latin() -> tuple[Mapping[tuple[str, ...], str], frozenset[str]]:
    """Words by their parts, and the first parts of those that have several."""
    words = {tuple(word.split()): meaning for word, meaning in meanings().items() if not _IS_CJK.search(word)}
    return words, frozenset(parts[0] for parts in words if len(parts) > 1)


@cache
def _cjk() -> re.Pattern[str]:
    words = [word for word in meanings() if _IS_CJK.search(word) and len(word) >= _SHORTEST]
    return re.compile("(" + "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word))) + ")")


def read_words(core: str) -> list[tuple[str, str | None]]:
    """The words of a folded name in order, each with its meaning or None; without '&' and those that mean nothing.

    >>> read_words("toyota jidosha")
    [('toyota', None), ('jidosha', 'motor')]
    >>> read_words("福特全球技术")
    [('福特', None), ('全球', 'global'), ('技术', 'technology')]
    """
    if not core.isascii() and _IS_CJK.search(core):
        pieces = [piece for part in _cjk().split(core) for piece in part.split()]
        return _telling([(piece, meanings().get(piece)) for piece in pieces])
    known, several = _latin()
    words = core.split()
    found: list[tuple[str, str | None]] = []
    at = 0
    while at < len(words):
        length = 1
        if words[at] in several:
            length = next((n for n in (3, 2) if tuple(words[at : at + n]) in known and at + n <= len(words)), 1)
        parts = tuple(words[at : at + length])
        found.append((" ".join(parts), known.get(parts)))
        at += length
    return _telling(found)


def _telling(words: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Without words that mean nothing; all of them where there are no others."""
    return [word for word in words if word[1] != "" and word[0] != "&"] or [(word, None) for word, _ in words]

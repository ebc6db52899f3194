"""Words of names that mean the same in several languages, or in short: 'mfg' and 制造, 'denki' and 电机."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from pingjiang import definitions
from pingjiang.text.brands import brand_words, brands
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
def _latin() -> tuple[Mapping[tuple[str, ...], str], frozenset[str], int]:
    """Words by their parts, the first parts of those that have several, and the most parts."""
    words = {tuple(word.split()): meaning for word, meaning in meanings().items() if not _IS_CJK.search(word)}
    return words, frozenset(parts[0] for parts in words if len(parts) > 1), max(map(len, words))


@cache
def _cjk() -> re.Pattern[str]:
    """What a name comes apart at: words of known meaning, and the brands in which one stands (通用汽车)."""
    words = {word for word in meanings() if _IS_CJK.search(word) and len(word) >= _SHORTEST}
    plain = re.compile("|".join(map(re.escape, words)))
    words |= {brand for brand in brands() if _IS_CJK.search(brand) and plain.search(brand)}
    by_sign: dict[str, list[str]] = {}  # of thousands of words a search tries those that begin with the sign it is at
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_sign.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("(" + "|".join(f"{re.escape(sign)}(?:{'|'.join(rest)})" for sign, rest in by_sign.items()) + ")")


def read_words(core: str, parts: Sequence[str] = ()) -> list[tuple[str, str | None]]:
    """The words of a folded name in order, each with its meaning or None; without '&' and those that mean nothing.

    A brand that the table knows stands in the letters of the table. `parts`: the words of a name in a script that
    parts them by dots or spaces, which folding takes away; what no table knows comes apart there.

    >>> read_words("toyota jidosha")
    [('toyota', None), ('jidosha', 'motor')]
    >>> read_words("福特全球技术")
    [('ford', None), ('全球', 'global'), ('技术', 'technology')]
    """
    if not core.isascii() and _IS_CJK.search(core):
        pieces = [piece for part in _cjk().split(core) for piece in part.split()]
        return _telling([word for place, piece in enumerate(pieces) for word in _read_piece(piece, place == 0, parts)])
    known, several, longest = _latin()
    words = core.split()
    found: list[tuple[str, str | None]] = []
    at = 0
    while at < len(words):
        length = 1
        if words[at] in several:
            most = min(longest, len(words) - at)
            length = next((n for n in range(most, 1, -1) if tuple(words[at : at + n]) in known), 1)
        parts = tuple(words[at : at + length])
        found.append((" ".join(parts), known.get(parts)))
        at += length
    return _telling(found)


def _read_piece(piece: str, in_front: bool, parts: Sequence[str]) -> list[tuple[str, str | None]]:
    meaning = meanings().get(piece)
    words = None if meaning is not None else brand_words(piece, in_front=in_front)
    if words is not None:
        return read_words(" ".join(words))
    if meaning is None and parts and len(apart := _apart(piece, parts)) > 1:
        return [word for place, part in enumerate(apart) for word in _read_piece(part, in_front and not place, ())]
    return [(piece, meaning)]


def _apart(piece: str, parts: Sequence[str]) -> list[str]:
    """The parts that make a piece, in their order, or the piece. A legal form may have stood between two of them."""
    made: list[str] = []
    rest = piece
    for part in parts:
        if rest.startswith(part):
            made.append(part)
            rest = rest[len(part) :]
        elif made and part.startswith(rest):  # a legal form was behind it
            return [*made, rest]
        if not rest:
            return made
    return [piece]


def meant_words(core: str) -> list[str]:
    """The words of a folded name, those of known meaning by it."""
    return [meaning or word for word, meaning in read_words(core)]


def _telling(words: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Without words that mean nothing; all of them where there are no others."""
    return [word for word in words if word[1] != "" and word[0] != "&"] or [(word, None) for word, _ in words]

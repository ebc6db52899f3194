"""One form of a name, for comparison: NFKC, case, accents, width, one Chinese script, punctuation, initials joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from pingjiang.text.han import one_form

# Letters that no decomposition takes apart. ß becomes ss by case folding.
_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
_LATIN_GREEK_CYRILLIC = (range(0xC0, 0x530), range(0x1E00, 0x2000))
_APOSTROPHES = "'’‘´`ʼ′"
CJK = r"\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_DOTTED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_][.]){2,}(?:[^\W\d_](?!\w))?")
_NOT_WORD = re.compile(r"[^\w&+]+|_+")
_AND = re.compile(r" ?[&+] ?")
# AT & T, P & G: one word.
_AT_T = re.compile(r"(?<![a-z0-9])([a-z0-9] & [a-z0-9]{1,2}|[a-z0-9]{2} & [a-z0-9])(?![a-z0-9])")
_BESIDE_CJK = re.compile(rf"(?<=[{CJK}]) | (?=[{CJK}])")
_KANA_DASH = re.compile("(?<=[ァ-ヺ])[-−‐–—]")  # a mark of length that was typed as a dash
_ASCII_APOSTROPHES = str.maketrans("", "", "'`")
_WORDS_FOR_AND = {"and", "und", "et", "&"}


@cache
def _characters() -> Mapping[int, str | None]:
    """Character → what stands for it; apostrophes and combining marks fall away."""
    table: dict[int, str | None] = dict(one_form())
    for block in _LATIN_GREEK_CYRILLIC:
        for code in block:
            bare = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
            if bare != chr(code):
                table[code] = bare
    table |= {ord(letter): plain for letter, plain in _LETTERS.items()}
    table |= dict.fromkeys(range(0x300, 0x370)) | dict.fromkeys(map(ord, _APOSTROPHES))
    return table


def plain(name: str) -> str:
    """A name in one script and case, its punctuation still there."""
    if name.isascii():
        return name.lower().translate(_ASCII_APOSTROPHES)
    # Twice: case folding can bring forth what NFKC composes, and the other way round.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return _KANA_DASH.sub("ー", folded.translate(_characters()).casefold())


def fold(name: str) -> str:
    """The letters and digits of a name, words parted by one space, none beside Chinese, Japanese and Korean signs.

    Idempotent. '&', '+', and, und, et are all '&'; initials are joined (S.p.A. → spa, "I B M" → ibm).

    >>> fold("Société  Générale S.A."), fold("ＪＯＨＮＳＯＮ and Johnson"), fold("豊田 自動車（株）")
    ('societe generale sa', 'johnson & johnson', '丰田自动车株')
    """
    return fold_plain(plain(name))


def fold_plain(text: str) -> str:
    """`fold` of what `plain` has made."""
    if "." in text:
        text = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text)
    words = _AND.sub(" & ", _NOT_WORD.sub(" ", text)).split()
    joined: list[str] = []
    run: list[str] = []
    for word in words:
        if len(word) == 1 and word.isalpha() and not word > "\u2fff":
            run.append(word)
            continue
        if run:
            joined.append("".join(run))
            run = []
        joined.append("&" if word in _WORDS_FOR_AND else word)
    if run:
        joined.append("".join(run))
    spaced = " ".join(joined)
    if not spaced.isascii():
        spaced = _BESIDE_CJK.sub("", spaced)
    return _AT_T.sub(lambda found: found[0].replace(" ", ""), spaced) if "&" in spaced else spaced

"""What a token is: the one place where texts and words of queries become comparable.

A text is folded (`text.folding.plain`: NFKC, case, accents, full and half width, traditional and simplified Chinese,
apostrophes) and cut into tokens:

- each Chinese character, kana and hangul syllable is one;
- so is each run of other letters and digits (`mems`, `5g`, `lifepo4`);
- so is each sign of punctuation, alone (`,` `。` `·` `/` `+`): what is beside it does not touch.

Space, hyphens, dashes, the low line and the broken bar part words and are no token. In names (applicants, inventors,
places) punctuation is none either, but for `&` and `+`.

So words in a row are tokens in a row. A Chinese word is found wherever its characters stand side by side, and a Latin
word only as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pingjiang.errors import Unfit
from pingjiang.text.folding import CJK, plain

ANY, ONE = "\ue000", "\ue001"  # `*` and `?` of a query, while it is folded
_ONE_EACH = CJK + "\U00020000-\U0003fffd"
_GAPS = r"\s_\-\u00ad\u2010-\u2015\u2212\ufe58\uff0d¦\u200b-\u200f\ufeff\ue000\ue001"
_TOKEN = re.compile(rf"[^\W_{_ONE_EACH}]+|[^{_GAPS}]")
_PIECE = re.compile(rf"(?:[^\W_{_ONE_EACH}]|[{ANY}{ONE}])+|[^{_GAPS}]")
_ESCAPED = re.compile(r"\\([*?\\])|([*?＊？])")
_KEPT_IN_NAMES = "&+"


def tokens(text: str, *, names: bool = False) -> list[str]:
    """The tokens of a text; `names`: as in names.

    >>> tokens("基于MEMS的5G基站，及LiFePO₄ solid-state")
    ['基', '于', 'mems', '的', '5g', '基', '站', ',', '及', 'lifepo4', 'solid', 'state']
    """
    found = _TOKEN.findall(plain(text))
    return [token for token in found if _counts(token)] if names else found


def line(text: str, *, names: bool = False) -> str:
    """The tokens of a text, each between spaces: ' 基 站 '. '' where there is none."""
    found = tokens(text, names=names)
    return f" {' '.join(found)} " if found else ""


@lru_cache(maxsize=10_000)
def pieces(text: str, *, names: bool = False) -> tuple[str, ...]:
    r"""The tokens of words of a query, in which ANY and ONE stand for the wildcards `*` and `?`; `\*` is the sign.

    Beside a Chinese character a wildcard belongs to no word: `?` is any one-character token, `*` at either end says
    nothing. Raises Unfit for words that could match nothing or everything.
    """
    marked = _ESCAPED.sub(lambda found: found[1] or (ANY if found[2] in "*＊" else ONE), text)
    found = _PIECE.findall(plain(marked))
    if names:
        found = [piece for piece in found if piece.strip(ANY + ONE) == "" or _counts(piece[0]) or len(piece) > 1]
    cut: list[str] = []
    for piece in found:
        cut += [piece] if piece.strip(ANY + ONE) else list(piece)
    while cut and cut[0] == ANY:
        cut.pop(0)
    while cut and cut[-1] == ANY:
        cut.pop()
    if not any(piece.strip(ANY + ONE) for piece in cut):
        raise Unfit(f"{text!r} 里没有可检索的字词", f"{text!r} holds no word to look for")
    if ANY in cut:
        raise Unfit(
            f"{text!r}：'*' 须紧接西文词；汉字之间隔若干字请写 nW，如 电 3W 池",
            f"{text!r}: '*' touches a Latin word; between Chinese characters write nW, as in 电 3W 池",
        )
    return tuple(cut)


def piece_pattern(piece: str, token: str = ".") -> str:
    """A regular expression of one token; `token` is that of one character of a token."""
    return "".join(
        f"{token}*" if char == ANY else token if char == ONE else re.escape(char) if char.isascii() else char
        for char in piece
    )


def has_wildcard(found: Iterable[str]) -> bool:
    """Whether a wildcard stands in one of the pieces."""
    return any(ANY in piece or ONE in piece for piece in found)


def _counts(token: str) -> bool:
    return token[0].isalnum() or token in _KEPT_IN_NAMES

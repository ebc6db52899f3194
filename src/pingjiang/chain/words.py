"""Word conditions: how words and texts are folded, and the regular expression that finds them.

A Latin word is found as a whole word: no Latin letter or digit may touch it, Chinese characters may
('基于MEMS的传感器' holds 'mems'). A word that ends in Chinese characters is found anywhere. 'etch*'
finds every word that begins so; a space or hyphen inside a phrase stands for any run of either.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pingjiang.errors import Unfit

# Letters of the Latin script and digits: what makes a neighbour part of the same word.
_WORD = r"0-9\p{Latin}"
_BEFORE = rf"(?:^|[^{_WORD}])"
_AFTER = rf"(?:[^{_WORD}]|$)"
_GAP = re.compile(r"[\s\-‐‑–]+")
_FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "　"
_HALF_WIDTH = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)) + " "


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one condition by language, folded; a language may be empty, not both."""

    zh: tuple[str, ...]
    en: tuple[str, ...]

    def both(self) -> tuple[str, ...]:
        """The words of both languages, Chinese first."""
        return self.zh + self.en


def fold_word(text: str) -> str:
    """A word as it is compared: NFKC, lower case, one space for any run of spaces or hyphens.

    Raises Unfit for a word that could match nothing, or everything.
    """
    word = _GAP.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()
    for part in word.split(" "):
        stem = part.removesuffix("*")
        if not any(character.isalnum() for character in stem):
            raise Unfit(f"{text!r} 有一部分不含字母或数字", f"{text!r} has a part without a letter or digit")
        if "*" in stem:
            raise Unfit(f"{text!r}：'*' 只能放在词尾", f"{text!r}: '*' stands at the end of a word or nowhere")
        if part != stem and not _is_word_character(stem[-1]):
            raise Unfit(
                f"{text!r}：'*' 只用于拉丁字母的词；中文词不加也能在任何位置找到",
                f"{text!r}: '*' ends Latin words; a Chinese word is found anywhere without it",
            )
    return word


def fold_sql(column: str) -> str:
    """SQL that folds a text like the words: full width to half width, lower case."""
    half = _HALF_WIDTH.replace("'", "''")
    # Most texts hold no full-width character; translating each of them would cost more than all the rest.
    return (
        f"case when regexp_matches({column}, '[！-～　]') then lower(translate({column}, '{_FULL_WIDTH}', '{half}'))"
        f" else lower({column}) end"
    )


def expression(words: tuple[str, ...]) -> tuple[str, int]:
    """A regular expression (RE2) that finds any of the words in a folded text, and its capture groups.

    In a match exactly one group is not empty: it holds the word as it stands in the text.
    """
    groups: dict[tuple[bool, bool], list[str]] = {}
    for word in words:
        stem = word.removesuffix("*")
        parts = (re.escape(part).replace(r"\*", f"[{_WORD}]*") for part in word.split(" "))
        body = r"[\s\-‐‑–]+".join(parts)
        edges = (_is_word_character(stem[0]), _is_word_character(stem[-1]))
        groups.setdefault(edges, []).append(body)
    alternatives = [
        f"{_BEFORE if left else ''}({'|'.join(bodies)}){_AFTER if right else ''}"
        for (left, right), bodies in sorted(groups.items())
    ]
    return "|".join(alternatives), len(alternatives)


def _is_word_character(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return unicodedata.name(character, "").startswith("LATIN ")

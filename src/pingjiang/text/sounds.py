"""How a name sounds, in Latin letters: pinyin of Chinese, kana, Hangul, Cyrillic. Kanji are read as Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from pingjiang import definitions
from pingjiang.text.folding import plain

_KANA = re.compile(r"[\u30a1-\u30ff]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_VOWELS, _FINALS = 21, 28


@cache
def _sounds() -> Mapping[str, Any]:
    return dict(definitions.shipped("pingjiang.text", "sounds.yaml"))


@cache
def _letters() -> Mapping[int, str]:
    """Single signs: Hangul syllables and Cyrillic letters."""
    initials, vowels, finals = _sounds()["hangul"]
    table = {ord(letter): str(sound) for letter, sound in _sounds()["cyrillic"].items()}
    for index in range(0xD7A4 - 0xAC00):
        initial, rest = divmod(index, _VOWELS * _FINALS)
        vowel, final = divmod(rest, _FINALS)
        table[0xAC00 + index] = initials[initial] + vowels[vowel] + finals[final]
    return table


def _kana(found: re.Match[str]) -> str:
    """Katakana as Hepburn: pairs (シャ) first; a small ッ doubles the consonant behind it."""
    text, sounds, made = found[0], _sounds()["kana"], []
    at, doubled = 0, False
    while at < len(text):
        size = 2 if text[at : at + 2] in sounds else 1
        sound = str(sounds.get(text[at : at + size], ""))
        made.append(sound[:1] + sound if doubled and sound else sound)
        doubled = text[at] == "ッ"
        at += size
    return "".join(made)


def sound(text: str) -> str:
    """A name in Latin letters as it is heard; Latin letters stay. Idempotent on what it has made.

    >>> sound("百度"), sound("トヨタ"), sound("삼성"), sound("Тойота")
    ('baidu', 'toyota', 'samseong', 'toiota')
    """
    if text.isascii():
        return text.lower()
    text = plain(text).translate(_HIRAGANA)
    text = _KANA.sub(_kana, text).translate(_letters())
    return _HAN.sub(lambda found: _pinyin(found[0]), text) if _HAN.search(text) else text


@cache
def _readings() -> tuple[Mapping[int, str], re.Pattern[str]]:
    """Characters of one reading → pinyin without tones; and a pattern that finds any that has several."""
    from pypinyin import pinyin_dict  # loading its words takes a second, which few commands need

    table: dict[int, str] = {}
    several: list[str] = []
    for code, readings in pinyin_dict.pinyin_dict.items():
        if not _HAN.match(chr(code)):
            continue
        heard = {_toneless(reading) for reading in readings.split(",")}
        if len(heard) == 1:
            table[code] = heard.pop()
        else:
            several.append(chr(code))
    return table, re.compile(f"[{''.join(several)}]")


def _pinyin(han: str) -> str:
    table, several = _readings()
    if not several.search(han):
        return han.translate(table)
    from pypinyin import lazy_pinyin

    return _toneless("".join(lazy_pinyin(han)).replace("v", "u"))


def _toneless(reading: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", reading) if not unicodedata.combining(c))

"""Whether a word of another script writes how a Latin one sounds: フォルクスワーゲン and Volkswagen, 克诺尔 and Knorr.

A model of single letters, counted on the table of brands (`transliteration.yaml`, by tools/train_transliteration.py):
how much more often than by chance a letter of the one stands for a letter of the other, summed over all ways to lay two
words beside each other. Words meet under a key of consonants, which most that belong together have in common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pingjiang import definitions
from pingjiang.text.sounds import sound

_SCRIPTS = {"kana": re.compile("[ァ-ヺー]{3,}"), "hangul": re.compile("[가-힣]{3,}"), "han": re.compile("[㐀-鿿]{3,}")}
_LATIN = re.compile("[a-z]{4,}")
_HEARD = (
    ("shi", "Si"), ("chi", "Ci"), ("tsu", "cu"), ("sh", "S"), ("ch", "C"), ("zh", "Z"), ("ng", "N"), ("x", "S"),
    ("q", "C"),
)  # fmt: skip
_SPELLED = (
    ("sch", "S"), ("tch", "C"), ("sh", "S"), ("ch", "C"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("qu", "kw"),
    ("x", "ks"), ("q", "k"), ("ce", "se"), ("ci", "si"), ("cy", "sy"), ("c", "k"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_CLASSES = {letter: kind for kind, letters in
            {"p": "bpfvw", "t": "td", "k": "kg", "s": "szSCjZc", "n": "nmN"}.items() for letter in letters}  # fmt: skip
_LIQUID = "lr"


@dataclass(frozen=True)
class _Model:
    """weights  letters as heard × letters as spelled; row and column 0 are of letters that nothing stands for"""

    weights: NDArray[np.float64]
    heard: Mapping[str, int]
    spelled: Mapping[str, int]


@cache
def _told() -> Mapping[str, object]:
    return dict(definitions.shipped("pingjiang.text", "transliteration.yaml"))


@cache
def _model(script: str) -> _Model:
    told: dict[str, dict[str, float]] = _told()[script]  # type: ignore[assignment]
    letters = sorted(letter for row in told.values() for letter in row if letter != "-")
    heard = {letter: place for place, letter in enumerate(sorted(set(told) - {"-"}), start=1)}
    spelled = {letter: place for place, letter in enumerate(dict.fromkeys(letters), start=1)}
    weights = np.full((len(heard) + 1, len(spelled) + 1), np.exp(float(_told()["never"])))  # type: ignore[arg-type]
    for letter, row in told.items():
        for other, weight in row.items():
            weights[heard.get(letter, 0), spelled.get(other, 0)] = np.exp(weight)
    return _Model(weights, heard, spelled)


@cache
def _signs() -> frozenset[str]:
    return frozenset(str(_told()["signs"]))


def writing_of(word: str) -> str | None:
    """The script of a word of one script that is long enough to be compared: kana, hangul, han, or latin; else None."""
    if _LATIN.fullmatch(word):
        return "latin"
    return next((name for name, signs in _SCRIPTS.items() if signs.fullmatch(word)), None)


def script_of(word: str) -> str | None:
    """`writing_of` a word that may write the sound of a Latin one: in Chinese, by the characters that do."""
    script = writing_of(word)
    return None if script == "han" and not _signs().issuperset(word) else script


def heard(word: str) -> str:
    """The letters of a word of another script as it sounds, one a sound."""
    text = sound(word).replace(" ", "")
    for letters, one in _HEARD:
        if letters != "ng" or not _SCRIPTS["kana"].fullmatch(word):  # ン and グ are two sounds
            text = text.replace(letters, one)
    return _DOUBLED.sub(r"\1", text)


def spelled(word: str) -> str:
    """The letters of a Latin word, one a sound as far as spelling tells."""
    for letters, one in _SPELLED:
        word = word.replace(letters, one)
    return _DOUBLED.sub(r"\1", word)


def sound_keys(word: str, script: str) -> set[str]:
    """Keys of a word: its consonants by class. Words that write one sound mostly share one."""
    if script != "latin":
        texts = {heard(word)}
    else:
        text = spelled(word)
        texts = {text, text.replace("C", "k"), text.replace("j", "")}
    return {_key(text, labial) for text in texts for labial in (True, False)}


def _key(text: str, labial: bool) -> str:
    made: list[str] = []
    for place, letter in enumerate(text):
        kind = "l" if letter in _LIQUID and not place else _CLASSES.get(letter)
        if kind is not None and (letter != "w" or labial) and made[-1:] != [kind]:
            made.append(kind)
    return "".join(made)


def likeness(words: Sequence[str], others: Sequence[str], script: str) -> NDArray[np.float64]:
    """How well each word of `script` writes the Latin word beside it: by logarithm, a letter; above 0 rather than not.

    >>> [round(float(each), 1) for each in likeness(["フォルクスワーゲン"] * 2, ["volkswagen", "fluxgen"], "kana")]
    [1.1, 0.4]
    """
    model = _model(script)
    rows, columns = [heard(word) for word in words], [spelled(word) for word in others]
    if not rows:
        return np.empty(0)
    one, other = _coded(rows, model.heard), _coded(columns, model.spelled)
    sums = np.zeros((one.shape[1] + 1, other.shape[1] + 1, len(rows)))
    sums[0, 0] = 1
    for at in range(one.shape[1] + 1):
        for to in range(other.shape[1] + 1):
            if at:
                sums[at, to] += sums[at - 1, to] * model.weights[one[:, at - 1], 0]
            if to:
                sums[at, to] += sums[at, to - 1] * model.weights[0, other[:, to - 1]]
            if at and to:
                sums[at, to] += sums[at - 1, to - 1] * model.weights[one[:, at - 1], other[:, to - 1]]
    lengths = np.array([[len(row), len(column)] for row, column in zip(rows, columns, strict=True)])
    found = sums[lengths[:, 0], lengths[:, 1], np.arange(len(rows))]
    told: NDArray[np.float64] = np.log(np.maximum(found, 1e-300)) / lengths.sum(axis=1)
    return told


def _coded(words: Sequence[str], letters: Mapping[str, int]) -> NDArray[np.int64]:
    """A row a word; letters that the model does not know, and what is behind the end, are 0."""
    coded = np.zeros((len(words), max(map(len, words))), np.int64)
    for row, word in enumerate(words):
        coded[row, : len(word)] = [letters.get(letter, 0) for letter in word]
    return coded

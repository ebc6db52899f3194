"""Make the model of transliteration anew: `python -m tools.train_transliteration [--check]`.

Reads the table of brands alone (`text/brands.yaml`): Latin names of one word and the words of another script that stand
for them. Nothing labelled is read. `--check` trains on brands whose MD5 is even, and prints for those whose is odd how
often the right Latin word is found, and another one before it, among all Latin brands and common words. Deterministic.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pingjiang.text import transliteration as model
from pingjiang.text.brands import brands

_TARGET = Path("src/pingjiang/text/transliteration.yaml")
_ROUNDS = 12
_COUNTED_BESIDE = 0.02  # to every pair of letters, so that none is impossible
_NEVER = -6.0
_LEAST_OF_SIGN = 2  # brands in which a Chinese sign stands for a sound
_HEAD = """\
# Letters of words of other scripts as they are heard (rows) and letters of the Latin words that they write, by the
# logarithm of how much more often than by chance one stands for the other; "-" is where nothing stands. `signs`:
# Chinese characters that write sounds of foreign names. Made by tools/train_transliteration.py from brands.yaml; do not
# edit.
"""

Pair = tuple[str, str]  # as heard, as spelled


def told_brands() -> dict[str, list[Pair]]:
    """Script → (form, Latin word) of brands of one word which meet under a key: those that write the sound."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for form, words in brands().items():
        script = model.writing_of(form)
        if script in (None, "latin") or len(words) != 1 or model.writing_of(words[0]) != "latin":
            continue
        if model.sound_keys(form, script) & model.sound_keys(words[0], "latin"):
            found[script].append((form, words[0]))
    return found


def trained(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Weights of letters, by expectation and maximisation over all ways to lay the words of pairs beside each other."""
    rows = sorted({letter for one, _ in pairs for letter in one})
    columns = sorted({letter for _, other in pairs for letter in other})
    at, to = ({letter: place for place, letter in enumerate(letters, 1)} for letters in (rows, columns))
    chance = np.array([[1.0] * (len(columns) + 1)] * (len(rows) + 1))
    for letter in set(rows) & set(columns):
        chance[at[letter], to[letter]] = 5
    chance[0, 0] = 0
    coded = [([at[x] for x in one], [to[x] for x in other]) for one, other in pairs]
    for _ in range(_ROUNDS):
        chance /= chance.sum()
        counted = np.full_like(chance, _COUNTED_BESIDE)
        counted[0, 0] = 0
        for one, other in coded:
            _count(one, other, chance, counted)
        chance = counted
    chance /= chance.sum()
    by_row, by_column = (_frequency(letters) for letters in zip(*coded, strict=True))
    return {
        row or "-": {
            column or "-": round(float(weight), 2)
            for column, place in {"": 0, **to}.items()
            if (weight := _logarithm(chance, at.get(row, 0), place, by_row, by_column)) > _NEVER
        }
        for row in ("", *rows)
    }


def _logarithm(
    chance: NDArray[np.float64], row: int, column: int, by_row: Counter[int], by_column: Counter[int]
) -> float:
    if not row and not column:
        return -np.inf
    of_row = by_row[row] / by_row.total() if row else 1
    of_column = by_column[column] / by_column.total() if column else 1
    return float(np.log(chance[row, column] / of_row / of_column))


def _frequency(words: Iterable[Sequence[int]]) -> Counter[int]:
    return Counter(letter for word in words for letter in word)


def _sums(one: Sequence[int], other: Sequence[int], chance: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.zeros((len(one) + 1, len(other) + 1))
    sums[0, 0] = 1
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if i:
                sums[i, j] += sums[i - 1, j] * chance[one[i - 1], 0]
            if j:
                sums[i, j] += sums[i, j - 1] * chance[0, other[j - 1]]
            if i and j:
                sums[i, j] += sums[i - 1, j - 1] * chance[one[i - 1], other[j - 1]]
    return sums


def _count(one: list[int], other: list[int], chance: NDArray[np.float64], counted: NDArray[np.float64]) -> None:
    before = _sums(one, other, chance)
    behind = _sums(one[::-1], other[::-1], chance)[::-1, ::-1]
    whole = before[-1, -1]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            share = before[i, j] / whole
            if i < len(one):
                counted[one[i], 0] += share * chance[one[i], 0] * behind[i + 1, j]
            if j < len(other):
                counted[0, other[j]] += share * chance[0, other[j]] * behind[i, j + 1]
            if i < len(one) and j < len(other):
                counted[one[i], other[j]] += share * chance[one[i], other[j]] * behind[i + 1, j + 1]


def written(pairs: dict[str, list[Pair]], signs: str) -> str:
    """The text of `transliteration.yaml`."""
    lines = [_HEAD, f"never: {_NEVER}\n", f"signs: {signs}\n"]
    for script, each in sorted(pairs.items()):
        lines.append(f"{script}:\n")
        for row, weights in trained([(model.heard(one), model.spelled(other)) for one, other in each]).items():
            told = ", ".join(f'"{column}": {weight}' for column, weight in weights.items())
            lines.append(f'  "{row}": {{{told}}}\n')
    return "".join(lines)


def signs_of(pairs: Sequence[Pair]) -> str:
    """Chinese characters that stand in several of the brands."""
    told = Counter(sign for form in {form for form, _ in pairs} for sign in set(form))
    return "".join(sorted(sign for sign, brands_ in told.items() if brands_ >= _LEAST_OF_SIGN))


def _half(pair: Pair) -> int:
    return hashlib.md5(pair[1].encode(), usedforsecurity=False).digest()[0] % 2


def check(pairs: dict[str, list[Pair]]) -> None:
    """Print how often the other half's words are found."""
    common = resources.files("pingjiang.identities.organisations").joinpath("common_words.txt").read_text("utf-8")
    latin = {word for word in common.split() if model.writing_of(word) == "latin"}
    latin |= {word for words in brands().values() for word in words if model.writing_of(word) == "latin"}
    by_key: dict[str, set[str]] = defaultdict(set)
    for word in latin:
        for key in model.sound_keys(word, "latin"):
            by_key[key].add(word)
    for script, each in sorted(pairs.items()):
        ranked = []
        for form, right in (pair for pair in each if _half(pair)):
            others = sorted(set().union(*(by_key[key] for key in model.sound_keys(form, script))) - {right})
            scores = model.likeness([form] * (len(others) + 1), [right, *others], script)
            ranked.append((float(scores[0]), float(scores[1:].max(initial=-9.0))))
        told = np.array(ranked)
        print(script, len(told), "right word first", round(float((told[:, 0] > told[:, 1]).mean()), 3))
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            for lead in (0.0, 0.1, 0.2):
                right_ones = (told[:, 0] >= least) & (told[:, 0] >= told[:, 1] + lead)
                wrong = (told[:, 1] >= least) & (told[:, 1] >= told[:, 0] + lead)
                print(f"  {least:.1f} {lead:.1f} found {right_ones.mean():.3f} wrong {wrong.mean():.3f}")


def main() -> None:
    """Write the model, or check it."""
    pairs = told_brands()
    if "--check" not in sys.argv:
        _TARGET.write_text(written(pairs, signs_of(pairs["han"])), encoding="utf-8")
        return
    half = {script: [pair for pair in each if not _half(pair)] for script, each in pairs.items()}
    _TARGET.write_text(written(half, signs_of(half["han"])), encoding="utf-8")
    check(pairs)


if __name__ == "__main__":
    main()

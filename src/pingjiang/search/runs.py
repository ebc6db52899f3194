"""Runs of tokens that many publications share, kept as words of their own.

A phrase is slow where many publications hold it: the index looks up the places of each of its words in each of them. A
run of two to four tokens that is common in a sample is one term more of every publication that holds it (`c_`), so
it needs no places. Which runs are common decides on speed alone: all publications are marked with those of the list, so
a run that the index knows at all is known of each publication, and one that it does not know is asked as a phrase.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pingjiang.search.layout import pairs

SAMPLE = 4_000  # publications
COMMON = 500  # publications of the whole that hold a run: the places in fewer are looked up in no time
LEAST = 4  # publications of the sample: fewer may be chance
LONGEST = 4  # tokens; longer phrases are seldom common
_TOKENS = 2_000  # of a publication that are looked at for the sample
_MOST = 50_000  # runs of a field

Run = tuple[str, ...]


def common_runs(sample: Iterable[Sequence[Sequence[str]]], *, least: int) -> frozenset[Run]:
    """The runs that at least so many publications of the sample hold; each is given as its values, as tokens.

    Runs that the index has as a pair already are among them as the beginning of longer ones.
    """
    held = [list(_cut(values)) for values in sample]
    found: set[Run] = set()
    known: set[Run] | None = None  # runs one token shorter
    for size in range(2, LONGEST + 1):
        counted: Counter[Run] = Counter()
        for values in held:
            counted.update({run for value in values for run in _of_size(value, size, known)})
        known = {run for run, count in counted.most_common(_MOST) if count >= least}
        found |= known
    return frozenset(found)


def _cut(values: Sequence[Sequence[str]]) -> Iterable[Sequence[str]]:
    left = _TOKENS
    for value in values:
        if left > 0:
            yield value[:left]
            left -= len(value)


def _of_size(value: Sequence[str], size: int, known: set[Run] | None) -> Iterable[Run]:
    """Those of which both shorter runs are known."""
    for at in range(len(value) - size + 1):
        run = tuple(value[at : at + size])
        if known is None or (run[:-1] in known and run[1:] in known):
            yield run


def held(values: Iterable[Sequence[str]], common: frozenset[Run]) -> str:
    """What `c_` is given for the values of a field: the common runs in them."""
    found: dict[str, None] = {}
    for value in values:
        for at in range(len(value) - 1):
            for size in range(2, LONGEST + 1):
                run = tuple(value[at : at + size])
                if run not in common:
                    break  # nor is a longer one that begins so
                if not is_pair(run):
                    found[word(run)] = None
    return " ".join(found)


def word(run: Sequence[str]) -> str:
    """A run as the index holds it: between tokens a sign that is a token alone, so no two runs are written alike."""
    return "<".join(run)


def is_pair(run: Sequence[str]) -> bool:
    """Whether `b_` has it as one word."""
    return len(run) == 2 and pairs(*run)

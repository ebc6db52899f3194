"""Why two names are held for one: words for the features that spoke for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pingjiang.identities.organisations.pairs import Array

Signs = NDArray[np.uint16]  # reasons of a pair, a bit each

_SEEN = ("words", "spelling", "joined", "abbreviation", "start", "name", "part", "places")


def signs_of(values: Mapping[str, Array]) -> Signs:
    """Features of pairs → their reasons, in two bytes a pair: there may be tens of millions."""
    whole = values["jacc"] >= 0.999
    said = {
        "words": whole & (values["same_text"] > 0),
        "spelling": (values["ratio"] >= 0.8) & ~whole,
        "joined": (values["same_text"] > 0) & ~whole,
        "abbreviation": (values["acro3"] > 0) | (values["acro4"] > 0),
        "start": values["prefix"] > 0,
        "name": values["head_eq"] > 0,
        "part": (values["contain"] >= 0.999) & ~whole,
        "places": (values["across"] > 0) | (values["within"] > 0),
    }
    signs = np.zeros(len(whole), np.uint16)
    for bit, name in enumerate(_SEEN):
        signs |= said[name].astype(np.uint16) << np.uint16(bit)
    return signs


def reasons_of(signs: Signs, words: Mapping[str, str] | None = None) -> pa.Array:
    """The reasons of pairs, at least one each; `words`: how each is told, else as it is called."""
    told = words or {}
    distinct, at = np.unique(signs, return_inverse=True)
    named = [[name for bit, name in enumerate(_SEEN) if sign >> bit & 1] or ["other"] for sign in distinct.tolist()]
    lists = pa.array([[told.get(name, name) for name in each] for each in named], pa.list_(pa.string()))
    return lists.take(pa.array(at.ravel(), pa.int64()))

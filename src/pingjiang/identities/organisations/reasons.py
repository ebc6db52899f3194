"""Why two names are held for one: words for the features that spoke for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from pingjiang.identities.organisations.pairs import Array


def reasons_of(values: Mapping[str, Array]) -> pa.Array:
    """Features of pairs → their reasons, at least one each."""
    whole = values["jacc"] >= 0.999
    said = {
        "words": whole & (values["same_text"] > 0),
        "spelling": (values["ratio"] >= 0.8) & ~whole,
        "joined": (values["same_text"] > 0) & ~whole,
        "abbreviation": (values["acro3"] > 0) | (values["acro4"] > 0),
        "start": values["prefix"] > 0,
        "name": values["head_eq"] > 0,
        "part": (values["contain"] >= 0.999) & ~whole,
    }
    said["places"] = (values["across"] > 0) | (values["within"] > 0)
    names = list(said)
    table = np.stack([said[name] for name in names], axis=1) if len(whole) else np.empty((0, len(names)), bool)
    return pa.array(
        [[name for name, holds in zip(names, row, strict=True) if holds] or ["other"] for row in table],
        pa.list_(pa.string()),
    )

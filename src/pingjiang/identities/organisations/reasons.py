"""Why two names are held for one: words for the features that spoke for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from pingjiang.identities.organisations.pairs import Array

# Reasons, in the order in which they are told. The atlas and the desk show them in both languages.
REASONS = {
    "words": ("词语相同", "the same words"),
    "form": ("仅法律形式不同", "another way to write the legal form"),
    "spelling": ("拼写相近", "spelled alike"),
    "joined": ("仅空格或顿号不同", "the same letters, parted otherwise"),
    "abbreviation": ("缩写", "one abbreviates the other"),
    "start": ("一个是另一个的开头", "one is the beginning of the other"),
    "name": ("共同的字号", "the word that names it is the same"),
    "part": ("一个的词语都在另一个之中", "all words of one are in the other"),
    "places": ("同一文献、申请或同族的同一位置", "at the same place of publications, applications or families"),
    "register": ("企业名录", "the register"),
    "former_name": ("曾用名", "a former name"),
    "judgement": ("人工判断", "people decided"),
    "other": ("机器评分", "scored by the machine"),
}


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

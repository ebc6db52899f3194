"""The model that judges two groups of mentions: weights as data (`model.yaml`), made by `tools/train_inventors.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from pingjiang import definitions
from pingjiang.errors import DefinitionError
from pingjiang.identities.inventors.features import NAMES, Floats

# What features are about, and how that is called in a reason.
CATEGORIES = {
    "name": ("姓名写法", "spelling of the name"),
    "common": ("姓名的常见程度", "how common the name is"),
    "co": ("共同发明人", "co-inventors"),
    "org": ("机构", "organisations"),
    "cls": ("分类号", "classes"),
    "word": ("题名用词", "words of titles"),
    "place": ("地点", "places"),
    "time": ("年份", "years"),
    "size": ("文献数", "number of documents"),
}
_CATEGORY = {
    "common>2": "common", "city": "place", "state": "place", "country": "place", "firm": "org", "gap": "time",
    "gap>5": "time", "span>25": "time", "org*co": "co", "org*city": "org", "org*cls": "org", "nothing": "co",
    "nothing*common": "co", "nothing*size": "co", "co*common": "co",
}  # fmt: skip
_ALIKE = ("name:initial", "name:bare")


@dataclass(frozen=True)
class Weights:
    """A logistic model: the weight of each of NAMES, and what is always added."""

    weight: Floats
    constant: float

    def score(self, features: Floats) -> Floats:
        """Log odds, a row a pair."""
        found: Floats = features @ self.weight + np.float32(self.constant)
        return found


@dataclass(frozen=True)
class Model:
    """How two single mentions are judged, how groups are, and what is joined.

    bars    log odds at or above which groups are joined, falling
    doubt   log odds from which a pair is shown to people
    """

    single: Weights
    several: Weights
    bars: Sequence[float]
    doubt: float

    def score(self, features: Floats) -> Floats:
        """Log odds, a row a pair. Initials join nothing but where a co-inventor and an organisation are shared."""
        found = np.where(_single(features), self.single.score(features), self.several.score(features))
        unnamed = features[:, _UNNAMED].any(axis=1) & (features[:, _BOTH] == 0)
        return np.where(unnamed, np.float32(-99), found).astype(np.float32)

    def contributions(self, features: Floats) -> Floats:
        """What each of CATEGORIES adds to the log odds, a row a pair; the constant is with the sizes."""
        single = _single(features)[:, None]
        weighted = features * np.where(single, self.single.weight, self.several.weight)
        found = np.zeros((len(features), len(CATEGORIES)), np.float32)
        np.add.at(found.T, _PLACE, weighted.T)
        found[:, -1] += np.where(single[:, 0], self.single.constant, self.several.constant)
        return found


def _single(features: Floats) -> Floats:
    found: Floats = features[:, NAMES.index("size:large")] == 0
    return found


def _place(name: str) -> int:
    head = name.partition(":")[0]
    return list(CATEGORIES).index(_CATEGORY.get(name, _CATEGORY.get(head, head)))


_PLACE = [_place(name) for name in NAMES]
_UNNAMED = [NAMES.index(name) for name in _ALIKE]
_BOTH = NAMES.index("org*co")


@cache
def load() -> Model:
    """The model that ships. DefinitionError where it was made for other features."""
    told = definitions.shipped("pingjiang.identities.inventors", "model.yaml")
    if tuple(told["weights"]) != NAMES:
        raise DefinitionError(
            "model.yaml 与程序的特征不符。",
            "model.yaml was made for other features than the program has.",
            remedy=("请运行 tools/train_inventors.py。", "Run tools/train_inventors.py."),
        )
    columns = np.array(list(told["weights"].values()), np.float32)
    return Model(
        Weights(columns[:, 0], float(told["constants"][0])), Weights(columns[:, 1], float(told["constants"][1])),
        [float(bar) for bar in told["bars"]], float(told["doubt"]),
    )  # fmt: skip

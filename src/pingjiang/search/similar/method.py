"""The numbers of the method: `method.yaml`, data with their provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pingjiang import definitions

TERMS, VECTORS, SYMBOLS = METHODS = ("terms", "vectors", "symbols")


@dataclass(frozen=True)
class Fusing:
    """How lists become one: `weights` by method; a publication behind the first `depth` of a list is not in it."""

    depth: int
    constant: float
    weights: Mapping[str, float]


@dataclass(frozen=True)
class Method:
    """As `method.yaml` tells it."""

    bm25: Mapping[str, float]
    most_terms: int
    vector_characters: Mapping[str, int]
    centre_prior: float
    fusing: Fusing


@cache
def shipped_method() -> Method:
    """The method as it ships."""
    told = definitions.shipped("pingjiang.search.similar", "method.yaml")
    return Method(**{**told, "fusing": Fusing(**told["fusing"])})

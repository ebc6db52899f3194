"""The parameters of the method: `method.yaml`, data with their provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pingjiang import definitions


@dataclass(frozen=True)
class Method:
    """Weights and thresholds.

    weights     class of a word → {company, public, alone}: base weights; `alone` where no word names somebody
    correction  when a rare word is held for the misspelling of another
    transliteration  when a word of another script is held for the sound of a Latin one
    blocks      the largest blocks whose members are all compared, by key
    entity      {threshold, doubt, weights}: the same legal entity
    group       {threshold, doubt, weights}: the same ultimate group
    """

    weights: Mapping[str, Mapping[str, float]]
    correction: Mapping[str, Any]
    transliteration: Mapping[str, Any]
    blocks: Mapping[str, int]
    entity: Mapping[str, Any]
    group: Mapping[str, Any]

    def class_weights(self) -> list[tuple[bool, str, float, float]]:
        """Rows (public, class, weight, weight where no word names somebody)."""
        return [
            (public, name, float(told["public" if public else "company"]), float(told.get("alone", 0)))
            for name, told in self.weights.items()
            for public in (False, True)
        ]


@cache
def shipped_method() -> Method:
    """The method as it ships."""
    return Method(**definitions.shipped("pingjiang.identities.organisations", "method.yaml"))

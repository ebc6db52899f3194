"""What is counted, and at which level organisations are: the two switches that every number stands under."""

from __future__ import annotations

from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["publication", "application", "simple_family", "extended_family"]
UNITS: tuple[Unit, ...] = ("publication", "application", "simple_family", "extended_family")
# Units that hang on families, which only a build concludes.
FAMILY_UNITS: tuple[Unit, ...] = ("simple_family", "extended_family")

Level: TypeAlias = Literal["entity", "group"]
LEVELS: tuple[Level, ...] = ("entity", "group")

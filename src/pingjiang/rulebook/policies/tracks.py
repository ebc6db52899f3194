"""A pack as it reads on one track: what is of that track, in that track's words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, TypeVar

Thing = TypeVar("Thing")


def on_track(thing: Thing, track: str) -> Thing:
    """A rule, function or criterion as it reads on a track."""
    variants = getattr(thing, "variants", {})
    if track not in variants:
        return thing
    given = {name: value for name, value in _values(variants[track]).items() if value is not None}
    changed: Any = thing
    return dataclasses.replace(changed, **given)  # type: ignore[no-any-return]


def of_track(things: Iterable[Thing], track: str) -> list[Thing]:
    """The rules, materials, sections, indicators … that a track has, as they read on it."""
    return [on_track(thing, track) for thing in things if track in (getattr(thing, "tracks", ()) or (track,))]


def _values(variant: Any) -> dict[str, Any]:
    return {field.name: getattr(variant, field.name) for field in dataclasses.fields(variant)}

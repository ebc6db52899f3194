"""Panels of the desk that apps add: what waits in them, by when, how fresh, how much.

An app registers when it is made ready. A panel that fails says so in its own frame; the desk stands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.pages.lists import Marked

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """A line of a panel: what, how much or in which state, where it leads; `under` says more."""

    label: str
    value: str = ""
    url: str | None = None
    mark: Marked | None = None
    under: str = ""


@dataclass(frozen=True)
class Panel:
    """What a panel shows. `foot`: unit, cut-off, release, as under every figure."""

    title: str
    lines: Sequence[Line]
    aside: str = ""
    foot: Sequence[str] = field(default=())
    synthetic: bool = False


@dataclass(frozen=True)
class Maker:
    """Who makes a panel, for which roles; lower `order` stands first: time 10, what must be done 20, numbers 30."""

    name: str
    title: str | Promise
    roles: frozenset[str]
    order: int
    make: Callable[[Actor], Panel | None]


@dataclass(frozen=True)
class Drawn:
    """A panel as it is drawn; `panel` is None where it could not be made."""

    title: str
    panel: Panel | None


_makers: dict[str, Maker] = {}


def add(
    name: str, title: str | Promise, roles: frozenset[str], make: Callable[[Actor], Panel | None], *, order: int
) -> None:
    """Put a panel on the desk of its roles. `make` gives None where it has nothing to show to this actor."""
    if name in _makers:
        raise RuntimeError(f"panel {name!r} stands there already")
    _makers[name] = Maker(name, title, roles, order, make)


def panels_of(actor: Actor) -> list[Drawn]:
    """The panels of an actor's desk, in their order."""
    found = []
    for maker in sorted(_makers.values(), key=lambda each: (each.order, each.name)):
        if actor.role not in maker.roles:
            continue
        try:
            panel = maker.make(actor)
        except Exception:  # whatever is broken behind one panel, the rest of the desk is needed
            _log.exception("panel %s", maker.name)
            found.append(Drawn(str(maker.title), None))
            continue
        if panel is not None:
            found.append(Drawn(panel.title, panel))
    return found

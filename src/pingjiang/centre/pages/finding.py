"""What the search field of the top bar leads to beside cases: ways that apps add, for those who may go them.

An app registers when it is made ready. One that fails is left out; the cases that were found stand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.pages.words import is_english

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ways:
    """Where the same words can be asked: a place by its name, and addresses in it by what they find."""

    place: str
    links: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Finder:
    """Who leads on, for which roles; `finds` are the words that the field itself shows."""

    name: str
    finds: str | Promise
    roles: frozenset[str]
    make: Callable[[Actor, str], Sequence[Ways]]


_finders: dict[str, Finder] = {}


def add(
    name: str, finds: str | Promise, roles: frozenset[str], make: Callable[[Actor, str], Sequence[Ways]]
) -> None:  # fmt: skip
    """Let the field lead on for these roles: `make` is given who asks and the words."""
    if name in _finders:
        raise RuntimeError(f"finder {name!r} is there already")
    _finders[name] = Finder(name, finds, roles, make)


def ways_of(actor: Actor, words: str) -> list[Ways]:
    """Where an actor can ask for these words, beside cases; nothing where there are no words."""
    found: list[Ways] = []
    for finder in _finders.values() if words else ():
        if actor.role in finder.roles:
            try:
                found += finder.make(actor, words)
            except Exception:
                _log.exception("finder %s", finder.name)
    return found


def hint_of(actor: Actor) -> str:
    """What the field says that it finds."""
    more = [str(finder.finds) for finder in _finders.values() if actor.role in finder.roles]
    if not more:
        return _("搜案件名称、编号、单位")
    return _("搜案件、%(more)s") % {"more": (", " if is_english() else "、").join(more)}

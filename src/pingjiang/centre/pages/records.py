"""A record as a page: title and state, tabs with counts, facts on the left, on the right what binds.

    render(request, "pages/record.html", {"record": Record(…)})

A page that needs more extends the template: blocks `facts`, `more`, `binds`, `beside`, `acts`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from pingjiang.centre.pages.figures import Provenance
from pingjiang.centre.pages.lists import Marked


@dataclass(frozen=True)
class Tab:
    """A part of a record, with how much there is of it; None where that is not counted."""

    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Fact:
    """What is known of something. A value of None is shown as unknown; `sure` is one of the words of confidence."""

    label: str
    value: object | None
    unit: str = ""
    provenance: Provenance | None = None
    sure: Marked | None = None


@dataclass(frozen=True)
class FactGroup:
    """Facts under one title."""

    title: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Bind:
    """What binds: a right of others, a conflict, a next date. `why` names cause or clause."""

    what: str
    state: Marked
    why: str = ""
    on: datetime.date | None = None
    url: str | None = None


@dataclass(frozen=True)
class Record:
    """One thing and all that is said of it. `under`: its name in the other script, its kind."""

    title: str
    crumb: Sequence[tuple[str, str | None]]
    state: Marked | None = None
    under: str = ""
    tabs: Sequence[Tab] = ()
    facts: Sequence[FactGroup] = ()
    binds: Sequence[Bind] = ()

"""What pages ask of every release before anybody has chosen anything: see warming."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.http import QueryDict

from pingjiang.centre.evidence import panels, warming
from pingjiang.centre.evidence.atlas.asking import asked
from pingjiang.centre.evidence.atlas.telling import Telling
from pingjiang.centre.evidence.atlas.views import VIEWS
from pingjiang.centre.evidence.chain import leaves, shown
from pingjiang.centre.evidence.data import sources
from pingjiang.centre.evidence.framing import cutoff_day
from pingjiang.centre.evidence.identity import counts, organisations, people, review
from pingjiang.centre.evidence.opening import Opened
from pingjiang.query import parse
from pingjiang.schema.units import LEVELS, UNITS
from pingjiang.search.arrangement import PUBLICATION
from pingjiang.search.shared import shared

_MOST = 500_000  # publications of a release of which all organisations and persons are asked at once


def steps(at: Opened) -> Iterator[Callable[[], object]]:
    """In the order in which pages are likely to be asked for."""
    yield from (partial(ask, at) for ask in (sources.holdings, panels.counts, cutoff_day))
    yield from (partial(_atlas, at, view) for view in VIEWS)
    yield from (partial(organisations.listed, at, level) for level in LEVELS)
    yield from (partial(organisations.choices, at, column) for column in organisations.CHOICES)
    yield partial(people.listed, at)
    yield partial(shown.outline, at, "publication")
    yield partial(shown.standings, at)
    yield partial(leaves.warm, at, "publication")
    asked_of_all = at.release.rows("publication") <= _MOST  # what is told of all must fit into what is kept
    for question in (*counts.questions(), *organisations.questions(), *people.questions()):
        if asked_of_all:
            yield partial(question.warm, at)
    yield from (partial(review.queue, at, name) for name in review.LEVELS)
    yield lambda: organisations.called(organisations.listed(at, "entity"), "x", "entity").count()
    yield lambda: people.called(people.listed(at), "x").count()
    yield partial(_search, at)
    yield from (partial(_atlas, at, "", unit) for unit in UNITS)


def _search(at: Opened) -> None:
    """The index read in, where there is one: the first query waits for that."""
    index = shared(at.lake, at.release)
    if index is not None:
        index.found(parse("TI=x OR APD>=2000"), PUBLICATION).facets(1)


def _atlas(at: Opened, view: str, unit: str = "") -> None:
    """The rows of a view of the atlas without a filter, in the usual unit or in another."""
    _name, make = VIEWS[view]
    tell = Telling(at, asked(QueryDict(f"unit={unit}"), at.id), synthetic=at.row.synthetic)
    for _part in make(tell):
        pass


warming.add(steps)

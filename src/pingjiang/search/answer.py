"""What a query finds: counted over all of it, listed as far as wanted, with what it was found by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.query import echo, parse
from pingjiang.query.corpus import fields_of
from pingjiang.query.sets import expand
from pingjiang.query.tree import Node
from pingjiang.search.build import Progress
from pingjiang.search.compiled import Ordinals
from pingjiang.search.found import hits
from pingjiang.search.opened import Index
from pingjiang.search.store import ensure, silent

LISTED = 20


@dataclass
class Answer:
    """A query's publications, the newest first.

    release: the current one; index_release: the one that the index was built from. `built`: the one whose conclusions
    the current release holds; where the index is older it waits to be made anew.
    """

    tree: Node
    echo: str
    echo_zh: str
    release: str
    built: str
    index: Index

    def __post_init__(self) -> None:
        self._query = self.index.query(self.tree)
        self.total, self._first = self.index.first(self._query, LISTED)

    @cached_property
    def ordinals(self) -> Ordinals:
        """All that were found, in order."""
        return self._first if self.total == len(self._first) else self.index.ordinals(self._query)

    @property
    def index_release(self) -> str:
        """The release that was searched."""
        return self.index.release

    @property
    def stale(self) -> bool:
        """Whether a newer release is not yet searched."""
        return self.index.release != self.release

    def hits(self, most: int | None = LISTED) -> Iterator[dict[str, Any]]:
        """The publications, with `why`: [{"field", "text", "places"}]; most: how many, None for all."""
        quick = most is not None and most <= LISTED
        return hits(self.index, self.tree, (self._first if quick else self.ordinals)[:most])

    def facets(self, most: int | None = None) -> dict[str, dict[str, Any]]:
        """All of it counted by each facet; see `Facets.counted`."""
        return self.index.facets.counted(self.ordinals, most)

    def as_dict(self, most: int | None = LISTED) -> dict[str, Any]:
        """As plain data."""
        return {
            "echo": self.echo,
            "echo_zh": self.echo_zh,
            "total": self.total,
            "release": self.release,
            "index_release": self.index.release,
            "stale": self.stale,
            "hits": list(self.hits(most)),
            "facets": self.facets(),
        }


def find(
    lake: Lake,
    text: str,
    *,
    sets: Mapping[str, str | Node] | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> Answer:
    """What a query finds in the newest index that is whole; it is made where there is none.

    Raises QueryRefused, SetUnknown before anything is opened.
    """
    tree = parse(text)
    whole = expand(tree, sets or {})
    index, release = ensure(lake, settings=settings, progress=progress, newest=False, fields=fields_of(whole))
    return Answer(whole, echo(tree), echo(tree, "zh"), release.id, release.info["built"], index)

"""What a lake's index answers, without a page around it: queries, and single publications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import text
from pingjiang.centre.evidence.search import history
from pingjiang.errors import LakeError
from pingjiang.pipeline.publications import publication_record
from pingjiang.query import echo, parse
from pingjiang.query.sets import expand
from pingjiang.query.tree import Node
from pingjiang.search.arrangement import ORDERS, UNITS
from pingjiang.search.found import Found
from pingjiang.search.shared import Shared, shared

__all__ = ["ORDERS", "UNITS", "Answered", "NoIndex", "NotIndexed", "answered", "index_of", "told_of"]


class NoIndex(LakeError):
    """The lake has no index of words: no release of it was ever indexed, or what there was is gone."""

    rule = "no_index"


class NotIndexed(NoIndex):
    """The release holds the publication, but its index is still that of an older one, which does not."""

    rule = "not_indexed"


@dataclass(frozen=True)
class Answered:
    """What a query found. `searched` is the release of which the index is; it `lags` behind what was built last."""

    found: Found
    tree: Node
    searched: str
    lags: bool

    def echo(self) -> tuple[str, str]:
        """The bracketed reading, Chinese and English."""
        return echo(self.tree, "zh"), echo(self.tree, "en")


def index_of(at: Opened) -> Shared:
    """The index that searches a release: its own, else the newest there is. NoIndex where there is none."""
    found = shared(at.lake, at.release)
    if found is None:
        raise NoIndex(
            "数据湖还没有检索索引。",
            "The lake has no search index yet.",
            remedy=("请先建立检索索引。", "Have the index made first."),
        )
    return found


def answered(at: Opened, actor: Actor, query: str, unit: str) -> Answered:
    """What a query finds, with the sets and earlier queries of who asks. It does not go into their history.

    QueryRefused or SetUnknown for what is no query, NoIndex.
    """
    tree = parse(query)
    whole = expand(tree, history.named_sets(actor, at.row))
    index = index_of(at)
    return Answered(index.found(whole, unit), tree, index.index.release, index.index.release != at.built)


def told_of(at: Opened, index: Shared, publication: str) -> dict[str, Any] | None:
    """All that is told of a publication, see `publication_record`; None where the release holds none of this id.

    NotIndexed where it does, and the index lags behind it.
    """
    try:
        release = at.release if index.index.release == at.id else at.lake.release(index.index.release)
    except LakeError:  # the index outlived its release: cells are told without the names of their columns
        release = at.release
    told = publication_record(index.index, release, publication, timezone.localdate())
    if told is None and index.index.release != at.built and _holds(at, publication):
        raise NotIndexed(
            f"版本 {at.id} 有这件公开，检索索引还停在版本 {index.index.release}。",
            f"Release {at.id} holds this publication; the search index is still that of {index.index.release}.",
            remedy=("请先建立新版本的检索索引。", "Have the index of the new release made first."),
        )
    return told


def _holds(at: Opened, publication: str) -> bool:
    with at.session() as session:
        return bool(session.rows(f"select 1 from publication p where p.publication_id = {text(publication)}"))

"""Words that the pool shares over all packs: strata and grounds of recusal, and how much an expert carries."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.models import Expert
from pingjiang.centre.programme.rulepack import label_of
from pingjiang.rulebook.policies import load_policies
from pingjiang.rulebook.policies.model import Panel


def _panels() -> Iterator[Panel]:
    """What packs say of panels, the newest version of each last."""
    for versions in load_policies().values():
        for pack in versions:
            if pack.panel is not None:
                yield pack.panel


def strata() -> dict[str, Label]:
    """Stratum → words, of all packs."""
    return {each.id: label_of(each) for panel in _panels() for each in panel.strata}


def grounds() -> dict[str, Label]:
    """Ground of recusal → words, of all packs."""
    return {each.id: label_of(each) for panel in _panels() for each in panel.grounds}


def declared() -> dict[str, Label]:
    """Those that people declare."""
    return {
        each.id: label_of(each)
        for panel in _panels()
        for each in panel.grounds
        if "declaration" in each.seen_in
    }  # fmt: skip


def loaded(rows: QuerySet[Expert]) -> QuerySet[Expert]:
    """With `load`: reviews that the expert took on, those under way and those signed."""
    off = Q(reviews__case__state__in=("declined", "excluded", "released"))
    return rows.annotate(load=Count("reviews", filter=~off))

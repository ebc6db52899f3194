"""Who reads a lake: its owner's people alone. Others see the figures of the releases that were shown to them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.models import ChainFinding, DataLake, SharedRelease, TaggingAssignment, TaggingList

# Who reads the rows of a lake of their own organisation. The steward keeps the machine, and reads no centre's data.
READERS = frozenset({"centre_manager", "centre_specialist", "programme_officer", "decision_maker"})
# Who imports into it, builds it, decides on names and tags.
WORKERS = frozenset({"centre_manager", "centre_specialist", "programme_officer"})
# Who shows a release to others.
SHARERS = frozenset({"centre_manager", "decision_maker", "programme_officer"})


def works_on(actor: Actor, lake: DataLake) -> bool:
    """Whether an actor may change a lake: import, build, judge."""
    return actor.role in WORKERS and lake.owner_id == actor.organisation.pk


def shares(actor: Actor, lake: DataLake) -> bool:
    """Whether an actor may show a release of a lake to others."""
    return actor.role in SHARERS and lake.owner_id == actor.organisation.pk


access.register(
    DataLake,
    lambda actor: (
        DataLake.objects.filter(owner=actor.organisation) if actor.role in READERS else DataLake.objects.none()
    ),
)
access.register(SharedRelease, lambda actor: SharedRelease.objects.filter(ended_at=None))


def codes(actor: Actor) -> bool:
    """Whether lists can be given to an actor from outside the lake's owner: an expert who tags, today."""
    return actor.role == "expert" and actor.wears("tagger")


def _tagging_lists(actor: Actor) -> QuerySet[TaggingList]:
    """The lists of the lakes that an actor reads; of other lakes those alone that were given to them."""
    if actor.role in READERS:
        return TaggingList.objects.filter(lake__owner=actor.organisation)
    if not codes(actor):
        return TaggingList.objects.none()
    mine = TaggingAssignment.objects.filter(membership=actor.membership, ended_at=None)
    return TaggingList.objects.filter(pk__in=mine.values("list"))


access.register(TaggingList, _tagging_lists)
access.register(
    TaggingAssignment,
    lambda actor: TaggingAssignment.objects.filter(
        Q(list__lake__in=access.visible_to(actor, DataLake))
        | Q(list__in=_tagging_lists(actor), membership=actor.membership)
    ),
)
access.register(ChainFinding, lambda actor: ChainFinding.objects.filter(lake__in=access.visible_to(actor, DataLake)))

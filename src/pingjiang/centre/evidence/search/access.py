"""Who sees queries, sets and files: whoever reads their lake; a query and a set that is not shared, its owner alone."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.models import AskedQuery, DataLake, ResultFile, SavedSet


def _lakes(actor: Actor) -> QuerySet[DataLake]:
    return access.visible_to(actor, DataLake)


access.register(AskedQuery, lambda actor: AskedQuery.objects.filter(lake__in=_lakes(actor), asked_by=actor.membership))
access.register(
    SavedSet,
    lambda actor: SavedSet.objects.filter(Q(kept_by=actor.membership) | Q(shared=True), lake__in=_lakes(actor)),
)
access.register(ResultFile, lambda actor: ResultFile.objects.filter(lake__in=_lakes(actor)))

"""Releases whose figures are shown to others: an official act, told in the history; the lake keeps the release.

The rows behind the figures stay with the owner's people. What was shown and withdrawn stays known.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence import access
from pingjiang.centre.evidence.models import DataLake, SharedRelease
from pingjiang.centre.evidence.opening import lake_of

_SHARED, _ENDED = "release shared", "release withdrawn"


def share(lake: DataLake, actor: Actor, release: str, *, public: bool, request: uuid.UUID) -> SharedRelease:
    """Show the figures of a built release to others, or to everybody. The lake keeps it from now on.

    Http404 for who may not, LakeError for a release that is not kept, Refused for one that was not built.
    """
    _require(lake, actor)
    with transaction.atomic():
        DataLake.objects.select_for_update().get(pk=lake.pk)
        if done := Event.objects.filter(request=request, kind=_SHARED).first():
            return SharedRelease.objects.get(pk=int(done.subject.removeprefix("shared:")))
        # A release is shown once at a time: a second showing replaces the first.
        before = list(SharedRelease.objects.filter(lake=lake, release=release, ended_at=None))
        SharedRelease.objects.filter(pk__in=[row.pk for row in before]).update(ended_at=timezone.now())
        row = SharedRelease.objects.create(lake=lake, release=release, public=public, shared_by=actor.membership)
        if lake_of(lake).release(release).info.get("built") != release:
            raise Refused("built", "只能公开构建好的版本", "only a release that was built can be shown")
        history.write(_SHARED, f"shared:{row.pk}", actor=actor, after=_said(row), request=request)
        # The last step before the transaction ends: what is shown is kept. A pin too many keeps a release too long.
        lake_of(lake).pin(release, _reason(row))
    for each in before:
        lake_of(lake).unpin(release, _reason(each))
    return row


def withdraw(shared: SharedRelease, actor: Actor) -> None:
    """Show the figures no more. Whoever cites the release keeps it; otherwise it goes when its time is over."""
    _require(shared.lake, actor)
    with transaction.atomic():
        changed = SharedRelease.objects.filter(pk=shared.pk, ended_at=None).update(ended_at=timezone.now())
        if changed:
            history.write(_ENDED, f"shared:{shared.pk}", actor=actor, before=_said(shared))
    lake_of(shared.lake).unpin(shared.release, _reason(shared))


def _require(lake: DataLake, actor: Actor) -> None:
    if not access.shares(actor, lake):
        raise Http404


def _reason(row: SharedRelease) -> str:
    return f"shared:{row.pk}"


def _said(row: SharedRelease) -> dict[str, Any]:
    return {"lake": row.lake_id, "release": row.release, "public": int(row.public)}

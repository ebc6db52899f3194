"""Documents and papers are seen by whoever sees their case, but for what an app keeps back until it is handed in."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.documents.models import Document, Paper, Version

Rule = Callable[[Actor], Q]
_kept_back: list[Rule] = []


def keep_back(rule: Rule) -> None:
    """Say which versions of documents an actor does not read, though they see the case: a Q over Version."""
    _kept_back.append(rule)


def _versions(actor: Actor) -> QuerySet[Version]:
    seen = Version.objects.filter(access.with_case(actor, "document__case"))
    for rule in _kept_back:
        seen = seen.exclude(rule(actor))
    return seen


def _documents(actor: Actor) -> QuerySet[Document]:
    """Those of which the actor reads a version: a document never is without one."""
    read = _versions(actor).filter(document=OuterRef("pk")).order_by()
    return Document.objects.filter(access.with_case(actor), Exists(read))


access.register(Document, _documents)
access.register(Version, _versions)
access.register(Paper, lambda actor: Paper.objects.filter(access.with_case(actor)))

"""Many applications read at once: for lists, and for moves that many make together.

What was read so is of that moment. Rows of a list are shown and gone; cases of a move of many are locked.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents.models import Document
from pingjiang.centre.programme.models import Application, Seal, Waiver

MATERIAL = "material:"  # documents of the case that belong to what is applied for; the district's own do not


def materials(case: Case) -> QuerySet[Document]:
    """Documents that the applicant handed in, with their versions, the last first."""
    return _held().filter(case=case)


def _held() -> QuerySet[Document]:
    return Document.objects.filter(name__startswith=MATERIAL).prefetch_related("versions").order_by("pk")


def with_stamps(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with all that their hash, and whether a stamp stands on it, are reckoned from."""
    seals = Seal.objects.select_related("paper", "scan", "by__user", "by__organisation")
    return rows.prefetch_related("sections", Prefetch("case__documents", _held()), Prefetch("seals", seals))


def stamped(cases: Sequence[Case]) -> list[Application]:
    """Applications of cases, with their stamps. They stay with the cases: who asks again, as several needs of one move
    do, reads nothing."""
    prefetch_related_objects(cases, Prefetch("application", with_stamps(Application.objects.select_related("call"))))
    return [case.application for case in cases]


def checked(cases: Sequence[Case]) -> list[Application]:
    """The same, with all that the formal check looks at beside the stamp."""
    found = stamped(cases)
    prefetch_related_objects(found, "versions", "checks", "check_answers", "waivers__approval__by__user")
    return found


def read(application: Application, *more: str) -> None:
    """Read what a page of one application asks for again and again, and `more` that is named of it ("seals": as pages
    show them). It is of that moment: a page is read so once nothing more is changed."""
    shown = {
        "seals": Seal.objects.select_related("paper", "scan__document", "by__user", "by__organisation"),
        "waivers": Waiver.objects.select_related("approval__by__user"),
        "case__documents": _held(),
    }
    asked = ("call", "sections", "case__documents", "waivers", *more)
    prefetch_related_objects([application], *(Prefetch(each, shown[each]) if each in shown else each for each in asked))


def is_read(row: Model, relation: str) -> bool:
    """Whether the rows of a relation were read for many at once."""
    return relation in getattr(row, "_prefetched_objects_cache", ())

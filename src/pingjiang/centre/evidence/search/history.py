"""What a person asked of a lake before (`#3`), and sets that were kept by name (`##name`)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence.models import AskedQuery, DataLake, SavedSet
from pingjiang.centre.evidence.rosters import keeping
from pingjiang.query import parse

_LISTED = 200


def asked_of(actor: Actor, lake: DataLake) -> QuerySet[AskedQuery]:
    """One's own queries, the latest first."""
    return AskedQuery.objects.filter(lake=lake, asked_by=actor.membership)


def sets_of(actor: Actor, lake: DataLake) -> QuerySet[SavedSet]:
    """One's own sets, and those that are shared by others who read the lake."""
    return SavedSet.objects.filter(Q(kept_by=actor.membership) | Q(shared=True), lake=lake).select_related(
        "kept_by__user"
    )


def named_sets(actor: Actor, lake: DataLake) -> dict[str, str]:
    """What `#3` and `##name` stand for: queries, sets, rosters. One's own goes before a shared one of the same name."""
    found = {f"#{one.number}": one.text for one in asked_of(actor, lake)[:_LISTED]}
    kept = sorted(sets_of(actor, lake), key=lambda one: one.kept_by_id == actor.membership.pk)
    return {**found, **keeping.as_sets(actor, lake), **{f"##{one.name}": one.text for one in kept}}


def note(actor: Actor, lake: DataLake, text: str, unit: str, release: str, total: int) -> int:
    """Put a query into one's history; the number under which it stands there. The same text twice stands once."""
    mine = asked_of(actor, lake)
    known = mine.filter(text=text).first()
    if known is not None:
        return known.number
    last = mine.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            AskedQuery.objects.create(
                lake=lake,
                asked_by=actor.membership,
                number=last + 1,
                text=text,
                unit=unit,
                release=release,
                total=total,
            )
    except IntegrityError:  # asked twice in the same moment
        return mine.filter(text=text).values_list("number", flat=True).first() or last + 1
    return last + 1


def keep(actor: Actor, lake: DataLake, name: str, text: str, *, shared: bool) -> SavedSet:
    """Keep a query by name; one's own of that name says this from now on.

    Refused for a name that the language cannot name, or that somebody else shares. QueryRefused for what is no query.
    """
    name = name.strip().lstrip("#")
    if not keeping.NAME.fullmatch(name):
        raise Refused(
            "name", "名称用文字、数字和“-”，不超过 40 个字符", "a name is letters, digits and '-', 40 at most"
        )
    parse(text)
    if keeping.of_lake(actor, lake).filter(name=name).exists():
        raise Refused("name", f"已有名单 ##{name}", f"there is a roster ##{name} already")
    taken = SavedSet.objects.filter(lake=lake, name=name, shared=True).exclude(kept_by=actor.membership)
    if shared and taken.exists():
        raise Refused("name", f"本单位已有集合 ##{name}", f"there is a shared set ##{name} already")
    made, _ = SavedSet.objects.update_or_create(
        lake=lake, kept_by=actor.membership, name=name, defaults={"text": text, "shared": shared}
    )
    return made

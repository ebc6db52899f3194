"""Rosters: who sees and who changes one, what is put into it, and what it means where a query names it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence.access import works_on
from pingjiang.centre.evidence.models import DataLake, Roster, RosterEntry, SavedSet
from pingjiang.centre.evidence.models.identity import KINDS

NAME = re.compile(r"[^\W_][\w-]{0,39}")
MOST = 1000  # entries of one
_LONGEST = 400  # characters of a name

access.register(
    Roster,
    lambda actor: Roster.objects.filter(
        Q(kept_by=actor.membership) | Q(shared=True), lake__in=access.visible_to(actor, DataLake)
    ),
)


def of_lake(actor: Actor, lake: DataLake, kind: str | None = None) -> QuerySet[Roster]:
    """The rosters of a lake that an actor sees, with how many are in each."""
    found = access.visible_to(actor, Roster).filter(lake=lake).select_related("kept_by__user", "lake")
    found = found if kind is None else found.filter(kind=kind)
    return found.annotate(size=Count("entries"))


def changes(actor: Actor, roster: Roster) -> bool:
    """Whether an actor may fill a roster: their own, or a shared one of a lake that they work on."""
    return owns(actor, roster) or (roster.shared and works_on(actor, roster.lake))


def owns(actor: Actor, roster: Roster) -> bool:
    """Whether it is the actor's own: who shares and drops it."""
    return roster.kept_by_id == actor.membership.pk


def make(actor: Actor, lake: DataLake, name: str, kind: str, *, shared: bool) -> Roster:
    """A new roster. Refused for a name that queries cannot name, or that stands for something already."""
    name = name.strip().lstrip("#")
    if not NAME.fullmatch(name):
        raise Refused(
            "name", "名称用文字、数字和“-”，不超过 40 个字符", "a name is letters, digits and '-', 40 at most"
        )
    if kind not in KINDS:
        raise Refused("kind", "没有这种名单", "there is no such kind of roster")
    with transaction.atomic():
        DataLake.objects.select_for_update().get(pk=lake.pk)  # two of one name at once
        _require_free(actor, lake, name, shared=shared)
        return Roster.objects.create(lake=lake, kept_by=actor.membership, name=name, kind=kind, shared=shared)


def _require_free(actor: Actor, lake: DataLake, name: str, *, shared: bool, but: Sequence[int] = ()) -> None:
    """A name stands for one thing to everybody who can use it: `##name` is a set or a roster, never both."""
    mine = Q(kept_by=actor.membership)
    seen = mine | Q(shared=True)
    if Roster.objects.filter(seen, lake=lake, name=name).exclude(pk__in=but).exists():
        raise Refused("name", f"已有名单 ##{name}", f"there is a roster ##{name} already")
    if SavedSet.objects.filter(seen, lake=lake, name=name).exists():
        raise Refused("name", f"已有集合 ##{name}", f"there is a set ##{name} already")
    if shared and SavedSet.objects.filter(lake=lake, name=name).exists():
        raise Refused("name", f"同事已有集合 ##{name}", f"a colleague has a set ##{name} already")


def share(actor: Actor, roster: Roster, *, shared: bool) -> None:
    """Let all who read the lake use it, or oneself alone. Refused where the name stands for something already."""
    with transaction.atomic():
        DataLake.objects.select_for_update().get(pk=roster.lake_id)
        if shared:
            _require_free(actor, roster.lake, roster.name, shared=True, but=[roster.pk])
        Roster.objects.filter(pk=roster.pk).update(shared=shared)


def add(actor: Actor, roster: Roster, named: Mapping[str, str]) -> int:
    """Put these (key → name) into it; how many were not there yet. Refused where it would hold too many."""
    with transaction.atomic():
        Roster.objects.select_for_update().get(pk=roster.pk)
        there = set(roster.entries.values_list("key", flat=True))
        fresh = {key: name for key, name in named.items() if key not in there}
        if len(there) + len(fresh) > MOST:
            raise Refused("size", f"一份名单不超过 {MOST} 行", f"a roster holds {MOST} at most")
        RosterEntry.objects.bulk_create(
            RosterEntry(roster=roster, key=key, name=name[:_LONGEST], added_by=actor.membership)
            for key, name in fresh.items()
        )
    return len(fresh)


def remove(roster: Roster, keys: Collection[str]) -> int:
    """Take these out of it; how many were in it."""
    return roster.entries.filter(key__in=keys).delete()[0]


def keys_of(roster: Roster) -> list[str]:
    """The ids of what is in it, in the order in which they came."""
    return list(roster.entries.values_list("key", flat=True))


def as_sets(actor: Actor, lake: DataLake) -> dict[str, str]:
    """What `##name` of each roster stands for. One's own goes before a shared one of the same name."""
    rows = sorted(of_lake(actor, lake).prefetch_related("entries"), key=lambda one: owns(actor, one))
    filled = [(row, entries) for row in rows if (entries := list(row.entries.all()))]
    return {f"##{row.name}": query_of(row.kind, entries) for row, entries in filled}


def query_of(kind: str, entries: Sequence[RosterEntry]) -> str:
    """The query for what the entries have: publications by number; organisations and persons by their names.

    A namesake is found with a person: queries know persons by names.
    """
    if kind == "publication":
        return f"PN=({' OR '.join(one.key for one in entries)})"
    field = "PA" if kind == "organisation" else "IN"
    return " OR ".join(f"{field}=={_quoted(one.name)}" for one in entries)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class Beside:
    """What a page says of rosters: in which ones its thing is (and whether the actor may take it out), and which
    others it can be put into."""

    kind: str
    key: str
    within: list[tuple[Roster, bool]]
    others: list[Roster]


def beside(actor: Actor, lake: DataLake, kind: str, key: str) -> Beside:
    """The rosters beside one thing."""
    rows = list(of_lake(actor, lake, kind))
    held = set(RosterEntry.objects.filter(roster__in=rows, key=key).values_list("roster_id", flat=True))
    return Beside(
        kind, key, [(row, changes(actor, row)) for row in rows if row.pk in held],
        [row for row in rows if row.pk not in held and changes(actor, row)],
    )  # fmt: skip

"""The fixed cast of the site's tests. Alice owns, Bob is of her firm, Charlie is a stranger; Olga is the officer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pingjiang.centre.accounts.models import Actor, District, Membership, Organisation, User
from pingjiang.centre.accounts.roles import ROLES
from tests.centre.kept import kept

SINCE = datetime.date(2020, 1, 1)


def person(name: str, organisation: Organisation, role: str, tracks: list[str] | None = None) -> Actor:
    """A person in a role."""
    user = User.objects.create_user(username=name.lower(), name=name, password="correct horse battery")
    membership = Membership(user=user, organisation=organisation, role=role, since=SINCE, tracks=tracks or [])
    membership.full_clean()
    membership.save()
    return Actor(user, membership)


@dataclass(frozen=True)
class Cast:
    """Who is who."""

    bureau: Organisation
    firm: Organisation
    other: Organisation
    olga: Actor
    alice: Actor
    bob: Actor
    charlie: Actor
    stella: Actor
    everyone: dict[str, Actor]


@kept
def make() -> Cast:
    """The cast in an empty database, with one person in each of the nine roles."""
    district = District.objects.create(code="320506", name_zh="吴中区", name_en="Wuzhong")
    bureau = Organisation.objects.create(kind="authority", name_zh="市局", tracks=["patent", "copyright"])
    firm = Organisation.objects.create(kind="firm", name_zh="甲公司", district=district)
    other = Organisation.objects.create(kind="firm", name_zh="乙公司", district=district)
    olga = person("Olga", bureau, "programme_officer", ["patent"])
    alice, bob = person("Alice", firm, "member_user"), person("Bob", firm, "member_user")
    charlie, stella = person("Charlie", other, "member_user"), person("Stella", bureau, "steward")
    everyone = {"programme_officer": olga, "member_user": alice, "steward": stella}
    for role in ROLES.values():
        if role.name not in everyone:
            kind = min(role.kinds)
            place = bureau if kind == "authority" else Organisation.objects.create(kind=kind, name_zh=f"{kind} 单位")
            everyone[role.name] = person(f"One_{role.name}", place, role.name)
    return Cast(bureau, firm, other, olga, alice, bob, charlie, stella, everyone)

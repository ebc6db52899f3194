"""The city on which the matrix is played: two organisations of each kind, everybody who asks, and things."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from pingjiang.centre.accounts import membership as joining
from pingjiang.centre.accounts.models import Actor, District, Hat, Organisation
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.api.models import SCOPES, issue
from tests.centre.announcements.play import Play
from tests.centre.cast import SINCE, Cast, person
from tests.centre.matrix.people import (
    ADMIN,
    ANONYMOUS,
    DEACTIVATED,
    EXPIRED,
    OTHER_TRACK,
    OUTSIDE,
    OWN,
    SAME,
    STRANGER,
    Who,
    relations,
)  # fmt: skip

_KIND = {"member_user": "firm", "expert": "expert_body", "partner": "bank"}  # else the role has one kind alone
_ADMITS = {"member_user": "organisation_admin", "steward": "administrator"}


@dataclass(frozen=True)
class Thing:
    """Something with an address: who sees it, the text that gives it away, and what stands in its URLs.

    `label` is the text by which a list shows it, where that gives nothing away; else it is the mark.
    """

    name: str
    sees: Who
    mark: str
    ids: Mapping[str, Any]
    public: bool = False
    label: str = ""


@dataclass
class City:
    """Who is there and what."""

    people: dict[tuple[str, str], Actor]
    gone: dict[str, Actor]
    homes: dict[str, Organisation]
    play: Play
    things: dict[str, Thing] = field(default_factory=dict)
    clients: dict[str | tuple[str, str], Client] = field(default_factory=dict)
    secrets: dict[str | tuple[str, str], str] = field(default_factory=dict)

    def put(
        self, name: str, /, *, sees: Who, mark: str = "", label: str = "", public: bool = False, **ids: Any
    ) -> None:  # fmt: skip
        """Make a thing known under a name. `public` where everybody may read of it.

        What stands in addresses of pages as `lake` stands in those of the API as `lake_id`.
        """
        assert name not in self.things, name
        ids = {**{f"{each}_id": value for each, value in ids.items()}, **ids}
        self.things[name] = Thing(name, sees, mark, ids, public, label or mark)

    def own(self, role: str) -> Actor:
        """The one whose things they are."""
        return self.people[role, OWN]


def build() -> City:
    """People and organisations, everybody signed in and with a token, and then some of them gone. No things yet."""
    districts = [
        District.objects.create(code=code, name_zh=zh, name_en=en)
        for code, zh, en in (("320506", "吴中区", "Wuzhong"), ("320507", "相城区", "Xiangcheng"))
    ]
    homes, aways = _organisations(districts[0]), _organisations(districts[1])
    people: dict[tuple[str, str], Actor] = {}
    for role in ROLES:
        for relation in relations(role):
            place = (aways if relation == STRANGER else homes)[_kind(role)]
            people[role, relation] = _person(role, relation, place)
    gone = {
        name: person(name.title().replace(" ", ""), homes["authority"], "decision_maker")
        for name in OUTSIDE if name != ANONYMOUS
    }  # fmt: skip
    city = City(people, gone, homes, _play(people, homes, aways))
    _enter(city)
    return city


def _kind(role: str) -> str:
    return _KIND.get(role) or min(ROLES[role].kinds)


def _organisations(district: District) -> dict[str, Organisation]:
    kinds = dict.fromkeys(_kind(role) for role in ROLES)
    return {
        kind: Organisation.objects.create(
            kind=kind, name_zh=f"{district.name_zh}{kind}", district=None if kind == "authority" else district,
            tracks=["patent", "copyright"] if kind == "authority" else [],
        )
        for kind in kinds
    }  # fmt: skip


def _person(role: str, relation: str, place: Organisation) -> Actor:
    tracks = [] if role != "programme_officer" else ["copyright"] if relation == OTHER_TRACK else ["patent"]
    made = person(f"{role}-{relation}".replace(" ", "-"), place, role, tracks)
    if relation == ADMIN:
        Hat.objects.create(membership=made.membership, name=_ADMITS[role], since=SINCE)
    return made


def _play(people: dict[tuple[str, str], Actor], homes: dict[str, Organisation], aways: dict[str, Organisation]) -> Play:
    """The same people under the names that other tests give them."""
    everyone = {role: people[role, OWN] for role in ROLES}
    cast = Cast(
        homes["authority"], homes["firm"], aways["firm"], everyone["programme_officer"], everyone["member_user"],
        people["member_user", SAME], people["member_user", STRANGER], everyone["steward"], everyone,
    )  # fmt: skip
    return Play(
        cast, everyone["decision_maker"], homes["centre"], everyone["centre_manager"], everyone["centre_specialist"]
    )


def _enter(city: City) -> None:
    """Everybody signs in and takes a token; then two of them go, with both in hand."""
    city.clients[ANONYMOUS], city.secrets[ANONYMOUS] = Client(), "pj_guessed"
    everybody: list[tuple[str | tuple[str, str], Actor]] = [*city.people.items(), *city.gone.items()]
    for key, actor in everybody:
        city.clients[key] = Client()
        city.clients[key].force_login(actor.user)
        city.secrets[key] = issue(actor, "矩阵", sorted(SCOPES), 30)[1]
    joining.deactivate(city.gone[DEACTIVATED].user)
    ended = city.gone[EXPIRED].membership
    ended.until = timezone.localdate() - datetime.timedelta(days=1)
    ended.save()

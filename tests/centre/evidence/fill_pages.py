"""Adds lakes to the site that the browser looks at, with one of each thing that people keep there.

`python -m tests.centre.evidence.fill_pages`, after `populate.py`. Lakes, addresses and who sees them are those of the
matrix. Beside the database it leaves `evidence.json`: `read`, the name of a URL, who reads it, and an address; `acts`,
the names of URLs that take forms alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tests.centre.matrix.city import City
    from tests.centre.matrix.table import Row

_CALLED = {"programme_officer": "olga", "member_user": "alice", "steward": "stella"}
_OURS = ("evidence", "public-atlas")
_PART = ("evidence-search-reading", "evidence-data-waiting")  # of a page that is looked at as a whole


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from tests.centre.evidence.seeding import seed
    from tests.centre.matrix.table import ROWS

    city = city_of_the_cast()
    seed(city)
    rows = [row for row in ROWS if row.url.startswith(_OURS)]
    asked = [row for row in rows if row.method == "GET" and row.url not in _PART]
    told = {
        "read": [found for row in asked if (found := _address(row, city)) is not None],
        "acts": sorted({row.url for row in rows} - {row.url for row in asked}),
    }
    (Path(settings.SITE_FOLDER) / "evidence.json").write_text(json.dumps(told), encoding="utf-8")


def city_of_the_cast() -> City:
    """The people and houses of the cast under the names of the matrix."""
    from pingjiang.centre.accounts.models import Actor, Membership
    from pingjiang.centre.accounts.roles import ROLES
    from tests.centre.matrix.city import City
    from tests.centre.matrix.people import OWN

    people = {}
    for role in ROLES:
        row = Membership.objects.filter(user__username=_CALLED.get(role, f"one_{role}"), role=role).earliest("pk")
        people[role, OWN] = Actor(row.user, row)
    homes = {actor.organisation.kind: actor.organisation for actor in people.values()}
    return City(people, {}, homes, cast(Any, None))


def _address(row: Row, city: City) -> tuple[str, str, str] | None:
    """Name, reader and address of what a row asks; None for what nobody at home may read."""
    from django.urls import get_resolver, reverse

    from tests.centre.matrix.people import OWN

    readers = sorted(role for role, relation in row.gets.get(200, ()) if relation == OWN)
    if not readers or not row.of:
        return None
    names = get_resolver().reverse_dict.getlist(row.url)[0][0][0][1]
    ids = city.things[row.of].ids
    return row.url, city.own(readers[0]).user.username, reverse(row.url, kwargs={name: ids[name] for name in names})


if __name__ == "__main__":
    main()

"""Who reads which lake: rows of the matrix (tests/centre/matrix/table.py)."""

from __future__ import annotations

from pingjiang.centre.evidence.models import DataLake
from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE, at_home
from tests.centre.matrix.table import Row

# Its owner's people alone, and of those not the steward.
CITY_LAKE = at_home("programme_officer", "decision_maker")
CENTRE_LAKE = at_home("centre_manager", "centre_specialist")
LAKES = ("city lake", "lake of a centre")


def seed(city: City) -> None:
    """A lake of the bureau and one of a centre, both empty."""
    for name, sees, kind in (("city lake", CITY_LAKE, "authority"), ("lake of a centre", CENTRE_LAKE, "centre")):
        lake = DataLake.objects.create(owner=city.homes[kind], name_zh=f"{kind}的数据湖甲")
        city.put(name, sees=sees, mark=lake.name_zh, lake=lake.pk)


ROWS = [
    Row("evidence", "GET", "", {200: EVERYONE}, shows=LAKES),
    Row("evidence", "GET", "", {200: EVERYONE}, query={"export": "xlsx"}, shows=LAKES),
]

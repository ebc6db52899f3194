"""Who gets what of the manual: everybody everything. Rows of the matrix (tests/centre/matrix/table.py)."""

from __future__ import annotations

from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE
from tests.centre.matrix.table import PUBLIC, Row


def seed(city: City) -> None:
    """A page of it."""
    city.put("manual", sees=EVERYONE, mark="", public=True, name="expert")


ROWS = [
    Row("help", "GET", "", {200: EVERYONE}, PUBLIC),
    Row("help-page", "GET", "manual", {200: EVERYONE}, PUBLIC),
]

"""Who gets what of the API: rows of the matrix (tests/centre/matrix/table.py). The same as on the pages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE, at_home
from tests.centre.matrix.table import API, PUBLIC, Row, alike
from tests.centre.pages.rows import CASES

READ, MOVE = "cases:read", "cases:move"


def move(name: str, version: int = 2) -> Any:
    def sent(_city: City) -> Mapping[str, Any]:
        return {"move": name, "version": version, "request": str(uuid.uuid4())}

    return sent


ROWS = [
    Row("api:openapi-json", "GET", "", {200: EVERYONE}, PUBLIC),
    Row("api:api-root", "GET", "", {404: EVERYONE}, alike(404)),
    Row("api:me", "GET", "", {200: EVERYONE}, API),
    Row("api:cases", "GET", "", {200: EVERYONE}, API, shows=tuple(CASES), scope=READ),
    *(Row("api:case_of", "GET", name, {200: sees}, API, scope=READ) for name, sees in CASES.items()),
    *(Row("api:events", "GET", name, {200: CASES[name]}, API, scope=READ) for name in CASES),
    *(Row("api:moves", "GET", name, {200: CASES[name]}, API, scope=READ) for name in CASES),
    *(
        Row("api:move", "POST", name, {409: CASES[name]}, API, scope=MOVE, sent=move("no"))
        for name in ("draft", "question handed on", "errand")
    ),
    Row("api:move", "POST", "errand", {200: at_home("member_user"), 409: at_home("programme_officer")}, API,
        scope=MOVE, sent=move("withdraw")),
]  # fmt: skip

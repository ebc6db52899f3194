"""The matrix of access: what every URL answers to whom. One table, in which each app's rows stand with the app.

A row is a URL's name, a method, the thing whose id stands in the address, and who gets which answer. How to add one:

1. Put it into `tests/centre/APP/rows.py` (any such file is found): `ROWS = [Row(...), ...]`. An operation of the API is
   'api:' and the name of its function.

       Row("announcement", "GET", "draft", {200: DRAFT}),                        all others of the nine roles get 404
       Row("announcement", "POST", "draft", {422: DRAFT}, sent={"move": "x"}),   a request that is refused
       Row("announcements", "GET", "", {200: EVERYONE}, shows=("draft",)),       lists what is seen, and nothing else
       Row("announcements", "GET", "", {200: EVERYONE}, query={"export": "xlsx"}, shows=("draft",)),
       Row("api:case_of", "GET", "draft", {200: DRAFT}, outside=API, scope="cases:read"),

2. A thing that is new is made by `seed(city)` in the same file, by those who may, and given its name and who sees it:

       city.put("draft", sees=DRAFT, mark=case.title, pk=case.pk, case_id=case.pk)

   `mark` is a text that no page may show to anybody else: every answer to everybody is searched for the marks of what
   they do not see. `mark=""` where others may read of it. The names (pk, …) are those of the URL's pattern.
3. `outside` says what those get who are nobody here: PAGE (asked to sign in), PUBLIC, FILE (not found), API (401), …
   `shows` names things of which a list tells exactly those who see them.
4. A view takes GET and POST unless `require_GET`, `require_POST` or `require_http_methods` says otherwise: each method
   that it takes needs a row.

Each request is undone, so that a row may also send one that is done. A GET, and whatever is refused, changes nothing:
where it does by design (a page that begins something), the row says `writes=True`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.centre.matrix.people import ANONYMOUS, DEACTIVATED, EXPIRED, Who

if TYPE_CHECKING:
    from tests.centre.matrix.city import City

SIGN_IN = "asked to sign in"
Answer = int | str  # a status, or SIGN_IN; 302 is a redirect to anywhere else
Sent = Mapping[str, Any] | Callable[["City"], Mapping[str, Any]]

# Of those outside: nobody; somebody deactivated, whose session was open; somebody whose membership has run out.
Outside = Mapping[str, Answer]
PAGE: Outside = {ANONYMOUS: SIGN_IN, DEACTIVATED: SIGN_IN, EXPIRED: 403}
ACCOUNT: Outside = {**PAGE, EXPIRED: 200}  # pages of a person, in whatever role
FILE: Outside = {ANONYMOUS: 404, DEACTIVATED: 404, EXPIRED: 404}
API: Outside = {ANONYMOUS: 401, DEACTIVATED: 401, EXPIRED: 401}


def alike(answer: Answer) -> Outside:
    """One answer to all of them."""
    return {ANONYMOUS: answer, DEACTIVATED: answer, EXPIRED: answer}


PUBLIC = alike(200)


@dataclass(frozen=True)
class Row:
    """What a URL answers. `gets` maps an answer to those who get it, everybody else in a role gets `otherwise`."""

    url: str
    method: str
    of: str
    gets: Mapping[Answer, Who]
    outside: Outside = field(default_factory=lambda: PAGE)
    otherwise: Answer = 404
    query: Mapping[str, str] = field(default_factory=dict)
    sent: Sent = field(default_factory=dict)
    shows: Sequence[str] = ()
    scope: str = ""
    writes: bool = False

    def expected(self, role: str, relation: str) -> Answer:
        """The answer to somebody in a role."""
        for answer, whom in self.gets.items():
            if (role, relation) in whom:
                return answer
        return self.otherwise

    def __str__(self) -> str:
        query = "?" + "&".join(f"{name}={value}" for name, value in self.query.items()) if self.query else ""
        return f"{self.method} {self.url}{query}{f' of {self.of}' if self.of else ''}"


def _modules() -> list[Any]:
    here = Path(__file__).parents[1]
    return [importlib.import_module(f"tests.centre.{path.parent.name}.rows") for path in sorted(here.glob("*/rows.py"))]


MODULES = _modules()
ROWS: list[Row] = [row for module in MODULES for row in module.ROWS]

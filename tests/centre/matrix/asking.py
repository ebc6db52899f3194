"""One request by one of the people, undone when it has been answered; and whether it changed anything."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.centre.matrix.city import City
from tests.centre.matrix.resolver import Place
from tests.centre.matrix.table import SIGN_IN, Answer, Row

Who = str | tuple[str, str]
# Whether somebody is still there, and wrong passwords: not what a request asks for.
_BESIDE = ("django_session", "axes_")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b[^\"`]*[\"`]?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """What came back: the answer, the whole text (of a workbook or page), and whether the database is another."""

    answer: Answer
    text: str
    body: bytes
    changed: bool


class Ledger:
    """What the database holds; compared only after a statement that could have changed it."""

    def __init__(self) -> None:
        self.before = self._all()
        self._written = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """See a statement pass."""
        found = _WRITES.match(sql)
        if found and not found[2].lower().startswith(_BESIDE):
            self._written = True
        return execute(sql, params, many, context)

    @property
    def changed(self) -> bool:
        """Whether it holds something else than before."""
        changed = self._written and self._all() != self.before
        self._written = False
        return changed

    @staticmethod
    def _all() -> dict[str, list[str]]:
        with connection.cursor() as cursor:
            held = {}
            for table in connection.introspection.table_names(cursor):
                if not table.startswith(_BESIDE):
                    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                    held[table] = sorted(map(repr, cursor.fetchall()))
        return held


def address(row: Row, place: Place, ids: Mapping[str, Any]) -> str | None:
    """The address of a row for a thing with these ids; None where no such address can be written."""
    try:
        path = reverse(row.url, kwargs={name: ids[name] for name in place.kinds})
    except NoReverseMatch:
        return None
    return path


def ask(
    city: City, ledger: Ledger, row: Row, path: str, who: Who, *, method: str = "", secret: str = "", csrf: bool = False
) -> Said:  # fmt: skip
    """Send what a row sends, as somebody, a GET in its address; then undo it."""
    client, method = city.clients[who], method or row.method
    sent = row.sent(city) if callable(row.sent) else row.sent
    more: dict[str, Any] = {}
    if row.url.startswith("api:"):
        client = Client()
        if not any(isinstance(value, UploadedFile) for value in sent.values()):
            more["content_type"] = "application/json"
        more["headers"] = {"Authorization": f"Bearer {secret or city.secrets[who]}"}
    if row.query:
        more["query_params"] = dict(row.query)
    if method == "GET":
        more.pop("content_type", None)
        if sent:
            more["query_params"] = {**row.query, **sent}
    cookies = deepcopy(client.cookies)
    client.handler.enforce_csrf_checks = csrf
    try:
        with transaction.atomic(), connection.execute_wrapper(ledger):
            call = getattr(client, method.lower())
            response = call(path, **more) if method == "GET" else call(path, dict(sent), **more)
            body = _body(response)
            changed = ledger.changed
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
        client.handler.enforce_csrf_checks = False
    return Said(_answer(response), _text(response, body), body, changed)


def _answer(response: HttpResponseBase) -> Answer:
    target = str(response.headers.get("Location", ""))
    if response.status_code == 302 and target.startswith(reverse("sign-in")):
        return SIGN_IN
    return response.status_code


def _body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def _text(response: HttpResponseBase, body: bytes) -> str:
    """What a reader finds in it: of a workbook all its cells, of a page or JSON its text, of other files nothing."""
    kind = str(response.headers.get("Content-Type", ""))
    if "spreadsheetml" in kind:
        return _cells(body)
    if kind.startswith("application/json"):
        return json.dumps(json.loads(body), ensure_ascii=False)
    return body.decode() if kind.startswith("text/") else ""


def _cells(body: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    return "\n".join(str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)


def alike(said: Said, path: str) -> str:
    """A page without what differs from one request to the next: its own address, and the token of its forms."""
    return re.sub(r"[A-Za-z0-9]{64}", "", said.text.replace(path, ""))

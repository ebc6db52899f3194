"""The API by token: who gets what, what is refused, and that no request makes the server fail."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.api.models import Token, issue, revoke
from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db
ALL = ["cases:read", "cases:move"]


class Program:
    """A program with a token."""

    def __init__(self, actor: Actor, scopes: list[str] | None = None) -> None:
        self.token, self.secret = issue(actor, "程序", scopes or ALL, 30)

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        found = Client().get(f"/api/v1/{path}", query, headers={"Authorization": f"Bearer {self.secret}"})
        return found.status_code, found.json()

    def post(self, path: str, **body: Any) -> tuple[int, Any]:
        found = Client().post(
            f"/api/v1/{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {self.secret}"}
        )
        return found.status_code, found.json()


def errand(cast: Cast, *moves: str) -> Case:
    case = service.open_case(ERRAND, cast.alice, number=f"E-{Case.objects.count()}", title="事", authority=cast.bureau)
    for move in moves:
        service.perform(case, move, cast.alice if move in ("ask", "withdraw") else cast.olga)
    case.refresh_from_db()
    return case


def test_who_sees_which_case(cast: Cast) -> None:
    """Owner, colleague, stranger, officer, and nobody: the same answers on list, case, events and moves."""
    draft, asked = errand(cast), errand(cast, "ask")
    programs = {name: Program(actor) for name, actor in cast.everyone.items()}
    programs |= {"colleague": Program(cast.bob), "stranger": Program(cast.charlie)}
    sees = {
        "member_user": {draft.pk, asked.pk}, "colleague": {draft.pk, asked.pk}, "programme_officer": {asked.pk},
    }  # fmt: skip
    for name, program in programs.items():
        may = sees.get(name, set())
        status, page = program.get("cases")
        assert status == 200 and {case["id"] for case in page["items"]} == may and page["total"] == len(may), name
        for case in (draft, asked):
            for path in (f"cases/{case.pk}", f"cases/{case.pk}/events", f"cases/{case.pk}/moves"):
                assert program.get(path)[0] == (200 if case.pk in may else 404), (name, path)
    for path in ("me", "cases", f"cases/{asked.pk}", f"cases/{asked.pk}/events", f"cases/{asked.pk}/moves"):
        assert Client().get(f"/api/v1/{path}").status_code == 401
        assert Client().get(f"/api/v1/{path}", headers={"Authorization": "Bearer pj_x"}).status_code == 401


def test_a_guessed_number_and_a_hidden_one_answer_alike(cast: Cast) -> None:
    case, stranger = errand(cast), Program(cast.charlie)
    assert stranger.get(f"cases/{case.pk}") == stranger.get("cases/999999")
    assert stranger.post(f"cases/{case.pk}/moves", move="ask", version=1, request=str(uuid.uuid4()))[0] == 404


def test_a_move_is_made_once_and_refusals_have_their_words(cast: Cast) -> None:
    case, program = errand(cast), Program(cast.alice)
    body = {"move": "ask", "version": case.version, "request": str(uuid.uuid4())}
    status, answer = program.post(f"cases/{case.pk}/moves", **body)
    assert (status, answer["state"], answer["state_zh"]) == (200, "asked", "已提出")
    assert program.post(f"cases/{case.pk}/moves", **body)[0] == 200  # the same request again
    assert Event.objects.filter(case=case, kind="move").count() == 1
    status, answer = program.post(f"cases/{case.pk}/moves", **{**body, "request": str(uuid.uuid4())})
    assert (status, answer["rule"]) == (409, "stale")
    status, answer = program.post(
        f"cases/{case.pk}/moves", move="take", version=case.version + 1, request=str(uuid.uuid4())
    )
    assert (status, answer["rule"]) == (409, "party") and answer["zh"] and answer["en"]


def test_a_scope_that_is_not_there(cast: Cast) -> None:
    case, reader = errand(cast), Program(cast.alice, ["cases:read"])
    assert reader.get("cases")[0] == 200
    status, answer = reader.post(f"cases/{case.pk}/moves", move="ask", version=1, request=str(uuid.uuid4()))
    assert (status, answer["rule"]) == (403, "scope")
    assert Program(cast.alice, ["cases:move"]).get("cases")[0] == 403


def test_pages_hold_everything_once(cast: Cast) -> None:
    made = [errand(cast).pk for _ in range(7)]
    program, after, seen = Program(cast.alice), 0, []
    while True:
        status, page = program.get("cases", after=after, limit=3)
        assert status == 200 and page["total"] == 7
        seen += [case["id"] for case in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == made
    assert program.get("cases", sate="draft")[0] == 422, "a mistyped filter must not give everything"
    assert program.get("cases", limit=1001)[0] == 422 and program.get("cases", limit=0)[0] == 422
    assert program.get("cases", state="draft\0")[0] == 422 and program.get("cases", state="x")[1]["total"] == 0


def test_a_token_ends(cast: Cast) -> None:
    program = Program(cast.alice)
    Token.objects.filter(pk=program.token.pk).update(expires_on=timezone.localdate() - datetime.timedelta(days=1))
    assert program.get("me")[0] == 401
    program = Program(cast.alice)
    with pytest.raises(Refused):
        revoke(program.token, cast.charlie)
    assert program.get("me") == (200, {
        "name": "Alice", "role": "member_user", "role_zh": "企业/高校用户", "role_en": "Firm or university user",
        "organisation": "甲公司", "scopes": sorted(ALL),
    })  # fmt: skip
    revoke(program.token, cast.alice)
    assert program.get("me")[0] == 401
    program = Program(cast.bob)
    cast.bob.user.is_active = False
    cast.bob.user.save()
    assert program.get("me")[0] == 401
    program = Program(cast.charlie)
    cast.charlie.membership.until = cast.charlie.membership.since
    cast.charlie.membership.save()
    assert program.get("me")[0] == 401


@pytest.mark.parametrize(("scopes", "days"), [(["all"], 30), ([], 30), (ALL, 0), (ALL, 367)])
def test_what_no_token_may_be(cast: Cast, scopes: list[str], days: int) -> None:
    with pytest.raises(Refused):
        issue(cast.alice, "程序", scopes, days)
    assert not Token.objects.exists()


def test_the_secret_is_not_kept(cast: Cast) -> None:
    program = Program(cast.alice)
    row = Token.objects.values().get()
    assert program.secret not in str(row) and program.secret not in "".join(
        Event.objects.values_list("after", flat=True)
    )


def test_the_description_is_whole(client: Client) -> None:
    """Every endpoint says what it answers, in OpenAPI; all but those of what is public ask for a token, and say so."""
    found = client.get("/api/v1/openapi.json").json()
    for path, methods in found["paths"].items():
        for method, said in methods.items():
            answers, public = set(map(str, said["responses"])), path.startswith("/api/v1/public/")
            assert "200" in answers and ("401" in answers) != public, (path, method)
            assert bool(said.get("security")) != public, (path, method)
            assert said["summary"] and said["description"], (path, method)

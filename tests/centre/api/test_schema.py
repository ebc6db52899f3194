"""Whatever a program sends, the API answers as its description says: schemathesis, with a token and without."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, settings

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.api.models import SCOPES, issue
from pingjiang.centre.casework import notices
from pingjiang.centre.casework.models import Notice
from pingjiang.centre.evidence import adopting
from pingjiang.centre.evidence.data import runs, uploads
from pingjiang.centre.evidence.models import SharedRelease
from pingjiang.centre.evidence.opening import opened
from pingjiang.centre.jobs import service as jobs
from pingjiang.engine import Lake
from tests.centre import audited
from tests.centre.announcements import play as plays
from tests.centre.api.test_endpoints import errand
from tests.centre.cast import Cast

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def description(cast: Cast, made_lake: Lake, site_folder: Path, settings: Any) -> object:
    """The API of a site with some of everything, as an officer's program may use it."""
    settings.SITE_CLAMD = ""
    play = audited.fill(cast)
    for moves in ((), ("ask",), ("ask", "take"), ("ask", "take", "finish")):
        errand(cast, *moves)
    for state in ("asked", "answered"):
        plays.question(play, state)
    for actor in (cast.olga, cast.alice):
        jobs.enqueue("count", {"upto": 1}, actor, request=uuid.uuid4())
    with transaction.atomic():
        notices.tell([cast.olga.user], ("甲", "A"), about="x")
    Notice.objects.create(to=cast.olga.user, channel="email", subject_zh="甲", subject_en="A", state="gave_up")
    lake = adopting.adopt(made_lake, cast.bureau, ("市湖", "City"), chain="semiconductors", open_sources=True)
    shown = SharedRelease(lake=lake, release=opened(lake).id, shared_by=cast.olga.membership)
    shown.save()
    for name in ("甲.csv", "乙.csv"):
        uploads.hand_in(lake, cast.olga, [b"Publication Number,Title\nCN119000001A,x\n"], name)
    runs.start(lake, cast.olga, "index", request=uuid.uuid4())
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


schema = schemathesis.pytest.from_fixture("description")


def call(case: schemathesis.Case[Any], actor: Actor) -> None:
    _, secret = issue(actor, "程序", list(SCOPES), 1)
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_with_a_token(case: schemathesis.Case[Any], cast: Cast) -> None:
    call(case, cast.olga)


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_as_a_member_of_a_firm(case: schemathesis.Case[Any], cast: Cast) -> None:
    call(case, cast.alice)

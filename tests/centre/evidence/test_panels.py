"""Panels of the desk: what they tell equals the release; a lake that is broken does not break the desk."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from pingjiang.centre.evidence import kept, panels
from pingjiang.centre.evidence.framing import cutoff_day
from pingjiang.centre.evidence.models import DataLake, SharedRelease
from pingjiang.centre.evidence.opening import opened
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


def desk(client: Client, cast: Cast, role: str) -> str:
    client.force_login(cast.everyone[role].user)
    answer = client.get("/")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_desk_tells_figures_of_the_newest_release(client: Client, cast: Cast, lake: DataLake) -> None:
    kept.forget()
    at = opened(lake)
    assert panels.counts(at)["publication"] == 24
    page = desk(client, cast, "centre_manager")
    assert "主要数字" in page and at.id in page and f"{panels.counts(at)['application']}</td>" in page
    day = cutoff_day(at)
    assert day is not None and day.isoformat() in page


def test_others_see_figures_of_a_shared_release_without_a_way_to_its_rows(
    client: Client, cast: Cast, lake: DataLake
) -> None:
    kept.forget()
    assert "主要数字" not in desk(client, cast, "member_user")
    sharer = cast.everyone["centre_manager"].membership
    SharedRelease.objects.create(lake=lake, release=opened(lake).id, shared_by=sharer)
    page = desk(client, cast, "member_user")
    assert "主要数字" in page and f"/evidence/{lake.pk}/" not in page


def test_a_broken_lake_leaves_the_desk_standing(client: Client, cast: Cast, lake: DataLake) -> None:
    kept.forget()
    (lake.path / "CURRENT").write_text("R2000.01-1")
    page = desk(client, cast, "centre_manager")
    assert "待我办理" in page and "这一栏现在读不出" in page

"""Asked of all at once or of one alone, a release tells the same; warmed, pages show what they showed before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.evidence import kept, warmed, warming
from pingjiang.centre.evidence.each import Each
from pingjiang.centre.evidence.identity import counts, organisations, people
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import Opened, opened
from pingjiang.schema.units import UNITS
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


def owners(at: Opened, each: Each) -> list[str | int]:
    with at.session() as session:
        own = session.sql(each.own)
        return [row[0] for row in session.rows("select distinct o.owner from own o order by 1", own=own)]


def test_of_all_at_once_and_of_one_alone_are_the_same(who: DataLake) -> None:
    at = opened(who)
    told = 0
    for each in (*counts.questions(), *organisations.questions(), *people.questions()):
        every = owners(at, each)
        alone = {owner: each.of(at, owner) for owner in every}
        each.warm(at)
        assert {owner: each.of(at, owner) for owner in every} == alone, each.name
        told += sum(map(len, alone.values()))
        nobody: str | int = "nobody" if every and isinstance(every[0], str) else -1
        assert each.of(at, nobody) == [], each.name
    assert told


@pytest.mark.parametrize("unit", UNITS)
def test_counts_of_an_organisation_add_up_to_its_total(who: DataLake, unit: str) -> None:
    at = opened(who)
    for row in organisations.listed(at, "entity"):
        known = organisations.known(at, row.pk)
        assert known is not None
        count = counts.counted(at, known.number["entity"], unit)  # type: ignore[arg-type]
        assert count.total == getattr(row, unit) == sum(items for _year, items in count.years)


def test_a_warmed_release_shows_the_same_pages(client: Client, cast: Cast, who: DataLake) -> None:
    client.force_login(cast.everyone["centre_manager"].user)
    at = opened(who)
    [organisation, *_rest] = organisations.listed(at, "entity")
    pages = [
        reverse("evidence-organisation", args=[who.pk, organisation.pk]),
        reverse("evidence-identity", args=[who.pk]), reverse("evidence-atlas", args=[who.pk]),
        reverse("evidence-data", args=[who.pk]),
    ]  # fmt: skip

    def shown() -> list[list[str]]:
        return [_numbers(client.get(page).content.decode()) for page in pages]

    before = shown()
    kept.forget()
    for step in warmed.steps(at):
        step()
    assert kept.held() and shown() == before
    assert warming.warm(at) >= 0


def test_a_release_that_is_opened_is_warmed_once_and_in_the_background(
    who: DataLake, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(who)
    begun: list[str] = []
    done = threading.Event()

    def steps(given: Opened) -> Iterator[Callable[[], object]]:
        begun.append(threading.current_thread().name)
        yield lambda: 1 / 0  # what fails is left to the page that needs it
        yield done.set

    monkeypatch.setattr(warming, "_asked", [steps])
    monkeypatch.setattr(warming, "_warmer", warming._Warmer())
    warming.begin(at)
    assert not begun, "under test nothing happens by itself"
    settings.SITE_MODE = "demo"
    warming.begin(at)
    warming.begin(at)
    assert done.wait(60) and begun == ["warming"]


def _numbers(page: str) -> list[str]:
    """What a page shows within its body, tokens and ids of requests aside."""
    return [line for line in page.split("<main", 1)[1].splitlines() if "csrf" not in line and "request" not in line]

"""Wrong codes are counted by all processes together, and forgotten after a minute."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import F

from pingjiang.centre.documents import guesses
from pingjiang.centre.documents.models import Guesses
from tests.centre import sites


@pytest.mark.slow
def test_two_processes_count_together(site: Path) -> None:
    programs = [sites.program(site, "tests.centre.documents.guesser", "15") for _ in range(2)]
    said = Counter(line for program in programs for line in program.communicate(timeout=120)[0].split())
    assert said == {"404": guesses.MOST, "429": 30 - guesses.MOST}


@pytest.mark.django_db
def test_an_address_waits_a_minute_and_no_other_does() -> None:
    assert [guesses.note("10.0.0.1") for _ in range(guesses.MOST + 1)] == [False] * guesses.MOST + [True]
    assert guesses.spent("10.0.0.1") and not guesses.spent("10.0.0.2")
    Guesses.objects.update(since=F("since") - guesses.WITHIN)
    assert not guesses.spent("10.0.0.1") and not guesses.note("10.0.0.1") and Guesses.objects.get().count == 1


@pytest.mark.django_db
def test_addresses_are_not_kept() -> None:
    guesses.note("10.0.0.1")
    assert "10.0.0.1" not in str(Guesses.objects.values().get())
    Guesses.objects.update(since=F("since") - datetime.timedelta(hours=2))
    guesses.note("10.0.0.2")
    Guesses.objects.filter(address=guesses._key("10.0.0.2")).update(since=F("since") - guesses.WITHIN)
    guesses.note("10.0.0.2")
    assert Guesses.objects.count() == 1

"""What a decision takes from the panels: of one its ranks and chances, of several the means alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pingjiang.centre.programme.models import Panel
from pingjiang.centre.programme.review.results import MAIN, of
from pingjiang.centre.programme.services import decisions, results
from pingjiang.centre.programme.services.calls import Opened
from tests.centre.cast import Cast
from tests.centre.programme import filling, panel_play
from tests.centre.programme import play as programme
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import Table

pytestmark = pytest.mark.django_db


def test_of_one_panel(table: Table) -> None:
    panel = Panel.objects.get()
    reckoned = of(panel)
    found = results.locked(table.call, "patent")
    assert reckoned is not None and found is not None
    assert [row.application for row in found.rows] == [each.pk for each in table.applications]
    for row in found.rows:
        line = reckoned.line(row.application)
        assert line is not None and row.rank == line.rank[MAIN] and row.standing == line.standing[MAIN]
        assert row.probability == line.probability[MAIN] * 100 and row.mean == line.mean
    assert found.experts == 5 and found.draws == reckoned.draws
    assert results.locked(table.call, "copyright") is None


def test_nothing_while_a_panel_or_an_application_waits(cast: Cast) -> None:
    play = programme.begin(cast)
    call = programme.call(play, tracks=[Opened("patent", filling.PACK, filling.VERSION, Decimal(10**7), 3)])
    first = plays.accepted(play, call, cast.alice, 1)
    assert results.locked(call, "patent") is None
    plays.review(play, [first])
    assert results.locked(call, "patent") is not None
    second = plays.accepted(play, call, cast.charlie, 2)
    assert results.locked(call, "patent") is None  # it waits for a panel
    panel_play.panel(play, "drawn", [second])
    assert results.locked(call, "patent") is None  # its panel is at work


def test_of_several_panels(cast: Cast) -> None:
    """Set beside each other by their means; how firmly each is in, none of the panels can tell."""
    play = programme.begin(cast)
    call = programme.call(play, tracks=[Opened("patent", filling.PACK, filling.VERSION, Decimal(10**7), 3)])
    made = [plays.accepted(play, call, actor, rank) for rank, actor in enumerate((cast.alice, cast.charlie), start=1)]
    for each, share in zip(made, ("0.6", "0.8"), strict=True):
        plays.review(play, [programme.fresh(each)], best=Decimal(share))
    found = results.locked(call, "patent")
    assert found is not None and [row.application for row in found.rows] == [made[1].pk, made[0].pk]
    assert [row.rank for row in found.rows] == [1, 2]
    assert {row.probability for row in found.rows} == {None} and {row.standing for row in found.rows} == {""}
    assert found.rows[0].trimmed is not None and found.rows[1].trimmed is not None
    assert found.rows[0].trimmed > found.rows[1].trimmed
    decision = decisions.prepare(call, "patent", cast.olga)
    assert [item.application_id for item in plays.items(decision)] == [made[1].pk, made[0].pk]

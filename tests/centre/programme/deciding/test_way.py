"""From the locked results to the final list."""

from __future__ import annotations

import pytest

from pingjiang.centre.casework import history
from tests.centre.programme import play as programme
from tests.centre.programme.deciding import play as plays

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", plays.WAYS)
def test_a_decision_comes_to_every_state(table: plays.Table, state: str) -> None:
    made = plays.decision(table, state)
    now = {programme.fresh(each).case.state for each in table.applications}
    wanted = {"drafting": "reviewed", "withdrawn": "reviewed", "final": "approved"}
    assert now == {wanted.get(state, "proposed")}
    assert made.case.state == state
    assert history.verify().whole

"""The way of an application from the call to acceptance."""

from __future__ import annotations

import pytest

from pingjiang.centre.casework import history
from tests.centre.cast import Cast
from tests.centre.programme import play as plays

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", plays.WAYS)
def test_an_application_comes_to_every_state(cast: Cast, state: str) -> None:
    play = plays.begin(cast)
    made = plays.application(play, state)
    assert made.case.state == state
    assert history.verify().whole

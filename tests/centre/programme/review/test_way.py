"""The way of a panel and of its reviews."""

from __future__ import annotations

import pytest

from pingjiang.centre.casework import history
from pingjiang.centre.programme.content.hashing import digest
from pingjiang.centre.programme.models import OpenedReview, Review
from pingjiang.centre.programme.review import results, seating
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["draft", "published", "drawn", "locked", "dissolved"])
def test_a_panel_comes_to_every_state(cast: Cast, state: str) -> None:
    play = plays.begin(cast)
    made = panel_play.panel(play, state)
    assert made.case.state == state
    assert history.verify().whole
    entry = made.entries.get().application
    expected = {"drawn": "reviewing", "locked": "reviewed"}.get(state, "accepted")
    assert entry.case.state == expected


@pytest.mark.parametrize("state", panel_play.REVIEW_WAYS)
def test_a_review_comes_to_every_state(cast: Cast, state: str) -> None:
    assert panel_play.review(plays.begin(cast), state).case.state == state


def test_who_declines_is_followed_by_the_next_on_the_list(cast: Cast) -> None:
    play = plays.begin(cast)
    made = panel_play.panel(play)
    before = seating.seats(made)
    declined = panel_play.review(play, "declined", made)
    stratum = next(each for each in before if declined.expert.code in each.seated)
    after = next(each for each in seating.seats(made) if each.name == stratum.name)
    assert stratum.following[0] in after.seated and declined.expert.code not in after.seated
    assert Review.objects.filter(panel=made, expert__code=stratum.following[0], case__state="offered").exists()
    assert len(seating.sitting(made)) == 5


def test_the_lock_opens_what_was_signed_and_reckons_it(cast: Cast) -> None:
    made = panel_play.panel(plays.begin(cast), "locked")
    for row in OpenedReview.objects.filter(review__panel=made).select_related("review"):
        assert digest(row.content) == row.review.sheet_hash
    result = results.of(made)
    assert result is not None and result.lock_hash == made.lock_hash
    (line,) = result.lines
    assert line.valid == 5 and line.rank["trimmed"] == 1 and line.funded["trimmed"]
    assert results.of_application(made.entries.get().application) == (result, line)

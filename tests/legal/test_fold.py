"""The state of one right: every state against every event, and the cases of the rules."""

from __future__ import annotations

from datetime import date

import pytest

from pingjiang.legal import Fact, State, TermEnd, fold
from pingjiang.legal.vocabulary import LIVES

FILED, PUBLISHED, EXAMINED, GRANTED = date(2010, 1, 1), date(2011, 7, 1), date(2011, 9, 1), date(2013, 3, 1)
ENDED, EVENT = date(2016, 1, 1), date(2017, 1, 1)
COURSE = [Fact("filed", FILED), Fact("published", PUBLISHED), Fact("examining", EXAMINED)]
RIGHT = [*COURSE, Fact("granted", GRANTED)]
# A state, and facts that bring it about.
HISTORIES: dict[str, list[Fact]] = {
    "unknown": [],
    "pending": COURSE[:1],
    "published": COURSE[:2],
    "examining": COURSE,
    "allowed": [*COURSE, Fact("allowed", ENDED)],
    "in_force": RIGHT,
    "invalid_part": [*RIGHT, Fact("invalidated_in_part", ENDED)],
    "lapsed_restorable": [*RIGHT, Fact("lapsed_restorable", ENDED)],
    "lapsed": [*RIGHT, Fact("lapsed", ENDED)],
    "expired": [*RIGHT, Fact("expired", ENDED)],
    "abandoned": [*RIGHT, Fact("abandoned", ENDED)],
    "invalid_all": [*RIGHT, Fact("invalidated", ENDED)],
    "rejected": [*COURSE, Fact("rejected", ENDED)],
    "withdrawn": [*COURSE, Fact("withdrawn", ENDED)],
    "deemed_withdrawn": [*COURSE, Fact("deemed_withdrawn", ENDED)],
    "ended": [*RIGHT, Fact("right_ended", ENDED)],
    "national_phase": [*COURSE[:2], Fact("national_phase", ENDED)],
}
# A row a state, a column an event a year later: what follows. "." is the state as it was.
EVENTS = [
    "granted", "rejected", "lapsed", "lapsed_restorable", "restored", "rejection_annulled", "expired", "abandoned",
    "invalidated", "invalidated_in_part", "invalidation_annulled", "end_corrected", "fee_paid", "pledged",
    "transferred", "office_action",
]  # fmt: skip
_OF_APPLICATIONS = (
    "in_force rejected lapsed lapsed_restorable . . expired abandoned invalid_all . . . in_force in_force . ."
)
MATRIX = {
    "unknown": _OF_APPLICATIONS,
    "pending": _OF_APPLICATIONS,
    "published": _OF_APPLICATIONS,
    "examining": _OF_APPLICATIONS,
    "allowed": "in_force rejected lapsed lapsed_restorable . examining expired abandoned invalid_all . . . in_force "
    "in_force . .",
    "in_force": ". . lapsed lapsed_restorable . . expired abandoned invalid_all invalid_part . . . . . .",
    "invalid_part": ". . lapsed lapsed_restorable . . expired abandoned invalid_all . in_force . . . . .",
    "lapsed_restorable": ". . lapsed . in_force in_force expired abandoned invalid_all . . . in_force in_force . .",
    "lapsed": ". . . . in_force in_force . . invalid_all . . . in_force in_force . .",
    "expired": ". . . . . . . . invalid_all . . in_force . . . .",
    "abandoned": ". . . . . . . . invalid_all . . in_force . . . .",
    "invalid_all": ". . . . . . . . . . in_force . . . . .",
    "rejected": "in_force . . . examining examining . . invalid_all . . . in_force in_force . .",
    "withdrawn": "in_force . . . examining examining . . invalid_all . . . in_force in_force . .",
    "deemed_withdrawn": "in_force . . . examining examining . . invalid_all . . . in_force in_force . .",
    "ended": ". . lapsed . in_force in_force expired abandoned invalid_all . . . in_force in_force . .",
    "national_phase": _OF_APPLICATIONS,
}  # fmt: skip


@pytest.mark.parametrize("state", HISTORIES)
def test_every_state_against_every_event(state: str) -> None:
    before = date(2016, 6, 1)
    assert fold(HISTORIES[state], before).state == state
    after = [fold([*HISTORIES[state], Fact(event, EVENT)], EVENT).state for event in EVENTS]
    wanted = [state if cell == "." else cell for cell in MATRIX[state].split()]
    assert dict(zip(EVENTS, after, strict=True)) == dict(zip(EVENTS, wanted, strict=True))
    # And the day before, the event changes nothing but what is void from the start, or in part.
    for event in EVENTS:
        if event not in ("invalidated", "invalidated_in_part", "invalidation_annulled"):
            assert fold([*HISTORIES[state], Fact(event, EVENT)], before).state == state, event


def test_the_matrix_is_whole() -> None:
    assert HISTORIES.keys() == MATRIX.keys() == LIVES.keys()


def at(facts: list[Fact], year: int, **more: object) -> State:
    return fold(facts, date(year, 6, 1), **more)  # type: ignore[arg-type]


def test_nothing_is_known_of_nothing() -> None:
    assert fold([], date(2020, 1, 1)) == State("unknown")
    assert at(RIGHT, 2009).state == "unknown"


def test_restoration_undoes_a_lapse() -> None:
    told = [*RIGHT, Fact("lapsed", date(2015, 1, 1)), Fact("restored", date(2016, 1, 1))]
    assert [at(told, year).state for year in (2014, 2015, 2016)] == ["in_force", "lapsed", "in_force"]
    assert [fact.kind for fact in at(told, 2016).because] == ["restored", "granted"]
    again = [*told, Fact("lapsed", date(2018, 1, 1))]
    assert [at(again, year).state for year in (2017, 2018)] == ["in_force", "lapsed"]


def test_what_is_invalid_as_a_whole_was_void_from_the_start() -> None:
    told = [*RIGHT, Fact("invalidated", date(2019, 1, 1), known=date(2019, 3, 1))]
    assert at(told, 2014).state == at(told, 2020).state == "invalid_all"
    assert at(told, 2014, known=date(2019, 2, 1)).state == "in_force"
    annulled = [*told, Fact("invalidation_annulled", date(2020, 1, 1))]
    assert at(annulled, 2014).state == "in_force"


@pytest.mark.parametrize("kind", ["pledged", "licensed", "fee_paid", "open_licensed"])
def test_who_pledges_or_pays_has_a_right_in_force(kind: str) -> None:
    told = [*RIGHT, Fact("lapsed", date(2015, 1, 1)), Fact(kind, date(2017, 1, 1))]
    assert [at(told, year).state for year in (2016, 2017)] == ["lapsed", "in_force"]
    alone = [Fact(kind, date(2017, 1, 1))]
    assert [at(alone, year).state for year in (2016, 2017)] == ["unknown", "in_force"]


def test_documents_alone_do_not_follow_a_right() -> None:
    """A grant that was printed ten years ago says nothing of today; and never that it is dead."""
    told = [Fact("published", PUBLISHED, origin="document"), Fact("granted", GRANTED, origin="document")]
    assert fold(told, GRANTED).state == "in_force"
    assert at(told, 2012).state == "published"  # it was granted later, so that it was alive then
    late = at(told, 2023)
    assert (late.state, late.life, late.last, late.last_since) == ("unknown", "unknown", "in_force", GRANTED)


def test_dead_on_the_day_of_an_export_is_not_dead_before() -> None:
    told = [*RIGHT, Fact("said_ended", date(2023, 1, 1), origin="status")]
    assert at(told, 2023).state == "ended"
    assert (at(told, 2018).state, at(told, 2018).last) == ("unknown", "in_force")
    paid = [*told, Fact("fee_paid", date(2019, 1, 1))]
    assert [at(paid, year).state for year in (2018, 2020)] == ["in_force", "unknown"]
    dated = [*told, Fact("lapsed", date(2020, 1, 1))]
    assert [at(dated, year).state for year in (2019, 2021, 2023)] == ["in_force", "lapsed", "lapsed"]


def test_a_term_ends_what_no_source_shows_alive() -> None:
    term = TermEnd(date(2030, 1, 1), date(2030, 1, 1))
    assert at(RIGHT, 2029, term=term).state == "in_force"
    over = at(RIGHT, 2030, term=term)
    assert (over.state, over.computed, over.since) == ("expired", True, date(2030, 1, 1))
    shown = [*RIGHT, Fact("in_force", date(2031, 1, 1), origin="status")]
    assert at(shown, 2030, term=term).state == "in_force"  # what is told wins over what is computed
    lapsed = [*RIGHT, Fact("lapsed", date(2020, 1, 1))]
    assert at(lapsed, 2035, term=term).state == "lapsed"
    assert at(COURSE, 2035, term=term).state == "examining"  # it was never granted, as far as is known
    doubt = TermEnd(date(2030, 1, 1), date(2035, 1, 1))
    assert [at(RIGHT, year, term=doubt).state for year in (2029, 2032, 2035)] == ["in_force", "unknown", "expired"]


def test_events_of_another_office_change_nothing() -> None:
    told = [*RIGHT, Fact("lapsed", date(2015, 1, 1), applies=False)]
    assert at(told, 2016).state == "in_force"


def test_overlays_lie_on_a_right_and_change_no_state() -> None:
    told = [
        *RIGHT, Fact("pledged", date(2014, 1, 1)), Fact("preserved", date(2014, 6, 1)),
        Fact("pledge_released", date(2016, 1, 1)), Fact("transferred", date(2015, 1, 1)),
        Fact("invalidation_requested", date(2017, 1, 1)), Fact("disputed", date(2018, 1, 1)),
    ]  # fmt: skip
    assert [name for name, _ in at(told, 2015).overlays] == ["pledged", "preserved", "transferred"]
    names = [name for name, _ in at(told, 2018).overlays]
    assert names == ["preserved", "transferred", "in_invalidation", "in_dispute"]
    assert at(told, 2018).state == "in_force"


def test_of_two_licences_the_end_of_one_leaves_the_other() -> None:
    told = [
        *RIGHT, Fact("licensed", date(2014, 1, 1), contract="A"), Fact("licensed", date(2015, 1, 1), contract="B"),
        Fact("licence_ended", date(2016, 1, 1), contract="A"),
    ]  # fmt: skip
    assert [name for name, _ in at(told, 2017).overlays] == ["licensed"]
    ended = [*told, Fact("licence_ended", date(2018, 1, 1), contract="B")]
    assert at(ended, 2018).overlays == ()


def test_a_grant_printed_again_revives_nothing() -> None:
    told = [*RIGHT, Fact("lapsed", date(2015, 1, 1)), Fact("granted", date(2016, 1, 1))]
    assert at(told, 2017).state == "lapsed"


def test_the_effective_day_counts_and_not_that_of_the_gazette() -> None:
    told = [*RIGHT, Fact("lapsed", date(2015, 1, 1), announced=date(2016, 2, 1))]
    assert at(told, 2015).state == "lapsed"

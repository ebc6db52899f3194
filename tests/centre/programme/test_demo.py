"""The programme of the synthetic city: last year's call, which is done, and this year's, in all its states."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from django.utils import timezone
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

from pingjiang.centre.accounts.models import Actor, Membership
from pingjiang.centre.casework import history, past
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme.models import Application, Call, Conflict, Decision, Expert, Objection, Panel
from pingjiang.centre.programme.panels.draw import list_hash
from tests.centre import demo_city
from tests.centre.casework.seen import as_rules_say

pytestmark = [pytest.mark.django_db, demo_city.ONE_WORKER]


@pytest.fixture(autouse=True)
def city(db: None, folder: object) -> None:
    demo_city.made()


def test_its_programme_has_a_year_behind_it_and_one_in_all_states() -> None:
    done, call = Call.objects.order_by("pk")
    assert done.case.state == "ended" and call.takes(timezone.now())
    assert all({each.track for each in each_call.tracks.all()} == {"patent", "copyright"} for each_call in (done, call))
    assert states_on(done) == Counter(approved=2, not_funded=1, rejected=1, withdrawn=1, lapsed=1)
    assert states_on(call) == Counter(draft=1, district=1, submitted=1, supplement=1, accepted=1, reviewing=2)
    again = Application.objects.get(case__state="supplement")
    assert again.copied_from is not None and again.copied_from.case.state == "not_funded"
    assert not Case.objects.filter(synthetic=False).exists()
    assert not Paper.objects.filter(synthetic=False).exists()
    titles = Case.objects.exclude(workflow="consultation").values_list("title", flat=True)
    assert len(titles) > 25 and all("（示例）" in title for title in titles)


def test_everybody_of_it_sees_what_the_rules_say() -> None:
    """Of all workflows, with rules that look into other tables and those that do not."""
    rows = Membership.objects.select_related("user", "organisation")
    assert as_rules_say([Actor(row.user, row) for row in rows]) > 200


def states_on(call: Call) -> Counter[str]:
    return Counter(Application.objects.filter(call=call).values_list("case__state", flat=True))


def test_last_year_was_decided_with_minutes_objected_to_and_made_final() -> None:
    panel = Panel.objects.get(case__state="locked")
    assert panel.list_hash == list_hash(panel.list_text) and panel.due is not None and panel.published_at is not None
    assert panel.published_at < panel.due
    assert Counter(panel.reviews.values_list("case__state", flat=True)) == Counter(locked=5, declined=1)
    decision = Decision.objects.get()
    assert decision.case.state == "final" and decision.minutes_number and len(decision.members) == 3
    given = [item.verdicts.get() for item in decision.items.order_by("position")]
    assert [each.kind for each in given] == ["approve", "amend", "reject"]
    names = set(Paper.objects.filter(case=decision.case).values_list("name", flat=True))
    assert names == {"decision-pack", "decision", "public-notice", "final-list"}
    objection = Objection.objects.get()
    assert objection.case.state == "dismissed" and objection.findings.count() == 1


def test_what_happened_is_told_in_its_order_and_whole() -> None:
    moments = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments) and moments[-1] - moments[0] > datetime.timedelta(days=300)
    assert history.verify().whole
    assert timezone.now() - moments[-1] < datetime.timedelta(minutes=10)
    finding = Objection.objects.get().findings.get()  # its moment is a default of its field
    assert timezone.now() - finding.at > datetime.timedelta(days=200)


def test_a_clock_set_back_is_the_same_everywhere_and_goes_on_afterwards() -> None:
    before, kept = timezone.now(), timezone.now
    moment = datetime.datetime(2025, 1, 1, 8, tzinfo=datetime.UTC)
    with past.at(moment):
        assert moment <= kept() == pytest.approx(timezone.now(), abs=datetime.timedelta(seconds=5))
        assert timezone.localdate() == moment.date() and timezone.is_aware(timezone.now())
        assert template_localtime(moment).utcoffset() == datetime.timedelta(hours=8)
        with past.at(moment - datetime.timedelta(days=2)):
            assert timezone.localdate().day == 30
        assert timezone.localdate() == moment.date()
    assert before <= timezone.now() < before + datetime.timedelta(minutes=1)


def test_the_clock_of_a_site_that_people_work_on_is_not_set_back(settings: object) -> None:
    settings.SITE_MODE = "production"  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="not set back"), past.at(timezone.now()):
        pass


def test_one_panel_waits_for_its_number_and_one_is_at_work() -> None:
    panel = Panel.objects.select_related("case").get(case__state="published")
    assert panel.list_hash == list_hash(panel.list_text)
    assert all(expert.membership.organisation.synthetic for expert in Expert.objects.all())
    assert "seats: 2" in panel.list_text and panel.due is not None and panel.due > timezone.now()
    at_work = Panel.objects.get(case__state="drawn")
    reviews = {each.expert.membership.user.username: each.case.state for each in at_work.reviews.all()}
    assert reviews["expert"] == "offered" and sorted(reviews.values()).count("locked") == 1
    assert all(Conflict.objects.filter(panel=each, certain=True).exists() for each in Panel.objects.all()), (
        "somebody has something to do with an applicant, on every list"
    )

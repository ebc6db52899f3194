"""The district's list is of one call: its ranks, quota and counts, with the others a link away."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pingjiang.centre.programme.models import Application, Call, Recommendation
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays

pytestmark = pytest.mark.django_db


def titled(page: str) -> list[str]:
    """The projects of the list, in its order."""
    body = page.partition('id="list-district-applications"')[2]
    return re.findall(r"data-row>([^<]+)</a>", body)


def ranked(applications: list[Application]) -> None:
    for rank, each in enumerate(applications, start=1):
        Recommendation.objects.create(application=each, comment="同意", rank=rank, match=480, policy="示例")


def test_the_list_is_of_one_call_the_newest_unless_another_is_asked_for(cast: Cast) -> None:
    play = plays.begin(cast)
    first = plays.application(play, "accepted")
    old = first.call
    more = panel_play.alike(first, 2, old)
    new = plays.call(play, title="2027 年度运营中心申报通知", year=2027)
    here = panel_play.alike(first, 3, new)
    ranked(here)
    Call.objects.filter(pk=old.pk).update(published_at=timezone.now() - datetime.timedelta(days=365))
    dora = Client()
    dora.force_login(play.district.user)
    address = reverse("district-applications")
    page = dora.get(address).text
    assert titled(page) == [each.case.title for each in here]
    assert "2027 年度运营中心申报通知</a></h2>" in page and f"{address}?call={new.pk}" in page
    assert f'{address}?call={old.pk}">{old.case.title}</a> <span class="dim">3</span>' in page
    assert "收到 3 项" in page and "已推荐 3 项" in page and "限推荐 2 项" in page
    before = dora.get(address, {"call": str(old.pk), "sort": "title"}).text
    assert sorted(titled(before)) == sorted(each.case.title for each in [first, *more])
    assert f"{old.case.title}</a></h2>" in before and f"call={old.pk}&amp;sort=-title" in before
    for wrong in ("", "x", "999999", str(plays.call(play, title="没有本区申报的通知").pk)):
        assert titled(dora.get(address, {"call": wrong}).text) == titled(page)
    back = dora.get(reverse("application-district", args=[first.case_id])).text
    assert f'{address}?call={old.pk}"' in back


def test_what_counts_against_the_quota_is_what_the_rule_counts(cast: Cast) -> None:
    play = plays.begin(cast)
    first = plays.application(play, "accepted")
    _one, other = panel_play.alike(first, 2, first.call)
    type(other.case).objects.filter(pk=other.case_id).update(state="withdrawn")
    waiting = plays.application(play, "district", first.call)
    dora = Client()
    dora.force_login(play.district.user)
    page = dora.get(reverse("district-applications")).text
    assert "收到 4 项" in page and "已推荐 2 项" in page and "限推荐 2 项" in page
    assert waiting.case.title in page


def test_a_district_without_applications_has_an_empty_list(cast: Cast) -> None:
    play = plays.begin(cast)
    dora = Client()
    dora.force_login(play.district.user)
    page = dora.get(reverse("district-applications"))
    assert page.status_code == 200 and "本区单位报送申报后，列在这里。" in page.text

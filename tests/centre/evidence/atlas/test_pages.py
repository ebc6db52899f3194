"""Pages of the atlas through the client: every view opens, numbers lead to lists, others see figures alone."""

from __future__ import annotations

import re
import uuid
from html import unescape
from urllib import parse

import pytest
from django.test import Client

from pingjiang.centre.evidence.atlas.views import VIEWS
from pingjiang.centre.evidence.models import DataLake, SavedView, SharedRelease
from pingjiang.centre.evidence.opening import opened
from tests.centre.cast import Cast

FILTERS = (
    "",
    "unit=publication",
    "unit=simple_family&filed=2012-2015",
    "level=group&node=-",
    "place=applicant/-&state=unknown",
    "basis=inventor",
    "from=2011&to=2013&kind=filed",
    "deepest=zone&place=applicant/CN/江苏省/苏州市",
    "node=none&filed=x&unit=y",
)


@pytest.fixture
def mia(client: Client, cast: Cast) -> Client:
    client.force_login(cast.everyone["centre_manager"].user)
    return client


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_under_every_filter(mia: Client, lake: DataLake, view: str) -> None:
    for words in FILTERS:
        answer = mia.get(f"/evidence/{lake.pk}/atlas/{view}{'/' if view else ''}?{words}")
        assert answer.status_code == 200, words
        page = answer.content.decode()
        assert "截止 2020" in page and "n = " in page
        assert " style=" not in page


def _numbers(page: str, name: str) -> list[tuple[str, int, str]]:
    """Of a figure's table: the name in a row, each number of it that leads somewhere, and where."""
    twin = re.search(rf'data-figure="{name}".*?<div class="twin".*?</table>', page, re.DOTALL)
    assert twin, name
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", twin[0].split("<tbody>")[1], re.DOTALL):
        for url, text in re.findall(r'<td class="num"><a href="([^"]+)">([\d,]+)</a>', row):
            found.append(
                (re.sub("<[^>]+>", "", row.split("</th>")[0]).strip(), int(text.replace(",", "")), unescape(url))
            )
    return found


@pytest.mark.parametrize(
    ("view", "figures"),
    [
        ("", ("node_counts", "filings_by_year", "places", "top_organisations")),
        ("time/", ("growth_by_year", "grants_by_year")),
        ("places/", ("provinces", "country_node")),
        ("organisations/", ("node_organisation",)),
        ("nodes/", ("node_year",)),
    ],
)
def test_each_number_leads_to_as_many_rows(mia: Client, lake: DataLake, view: str, figures: tuple[str, ...]) -> None:
    for words in ("unit=application", "unit=publication&filed=2012-2014&node=energy"):
        page = mia.get(f"/evidence/{lake.pk}/atlas/{view}?{words}").content.decode()
        for name in figures:
            for _label, value, url in _numbers(page, name)[:4]:
                answer = mia.get(url)
                assert answer.context["n"] == value, (name, url)
                assert len(answer.context["lines"]) == min(value, 20)


def test_a_list_has_pages_and_keeps_the_question(mia: Client, lake: DataLake) -> None:
    home = f"/evidence/{lake.pk}/atlas/items/?unit=publication&filed=2010-2019"
    first, last = mia.get(home), mia.get(f"{home}&page=2")
    shown = [[row["item_key"] for row in answer.context["lines"]] for answer in (first, last)]
    assert [len(own) for own in shown] == [20, 4] and not set(shown[0]) & set(shown[1])
    assert "filed=2010-2019" in first.context["after"] and "page=2" in first.context["after"]
    assert len(mia.get(f"{home}&size=100&page=99").context["lines"]) == 24


def test_a_view_is_saved_seen_by_colleagues_when_shared_and_dropped_by_its_owner(
    mia: Client, lake: DataLake, cast: Cast
) -> None:
    home = f"/evidence/{lake.pk}/atlas/"
    for name, shared in (("own", ""), ("ours", "1")):
        mia.post(f"{home}saved/new/", {"name": name, "address": f"{home}time/?unit=publication", "shared": shared})
    mia.post(f"{home}saved/new/", {"name": "evil", "address": "https://example.org/"})
    assert set(SavedView.objects.values_list("name", flat=True)) == {"own", "ours"}
    assert f"{home}time/?unit=publication" in mia.get(f"{home}saved/").content.decode()
    specialist = cast.everyone["centre_specialist"]
    specialist.membership.organisation = lake.owner
    specialist.membership.save()
    other = Client()
    other.force_login(specialist.user)
    page = other.get(f"{home}saved/").content.decode()
    assert "ours" in page and ">own<" not in page
    pk = SavedView.objects.get(name="ours").pk
    assert other.post(f"{home}saved/{pk}/drop/").status_code == 404
    assert mia.post(f"{home}saved/{pk}/drop/").status_code == 302
    assert not SavedView.objects.filter(pk=pk).exists()


def show(client: Client, lake: DataLake, to: str) -> None:
    """Show the newest release to others, or to the public."""
    asked = {"release": opened(lake).id, "to": to, "request": str(uuid.uuid4())}
    assert client.post(f"/evidence/{lake.pk}/data/share/", asked).status_code == 302


def test_others_see_no_lake_and_of_a_shared_release_figures_without_rows(
    mia: Client, lake: DataLake, cast: Cast
) -> None:
    home = f"/evidence/{lake.pk}/atlas/"
    stranger, nobody = Client(), Client()
    stranger.force_login(cast.alice.user)
    for path in ("", "time/", "items/", "network.graphml", "saved/"):
        assert stranger.get(home + path).status_code == 404, path
        assert nobody.get(home + path).status_code == 302, path
    show(mia, lake, "others")
    row = SharedRelease.objects.get()
    assert nobody.get(f"/public/atlas/{row.pk}/").status_code == 404
    show(mia, lake, "public")
    row = SharedRelease.objects.get(ended_at=None)
    for client, path in ((stranger, f"/evidence/shared/{row.pk}/"), (nobody, f"/public/atlas/{row.pk}/")):
        for view in VIEWS:
            answer = client.get(f"{path}{view}{'/' if view else ''}?unit=publication&node=energy")
            assert answer.status_code == (404 if view == "network" else 200), view
            page = unescape(answer.content.decode())
            assert "items/" not in page and f"/evidence/{lake.pk}/" not in page
            assert "CN1100" not in page
    assert str(row.pk) in nobody.get("/public/atlas/").content.decode()
    mia.post(f"/evidence/{lake.pk}/data/withdraw/", {"release": row.release})
    assert nobody.get(f"/public/atlas/{row.pk}/").status_code == 404
    assert stranger.get(f"/evidence/shared/{row.pk}/").status_code == 404


def test_small_counts_are_not_shown_to_others(mia: Client, lake: DataLake, cast: Cast) -> None:
    show(mia, lake, "public")
    row = SharedRelease.objects.get(ended_at=None)
    whole = mia.get(f"/evidence/{lake.pk}/atlas/?unit=publication").context["parts"]
    assert [int(value) for _year, value in whole[1].figure.rows] == [3] * 8
    own = f"unit=publication&{parse.urlencode([('applicant', _applicant(whole[3].figure.rows[0][0].url))])}"
    mine = mia.get(f"/evidence/{lake.pk}/atlas/?{own}").context["parts"][1].figure
    theirs = Client().get(f"/public/atlas/{row.pk}/?{own}").context["parts"][1].figure
    assert {int(value) for _year, value in mine.rows} == {1}
    assert {value for _year, value in theirs.rows} == {"<3"}
    assert {item["value"] for item in theirs.option["series"][0]["data"]} == {0}
    few = Client().get(f"/public/atlas/{row.pk}/?{own}&filed=2012").content.decode()
    assert "n = 1" not in few and "n = &lt;3" in few and ">&lt;3 " in few


def _applicant(url: str) -> str:
    return parse.parse_qs(parse.urlparse(url).query)["applicant"][0]


def test_the_workbook_of_a_figure_holds_its_numbers(mia: Client, lake: DataLake) -> None:
    answer = mia.get(f"/evidence/{lake.pk}/atlas/?unit=publication&figure=filings_by_year")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "filings_by_year" in answer["Content-Disposition"]

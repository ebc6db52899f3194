"""Rosters: filled from lists and pages, asked for in queries, seen and changed by those who may."""

from __future__ import annotations

import html
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor, Membership
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence.identity import organisations
from pingjiang.centre.evidence.models import DataLake, Roster
from pingjiang.centre.evidence.opening import opened
from pingjiang.centre.evidence.rosters import keeping, known
from pingjiang.centre.evidence.search import history
from pingjiang.query import parse
from pingjiang.query.sets import expand
from tests.centre.cast import SINCE, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client, cast: Cast) -> Client:
    client.force_login(cast.everyone["centre_manager"].user)
    return client


@pytest.fixture
def actor(cast: Cast) -> Actor:
    return cast.everyone["centre_manager"]


def colleague_of(cast: Cast) -> Actor:
    """A specialist of the same centre."""
    user = cast.everyone["centre_specialist"].user
    home = cast.everyone["centre_manager"].organisation
    row = Membership.objects.create(user=user, organisation=home, role="centre_specialist", since=SINCE)
    user.memberships.exclude(pk=row.pk).delete()
    return Actor(user, row)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def test_rows_picked_in_a_list_make_a_roster_that_lists_pages_and_queries_know(
    manager: Client, lake: DataLake, actor: Actor
) -> None:
    at = opened(lake)
    rows = list(organisations.listed(at, "entity"))
    chosen, other = rows[0], rows[1]
    add = reverse("evidence-roster-add", args=[lake.pk])
    told = {"kind": "organisation", "roster_name": "重点企业", "pick": [chosen.pk, "nobody"], "shared": "1"}
    assert manager.post(add, told).status_code == 302
    roster = Roster.objects.get()
    assert (roster.name, roster.shared, keeping.keys_of(roster)) == ("重点企业", True, [chosen.pk])
    manager.post(add, {"kind": "organisation", "roster": roster.pk, "pick": [chosen.pk]})
    assert roster.entries.count() == 1, "what is in it already is in it once"

    listed = reverse("evidence-identity", args=[lake.pk])
    page = text_of(manager, f"{listed}?roster={roster.pk}")
    assert chosen.name in page and other.name not in page and "加入名单" in page
    own = text_of(manager, reverse("evidence-organisation", args=[lake.pk, chosen.pk]))
    assert "移出 重点企业" in own
    assert "移出 重点企业" not in text_of(manager, reverse("evidence-organisation", args=[lake.pk, other.pk]))

    sets = history.named_sets(actor, lake)
    assert sets["##重点企业"] == f'PA=="{chosen.name}"'
    assert expand(parse("##重点企业 AND TI=甲"), sets) == parse(f'PA=="{chosen.name}" AND TI=甲')
    found = text_of(manager, reverse("evidence-search", args=[lake.pk]) + "?q=%23%23重点企业")
    assert f"<b>{chosen.publication}</b> 件公开" in found


def test_a_roster_of_publications_is_filled_emptied_and_exported(manager: Client, lake: DataLake, actor: Actor) -> None:
    at = opened(lake)
    with at.session() as session:
        numbers = [row[0] for row in session.rows("select publication_id from publication order by 1 limit 2")]
    add = reverse("evidence-roster-add", args=[lake.pk])
    manager.post(add, {"kind": "publication", "roster_name": "核心专利", "pick": numbers})
    sets = history.named_sets(actor, lake)
    assert parse(sets["##核心专利"]) == parse(f"PN=({' OR '.join(numbers)})")
    assert "移出 核心专利" in text_of(manager, reverse("evidence-record", args=[lake.pk, numbers[0]]))
    roster = Roster.objects.get()
    page = text_of(manager, reverse("evidence-roster", args=[lake.pk, roster.pk]))
    assert all(str(told["name"]) in page for told in known.found(at, "publication", numbers).values())
    manager.post(reverse("evidence-roster-remove", args=[lake.pk, roster.pk]), {"pick": numbers[:1]})
    book = manager.get(reverse("evidence-roster", args=[lake.pk, roster.pk]) + "?export=xlsx")
    sheets = openpyxl.load_workbook(BytesIO(book.content)).worksheets
    cells = [cell for sheet in sheets for row in sheet.values for cell in row]
    assert numbers[1] in cells and numbers[0] not in cells
    assert keeping.keys_of(roster) == numbers[1:]


def test_what_the_release_has_no_more_stays_and_is_marked(manager: Client, lake: DataLake, actor: Actor) -> None:
    roster = keeping.make(actor, lake, "旧名单", "organisation", shared=False)
    keeping.add(actor, roster, {"gone": "已不在的机构"})
    page = text_of(manager, reverse("evidence-roster", args=[lake.pk, roster.pk]))
    assert "已不在的机构" in page and "本版本中未见" in page


def test_a_name_means_one_thing(lake: DataLake, actor: Actor, cast: Cast) -> None:
    keeping.make(actor, lake, "##重点", "organisation", shared=False)
    history.keep(actor, lake, "电池", "TI=电池", shared=False)
    with pytest.raises(Refused):
        history.keep(actor, lake, "重点", "TI=电池", shared=False)
    for name in ("重点", "电池", "两 个", ""):
        with pytest.raises(Refused):
            keeping.make(actor, lake, name, "inventor", shared=False)
    with pytest.raises(Refused):
        keeping.make(actor, lake, "另一", "no such kind", shared=False)
    colleague = colleague_of(cast)
    own = keeping.make(colleague, lake, "电池", "organisation", shared=False)
    with pytest.raises(Refused):
        keeping.share(colleague, own, shared=True)


def test_a_roster_of_ones_own_is_nobody_elses_and_a_shared_one_is_its_keepers_to_drop(
    client: Client, lake: DataLake, cast: Cast, actor: Actor
) -> None:
    roster = keeping.make(actor, lake, "重点", "organisation", shared=False)
    address = reverse("evidence-roster", args=[lake.pk, roster.pk])
    client.force_login(colleague_of(cast).user)
    told = {"kind": "organisation", "roster": roster.pk}
    assert client.get(address).status_code == 404
    assert client.post(reverse("evidence-roster-add", args=[lake.pk]), told).status_code == 404
    keeping.share(actor, roster, shared=True)
    assert client.get(address).status_code == 200
    assert client.post(reverse("evidence-roster-add", args=[lake.pk]), told).status_code == 302
    drop = reverse("evidence-roster-change", args=[lake.pk, roster.pk])
    assert client.post(drop, {"what": "drop"}).status_code == 404
    client.force_login(actor.user)
    assert client.post(drop, {"what": "drop"}).status_code == 302
    assert not Roster.objects.exists()


def test_a_roster_is_not_filled_beyond_its_bound(lake: DataLake, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    roster = keeping.make(actor, lake, "重点", "organisation", shared=False)
    assert keeping.add(actor, roster, {"1": "甲", "2": "乙"}) == 2
    with pytest.raises(Refused):
        keeping.add(actor, roster, {"3": "丙"})
    assert keeping.add(actor, roster, {"2": "乙"}) == 0

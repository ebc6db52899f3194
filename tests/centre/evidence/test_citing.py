"""Figures of the city lake that others may cite: against SQL on the release itself; from what was shown alone."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.casework import history
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence import adopting, citing
from pingjiang.centre.evidence.data import sharing
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import Opened, opened
from pingjiang.centre.programme.content.hashing import hash_of
from pingjiang.centre.programme.content.reading import said_now
from pingjiang.centre.programme.models import Section
from pingjiang.centre.programme.services import applications, citations
from pingjiang.engine import Lake
from pingjiang.engine.pins import read as pins_of
from tests.centre.cast import Cast
from tests.centre.evidence import cited
from tests.centre.programme import play as plays

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cited_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return cited.lake(tmp_path_factory.mktemp("cited"))


@pytest.fixture
def city(cast: Cast, cited_lake: Lake, site_folder: Path) -> DataLake:
    return adopting.adopt(cited_lake, cast.bureau, ("城市数据湖", "City lake"), chain="made", open_sources=True)


@pytest.fixture
def at(cast: Cast, city: DataLake) -> Opened:
    release = Lake(city.path).require_current().id
    sharing.share(city, cast.everyone["decision_maker"], release, public=True, request=uuid.uuid4())
    found = citing.citable(release)
    assert found is not None
    return found


def test_what_was_not_shown_is_not_cited(cast: Cast, city: DataLake, at: Opened) -> None:
    assert citing.city_lake() == city and citing.releases() == [at.id]
    assert citing.citable("nothing") is None
    shared = city.shared.get()
    sharing.withdraw(shared, cast.everyone["decision_maker"])
    assert citing.releases() == [] and citing.citable(at.id) is None


def test_families_of_a_node_are_those_of_the_release(at: Opened) -> None:
    with at.session() as session:
        rows = session.sql(
            "select c.ancestor_id as node, count(distinct n.item_id) as families from item_node n "
            "join chain_closure c on c.node_id = n.node_id where n.unit = 'simple_family' group by c.ancestor_id"
        ).dicts()
    expected = {row["node"]: row["families"] for row in rows}
    assert expected
    for node, name in citing.nodes(at):
        found = citing.cite(at, "families", node, "")
        assert found is not None and found.value == str(expected.get(node, 0)), name
        assert found.release == at.id and found.of == name and found.unit == "项" and found.definition


def test_a_rank_counts_the_cities_before(at: Opened) -> None:
    with at.session() as session:
        rows = session.sql(
            "select c.ancestor_id as node, p.province || '/' || p.city as place, count(distinct p.item_id) as n "
            "from item_place p join item_node i on i.item_id = p.item_id and i.unit = p.unit "
            "join chain_closure c on c.node_id = i.node_id where p.unit = 'simple_family' and p.basis = 'applicant' "
            "and p.country = 'CN' and p.city is not null group by 1, 2"
        ).dicts()
    counts = {(row["node"], row["place"]): row["n"] for row in rows}
    assert counts
    for (node, place), own in counts.items():
        found = citing.cite(at, "rank", node, place)
        before = sum(n > own for (other, _place), n in counts.items() if other == node)
        assert found is not None and found.value == str(before + 1)


@pytest.mark.parametrize(("node", "place", "bodies"), [
    ("all", "", 4), ("chip", "", 3), ("battery", "", 1), ("chip", "江苏省/苏州市", 2), ("chip", "江苏省/无锡市", 1),
    ("battery", "江苏省/无锡市", 0), ("chip", "陕西省/西安市", 0),
])  # fmt: skip
def test_bodies_are_counted_by_their_codes(at: Opened, node: str, place: str, bodies: int) -> None:
    found = citing.cite(at, "bodies", node, place)
    assert found is not None and (found.value, found.unit) == (str(bodies), "家")


@pytest.mark.parametrize(("measure", "node", "place"), [
    ("nothing", "chip", ""), ("families", "nowhere", ""), ("families", "chip", "江苏省/无此市"), ("rank", "chip", ""),
])  # fmt: skip
def test_what_a_release_does_not_tell_is_none(at: Opened, measure: str, node: str, place: str) -> None:
    assert citing.cite(at, measure, node, place) is None


def test_without_a_register_bodies_are_not_known_which_is_not_none(
    cast: Cast, made_lake: Lake, site_folder: Path
) -> None:
    row = adopting.adopt(made_lake, cast.bureau, ("别的湖", "Other"), chain="semiconductors", open_sources=True)
    found = opened(row)
    assert citing.cite(found, "bodies", citing.nodes(found)[0][0], "") is None


def test_a_figure_in_an_application_says_its_release_and_is_part_of_what_is_stamped(cast: Cast, at: Opened) -> None:
    play = plays.begin(cast)
    made = applications.begin(plays.call(play), cast.alice, "patent", "项目")
    before = hash_of(made)
    node = citing.nodes(at)[0][0]
    found = citations.cite(made, cast.alice, at.id, "families", node, "")
    figures = said_now(plays.fresh(made))["cited"]["figures"]
    assert [row["release"] for row in figures] == [at.id] and figures[0]["value"] == found.value
    assert hash_of(plays.fresh(made)) != before
    number = plays.fresh(made).case.version
    citations.cite(made, cast.alice, at.id, "families", node, "")  # the same once more changes nothing
    assert plays.fresh(made).case.version == number
    assert f"application:{made.case_id}" in pins_of(at.lake.folder)[at.id]
    for wrong in (("nothing", "families"), (at.id, "rank")):
        with pytest.raises(Refused):
            citations.cite(made, cast.alice, *wrong, node, "")
    client = Client()
    client.force_login(cast.alice.user)
    url = reverse("application-cite", args=[made.case_id])
    page = client.get(url).content.decode()
    assert at.id in page and found.value in page and "江苏省/苏州市" in page
    sent = {"release": at.id, "measure": "bodies", "node": "chip", "place": "江苏省/苏州市"}
    assert client.post(url, sent).status_code == 302
    assert [row["measure"] for row in said_now(plays.fresh(made))["cited"]["figures"]] == ["families", "bodies"]
    assert client.post(url, {**sent, "place": "江苏省/无此市"}).status_code == 422
    step = client.get(reverse("application-step", args=[made.case_id, "evidence"])).content.decode()
    assert "链上单位数" in step and at.id in step
    citations.drop(plays.fresh(made), cast.alice, 1)
    citations.drop(plays.fresh(made), cast.alice, 0)
    assert hash_of(plays.fresh(made)) != before  # the section is there, and is empty
    assert said_now(plays.fresh(made))["cited"] == {}


def test_so_many_figures_and_no_more(cast: Cast, at: Opened) -> None:
    """The last of thirty is taken; another is refused, and one of them anew is not another."""
    play = plays.begin(cast)
    made = applications.begin(plays.call(play), cast.alice, "patent", "项目")
    node = citing.nodes(at)[0][0]
    figures = [{"measure": "families", "of": f"{n}"} for n in range(citations.MOST - 1)]
    Section.objects.create(application=made, name="cited", content=history.canonical({"figures": figures}))
    citations.cite(made, cast.alice, at.id, "families", node, "")
    with pytest.raises(Refused) as refused:
        citations.cite(made, cast.alice, at.id, "bodies", "chip", "")
    assert refused.value.rule == "many"
    Section.objects.filter(application=made).update(content=history.canonical({"figures": [
        *figures, {"measure": "families", "of": citing.cite(at, "families", node, "").of, "value": "0"},  # type: ignore[union-attr]
    ]}))  # fmt: skip
    citations.cite(made, cast.alice, at.id, "families", node, "")
    assert len(said_now(plays.fresh(made))["cited"]["figures"]) == citations.MOST

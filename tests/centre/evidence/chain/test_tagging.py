"""The tagging desk: whose list it is, what is said and undone, two at once, differences."""

from __future__ import annotations

import threading

import pytest
from django.test import Client

from pingjiang.centre.accounts.models import Actor, Hat, Membership
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.chain import desks
from pingjiang.centre.evidence.models import DataLake, TaggingAssignment, TaggingList
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.evidence.persons import name_in_log
from pingjiang.judging.tag_lists import tag_of
from pingjiang.judging.tagging import TagDesk
from tests.centre.cast import SINCE, Cast, person

pytestmark = pytest.mark.django_db
TAGS = [tag_of("solid=固态|solid"), tag_of("station=基站|station")]


@pytest.fixture
def expert(cast: Cast) -> Actor:
    """An expert who tags."""
    actor = cast.everyone["expert"]
    Hat.objects.create(membership=actor.membership, name="tagger", since=SINCE)
    return Actor(actor.user, Membership.objects.get(pk=actor.membership.pk))


@pytest.fixture
def row(lake: DataLake, cast: Cast, expert: Actor) -> TaggingList:
    """A list of a dozen, shared out between the expert and the centre's manager, half of it twice."""
    manager = cast.everyone["centre_manager"]
    wanted = desks.Wanted("电池", TAGS, None, 12, [expert.membership, manager.membership], 0.5, None, False, "after")
    return desks.create(lake, wanted, manager)


def signed_in(client: Client, actor: Actor) -> Client:
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(row: TaggingList) -> dict[tuple[str, str], dict[str, str]]:
    library = TagDesk(lake_of(row.lake))
    return library.codings(library.named(row.name)).said


def test_experts_see_the_lists_alone_that_were_given_to_them(
    row: TaggingList, lake: DataLake, expert: Actor, cast: Cast, client: Client
) -> None:
    unassigned = desks.Wanted("别的", TAGS, None, 5, [], 0, None, False, "never")
    other = desks.create(lake, unassigned, cast.everyone["centre_manager"])
    assert list(access.visible_to(expert, TaggingList)) == [row]
    assert not access.visible_to(expert, DataLake).exists()
    stranger = person("Eve", expert.organisation, "expert")
    assert not access.visible_to(stranger, TaggingList).exists()
    signed_in(client, expert)
    assert client.get(f"/evidence/tagging/{row.pk}/code/").status_code == 200
    assert "电池" in client.get("/evidence/tagging/").content.decode()
    for path in ("code/", "", "adjudicate/", "export/"):
        assert client.get(f"/evidence/tagging/{other.pk}/{path}").status_code == 404, path
    for path in ("", "adjudicate/"):
        assert client.get(f"/evidence/tagging/{row.pk}/{path}").status_code == 404, path
    assert client.post(f"/evidence/tagging/{row.pk}/train/").status_code == 404
    assert client.get(f"/evidence/{lake.pk}/chain/").status_code == 404
    desks.end(TaggingAssignment.objects.get(list=row, membership=expert.membership))
    assert client.get(f"/evidence/tagging/{row.pk}/code/").status_code == 404


def test_who_takes_the_hat_off_sees_no_list(row: TaggingList, expert: Actor) -> None:
    Hat.objects.filter(membership=expert.membership).update(until=SINCE)
    again = Actor(expert.user, Membership.objects.get(pk=expert.membership.pk))
    assert not access.visible_to(again, TaggingList).exists()


def test_one_codes_undoes_and_goes_on(row: TaggingList, expert: Actor, client: Client) -> None:
    signed_in(client, expert)
    desk = desks.desk(row, expert)
    assert desk is not None
    first, foreign = (
        desk.items[0].publication_id,
        next(item.publication_id for item in desk.told.items if desk.coder not in item.coders),
    )
    where = f"/evidence/tagging/{row.pk}/code/"
    answer = client.post(where, {"at": 1, "publication": first, "tag-solid": "yes"})
    assert answer["Location"] == f"{where}?at=2&last={first}"
    assert said(row) == {("solid", first): {desk.coder: "yes"}, ("station", first): {desk.coder: "no"}}
    client.post(where, {"at": 1, "publication": foreign, "tag-solid": "yes"})
    assert {number for _, number in said(row)} == {first}, "what is not theirs is not taken"
    assert client.post(where, {"undo": "1", "at": 2})["Location"] == f"{where}?at=1"
    assert said(row) == {}
    client.post(where, {"at": 1, "publication": first, "all": "unsure"})
    assert set(said(row)["solid", first].values()) == {"unsure"}
    assert client.get(f"/evidence/tagging/{row.pk}/export/").content[:2] == b"PK"


def test_differences_are_adjudicated_and_kappa_is_told(
    row: TaggingList, expert: Actor, cast: Cast, client: Client
) -> None:
    manager = cast.everyone["centre_manager"]
    for actor, verdict in ((expert, "yes"), (manager, "no")):
        desk = desks.desk(row, actor)
        assert desk is not None
        for at, item in enumerate(desk.items, start=1):
            signed_in(client, actor).post(
                f"/evidence/tagging/{row.pk}/code/",
                {"at": at, "publication": item.publication_id, "tag-solid": verdict, "tag-station": "no"},
            )
    library = TagDesk(lake_of(row.lake))
    told = library.named(row.name)
    twice = [item.publication_id for item in told.items if len(item.coders) == 2]
    assert set(library.codings(told).open()) == set(twice) and len(twice) == 6
    assert "kappa" in client.get(f"/evidence/tagging/{row.pk}/").content.decode()
    assert client.get(f"/evidence/{row.lake_id}/chain/tags/").status_code == 200
    where = f"/evidence/tagging/{row.pk}/adjudicate/"
    assert twice[0] in client.get(where).content.decode()
    client.post(where, {"publication": twice[0], "tag": "solid", "verdict": "yes", "why": "标题写明"})
    assert library.codings(told).labels()["solid"][twice[0]] is True
    assert len(library.codings(told).open()) == 5


def test_a_list_is_made_by_the_form_and_a_bad_query_is_told(
    lake: DataLake, cast: Cast, expert: Actor, client: Client
) -> None:
    signed_in(client, cast.everyone["centre_manager"])
    form = {
        "name": "基站", "tags": "a=甲|A\nb=乙|B", "query": "TI=(", "sample": "5", "assigned": [expert.membership.pk],
        "double": "20", "suggestion": "after",
    }  # fmt: skip
    where = f"/evidence/{lake.pk}/chain/tags/"
    assert client.post(where, form).status_code == 422 and not TaggingList.objects.exists()
    answer = client.post(where, form | {"query": "TI=电池"})
    made = TaggingList.objects.get()
    assert answer["Location"] == f"/evidence/tagging/{made.pk}/"
    assert made.assignments.get().coder == name_in_log(expert)
    assert client.post(where, form | {"query": ""}).status_code == 422 and TaggingList.objects.count() == 1


def test_two_people_of_one_name_stay_two(cast: Cast) -> None:
    one, two = (person(f"Twin{at}", cast.firm, "member_user") for at in (1, 2))
    for actor in (one, two):
        actor.user.name = "张伟"
        actor.user.save()
    assert name_in_log(one) == "张伟" and name_in_log(two) == f"张伟 #{two.user.pk}"


def test_two_at_once_lose_nothing(row: TaggingList, expert: Actor, cast: Cast) -> None:
    library, people = TagDesk(lake_of(row.lake)), [expert, cast.everyone["centre_manager"]]
    found = [desks.desk(row, actor) for actor in people]

    def work(desk: desks.Desk) -> None:
        for item in desk.items:
            library.code(row.name, item.publication_id, {"solid": "no", "station": "unsure"}, who=desk.coder)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = library.named(row.name)
    progress = library.codings(told).progress(told)
    assert all(each["whole"] == each["to_code"] for each in progress) and sum(each["whole"] for each in progress) == 18

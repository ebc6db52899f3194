"""Pages of who is who: what they show is what the tables hold, and only who may judges."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang import judgements
from pingjiang.centre.evidence.identity import counts, measuring, organisations, people, register, review
from pingjiang.centre.evidence.models import DataLake, JudgedPair, LakeRun, Roster
from pingjiang.centre.evidence.opening import opened
from tests.centre.cast import Cast
from tests.centre.evidence.identity.conftest import APPLICANTS, A, B

pytestmark = pytest.mark.django_db


def client_of(cast: Cast, role: str, client: Client) -> Client:
    client.force_login(cast.everyone[role].user)
    return client


@pytest.fixture
def manager(client: Client, cast: Cast, who: DataLake) -> Client:
    return client_of(cast, "centre_manager", client)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def test_the_list_counts_what_the_files_say_and_finds_any_spelling(manager: Client, who: DataLake) -> None:
    at = opened(who)
    rows = organisations.listed(at, "entity")
    assert {row.name: row.publication for row in rows} == APPLICANTS
    assert [row.name for row in organisations.called(rows, "合成半導體研究所", "entity")] == [A]
    page = text_of(manager, reverse("evidence-identity", args=[who.pk]) + "?sort=-publication&cols=publication")
    assert page.index(A) < page.index("无关大学") < page.index(B)
    assert "release=" in page
    found = text_of(manager, reverse("evidence-identity", args=[who.pk]) + "?q=无关")
    assert "无关大学" in found and A not in found


@pytest.mark.parametrize("level", ["entity", "group"])
@pytest.mark.parametrize("unit", ["publication", "application", "simple_family", "extended_family"])
def test_an_organisations_page_adds_up(manager: Client, who: DataLake, unit: str, level: str) -> None:
    at = opened(who)
    [row] = [row for row in organisations.listed(at, "entity") if row.name == A]
    known = organisations.known(at, row.pk)
    assert known is not None
    count = counts.counted(at, known.number[level], unit)  # type: ignore[arg-type]
    assert count.total == sum(items for _year, items in count.years) >= APPLICANTS[A]
    page = text_of(manager, reverse("evidence-organisation", args=[who.pk, row.pk]) + f"?unit={unit}&level={level}")
    assert A in page and "写法与理由" in page and "待核" in page


def test_pages_of_rights_and_people_and_register_open(manager: Client, who: DataLake) -> None:
    at = opened(who)
    [row] = [row for row in organisations.listed(at, "entity") if row.name == A]
    text_of(manager, reverse("evidence-organisation-rights", args=[who.pk, row.pk]))
    page = text_of(manager, reverse("evidence-people", args=[who.pk]))
    match = re.search(r"/identity/people/([0-9a-f]+)/", page)
    assert match
    assert "各年申请人" in text_of(manager, reverse("evidence-person", args=[who.pk, match[1]]))
    assert manager.get(reverse("evidence-person", args=[who.pk, "none"])).status_code == 404
    assert manager.get(reverse("evidence-organisation", args=[who.pk, "none"])).status_code == 404


def test_points_of_a_pair_add_up_to_what_is_shown(who: DataLake) -> None:
    from math import exp

    at = opened(who)
    seen = 0
    for level in review.LEVELS:
        for pair in review.queue(at, level).pairs:
            points = review.facts(at, pair).points
            assert points and None not in points.values()
            made = 1 / (1 + exp(-sum(value or 0 for value in points.values())))
            assert made == pytest.approx(pair.score, abs=1e-3) or pair.score > made
            seen += 1
    assert seen


def judged(client: Client, who: DataLake, verdict: str, **more: str) -> int:
    pair = review.queue(opened(who), "organisation").pairs[0]
    told = {"level": "organisation", "pair": pair.row_id, "verdict": verdict, **more}
    return int(client.post(reverse("evidence-review-judge", args=[who.pk]), told).status_code)


def test_an_answer_is_kept_with_the_name_and_the_next_pair_comes_and_is_undone(
    manager: Client, who: DataLake, cast: Cast
) -> None:
    at = opened(who)
    before = review.queue(at, "organisation").pairs
    assert "同一家" in text_of(manager, reverse("evidence-review", args=[who.pk]))
    assert judged(manager, who, "different", why="地址不同") == 302
    [row] = review.rows(at)
    assert (row.who, row.verdict, row.why) == (cast.everyone["centre_manager"].user.name, "different", "地址不同")
    after = review.queue(at, "organisation").pairs
    assert before[0] not in after and review.waiting(at).rows == 1
    page = text_of(manager, reverse("evidence-review", args=[who.pk]))
    assert "1 条判断" in page
    asked = re.search(r'action="([^"]+)">[^/]*?name="request" value="([^"]+)"><[^>]*name="kinds" value="([^"]+)"', page)
    assert asked
    manager.post(asked[1], {"request": asked[2], "kinds": asked[3]})
    run = LakeRun.objects.get(lake=who)
    assert (run.kind, run.then) == ("build", ["index"]), "what was judged counts at the next build"
    manager.post(reverse("evidence-review-undo", args=[who.pk]), {"level": "organisation"})
    assert review.queue(at, "organisation").pairs == before
    assert not judgements.in_force(review.rows(at))


def test_only_who_works_on_the_lake_judges(client: Client, cast: Cast, who: DataLake) -> None:
    review_page = reverse("evidence-review", args=[who.pk])
    for role, actor in cast.everyone.items():
        client.force_login(actor.user)
        reads = actor.organisation == who.owner
        assert client.get(review_page).status_code == (200 if reads else 404), role
        if not reads:
            assert judged(client, who, "same") == 404, role
            for name in ("evidence-review-undo", "evidence-data-run"):
                assert client.post(reverse(name, args=[who.pk])).status_code == 404, role
    assert not review.rows(opened(who))


def test_the_register_names_whom_nobody_knows(manager: Client, who: DataLake) -> None:
    rows = register.listed(opened(who))
    assert rows.count() == 2
    page = text_of(manager, reverse("evidence-register", args=[who.pk]) + "?met=no")
    assert "未见申请的单位" in page and "平江精密光电仪器厂" not in page
    firm = next(row for row in rows if row.organisation_id)
    shown = text_of(manager, reverse("evidence-organisation", args=[who.pk, firm.organisation_id]))
    assert "平江仪器社" in shown


def test_what_was_judged_is_measured_with_its_baseline_and_outlives_a_build(manager: Client, who: DataLake) -> None:
    address = reverse("evidence-review", args=[who.pk])
    every = review.queue(opened(who), "organisation").pairs
    pair = every[0]
    assert "未测" in text_of(manager, address)
    assert judged(manager, who, "same", order="drawn") == 302
    page = text_of(manager, address)
    assert "归并线移到" in page and "基线：折叠后字面相同" in page and "1 / 1" in page and "按抽样次序判的" in page
    kept = JudgedPair.objects.get()
    assert (kept.row_id, kept.score, kept.drawn) == (pair.row_id, pair.score, True)
    gone = review.Queue([], [])  # what a build leaves of the pair
    [row] = measuring.judged(opened(who), "organisation", gone)
    assert row.same and row.score == pair.score
    manager.post(reverse("evidence-review-undo", args=[who.pk]), {"level": "organisation"})
    assert measuring.judged(opened(who), "organisation", gone) == []


def test_the_line_parts_the_pairs_and_an_answer_goes_on_within_it(manager: Client, who: DataLake) -> None:
    at = opened(who)
    every = review.queue(at, "organisation")
    scores = sorted({review.percent(pair) for pair in every.pairs})
    asked = review.asked({"low": str(scores[-1]), "high": "100"})
    part = every.part(asked)
    assert part.pairs and all(review.percent(pair) == scores[-1] for pair in part.pairs)
    sides = measuring.sides(every, asked, [])
    assert sum(side.doubted for side in sides) == every.in_doubt and sides[-1].doubted == len(part.pairs)
    address = reverse("evidence-review", args=[who.pk])
    page = text_of(manager, f"{address}?low={scores[-1]}")
    assert part.pairs[0].name_a in page and f'name="low" value="{scores[-1]}"' in page
    told = {"pair": part.pairs[0].row_id, "verdict": "unsure", "low": str(scores[-1])}
    answer = manager.post(reverse("evidence-review-judge", args=[who.pk]), told)
    assert f"low={scores[-1]}" in answer["Location"]
    assert "没有待核的对" in text_of(manager, f"{address}?low=1&high=1")
    assert review.asked({"low": "x", "high": "-1", "level": "no"}) == review.Asked("organisation")


def test_a_person_is_put_into_a_roster_from_their_list_and_page(manager: Client, who: DataLake) -> None:
    person = next(iter(people.listed(opened(who))))
    told = {"kind": "inventor", "roster_name": "领军人才", "pick": [person.pk]}
    manager.post(reverse("evidence-roster-add", args=[who.pk]), told)
    roster = Roster.objects.get()
    assert roster.entries.get().name == person.name
    assert "移出 领军人才" in text_of(manager, reverse("evidence-person", args=[who.pk, person.pk]))
    assert person.name in text_of(manager, reverse("evidence-people", args=[who.pk]) + f"?roster={roster.pk}")
    keys = "&pick=".join([reverse("evidence-people", args=[who.pk]) + "?export=xlsx", person.pk])
    assert manager.get(keys).status_code == 200

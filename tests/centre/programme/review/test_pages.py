"""Pages of experts, panels and reviews: the whole way by forms, two windows, what is typed wrongly, what is public."""

from __future__ import annotations

import datetime
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import service as casework
from pingjiang.centre.programme.models import Conflict, Declaration, Expert, Panel, Review
from pingjiang.centre.programme.review import recusing, results, seating, sheets, told
from pingjiang.centre.programme.services import experts, panels
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.panel_play import actor_of, later

pytestmark = pytest.mark.django_db


def client(actor: Actor | None) -> Client:
    made = Client()
    if actor is not None:
        made.force_login(actor.user)
    return made


def move(row: Panel | Review, name: str, **more: Any) -> dict[str, Any]:
    row.case.refresh_from_db()
    return {"move": name, "version": row.case.version, "request": str(uuid.uuid4()), "note": "理由", "confirmed": name,
            **more}  # fmt: skip


def sent(panel: Panel, share: Decimal = Decimal("0.7")) -> dict[str, str]:
    """A whole sheet, as its form sends it."""
    told = panel_play.written(panel, share).told()
    return {
        **{f"mark-{name}": mark for name, mark in told["marks"].items()},
        **{f"comment-{name}": text for name, text in told["comments"].items()}, "overall": told["overall"],
    }  # fmt: skip


def test_the_whole_way_by_forms(cast: Cast) -> None:
    play = plays.begin(cast)
    pool = panel_play.pool(play)
    application = plays.application(play, "accepted")
    olga = client(cast.olga)
    track = application.call.tracks.get(track="patent")
    said = {"of": str(track.pk), "title": "第一专家组", "request": str(uuid.uuid4())}
    answer = olga.post(reverse("panel-new"), said)
    panel = Panel.objects.get()
    assert answer["Location"] == reverse("panel-compose", args=[panel.case_id])
    due = timezone.localtime() + datetime.timedelta(days=1)
    made_up = {
        "applications": [str(application.pk)], **{f"seats-{name}": n for name, n in panel_play.SEATS.items()},
        "number_words": "某彩票第 2026140 期", "due": due.strftime("%Y-%m-%dT%H:%M"),
        "reviews_until": (due + datetime.timedelta(days=20)).date().isoformat(), "recusal": "panel",
        "version": panel.case.version,
    }  # fmt: skip
    assert olga.post(reverse("panel-compose", args=[panel.case_id]), made_up).status_code == 302
    here = reverse("panel", args=[panel.case_id])
    assert olga.post(here, move(panel, "publish")).status_code == 422  # nobody looked for conflicts
    assert olga.post(reverse("panel-conflicts", args=[panel.case_id]), {"act": "look"}).status_code == 302
    assert olga.post(here, move(panel, "publish")).status_code == 302
    panel = panel_play.fresh(panel)
    assert panel.list_hash in olga.get(here).text
    assert olga.post(here, move(panel, "draw", number=panel_play.NUMBER)).status_code == 422  # not known yet
    with later(days=1, minutes=2):
        olga = client(cast.olga)  # signed in anew the next day
        assert olga.post(here, move(panel, "draw", number="12 x")).status_code == 422
        asked = olga.post(here, move(panel, "draw", number=panel_play.NUMBER, confirmed=""))
        assert asked.status_code == 200 and f'value="{panel_play.NUMBER}"' in asked.text
        assert olga.post(here, move(panel, "draw", number=panel_play.NUMBER)).status_code == 302
    for review in Review.objects.filter(panel=panel).select_related("case", "expert__membership__user"):
        expert = client(actor_of(review.expert))
        page = reverse("review", args=[review.case_id])
        assert expert.post(page, move(review, "accept")).status_code == 422  # no word on interests
        assert expert.post(page, move(review, "accept", no_interest="yes")).status_code == 302
        assert expert.post(page, move(review, "begin")).status_code == 302
        sheet = reverse("review-sheet", args=[review.case_id, application.case_id])
        assert expert.get(sheet).status_code == 200
        assert expert.post(page, move(review, "lock")).status_code == 422
        assert expert.post(sheet, {"revision.sheet": "0", **sent(panel)}).status_code == 302
        assert expert.post(page, move(review, "lock")).status_code == 302
        assert client(cast.olga).get(sheet).status_code == 404
    assert olga.get(reverse("panel-results", args=[panel.case_id])).status_code == 404
    assert olga.post(here, move(panel, "lock")).status_code == 302
    shown = olga.get(reverse("panel-results", args=[panel.case_id]))
    assert shown.status_code == 200 and panel_play.fresh(panel).lock_hash in shown.text
    book = olga.get(reverse("panel-results", args=[panel.case_id]), {"export": "xlsx"})
    assert book.status_code == 200 and book.content[:2] == b"PK"
    assert olga.get(sheet).status_code == 200
    assert len(pool) == 12


def test_two_windows_on_one_sheet_lose_nothing(cast: Cast) -> None:
    play = plays.begin(cast)
    review = panel_play.review(play, "writing")
    application = review.panel.entries.get().application
    expert = client(actor_of(review.expert))
    page = reverse("review-sheet", args=[review.case_id, application.case_id])
    assert expert.post(page, {"revision.sheet": "0", "mark-I1": "4.5", "overall": "甲窗所写"}).status_code == 302
    other = expert.post(page, {"revision.sheet": "0", "mark-I1": "3", "overall": "乙窗所写"})
    assert other.status_code == 409
    assert "乙窗所写" in other.text and "已存 4.5" in other.text
    ((sheet, written),) = sheets.own(review, actor_of(review.expert)).values()
    assert (sheet.revision, written.overall, written.marks["I1"]) == (1, "甲窗所写", Decimal("4.5"))
    assert expert.post(page, {"revision.sheet": "1", "mark-I1": "3", "overall": "乙窗所写"}).status_code == 302
    saved = expert.post(page, {"revision.sheet": "2", "mark-I1": "3.5", "autosave": "1"})
    assert saved.json()["revisions"] == {"sheet": 3} and not saved.json()["problem"]
    stale = expert.post(page, {"revision.sheet": "2", "mark-I1": "1", "autosave": "1"})
    assert stale.status_code == 409 and stale.json()["conflict"] == page


@pytest.mark.parametrize("mark", ["6.5", "-0.5", "3.3", "x", "NaN", "1e9", "Infinity"])
def test_a_mark_off_its_scale_is_refused_and_kept_on_the_page(cast: Cast, mark: str) -> None:
    review = panel_play.review(plays.begin(cast), "writing")
    application = review.panel.entries.get().application
    page = reverse("review-sheet", args=[review.case_id, application.case_id])
    answer = client(actor_of(review.expert)).post(page, {"revision.sheet": "0", "mark-I1": mark, "overall": "在"})
    assert answer.status_code == 422 and f'value="{mark}"' in answer.text and ">在</textarea>" in answer.text
    assert not review.sheets.exists()


def test_an_expert_reads_the_own_page_and_declares(cast: Cast) -> None:
    play = plays.begin(cast)
    one, other, *_ = panel_play.pool(play, 1)
    own = client(actor_of(one))
    assert own.get(reverse("expert-me"))["Location"] == reverse("expert", args=[one.pk])
    page = reverse("expert", args=[one.pk])
    said = {"act": "declaration", "ground": "kinship", "organisation": "甲公司", "text": "近亲属任职"}
    assert own.post(page, said).status_code == 302
    assert own.post(page, {"act": "employment", "name": "某所", "since": "2024", "until": "2020"}).status_code == 422
    assert own.post(page, {"act": "employment", "name": "某所", "since": "2020"}).status_code == 302
    row = one.employments.get()
    form = own.get(page, {"employment": row.pk}).text
    assert f'value="{row.name}"' in form and f'name="row" value="{row.pk}"' in form
    said = {"act": "correct", "row": str(row.pk), "name": "某所", "since": "2020", "until": "2023", "reason": ""}
    assert own.post(page, said).status_code == 422
    assert own.post(page, {**said, "act": "strike"}).status_code == 422
    assert own.post(page, {**said, "reason": "已离职"}).status_code == 302
    assert "某所 2020–至今 → 某所 2020–2023" in own.get(page).text and "已离职" in own.get(page).text
    assert own.get(page, {"employment": 10**9}).status_code == 404
    assert own.post(page, {**said, "act": "strike", "reason": "误记"}).status_code == 302
    assert not one.employments.exists() and "误记" in own.get(page).text
    assert own.post(page, {"act": "describe", "stratum": "ip", "in_force": ""}).status_code == 422
    assert own.get(reverse("expert", args=[other.pk])).status_code == 404
    assert own.get(reverse("experts")).status_code == 404
    assert Declaration.objects.get().by == one.membership


def test_a_declared_interest_excludes_before_the_draw_and_is_told_by_its_ground_alone(cast: Cast) -> None:
    play = plays.begin(cast)
    pool = panel_play.pool(play)
    experts.declare(pool[0], actor_of(pool[0]), "kinship", organisation=cast.firm.name_zh, text="近亲属任职")
    panel = panel_play.panel(play, "published")
    assert f"{pool[0].code} | excluded: 近亲属" in panel.list_text
    assert cast.firm.name_zh not in panel.list_text
    row = Conflict.objects.get(panel=panel)
    assert row.certain and "声明" in row.source_zh and cast.firm.name_zh in row.reason_zh
    shown = client(cast.olga).get(reverse("panel-conflicts", args=[panel.case_id])).text
    assert "近亲属任职" in shown and "未知" in shown  # alliances: nothing holds them
    public = client(None).get(reverse("public-panel", args=[panel.case_id])).text
    assert panel.list_hash in public and "近亲属任职" not in public


def test_an_interest_declared_after_the_list_passes_a_candidate_over(cast: Cast) -> None:
    play = plays.begin(cast)
    panel = panel_play.panel(play, "published")
    twin = Panel.objects.get(pk=panel.pk)
    twin.public_number = panel_play.NUMBER
    (first, *_rest) = seating.drawn(twin).strata[0].order
    expert = Expert.objects.get(code=first.code)
    experts.declare(expert, actor_of(expert), "helped_write", organisation=cast.firm.name_zh)
    with later(days=1, minutes=1):
        panels.draw(panel, cast.olga, panel_play.NUMBER)
    over = panel_play.fresh(panel).passed_over.get()
    assert over.expert == expert and over.reason == "参与编写申报书"
    assert not Review.objects.filter(expert=expert).exists()
    assert len(seating.sitting(panel_play.fresh(panel))) == 5


def test_the_public_page_gives_the_script_with_list_and_number(cast: Cast) -> None:
    panel = panel_play.panel(plays.begin(cast))
    made = client(None).get(reverse("public-panel-draw", args=[panel.case_id]))
    assert panel.list_hash in made.text and panel_play.NUMBER in made.text
    assert made["Content-Disposition"].startswith("attachment")
    assert client(None).get(reverse("public-panels")).text.count(panel.case.title) == 1


def table_of(page: str) -> str:
    """The order of a draw, as a public page has it."""
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_public_page_in_english_names_strata_and_grounds_in_english(cast: Cast) -> None:
    """All but the text of the list, which stays as it was hashed, its words explained beside it."""
    play = plays.begin(cast)
    pool = panel_play.pool(play)
    for ground in ("kinship", "paid"):  # the second holds the sign that stands between two
        experts.declare(pool[0], actor_of(pool[0]), ground, organisation=cast.firm.name_zh, text="任顾问")
    panel = panel_play.panel(play, "published")
    assert f"{pool[0].code} | excluded: 近亲属、受雇、受酬或任顾问" in panel.list_text
    here = reverse("public-panel", args=[panel.case_id])
    english = client(None)
    english.cookies["django_language"] = "en"
    before = english.get(here).text
    for zh, en in (("技术", "Technology"), ("财务与管理", "Finance and management"), ("近亲属", "Kinship")):
        assert f'<span lang="zh">{zh}</span> {en}' in before
    assert "Co-inventor" not in before and panel.list_text.splitlines()[4] in before
    with later(days=1, minutes=1):
        panels.draw(panel, cast.olga, panel_play.NUMBER)
    gone, recused, *_rest = Review.objects.filter(panel=panel).select_related("case", "expert").order_by("pk")
    for review, name in ((gone, "decline"), (recused, "recuse")):
        casework.perform(review.case, name, actor_of(review.expert), "不便参加")
    table = table_of(english.get(here).text)
    assert "Kinship; Employed, paid or an adviser" in table and ">Recused<" in table
    assert {"Technology", "Industry", "Intellectual property", "Finance and management"} <= set(
        re.findall(r"<tr><td>([^<]*)</td>", table)
    )
    assert not re.search("[\u4e00-\u9fff]", table)
    chinese = client(None).get(here).text
    assert "近亲属、受雇、受酬或任顾问" in table_of(chinese) and "Kinship" not in chinese


def test_why_a_candidate_is_passed_over_reads_in_both_languages(cast: Cast) -> None:
    panel = panel_play.panel(plays.begin(cast), "published")
    for text, words in {
        "共同申请人": ("共同申请人", "Co-applicant"),
        "近亲属、受雇、受酬或任顾问": ("近亲属、受雇、受酬或任顾问", "Kinship; Employed, paid or an adviser"),
        seating.GONE: ("已不在专家库", "No longer in the pool"),
        recusing.TOO_FEW: ("其回避会使有效评分少于规定", "Too few sheets would be left"),
        "近亲属、别的": ("近亲属、别的", "近亲属、别的"),  # grounds that no pack has: as they were written
    }.items():
        assert told.reason(panel, text) == words


def test_experts_in_another_sequence_change_no_number_on_the_page(cast: Cast) -> None:
    """The same sheets under other codes: all that is reckoned of an application stays, bootstrap and all."""
    play = plays.begin(cast)
    applications = panel_play.many(play, 6)
    panel = panel_play.panel(play, applications=applications)
    shares = [Decimal(n) / 100 for n in (41, 55, 62, 74, 88)]
    given = [
        {each.pk: panel_play.written(panel, (share + Decimal((n * at) % 7) / 30) % 1) for n, each in
         enumerate(applications)}
        for at, share in enumerate(shares)
    ]  # fmt: skip
    told = []
    for order in ((0, 1, 2, 3, 4), (3, 1, 4, 0, 2)):
        points = {
            f"E{n:04}": {each.case.number: sum(given[at][each.pk].marks.values(), Decimal(0)) for each in applications}
            for n, at in enumerate(order)
        }
        made = results.reckoned(panel, points, {each.pk: each for each in applications})
        told.append([{name: value for name, value in row.items() if name != "points"} for row in made["applications"]])
    assert told[0] == told[1]
    assert len({row["trimmed"] for row in told[0]}) > 3

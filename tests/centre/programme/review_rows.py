"""Who gets what of experts, panels and reviews: rows of the matrix, put to those of the programme."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents.models import Document
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models import Application, Employment, Expert, Panel, Review
from pingjiang.centre.programme.services import experts, panels
from tests.centre.cast import person
from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE, OTHER_TRACK, OWN, SAME, Who, anywhere, at_home, only
from tests.centre.matrix.table import PUBLIC, Row, alike
from tests.centre.programme import panel_play, plays_of_city

OFFICERS = at_home("programme_officer") - only("programme_officer", OTHER_TRACK)
LEADERS = at_home("decision_maker")
AUDIT = anywhere("steward")
HOUSE = OFFICERS | LEADERS | AUDIT
KEEPERS = at_home("programme_officer")
DESKS = anywhere("programme_officer", "decision_maker", "steward")
REVIEWER = only("expert", OWN)
POOL = at_home("programme_officer", "decision_maker") | AUDIT
SECRET = "除本人外谁也看不到的评语"
PAST = "只在专家库里的任职单位"


def seed(city: City) -> None:
    """A pool in which two of the city's experts are; a panel that is being made up, one drawn, one locked."""
    play = plays_of_city.play_of(city)
    officer = city.own("programme_officer")
    own, same = city.own("expert"), city.people["expert", SAME]
    for each in (own, same):
        experts.take_in(officer, each.membership, "technology", "示例领域")
    for n, stratum in enumerate(("industry", "ip", "finance")):
        place = Organisation.objects.create(kind="expert_body", name_zh=f"矩阵专家单位 {n}")
        experts.take_in(officer, person(f"Matrix-expert-{n}", place, "expert").membership, stratum, "")
    mine = Expert.objects.get(membership=own.membership)
    experts.employed(mine, own, {"name": PAST, "since": 2001, "until": 2003})
    experts.declare(mine, own, "kinship", organisation="与本批无关的单位")
    first, second, third, fourth = panel_play.many(play, 4, plays_of_city.accepted(city, play))
    draft = panel_play.composed(play, [first])
    drawn = panel_play.panel(play, "drawn", [second])
    locked = panel_play.panel(play, "locked", [third])
    short = _short(city, panel_play.panel(play, "drawn", [fourth]))
    Case.objects.filter(pk=draft.case_id).update(title="尚未公布名单的专家组")
    review = Review.objects.get(panel=drawn, expert=mine)
    panel_play.write(review, {second.pk: panel_play.written(drawn, comment=SECRET)})
    opened = Review.objects.get(panel=locked, expert=mine)
    _put(city, draft, drawn, locked)
    city.put("short panel", sees=HOUSE, label=short.case.number, public=True, pk=short.case_id, case_id=short.case_id,
             number=1)  # fmt: skip
    city.put("unknown supplement", sees=HOUSE, public=True, pk=drawn.case_id, number=1)
    document = Document.objects.filter(case=first.case_id, name__startswith=MATERIAL).order_by("pk")[0]
    _put_reviews(city, (review, second), (opened, third), document)
    _put_others(city, mine, {review.pk, opened.pk})
    city.put(
        "expert", sees=POOL | REVIEWER, mark=PAST, label=mine.code, pk=mine.pk,
    )  # fmt: skip


def _short(city: City, panel: Panel) -> Panel:
    """Its only financier declined; a supplementary list for the seat is out."""
    officer = city.own("programme_officer")
    review = Review.objects.select_related("case", "expert__membership__user").get(panel=panel, stratum="finance")
    casework.perform(review.case, "decline", panel_play.actor_of(review.expert), "不得空")
    place = Organisation.objects.create(kind="expert_body", name_zh="矩阵专家单位 增补")
    experts.take_in(officer, person("Matrix-expert-more", place, "expert").membership, "finance", "")
    due = timezone.now() + datetime.timedelta(days=2)
    panels.supplement(panel_play.fresh(panel), officer, "某彩票第 2026141 期开奖号码", due)
    return panel_play.fresh(panel)


def _put_others(city: City, mine: Expert, told: set[int]) -> None:
    """The rest of the pool and of the reviews: whoever guesses their numbers finds no more."""
    people = {actor.membership.pk: who for who, actor in city.people.items()}

    def also(expert: Expert) -> Who:
        who = people.get(expert.membership_id)
        return frozenset({who}) if who is not None else frozenset()

    for expert in Expert.objects.exclude(pk=mine.pk):
        city.put(f"expert:{expert.pk}", sees=POOL | also(expert), pk=expert.pk)
    for review in Review.objects.exclude(pk__in=told).select_related("expert"):
        city.put(f"review:{review.pk}", sees=HOUSE | also(review.expert), pk=review.case_id, case_id=review.case_id)


def _put(city: City, draft: Panel, drawn: Panel, locked: Panel) -> None:
    draft.case.refresh_from_db()
    city.put("draft panel", sees=HOUSE, mark=draft.case.title, pk=draft.case_id, case_id=draft.case_id)
    for name, each in (("panel", drawn), ("locked panel", locked)):
        city.put(name, sees=HOUSE, label=each.case.number, public=True, pk=each.case_id, case_id=each.case_id)


def _put_reviews(
    city: City, sealed: tuple[Review, Application], opened: tuple[Review, Application], document: Document
) -> None:
    for name, (review, application) in (("review", sealed), ("opened review", opened)):
        city.put(
            name, sees=HOUSE | REVIEWER, mark=review.case.number, pk=review.case_id, case_id=review.case_id,
            application=application.case_id, document=document.pk, number=1,
        )  # fmt: skip
    review, application = sealed
    city.put(
        "sealed sheet", sees=REVIEWER, mark=SECRET, pk=review.case_id, application=application.case_id,
        document=document.pk, number=1,
    )  # fmt: skip


def move(name: str, of: str, **more: Any) -> Any:
    """What the box of a case sends."""

    def sent(city: City) -> Mapping[str, Any]:
        case = Case.objects.get(pk=city.things[of].ids["pk"])
        return {"move": name, "confirmed": name, "version": case.version, "request": str(uuid.uuid4()), **more}

    return sent


def new_panel(city: City) -> Mapping[str, Any]:
    panel = Panel.objects.get(case=city.things["panel"].ids["pk"])
    track = panel.call.tracks.get(track="patent")
    return {"of": str(track.pk), "title": "又一专家组", "request": str(uuid.uuid4())}


def ending(city: City) -> Mapping[str, Any]:
    expert = Expert.objects.get(pk=city.things["expert"].ids["pk"])
    return {"act": "end", "declaration": str(expert.declarations.get().pk), "reason": "已无关系"}


def left_out(city: City) -> Mapping[str, Any]:
    """An application to be left out of a review whose panel goes by the other rule."""
    entry = Panel.objects.get(case=city.things["panel"].ids["pk"]).entries.get()
    return {"act": "leave out", "application": entry.application_id, "reason": "有关"}


def correcting(act: str) -> Any:
    def sent(city: City) -> Mapping[str, Any]:
        row = Employment.objects.get(expert=city.things["expert"].ids["pk"])
        return {"act": act, "row": str(row.pk), "name": PAST, "since": "2001", "until": "2004", "reason": "记错年份"}

    return sent


EMPLOYED = {"act": "employment", "name": "又一单位", "since": "2020"}
SHEET = {"revision.sheet": "1", "mark-I1": "4.5", "go": "stay"}
WORKBOOK = {"export": "xlsx"}
PANELS = ("draft panel", "panel", "locked panel", "short panel")
ROWS = [
    Row("experts", "GET", "", {200: DESKS}, shows=("expert",)),
    Row("experts", "GET", "", {200: DESKS}, query=WORKBOOK, shows=("expert",)),
    Row("expert-new", "GET", "", {200: anywhere("programme_officer")}),
    Row("expert-new", "POST", "", {422: anywhere("programme_officer")}, sent={"person": ""}),
    Row("expert-me", "GET", "", {302: only("expert", OWN, SAME)}),
    Row("expert", "GET", "expert", {200: POOL | REVIEWER}),
    Row("expert", "POST", "expert", {302: KEEPERS | REVIEWER}, sent=EMPLOYED),
    Row("expert", "POST", "expert", {302: KEEPERS | REVIEWER}, sent=ending),
    Row("expert", "POST", "expert", {302: KEEPERS | REVIEWER}, sent=correcting("correct")),
    Row("expert", "POST", "expert", {302: KEEPERS | REVIEWER}, sent=correcting("strike")),
    Row("expert", "POST", "expert", {404: EVERYONE}, sent={"act": "strike", "row": "0", "reason": "无"}),
    Row("expert", "POST", "expert", {422: KEEPERS | REVIEWER}, sent={"act": "declaration", "ground": ""}),
    Row("panels", "GET", "", {200: DESKS}, shows=PANELS),
    Row("panels", "GET", "", {200: DESKS}, query=WORKBOOK, shows=PANELS),
    Row("panel-new", "GET", "", {200: anywhere("programme_officer")}),
    Row("panel-new", "POST", "", {422: anywhere("programme_officer")}, sent={"title": ""}),
    Row("panel-new", "POST", "", {302: OFFICERS, 422: anywhere("programme_officer") - OFFICERS}, sent=new_panel),
    *(Row("panel", "GET", name, {200: HOUSE}) for name in PANELS),
    Row("panel", "POST", "draft panel", {302: OFFICERS, 422: LEADERS | AUDIT}, sent=move("discard", "draft panel")),
    Row("panel", "POST", "draft panel", {422: HOUSE}, sent=move("publish", "draft panel")),
    Row("panel", "POST", "panel", {302: LEADERS, 422: OFFICERS | AUDIT}, sent=move("dissolve", "panel", note="理由")),
    Row("panel", "POST", "panel", {422: HOUSE}, sent=move("lock", "panel")),
    Row("panel", "POST", "locked panel", {422: HOUSE}, sent=move("dissolve", "locked panel", note="理由")),
    Row("panel-compose", "GET", "draft panel", {200: OFFICERS}),
    Row("panel-compose", "GET", "panel", {404: EVERYONE}),
    Row("panel-compose", "POST", "draft panel", {422: OFFICERS}, sent={"version": "x"}),
    Row("panel-compose", "POST", "panel", {404: EVERYONE}, sent={"version": "1"}),
    *(Row("panel-conflicts", "GET", name, {200: HOUSE}) for name in PANELS),
    Row("panel-conflicts", "POST", "draft panel", {302: OFFICERS, 422: LEADERS | AUDIT}, sent={"act": "look"}),
    Row("panel-conflicts", "POST", "panel", {422: HOUSE}, sent={"act": "look"}),
    Row("panel-results", "GET", "locked panel", {200: HOUSE}),
    Row("panel-results", "GET", "locked panel", {200: HOUSE}, query=WORKBOOK),
    *(Row("panel-results", "GET", name, {404: EVERYONE}) for name in ("draft panel", "panel", "short panel")),
    # Before a list is out, and before it is drawn from, conflicts are looked for once more, and kept.
    *(Row("panel", "POST", "short panel", {422: HOUSE}, sent=move(name, "short panel"), writes=True)
      for name in ("supplement", "draw_supplement")),
    Row("panel", "POST", "short panel", {302: OFFICERS, 422: LEADERS | AUDIT},
        sent=move("recall_supplement", "short panel", note="理由")),
    Row("public-panel-supplement", "GET", "short panel", {200: EVERYONE}, PUBLIC),
    Row("public-panel-supplement", "GET", "unknown supplement", {404: EVERYONE}, alike(404)),
    Row("public-panels", "GET", "", {200: EVERYONE}, PUBLIC),
    *(Row(url, "GET", name, {200: EVERYONE}, PUBLIC) for url in ("public-panel", "public-panel-draw")
      for name in ("panel", "locked panel", "short panel")),
    *(Row(url, "GET", "draft panel", {404: EVERYONE}, alike(404)) for url in ("public-panel", "public-panel-draw")),
    Row("reviews", "GET", "", {200: DESKS | anywhere("expert")}, query={"size": "100"},
        shows=("review", "opened review")),
    Row("reviews", "GET", "", {200: DESKS | anywhere("expert")}, query=WORKBOOK, shows=("review", "opened review")),
    *(Row("review", "GET", name, {200: HOUSE | REVIEWER}) for name in ("review", "opened review")),
    Row("review", "POST", "review", {302: REVIEWER, 422: HOUSE}, sent=move("recuse", "review", note="理由")),
    Row("review", "POST", "review", {302: OFFICERS, 422: LEADERS | AUDIT | REVIEWER},
        sent=move("exclude", "review", note="理由")),
    Row("review", "POST", "review", {422: OFFICERS | LEADERS | AUDIT | REVIEWER}, sent=left_out),
    Row("review-sheet", "GET", "review", {200: REVIEWER}),
    Row("review-sheet", "GET", "sealed sheet", {200: REVIEWER}),
    Row("review-sheet", "GET", "opened review", {200: HOUSE | REVIEWER}),
    Row("review-sheet", "POST", "review", {302: REVIEWER}, sent=SHEET),
    Row("review-sheet", "POST", "review", {409: REVIEWER}, sent={**SHEET, "revision.sheet": "0"}),
    Row("review-sheet", "POST", "review", {422: REVIEWER}, sent={**SHEET, "mark-I1": "77"}),
    Row("review-sheet", "POST", "opened review", {422: REVIEWER}, sent=SHEET),
    *(Row("review-file", "GET", name, {404: EVERYONE}) for name in ("review", "opened review")),
]  # fmt: skip

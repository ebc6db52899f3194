"""Who gets what of calls and applications: rows of the matrix (tests/centre/matrix/table.py)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.services import applications, calls, checks
from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE, OTHER_TRACK, Who, anywhere, at_home, only
from tests.centre.matrix.table import API, FILE, PUBLIC, Row, alike
from tests.centre.programme import decision_rows, filling, plays_of_city, review_rows
from tests.centre.programme import play as plays

# The bureau's calls are of the patent track: its officer of the other track reads them once they are published.
EDITORS = at_home("programme_officer") - only("programme_officer", OTHER_TRACK)
LEADERS = at_home("decision_maker")
AUDIT = anywhere("steward")
DRAFT_CALL = EDITORS | LEADERS | AUDIT
BUREAU = at_home("programme_officer", "decision_maker")
WRITERS = anywhere("programme_officer", "decision_maker")
APPLIES = anywhere("member_user", "centre_manager", "centre_specialist")
MAY_ASK = EVERYONE - BUREAU - AUDIT

OURS = at_home("member_user")
DISTRICT = at_home("district_officer")
OFFICERS = EDITORS
APPLICANT_AND_AUDIT = OURS | AUDIT
WITH_DISTRICT = APPLICANT_AND_AUDIT | DISTRICT
WITH_BUREAU = WITH_DISTRICT | OFFICERS | LEADERS
CHECKS = OFFICERS | LEADERS | AUDIT
CASES: dict[str, Who] = {
    "draft application": APPLICANT_AND_AUDIT, "sent application": WITH_DISTRICT, "application": WITH_BUREAU,
}  # fmt: skip
APPLICATIONS = tuple(CASES)
MARKS = {
    "draft application": "只有本单位看的草稿", "sent application": "送到区县的申报", "application": "报到市局的申报",
}  # fmt: skip


def seed(city: City) -> None:
    """Calls of the bureau, a question that waits, and applications of a firm in three states."""
    officer, leader = city.own("programme_officer"), city.own("decision_maker")
    others = only("programme_officer", OTHER_TRACK)
    draft = calls.draft(officer, "尚未发布的申报通知", plays.times(), plays.TRACKS)
    opened = calls.draft(officer, "已发布的申报通知", plays.times(), plays.TRACKS)
    casework.perform(opened.case, "publish", leader)
    opened = Call.objects.select_related("case").get(pk=opened.pk)
    casework.perform(opened.case, "extend", leader, "应区县请求", given=plays.later(opened))
    opened = Call.objects.select_related("case").get(pk=opened.pk)
    waiting = calls.ask(opened, city.own("member_user"), "还没有答复的提问")
    city.put(
        "draft call", sees=DRAFT_CALL, mark=draft.case.title, pk=draft.case_id, track="patent", case_id=draft.case_id
    )
    city.put(
        "call", sees=EVERYONE, label=opened.case.title, public=True, pk=opened.case_id, track="patent",
        case_id=opened.case_id,
    )  # fmt: skip
    city.put(
        "call question", sees=at_home("member_user") | BUREAU | AUDIT | others, mark=waiting.text, pk=opened.case_id,
        question=waiting.pk,
    )  # fmt: skip
    play = plays_of_city.play_of(city)
    for name, way in (
        ("draft application", ()),
        ("sent application", ("send",)),
        ("application", ("send", "recommend")),
    ):
        made = applications.begin(opened, city.own("member_user"), "patent", MARKS[name])
        plays.fill(made, city.own("member_user"))
        for step in way:
            plays.take(play, made, step)
        city.put(
            name, sees=CASES[name], mark=MARKS[name], pk=made.case_id, name="budget", form="pdf", case_id=made.case_id,
            number=1,
        )  # fmt: skip
    _waive(city, officer)
    review_rows.seed(city)
    decision_rows.seed(city)


def _waive(city: City, officer: Actor) -> None:
    made = Application.objects.get(case_id=city.things["application"].ids["pk"])
    checks.ask_waiver(made, officer, "industry_output", "产值接近二百亿元，成长性好。")


def move(name: str, of: str, **more: Any) -> Any:
    """What the box of a case sends."""

    def sent(city: City) -> Mapping[str, Any]:
        case = Case.objects.get(pk=city.things[of].ids["pk"])
        return {"move": name, "confirmed": name, "version": case.version, "request": str(uuid.uuid4()), **more}

    return sent


def new_call(_city: City) -> Mapping[str, Any]:
    now = timezone.localtime()
    return {
        "title": "又一申报通知", "year": "2027", "guide": "指南", "patent_open": "on", "request": str(uuid.uuid4()),
        "opens_at": now.strftime("%Y-%m-%dT%H:%M:%S"), "patent_pack": f"{filling.PACK}@{filling.VERSION}",
        "closes_at": (now + datetime.timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%S"), "patent_budget": "2000",
        "patent_places": "3",
    }  # fmt: skip


def extend(city: City) -> Mapping[str, Any]:
    times = plays.later(Call.objects.get(case_id=city.things["call"].ids["pk"]))
    typed = {name: timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S") for name, moment in times.items()}
    return {**move("extend", "call", note="理由")(city), **typed}


def its_call(city: City) -> Mapping[str, Any]:
    return {"call": str(Call.objects.get(case_id=city.things["call"].ids["pk"]).pk)}


def text(_city: City) -> Mapping[str, Any]:
    return {"text": "请问？", "request": str(uuid.uuid4())}


def begun(_city: City) -> Mapping[str, Any]:
    return {"title": "又一项目", "request": str(uuid.uuid4())}


def letter(_city: City) -> Mapping[str, Any]:
    return {"act": "letter", "letter": SimpleUploadedFile("承诺函.pdf", filling.PDF), "request": str(uuid.uuid4())}


API_OF = ("api:application", "api:application_versions", "api:application_checks")
READS = "cases:read"
API_ROWS = [
    Row("api:applications", "GET", "", {200: EVERYONE}, API, shows=APPLICATIONS, scope=READS),
    *(Row(url, "GET", name, {200: CASES[name]}, API, scope=READS) for url in API_OF for name in APPLICATIONS),
    *(Row("api:application_version", "GET", name, {200: CASES[name]}, API, scope=READS) for name in APPLICATIONS[1:]),
    Row("api:application_version", "GET", "draft application", {404: EVERYONE}, API, scope=READS),
    Row("api:public_calls", "GET", "", {200: EVERYONE}, PUBLIC, shows=("call",)),
    Row("api:public_call", "GET", "call", {200: EVERYONE}, PUBLIC),
    Row("api:public_call", "GET", "draft call", {404: EVERYONE}, alike(404)),
    Row("api:public_panels", "GET", "", {200: EVERYONE}, PUBLIC),
    *(Row("api:public_panel", "GET", name, {200: EVERYONE}, PUBLIC) for name in ("panel", "locked panel")),
    Row("api:public_panel", "GET", "draft panel", {404: EVERYONE}, alike(404)),
    Row("api:public_decisions", "GET", "", {200: EVERYONE}, PUBLIC),
    Row("api:public_decision", "GET", "public pack", {200: EVERYONE}, PUBLIC),
    *(Row("api:public_decision", "GET", name, {404: EVERYONE}, alike(404)) for name in ("draft pack", "tabled pack")),
]  # fmt: skip
BUDGET = {"revision.budget": "1", "budget-amount-data-municipal": "300.00", "go": "stay"}
RENAMED = {"act": "rename", "title": "更改后的名称"}
WORKBOOK = {"export": "xlsx"}
STEP = ("application-step", "application-drafts")
ROWS = [
    Row("calls", "GET", "", {200: EVERYONE}, shows=("draft call", "call")),
    Row("calls", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=("draft call", "call")),
    Row("call-new", "GET", "", {200: WRITERS}),
    Row("call-new", "POST", "", {422: WRITERS}, sent={"title": ""}),
    Row("call-new", "POST", "", {302: WRITERS}, sent=new_call),
    Row("call", "GET", "draft call", {200: DRAFT_CALL}),
    Row("call", "GET", "call", {200: EVERYONE}),
    Row("call", "POST", "draft call", {302: EDITORS, 422: LEADERS | AUDIT}, sent=move("submit", "draft call")),
    Row("call", "POST", "draft call", {302: LEADERS, 422: EDITORS | AUDIT}, sent=move("publish", "draft call")),
    Row("call", "POST", "call", {302: LEADERS, 422: EVERYONE - LEADERS}, sent=move("withdraw", "call", note="理由")),
    Row("call", "POST", "call", {302: LEADERS, 422: EVERYONE - LEADERS}, sent=extend),
    Row("call", "POST", "call", {422: EVERYONE}, sent=move("extend", "call", note="理由")),
    Row("call-edit", "GET", "draft call", {200: EDITORS | LEADERS}),
    Row("call-edit", "GET", "call", {404: EVERYONE}),
    Row("call-edit", "POST", "draft call", {422: EDITORS | LEADERS}, sent={"title": ""}),
    Row("call-ask", "GET", "call", {200: MAY_ASK}),
    Row("call-ask", "GET", "draft call", {404: EVERYONE}),
    Row("call-ask", "POST", "call", {302: MAY_ASK}, sent=text),
    Row("call-ask", "POST", "draft call", {404: EVERYONE}, sent=text),
    Row("call-answer", "GET", "call question", {200: BUREAU}),
    Row("call-answer", "POST", "call question", {422: BUREAU}, sent={"text": ""}),
    Row("call-answer", "POST", "call question", {302: BUREAU}, sent=text),
    Row("call-check", "GET", "call", {200: APPLIES}),
    Row("call-check", "GET", "draft call", {404: EVERYONE}),
    Row("call-check", "POST", "call", {302: APPLIES}, sent={"stated-bodies": "101"}),
    Row("call-apply", "GET", "call", {302: APPLIES}),
    Row("call-apply", "POST", "call", {302: APPLIES}, sent=begun),
    Row("call-apply", "POST", "call", {422: APPLIES}, sent={"title": ""}),
    Row("call-apply", "POST", "draft call", {404: EVERYONE}, sent=begun),
    Row("public-calls", "GET", "", {200: EVERYONE}, PUBLIC, shows=("call",)),
    Row("public-call", "GET", "call", {200: EVERYONE}, PUBLIC),
    Row("public-call", "GET", "draft call", {404: EVERYONE}, alike(404)),
    Row("public-call-paper", "GET", "call", {200: EVERYONE}, PUBLIC),
    Row("public-call-paper", "GET", "draft call", {404: EVERYONE}, FILE),
    Row("public-call-change", "GET", "call", {200: EVERYONE}, PUBLIC),
    Row("public-call-change", "GET", "draft call", {404: EVERYONE}, FILE),
    Row("applications", "GET", "", {200: EVERYONE}, shows=APPLICATIONS),
    Row("applications", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=APPLICATIONS),
    Row("district-applications", "GET", "", {200: anywhere("district_officer")}),
    Row("district-applications", "GET", "", {200: anywhere("district_officer")}, sent=its_call,
        shows=APPLICATIONS[1:]),
    *(Row("application", "GET", name, {200: CASES[name]}) for name in APPLICATIONS),
    *(Row("application", "POST", name, {422: CASES[name]}, sent=move("no", name)) for name in APPLICATIONS),
    Row("application", "POST", "draft application", {302: OURS, 422: AUDIT}, sent=move("send", "draft application")),
    Row("application", "POST", "sent application", {302: OURS, 422: AUDIT | DISTRICT},
        sent=move("take_back", "sent application")),
    Row("application", "POST", "application", {302: OFFICERS, 422: WITH_BUREAU - OFFICERS},
        sent=move("correct", "application", note="理由")),
    Row("application", "POST", "draft application", {302: OURS, 422: AUDIT}, sent=RENAMED),
    Row("application", "POST", "application", {422: WITH_BUREAU}, sent=RENAMED),
    *(Row(url, "GET", "draft application", {200: OURS}) for url in STEP),
    *(Row(url, "GET", name, {404: EVERYONE}) for url in STEP for name in ("sent application", "application")),
    *(Row("application-draft", "GET", name, {200: OURS} if name.startswith("draft") else {404: EVERYONE})
      for name in APPLICATIONS),
    Row("application-step", "POST", "draft application", {302: OURS}, sent=BUDGET),
    Row("application-step", "POST", "draft application", {409: OURS}, sent={**BUDGET, "revision.budget": "0"},
        writes=True),
    Row("application-step", "POST", "application", {404: EVERYONE}, sent=BUDGET),
    Row("application-reckon", "POST", "draft application", {200: OURS}, sent=BUDGET),
    Row("application-reckon", "POST", "application", {404: EVERYONE}, sent=BUDGET),
    Row("application-cite", "GET", "draft application", {200: OURS}),
    Row("application-cite", "GET", "application", {404: EVERYONE}),
    Row("application-cite", "POST", "draft application", {302: OURS}, sent={"drop": "0"}),
    Row("application-cite", "POST", "application", {404: EVERYONE}, sent={"drop": "0"}),
    *(Row("application-district", "GET", name, {200: DISTRICT}) for name in ("sent application", "application")),
    Row("application-district", "GET", "draft application", {404: EVERYONE}),
    Row("application-district", "POST", "sent application", {302: DISTRICT}, sent=letter),
    Row("application-district", "POST", "sent application", {422: DISTRICT}, sent={"act": "seal"}),
    Row("application-district", "POST", "application", {422: DISTRICT}, sent=letter),
    Row("application-check", "GET", "application", {200: CHECKS}),
    Row("application-check", "GET", "sent application", {404: EVERYONE - AUDIT, 200: AUDIT}),
    Row("application-check", "POST", "application", {302: OFFICERS, 422: LEADERS | AUDIT}, sent={"act": "run"}),
    Row("application-check", "POST", "application", {422: CHECKS}, sent={"act": "no"}),
    *API_ROWS,
    *review_rows.ROWS,
    *decision_rows.ROWS,
]  # fmt: skip

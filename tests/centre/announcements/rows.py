"""Who gets what of announcements and questions: rows of the matrix (tests/centre/matrix/table.py)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pingjiang.centre.announcements import service
from pingjiang.centre.announcements.models import Announcement, Question
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from tests.centre.announcements.play import SAID
from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE, OTHER_TRACK, Who, anywhere, at_home, only
from tests.centre.matrix.table import FILE, PUBLIC, Row, alike

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

# The bureau's announcements are of the patent track: its officer of the other track does not see them.
EDITORS = at_home("programme_officer") - only("programme_officer", OTHER_TRACK)
LEADERS = at_home("decision_maker")
AUDIT = anywhere("steward")
DRAFT = EDITORS | LEADERS | AUDIT
PUBLISHED = DRAFT | anywhere("member_user", "centre_manager", "centre_specialist")
TO_DISTRICT = DRAFT | at_home("member_user")
CENTRE_STAFF = at_home("centre_manager", "centre_specialist")
CENTRE_DRAFT = CENTRE_STAFF | AUDIT
ASKERS = at_home("member_user")
QUESTION = ASKERS | EDITORS | AUDIT
HANDED = QUESTION | CENTRE_STAFF
PUBLISHERS = anywhere(
    "programme_officer", "decision_maker", "district_officer", "centre_manager", "centre_specialist"
)  # fmt: skip
# Thing → who sees its case.
CASES: dict[str, Who] = {
    "draft": DRAFT, "published": PUBLISHED, "public notice": TO_DISTRICT, "centre draft": CENTRE_DRAFT,
    "question": QUESTION, "question handed on": HANDED,
}  # fmt: skip
ANNOUNCEMENTS = ("draft", "published", "public notice", "centre draft")
QUESTIONS = ("question", "question handed on")


def seed(city: City) -> None:
    """Announcements of the bureau and of a centre, and two questions of a firm; one was handed on to the centre."""
    officer, leader, firm = city.own("programme_officer"), city.own("decision_maker"), city.own("member_user")
    to_all, near = [("firm", None), ("centre", None)], [("firm", city.homes["firm"].district)]
    made: dict[str, Announcement | Question] = {
        "draft": service.draft(officer, "尚未发布的通知", SAID, to_all, track="patent"),
        "published": service.draft(officer, "发给企业和中心的通知", SAID, to_all, track="patent"),
        "public notice": service.draft(officer, "向社会公开的通知", {**SAID, "public": True}, near, track="patent"),
        "centre draft": service.draft(city.own("centre_specialist"), "中心自己的草稿", SAID, to_all),
    }
    for name in ("published", "public notice"):
        casework.perform(made[name].case, "publish", leader)
    published = made["published"]
    assert isinstance(published, Announcement)
    made["question"] = service.ask(published, firm, "只问主管部门的事", "请问？")
    made["question handed on"] = handed = service.ask(published, firm, "转给中心的事", "请问？")
    service.hand_on(handed, officer, city.homes["centre"], "属中心业务")
    for name, each in made.items():
        pk = each.case_id
        city.put(name, sees=CASES[name], mark=each.case.title, public=name == "public notice", pk=pk, case_id=pk)


def move(name: str, of: str, **more: Any) -> Any:
    """What the box of a case sends."""

    def sent(city: City) -> Mapping[str, Any]:
        case = Case.objects.get(pk=city.things[of].ids["pk"])
        return {"move": name, "confirmed": name, "version": case.version, "request": str(uuid.uuid4()), **more}

    return sent


def file(_city: City) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("另一附件.pdf", PDF), "request": str(uuid.uuid4())}


def question(_city: City) -> Mapping[str, Any]:
    return {"title": "又一问", "text": "请问？", "request": str(uuid.uuid4())}


WORKBOOK = {"export": "xlsx"}
MAY_ASK = PUBLISHED - DRAFT
ROWS = [
    Row("announcements", "GET", "", {200: EVERYONE}, shows=ANNOUNCEMENTS),
    Row("announcements", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=ANNOUNCEMENTS),
    Row("announcements", "GET", "", {200: EVERYONE}, query={"q": "通知"}, shows=("draft", "published")),
    Row("announcement-new", "GET", "", {200: PUBLISHERS}),
    Row("announcement-new", "POST", "", {422: PUBLISHERS}, sent={"title": ""}),
    *(Row("announcement", "GET", name, {200: CASES[name]}) for name in ANNOUNCEMENTS),
    *(Row("announcement", "GET", name, {404: EVERYONE}) for name in QUESTIONS),
    *(Row("announcement", "POST", name, {422: CASES[name]}, sent=move("no", name)) for name in ("draft", "published")),
    Row("announcement", "POST", "draft", {302: EDITORS, 422: LEADERS | AUDIT}, sent=move("submit", "draft")),
    Row("announcement", "POST", "draft", {302: EDITORS | LEADERS, 422: AUDIT}, sent=move("discard", "draft")),
    Row("announcement", "POST", "draft", {302: EDITORS | LEADERS, 422: AUDIT}, sent=file),
    Row("announcement", "POST", "published", {302: LEADERS, 422: PUBLISHED - LEADERS},
        sent=move("withdraw", "published", note="理由")),
    Row("announcement", "POST", "published", {422: PUBLISHED}, sent=file),
    Row("announcement-edit", "GET", "draft", {200: EDITORS | LEADERS}),
    Row("announcement-edit", "GET", "published", {404: EVERYONE}),
    Row("announcement-edit", "GET", "centre draft", {200: CENTRE_STAFF}),
    Row("announcement-edit", "GET", "public notice", {404: EVERYONE}),
    Row("announcement-edit", "POST", "draft", {422: EDITORS | LEADERS}, sent={"title": ""}),
    Row("announcement-edit", "POST", "published", {404: EVERYONE}, sent={"title": ""}),
    Row("announcement-ask", "GET", "draft", {404: EVERYONE}),
    Row("announcement-ask", "GET", "published", {200: MAY_ASK}),
    Row("announcement-ask", "GET", "public notice", {200: TO_DISTRICT - DRAFT}),
    Row("announcement-ask", "POST", "published", {422: MAY_ASK}, sent={"title": ""}),
    Row("announcement-ask", "POST", "published", {302: MAY_ASK}, sent=question),
    Row("announcement-ask", "POST", "draft", {404: EVERYONE}, sent=question),
    Row("questions", "GET", "", {200: EVERYONE}, shows=QUESTIONS),
    Row("questions", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=QUESTIONS),
    *(Row("question", "GET", name, {200: CASES[name]}) for name in QUESTIONS),
    *(Row("question", "POST", name, {422: CASES[name]}, sent=move("no", name)) for name in QUESTIONS),
    Row("question", "POST", "question", {302: EDITORS, 422: ASKERS | AUDIT}, sent=move("assign", "question")),
    Row("question", "POST", "question", {302: ASKERS, 422: EDITORS | AUDIT}, sent=move("withdraw", "question")),
    Row("question", "POST", "question handed on", {302: CENTRE_STAFF, 422: QUESTION},
        sent=move("assign", "question handed on")),
    Row("public-notices", "GET", "", {200: EVERYONE}, PUBLIC, shows=("public notice",)),
    Row("public-notice", "GET", "public notice", {200: EVERYONE}, PUBLIC),
    *(Row("public-notice", "GET", name, {404: EVERYONE}, alike(404)) for name in ("draft", "published")),
    Row("public-notice-paper", "GET", "public notice", {200: EVERYONE}, PUBLIC),
    *(Row("public-notice-paper", "GET", name, {404: EVERYONE}, FILE) for name in ("draft", "published")),
]  # fmt: skip

"""The steps from the call to the formal check, each as a page makes it: what the page shows, and what its button does.

A step reads who and what from the database. What the page showed before (versions, revisions, the code of a print) is
sent again as it was by who heard no answer: nobody looks again in between. An application is printed as it is sent, so
printing it for the stamp finds that print, and is no step of its own.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pingjiang.centre.accounts.models import Actor, User
from pingjiang.centre.casework import service
from pingjiang.centre.documents.models import Document
from pingjiang.centre.evidence import citing
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models import Application, Call, CallQuestion, Decision, Panel, Review, Waiver
from pingjiang.centre.programme.printing import printed
from pingjiang.centre.programme.services import applications, attaching, calls, checks, citations, districts, drafts
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.panel_play import later

Shown = Mapping[str, Any]
Cased = Application | Call | Panel | Review | Decision  # what has a case
CALL, OTHER_CALL, OLD_CALL = "2026 年申报通知", "要撤回的通知", "2025 年申报通知"
MAIN, OLD, COPY = "走完全程的申报", "去年的申报", "沿用去年的申报"
REJECTED, WITHDRAWN, FORGOTTEN = "不予受理的申报", "要撤回的申报", "没有报送的申报"
LOW = {"output": "150"}  # hundred million yuan: below what holds in principle, so a waiver is asked


def who(name: str) -> Actor:
    return User.objects.get(username=name).actors()[0]


def alice() -> Actor:
    return who("alice")


def olga() -> Actor:
    return who("olga")


def dora() -> Actor:
    return who("dora")


def leader() -> Actor:
    return who("one_decision_maker")


def call(title: str = CALL) -> Call:
    return Call.objects.select_related("case").get(case__title=title)


def app(title: str = MAIN) -> Application:
    return Application.objects.select_related("case__owner", "case__authority", "call__case", "district").get(
        case__title=title
    )


def play() -> plays.Play:
    """Those who make steps that are not looked at here."""
    from tests.centre.programme.sender import made

    return made()


@dataclass(frozen=True)
class Step:
    """A step. `ready`: what is done before it, and not killed. `again`: what who sends it again is told where it was
    done: '' the same as before, or a rule. `apart`: tables that are written first, in a transaction of their own."""

    name: str
    act: Callable[[Shown, uuid.UUID], object]
    shown: Callable[[], Shown] = dict
    ready: Callable[[], object] | None = None
    again: str = ""
    apart: tuple[str, ...] = ()


def version_of(found: Callable[[], Cased]) -> Callable[[], Shown]:
    return lambda: {"version": found().case.version}


def moves(move: str, found: Callable[[], Cased], actor: Callable[[], Actor], **more: Any) -> Step:
    """A move by the box of a case's page. `given`: what it is handed, by the call as it stands."""
    given: Callable[[], Shown] = more.pop("given", dict)

    def act(shown: Shown, request: uuid.UUID) -> object:
        return service.perform(
            found().case, move, actor(), "理由", version=shown["version"], request=request, given=given()
        ).number

    return Step(more.pop("name", move), act, version_of(found), **more)


# ── the call


def _draft(_shown: Shown, request: uuid.UUID) -> object:
    return calls.draft(olga(), CALL, plays.times(), plays.TRACKS, request=request).pk


def _revise(shown: Shown, _request: uuid.UUID) -> object:
    said = {**plays.times(), "guide": "改过的申报指南。"}
    return calls.revise(call(), olga(), CALL, said, plays.TRACKS, version=shown["version"]).pk


def _longer() -> Shown:
    """A day more than there is now, for firms and districts."""
    found = call()
    assert found.closes_at is not None and found.seals_until is not None
    day = datetime.timedelta(days=1)
    return {"closes_at": found.closes_at + day, "seals_until": found.seals_until + day}


def _ask(_shown: Shown, request: uuid.UUID) -> object:
    return calls.ask(call(), who("charlie"), "外省企业可否申报？", request=request).pk


def _answer(_shown: Shown, _request: uuid.UUID) -> object:
    return calls.answer(CallQuestion.objects.get(), olga(), "须在本市登记。").pk


# ── the application


def _precheck(_shown: Shown, _request: uuid.UUID) -> object:
    return applications.precheck(call(), alice(), "patent", filling.STATED)[0].pk


def _begin(_shown: Shown, request: uuid.UUID) -> object:
    return applications.begin(call(), alice(), "patent", MAIN, request=request).pk


def _copy(_shown: Shown, request: uuid.UUID) -> object:
    return applications.begin(call(), alice(), "patent", COPY, copied=app(OLD), request=request).pk


def _save(shown: Shown, _request: uuid.UUID) -> object:
    return drafts.save(app(), alice(), "goals", {"text": "一稿"}, revision=shown["revision"]).section.revision


def _save_beside(_shown: Shown, _request: uuid.UUID) -> object:
    """Another window, which does not know of what was saved."""
    saved = drafts.save(app(), who("bob"), "goals", {"text": "另一窗口"}, revision=0)
    return saved.aside is not None and saved.aside.pk


def _attach(_shown: Shown, request: uuid.UUID) -> object:
    return attaching.attach(app(), alice(), "licence", [filling.PDF], "证照.pdf", 100, request=request).pk


def _attach_next(_shown: Shown, request: uuid.UUID) -> object:
    there = Document.objects.get(case=app().case_id, name=f"{MATERIAL}licence")
    return attaching.attach(
        app(), alice(), "licence", [filling.PDF + b" "], "证照.pdf", 100, document=there, request=request
    ).pk


def _rename(shown: Shown, _request: uuid.UUID) -> object:
    return drafts.rename(Application.objects.get(pk=shown["pk"]), alice(), f"{COPY}（改）")


def _cite(_shown: Shown, _request: uuid.UUID) -> object:
    release = citing.releases()[0]
    return citations.cite(app(), alice(), release, "bodies", "chip", "").value


def _write_all() -> None:
    """All of it, but for what is there; its output is low."""
    found = app()
    for name, content in filling.content().items():
        row = found.sections.filter(name=name).first()
        said = content | LOW if name == "size" else content
        drafts.save(found, alice(), name, said, revision=row.revision if row is not None else 0)
    for material in filling.MATERIALS:
        if material != "licence":
            plays.attach(found, alice(), material)


def _send(_shown: Shown, request: uuid.UUID) -> object:
    return applications.send(app(), alice(), request=request).number


def _sent_again() -> None:
    applications.send(app(), alice())


# ── the district


def _opinion(shown: Shown, _request: uuid.UUID) -> object:
    said = {"comment": "同意推荐。", "rank": 1, "match": Decimal(480), "policy": "示例"}
    return districts.recommend(app(), dora(), said, revision=shown["revision"]).revision


def _revision() -> Shown:
    row = getattr(app(), "recommendation", None)
    return {"revision": row.revision if row is not None else 0}


def _letter(_shown: Shown, request: uuid.UUID) -> object:
    return districts.add_letter(app(), dora(), [filling.PDF], "承诺函.pdf", request=request).pk


def _code() -> Shown:
    paper = printed(app())
    return {"code": paper.code if paper is not None else "", "day": datetime.date.today().isoformat()}


def _stamp(shown: Shown, request: uuid.UUID) -> object:
    day = datetime.date.fromisoformat(shown["day"])
    return districts.seal(app(), dora(), shown["code"], "陆清和", day, [filling.PDF], "盖章件.pdf", request=request).pk


# ── the formal check


def _run(_shown: Shown, request: uuid.UUID) -> object:
    return checks.run(app(), olga(), request=request)[0].pk


def _items(_shown: Shown, _request: uuid.UUID) -> object:
    found = app()
    version = found.versions.first()
    assert version is not None
    checks.answer(found, olga(), {item.name: (True, "") for item in checklist(found, version)})
    return ""


def _ask_waiver(_shown: Shown, request: uuid.UUID) -> object:
    return checks.ask_waiver(app(), olga(), "industry_output", "成长性好", request=request).pk


def _approve(_shown: Shown, _request: uuid.UUID) -> object:
    return checks.approve_waiver(Waiver.objects.get(), leader()).pk


def _changed() -> None:
    """What the applicant was asked to correct."""
    row = app().sections.get(name="goals")
    drafts.save(app(), alice(), "goals", {"text": "补正后的目标。"}, revision=row.revision)


def _stamped_anew() -> None:
    applications.send(app(), alice())
    plays.stamp(play(), app())


def _checked_anew() -> None:
    """The version is another one: rules, waiver and items anew."""
    found = app()
    waiver = checks.ask_waiver(found, olga(), "industry_output", "成长性好")
    checks.approve_waiver(waiver, leader())
    checks.run(found, olga())
    _items({}, uuid.uuid4())


def _harmed() -> None:
    """A byte of what was stamped, past every page."""
    row = app().sections.get(name="goals")
    app().sections.filter(pk=row.pk).update(content=row.content.replace("补正", "补证"))


def _time(days: float) -> Callable[[Shown, uuid.UUID], object]:
    def act(_shown: Shown, _request: uuid.UUID) -> object:
        with later(days=days):
            calls.pass_time()
        return ""

    return act


def others() -> None:
    """Applications that end otherwise, on the call, once it is published: one put forward as the second of its
    district, one sent, one begun."""
    for title in (REJECTED, WITHDRAWN, FORGOTTEN):
        made = applications.begin(call(), alice(), "patent", title)
        plays.fill(made, alice())
        if title != FORGOTTEN:
            plays.take(play(), made, "send")
    plays.recommend(play(), app(REJECTED))
    row = app(REJECTED).recommendation
    districts.recommend(app(REJECTED), dora(), {"rank": 2}, revision=row.revision)
    service.perform(app(REJECTED).case_id, "recommend", dora())


STEPS = (
    Step("draft the call", _draft),
    Step("revise the call", _revise, version_of(call), again="stale"),
    moves("submit", call, olga, name="submit the call"),
    moves("publish", call, leader, name="publish the call"),
    moves("extend", call, leader, name="extend the call", given=_longer),
    moves("withdraw", lambda: call(OTHER_CALL), leader, name="withdraw a call"),
    Step("ask a question", _ask),
    Step("answer it", _answer, again="answered"),
    Step("check beforehand", _precheck),
    Step("begin an application", _begin),
    Step("copy last year's", _copy),
    Step("save a section", _save, lambda: {"revision": 0}),
    Step("save it in another window", _save_beside),
    Step("hand in a file", _attach),
    Step("its next version", _attach_next),
    Step("rename", _rename, lambda: {"pk": app(COPY).pk}),
    Step("cite a figure", _cite),
    Step("send", _send, version_of(app), ready=_write_all),
    moves("take_back", app, alice, name="take back"),
    moves("return", app, dora, name="return by the district", ready=_sent_again),
    Step("opinion and rank", _opinion, _revision, ready=_sent_again, again="stale"),
    Step("letter of money", _letter),
    Step("stamped scan", _stamp, _code),
    moves("recommend", app, dora, name="put forward"),
    Step("run the rules", _run),
    Step("answer the checklist", _items),
    Step("ask for a waiver", _ask_waiver),
    Step("approve the waiver", _approve, again="approved"),
    moves("correct", app, olga, name="return for correction"),
    moves("resend", app, alice, name="send the correction", ready=_changed),
    moves("return_again", app, dora, name="return again"),
    moves("reseal", app, dora, name="put forward again", ready=_stamped_anew),
    moves("accept", app, olga, name="accept", ready=_checked_anew),
    moves("reject", lambda: app(REJECTED), olga, name="do not accept", ready=others),
    moves("withdraw", lambda: app(WITHDRAWN), alice, name="withdraw an application"),
    Step("close and lapse", _time(25)),
    moves("extend_districts", call, leader, name="extend the districts' time", given=_longer),
    moves("restamp", app, olga, name="send back for a new stamp", ready=_harmed),
)

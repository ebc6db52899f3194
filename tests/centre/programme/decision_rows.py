"""Who gets what of decisions, objections and public notices: rows of the matrix, put to those of the programme."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.programme.models import Call, Decision, DecisionItem
from pingjiang.centre.programme.services import calls, decisions, objections
from pingjiang.centre.programme.services.calls import Opened
from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE, OTHER_TRACK, Who, anywhere, at_home, only
from tests.centre.matrix.table import FILE, PUBLIC, Row, alike
from tests.centre.programme import filling, panel_play, plays_of_city
from tests.centre.programme import play as programme
from tests.centre.programme.deciding import play as plays

OFFICERS = at_home("programme_officer") - only("programme_officer", OTHER_TRACK)
LEADERS = at_home("decision_maker")
AUDIT = anywhere("steward")
HOUSE = OFFICERS | LEADERS | AUDIT
CENTRE = at_home("centre_manager", "centre_specialist")
PREPARES = anywhere("programme_officer")
ASKS = anywhere("programme_officer", "decision_maker")
MAY_OBJECT = EVERYONE - anywhere("programme_officer", "decision_maker", "steward", "expert")
PACKS: dict[str, Who] = {
    "draft pack": HOUSE, "tabled pack": HOUSE, "public pack": HOUSE, "recalled pack": HOUSE,
}  # fmt: skip
OBJECTIONS: dict[str, Who] = {"objection": HOUSE | CENTRE, "paper objection": HOUSE}
GROUNDS = {"signed_by": "陈实名", "contact": "0512-00000000", "text": "只有主管部门和异议人看的理由"}
ON_PAPER = {**GROUNDS, "signed_by": "只有主管部门看的署名", "text": "纸面异议"}


def seed(city: City) -> None:
    """A pack that is being prepared, one before the meeting, one in public with two objections; each of a call."""
    play = plays_of_city.play_of(city)
    made: dict[str, Decision] = {}
    for number, name in enumerate(PACKS, start=1):
        call = _call(city, f"要审定的申报通知 {number}")
        application = plays.accepted(play, call, city.own("member_user"), number)
        panel_play.panel(play, "locked", [application])
        made[name] = _decide(plays.Table(play, call, [programme.fresh(application)]), name)
    for name, each in made.items():
        public = name in ("public pack", "recalled pack")
        mark = "" if public else each.case.number
        city.put(name, sees=HOUSE, mark=mark, label=each.case.number, public=public, pk=each.case_id,
                 case_id=each.case_id)  # fmt: skip
    _object(city, made["public pack"])


def _call(city: City, title: str) -> Call:
    tracks = [Opened("patent", filling.PACK, filling.VERSION, Decimal("20000000"), 4)]
    call = calls.draft(city.own("programme_officer"), title, programme.times(), tracks)
    casework.perform(call.case, "publish", city.own("decision_maker"))
    return Call.objects.select_related("case").get(pk=call.pk)


def _decide(table: plays.Table, name: str) -> Decision:
    made = plays.prepared(table)
    decisions.propose(made, table.olga, plays.proposals(made, ("approve",)))
    steps = {"draft pack": (), "tabled pack": ("table",), "public pack": ("table", "decide", "publicise"),
             "recalled pack": ("table", "decide", "publicise", "reconsider")}[name]  # fmt: skip
    for step in steps:
        plays.take(table, made, step, ("approve",))
    made = plays.fresh(made)
    if name == "tabled pack":
        decisions.enter(made, table.leader, plays.entries(made, ("approve",)), plays.MEETING)
    return plays.fresh(made)


def _object(city: City, decision: Decision) -> None:
    item = plays.items(decision)[0].pk
    signed = objections.lodge(decision, city.own("centre_manager"), item, GROUNDS)
    paper = objections.enter_paper(decision, city.own("programme_officer"), item, ON_PAPER, [filling.PDF], "异议书.pdf")
    for name, each, mark in (("objection", signed, GROUNDS["text"]), ("paper objection", paper, ON_PAPER["signed_by"])):
        city.put(name, sees=OBJECTIONS[name], mark=mark, label=each.case.number, pk=each.case_id, case_id=each.case_id)


def move(name: str, of: str, **more: Any) -> Any:
    """What the box of a case sends."""

    def sent(city: City) -> Mapping[str, Any]:
        case = Case.objects.get(pk=city.things[of].ids["pk"])
        return {"move": name, "confirmed": name, "version": case.version, "request": str(uuid.uuid4()), **more}

    return sent


def entry(of: str, **more: Any) -> Any:
    """What the page of a pack sends with its rows."""

    def sent(city: City) -> Mapping[str, Any]:
        case = Case.objects.get(pk=city.things[of].ids["pk"])
        item = DecisionItem.objects.get(decision__case=case)
        return {
            "act": "save", "version": case.version, "request": str(uuid.uuid4()), f"kind-{item.pk}": "amend",
            f"amount-{item.pk}": "100.00", f"reason-{item.pk}": "压减", **more,
        }  # fmt: skip

    return sent


def wrong(of: str) -> Any:
    """An amount that is none."""

    def sent(city: City) -> Mapping[str, Any]:
        found = dict(entry(of)(city))
        return {name: "许多" if name.startswith("amount-") else value for name, value in found.items()}

    return sent


def ranked(method: str, why: str) -> Any:
    """Another method for the rows of a pack."""

    def sent(city: City) -> Mapping[str, Any]:
        case = Case.objects.get(pk=city.things["draft pack"].ids["pk"])
        return {"act": "rank", "method": method, "why-method": why, "version": case.version}

    return sent


def begun(city: City) -> Mapping[str, Any]:
    """The pack of a track that has one already."""
    call = Decision.objects.get(case=city.things["draft pack"].ids["pk"]).call
    return {"call": call.case_id, "track": "patent", "request": str(uuid.uuid4())}


def objected(city: City) -> Mapping[str, Any]:
    item = DecisionItem.objects.get(decision__case=city.things["public pack"].ids["pk"])
    return {**GROUNDS, "item": item.pk, "request": str(uuid.uuid4())}


def on_paper(city: City) -> Mapping[str, Any]:
    return {**objected(city), "file": SimpleUploadedFile("异议书.pdf", filling.PDF)}


def file(_city: City) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("补充.pdf", filling.PDF)}


WORKBOOK = {"export": "xlsx"}
CHANGED = {"pack": f"{filling.PACK}:{filling.VERSION}", "t-industry_bodies": "150"}
ROWS = [
    Row("decisions", "GET", "", {200: EVERYONE}, shows=tuple(PACKS)),
    Row("decisions", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=tuple(PACKS)),
    Row("decision-new", "GET", "", {200: PREPARES}),
    Row("decision-new", "POST", "", {422: PREPARES}, sent=begun),
    Row("decision-new", "POST", "", {404: EVERYONE}, sent={"call": "0", "track": "patent"}),
    *(Row("decision", "GET", name, {200: HOUSE}) for name in PACKS),
    *(Row("decision", "POST", name, {422: HOUSE}, sent=move("no", name)) for name in PACKS),
    Row("decision", "POST", "draft pack", {302: OFFICERS, 200: LEADERS | AUDIT}, sent=entry("draft pack")),
    Row("decision", "POST", "draft pack", {422: OFFICERS, 200: LEADERS | AUDIT}, sent=wrong("draft pack")),
    Row("decision", "POST", "draft pack", {302: OFFICERS, 422: LEADERS | AUDIT}, sent=move("table", "draft pack")),
    Row("decision", "POST", "draft pack", {302: OFFICERS, 200: LEADERS | AUDIT}, sent=ranked("borda", "名次更稳")),
    Row("decision", "POST", "draft pack", {422: OFFICERS, 200: LEADERS | AUDIT}, sent=ranked("borda", "")),
    Row("decision", "POST", "tabled pack", {302: LEADERS, 200: OFFICERS | AUDIT}, sent=entry("tabled pack")),
    Row("decision", "POST", "tabled pack", {302: LEADERS, 422: OFFICERS | AUDIT}, sent=move("decide", "tabled pack")),
    Row("decision", "POST", "public pack", {422: HOUSE}, sent=move("issue", "public pack")),
    Row("decision-object", "GET", "public pack", {200: MAY_OBJECT}),
    *(Row("decision-object", "GET", name, {404: EVERYONE})
      for name in ("draft pack", "tabled pack", "recalled pack")),
    Row("decision-object", "POST", "public pack", {422: MAY_OBJECT}, sent={"text": ""}),
    Row("decision-object", "POST", "public pack", {302: MAY_OBJECT}, sent=objected),
    Row("decision-object", "POST", "tabled pack", {404: EVERYONE}, sent={"text": ""}),
    Row("decision-paper-objection", "GET", "public pack", {200: OFFICERS}),
    Row("decision-paper-objection", "GET", "draft pack", {404: EVERYONE}),
    Row("decision-paper-objection", "POST", "public pack", {422: OFFICERS}, sent=objected),
    Row("decision-paper-objection", "POST", "public pack", {302: OFFICERS}, sent=on_paper),
    Row("objections", "GET", "", {200: EVERYONE}, shows=tuple(OBJECTIONS)),
    Row("objections", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=tuple(OBJECTIONS)),
    *(Row("objection", "GET", name, {200: sees}) for name, sees in OBJECTIONS.items()),
    Row("objection", "POST", "objection", {302: CENTRE, 422: HOUSE}, sent=move("withdraw", "objection", note="理由")),
    Row("objection", "POST", "objection", {302: OFFICERS, 422: LEADERS | AUDIT | CENTRE},
        sent=move("investigate", "objection")),
    Row("objection", "POST", "objection", {422: HOUSE | CENTRE}, sent={"act": "find", "text": "已核对"}),
    Row("objection", "POST", "objection", {302: OFFICERS | CENTRE, 422: LEADERS | AUDIT}, sent=file),
    Row("objection", "POST", "paper objection", {302: OFFICERS, 422: LEADERS | AUDIT},
        sent=move("take_out", "paper objection", note="来函撤回")),
    Row("public-decisions", "GET", "", {200: EVERYONE}, PUBLIC),
    *(Row("public-decision", "GET", name, {200: EVERYONE}, PUBLIC) for name in ("public pack", "recalled pack")),
    *(Row("public-decision", "GET", name, {404: EVERYONE}, alike(404)) for name in ("draft pack", "tabled pack")),
    Row("public-decision-paper", "GET", "public pack", {200: EVERYONE}, PUBLIC),
    *(Row("public-decision-paper", "GET", name, {404: EVERYONE}, FILE)
      for name in ("draft pack", "tabled pack", "recalled pack")),
    Row("simulation", "GET", "", {200: ASKS}),
    Row("simulation", "GET", "", {200: ASKS}, query=CHANGED),
    Row("simulation", "GET", "", {422: ASKS}, query={"t-industry_bodies": "许多"}),
]  # fmt: skip

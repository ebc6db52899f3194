"""A call of the bureau, and an application on it, brought to a state by those who may."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import service as casework
from pingjiang.centre.documents import shelf
from pingjiang.centre.documents.models import Document
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.services import applications, calls, checks, districts, drafts
from pingjiang.centre.programme.services.calls import Opened
from tests.centre.cast import Cast, person
from tests.centre.kept import kept
from tests.centre.programme import filling

TRACKS = [Opened("patent", filling.PACK, filling.VERSION, Decimal("20000000"), 4, 2)]


@dataclass(frozen=True)
class Play:
    """The cast, with the leader of the bureau and the officer of the firm's district."""

    cast: Cast
    leader: Actor
    district: Actor
    other_district: Actor


@kept
def begin(cast: Cast) -> Play:
    desk = Organisation.objects.create(kind="district", name_zh="吴中区知识产权局", district=cast.firm.district)
    return Play(
        cast, cast.everyone["decision_maker"], person("Dora", desk, "district_officer"),
        cast.everyone["district_officer"],
    )  # fmt: skip


def times(**more: Any) -> dict[str, Any]:
    now = timezone.now().replace(microsecond=0)
    return {
        "year": 2026, "document_number": "示例〔2026〕3号", "guide": "一、申报条件\n按所附规则包。",
        "opens_at": now - datetime.timedelta(days=1), "closes_at": now + datetime.timedelta(days=20),
        "seals_until": now + datetime.timedelta(days=30), "materials": [], "contact": "示例电话", **more,
    }  # fmt: skip


def later(call: Call, days: int = 7) -> dict[str, datetime.datetime]:
    """The times of a call, so many days later: what its extension is handed."""
    more = datetime.timedelta(days=days)
    assert call.closes_at is not None and call.seals_until is not None
    return {"closes_at": call.closes_at + more, "seals_until": call.seals_until + more}


@kept
def call(play: Play, state: str = "open", **said: Any) -> Call:
    tracks = said.pop("tracks", TRACKS)
    made = calls.draft(play.cast.olga, said.pop("title", "2026 年度运营中心申报通知"), times(**said), tracks)
    ways: dict[str, list[tuple[str, Actor]]] = {
        "draft": [], "review": [("submit", play.cast.olga)], "open": [("publish", play.leader)],
        "withdrawn": [("publish", play.leader), ("withdraw", play.leader)], "discarded": [("discard", play.cast.olga)],
        "closed": [("publish", play.leader)], "ended": [("publish", play.leader)],
    }  # fmt: skip
    for move, actor in ways[state]:
        casework.perform(made.case, move, actor, "理由")
    if state in ("closed", "ended"):
        close(made)
    if state == "ended":
        Call.objects.filter(pk=made.pk).update(
            closes_at=timezone.now() - datetime.timedelta(days=1),
            seals_until=timezone.now() - datetime.timedelta(minutes=3),
        )
        calls.pass_time()
    made = Call.objects.select_related("case").get(pk=made.pk)
    assert made.case.state == state
    return made


def close(made: Call) -> None:
    """Its time for applicants is over."""
    Call.objects.filter(pk=made.pk).update(closes_at=timezone.now() - datetime.timedelta(seconds=2))
    calls.pass_time()


def fill(application: Application, actor: Actor, **changed: dict[str, Any]) -> None:
    """Write all of it, and hand in what is required."""
    for name, content in {**filling.content(), **changed}.items():
        drafts.save(application, actor, name, content, revision=0)
    for material in filling.MATERIALS:
        attach(application, actor, material)


def attach(application: Application, actor: Actor, material: str, data: bytes | None = None) -> None:
    name, usual = filling.file_of(material)
    document = Document.objects.filter(case=application.case_id, name=MATERIAL + material).first()
    shelf.add(application.case, actor, [data or usual], name, name=MATERIAL + material, title=material,
              document=document)  # fmt: skip


WAYS = {
    "draft": (), "district": ("send",), "submitted": ("send", "recommend"),
    "supplement": ("send", "recommend", "correct"), "resealing": ("send", "recommend", "correct", "resend"),
    "accepted": ("send", "recommend", "accept"), "rejected": ("send", "recommend", "reject"),
    "withdrawn": ("send", "recommend", "withdraw"), "lapsed": ("send", "recommend", "correct", "lapse"),
}  # fmt: skip
_STATES = {way: state for state, way in WAYS.items()}


@kept
def application(play: Play, state: str = "draft", on: Call | None = None, **changed: dict[str, Any]) -> Application:
    if way := WAYS[state]:  # one step from where another test has been
        made = application(play, _STATES[way[:-1]], on, **changed)
        take(play, made, way[-1])
    else:
        alice = play.cast.alice
        made = applications.begin(on or call(play), alice, "patent", "示例产业知识产权运营中心建设项目")
        fill(made, alice, **changed)
    made = fresh(made)
    assert made.case.state == state, (made.case.state, state)
    return made


def fresh(made: Application) -> Application:
    return Application.objects.select_related("case__owner", "case__authority", "call__case", "district").get(
        pk=made.pk
    )


def take(play: Play, made: Application, step: str) -> None:
    """One step of an application's way, by who makes it, with what it needs."""
    made = fresh(made)
    alice, dora, olga = play.cast.alice, play.district, play.cast.olga
    if step in ("send", "resend"):
        applications.send(made, alice)
    elif step in ("recommend", "reseal"):
        recommend(play, made)
        casework.perform(made.case, step, dora)
    elif step == "accept":
        check(play, made)
        casework.perform(made.case, "accept", olga)
    elif step == "lapse":
        made.case.clocks.filter(ended_on=None).update(started_on="2020-01-01", resumed_on="2020-01-01")
        calls.pass_time()
    else:
        casework.perform(made.case, step, olga if step in ("correct", "reject") else alice, "理由")


def recommend(play: Play, made: Application) -> None:
    """All that the district needs: opinion, letter, print, stamped scan."""
    dora = play.district
    row = getattr(fresh(made), "recommendation", None)
    said = {"comment": "同意推荐。", "rank": 1, "match": Decimal("480.00"), "policy": "示例政策〔2026〕2号"}
    districts.recommend(made, dora, said, revision=row.revision if row else 0)
    districts.add_letter(made, dora, [filling.PDF], "承诺函.pdf")
    stamp(play, made)


def stamp(play: Play, made: Application) -> None:
    paper = districts.print_form(made, play.district)
    districts.seal(made, play.district, paper.code, "陆清和", timezone.localdate(), [filling.PDF], "盖章件.pdf")


def check(play: Play, made: Application) -> None:
    """The officer runs the rules and finds every item in order."""
    from pingjiang.centre.programme.checklist import checklist

    made = fresh(made)
    checks.run(made, play.cast.olga)
    version = made.versions.first()
    assert version is not None
    checks.answer(made, play.cast.olga, {item.name: (True, "") for item in checklist(made, version)})

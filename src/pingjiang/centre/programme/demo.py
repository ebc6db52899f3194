"""The programme of the synthetic city: an open call of both tracks, and applications in several states."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import service
from pingjiang.centre.programme import sample
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.services import applications, attaching, calls, checks, districts, drafts
from pingjiang.centre.programme.services.calls import Opened
from pingjiang.rulebook.policies import policy

_PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_MONEY = Decimal(20_000_000)


def make(people: Mapping[str, Actor]) -> None:
    """The call and its applications, by the accounts of the demo. Call it in a transaction."""
    officer, leader = people["programme_officer"], people["decision_maker"]
    call = _call(officer, leader)
    question = calls.ask(call, people["member_user"], sample.QUESTION[0])
    calls.answer(question, officer, sample.QUESTION[1])
    manager = people["centre_manager"]
    draft = applications.begin(call, people["member_user"], "patent", sample.TITLES[3])
    drafts.save(draft, people["member_user"], "goals", sample.content()["goals"], revision=0)
    sent = _application(call, manager, sample.TITLES[1])
    service.perform(sent.case_id, "send", manager)
    for title, output, then in ((sample.TITLES[2], "168", "check"), (sample.TITLES[0], "213", "accept")):
        made = _application(call, manager, title, output=output)
        service.perform(made.case_id, "send", manager)
        _recommended(made, people["district_officer"], rank=1 if then == "accept" else 2)
        if then == "accept":
            _accepted(made, officer)


def _call(officer: Actor, leader: Actor) -> Call:
    now = timezone.localtime().replace(hour=17, minute=0, second=0, microsecond=0)
    pack = policy(sample.PACK)
    tracks = [Opened(track, pack.id, pack.version, _MONEY, 4, 3) for track in ("patent", "copyright")]
    said = {
        "year": now.year, "document_number": f"江知〔{now.year}〕3号（示例）", "guide": sample.GUIDE,
        "opens_at": now - datetime.timedelta(days=10), "closes_at": now + datetime.timedelta(days=30),
        "seals_until": now + datetime.timedelta(days=40), "contact": "示例联系电话",
    }  # fmt: skip
    call = calls.draft(officer, "关于申报产业知识产权运营中心建设项目的通知（示例）", said, tracks)
    service.perform(call.case_id, "submit", officer)
    service.perform(call.case_id, "publish", leader)
    return Call.objects.select_related("case__owner").get(pk=call.pk)


def _application(call: Call, actor: Actor, title: str, *, output: str = "213") -> Application:
    made = applications.begin(call, actor, "patent", title)
    for name, content in sample.content(output=output).items():
        drafts.save(made, actor, name, content, revision=0)
    for material, file in sample.MATERIALS:
        attaching.attach(made, actor, material, [_PDF], file, len(_PDF))
    material, file, text = sample.LIST_FILE
    attaching.attach(made, actor, material, [text.encode()], file, len(text))
    return made


def _recommended(made: Application, actor: Actor, *, rank: int) -> None:
    made = Application.objects.select_related("case__owner", "call__case", "district").get(pk=made.pk)
    said = {
        "comment": "符合本区产业方向，同意推荐（示例）。", "rank": rank, "match": Decimal("490.00"),
        "policy": "示例扶持政策〔2026〕8号",
    }  # fmt: skip
    districts.recommend(made, actor, said, revision=0)
    districts.add_letter(made, actor, [_PDF], "配套承诺函.pdf")
    paper = districts.print_form(made, actor)
    districts.seal(made, actor, paper.code, "示例签署人", timezone.localdate(), [_PDF], "盖章件.pdf")
    service.perform(made.case_id, "recommend", actor)


def _accepted(made: Application, officer: Actor) -> None:
    made = Application.objects.select_related("case__owner", "call__case", "district").get(pk=made.pk)
    checks.run(made, officer)
    version = made.versions.first()
    if version is not None:
        checks.answer(made, officer, {item.name: (True, "") for item in checklist(made, version)})
    service.perform(made.case_id, "accept", officer)

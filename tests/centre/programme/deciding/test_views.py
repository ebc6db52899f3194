"""The pages: what is typed is kept and saved with each button, official acts are asked once more, nothing is lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.models import Event
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme.deciding import effects
from pingjiang.centre.programme.models import CallTrack, Decision, Objection, Session, Verdict
from tests.centre.programme import filling
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import ASKED, Table

pytestmark = pytest.mark.django_db


def client(actor: Actor) -> Client:
    made = Client()
    made.force_login(actor.user)
    return made


def url(made: Decision) -> str:
    return reverse("decision", args=[made.case_id])


def sent(made: Decision, kinds: tuple[str, str], **more: Any) -> dict[str, Any]:
    """What the page sends of its rows."""
    found: dict[str, Any] = {"version": plays.fresh(made).case.version, "request": str(uuid.uuid4())}
    for item, kind in zip(plays.items(made), kinds, strict=True):
        found |= {f"kind-{item.pk}": kind, f"reason-{item.pk}": f"理由 {item.position}", f"amount-{item.pk}": ""}
    return {**found, **more}


MEETING = {
    "minutes_number": "示例纪〔2026〕7 号", "held_on": "2026-01-15", "present": "顾行简\n程越", "member-0": "程越",
    "why-0": "配偶任职于该单位", "member-1": "", "item-1": "", "why-1": "",
}  # fmt: skip


def test_the_whole_way_by_the_pages(table: Table) -> None:
    """From the list of tracks to the final list, each step by a form; each official act asked once more."""
    officer, leader = client(table.olga), client(table.leader)
    begun = {"call": table.call.case_id, "track": "patent", "request": str(uuid.uuid4())}
    answer = officer.post(reverse("decision-new"), begun)
    assert officer.post(reverse("decision-new"), begun).headers["Location"] == answer.headers["Location"]
    made = Decision.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == url(made)
    officer.post(url(made), sent(made, ("approve", "defer"), move="table"))
    made = plays.fresh(made)
    assert made.case.state == "tabled" and plays.items(made)[1].proposal == "defer"
    first = plays.items(made)[0]
    entered = sent(made, ("approve", "reject"), **MEETING, **{"item-0": first.pk}, move="decide")
    asked = leader.post(url(made), entered)
    assert asked.status_code == 200 and "再按一次" in asked.content.decode()
    assert plays.fresh(made).case.state == "tabled" and not Session.objects.exists()
    confirmed = {**entered, "version": plays.fresh(made).case.version, "confirmed": "decide"}
    assert leader.post(url(made), confirmed).status_code == 302
    assert leader.post(url(made), confirmed).status_code == 302  # the same click once more
    session = Session.objects.get()
    assert session.minutes_number == MEETING["minutes_number"] and "程越" in session.recusals
    assert [each.kind for each in Verdict.objects.order_by("item__position")] == ["approve", "reject"]
    for who, step in ((officer, "publicise"), (leader, "issue")):
        if step == "issue":
            plays.pass_notice(made)
        done = {"move": step, "confirmed": step, "version": plays.fresh(made).case.version, "request": uuid.uuid4()}
        assert who.post(url(made), done).status_code == 302
    assert plays.fresh(made).case.state == "final"
    assert set(Paper.objects.filter(case=made.case_id).values_list("name", flat=True)) == {
        effects.PACK, effects.RESULT, effects.NOTICE, effects.FINAL,
    }  # fmt: skip
    assert history.verify().whole


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [("amount", "许多", "不是数字"), ("amount", "1.234", "至多两位小数"), ("reason", "长" * 301, "多出 1 字")],
)
def test_what_is_no_value_is_told_and_kept(table: Table, field: str, typed: str, told: str) -> None:
    made = plays.prepared(table)
    one = plays.items(made)[0]
    answer = client(table.olga).post(
        url(made), {**sent(made, ("amend", "approve"), act="save"), f"{field}-{one.pk}": typed}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and told in text and typed in text
    assert plays.items(made)[0].proposal == "" and not Event.objects.filter(kind="proposals saved").exists()


def test_who_saves_on_an_older_page_is_told_and_loses_nothing(table: Table) -> None:
    made = plays.decision(table, "tabled")
    older = sent(made, ("approve", "reject"), act="save", **{**MEETING, "member-0": ""})
    leader = client(table.leader)
    assert leader.post(url(made), {**older, "request": uuid.uuid4()}).status_code == 302
    answer = leader.post(url(made), {**older, "minutes_number": "另一纪要号"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "另一纪要号" in text
    assert plays.fresh(made).minutes_number == MEETING["minutes_number"]


def test_money_is_typed_in_ten_thousands(table: Table) -> None:
    made = plays.decision(table, "tabled")
    one = plays.items(made)[0]
    said = {**sent(made, ("amend", "approve"), act="save"), f"amount-{one.pk}": "123.45"}
    client(table.leader).post(url(made), said)
    assert plays.items(made)[0].amount == 1_234_500
    page = client(table.leader).get(url(made)).content.decode()
    assert 'value="123.45"' in page and "603.45" in page  # 123.45 and 480.00


def test_nobody_but_the_bureau_reads_proposals_and_reasons(table: Table) -> None:
    """Neither the page of an application nor its history tells what was proposed and why."""
    plays.decision(table, "final", ("amend", "reject"))
    for application, actor in zip(table.applications, (table.play.cast.alice, table.play.cast.charlie), strict=True):
        text = client(actor).get(reverse("application", args=[application.case_id])).content.decode()
        assert "会议议定" not in text and "理由 1" not in text and "理由 2" not in text
        case = client(actor).get(reverse("case", args=[application.case_id])).content.decode()
        assert "会议议定" not in case


def test_an_objector_reads_the_letter_and_not_the_record(table: Table) -> None:
    made = plays.decision(table, "publicity")
    found = plays.objection(table, made, "dismissed")
    who = client(plays.objector(table))
    text = who.get(reverse("objection", args=[found.case_id])).content.decode()
    assert "已核对统计资料" not in text and "核查记录" not in text
    letter = Paper.objects.get(case=found.case_id)
    assert letter.code in text
    assert who.get(reverse("paper-file", args=[letter.code, "docx"])).status_code == 200
    assert who.get(url(made)).status_code == 404


def test_objecting_by_the_pages(table: Table) -> None:
    made = plays.decision(table, "publicity")
    one = plays.items(made)[0]
    public = Client().get(reverse("public-decision", args=[made.case_id])).content.decode()
    assert reverse("decision-object", args=[made.case_id]) in public and "480.00" in public
    address = reverse("decision-object", args=[made.case_id])
    said: Mapping[str, Any] = {**plays.GROUNDS, "item": one.pk, "request": str(uuid.uuid4())}
    who = client(plays.objector(table))
    assert who.post(address, {**said, "signed_by": ""}).status_code == 422
    assert who.post(address, said).status_code == 302
    assert who.post(address, said).status_code == 302  # the same click once more
    assert Objection.objects.count() == 1
    paper = {
        **said, "organisation": "某协会", "request": str(uuid.uuid4()),
        "file": SimpleUploadedFile("异议书.pdf", filling.PDF),
    }  # fmt: skip
    assert client(table.olga).post(reverse("decision-paper-objection", args=[made.case_id]), paper).status_code == 302
    last = Objection.objects.latest("pk")
    assert last.on_paper and last.organisation == "某协会" and last.case.documents.count() == 1
    bad = {**paper, "request": str(uuid.uuid4()), "file": SimpleUploadedFile("异议书.exe", b"MZ\x00\x01")}
    assert client(table.olga).post(reverse("decision-paper-objection", args=[made.case_id]), bad).status_code == 422
    assert Objection.objects.count() == 2  # no objection on paper without its scan


def test_upholding_by_the_page_says_what_follows(table: Table) -> None:
    made = plays.decision(table, "publicity")
    found = plays.objection(table, made, "investigating")
    leader, address = client(table.leader), reverse("objection", args=[found.case_id])
    box = {"move": "uphold", "note": "证据属实", "version": found.case.version, "request": str(uuid.uuid4())}
    assert leader.post(address, {**box, "confirmed": "uphold"}).status_code == 422  # nothing was chosen
    asked = leader.post(address, {**box, "remedy": "back"})
    assert asked.status_code == 200 and 'value="back" checked' in asked.content.decode()
    assert leader.post(address, {**box, "remedy": "back", "confirmed": "uphold"}).status_code == 302
    assert Objection.objects.get().remedy == "back"


def test_the_sum_on_the_page_is_that_of_the_rule(table: Table) -> None:
    made = plays.decision(table, "tabled")
    CallTrack.objects.filter(call=table.call).update(budget=2 * ASKED - 1)
    client(table.leader).post(url(made), sent(made, ("approve", "approve"), act="save"))
    text = client(table.leader).get(url(made)).content.decode()
    assert "超过可用" in text and "超出" in text


def test_the_same_click_records_a_finding_once(table: Table) -> None:
    made = plays.objection(table, plays.decision(table, "publicity"))
    service.perform(made.case, "investigate", table.olga)
    officer, page = client(table.olga), reverse("objection", args=[made.case_id])
    said = {"act": "find", "text": "已调阅统计资料。", "request": officer.get(page).context["click"]}
    for _ in range(2):
        assert officer.post(page, said).status_code == 302
    assert made.findings.count() == 1
    officer.post(page, {**said, "request": officer.get(page).context["click"]})
    assert made.findings.count() == 2

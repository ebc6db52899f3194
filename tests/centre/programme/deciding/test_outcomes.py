"""The letter that each applicant gets once the list is final; a notice that was recalled stays readable as such."""

from __future__ import annotations

import io
import json
import threading
from unittest import mock

import docx
import pytest
from django.test import Client

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.models import Notice
from pingjiang.centre.documents import papers, store
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.jobs import queue
from pingjiang.centre.jobs.handle import Handle
from pingjiang.centre.jobs.models import Job
from pingjiang.centre.programme.deciding import effects, letters
from pingjiang.centre.programme.models import Application, Decision, Verdict
from pingjiang.centre.programme.services import decisions
from pingjiang.centre.programme.services.decisions import Entry
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import MEETING, Table
from tests.centre.programme.deciding.test_papers import _texts

pytestmark = pytest.mark.django_db
LAW = ("60 日内", "行政复议法", "6 个月内", "行政诉讼法")


def client(actor: Actor | None) -> Client:
    made = Client()
    if actor is not None:
        made.force_login(actor.user)
    return made


def letter(application: Application) -> Paper:
    return Paper.objects.get(case=application.case_id, name=effects.OUTCOME)


def text_of(paper: Paper) -> str:
    return "\n".join(_texts(json.loads(paper.said)))


def decided(table: Table, kinds: tuple[str, str], conditions: str = "") -> Decision:
    """A final list of two, the first with conditions."""
    made = plays.prepared(table)
    plays.take(table, made, "table", kinds)
    said = plays.entries(made, kinds, "会议议定")
    first = plays.items(made)[0].pk
    said[first] = Entry(said[first].kind, said[first].amount, "产业基础较好", conditions)
    decisions.enter(plays.fresh(made), table.leader, said, MEETING)
    service.perform(plays.fresh(made).case, "decide", table.leader)
    for step in ("publicise", "issue"):
        plays.take(table, made, step)
    return plays.fresh(made)


def test_approved_in_part_says_money_conditions_and_what_comes_next(table: Table) -> None:
    decided(table, ("amend", "reject"), "三个月内补签与高校的合作协议")
    first, second = table.applications
    said = text_of(letter(first))
    for each in ("立项通知书", "480.00", "240.00", "产业基础较好", "三个月内补签与高校的合作协议", "任务书", *LAW):
        assert each in said, each
    assert first.case.owner.name_zh in said and second.case.title not in said
    said = text_of(letter(second))
    for each in ("不予支持通知书", "会议议定", "书面向", *LAW):
        assert each in said, each
    assert "任务书" not in said and "480.00" not in said
    assert history.verify().whole


def test_approved_in_full_and_deferred(table: Table) -> None:
    decided(table, ("approve", "defer"))
    first, second = table.applications
    assert "会议没有附带其他条件" in text_of(letter(first)) and "行政复议" not in text_of(letter(first))
    said = text_of(letter(second))
    for each in ("缓议通知书", "会议议定", "申报继续有效", "撤回申报"):
        assert each in said, each
    assert "行政复议" not in said


def test_each_applicant_is_told_and_finds_the_own_letter_alone(table: Table) -> None:
    decided(table, ("approve", "reject"))
    first, second = table.applications
    cast = table.play.cast
    for actor, own, other, word in (
        (cast.alice, first, second, "立项通知书"), (cast.charlie, second, first, "不予支持通知书"),
    ):  # fmt: skip
        page = client(actor).get(f"/applications/{own.case_id}/").content.decode()
        assert letter(own).code in page and word in page
        assert client(actor).get(f"/applications/{other.case_id}/").status_code == 404
        for kind in ("pdf", "docx"):
            assert client(actor).get(f"/papers/{letter(own).code}.{kind}").status_code == 200
            assert client(actor).get(f"/papers/{letter(other).code}.{kind}").status_code == 404
        told = Notice.objects.filter(to=actor.user, case=own.case_id, subject_zh__startswith=word)
        assert told.exists() and not Notice.objects.filter(to=actor.user, case=other.case_id).exists()
    page = client(None).get("/verify/", {"code": letter(first).code}).content.decode()
    assert "现行有效" in page
    with store.open_content(letter(first).word) as file:
        shown = "\n".join(line.text for line in docx.Document(io.BytesIO(file.read())).paragraphs)
    assert "立项通知书" in shown and "任务书" in shown


def test_a_later_decision_takes_the_place_of_a_deferral(table: Table) -> None:
    decided(table, ("approve", "defer"))
    second = table.applications[1]
    again = plays.prepared(table)
    assert again.round == 2 and [item.application for item in plays.items(again)] == [second]
    for step in ("table", "decide", "publicise", "issue"):
        plays.take(table, again, step, ("approve",))
    last, before = Paper.objects.filter(case=second.case_id, name=effects.OUTCOME).order_by("-edition")
    assert (papers.standing(before), papers.standing(last)) == ("superseded", "current")
    assert "立项通知书" in last.title and "第 2 次" in text_of(last)


def test_conditions_stand_in_the_pack_and_in_what_was_decided(table: Table) -> None:
    made = plays.prepared(table)
    proposed = plays.proposals(made)
    first = plays.items(made)[0].pk
    proposed[first] = Entry("approve", None, "支持", "先到位配套经费")
    decisions.propose(made, table.olga, proposed)
    service.perform(plays.fresh(made).case, "table", table.olga)
    assert "条件：先到位配套经费" in text_of(Paper.objects.get(case=made.case_id, name=effects.PACK))
    assert plays.items(made)[0].conditions == "先到位配套经费"  # the meeting finds them, and may change them


# ── a notice that was recalled


def public(made: Decision) -> str:
    answer = client(None).get(f"/public/decisions/{made.case_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("step", "words"), [("reconsider", "起复议"), ("withdraw", "撤销")])
def test_a_recalled_notice_says_so_and_for_which(table: Table, step: str, words: str) -> None:
    made = plays.decision(table, "publicity", ("approve", "reject"))
    first, second = table.applications
    assert "480.00" in public(made)
    plays.take(table, made, step)
    page = public(made)
    assert words in page and "公示不再有效" in page and first.case.title in page
    assert second.case.title not in page and "480.00" not in page and "公示自" not in page
    assert client(None).get(f"/public/decisions/{made.case_id}/paper.pdf").status_code == 404
    assert "公示已撤回" in client(None).get("/public/decisions/").content.decode()
    row = made.recalled_notices.get()
    assert row.session == made.sessions.get() and row.notice_from is not None


def test_what_was_decided_anew_is_not_read_before_its_notice(table: Table) -> None:
    made = plays.decision(table, "publicity", ("approve", "reject"))
    first, second = table.applications
    plays.take(table, made, "reconsider")
    plays.take(table, made, "decide", ("reject", "approve"))
    page = public(made)
    assert first.case.title in page and second.case.title not in page  # still what the recalled notice said
    plays.take(table, made, "publicise")
    page = public(made)
    assert second.case.title in page and first.case.title not in page and "以本次为准" in page
    assert made.sessions.count() == 2


def test_what_was_never_public_stays_unknown(table: Table) -> None:
    made = plays.decision(table, "decided")
    plays.take(table, made, "reconsider")
    assert client(None).get(f"/public/decisions/{made.case_id}/").status_code == 404
    assert not made.recalled_notices.exists()


# ── the job that makes the letters


def queued(made: Decision) -> Job:
    """The job of a list that has become final, with what a worker would begin with."""
    job = Job.objects.get(kind=effects.LETTERS)
    assert job.arguments == {"decision": made.pk}
    return job


def worked(job: Job, stop_after: int | None = None) -> dict[str, int]:
    """The job, as a worker runs it; `stop_after`: killed as it begins the next letter."""
    lease = queue.claim("test")
    assert lease is not None and lease.job == job.pk
    handle = Handle(lease, threading.Event(), threading.Event())
    real, made = letters.send, [0]

    def send(verdict: Verdict, actor: Actor) -> None:
        if made[0] == stop_after:
            raise KeyboardInterrupt
        real(verdict, actor)
        made[0] += 1

    with mock.patch.object(letters, "send", send):
        return letters.send_all(handle, **job.arguments)


def test_letters_are_a_job_that_goes_on_where_it_stopped(table: Table) -> None:
    made = plays.decision(table, "publicity", ("approve", "reject"))
    plays.pass_notice(made)
    service.perform(plays.fresh(made).case, "issue", table.leader)
    assert not Paper.objects.filter(name=effects.OUTCOME).exists() and len(letters.due(plays.fresh(made))) == 2
    job = queued(made)
    page = client(table.leader).get(f"/decisions/{made.case_id}/").content.decode()
    assert "2 份通知书正在寄发" in page and f"/jobs/{job.pk}/" in page
    with pytest.raises(KeyboardInterrupt):
        worked(job, stop_after=1)
    assert Paper.objects.filter(name=effects.OUTCOME).count() == 1 and len(letters.due(plays.fresh(made))) == 1
    Job.objects.filter(pk=job.pk).update(state="queued", lease=None)  # as it is reaped
    assert worked(job) == {"letters": 1}
    assert Paper.objects.filter(name=effects.OUTCOME).count() == 2 and not letters.due(plays.fresh(made))
    assert {paper.issued_by for paper in Paper.objects.filter(name=effects.OUTCOME)} == {table.leader.membership}
    assert "正在寄发" not in client(table.leader).get(f"/decisions/{made.case_id}/").content.decode()
    for each in effects.verdicts_of(plays.fresh(made)):  # once more changes nothing
        letters.send(each, table.leader)
    assert Paper.objects.filter(name=effects.OUTCOME).count() == 2 and history.verify().whole

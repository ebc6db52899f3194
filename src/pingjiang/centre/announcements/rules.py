"""What the moves of announcements and consultations need."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.models import Membership, Organisation
from pingjiang.centre.announcements.texts import letter_of
from pingjiang.centre.casework import clocks
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Label, Need
from pingjiang.centre.documents import papers

# Who answers questions and writes announcements, and who approves them, by kind of organisation.
DESK = {"authority": "programme_officer", "district": "district_officer", "centre": "centre_specialist"}
APPROVER = {"authority": "decision_maker", "district": "district_officer", "centre": "centre_manager"}
STAFF = frozenset({"programme_officer", "district_officer", "centre_specialist", "centre_manager"})
APPROVERS = frozenset(APPROVER.values())
CLOSES_AFTER = 10  # working days after an answer


def complete(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """It says something, to somebody, can be printed, and does not end before it begins."""
    announcement, today = case.announcement, timezone.localdate()
    if not announcement.body.strip():
        return "正文是空的", "it says nothing"
    if not announcement.addressees.exists() and not announcement.public:
        return "没有发布对象", "it addresses nobody"
    ends = (
        (announcement.expires_on, "有效期", "its end"),
        (announcement.asks_until, "咨询期", "its time of questions"),
    )
    for day, zh, en in ends:
        if day is not None and day < today:
            return f"{zh}已过", f"{en} has passed"
    return papers.problem(lambda: letter_of(announcement))


def has_expired(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Its last day has passed."""
    last: datetime.date | None = case.announcement.expires_on
    return None if last is not None and last < timezone.localdate() else ("有效期未到", "it has not expired")


def of_the_desk(case: Case, given: Mapping[str, Any]) -> Label | None:
    """Who gets it is of the desk where it lies. Nobody named: who takes it."""
    to: Membership | None = given.get("to")
    if to is None or (
        to.organisation_id == case.authority_id and to.role in STAFF and to in Membership.objects.in_force()
    ):
        return None
    return "承办人须是本单位的经办人员", "who handles it must be of this desk"


def another_desk(case: Case, given: Mapping[str, Any]) -> Label | None:
    """It goes to another organisation that has a desk."""
    to: Organisation | None = given.get("to_organisation")
    if to is None:
        return "须选择接收单位", "say which organisation gets it"
    if to.kind not in DESK or to.pk == case.authority_id:
        return "接收单位须是另一主管部门或运营中心", "it goes to another authority or centre"
    return None


def says_something(_case: Case, given: Mapping[str, Any]) -> Label | None:
    """There is an answer."""
    text = str(given.get("text", "")).strip()
    if not text:
        return "须填写答复内容", "an answer needs a text"
    return ("答复超过 8000 字", "an answer has 8,000 characters at most") if len(text) > 8000 else None


def long_answered(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Nobody came back to it for ten working days."""
    last = case.question.replies.last()
    today = timezone.localdate()
    if last is None or clocks.working_days_between(timezone.localdate(last.at), today) < CLOSES_AFTER:
        return f"答复未满 {CLOSES_AFTER} 个工作日", f"it was answered less than {CLOSES_AFTER} working days ago"
    return None


COMPLETE = Need("complete", complete)
EXPIRED = Need("expired", has_expired)
OF_THE_DESK = Need("assignee", of_the_desk)
ANOTHER_DESK = Need("receiver", another_desk)
ANSWERED = Need("text", says_something)
LONG_ANSWERED = Need("long answered", long_answered)

"""Who gets what of the daily round: overdue, messages, jobs, money, facts, duties. Rows of the matrix."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from pingjiang.centre.accounts.models import Hat
from pingjiang.centre.api.models import issue
from pingjiang.centre.casework import notices
from pingjiang.centre.casework.models import Notice
from pingjiang.centre.documents import store
from pingjiang.centre.facts import register
from pingjiang.centre.facts.register import Subject
from pingjiang.centre.jobs import service as jobs
from pingjiang.centre.jobs.models import Job
from pingjiang.centre.money import ledger
from pingjiang.centre.money.models import Account
from pingjiang.centre.rounds import keeper
from tests.centre.announcements.rows import ANNOUNCEMENTS, CASES, DRAFT, MAY_ASK, PUBLISHERS, QUESTIONS, WORKBOOK
from tests.centre.api.rows import MOVE, READ, move
from tests.centre.cast import SINCE
from tests.centre.facts.examples import NOTE
from tests.centre.matrix.city import City
from tests.centre.matrix.people import ADMIN, EVERYONE, OWN, SAME, anywhere, at_home, only
from tests.centre.matrix.table import API, Row

# One of the stewards wears the auditor's hat: seed() puts it on.
AUDITOR, SITE_ADMIN, FIRM = only("steward", SAME), only("steward", ADMIN), only("member_user", OWN)
ACCOUNTS = at_home("member_user") | AUDITOR
BOOKS = (
    anywhere("programme_officer", "decision_maker", "district_officer", "centre_manager", "member_user", "partner")
    | AUDITOR
)
FACTS = BOOKS | anywhere("centre_specialist")
# Of no case: all officers, the firm, its district.
FACT = anywhere("programme_officer", "decision_maker") | at_home("district_officer", "member_user") | AUDITOR
JOB = FIRM | SITE_ADMIN
STEWARDS = anywhere("steward")
DAY = datetime.date(2026, 3, 1)


def seed(city: City) -> None:
    """Books, a fact, messages, a mail that did not arrive, a job with a file, a token, the duties."""
    Hat.objects.create(membership=city.people["steward", SAME].membership, name="auditor", since=SINCE)
    firm = city.own("member_user")
    _books(city)
    fact = register.tell(
        NOTE, Subject("deal", "FACT-1"), firm.organisation, on=DAY, actor=firm, text="业绩说明甲", request=uuid.uuid4()
    )
    city.put("fact", sees=FACT, mark="FACT-1", pk=fact.pk, fact_id=fact.pk)
    with transaction.atomic():
        notices.tell([firm.user], ("只给企业的消息", "For the firm alone"), about="matrix")
    _messages(city)
    job = jobs.enqueue("count", {"upto": 1}, firm, request=uuid.uuid4())
    content = store.keep_bytes(b"made by a job", "text")
    files = [{"name": "a.txt", "sha256": content.sha256}]
    Job.objects.filter(pk=job.pk).update(
        state="done", ended_at=job.queued_at, result={"files": files}, words_zh="后台任务甲"
    )
    city.put("job", sees=JOB, pk=job.pk, number=0, job_id=job.pk)
    token, _ = issue(firm, "企业的令牌", ["cases:read"], 30)
    city.put("token", sees=FIRM, mark="企业的令牌", pk=token.pk)
    keeper.enrol()
    city.put("duty", sees=SITE_ADMIN, label="寄送邮件", name="mail")


def _books(city: City) -> None:
    firm = city.own("member_user")
    cash, income = (
        ledger.open_account(firm.organisation, purpose, "CNY", firm, name=name)
        for purpose, name in (("cash", "专户甲"), ("grant_income", "专户乙"))
    )
    journal = ledger.post(
        [ledger.debit(cash, 5), ledger.credit(income, 5)], on=DAY, text="拨付款项甲", actor=firm, request=uuid.uuid4()
    )
    account: Account
    for name, account in (("cash", cash), ("income", income)):
        city.put(f"account:{name}", sees=ACCOUNTS, mark=account.name, pk=account.pk, account_id=account.pk)
    city.put("journal", sees=ACCOUNTS, mark=journal.text, pk=journal.pk, journal_id=journal.pk)


def _messages(city: City) -> None:
    """Every message that anybody has, under its number; and a mail that did not arrive."""
    keys = {actor.user.pk: key for key, actor in city.people.items()}
    for row in Notice.objects.filter(channel="site"):
        ours = row.subject_zh == "只给企业的消息"
        key = keys.get(row.to_id)
        city.put(
            "notice:firm" if ours else f"notice:{row.pk}", sees=frozenset([key]) if key else frozenset(),
            mark=row.subject_zh if ours else "", pk=row.pk, notice_id=row.pk,
        )  # fmt: skip
    mail = Notice.objects.create(
        to=city.own("member_user").user, channel="email", state="gave_up", subject_zh="没有寄到的信", subject_en="Lost"
    )
    city.put("mail", sees=STEWARDS, mark="没有寄到的信", pk=mail.pk, notice_id=mail.pk)


def sent(thing: str, name: str = "notice") -> Any:
    def body(city: City) -> Mapping[str, Any]:
        return {name: city.things[thing].ids["pk"]}

    return body


def once(**more: Any) -> Any:
    def body(_city: City) -> Mapping[str, Any]:
        return {**more, "request": str(uuid.uuid4())}

    return body


BOTH = ("account:cash", "account:income")
PAGES = [
    Row("overdue", "GET", "", {200: EVERYONE}),
    Row("overdue", "GET", "", {200: EVERYONE}, query=WORKBOOK),
    Row("notices", "GET", "", {200: EVERYONE}, shows=("notice:firm",)),
    Row("notices", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=("notice:firm",)),
    Row("notice", "GET", "notice:firm", {200: FIRM}),
    Row("notices-read", "POST", "", {302: FIRM}, sent=sent("notice:firm")),
    Row("notices-read", "POST", "", {302: EVERYONE}, sent={"notice": "all"}),
    Row("undelivered", "GET", "", {200: EVERYONE}, shows=("mail",)),
    Row("undelivered", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=("mail",)),
    Row("notices-retry", "POST", "", {302: STEWARDS}, sent=sent("mail")),
    Row("notices-retry", "POST", "", {302: STEWARDS}, sent={"notice": "all"}),
    Row("jobs", "GET", "", {200: EVERYONE}),
    Row("jobs", "GET", "", {200: EVERYONE}, query=WORKBOOK),
    Row("job", "GET", "job", {200: JOB}),
    Row("job-act", "POST", "job", {302: JOB}, sent={"act": "cancel"}),
    Row("job-file", "GET", "job", {200: JOB}),
    Row("accounts", "GET", "", {200: BOOKS}, shows=BOTH),
    Row("accounts", "GET", "", {200: BOOKS}, query=WORKBOOK, shows=BOTH),
    Row("account", "GET", "account:cash", {200: ACCOUNTS}),
    Row("account", "GET", "account:cash", {200: ACCOUNTS}, query=WORKBOOK),
    Row("journals", "GET", "", {200: BOOKS}, shows=("journal",)),
    Row("journals", "GET", "", {200: BOOKS}, query=WORKBOOK, shows=("journal",)),
    Row("journal", "GET", "journal", {200: ACCOUNTS}),
    Row("facts", "GET", "", {200: FACTS}, shows=("fact",)),
    Row("facts", "GET", "", {200: FACTS}, query=WORKBOOK, shows=("fact",)),
    Row("fact", "GET", "fact", {200: FACT}),
    Row("facts-counts", "GET", "", {200: FACTS}),
    Row("facts-counts", "GET", "", {200: FACTS}, query=WORKBOOK),
    Row("facts-counted", "GET", "", {200: FACTS}, shows=("fact",)),
    Row("facts-counted", "GET", "", {200: FACTS}, query=WORKBOOK, shows=("fact",)),
    Row("rounds", "GET", "", {200: SITE_ADMIN}, shows=("duty",)),
    Row("rounds", "GET", "", {200: SITE_ADMIN}, query=WORKBOOK, shows=("duty",)),
    Row("duty", "GET", "duty", {200: SITE_ADMIN}),
    Row("duty", "POST", "duty", {302: SITE_ADMIN}),
    Row("tokens", "GET", "", {200: EVERYONE}, shows=("token",)),
    Row("tokens", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=("token",)),
    Row("token-new", "GET", "", {200: EVERYONE}),
    Row("token-new", "POST", "", {422: EVERYONE}, sent={"name": ""}),
    Row("token-made", "GET", "", {302: EVERYONE}),  # nothing was made
    Row("token-revoke", "POST", "token", {302: FIRM}),
]


def api(name: str, scope: str, of: str, gets: Mapping[Any, Any], method: str = "GET", **more: Any) -> Row:
    return Row(f"api:{name}", method, of, gets, API, scope=scope, **more)


MONEY, TOLD, JOBS, MAIL = "money:read", "facts:read", "jobs:read", "notices:read"
PROGRAMS = [
    api("accounts", MONEY, "", {200: EVERYONE}, shows=BOTH),
    api("account", MONEY, "account:cash", {200: ACCOUNTS}),
    api("statement", MONEY, "account:cash", {200: ACCOUNTS}),
    api("account_lines", MONEY, "account:cash", {200: ACCOUNTS}),
    api("journals", MONEY, "", {200: EVERYONE}, shows=("journal",)),
    api("journal", MONEY, "journal", {200: ACCOUNTS}),
    api("facts", TOLD, "", {200: EVERYONE}, shows=("fact",)),
    api("fact", TOLD, "fact", {200: FACT}),
    api("counts", TOLD, "", {200: EVERYONE}),
    api("jobs", JOBS, "", {200: EVERYONE}),
    api("job", JOBS, "job", {200: JOB}),
    api("job_lines", JOBS, "job", {200: JOB}),
    api("cancel_job", "jobs:manage", "job", {200: JOB}, "POST"),
    api("retry_job", "jobs:manage", "job", {409: JOB}, "POST"),  # it is done
    api("notices", MAIL, "", {200: EVERYONE}, shows=("notice:firm",)),
    api("notice", MAIL, "notice:firm", {200: FIRM}),
    api("undelivered", MAIL, "", {200: EVERYONE}, shows=("mail",)),
    api("mark_read", "notices:manage", "notice:firm", {200: FIRM}, "POST"),
    api("mark_all_read", "notices:manage", "", {200: EVERYONE}, "POST"),
    api("send_again", "notices:manage", "mail", {200: STEWARDS}, "POST"),
]
DRAFTED = {"title": "程序拟的通知", "kind": "notice", "body": "正文", "to": ["firm"]}
CONSULTING = [
    api("announcements", READ, "", {200: EVERYONE}, shows=ANNOUNCEMENTS),
    *(api("announcement", READ, name, {200: CASES[name]}) for name in ANNOUNCEMENTS),
    api("draft_announcement", MOVE, "", {200: PUBLISHERS, 409: EVERYONE - PUBLISHERS}, "POST", sent=once(**DRAFTED)),
    api("ask_question", MOVE, "published", {200: MAY_ASK, 409: DRAFT}, "POST", sent=once(title="问", text="请问？")),
    api("ask_question", MOVE, "draft", {409: DRAFT}, "POST", sent=once(title="问", text="请问？")),
    api("questions", READ, "", {200: EVERYONE}, shows=QUESTIONS),
    *(api("question", READ, name, {200: CASES[name]}) for name in QUESTIONS),
    *(api("move_question", MOVE, name, {409: CASES[name]}, "POST", sent=move("no")) for name in QUESTIONS),
]
ROWS = [*PAGES, *PROGRAMS, *CONSULTING]

"""Fills the site that the browser looks at, before it is served: the cast, errands, tasks, clocks, books, facts,
messages, jobs, announcements.

Beside the database it leaves `browser.json`: a session of each of the cast, and an address for each page that has one.
"""

from __future__ import annotations

import datetime
import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pingjiang.centre.accounts.models import Actor
    from tests.centre.cast import Cast


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.SITE_FOLDER).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    from django.db import transaction

    from tests.centre.programme.fill import fill_programme

    with transaction.atomic():
        cast = fill()
        pages = fill_notices(cast) | fill_programme(cast)
    told = {"sessions": sessions(), "pages": pages}
    (Path(settings.SITE_FOLDER) / "browser.json").write_text(json.dumps(told), encoding="utf-8")


def sessions() -> dict[str, str]:
    """Somebody's name → the key of a session of theirs."""
    from django.conf import settings
    from django.test import Client

    from pingjiang.centre.accounts.models import User

    found = {}
    for user in User.objects.all():
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        found[user.username] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def fill_notices(cast: Any) -> dict[str, list[str]]:
    """Announcements and questions in their states. Name of a URL → who sees it, and where."""
    from django.urls import reverse

    from pingjiang.centre.accounts.membership import invite
    from pingjiang.centre.accounts.models import Membership
    from tests.centre.announcements import play as plays

    play = plays.begin(cast)
    draft = plays.announcement(play, "draft")
    plays.announcement(play, "review")
    open_one = plays.announcement(play, "published", title="关于公开征集项目的通知", public=True)
    question = plays.question(play, "answered", on=open_one)
    _made, token = invite(cast.alice, cast.firm, "member_user", "新同事")
    someone = Membership.objects.get(pk=cast.bob.membership.pk)
    return {
        "case": ["olga", reverse("case", args=[3])],
        "announcement": [play.leader.user.username, reverse("announcement", args=[draft.case_id])],
        "announcement-edit": ["olga", reverse("announcement-edit", args=[draft.case_id])],
        "announcement-ask": ["alice", reverse("announcement-ask", args=[open_one.case_id])],
        "question": ["olga", reverse("question", args=[question.case_id])],
        "public-notice": ["", reverse("public-notice", args=[open_one.case_id])],
        "person": ["alice", reverse("person", args=[someone.pk])],
        "invitation": ["", reverse("invitation", args=[token])],
        "help-page": ["olga", reverse("help-page", args=["officer"])],
        "account": ["alice", reverse("account", args=[1])],
        "journal": ["alice", reverse("journal", args=[40])],
        "fact": ["alice", reverse("fact", args=[27])],
        "job": ["alice", reverse("job", args=[3])],
        "notice": ["alice", reverse("notice", args=[2])],
        "duty": ["stella", reverse("duty", args=["mail"])],
    }


def fill() -> Any:
    from django.utils import timezone

    from pingjiang.centre.accounts.models import Actor, Hat, Membership, Organisation
    from pingjiang.centre.casework import clocks, service
    from pingjiang.centre.casework.models import Task
    from tests.centre import cast as people
    from tests.centre.casework.errands.workflow import ERRAND

    cast = people.make()
    Organisation.objects.filter(pk=cast.firm.pk).update(name_en="Firm A", synthetic=True)
    Membership.objects.create(user=cast.alice.user, organisation=cast.other, role="member_user", since=people.SINCE)
    hats = ((cast.stella, "administrator"), (cast.stella, "auditor"), (cast.alice, "organisation_admin"))
    for actor, name in hats:
        Hat.objects.create(membership=actor.membership, name=name, since=people.SINCE)
    cast.firm.refresh_from_db()
    alice = Actor(cast.alice.user, Membership.objects.get(pk=cast.alice.membership.pk))
    today = timezone.localdate()
    for number in range(1, 31):
        case = service.open_case(
            ERRAND, alice, number=f"SZ-2026-{number:03}", title=f"第 {number} 件示例事项", owner=cast.firm,
            authority=cast.bureau,
        )  # fmt: skip
        if number % 5 == 0:
            continue
        service.perform(case, "ask", alice)
        if number % 2:
            service.perform(case, "take", cast.olga)
            clocks.start(case, "answer", 5, cast.olga)
            Task.objects.create(
                case=case, name="answer", label_zh="答复事项", label_en="Answer the errand",
                organisation=cast.bureau, role="programme_officer", due_on=today + datetime.timedelta(days=number - 4),
            )  # fmt: skip
    keep_books(cast, alice)
    tell_facts(cast, alice)
    send_messages(cast, alice)
    ask_for_jobs(cast, alice)
    return cast


def keep_books(cast: Cast, alice: Actor) -> None:
    """Accounts in two currencies, forty journals, one undone."""
    from pingjiang.centre.money import ledger

    books = {
        code: [ledger.open_account(cast.firm, purpose, code, alice) for purpose in ("cash", "grant_income")]
        for code in ("CNY", "JPY")
    }
    ledger.open_account(cast.firm, "payable", "CNY", alice, name="代付检索费")
    cash, income = books["CNY"]
    for n in range(1, 41):
        on = datetime.date(2026, 1 + n % 11, 1 + n % 28)
        entries = [ledger.debit(cash, 12_345 * n), ledger.credit(income, 12_345 * n, "示例拨款")]
        made = ledger.post(entries, on=on, text=f"第 {n} 笔拨款（示例）", actor=alice, request=uuid.uuid4())
    ledger.reverse(made, on=on, reason="金额有误，冲销后重记", actor=alice, request=uuid.uuid4())
    yen = [ledger.debit(books["JPY"][0], 980_000), ledger.credit(books["JPY"][1], 980_000)]
    ledger.post(yen, on=datetime.date(2026, 5, 6), text="日元收入（示例）", actor=alice, request=uuid.uuid4())


def tell_facts(cast: Cast, alice: Actor) -> None:
    """Facts of all kinds of value, one told twice, one withdrawn, one without a value."""
    from pingjiang.centre.facts import register
    from pingjiang.centre.facts.register import Subject
    from tests.centre.facts.examples import DEAL, NOTE, PEOPLE, PROOF, SERVED

    def tell(kind: object, subject: Subject, on: datetime.date, **more: object) -> object:
        return register.tell(kind, subject, cast.firm, on=on, actor=alice, request=uuid.uuid4(), **more)  # type: ignore[arg-type]

    for n in range(1, 9):
        day = datetime.date(2026, n, 10)
        tell(DEAL, Subject("deal", f"D-{n:03}"), day, value=n * 250_000, currency_code="CNY", proof=PROOF)
        tell(PEOPLE, Subject("training", f"P-{n}"), day, value=None if n == 3 else n * 12)
        tell(SERVED, Subject("firm", f"F-{n}"), day)
    tell(DEAL, Subject("deal", "D-002"), datetime.date(2026, 2, 11), value=510_000, currency_code="CNY", proof=PROOF)
    tell(NOTE, Subject("deal", "D-001"), datetime.date(2026, 1, 12), text="补充说明：合同已备案（示例）")
    wrong = tell(SERVED, Subject("firm", "F-99"), datetime.date(2026, 9, 1))
    register.withdraw(wrong, reason="企业名称有误，重新登记", actor=alice, request=uuid.uuid4())  # type: ignore[arg-type]


def send_messages(cast: Cast, alice: Actor) -> None:
    """Messages on the site, and mail that did not arrive."""
    from pingjiang.centre.casework import notices
    from pingjiang.centre.casework.models import Case, Notice

    case = Case.objects.get(number="SZ-2026-003")
    for n in range(1, 4):
        words = (f"第 {n} 条消息：{case.title}", f"Message {n}: {case.title}")
        notices.tell([cast.olga.user, alice.user], words, about=f"populate:{n}", case=case, body=("正文", "Text"))
    for n, state in enumerate(("failed", "gave_up")):
        Notice.objects.create(
            to=alice.user, case=case, channel="email", subject_zh="逾期提醒（示例）", subject_en="Overdue (synthetic)",
            state=state, attempts=n + 1, problem="SMTPServerDisconnected: Connection unexpectedly closed",
        )  # fmt: skip


def ask_for_jobs(cast: Cast, alice: Actor) -> None:
    """A long one that a worker will begin, one that is done, one that failed."""
    from django.utils import timezone

    from pingjiang.centre.jobs import service
    from pingjiang.centre.jobs.models import Job, JobLine

    service.enqueue("count", {"upto": 30_000, "pause": 0.02}, alice, request=uuid.uuid4())
    now = timezone.now()
    done = service.enqueue("count", {"upto": 3}, alice, request=uuid.uuid4())
    Job.objects.filter(pk=done.pk).update(state="done", ended_at=now, started_at=now, attempts=1, done=3, of=3,
                                          result={"sum": 3})  # fmt: skip
    failed = service.enqueue("break", {"until": 9}, alice, request=uuid.uuid4())
    Job.objects.filter(pk=failed.pk).update(
        state="failed", ended_at=now, started_at=now, attempts=3, problem_zh="材料不全", problem_en="papers are missing"
    )
    JobLine(job=failed, attempt=3, zh="材料不全", en="papers are missing", detail="Traceback").save()


if __name__ == "__main__":
    main()

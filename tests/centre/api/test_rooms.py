"""Money, facts, jobs, messages, announcements and questions by a program: the same access as the pages, in pages."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from pingjiang.centre.accounts.models import Actor, Hat
from pingjiang.centre.api.models import SCOPES
from pingjiang.centre.casework import notices
from pingjiang.centre.casework.models import Notice
from pingjiang.centre.facts.models import Fact
from pingjiang.centre.jobs import service as jobs
from pingjiang.centre.money.models import Account, Journal, Line
from tests.centre import audited
from tests.centre.api.test_endpoints import Program
from tests.centre.cast import SINCE, Cast

pytestmark = pytest.mark.django_db
ALL = list(SCOPES)


@pytest.fixture
def filled(cast: Cast, tmp_path: Path, settings: Any) -> Cast:
    settings.SITE_FOLDER, settings.SITE_CLAMD = tmp_path / "site", ""
    audited.fill(cast)
    return cast


def program(actor: Actor) -> Program:
    return Program(actor, ALL)


def everything(who: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list, two rows a page."""
    after, found = 0, []
    while True:
        status, page = who.get(path, after=after, limit=2, **query)
        assert status == 200, page
        found += page["items"]
        if page["next"] is None:
            assert len(found) == page["total"]
            return found
        after = page["next"]


def test_money(filled: Cast) -> None:
    alice, charlie = program(filled.alice), program(filled.charlie)
    accounts = everything(alice, "money/accounts")
    assert {each["purpose"]: each["balance"] for each in accounts} == {"cash": "3.00", "grant_income": "3.00"}
    assert everything(charlie, "money/accounts") == [] == everything(charlie, "money/journals")
    cash = Account.objects.get(purpose="cash")
    lines = everything(alice, f"money/accounts/{cash.pk}/lines")
    assert sum(Decimal(line["amount"]) for line in lines) == sum(
        line.amount for line in Line.objects.filter(account=cash)
    )
    status, said = alice.get(f"money/accounts/{cash.pk}/statement", since="2026-01-01", until="2026-12-31")
    assert status == 200 and [said[name] for name in ("opening", "debits", "credits", "closing")] == [
        "0.00", "3.00", "0.00", "3.00"
    ]  # fmt: skip
    assert alice.get(f"money/accounts/{cash.pk}/statement", since="2026-02-30")[0] == 409
    assert alice.get(f"money/accounts/{cash.pk}/statement", since="2027-01-01", until="2026-01-01")[0] == 409
    journals = everything(alice, "money/journals")
    assert [len(each["lines"]) for each in journals] == [2, 2] and not any(each["partly"] for each in journals)
    assert everything(alice, "money/journals", since="2026-03-02") == []
    journal = Journal.objects.earliest("pk")
    paths = (f"money/accounts/{cash.pk}", f"money/accounts/{cash.pk}/lines", f"money/accounts/{cash.pk}/statement",
             f"money/journals/{journal.pk}")  # fmt: skip
    for path in paths:
        assert (alice.get(path)[0], charlie.get(path)[0]) == (200, 404), path
        assert charlie.get(path) == charlie.get(path.replace(str(cash.pk), "99999").replace(str(journal.pk), "99999"))
    assert alice.get("money/accounts", purpos="cash")[0] == 422


def test_facts(filled: Cast) -> None:
    alice, olga, charlie = program(filled.alice), program(filled.olga), program(filled.charlie)
    facts = everything(alice, "facts")
    assert [each["value"] for each in facts] == ["1", "2", "3"]
    assert facts[2]["withdrawal"]["reason"] == "重复" and facts[0]["withdrawal"] is None
    assert len(everything(olga, "facts", stands="true")) == 2 and everything(charlie, "facts") == []
    assert len(everything(olga, "facts", organisation=filled.firm.pk, since="2026-01-01", until="2026-12-31")) == 3
    status, said = olga.get("facts/counts", by="organisation")
    assert status == 200 and said["total"]["count"] == 2 and said["groups"][0]["of"] == str(filled.firm.pk)
    assert said["groups"][0]["sums"] == [{"kind": "test_people", "currency": "", "sum": "3"}]
    assert charlie.get("facts/counts")[1]["total"]["count"] == 0 and olga.get("facts/counts", by="x")[0] == 422
    assert olga.get("facts/counts", kind="no_such")[1]["total"]["count"] == 0
    fact = Fact.objects.earliest("pk")
    assert (alice.get(f"facts/{fact.pk}")[0], charlie.get(f"facts/{fact.pk}")[0]) == (200, 404)


def test_jobs(cast: Cast) -> None:
    alice, bob = program(cast.alice), program(cast.bob)
    job = jobs.enqueue("count", {"upto": 1}, cast.alice, request=uuid.uuid4())
    assert [each["id"] for each in everything(alice, "jobs", state="queued")] == [job.pk]
    assert everything(bob, "jobs") == [] and everything(alice, "jobs", state="done") == []
    for path in (f"jobs/{job.pk}", f"jobs/{job.pk}/lines"):
        assert (alice.get(path)[0], bob.get(path)[0]) == (200, 404)
    assert bob.post(f"jobs/{job.pk}/cancel")[0] == 404 and alice.post(f"jobs/{job.pk}/retry")[0] == 409
    assert alice.post(f"jobs/{job.pk}/cancel")[1]["state"] == "cancelled"
    assert alice.post(f"jobs/{job.pk}/retry")[1]["state"] == "queued"
    assert Program(cast.alice, ["jobs:read"]).post(f"jobs/{job.pk}/cancel")[0] == 403


def test_messages(cast: Cast) -> None:
    with transaction.atomic():
        for n in range(3):
            notices.tell([cast.alice.user], (f"消息{n}", "Message"), about=str(n))
    alice, bob, stella = program(cast.alice), program(cast.bob), program(cast.stella)
    found = everything(alice, "notices", unread="true")
    assert len(found) == 3 and everything(bob, "notices") == []
    one = found[0]["id"]
    assert (alice.get(f"notices/{one}")[0], bob.get(f"notices/{one}")[0]) == (200, 404)
    assert bob.post(f"notices/{one}/read")[0] == 404
    assert alice.post(f"notices/{one}/read")[1] == {"marked": 1} and alice.post(f"notices/{one}/read")[1] == {
        "marked": 0
    }
    assert alice.post("notices/read")[1] == {"marked": 2} and everything(alice, "notices", unread="true") == []
    mail = Notice.objects.create(
        to=cast.alice.user, channel="email", subject_zh="信", subject_en="Mail", state="failed"
    )
    assert everything(alice, "notices/undelivered") == [] and len(everything(stella, "notices/undelivered")) == 1
    assert alice.post(f"notices/{mail.pk}/retry")[0] == 404
    assert stella.post(f"notices/{mail.pk}/retry")[1]["state"] == "queued"
    assert everything(stella, "notices/undelivered") == []


def test_announcements_and_questions(cast: Cast, tmp_path: Path, settings: Any) -> None:
    """From the draft to the answer, by programs alone."""
    settings.SITE_FOLDER = tmp_path / "site"
    olga, leader, alice = program(cast.olga), program(cast.everyone["decision_maker"]), program(cast.alice)
    body = {
        "title": "关于征集的通知",
        "kind": "notice",
        "body": "现将有关事项通知如下。",
        "to": ["firm"],
        "track": "patent",
    }
    request = str(uuid.uuid4())
    status, made = olga.post("announcements", **body, request=request)
    assert (status, made["state"], made["to"]) == (200, "draft", ["firm"])
    assert olga.post("announcements", **body, request=request)[1]["id"] == made["id"], "the same request drafts once"
    assert alice.post("announcements", **body, request=str(uuid.uuid4()))[0] == 409
    assert olga.post("announcements", **body, district="999", request=str(uuid.uuid4()))[0] == 409
    assert alice.get(f"announcements/{made['id']}")[0] == 404 and everything(alice, "announcements") == []

    def move(who: Program, path: str, name: str, version: int, **more: Any) -> tuple[int, Any]:
        return who.post(f"{path}/moves", move=name, version=version, request=str(uuid.uuid4()), **more)

    status, case = move(olga, f"cases/{made['id']}", "submit", made["version"])
    status, case = move(leader, f"cases/{made['id']}", "publish", case["version"])
    assert (status, case["state"]) == (200, "published")
    assert [each["title"] for each in everything(alice, "announcements", state="published")] == ["关于征集的通知"]
    asked = {"title": "外地企业可以吗", "text": "请问外地企业可否申报？"}
    status, question = alice.post(f"announcements/{made['id']}/questions", **asked, request=str(uuid.uuid4()))
    assert (status, question["state"], question["announcement"]) == (200, "asked", made["id"])
    where = f"questions/{question['id']}"
    assert program(cast.charlie).get(where)[0] == 404 and len(everything(olga, "questions")) == 1
    status, case = move(olga, where, "assign", question["version"], to=cast.olga.membership.pk)
    assert (status, case["state"]) == (200, "assigned")
    assert move(olga, where, "answer", case["version"])[1]["rule"] == "text"
    assert move(olga, where, "reassign", case["version"], to=99999)[1]["rule"] == "receiver"
    assert move(olga, where, "reassign", case["version"], to=cast.alice.membership.pk)[1]["rule"] == "assignee"
    status, case = move(olga, where, "answer", case["version"], text="可以。")
    assert (status, case["state"]) == (200, "answered")
    assert [reply["text"] for reply in alice.get(where)[1]["replies"]] == ["可以。"]


@pytest.mark.parametrize(
    ("path", "scope"),
    [("money/accounts", "money:read"), ("money/journals", "money:read"), ("facts", "facts:read"),
     ("facts/counts", "facts:read"), ("jobs", "jobs:read"), ("notices", "notices:read"),
     ("notices/undelivered", "notices:read"), ("announcements", "cases:read"), ("questions", "cases:read")],
)  # fmt: skip
def test_each_needs_its_scope(cast: Cast, path: str, scope: str) -> None:
    Hat.objects.create(membership=cast.stella.membership, name="auditor", since=SINCE)
    assert Program(cast.stella, [scope]).get(path)[0] == 200
    assert Program(cast.stella, [each for each in ALL if each != scope]).get(path)[0] == 403
    assert Program(cast.stella, [scope]).get(path, nonsense="1")[0] == 422

"""Money and facts as pages: who sees what, sums that an independent count confirms, workbooks."""

from __future__ import annotations

import datetime
import io
import re
import uuid
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client

from pingjiang.centre.accounts.models import Actor, Hat
from pingjiang.centre.facts import register
from pingjiang.centre.facts.models import Fact
from pingjiang.centre.facts.register import Subject
from pingjiang.centre.money import ledger
from pingjiang.centre.money.models import Account, Journal, Line
from pingjiang.centre.pages.lists import Amount, plain
from tests.centre.cast import SINCE, Cast
from tests.centre.facts.examples import DEAL, NOTE, PEOPLE, PROOF, SERVED

pytestmark = pytest.mark.django_db
MARCH = datetime.date(2026, 3, 1)


def at(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def book(client: Client, path: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(client.get(path).content))


@pytest.fixture
def books(cast: Cast) -> Cast:
    """The firm has cash of 3 × 100.50 less 0.50; a journal touches the other firm too."""
    cash, income = (ledger.open_account(cast.firm, each, "CNY", cast.alice) for each in ("cash", "grant_income"))
    their, fee = (ledger.open_account(cast.other, each, "CNY", cast.charlie) for each in ("cash", "fee_income"))
    for n in range(3):
        entries = [ledger.debit(cash, "100.50"), ledger.credit(income, "100.50")]
        ledger.post(entries, on=MARCH.replace(month=3 + n), text=f"拨款{n}", actor=cast.alice, request=uuid.uuid4())
    both = [
        ledger.debit(income, "0.50"), ledger.credit(cash, "0.50"), ledger.debit(their, "0.50"),
        ledger.credit(fee, "0.50"),
    ]  # fmt: skip
    ledger.post(both, on=datetime.date(2026, 5, 20), text="转付", actor=cast.alice, request=uuid.uuid4())
    return cast


def test_who_sees_money(books: Cast) -> None:
    Hat.objects.create(membership=books.stella.membership, name="auditor", since=SINCE)
    sees = {
        "programme_officer": 0, "decision_maker": 0, "district_officer": 0, "centre_manager": 0, "partner": 0,
        "member_user": 2, "steward": 4,
    }  # fmt: skip
    for role, actor in books.everyone.items():
        answer = at(actor).get("/money/")
        assert answer.status_code == (200 if role in sees else 404), role
        assert at(actor).get("/money/journals/").status_code == answer.status_code
        if role in sees:
            assert answer.context["list"].total == sees[role], role
    for account in Account.objects.all():
        mine = account.owner == books.firm
        assert at(books.bob).get(f"/money/{account.pk}/").status_code == (200 if mine else 404)
        assert at(books.charlie).get(f"/money/{account.pk}/").status_code == (404 if mine else 200)
    assert at(books.alice).get("/money/99999/").status_code == 404
    assert Client().get("/money/").status_code == 302
    specialist = books.everyone["centre_specialist"]
    Hat.objects.create(membership=specialist.membership, name="finance", since=SINCE)
    assert at(specialist).get("/money/").status_code == 200


def test_a_statement_is_what_the_lines_say(books: Cast) -> None:
    client, cash = at(books.alice), Account.objects.get(owner=books.firm, purpose="cash")
    page = text(client, f"/money/{cash.pk}/?since=2026-04-01&until=2026-05-31")
    assert re.findall(r'<b class="num">([^<]+)', page) == ["100.50", "201.00", "0.50", "301.00"]
    rows = list(book(client, f"/money/{cash.pk}/?since=2026-04-01&until=2026-05-31&export=xlsx")["statement"].values)
    assert rows[0] == ("日期", "摘要", "凭证号", "借方", "贷方", "余额")
    assert [row[3:] for row in rows[1:]] == [(100.5, None, 201), (100.5, None, 301.5), (None, 0.5, 301)]
    running = Decimal("100.50")
    for row, line in zip(rows[1:], Line.objects.filter(account=cash, journal__on__gte="2026-04-01"), strict=True):
        running += line.amount
        assert Decimal(str(row[5])) == running
    about = [row[0] for row in book(client, f"/money/{cash.pk}/?since=2026-04-01&until=2026-05-31&export=xlsx")["about"]
             .iter_rows(values_only=True)]  # fmt: skip
    assert "2026-04-01 — 2026-05-31" in about and "期末余额: 301.00" in about
    for nonsense in ("since=x", "since=2026-02-30", "since=2026-05-01&until=2026-04-01", "until=99999-01-01"):
        assert client.get(f"/money/{cash.pk}/?{nonsense}").status_code == 200
    income = Account.objects.get(owner=books.firm, purpose="grant_income")
    shown = text(client, f"/money/{income.pk}/?since=2026-01-01&until=2026-12-31")
    assert re.findall(r'<b class="num">([^<]+)', shown)[-1] == "301.00"


def test_a_journal_shows_ones_own_lines_and_says_that_there_are_others(books: Cast) -> None:
    journal = Journal.objects.get(text="转付")
    mine, theirs = (
        text(at(books.alice), f"/money/journals/{journal.pk}/"),
        text(at(books.charlie), f"/money/journals/{journal.pk}/"),
    )
    assert "那些分录没有列出" in mine and "乙公司" not in mine
    assert "那些分录没有列出" in theirs and "甲公司" not in theirs.split("<tbody>")[1]
    own = Journal.objects.get(text="拨款0")
    assert "那些分录没有列出" not in text(at(books.alice), f"/money/journals/{own.pk}/")
    assert at(books.charlie).get(f"/money/journals/{own.pk}/").status_code == 404
    ledger.reverse(own, on=MARCH, reason="记错了", actor=books.alice, request=uuid.uuid4())
    assert "已冲销" in text(at(books.alice), f"/money/journals/{own.pk}/")
    listed = at(books.alice)
    totals = {each: listed.get(f"/money/journals/?standing={each}").context["list"].total for each in
              ("plain", "undone", "reversal")}  # fmt: skip
    assert totals == {"plain": 3, "undone": 1, "reversal": 1}
    assert listed.get("/money/journals/?since=2026-05-01&until=2026-05-31").context["list"].total == 2
    amounts = [row[3] for row in book(listed, "/money/journals/?sort=number&export=xlsx")["journals"].values][1:]
    assert amounts == [100.5, 100.5, 100.5, 0.5, 100.5]


def test_amounts_are_drawn_with_their_decimals_and_kept_exact() -> None:
    assert str(Amount(Decimal("-1234567.5"), 2)) == "−1,234,567.50" and str(Amount(Decimal(5), 0)) == "5"
    assert plain(Amount(Decimal("0.1"), 2)) == 0.1
    assert plain(Amount(Decimal("1234567890123.4567"), 4)) == "1234567890123.4567"


# -- facts ---------------------------------------------------------------------------------------------


def tell(cast: Cast, kind: Any, subject: str, by: Actor | None = None, **more: Any) -> Fact:
    who = by or cast.alice
    said: dict[str, Any] = {"on": MARCH, "actor": who, "request": uuid.uuid4(), **more}
    return register.tell(kind, Subject(min(kind.subjects), subject), who.organisation, **said)


@pytest.fixture
def facts(cast: Cast) -> Cast:
    """A deal that both firms claim with different values, people trained, a note, one withdrawn."""
    tell(cast, DEAL, "D-1", value="1000.50", currency_code="CNY", proof=PROOF)
    tell(cast, DEAL, "D-1", cast.charlie, value="999", currency_code="CNY", proof=PROOF)
    tell(cast, PEOPLE, "P-1", value=30)
    tell(cast, PEOPLE, "P-2", value=None, on=MARCH.replace(year=2025))
    tell(cast, NOTE, "D-1", text="=1+1")
    gone = tell(cast, SERVED, "F-9")
    register.withdraw(gone, reason="名称有误", actor=cast.alice, request=uuid.uuid4())
    return cast


def test_who_sees_facts(facts: Cast) -> None:
    Hat.objects.create(membership=facts.stella.membership, name="auditor", since=SINCE)
    sees = {
        "programme_officer": 6, "decision_maker": 6, "steward": 6, "district_officer": 0, "member_user": 5,
        "centre_manager": 0, "centre_specialist": 0, "partner": 0,
    }  # fmt: skip
    for role, actor in facts.everyone.items():
        answer = at(actor).get("/facts/")
        assert answer.status_code == (200 if role in sees else 404), role
        for path in ("/facts/counts/", "/facts/counted/"):
            assert at(actor).get(path).status_code == answer.status_code, (role, path)
        if role in sees:
            assert answer.context["list"].total == sees[role], role
    for fact in Fact.objects.all():
        mine = fact.organisation == facts.firm
        assert at(facts.bob).get(f"/facts/{fact.pk}/").status_code == (200 if mine else 404)
    assert Client().get("/facts/").status_code == 302


def test_what_was_withdrawn_is_shown_so(facts: Cast) -> None:
    client = at(facts.alice)
    assert "已撤回：名称有误" in text(client, "/facts/")
    assert client.get("/facts/?stands=no").context["list"].total == 1
    assert client.get("/facts/?year=2025").context["list"].total == 1
    assert client.get("/facts/?kind=test_deal&q=D-1").context["list"].total == 1
    gone = Fact.objects.get(kind="test_served")
    assert "名称有误" in text(client, f"/facts/{gone.pk}/")
    rows = list(book(client, "/facts/?sort=told&cols=told&cols=value&export=xlsx")["facts"].iter_rows())
    assert ("=1+1", "s") in [(row[1].value, row[1].data_type) for row in rows]
    unknown = Fact.objects.get(subject_id="P-2")
    assert 'class="unk"' in text(client, f"/facts/{unknown.pk}/")


def test_counts_lead_to_the_facts_that_they_count(facts: Cast) -> None:
    client = at(facts.olga)
    page = client.get("/facts/counts/?by=organisation")
    groups = {
        row.cells[0].value.text: (row.cells[1].value, row.cells[0].value.url) for row in page.context["list"].lines
    }
    assert {name: count for name, (count, _url) in groups.items()} == {"甲公司": "4", "乙公司": "1"}
    for count, url in groups.values():
        found = client.get(url)
        assert found.status_code == 200 and found.context["list"].total == int(count), url
    figures = {label: (number, url) for label, number, url in page.context["figures"]}
    assert [number for number, _url in figures.values()] == [4, 1, 1], "the total has the deal once"
    for number, url in figures.values():
        assert client.get(url).context["list"].total == number
    deals = book(client, "/facts/counts/?by=kind&kind=test_deal&export=xlsx")["counts"]
    assert list(deals.values)[1][:3] == ("成交", "1", 1000.5)
    for by in ("kind", "district", "track", "year", "quarter", "month", "case", "subject", "release", "nonsense"):
        answer = client.get(f"/facts/counts/?by={by}&since=2025-01-01&until=2026-12-31&kind=nonsense")
        assert answer.status_code == 200
        for row in answer.context["list"].lines:
            assert client.get(row.cells[0].value.url).context["list"].total == int(row.cells[1].value), by
    assert client.get("/facts/counted/?by=organisation&of=99999").status_code == 404
    assert at(facts.bob).get(f"/facts/counted/?by=organisation&of={facts.other.pk}").status_code == 404


def test_other_tellings_of_a_happening(facts: Cast) -> None:
    ours, theirs = Fact.objects.filter(kind="test_deal")
    assert f"/facts/{theirs.pk}/" in text(at(facts.olga), f"/facts/{ours.pk}/")
    assert f"/facts/{theirs.pk}/" not in text(at(facts.alice), f"/facts/{ours.pk}/")

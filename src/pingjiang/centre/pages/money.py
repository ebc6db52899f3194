"""Money as pages: accounts with their balances, an account's statement of a period, journals with their lines.

Who sees what, `money.access` alone says; of a journal the lines of unseen accounts stay unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.casework.models import Case
from pingjiang.centre.money import statements
from pingjiang.centre.money.access import may_see
from pingjiang.centre.money.chart import CHART, KINDS
from pingjiang.centre.money.currencies import CURRENCIES
from pingjiang.centre.money.models import Account, Journal, Line
from pingjiang.centre.money.statements import Statement
from pingjiang.centre.pages import period
from pingjiang.centre.pages.lists import Amount, Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.places import case_url
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named, said


def account_label(account: Account) -> str:
    """What an account is for, with the name that tells it from others."""
    words = said(CHART[account.purpose].words)
    return f"{words} · {account.name}" if account.name else words


def case_cell(actor: Actor, case: Case | None) -> Linked | None:
    """A case; it leads to its page where the actor sees it."""
    if case is None:
        return None
    seen = access.visible_to(actor, Case).filter(pk=case.pk).exists()
    return Linked(case.title if seen else case.number, case_url(case) if seen else None)


def _account_cell(account: Account) -> Linked:
    return Linked(account_label(account), reverse("account", args=[account.pk]))


def _balance(account: Account) -> Amount:
    return Amount(statements.shown(account, account.last), account.minor)  # type: ignore[attr-defined]


def _standing(account: Account) -> Marked:
    return Marked(_("在用"), "ok") if account.closed_at is None else Marked(_("已关闭"))


def _open(rows: QuerySet[Account], value: str) -> QuerySet[Account]:
    return rows.filter(closed_at__isnull=value == "yes")


_ACCOUNTS = [
    Column("account", gettext_lazy("账户"), _account_cell, sort="purpose", fixed=True),
    Column("owner", gettext_lazy("单位"), lambda row: named(row.owner), sort="owner__name_zh"),
    Column("kind", gettext_lazy("类别"), lambda row: said(KINDS[row.kind]), sort="kind"),
    Column("case", gettext_lazy("案件"), lambda row: row.case.number if row.case else None, sort="case__number"),
    Column("balance", gettext_lazy("余额"), _balance, number=True),
    Column("currency", gettext_lazy("币种"), lambda row: row.currency, sort="currency"),
    Column("standing", gettext_lazy("状态"), _standing),
    Column("opened", gettext_lazy("开立"), lambda row: row.opened_at, sort="opened_at", shown=False),
]


def _for_money(request: ActorRequest) -> Actor:
    if not may_see(request.actor):
        raise Http404
    return request.actor


@require_GET
@for_actor
def accounts(request: ActorRequest) -> HttpResponseBase:
    """Accounts and what is on them."""
    actor = _for_money(request)
    seen = access.visible_to(actor, Account).select_related("owner", "case")
    codes = sorted(set(access.visible_to(actor, Account).values_list("currency", flat=True)))
    listing = Listing(
        request, statements.with_balances(seen), _ACCOUNTS, name="accounts", order="account",
        filters=[
            Filter("kind", gettext_lazy("类别"), list(KINDS.items()), lambda rows, value: rows.filter(kind=value)),
            Filter("currency", gettext_lazy("币种"), [(code, code) for code in codes],
                   lambda rows, value: rows.filter(currency=value)),
            Filter("open", gettext_lazy("状态"), [("yes", gettext_lazy("在用")), ("no", gettext_lazy("已关闭"))],
                   _open),
        ],
        search=Search(
            gettext_lazy("单位、案件编号、户名"),
            lambda rows, words: rows.filter(
                Q(owner__name_zh__icontains=words) | Q(owner__name_en__icontains=words)
                | Q(case__number__icontains=words) | Q(name__icontains=words)
            ),
        ),
        empty=gettext_lazy("项目拨款、配套、收费开立账户后，列在这里。"),
    )  # fmt: skip
    return listing.answer("pages/money/accounts.html", {"title": _("账户与余额"), "tab": "accounts"})


def _credit(line: Line) -> Amount | None:
    return Amount(-line.amount, line.account.minor) if line.amount < 0 else None


def _debit(line: Line) -> Amount | None:
    return Amount(line.amount, line.account.minor) if line.amount > 0 else None


def _journal_cell(line: Line) -> Linked:
    return Linked(line.text or line.journal.text, reverse("journal", args=[line.journal_id]))


@dataclass(frozen=True)
class Term:
    """A term of the equation above a statement."""

    sign: str
    label: str
    amount: Amount
    result: bool = False


def _equation(found: Statement) -> list[Term]:
    """Opening ± debits ∓ credits = closing, in the direction in which the account grows."""
    minor, grows = found.account.minor, found.account.sign > 0
    return [
        Term("", _("期初余额"), Amount(found.opening, minor)),
        Term("＋" if grows else "−", _("借方"), Amount(found.debits, minor)),
        Term("−" if grows else "＋", _("贷方"), Amount(found.credits, minor)),
        Term("＝", _("期末余额"), Amount(found.closing, minor), result=True),
    ]


@require_GET
@for_actor
def account(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The statement of an account over a period: by default this year up to today."""
    actor = request.actor
    found = access.find(actor, Account, pk=pk)
    since, until = period.asked_or_year(request)
    statement = statements.statement(found, since, until)
    request.synthetic = found.synthetic
    label = f"{account_label(found)} · {named(found.owner)}"
    equation = _equation(statement)
    listing = Listing(
        request, statement.lines.select_related("account"),
        [
            Column("on", gettext_lazy("日期"), lambda line: line.journal.on, sort="journal__on", fixed=True),
            Column("text", gettext_lazy("摘要"), _journal_cell, fixed=True),
            Column("journal", gettext_lazy("凭证号"), lambda line: str(line.journal_id)),
            Column("debit", gettext_lazy("借方"), _debit, number=True),
            Column("credit", gettext_lazy("贷方"), _credit, number=True),
            Column("after", gettext_lazy("余额"), lambda line: Amount(statement.after(line), found.minor), number=True),
        ],
        name="statement", order="on", empty=gettext_lazy("本期没有发生额。"),
        synthetic_of=lambda line: found.synthetic, own=("since", "until"),
        notes=[label, found.currency, f"{since} — {until}", *(f"{term.label}: {term.amount}" for term in equation)],
    )  # fmt: skip
    context = {
        "title": _("对账单"), "account": found, "label": account_label(found), "equation": equation, "since": since,
        "until": until, "kind": said(KINDS[found.kind]), "currency": said(CURRENCIES[found.currency].words),
        "case": case_cell(actor, found.case), "standing": _standing(found),
    }  # fmt: skip
    return listing.answer("pages/money/account.html", context)


def _sum(journal: Journal) -> Amount | None:
    """Debits of the lines that are seen, where they are in one currency."""
    if journal.debits is None or journal.codes != 1:  # type: ignore[attr-defined]
        return None
    return Amount(journal.debits, CURRENCIES[journal.code].minor)  # type: ignore[attr-defined]


def _kind(journal: Journal) -> Marked | None:
    if journal.reverses_id is not None:
        return Marked(_("冲销凭证"), "warn")
    return Marked(_("已冲销"), "bad") if journal.undone else None  # type: ignore[attr-defined]


def _reversals(rows: QuerySet[Journal], value: str) -> QuerySet[Journal]:
    if value == "plain":
        return rows.filter(reverses__isnull=True, reversed_by__isnull=True)
    return rows.filter(**{"reverses__isnull" if value == "reversal" else "reversed_by__isnull": False})


_JOURNALS = [
    Column("text", gettext_lazy("摘要"), lambda row: Linked(row.text, reverse("journal", args=[row.pk])), sort="text",
           fixed=True),
    Column("number", gettext_lazy("凭证号"), lambda row: str(row.pk), sort="pk"),
    Column("on", gettext_lazy("日期"), lambda row: row.on, sort="on"),
    Column("amount", gettext_lazy("金额"), _sum, number=True),
    Column("currency", gettext_lazy("币种"), lambda row: row.code if row.codes == 1 else _("多币种")),
    Column("case", gettext_lazy("案件"), lambda row: row.case.number if row.case else None, sort="case__number"),
    Column("standing", gettext_lazy("冲销"), _kind),
    Column("written", gettext_lazy("记账"), lambda row: row.written_at, sort="written_at", shown=False),
]  # fmt: skip


@require_GET
@for_actor
def journals(request: ActorRequest) -> HttpResponseBase:
    """Journals with a line that the actor sees, the latest first."""
    actor = _for_money(request)
    lines, span = access.visible_to(actor, Line), period.asked(request)
    mine = Q(lines__in=lines)
    rows = access.visible_to(actor, Journal).select_related("case").annotate(
        debits=Sum("lines__amount", filter=mine & Q(lines__amount__gt=0)),
        codes=Count("lines__account__currency", filter=mine, distinct=True),
        code=Max("lines__account__currency", filter=mine), undone=Count("reversed_by"),
    )  # fmt: skip
    if span.since:
        rows = rows.filter(on__gte=span.since)
    if span.until:
        rows = rows.filter(on__lte=span.until)
    listing = Listing(
        request, rows, _JOURNALS, name="journals", order="-number",
        filters=[
            Filter(
                "standing", gettext_lazy("冲销"),
                [("plain", gettext_lazy("未冲销")), ("undone", gettext_lazy("已冲销")),
                 ("reversal", gettext_lazy("冲销凭证"))],
                _reversals,
            )
        ],
        search=Search(gettext_lazy("摘要"), lambda found, words: found.filter(text__icontains=words)),
        empty=gettext_lazy("记账之后，凭证列在这里。"), notes=[str(span)],
        own=("since", "until"),
        synthetic_of=lambda row: actor.organisation.synthetic or bool(row.case and row.case.synthetic),
    )  # fmt: skip
    context = {"title": _("凭证"), "tab": "journals", "since": span.since, "until": span.until}
    return listing.answer("pages/money/journals.html", context)


@dataclass(frozen=True)
class LineShown:
    """A line of a journal, drawn."""

    line: Line
    account: str
    url: str
    debit: Amount | None
    credit: Amount | None


@require_GET
@for_actor
def journal(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A journal: what it says, the lines that the actor sees, what it undoes or is undone by."""
    actor = request.actor
    found = access.find(actor, Journal, pk=pk)
    seen = access.visible_to(actor, Line).filter(journal=found).select_related("account__owner", "account__case")
    lines = list(seen.order_by("pk"))
    request.synthetic = any(line.account.synthetic for line in lines)
    totals: dict[str, Decimal] = {}
    for line in lines:
        totals[line.account.currency] = totals.get(line.account.currency, Decimal(0)) + max(line.amount, Decimal(0))
    back, partly = Journal.objects.filter(reverses=found).first(), len(lines) < found.lines.count()
    writer = found.written_by
    stranger = partly and writer is not None and writer.organisation != actor.organisation
    context = {
        "journal": found, "case": case_cell(actor, found.case), "back": back,
        "lines": [
            LineShown(line, account_label(line.account), reverse("account", args=[line.account_id]), _debit(line),
                      _credit(line))
            for line in lines
        ],
        "totals": [(code, Amount(total, CURRENCIES[code].minor)) for code, total in sorted(totals.items())],
        "partly": partly, "writer": None if stranger else writer, "stranger": stranger,
        "standing": Marked(_("冲销凭证"), "warn") if found.reverses_id
        else Marked(_("已冲销"), "bad") if back else Marked(_("已记账"), "ok"),
    }  # fmt: skip
    return render(request, "pages/money/journal.html", context)

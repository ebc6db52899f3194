"""The letter to an applicant once the list is final: what was decided, why, on which conditions, what comes next."""

from __future__ import annotations

from django.utils import timezone

from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.deciding import sums
from pingjiang.centre.programme.models import Verdict
from pingjiang.centre.programme.models.decisions import AMEND, APPROVE, DEFER, GIVES, REJECT
from pingjiang.centre.programme.papers.decisions import day_of, title_of, word
from pingjiang.centre.programme.rulepack import pack_at

LABELS: dict[str, tuple[str, str]] = {
    APPROVE: ("立项通知书", "Letter of approval"), AMEND: ("立项通知书", "Letter of approval"),
    DEFER: ("缓议通知书", "Letter of deferral"), REJECT: ("不予支持通知书", "Letter of refusal"),
}  # fmt: skip


def letter(verdict: Verdict) -> Said:
    """What a final decision says to who applied."""
    case, decision = verdict.item.application.case, verdict.item.decision
    kind = APPROVE if verdict.kind in GIVES else verdict.kind
    head = word(
        f"outcome_{kind}", title=case.title, number=case.number, call=title_of(decision),
        day=day_of(verdict.session.held_on),
    )  # fmt: skip
    body: list[Block] = [Paragraph(head), *(_approved(verdict) if verdict.kind in GIVES else _reasons(verdict))]
    if verdict.kind == DEFER:
        body += [Heading(word("next")), Paragraph(word("next_deferred"))]
    elif verdict.kind != APPROVE:
        body += [Heading(word("remedies")), Paragraph(_remedies(verdict))]
    issuer = decision.case.owner.name_zh
    return Said(
        issuer, LABELS[verdict.kind][0], tuple(body), issuer, timezone.localdate(), addressee=case.owner.name_zh,
        synthetic=case.synthetic,
    )  # fmt: skip


def _approved(verdict: Verdict) -> list[Block]:
    """The money, the conditions, what comes next."""
    item = verdict.item
    heads = (word("asked"), word("given_here"), word("matched"))
    row = (sums.wan(item.asked), sums.wan(verdict.amount), sums.wan(item.match))
    less = verdict.kind == AMEND
    conditions = [*paragraphs(verdict.conditions)] or [Paragraph(word("no_conditions"))]
    return [
        Heading(word("money_of")), Table(heads, (row,)), *(_reasons(verdict) if less else []),
        Heading(word("conditions")), *conditions, *([Paragraph(word("less"))] if less else []),
        Heading(word("next")), Paragraph(word("next_approved")),
    ]  # fmt: skip


def _reasons(verdict: Verdict) -> list[Block]:
    return [Heading(word("reason")), *paragraphs(verdict.reason)]


def _remedies(verdict: Verdict) -> str:
    """How to have it looked at again: in days and clauses of the law, as the pack holds them."""
    decision = verdict.item.decision
    pack = pack_at(decision.pack, decision.pack_version)
    review, suit = pack.parameter("review_days"), pack.parameter("suit_months")
    return word(
        "how_to_appeal", issuer=decision.case.owner.name_zh, days=str(review.value), review=review.clause,
        months=str(suit.value), suit=suit.clause,
    )  # fmt: skip

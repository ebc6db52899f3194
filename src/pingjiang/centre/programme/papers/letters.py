"""Letters of the formal check: what is to be corrected, and what was decided."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence

from django.utils import timezone

from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content.hashing import grouped
from pingjiang.centre.programme.models import Application, Waiver
from pingjiang.centre.programme.papers.words import word, words

_AGAINST = ("fail", "waivable", "unknown")


def correction_letter(application: Application, reasons: str, due: datetime.date | None) -> Said:
    """What is to be corrected, and until when."""
    case = application.case
    until = "" if due is None else word("corrected_until", year=due.year, month=due.month, day=due.day)
    body: list[Block] = [
        Paragraph(word("to_correct", title=case.title, number=case.number)),
        *paragraphs(reasons),
        *_not_in_order(application),
        Paragraph(until + word("once")),
    ]  # fmt: skip
    return _letter(application, word("correction"), body)


def decision_letter(application: Application, reasons: str, *, accepted: bool) -> Said:
    """Whether it is accepted, with what the rules said of it, clause by clause; where it is not, what is against it."""
    case = application.case
    said = word("accepted" if accepted else "not_accepted", title=case.title, number=case.number)
    body: list[Block] = [Paragraph(said)]
    if reasons.strip():
        body += [Heading(word("view" if accepted else "reason")), *paragraphs(reasons)]
    body += _not_in_order(application)
    run = application.checks.select_related("version").first()
    if run is not None:
        rows = [row for row in json.loads(run.outcomes)["outcomes"] if accepted or row["status"] in _AGAINST]
        body += [Heading(word("rules" if accepted else "rules_against")), _outcomes(rows)] if rows else []
        if run.version is not None:
            body.append(
                Paragraph(word("checked_version", version=run.version.number, hash=grouped(run.version.content_hash)))
            )
    body += _waivers(application)
    return _letter(application, word("acceptance" if accepted else "non_acceptance"), body)


def _not_in_order(application: Application) -> list[Block]:
    """What the officer found not in order in the version at hand, each with its reason."""
    version = application.versions.first()
    items = checklist(application, version) if version is not None else []
    rows = tuple(
        (item.label[0], item.clause or "—", item.answer.reason)
        for item in items
        if item.answer is not None and not item.answer.holds
    )
    return (
        [Heading(word("not_in_order")), Table(words("item", "clause", "reason"), rows, (2.4, 1.2, 3.4))] if rows else []
    )


def _outcomes(outcomes: Sequence[Mapping[str, str]]) -> Table:
    rows = tuple(
        (row["clause"], row["label_zh"], word(f"status_{row['status']}"), row["message_zh"]) for row in outcomes
    )
    return Table(words("clause", "condition", "finding", "remark"), rows, (1.2, 2, 1.2, 2.8))


def _waivers(application: Application) -> list[Block]:
    found = Waiver.objects.filter(application=application, approval__isnull=False).select_related("approval__by__user")
    lines: list[Block] = [Paragraph(_waiver(row)) for row in found]
    return [Heading(word("waivers")), *lines] if lines else []


def _waiver(row: Waiver) -> str:
    on = timezone.localdate(row.approval.at)
    return word("waiver", rule=row.rule, reason=row.reason, who=row.approval.by.user.name, on=on)


def _letter(application: Application, title: str, body: list[Block]) -> Said:
    case = application.case
    issuer = case.authority.name_zh if case.authority is not None else case.owner.name_zh
    return Said(
        issuer, title, tuple(body), issuer, timezone.localdate(), addressee=case.owner.name_zh, synthetic=case.synthetic
    )

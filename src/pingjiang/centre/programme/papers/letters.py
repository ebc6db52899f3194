"""Letters of the formal check: what is to be corrected, and what was decided."""

from __future__ import annotations

import datetime
import json

from django.utils import timezone

from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.content.hashing import grouped
from pingjiang.centre.programme.models import Application, CheckRun, Waiver

_STATUS = {
    "pass": "符合", "fail": "不符合", "waivable": "原则性要求，未达到", "waived": "原则性要求，已批准放宽",
    "expert": "由专家评判", "unknown": "数据不足",
}  # fmt: skip


def correction_letter(application: Application, reasons: str, due: datetime.date | None) -> Said:
    """What is to be corrected, and until when."""
    case = application.case
    until = "" if due is None else f"请于{due.year}年{due.month}月{due.day}日前补正并经所在区县重新盖章后报送。"
    body: list[Block] = [
        Paragraph(f"你单位申报的“{case.title}”（编号 {case.number}）经形式审查，需要补正以下内容："),
        *paragraphs(reasons),
        Paragraph(f"{until}补正以一次为限，逾期未报送的，申报终止。"),
    ]  # fmt: skip
    return _letter(application, "补正通知书", body)


def decision_letter(application: Application, reasons: str, *, accepted: bool) -> Said:
    """Whether it is accepted, with what the rules said of it, clause by clause."""
    case = application.case
    said = "形式审查合格，予以受理，转入专家评审。" if accepted else "形式审查不合格，不予受理。"
    body: list[Block] = [Paragraph(f"你单位申报的“{case.title}”（编号 {case.number}）{said}")]
    if reasons.strip():
        body += [Heading("意见" if accepted else "理由"), *paragraphs(reasons)]
    run = application.checks.select_related("version").first()
    if run is not None:
        body += [Heading("条件核对"), _outcomes(run)]
        if run.version is not None:
            body.append(
                Paragraph(f"核对所据版本：第 {run.version.number} 版，内容哈希 {grouped(run.version.content_hash)}。")
            )
    body += _waivers(application)
    return _letter(application, "受理通知书" if accepted else "不予受理通知书", body)


def _outcomes(run: CheckRun) -> Table:
    rows = tuple(
        (row["clause"], row["label_zh"], _STATUS[row["status"]], row["message_zh"])
        for row in json.loads(run.outcomes)["outcomes"]
    )
    return Table(("条款", "条件", "结论", "说明"), rows, (1, 2, 1.2, 2.8))


def _waivers(application: Application) -> list[Block]:
    found = Waiver.objects.filter(application=application, approval__isnull=False).select_related("approval__by__user")
    lines: list[Block] = [
        Paragraph(f"{row.rule}：{row.reason}（批准人 {row.approval.by.user.name}，{row.approval.at:%Y-%m-%d}）")
        for row in found
    ]
    return [Heading("批准放宽的条件"), *lines] if lines else []


def _letter(application: Application, title: str, body: list[Block]) -> Said:
    case = application.case
    issuer = case.authority.name_zh if case.authority is not None else case.owner.name_zh
    return Said(
        issuer, title, tuple(body), issuer, timezone.localdate(), addressee=case.owner.name_zh, synthetic=case.synthetic
    )

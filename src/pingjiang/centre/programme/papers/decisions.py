"""Papers of a decision: the pack for the meeting, what it decided, the public notice, the final list, replies."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.deciding import sums
from pingjiang.centre.programme.models import Decision, DecisionItem, Objection, Verdict
from pingjiang.centre.programme.models.decisions import GIVES, REMEDIES, VERDICTS, recused
from pingjiang.centre.programme.rulepack import pack_at

PROPOSED = {"approve": "支持", "amend": "调整后支持", "defer": "缓议", "reject": "不予支持"}
STANDINGS = {"in": "稳入", "borderline": "临界", "out": "稳出", "": "—"}


def pack_paper(decision: Decision) -> Said:
    """All that the meeting is shown: money, ranked items with proposal and reason, stability, exclusions."""
    items = sums.standing(decision)
    body: list[Block] = [
        *_ground(decision), Heading("经费与名额"), _money(decision, [sums.proposed(item) for item in items]),
        Heading("逐项拟办"), _pack_rows(items), Heading("拟办理由"), *_reasons(items), Heading("评审结果的稳定性"),
        *_stability(decision, items), Heading("回避与冲突"), *_exclusions(decision),
    ]  # fmt: skip
    return _said(decision, "审定包", body, note="供会议审定，不对外公布")


def result_paper(decision: Decision, verdicts: Sequence[Verdict]) -> Said:
    """What the meeting decided, item by item, with who was there and who was recused."""
    session = verdicts[0].session
    members = "、".join(name for name in session.present.splitlines() if name.strip())
    body: list[Block] = [
        Paragraph(
            f"{_day(session.held_on)}，局党组会议（{session.minutes_number}）审定了{_title(decision)}，决定如下。"
        ),
        Heading("逐项决定"), _verdict_rows(verdicts), Heading("经费与名额"),
        _money(decision, [each.amount for each in verdicts]), Heading("到会与回避"),
        Paragraph(f"到会成员：{members}。"),
        *_recusals(decision, recused(session.recusals)),
    ]  # fmt: skip
    return _said(decision, "审定结果", body, note="供公示和印发名单之用")


def notice_paper(decision: Decision, verdicts: Sequence[Verdict]) -> Said:
    """The public notice: names, amounts as decided, days, how to object."""
    first, until = decision.notice_from, decision.notice_until
    if first is None or until is None:
        raise ValueError("a notice has its days")
    session = verdicts[0].session
    body: list[Block] = [
        Paragraph(
            f"根据{_policy(decision)}，经公开申报、当地政府（管委会）推荐、形式审查、专家评审，"
            f"{_day(session.held_on)}局党组会议审定，现将{_title(decision)}拟支持项目予以公示。"
        ),
        Heading("拟支持项目"), *_listed(verdicts), Heading("公示时间"),
        Paragraph(f"自{_day(first)}起，公示 {decision.notice_days} 个工作日，至{_day(until)}止。"), Heading("异议"),
        Paragraph(
            "任何单位或个人对公示内容有异议的，可在公示期内实名提出：登录本平台在线提出，或提交有签名（盖章）、"
            "联系方式和事实依据的书面材料。匿名或逾期的，不予受理。"
        ),
    ]  # fmt: skip
    if decision.call.contact:
        body.append(Paragraph(f"受理方式：{decision.call.contact}。"))
    return _said(decision, "公示", body, note="此件公开发布")


def final_paper(decision: Decision, verdicts: Sequence[Verdict]) -> Said:
    """The final list."""
    body: list[Block] = [
        Paragraph(f"{_title(decision)}拟支持项目公示期满，异议已全部办结。现将支持项目印发如下。"),
        Heading("支持项目"), *_listed(verdicts), Heading("其他"),
        Paragraph("请项目单位按通知要求签订任务书，当地政府（管委会）落实配套经费。"),
    ]  # fmt: skip
    return _said(decision, "支持项目名单", body, note="此件公开发布")


def reply_letter(objection: Objection, reasons: str, *, upheld: bool) -> Said:
    """What became of an objection, to who signed it."""
    case, item = objection.case, objection.item
    body: list[Block] = [
        Paragraph(
            f"你方{_day(objection.received_on)}对“{item.application.case.title}”提出的异议（编号 {case.number}），"
            f"经核查，{'成立' if upheld else '不成立'}。"
        ),
        Heading("理由"), *paragraphs(reasons),
    ]  # fmt: skip
    if upheld:
        body += [Heading("处理"), Paragraph(f"{REMEDIES[objection.remedy][0]}，由局党组会议复议后重新公示。")]
    issuer = objection.decision.case.owner.name_zh
    to = "".join(part for part in (objection.organisation, objection.signed_by))
    return Said(
        issuer, "公示异议答复函", tuple(body), issuer, timezone.localdate(), addressee=to, synthetic=case.synthetic
    )


# ── parts


def _said(decision: Decision, what: str, body: Sequence[Block], *, note: str) -> Said:
    case = decision.case
    return Said(
        case.owner.name_zh, f"{_title(decision)}{what}", tuple(body), case.owner.name_zh, timezone.localdate(),
        number="" if note.startswith("此件") else case.number, note=note, synthetic=case.synthetic,
    )  # fmt: skip


def _title(decision: Decision) -> str:
    again = f"（第 {decision.round} 次）" if decision.round > 1 else ""
    return f"{decision.call.case.title}{TRACKS[decision.case.track][0]}{again}"


def _policy(decision: Decision) -> str:
    pack = pack_at(decision.pack, decision.pack_version)
    return f"{pack.number}《{pack.zh}》"


def _day(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _ground(decision: Decision) -> list[Block]:
    kept = json.loads(decision.results)
    locked = datetime.date.fromisoformat(kept["locked_on"])
    return [
        Paragraph(
            f"本包依据{_policy(decision)}（规则包第 {decision.pack_version} 版）和{_day(locked)}封存的专家评分"
            f"（{kept['experts']} 位专家）编制，评审结果摘要 {decision.results_digest[:16]}。"
        ),
    ]  # fmt: skip


def _money(decision: Decision, amounts: Sequence[Any]) -> Table:
    room = sums.room(decision)
    given, count = sums.total(amounts)
    rows = (
        ("经费（万元）", sums.wan(room.budget), sums.wan(given), sums.wan(room.budget - given)),
        ("名额（项）", str(room.places), str(count), str(room.places - count)),
    )
    return Table(("", "可用", "本次", "余"), rows, (1.2, 1, 1, 1))


def _pack_rows(items: Sequence[DecisionItem]) -> Table:
    rows = []
    for item in items:
        found = json.loads(item.result)
        chance = "—" if found["probability"] is None else f"{found['probability']}%"
        rows.append((
            str(item.position), f"{item.application.case.title}（{item.application.case.owner.name_zh}）",
            found["trimmed"] or "—", chance, sums.wan(item.asked), sums.wan(item.match),
            PROPOSED.get(item.proposal, "—"), sums.wan(sums.proposed(item)),
        ))  # fmt: skip
    header = ("序", "项目（单位）", "得分", "入选概率", "申请", "配套", "拟办", "拟支持")
    return Table(header, tuple(rows), (0.5, 3, 0.9, 1.1, 1, 1, 1.1, 1))


def _reasons(items: Sequence[DecisionItem]) -> list[Block]:
    return [Paragraph(f"{item.position}. {item.application.case.title}：{item.proposed_reason}") for item in items]


def _stability(decision: Decision, items: Sequence[DecisionItem]) -> list[Block]:
    kept = json.loads(decision.results)
    rows = []
    for item in items:
        found = json.loads(item.result)
        low_high = found["ranks"]
        told = "—" if not low_high else str(low_high[0]) if low_high[0] == low_high[1] else "–".join(map(str, low_high))
        rows.append((
            str(item.position), item.application.case.title, found["mean"] or "—", told, str(found["valid"]),
            STANDINGS[found["standing"]], "是" if found["discuss"] else "否",
        ))  # fmt: skip
    header = ("序", "项目", "均值", "各法名次", "有效评分", "判断", "分歧较大")
    return [
        Table(header, tuple(rows), (0.5, 3, 0.9, 1, 1, 0.9, 1)),
        Paragraph(f"入选概率：专家重抽 {kept['draws']} 次，种子 {kept['seed']}。系统只作计算，不代为取舍。"),
    ]  # fmt: skip


def _exclusions(decision: Decision) -> list[Block]:
    rows = json.loads(decision.results)["exclusions"]
    if not rows:
        return [Paragraph("专家库中未检出与本次申报有利害关系的专家。")]
    table = tuple((row["expert"], row["application"], row["reason"]) for row in rows)
    return [Table(("专家", "回避项目", "理由"), table, (1, 2, 2))]


def _verdict_rows(verdicts: Sequence[Verdict]) -> Table:
    rows = tuple(
        (
            str(each.item.position), each.item.application.case.title, each.item.application.case.owner.name_zh,
            VERDICTS[each.kind][0], sums.wan(each.amount), each.reason,
        )
        for each in verdicts
    )  # fmt: skip
    return Table(("序", "项目", "单位", "决定", "万元", "理由"), rows, (0.5, 2.2, 1.8, 0.8, 1, 2))


def _recusals(decision: Decision, rows: Sequence[dict[str, Any]]) -> list[Block]:
    if not rows:
        return [Paragraph("无成员需要回避。")]
    names = {item.pk: f"第 {item.position} 项 {item.application.case.title}" for item in decision.items.all()}
    table = tuple((row["member"], names.get(row["item"], ""), row["reason"]) for row in rows)
    return [Table(("回避成员", "项目", "理由"), table, (1, 2.4, 2))]


def _listed(verdicts: Sequence[Verdict]) -> list[Block]:
    rows = tuple(
        (
            str(number), each.item.application.case.title, each.item.application.case.owner.name_zh,
            each.item.application.district.name_zh, sums.wan(each.amount),
        )
        for number, each in enumerate((each for each in verdicts if each.kind in GIVES), start=1)
    )  # fmt: skip
    if not rows:
        return [Paragraph("本次无拟支持项目。")]
    return [Table(("序", "项目", "承担单位", "所在区县", "支持经费（万元）"), rows, (0.5, 2.6, 2.2, 1.1, 1.3))]

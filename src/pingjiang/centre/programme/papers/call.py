"""A call as an official paper."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.models import Call
from pingjiang.centre.programme.rulepack import pack_of

_TEN_THOUSAND = Decimal(10_000)


def call_paper(call: Call) -> Said:
    """What the call says: its guide, its tracks, its times, what is to be handed in. Signed today."""
    case = call.case
    body: list[Block] = [
        *paragraphs(call.guide),
        Heading("申报类别与资金"),
        _tracks(call),
        Heading("时间"),
        *_times(call),
    ]
    if call.materials:
        body += [Heading("另需材料"), *(Paragraph(line) for line in _materials(call))]
    if call.contact:
        body += [Heading("联系方式"), Paragraph(call.contact)]
    return Said(
        case.owner.name_zh, case.title, tuple(body), case.owner.name_zh, timezone.localdate(),
        number=call.document_number, addressee="各区县、各有关单位", note="此件公开发布", synthetic=case.synthetic,
    )  # fmt: skip


def _tracks(call: Call) -> Table:
    rows = tuple(
        (
            TRACKS[row.track][0], f"{row.budget / _TEN_THOUSAND:,.2f}", str(row.places),
            "不限" if row.district_quota is None else str(row.district_quota),
            f"{pack_of(row).number}（第 {row.pack_version} 版）",
        )
        for row in call.tracks.all()
    )  # fmt: skip
    return Table(("类别", "资金（万元）", "名额", "每区县限推荐", "规则包"), rows, (1, 1.3, 0.8, 1.2, 2))


def _times(call: Call) -> list[Paragraph]:
    times = (("开始申报", call.opens_at), ("申报截止", call.closes_at), ("区县推荐截止", call.seals_until))
    return [Paragraph(f"{label}：{moment_in_words(moment)}。") for label, moment in times if moment is not None]


def moment_in_words(moment: datetime.datetime) -> str:
    """A moment as papers write it, to the second, in the time of the place."""
    there = timezone.localtime(moment)
    return f"{there.year}年{there.month}月{there.day}日{there:%H:%M:%S}（北京时间，以服务器时间为准）"


def _materials(call: Call) -> list[str]:
    return [
        f"{number}. {row['label']}{'' if row['required'] else '（可不交）'}"
        for number, row in enumerate(call.materials, start=1)
    ]

"""What is sent from the pages of a decision: entries by item, the meeting, an objection."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.documents.shelf import SUFFIXES
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.content.numbers import Untyped, amount_of
from pingjiang.centre.programme.forms.calls import WAN
from pingjiang.centre.programme.models import Decision, DecisionItem
from pingjiang.centre.programme.models.decisions import VERDICTS
from pingjiang.centre.programme.services.decisions import Entry, Meeting, Recusal, recusals_of

REASON = 300
ROOM = 2  # recusals that may be added at once


@dataclass
class Sent:
    """What was sent: entries by item; and what of it is no value."""

    entries: dict[int, Entry] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def entries_of(post: Mapping[str, str], items: Sequence[DecisionItem]) -> Sent:
    """Entries of the items that were sent. An amount is in ten thousand yuan; one that is none is told."""
    found = Sent()
    for item in items:
        if f"reason-{item.pk}" not in post:
            continue
        kind, reason = post.get(f"kind-{item.pk}", ""), post.get(f"reason-{item.pk}", "")
        amount: Decimal | None = None
        try:
            amount = amount_of(post.get(f"amount-{item.pk}", ""))
        except Untyped as error:
            found.wrong.append(f"{item.position} {item.application.case.title}: {said(error.words)}")
        if len(reason) > REASON:
            over = {"n": item.position, "limit": REASON, "over": len(reason) - REASON}
            found.wrong.append(gettext("第 %(n)s 项理由超过 %(limit)s 字，多出 %(over)s 字") % over)
        kind = kind if kind in VERDICTS else ""
        conditions = post.get(f"conditions-{item.pk}", "")[:REASON]
        found.entries[item.pk] = Entry(kind, None if amount is None else amount * WAN, reason, conditions)
    return found


def left_out_of(post: Mapping[str, str]) -> dict[int, str]:
    """Application → why it is not in the pack, of those that were sent."""
    sent = {name.removeprefix("left-"): text for name, text in post.items() if name.startswith("left-")}
    return {int(pk): text[:REASON] for pk, text in sent.items() if pk.isdecimal() and len(pk) < 19}


def meeting_of(post: Mapping[str, str], found: Decision) -> tuple[Meeting, list[str]]:
    """The meeting as it was sent, or as it stands where it was not; and what of it is no value. Rows of recusals
    without a name are left out."""
    wrong: list[str] = []
    if "minutes_number" not in post:
        return Meeting(found.held_on, found.minutes_number, found.present, tuple(recusals_of(found))), wrong
    held_on: datetime.date | None = None
    if post.get("held_on"):
        try:
            held_on = datetime.date.fromisoformat(post["held_on"])
        except ValueError:
            wrong.append(gettext("会议日期须为 2026-01-15 这样的日期"))
    rows: list[Recusal] = []
    number = 0
    while f"member-{number}" in post:
        member, item = post[f"member-{number}"].strip(), post.get(f"item-{number}", "")
        if member:
            if item.isdecimal():
                rows.append(Recusal(member[:60], int(item), post.get(f"why-{number}", "")[:REASON]))
            else:
                wrong.append(gettext("%(member)s 的回避须选定项目") % {"member": member})
        number += 1
    number_of = post.get("minutes_number", "")[:60]
    return Meeting(held_on, number_of, post.get("present", "")[:1000], tuple(rows)), wrong


class ObjectionForm(forms.Form):
    """An objection to one item of a notice, with a name."""

    item = forms.TypedChoiceField(label=_("异议项目"), coerce=int)
    signed_by = forms.CharField(label=_("实名署名"), max_length=60)
    contact = forms.CharField(label=_("联系方式"), max_length=120, help_text=_("只供核查联系，不公开"))
    text = forms.CharField(
        label=_("异议事实与理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )  # fmt: skip
    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, items: Sequence[DecisionItem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (each.pk, f"{each.application.case.title}（{each.application.case.owner.name_zh}）") for each in items
        ]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]


class PaperForm(ObjectionForm):
    """One that came on paper: whose, and its scan."""

    organisation = forms.CharField(label=_("异议单位"), max_length=120, required=False)
    file = forms.FileField(
        label=_("异议材料扫描件"), widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)})
    )
    field_order = ("item", "organisation", "signed_by", "contact", "text", "file")

"""The decision on a track of a call: its items with proposal and entry, each session of the bureau, what was decided.

Money is in yuan. What is proposed and entered is changed while the pack lies with who may; what a session decided is
written once, by the move that decides.
"""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import Case, WrittenOnce
from pingjiang.centre.programme.models.applications import Application, ApplicationVersion
from pingjiang.centre.programme.models.calls import Call

APPROVE, AMEND, DEFER, REJECT = "approve", "amend", "defer", "reject"
VERDICTS: dict[str, tuple[str, str]] = {
    APPROVE: ("同意", "Approve"), AMEND: ("调整", "Amend"), DEFER: ("缓议", "Defer"), REJECT: ("不予", "Reject"),
}  # fmt: skip
GIVES = frozenset({APPROVE, AMEND})
_KINDS = [(name, words[0]) for name, words in VERDICTS.items()]


def _known(field: str, *, blank: bool = True) -> Q:
    return Q(**{f"{field}__in": ["", *VERDICTS] if blank else list(VERDICTS)})


def recused(text: str) -> list[dict[str, Any]]:
    """Recusals as they are kept: rows of member, item (its id), reason."""
    rows: list[dict[str, Any]] = json.loads(text).get("rows", [])
    return rows


class Decision(models.Model):
    """A pack for the bureau's meeting. `round`: the n-th of its call and track.

    `results` is canonical JSON of what was taken from the locked panels beside the rows, `results_digest` their digest;
    `ranked_by` the method that was chosen to order the rows, with its reason; '' for the pack's own. The meeting is
    what is being entered; what a session was is a Session.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=40)
    results = models.TextField(default="{}")
    results_digest = models.CharField(max_length=64)
    ranked_by = models.CharField(max_length=10, blank=True)
    ranking_reason = models.CharField(max_length=300, blank=True)
    held_on = models.DateField(_("会议日期"), null=True, blank=True)
    minutes_number = models.CharField(_("纪要号"), max_length=60, blank=True)
    present = models.TextField(_("到会成员"), max_length=1000, blank=True)  # a name a line
    recusals = models.TextField(default="{}")  # canonical JSON: rows of member, item, reason
    notice_days = models.PositiveSmallIntegerField(null=True, editable=False)
    notice_from = models.DateField(null=True, editable=False)
    notice_until = models.DateField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(notice_from__isnull=True, notice_until__isnull=True)
                | Q(notice_from__lt=models.F("notice_until")),
                name="decision_notice_has_days",
            ),
        ]

    def __str__(self) -> str:
        return self.case.title

    @property
    def members(self) -> list[str]:
        """Who was there, by name."""
        return [line.strip() for line in self.present.splitlines() if line.strip()]

    def takes_objections(self, today: datetime.date) -> bool:
        """Whether objections are taken on a day: from that of the notice to the end of the last working day."""
        first, last = self.notice_from, self.notice_until
        return self.case.state == "publicity" and first is not None and last is not None and first <= today <= last


class DecisionItem(models.Model):
    """An application in a pack: what the experts' results say of it, what the office proposes, what is entered."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decision_items")
    version = models.ForeignKey(ApplicationVersion, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    result = models.TextField(default="{}")  # canonical JSON of a row of the results
    asked = models.DecimalField(max_digits=14, decimal_places=2)
    match = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    proposal = models.CharField(max_length=10, blank=True, choices=_KINDS)
    proposed_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal("0.01"))]
    )
    proposed_reason = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(max_length=10, blank=True, choices=_KINDS)
    amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal("0.01"))]
    )
    reason = models.CharField(max_length=300, blank=True)
    conditions = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "application"], name="decision_item_once"),
            models.CheckConstraint(condition=_known("proposal"), name="decision_proposal_known"),
            models.CheckConstraint(condition=_known("verdict"), name="decision_entry_known"),
            models.CheckConstraint(condition=Q(asked__gt=0), name="decision_item_asks"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.application}"


class Session(WrittenOnce):
    """A meeting that decided a pack: minutes, who was there, who was recused from what."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    minutes_number = models.CharField(max_length=60)
    present = models.TextField()
    recusals = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "number"], name="session_once"),
        ]

    def __str__(self) -> str:
        return self.minutes_number


class Verdict(WrittenOnce):
    """What a session decided of an item. `amount` is what is given, None where nothing is."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="verdicts")
    item = models.ForeignKey(DecisionItem, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(max_length=10, choices=_KINDS)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.CharField(max_length=300)
    conditions = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "item"], name="verdict_once"),
            models.CheckConstraint(condition=_known("kind", blank=False), name="verdict_known"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(GIVES), amount__gt=0) | Q(kind__in=[DEFER, REJECT], amount__isnull=True),
                name="verdict_gives_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {VERDICTS[self.kind][0]}"


class LeftOut(models.Model):
    """An application of the track that waits still and is not in a pack, for this reason: another pack may follow."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="left_out")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["application__case__number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["decision", "application"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} · {self.application_id}"


class RecalledNotice(WrittenOnce):
    """A public notice that holds no more: its days, and the session whose list it showed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="recalled_notices")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    notice_from = models.DateField()
    notice_until = models.DateField()
    on = models.DateField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.decision} · {self.notice_from}"


STRIKE, BACK = "strike", "back"
REMEDIES: dict[str, tuple[str, str]] = {
    STRIKE: ("取消拟支持资格", "Strike it from the list"), BACK: ("退回重新评审", "Send it back to review"),
}  # fmt: skip


class Objection(models.Model):
    """A signed objection to an item of a public notice. `on_paper` where the officer entered one that came on paper.

    `remedy` is set where it is upheld: what the next decision does with the item.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="objection")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="objections")
    item = models.ForeignKey(DecisionItem, on_delete=models.PROTECT, related_name="objections")
    signed_by = models.CharField(_("署名"), max_length=60)
    organisation = models.CharField(_("单位"), max_length=120, blank=True)
    contact = models.CharField(_("联系方式"), max_length=120)
    text = models.TextField(_("异议事实与理由"), max_length=4000)
    on_paper = models.BooleanField(default=False)
    received_on = models.DateField()
    accepted_on = models.DateField(null=True, editable=False)
    remedy = models.CharField(max_length=10, blank=True, choices=[(n, w[0]) for n, w in REMEDIES.items()])

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(remedy__in=["", *REMEDIES]), name="objection_remedy_known"),
        ]

    def __str__(self) -> str:
        return self.case.title


class Finding(WrittenOnce):
    """A line of the record of how an objection was handled."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="findings")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]

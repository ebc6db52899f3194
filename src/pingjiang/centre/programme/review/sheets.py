"""The criteria sheet of a panel, and what experts write into it: sealed from the first save until all have locked.

A sheet lies in the database as a Fernet token, its key following from the site's secret and the review. It is opened
in two places: for the expert who writes it (`own`), and when its panel locks (`opened`). No third place exists: what
an officer, an auditor, the API, an export or a backup can reach is the token.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pingjiang.centre.accounts import sealing
from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework.history import canonical
from pingjiang.centre.casework.workflow import Label, Refused
from pingjiang.centre.programme.content.hashing import digest
from pingjiang.centre.programme.models import Application, Panel, Review, Sheet
from pingjiang.centre.programme.rulepack import pack_at
from pingjiang.errors import PingjiangError
from pingjiang.rulebook.policies import Criterion, Pack, sheet_faults
from pingjiang.rulebook.policies import Sheet as Criteria
from pingjiang.rulebook.policies.tracks import on_track

LONGEST = 2000  # characters of a comment


@dataclass(frozen=True)
class Written:
    """What stands on a sheet: marks and comments by criterion, and what is said of all. Marks in steps of the sheet."""

    marks: Mapping[str, Decimal] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    overall: str = ""

    def told(self) -> dict[str, Any]:
        """As plain texts."""
        return {
            "marks": {name: f"{mark.normalize():f}" for name, mark in self.marks.items()},
            "comments": {name: text for name, text in self.comments.items() if text}, "overall": self.overall,
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Written:
        """From plain texts."""
        marks = {name: Decimal(mark) for name, mark in told["marks"].items()}
        return cls(marks, dict(told["comments"]), told["overall"])


def pack_of(panel: Panel) -> Pack:
    """The pack of a panel, at the version of its call."""
    return pack_at(panel.pack, panel.pack_version)


def criteria_of(panel: Panel) -> Criteria:
    """The criteria sheet, in the words of the panel's track. Refused where the pack has none."""
    sheet = pack_of(panel).sheet
    if sheet is None:
        raise Refused("sheet", "规则包没有评分表", "the pack has no criteria sheet")
    return Criteria(
        sheet.total, sheet.step, sheet.comment_at_or_below_percent, sheet.comment_at_or_above_percent,
        sheet.confidence, sheet.groups, tuple(on_track(each, panel.case.track) for each in sheet.criteria),
    )  # fmt: skip


def live(panel: Panel) -> list[Application]:
    """The applications that a panel reviews now: not those that were withdrawn or left out meanwhile."""
    rows = Application.objects.filter(entries__panel=panel, entries__left_out="", case__state="reviewing")
    return list(rows.select_related("case__owner").order_by("case__number"))


def to_write(review: Review) -> list[Application]:
    """The applications of which a review gives a sheet: those of its panel but for what its expert leaves out."""
    out = set(review.recusals.values_list("application", flat=True))
    return [each for each in live(review.panel) if each.pk not in out]


def read_written(criteria: Criteria, sent: Mapping[str, Any]) -> Written:
    """What was typed, as `mark-X`, `comment-X` and `overall`. Refused for a mark off its scale, or a text too long."""
    marks: dict[str, Decimal] = {}
    comments: dict[str, str] = {}
    for each in criteria.criteria:
        typed = str(sent.get(f"mark-{each.id}", "")).strip()
        if typed:
            marks[each.id] = _mark(criteria, each, typed)
        comments[each.id] = _text(str(sent.get(f"comment-{each.id}", "")), (each.zh, each.en))
    return Written(
        marks,
        {name: text for name, text in comments.items() if text},
        _text(str(sent.get("overall", "")), ("总体意见", "overall opinion")),
    )


def _mark(criteria: Criteria, criterion: Criterion, typed: str) -> Decimal:
    try:
        mark = Decimal(typed)
    except InvalidOperation:
        mark = Decimal("NaN")
    if not mark.is_finite() or not 0 <= mark <= criterion.points or mark % criteria.step:
        raise Refused(
            "scale",
            f"“{criterion.zh}”应为 0 至 {criterion.points:f} 之间、以 {criteria.step:f} 分为一档",
            f"'{criterion.en}' lies between 0 and {criterion.points:f}, in steps of {criteria.step:f}",
        )
    return mark


def _text(typed: str, what: Label) -> str:
    text = typed.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Refused("length", f"“{what[0]}”的评语超过 {LONGEST} 字", f"the comment on '{what[1]}' is too long")
    return text


def faults(criteria: Criteria, written: Written) -> list[Label]:
    """What keeps a sheet from being locked."""
    return [words for _name, words in faults_by_criterion(criteria, written)]


def faults_by_criterion(criteria: Criteria, written: Written) -> list[tuple[str, Label]]:
    """The same, each with its criterion."""
    found = sheet_faults(criteria, dict(written.marks), written.comments)
    return [(each.criterion, (each.words.zh, each.words.en)) for each in found]


# ── under seal


def _purpose(review: Review) -> str:
    return f"review sheet {review.case_id}"


def salt(review: Review) -> str:
    """A salt for the hash of a review, sealed."""
    return sealing.seal(secrets.token_hex(16), _purpose(review))


def put(sheet: Sheet, written: Written) -> None:
    """Seal what was written into its row; the caller saves it."""
    told = {"application": sheet.application_id, **written.told()}
    sheet.sealed = sealing.seal(canonical(told), _purpose(sheet.review))


def own(review: Review, actor: Actor) -> dict[int, tuple[Sheet, Written]]:
    """The expert's own sheets by application. Refused to everybody else."""
    if review.expert.membership_id != actor.membership.pk:
        raise Refused("sealed", "评分未启封，只有本人能看", "the sheets are sealed: only who writes them reads them")
    return _opened(review)


def all_whole(review: Review) -> list[Label]:
    """What keeps a review from being locked, over all applications. For the rule alone: it hands out no score."""
    criteria, written = criteria_of(review.panel), _opened(review)
    found: list[Label] = []
    for application in to_write(review):
        wrong = faults(criteria, written[application.pk][1] if application.pk in written else Written())
        found += [(f"{application.case.title}：{zh}", f"{application.case.title}: {en}") for zh, en in wrong]
    return found


def _opened(review: Review) -> dict[int, tuple[Sheet, Written]]:
    return {sheet.application_id: (sheet, _open(review, sheet)) for sheet in review.sheets.order_by("pk")}


def _open(review: Review, sheet: Sheet) -> Written:
    text = sealing.opened(sheet.sealed, _purpose(review))
    told = json.loads(text) if text is not None else {}
    if told.get("application") != sheet.application_id:
        raise PingjiangError(
            "评分打不开：它被改动过，或站点的密钥已更换。",
            "A sheet cannot be opened: it was changed, or the site has another secret now.",
            remedy=("请从备份恢复，连同原来的密钥。", "Restore it from the backup, together with the secret of then."),
        )
    return Written.of(told)


def text_of(review: Review) -> str:
    """A review as canonical JSON: what is hashed when it is locked, and written down when it is opened. Inside only."""
    opened_salt = sealing.opened(review.sealed_salt, _purpose(review))
    out = sorted(review.recusals.values_list("application", flat=True))
    sheets = {str(pk): written.told() for pk, (_sheet, written) in _opened(review).items() if pk not in out}
    return canonical(
        {
            "panel": review.panel_id, "expert": review.expert.code, "salt": opened_salt, "sheets": sheets,
            **({"left_out": out} if out else {}),
        }
    )  # fmt: skip


def hash_of(review: Review) -> str:
    """SHA-256 of that text."""
    return digest(text_of(review))


def panel_hash(panel: Panel, reviews: Sequence[Review]) -> str:
    """SHA-256 over the list, the number, and the hashes of all reviews in the order of codes: the lock of a panel."""
    return digest(
        canonical(
            {
                "panel": panel.case.number, "list": panel.list_hash, "number": panel.public_number,
                "applications": [each.case.number for each in live(panel)],
                "reviews": sorted([each.expert.code, each.sheet_hash] for each in reviews),
            }
        )
    )  # fmt: skip

"""What the moves of panels and reviews need."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Label, Need
from pingjiang.centre.programme.models import Application, Panel, PanelEntry
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.panels.draw import DrawRefused
from pingjiang.centre.programme.review import conflicts, recusing, seating, sheets


def composed(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """It has applications that wait for a panel, seats, a public number still to come, and a day for reviews."""
    panel: Panel = case.panel
    entries = Application.objects.filter(entries__panel=panel).select_related("case")
    if not entries:
        return "还没有列入申报项目", "no application is on it"
    elsewhere = PanelEntry.objects.filter(panel__case__state__in=("published", "drawn"), left_out="")
    elsewhere = elsewhere.exclude(panel=panel)
    taken = set(elsewhere.filter(application__in=entries).values_list("application", flat=True))
    for each in entries:
        if each.case.state != "accepted":
            return f"“{each.case.title}”不在待评审状态", f"'{each.case.title}' does not wait for review"
        if each.pk in taken:
            return f"“{each.case.title}”已列入别的专家组", f"'{each.case.title}' is on another panel"
    if not panel.seats.exists():
        return "还没有定席位", "it has no seats"
    short = _strata_short(panel)
    if short is not None:
        return short
    if not panel.number_words.strip() or panel.due is None or panel.due <= timezone.now():
        return "须写明采用哪个公开号码，且揭晓时间尚未到", "name a public number that is still to come, and when"
    if panel.reviews_until is None or panel.reviews_until <= timezone.localtime(panel.due).date():
        return "评审截止日须在号码揭晓之后", "reviews end on a day after the number is known"
    return None


def _strata_short(panel: Panel) -> Label | None:
    """The first stratum of which the pack asks more seats."""
    there = dict(panel.seats.values_list("stratum", "seats"))
    for each in seating.rules_of(panel).strata:
        if there.get(each.id, 0) < each.least:
            return f"“{each.zh}”至少 {each.least} 席", f"{each.en} has {each.least} seats at least"
    return None


def ruled(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Conflicts were looked for, nothing was declared since, and every match that is not certain was decided on."""
    panel: Panel = case.panel
    if panel.conflicts_at is None:
        return "还没有查找利害关系", "conflicts were not looked for"
    if conflicts.told_since(panel):
        return (
            "查找之后又有新的声明或任职，请重新查找利害关系",
            "interests were declared since: look for conflicts again",
        )
    decided = seating.rulings_of(panel)
    for each in panel.conflicts.filter(certain=False).select_related("expert"):
        if seating.key_of(each) not in decided:
            return (
                f"{each.expert.code} 有待核的利害关系：{each.reason_zh}",
                f"a possible conflict of {each.expert.code} waits for your word: {each.reason_en}",
            )
    return None


def enough(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The seats are as many as the pack asks, each stratum has candidates enough, and each application can have as many
    sheets as it asks."""
    panel: Panel = case.panel
    try:
        drawing.check(drawing.read(drawing.write(seating.roll_of(panel))), seating.draw_rules(panel))
    except DrawRefused as refused:
        return _said(refused)
    least = recusing.least(panel)
    for each in recusing.prospects(panel):
        if each.best < least:
            title = each.application.case.title
            return (
                f"“{title}”至多有 {each.best} 份有效评分，应不少于 {least} 份：补充专家或增加席位，"
                "或改为有利害关系的不参加",
                f"'{title}' can have {each.best} sheets at most, {least} are needed: add experts or seats, or keep "
                "those with an interest off the panel",
            )
    return None


def _said(refused: DrawRefused) -> Label:
    """The words of a refusal, as needs give them."""
    words = refused.words
    return (words, words) if isinstance(words, str) else words


def number_unknown(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The public number is not known yet: whoever knows it may not change the list."""
    due = case.panel.due
    known = due is None or timezone.now() >= due
    return ("号码已经揭晓，名单不能再收回", "the number is known: the list stays") if known else None


def number_known(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The number was announced after the list was published: its time has come."""
    panel: Panel = case.panel
    if panel.due is None or panel.published_at is None or timezone.now() < panel.due:
        return "号码揭晓时间未到", "the number is not due yet"
    return _committed(panel.list_text, panel.list_hash, panel.published_at)


def number(case: Case, given: Mapping[str, Any]) -> Label | None:
    """What was entered is a public number, with digits enough."""
    try:
        drawing.digits(str(given.get("number", "")), seating.draw_rules(case.panel).least_digits)
    except DrawRefused as refused:
        return _said(refused)
    return None


def still_accepted(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """At least one of its applications still waits for review."""
    there = Application.objects.filter(entries__panel=case.panel, case__state="accepted").exists()
    return None if there else ("所列申报都已撤回", "all its applications were withdrawn")


def all_locked(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Every seat is taken, and everybody on one has signed."""
    panel: Panel = case.panel
    empty = seating.vacant(panel)
    if empty:
        words = seating.by_name(panel)[empty[0].name][1]
        return f"“{words[0]}”还缺 {empty[0].vacant} 席", f"'{words[1]}' lacks {empty[0].vacant}"
    sitting = seating.sitting(panel)
    waiting = [each.expert.code for each in sitting if each.case.state != "locked"]
    if waiting:
        return f"还有专家未锁定：{'、'.join(waiting)}", f"not locked yet: {', '.join(waiting)}"
    least = seating.rules_of(panel).least
    if len(sitting) < least:
        return f"锁定的评审不足 {least} 份", f"fewer than {least} reviews are locked"
    for application, count in recusing.short(panel):
        return (
            f"“{application.case.title}”只有 {count} 份有效评分",
            f"'{application.case.title}' has {count} sheets, too few",
        )
    return None


# ── supplementary lists


def has_vacancy(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """A stratum is used up, and no list for it waits for its number."""
    if seating.pending(case.panel) is not None:
        return "已公布的补充名单还没有抽签", "a supplementary list waits to be drawn"
    return None if seating.vacant(case.panel) else ("没有空缺席位", "no seat is vacant")


def number_to_come(case: Case, given: Mapping[str, Any]) -> Label | None:
    """A public number is named that is still to come, before the day by which reviews end."""
    due = given.get("due")
    if not str(given.get("number_words", "")).strip() or due is None or due <= timezone.now():
        return "须写明采用哪个公开号码，且揭晓时间尚未到", "name a public number that is still to come, and when"
    return None


def enough_more(case: Case, given: Mapping[str, Any]) -> Label | None:
    """Who stood in no list before is enough for the vacant seats."""
    panel: Panel = case.panel
    roll = seating.supplement_roll(panel, panel.supplements.count() + 1, str(given["number_words"]), given["due"])
    try:
        drawing.check(drawing.read(drawing.write(roll)), seating.draw_rules(panel), seating.filled(panel))
    except DrawRefused as refused:
        return _said(refused)
    return None


def supplement_unknown(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """A supplementary list waits, and its number is not known yet."""
    found = seating.pending(case.panel)
    if found is None:
        return "没有待抽签的补充名单", "no supplementary list waits"
    known = timezone.now() >= found.due
    return ("号码已经揭晓，名单不能再收回", "the number is known: the list stays") if known else None


def supplement_known(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """A supplementary list waits, and the time of its number has come."""
    found = seating.pending(case.panel)
    if found is None:
        return "没有待抽签的补充名单", "no supplementary list waits"
    if timezone.now() < found.due:
        return "号码揭晓时间未到", "the number is not due yet"
    return _committed(found.list_text, found.list_hash, found.published_at)


def _committed(text: str, hashed: str, published_at: datetime.datetime) -> Label | None:
    """The list is the one that was published, before its number could be known."""
    try:
        drawing.check_commitment(text, hashed, published_at, timezone.now())
    except DrawRefused as refused:
        return _said(refused)
    return None


def untouched(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """What lies under seal is what was signed."""
    for each in seating.sitting(case.panel):
        if sheets.hash_of(each) != each.sheet_hash:
            return (
                f"{each.expert.code} 的评分与签署时的摘要不符",
                f"the sheets of {each.expert.code} are not what was signed",
            )
    return None


def panel_sits(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Its panel was drawn, and neither locked nor dissolved since."""
    sits = case.review.panel.case.state == "drawn"
    return None if sits else ("专家组已不在评审中", "the panel sits no more")


def no_interest(_case: Case, given: Mapping[str, Any]) -> Label | None:
    """The expert says to have no interest in any of the applications that are theirs to review."""
    said = given.get("no_interest") is True
    return (
        None
        if said
        else ("须先声明与要评的申报均无利害关系", "declare first that you have no interest in any that you review")
    )


def whole(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Every application has a mark for each criterion, and comments where they are due."""
    found = sheets.all_whole(case.review)
    if not found:
        return None
    more = len(found) - 1
    if not more:
        return found[0]
    return f"{found[0][0]}（另有 {more} 处）", f"{found[0][1]} (and {more} more)"


def dissolved(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Its panel was dissolved."""
    over = case.review.panel.case.state == "dissolved"
    return None if over else ("专家组没有解散", "the panel was not dissolved")


COMPOSED = Need("composed", composed)
RULED = Need("ruled", ruled)
ENOUGH = Need("enough", enough)
NUMBER_UNKNOWN = Need("number unknown", number_unknown)
NUMBER_KNOWN = Need("number known", number_known)
NUMBER = Need("number", number)
STILL_ACCEPTED = Need("still accepted", still_accepted)
ALL_LOCKED = Need("all locked", all_locked)
UNTOUCHED = Need("untouched", untouched)
PANEL_SITS = Need("panel sits", panel_sits)
NO_INTEREST = Need("no interest", no_interest)
WHOLE = Need("whole", whole)
DISSOLVED = Need("dissolved", dissolved)
VACANCY = Need("vacancy", has_vacancy)
NUMBER_TO_COME = Need("number to come", number_to_come)
ENOUGH_MORE = Need("enough", enough_more)
SUPPLEMENT_UNKNOWN = Need("number unknown", supplement_unknown)
SUPPLEMENT_KNOWN = Need("number known", supplement_known)

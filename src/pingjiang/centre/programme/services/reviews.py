"""What an expert does with a review: save a sheet under seal, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Recusal, Review, Sheet
from pingjiang.centre.programme.review import recusing, seating, sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.review.workflow import OFFICER, REVIEWER


@dataclass(frozen=True)
class SheetSaved:
    """What became of a save. `beside` is what stood there, where another window had saved meanwhile."""

    sheet: Sheet
    changed: bool
    beside: Written | None = None


@transaction.atomic
def save(review: Review, actor: Actor, application: Application, written: Written, *, revision: int) -> SheetSaved:
    """Save a sheet as it was written on a revision of it. Refused where the review is not being written.

    Where another window saved meanwhile nothing is changed: the page shows both, and saving on the newer decides.
    """
    access.find(actor, Review, pk=review.pk)
    case = service.lock(review.case_id)
    found = Review.objects.select_related("case", "expert", "panel__case").get(pk=review.pk)
    if REVIEWER not in access.parties(actor, case):
        raise Refused("party", "评分由评审专家本人填写", "the reviewer writes the sheet")
    if REVIEWER not in service.workflow_of(case).state(case.state).edits or found.panel.case.state != "drawn":
        raise Refused("edit", "现在不能填写评分", "the sheet cannot be written now")
    if application.pk not in {each.pk for each in sheets.to_write(found)}:
        raise Refused("application", "这一申报不在评审之列", "this application is not under review")
    there = sheets.own(found, actor).get(application.pk)
    if there is not None and there[1].told() == written.told():
        return SheetSaved(there[0], changed=False)
    sheet = there[0] if there is not None else Sheet(review=found, application=application)
    if revision != sheet.revision:
        return SheetSaved(sheet, changed=False, beside=there[1] if there is not None else Written())
    sheet.review = found
    sheets.put(sheet, written)
    sheet.revision += 1
    sheet.saved_at = timezone.now()
    sheet.save()
    return SheetSaved(sheet, changed=True)


MAY_LEAVE = ("offered", "accepted", "writing")


@transaction.atomic
def leave_out(review: Review, actor: Actor, application: Application, reason: str) -> Recusal:
    """Give no sheet for one application, with the reason: the expert's word, or the officer's. What was written of it
    is never opened. Refused where the panel goes by another rule, or where too few sheets would be left."""
    access.find(actor, Review, pk=review.pk)
    service.lock(review.panel.case_id)
    case = service.lock(review.case_id)
    if not {REVIEWER, OFFICER} & access.parties(actor, case):
        raise Refused("party", "由评审专家本人或项目管理员办理", "the reviewer or the officer does this")
    found = Review.objects.select_related("case", "expert", "panel__case").get(pk=review.pk)
    panel = found.panel
    if case.state not in MAY_LEAVE or panel.case.state != "drawn":
        raise Refused("edit", "现在不能回避单项", "no single application can be left out now")
    if seating.keeps_off(panel):
        raise Refused("recusal", "本专家组的规则是有利害关系的不参加，请回避整个评审",
                      "an interest keeps you off this panel: recuse from the review")  # fmt: skip
    left = {each.pk for each in sheets.to_write(found)}
    if application.pk not in left:
        raise Refused("application", "这一申报不在评审之列", "this application is not under review")
    if left == {application.pk}:
        raise Refused("last", "只余这一项要评：请回避整个评审", "it is the only one left: recuse from the whole review")
    if not reason.strip():
        raise Refused("note", "回避须写明理由", "say why")
    if recusing.given_up(panel)[application.pk] >= recusing.spare(panel):
        least = recusing.least(panel)
        raise Refused(
            "valid", f"“{application.case.title}”的有效评分将少于 {least} 份：请回避整个评审，由下一位递补",
            f"'{application.case.title}' would have fewer than {least} sheets: recuse from the whole review, the next "
            "follows",
        )  # fmt: skip
    made = Recusal(review=found, application=application, reason_zh=reason.strip(), reason_en=reason.strip(),
                   by=actor.membership)  # fmt: skip
    made.full_clean()
    made.save()
    history.write(
        "application left out", f"case:{case.pk}", actor=actor, case=case, note=made.reason_zh,
        after={"expert": found.expert.code, "application": application.case.number},
    )  # fmt: skip
    return made

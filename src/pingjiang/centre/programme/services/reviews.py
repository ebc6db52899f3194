"""What an expert does with a review: save a sheet under seal, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, service
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Review, Sheet
from pingjiang.centre.programme.review import sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.review.workflow import REVIEWER


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
    if application.pk not in {each.pk for each in sheets.live(found.panel)}:
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

"""What a district does with an application: say what it thinks, print it for the stamp, hand in the stamped scan."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import papers, shelf
from pingjiang.centre.documents.models import Document, Paper, Version
from pingjiang.centre.programme.content.hashing import LETTER, SCAN, hash_of
from pingjiang.centre.programme.models import Application, Recommendation, Seal
from pingjiang.centre.programme.printing import FORM, print_now, printed_hash
from pingjiang.centre.programme.workflow import DISTRICT

FIELDS = ("comment", "rank", "match", "policy")
_TITLES = {LETTER: ("配套承诺函", "Letter of matching funds"), SCAN: ("盖章扫描件", "Stamped scan")}


class OutOfDate(Refused):
    """Somebody else of the district saved meanwhile. What was typed is kept by the page."""

    def __init__(self) -> None:
        super().__init__("stale", "本区另一人刚改过推荐意见，请核对后再存", "a colleague changed this: look again")


def _theirs(application: Application, actor: Actor) -> Case:
    """The case, locked, where who acts is of its district and it lies with them."""
    case = service.lock(application.case_id)
    access.find(actor, Case, pk=case.pk)
    if DISTRICT not in access.parties(actor, case):
        raise Refused("party", "由申报单位所在区县办理", "the district of the applicant does this")
    if DISTRICT not in service.workflow_of(case).state(case.state).edits:
        raise Refused("edit", "现不在区县办理环节", "it does not lie with the district now")
    return case


@transaction.atomic
def recommend(application: Application, actor: Actor, said: Mapping[str, Any], *, revision: int) -> Recommendation:
    """Keep what the district says: comment, rank, money, policy. OutOfDate where a colleague saved meanwhile."""
    case = _theirs(application, actor)
    row, _ = Recommendation.objects.select_for_update().get_or_create(application=application)
    if revision != row.revision:
        raise OutOfDate
    for name in FIELDS:
        if name in said:
            setattr(row, name, said[name])
    row.revision += 1
    row.full_clean()
    row.save()
    history.write(
        "recommendation saved", f"application:{case.pk}", actor=actor,  # the district's own until it puts it forward
        after={name: None if (value := getattr(row, name)) is None else str(value) for name in FIELDS},
    )  # fmt: skip
    return row


def add_letter(
    application: Application, actor: Actor, pieces: Iterable[bytes], file_name: str, *, request: uuid.UUID | None = None
) -> Version:
    """Hand in the letter by which the district adds its money; the next one takes the place of the one before."""
    with transaction.atomic():
        _theirs(application, actor)
    version = shelf.add(
        application.case, actor, pieces, file_name, name=LETTER, title=_TITLES[LETTER][0],
        document=_document(application, LETTER), request=request,
    )  # fmt: skip
    with transaction.atomic():
        row, _ = Recommendation.objects.get_or_create(application=application)
        row.letter = version
        row.save(update_fields=["letter"])
    return version


def _document(application: Application, name: str) -> Document | None:
    return Document.objects.filter(case=application.case_id, name=name).first()


@transaction.atomic
def print_form(application: Application, actor: Actor) -> Paper:
    """The application as a paper with its code, to be stamped. While nothing has changed, the one that there is."""
    _theirs(application, actor)
    return print_now(application, actor)


def seal(
    application: Application,
    actor: Actor,
    code: str,
    signatory: str,
    sealed_on: datetime.date,
    pieces: Iterable[bytes],
    file_name: str,
    *,
    request: uuid.UUID | None = None,
) -> Seal:
    """Hand in the stamped scan of a print, by the code that stands on it.

    Refused for the code of another paper, of one that was printed before the last change, for a day to come. The seal
    is bound to the hash of what was printed, and to the scan by its SHA-256.
    """
    with transaction.atomic():
        _theirs(application, actor)
        paper = _of_code(application, code)
        if not signatory.strip():
            raise Refused("signatory", "须填写签署人", "say who signed")
        if not paper.issued_on <= sealed_on <= timezone.localdate():
            raise Refused(
                "day", "盖章日期应在打印之后、今天之前", "it was stamped after the print, and not later than today"
            )
    version = shelf.add(
        application.case, actor, pieces, file_name, name=SCAN, title=_TITLES[SCAN][0],
        document=_document(application, SCAN), request=request,
    )  # fmt: skip
    with transaction.atomic():
        case = _theirs(application, actor)
        again = Seal.objects.filter(application=application, scan=version).first()
        if again is not None:
            return again
        content_hash = printed_hash(_of_code(application, code))
        made = Seal.objects.create(
            application=application, content_hash=content_hash, paper=paper, scan=version,
            signatory=signatory.strip(), sealed_on=sealed_on, by=actor.membership,
        )  # fmt: skip
        history.write(
            "sealed", f"seal:{made.pk}", actor=actor, case=case,
            after={"content_hash": content_hash, "paper": paper.code, "scan": version.content_id,
                   "signatory": made.signatory, "sealed_on": sealed_on.isoformat()},
        )  # fmt: skip
    return made


def _of_code(application: Application, code: str) -> Paper:
    """The print with this code. Refused where it is another's, or says something else than the application now."""
    paper = papers.look_up(code)
    if paper is None or paper.case_id != application.case_id or paper.name != FORM:
        raise Refused("code", "编号不是本申报书的打印件", "this code is of no print of this application")
    if papers.standing(paper) != "current" or printed_hash(paper) != hash_of(application):
        raise Refused(
            "code",
            "这一打印件之后内容有改动：请重新打印、盖章",
            "it changed since this was printed: print and stamp it anew",
        )
    return paper

"""Letters to applicants once a list is final: a job makes them one by one, so that nobody waits for all of them.

    due(decision)         what has no letter yet
    send(verdict, actor)  its letter, and word of it to who applied

Each is made in a transaction of its own: stopped at any moment, the job goes on with the first that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import notices, service
from pingjiang.centre.casework.models import Event
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.jobs import functions
from pingjiang.centre.jobs.handle import Handle
from pingjiang.centre.programme.deciding.effects import LETTERS, OUTCOME, verdicts_of
from pingjiang.centre.programme.effects import tell
from pingjiang.centre.programme.models import Decision, Verdict
from pingjiang.centre.programme.papers import outcomes
from pingjiang.centre.programme.rules import APPLICANT_ROLES


def due(decision: Decision) -> list[Verdict]:
    """What was decided of applications that no letter tells yet, in the order of the list."""
    if decision.case.state != "final":
        return []
    rows = verdicts_of(decision)
    told = _told(decision, [each.item.application.case_id for each in rows])
    return [each for each in rows if each.item.application.case_id not in told]


def _told(decision: Decision, cases: Iterable[int]) -> set[int]:
    """Cases that have had a letter since the list became final, which was the last move of the decision."""
    final = Event.objects.filter(case=decision.case_id, kind="move").order_by("-number")[0]
    there = Paper.objects.filter(case__in=list(cases), name=OUTCOME, issued_at__gte=final.at)
    return set(there.values_list("case", flat=True))


@transaction.atomic
def send(verdict: Verdict, actor: Actor) -> None:
    """A letter says what was decided of an application, why, and what comes next. One that is there stays."""
    case = service.lock(verdict.item.application.case_id)
    if _told(verdict.item.decision, [case.pk]):
        return
    words = outcomes.LABELS[verdict.kind]
    papers.issue(case, OUTCOME, outcomes.letter(verdict), words, actor)
    moved = Event.objects.filter(case=case, kind="move").order_by("-number")[0]
    tell(notices.people_of(case.owner, APPLICANT_ROLES), case, moved, words, urgent=True)


@functions.register(LETTERS, ("寄发审定通知书", "Send the letters of a final list"))
def send_all(handle: Handle, *, decision: int) -> dict[str, int]:
    """All that are due; {"letters"}. In the name of who issued the list."""
    waiting = due(Decision.objects.select_related("case").get(pk=decision))
    issuer = handle.job.owner
    if issuer is None:
        raise RuntimeError("a final list is issued by somebody")
    actor = Actor(issuer.user, issuer)
    for at, verdict in enumerate(waiting):
        handle.progress(at, len(waiting))
        with handle.fenced():
            send(verdict, actor)
    handle.progress(len(waiting), len(waiting))
    return {"letters": len(waiting)}

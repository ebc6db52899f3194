"""What the pages of this app share."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Workflow
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.pages.cases import Opinion, canal, history_of, state_mark, told
from pingjiang.centre.pages.lists import Filter, Marked
from pingjiang.centre.pages.words import refusal, said
from pingjiang.centre.programme.rulepack import Line
from pingjiang.errors import PingjiangError

# How an outcome is drawn: shape, word, colour.
LOOKS = {
    "pass": ("符合", "Met", "ok"), "fail": ("不符合", "Not met", "bad"),
    "waivable": ("未达到，可放宽", "Not met, may be waived", "warn"), "waived": ("已放宽", "Waived", "ok"),
    "expert": ("由专家评判", "For experts", "none"), "unknown": ("数据不足", "Not known", "warn"),
}  # fmt: skip


def mark_of(line: Line) -> Marked:
    """An outcome as a state."""
    zh, en, kind = LOOKS[line.status]
    return Marked(said((zh, en)), kind)


def why(error: PingjiangError | ValidationError) -> str:
    """What an error says, in the language of the page where it has both."""
    return "；".join(error.messages) if isinstance(error, ValidationError) else refusal(error)


def status_of(error: Exception) -> int:
    """409 where somebody else was quicker, else 422."""
    return 409 if isinstance(error, casework.Stale) else 422


def may_edit(actor: Actor, case: Case) -> bool:
    """Whether an actor may change what a case holds in its state."""
    return bool(casework.workflow_of(case).state(case.state).edits & access.parties(actor, case))


def case_parts(actor: Actor, case: Case, box: Opinion) -> dict[str, Any]:
    """What every page of a case shows: state, process, history, papers, opinion box."""
    workflow = casework.workflow_of(case)
    events = history_of(actor, case)
    return {
        "case": case, "state": state_mark(workflow, case.state), "steps": canal(workflow, case.state, events),
        "history": told(workflow, events), "opinion": box, "papers": papers_of(actor, case),
        "now": timezone.now(),
    }  # fmt: skip


def papers_of(actor: Actor, case: Case) -> list[tuple[Paper, str]]:
    """Papers of a case that an actor sees, and how each stands."""
    rows = access.visible_to(actor, Paper).filter(case=case)
    return [(paper, said(papers.STANDINGS[papers.standing(paper)])) for paper in rows]


def state_filter(workflow: Workflow) -> Filter:
    """By the state of the case."""
    choices = [(state.name, state.label) for state in workflow.states]
    return Filter("state", gettext_lazy("状态"), choices, lambda rows, value: rows.filter(case__state=value))


def state_of(row: Any) -> Marked:
    """The state of a row's case."""
    return state_mark(casework.workflow_of(row.case), row.case.state)


def millis(moment: datetime.datetime | None) -> int:
    """A moment as browsers count: milliseconds since 1970; 0 for none."""
    return 0 if moment is None else int(moment.timestamp() * 1000)

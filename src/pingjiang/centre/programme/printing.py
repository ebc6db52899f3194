"""Printed applications: each with its code, bound in the history to the hash of what it says."""

from __future__ import annotations

import json

from django.db import transaction

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme.content.hashing import hash_of
from pingjiang.centre.programme.models import Application
from pingjiang.centre.programme.papers.application import application_paper
from pingjiang.centre.programme.papers.words import word

FORM = "application-form"
_PRINTED = "printed for the stamp"


def print_now(application: Application, actor: Actor) -> Paper:
    """The application as Word and PDF with its code. While nothing has changed since, the one that there is.

    Call it in a transaction that holds the case.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a paper is issued in the transaction of what it tells")
    current = printed(application)
    if current is not None:
        return current
    content_hash = hash_of(application)
    paper = papers.issue(
        application.case, FORM, application_paper(application), ("申报书", "Application"), actor,
        lines=[f"{word('hash')} {content_hash}"],
    )  # fmt: skip
    history.write(
        _PRINTED, f"paper:{paper.pk}", actor=actor, case=application.case, after={"content_hash": content_hash}
    )
    return paper


def printed(application: Application) -> Paper | None:
    """The print of exactly what the application says now; None where there is none."""
    paper = Paper.objects.filter(case=application.case_id, name=FORM, recall__isnull=True).first()
    return paper if paper is not None and printed_hash(paper) == hash_of(application) else None


def printed_hash(paper: Paper) -> str:
    """The hash of what a print says, as the history told it when it was made; '' for what is no print."""
    found = paper.case.events.filter(kind=_PRINTED, subject=f"paper:{paper.pk}").order_by("number").last()
    return "" if found is None else str(json.loads(found.after)["content_hash"])

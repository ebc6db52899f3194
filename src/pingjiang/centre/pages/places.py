"""Where the page of a case is: an app's own, else the plain one that every workflow has."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from pingjiang.centre.casework.models import Case

_pages: dict[str, str] = {}


def register_page(workflow: str, url: str) -> None:
    """Say which URL (by name, taking the `pk` of the case) shows the cases of a workflow."""
    if workflow in _pages:
        raise RuntimeError(f"workflow {workflow} has its page already")
    _pages[workflow] = url


def case_url(case: Case) -> str | None:
    """The address of a case's page."""
    try:
        return reverse(_pages.get(case.workflow, "case"), kwargs={"pk": case.pk})
    except NoReverseMatch:
        return None

"""An application that is being written: its pages, which of them is at hand, what is open in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import Http404
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.casework import service as casework
from pingjiang.centre.programme.content.open import Open
from pingjiang.centre.programme.content.specs import Page
from pingjiang.centre.programme.content.steps import pages_of
from pingjiang.centre.programme.models import Application, Draft
from pingjiang.centre.programme.rulepack import pack_of
from pingjiang.centre.programme.workflow import APPLICANT
from pingjiang.rulebook.policies import Pack


@dataclass
class Writing:
    """An application that is being written, at one of its pages."""

    application: Application
    pack: Pack
    pages: list[Page]
    page: Page
    asides: list[Draft] = field(default_factory=list)
    older: bool = False  # whether what is set beside is an earlier draft, and none of another window
    problem: str = ""

    @property
    def at(self) -> int:
        """Which page it is."""
        return self.pages.index(self.page)

    def url(self, by: int) -> str | None:
        """The address of the page so many on; None beyond the ends."""
        number = self.at + by
        if not 0 <= number < len(self.pages):
            return None
        return reverse("application-step", args=[self.application.case_id, self.pages[number].name])


def writes_now(actor: Actor, application: Application) -> bool:
    """Whether an actor is of the applicant, and it may be written now."""
    case = application.case
    parties = access.parties(actor, case)
    return APPLICANT in parties and bool(casework.workflow_of(case).state(case.state).edits & parties)


def writing_of(actor: Actor, pk: int, name: str) -> Writing:
    """Http404 for whoever does not write it, or not now."""
    application = access.find(actor, Application, case_id=pk)
    if not writes_now(actor, application):
        raise Http404
    pack = pack_of(application)
    pages = pages_of(pack, application.case.track)
    page = next((page for page in pages if page.name == name), None)
    if page is None:
        raise Http404
    return Writing(application, pack, pages, page)


@dataclass(frozen=True)
class Entry:
    """A page in the list of pages: how much is open there."""

    page: Page
    url: str
    open: int
    current: bool


def menu_of(application: Application, pages: Sequence[Page], current: Page | None, left: Sequence[Open]) -> list[Entry]:
    """All pages of an application. `left`: what is open in it."""
    count: dict[str, int] = {}
    for each in left:
        count[each.step] = count.get(each.step, 0) + 1
    return [
        Entry(page, reverse("application-step", args=[application.case_id, page.name]),
              sum(count.get(step.name, 0) for step in page.steps), page == current)
        for page in pages
    ]  # fmt: skip

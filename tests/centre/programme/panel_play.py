"""A pool of experts, a panel over applications, and its reviews, brought to a state by those who may."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from unittest import mock

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents.models import Document, Version
from pingjiang.centre.programme.content.hashing import digest, text_of
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models import (
    Application,
    ApplicationVersion,
    Call,
    CheckAnswer,
    CheckRun,
    Expert,
    Panel,
    Review,
    Seal,
    Section,
)
from pingjiang.centre.programme.review import sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.services import experts, panels, reviews
from pingjiang.centre.programme.services.panels import Composed
from pingjiang.rulebook.policies import wants_comment
from tests.centre.cast import person
from tests.centre.kept import kept
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

SEATS = {"technology": 2, "industry": 1, "ip": 1, "finance": 1}
NUMBER = "051117232833"


@contextmanager
def later(**by: float) -> Iterator[None]:
    """So much later by every clock of the site."""
    real = timezone.now
    with mock.patch("django.utils.timezone.now", lambda: real() + datetime.timedelta(**by)):
        yield


@kept
def pool(play: Play, each: int = 3) -> list[Expert]:
    """So many experts of each stratum, each of an employer of their own."""
    made = []
    for stratum in SEATS:
        for n in range(each):
            place = Organisation.objects.create(kind="expert_body", name_zh=f"{stratum} 单位 {n}")
            who = person(f"Expert_{stratum}_{n}", place, "expert")
            made.append(experts.take_in(play.cast.olga, who.membership, stratum, "示例领域"))
    return made


def actor_of(expert: Expert) -> Actor:
    return Actor(expert.membership.user, expert.membership)


def fresh(panel: Panel) -> Panel:
    return Panel.objects.select_related("case__owner", "call__case").get(pk=panel.pk)


def composed(
    play: Play, applications: Sequence[Application], seats: Mapping[str, int] = SEATS, recusal: str = ""
) -> Panel:
    call = applications[0].call
    made = panels.make_up(call, play.cast.olga, "patent", "2026 年度专利类专家组")
    due = timezone.now() + datetime.timedelta(days=1)
    until = (due + datetime.timedelta(days=20)).date()
    said = Composed(applications, seats, "某彩票第 2026140 期开奖号码", due, until, recusal)
    return panels.compose(made, play.cast.olga, said)


_BEFORE = {"published": "draft", "drawn": "published", "locked": "drawn", "dissolved": "drawn"}


@kept
def panel(play: Play, state: str = "drawn", applications: Sequence[Application] | None = None) -> Panel:
    """A panel in a state, over one application unless others are given; a pool is made where none is there."""
    olga = play.cast.olga
    if state == "draft":
        if not Expert.objects.exists():
            pool(play)
        made = composed(play, applications or [plays.application(play, "accepted")])
    else:
        made = panel(play, _BEFORE[state], applications)
    if state == "published":
        panels.look(made, olga)
        panels.publish(made, olga)
    elif state == "drawn":
        with later(days=1, minutes=1):
            panels.draw(made, olga, NUMBER)
    elif state == "dissolved":
        panels.dissolve(made, play.leader, "理由")
    elif state == "locked":
        for review in Review.objects.filter(panel=made).order_by("pk"):
            sign(review)
        panels.lock(made, olga)
    made = fresh(made)
    assert made.case.state == state, made.case.state
    return made


def review_of(review: Review) -> Review:
    """A review as it is now."""
    return Review.objects.select_related("case", "panel__case", "expert__membership__user").get(pk=review.pk)


def accept(review: Review) -> None:
    casework.perform(review.case, "accept", actor_of(review.expert), given={"no_interest": True})


def begin(review: Review) -> None:
    accept(review)
    casework.perform(review.case, "begin", actor_of(review.expert))


def written(panel: Panel, share: Decimal = Decimal("0.7"), comment: str = "评语。") -> Written:
    """A whole sheet: of each criterion about this share, with comments where they are due."""
    criteria = sheets.criteria_of(panel)
    marks = {each.id: (each.points * share) // criteria.step * criteria.step for each in criteria.criteria}
    comments = {each.id: comment for each in criteria.criteria if wants_comment(criteria, each, marks[each.id])}
    return Written(marks, comments, comment)


def write(review: Review, by: Mapping[int, Written] | None = None) -> None:
    """Write every sheet of a review, begun if need be."""
    review = review_of(review)
    if review.case.state == "offered":
        begin(review)
    for application in sheets.live(review.panel):
        said = (by or {}).get(application.pk) or written(review.panel)
        there = review.sheets.filter(application=application).first()
        revision = there.revision if there else 0
        reviews.save(review, actor_of(review.expert), application, said, revision=revision)


def write_one(review: Review, application: Application, said: Written) -> None:
    """Write one sheet of a review that was begun."""
    review = review_of(review)
    reviews.save(review, actor_of(review.expert), application, said, revision=0)


def sign(review: Review, by: Mapping[int, Written] | None = None) -> None:
    write(review, by)
    casework.perform(review.case, "lock", actor_of(review.expert))


REVIEW_WAYS = {
    "offered": (), "accepted": ("accept",), "writing": ("accept", "begin"), "locked": ("accept", "begin", "lock"),
    "declined": ("decline",), "excluded": ("recuse",), "released": ("dissolve",),
}  # fmt: skip


@kept
def review(play: Play, state: str = "offered", on: Panel | None = None) -> Review:
    """The first review of a drawn panel, in a state."""
    made = on or panel(play)
    first = Review.objects.filter(panel=made).order_by("pk").first()
    assert first is not None
    if state == "locked":
        sign(first)
    elif state == "released":
        panels.dissolve(made, play.leader, "理由")
    elif state in ("accepted", "writing"):
        (accept if state == "accepted" else begin)(first)
    elif state != "offered":
        casework.perform(first.case, REVIEW_WAYS[state][0], actor_of(first.expert), "理由")
    found = review_of(first)
    assert found.case.state == state, found.case.state
    return found


def many(play: Play, count: int, first: Application | None = None) -> list[Application]:
    """So many accepted applications on one call: the first came by its way, the others are made alike, each of a firm
    of its own, stamped and checked."""
    first = first or plays.application(play, "accepted")
    return [first, *alike(first, count - 1, first.call)]


@kept
def alike(first: Application, count: int, on: Call) -> list[Application]:
    """So many more on a call that are made like an accepted one."""
    seal, made = first.seals.get(), []
    taken = Application.objects.filter(case__number__startswith="SQ-2026-9").count()
    for n in range(taken + 1, taken + count + 1):
        firm = Organisation.objects.create(kind="firm", name_zh=f"示例公司 {n:03}", district=first.district)
        case = Case.objects.create(
            workflow="application", state="accepted", number=f"SQ-2026-9{n:04}", title=f"示例项目 {n:03}",
            track="patent", owner=firm, authority=first.case.authority, opened_by=first.case.opened_by,
        )  # fmt: skip
        other = Application.objects.create(
            case=case, call=on, pack=first.pack, pack_version=first.pack_version, district=first.district,
            sent_at=first.sent_at, submitted_at=first.submitted_at,
        )  # fmt: skip
        Section.objects.bulk_create(
            [Section(application=other, name=row.name, content=row.content) for row in first.sections.all()]
        )
        _attached_alike(first, other)
        text = text_of(other)
        version = ApplicationVersion.objects.create(
            application=other, number=1, content=text, content_hash=digest(text), by=seal.by
        )  # fmt: skip
        _checked_alike(first, version)
        Seal.objects.create(
            application=other, content_hash=digest(text), paper=seal.paper, scan=seal.scan, signatory=seal.signatory,
            sealed_on=seal.sealed_on, by=seal.by,
        )  # fmt: skip
        made.append(other)
    return made


def _attached_alike(first: Application, other: Application) -> None:
    """The files of one application on another, which may be of no case but its own."""
    for row in Document.objects.filter(case=first.case, name__startswith=MATERIAL).order_by("pk"):
        copy = Document.objects.create(case=other.case, name=row.name, title=row.title)
        Version.objects.bulk_create(
            [
                Version(document=copy, number=each.number, content=each.content, file_name=each.file_name,
                        added_by=each.added_by)
                for each in row.versions.all()
            ]
        )  # fmt: skip


def _checked_alike(first: Application, version: ApplicationVersion) -> None:
    """The formal check of one application on the version of another that says the same."""
    run = first.checks.get()
    CheckRun.objects.create(application=version.application, version=version, outcomes=run.outcomes, by=run.by)
    CheckAnswer.objects.bulk_create(
        [
            CheckAnswer(application=version.application, version=version, item=each.item, holds=each.holds, by=each.by)
            for each in first.check_answers.all()
        ]
    )

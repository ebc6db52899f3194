"""What follows from the moves of panels and reviews, in their transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, User
from pingjiang.centre.casework import history, notices, numbers, service, tasks
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.models import Expert, OpenedReview, Panel, PassedOver, Review, SupplementaryList
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.review import conflicts, recusing, results, seating, sheets

_NUMBERS = "PY"


# ── panels


def publish(*, case: Case, actor: Actor, given: Mapping[str, Any], **_: Any) -> None:
    """The list as it stands is kept with its hash: from now on it is public."""
    panel: Panel = case.panel
    panel.list_text = drawing.write(seating.roll_of(panel))
    panel.list_hash = drawing.list_hash(panel.list_text)
    panel.published_at = timezone.now()
    panel.save(update_fields=["list_text", "list_hash", "published_at"])
    history.write(
        "list published", f"case:{case.pk}", actor=actor, case=case,
        after={"list_hash": panel.list_hash, "number": panel.number_words, "recusal": panel.recusal},
    )  # fmt: skip
    tasks.give(case, "draw", ("号码揭晓后抽签", "Draw once the number is known"), case.owner, "programme_officer",
               actor=actor, due_on=timezone.localtime(panel.due).date() if panel.due else None)  # fmt: skip


def recall(*, case: Case, actor: Actor, **_: Any) -> None:
    """The list is no longer the one that will be drawn from; the history keeps its hash."""
    panel: Panel = case.panel
    before = {"list_hash": panel.list_hash, "list": panel.list_text}
    panel.list_text, panel.list_hash, panel.published_at = "", "", None
    panel.save(update_fields=["list_text", "list_hash", "published_at"])
    history.write("list taken back", f"case:{case.pk}", actor=actor, case=case, before=before)
    tasks.finish(case, None, actor)


def draw(*, case: Case, actor: Actor, given: Mapping[str, Any], **_: Any) -> None:
    """The number orders the list; who is seated is asked, and the applications are in review."""
    panel: Panel = case.panel
    panel.public_number = drawing.digits(str(given["number"]), seating.draw_rules(panel).least_digits)
    panel.drawn_at, panel.drawn_by = timezone.now(), actor.membership
    panel.save(update_fields=["public_number", "drawn_at", "drawn_by"])
    history.write(
        "panel drawn", f"case:{case.pk}", actor=actor, case=case,
        after={"list_hash": panel.list_hash, "number": panel.public_number},
    )  # fmt: skip
    tasks.finish(case, None, actor)
    service.perform_all(_entries(panel, "accepted"), "begin_review", actor)
    fill(panel)


def fill(panel: Panel) -> None:
    """Ask whoever the list seats and who was not asked yet; who has an interest by now is passed over, with reason."""
    officer = _officer(panel)
    conflicts.write_declared(panel)
    while True:
        seats = seating.seats(panel)
        asked = set(panel.reviews.values_list("expert__code", flat=True))
        new = [(each, code) for each in seats for code in each.seated if code not in asked]
        hindered = recusing.first_hindered(panel, [code for _seats, code in new])
        if hindered is None:
            break
        code, why = hindered
        PassedOver.objects.create(panel=panel, expert=Expert.objects.get(code=code), reason=why)
        history.write("candidate passed over", f"case:{panel.case_id}", actor=None, case=panel.case,
                      after={"expert": code, "reason": why})  # fmt: skip
    places = {each.code: each.place for stratum in seating.drawn(panel).strata for each in stratum.order}
    strata = seating.by_name(panel)
    for each, code in new:
        _offer(panel, Expert.objects.get(code=code), strata[each.name][0], places[code], officer)
    if any(each.vacant for each in seats) and seating.pending(panel) is None:
        short = [strata[each.name][1] for each in seats if each.vacant]
        zh, en = "、".join(words[0] for words in short), ", ".join(words[1] for words in short)
        tasks.give(panel.case, "vacant", (f"名单用尽：{zh}", f"The list is used up: {en}"), panel.case.owner,
                   "programme_officer", actor=officer)  # fmt: skip


def _officer(panel: Panel) -> Actor:
    """In whose name the list asks the next: who drew."""
    drawer = panel.drawn_by or panel.case.opened_by
    return Actor(drawer.user, drawer)


def _offer(panel: Panel, expert: Expert, stratum: str, place: int, officer: Actor) -> Review:
    """A review is offered."""
    case = service.open_case(
        service.workflow_named("review"),
        officer,
        number=numbers.next_number(_NUMBERS),
        title=f"{panel.case.title}（{expert.code}）"[:200],
        owner=panel.case.owner,
        track=panel.case.track,
    )
    review = Review(case=case, panel=panel, expert=expert, stratum=stratum, place=place)
    review.sealed_salt = sheets.salt(review)
    review.save()
    recusing.begin(review)
    member = expert.membership
    tasks.give(case, "answer", ("答复评审邀请", "Answer the invitation to review"), member.organisation, "expert",
               actor=officer, assignee=member, due_on=panel.reviews_until)  # fmt: skip
    _tell(case, [member.user], ("评审邀请", "Invitation to review"), f"offer:{case.pk}")
    return review


def lock(*, case: Case, actor: Actor, **_: Any) -> None:
    """All sheets are opened, written down and reckoned; the applications are reviewed."""
    panel: Panel = case.panel
    sitting = seating.sitting(panel)
    for each in sitting:
        OpenedReview.objects.create(review=each, content=sheets.text_of(each))
    panel.lock_hash, panel.locked_at = sheets.panel_hash(panel, sitting), timezone.now()
    panel.save(update_fields=["lock_hash", "locked_at"])
    results.reckon(panel)
    history.write(
        "panel locked", f"case:{case.pk}", actor=actor, case=case,
        after={"lock_hash": panel.lock_hash, "reviews": {each.expert.code: each.sheet_hash for each in sitting}},
    )  # fmt: skip
    tasks.finish(case, None, actor)
    service.perform_all(_entries(panel, "reviewing"), "finish_review", actor)
    leaders = notices.people_of(case.owner, ["decision_maker", "programme_officer"])
    _tell(case, leaders, ("评审已锁定", "A panel has locked"), f"panel-locked:{case.pk}")


def dissolve(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """Nobody goes on; the applications wait for another panel. What was written stays sealed."""
    panel: Panel = case.panel
    tasks.finish(case, None, actor)
    for each in seating.sitting(panel):
        if each.case.state != "locked":
            service.perform(each.case, "release", actor, event.note)
    service.perform_all(_entries(panel, "reviewing"), "leave_review", actor, event.note)


def _entries(panel: Panel, state: str) -> list[Case]:
    """Cases of the panel's applications in a state, but for those left out: another panel may have them by now."""
    here = Case.objects.filter(application__entries__panel=panel, application__entries__left_out="", state=state)
    return list(here.order_by("pk"))


# ── supplementary lists


def supplement(*, case: Case, actor: Actor, given: Mapping[str, Any], **_: Any) -> None:
    """A list for the vacant seats alone is kept with its hash: from now on it is public, beside the one before."""
    panel: Panel = case.panel
    number = panel.supplements.count() + 1
    words, due = str(given["number_words"]).strip(), given["due"]
    text = drawing.write(seating.supplement_roll(panel, number, words, due))
    made = SupplementaryList.objects.create(
        panel=panel, number=number, number_words=words, due=due, list_text=text, list_hash=drawing.list_hash(text),
        published_at=timezone.now(), published_by=actor.membership,
    )  # fmt: skip
    history.write(
        "supplementary list published", f"case:{case.pk}", actor=actor, case=case,
        after={"supplement": number, "list_hash": made.list_hash, "number": words},
    )  # fmt: skip
    tasks.finish(case, "vacant", actor)
    label = ("号码揭晓后抽补充名单", "Draw the supplementary list once its number is known")
    tasks.give(case, "draw", label, case.owner, "programme_officer", actor=actor,
               due_on=timezone.localtime(due).date())  # fmt: skip


def recall_supplement(*, case: Case, actor: Actor, **_: Any) -> None:
    """A list that was not drawn yet is taken back; the history keeps it."""
    found = seating.pending(case.panel)
    if found is None:
        raise ValueError("there is a list to take back")
    before = {"supplement": found.number, "list_hash": found.list_hash, "list": found.list_text}
    found.delete()
    history.write("list taken back", f"case:{case.pk}", actor=actor, case=case, before=before)
    tasks.finish(case, "draw", actor)
    tasks.give(case, "vacant", ("补足空缺席位", "Fill the vacant seats"), case.owner, "programme_officer", actor=actor)


def draw_supplement(*, case: Case, actor: Actor, given: Mapping[str, Any], **_: Any) -> None:
    """Its number orders the list, and who is seated is asked."""
    panel: Panel = case.panel
    found = seating.pending(panel)
    if found is None:
        raise ValueError("there is a list to draw")
    found.public_number = drawing.digits(str(given["number"]), seating.draw_rules(panel).least_digits)
    found.drawn_at, found.drawn_by = timezone.now(), actor.membership
    found.save(update_fields=["public_number", "drawn_at", "drawn_by"])
    history.write(
        "supplementary list drawn", f"case:{case.pk}", actor=actor, case=case,
        after={"supplement": found.number, "list_hash": found.list_hash, "number": found.public_number},
    )  # fmt: skip
    tasks.finish(case, "draw", actor)
    fill(panel)


# ── reviews


def accepted(*, case: Case, actor: Actor, **_: Any) -> None:
    """The expert has something to do, until the day that the panel named."""
    review: Review = case.review
    tasks.finish(case, None, actor)
    member = review.expert.membership
    tasks.give(case, "write", ("评审并签署", "Review and sign"), member.organisation, "expert", actor=actor,
               assignee=member, due_on=review.panel.reviews_until)  # fmt: skip


def replace(*, case: Case, actor: Actor, **_: Any) -> None:
    """The next on the same list is asked, and the officer is told."""
    review: Review = case.review
    tasks.finish(case, None, actor)
    words = ("专家谢绝评审", "An expert declined") if case.state == "declined" else ("专家回避", "An expert is recused")
    _tell(case, notices.people_of(case.owner, ["programme_officer"]), words, f"left:{case.pk}")
    fill(review.panel)


def sign(*, case: Case, actor: Actor, **_: Any) -> None:
    """The hash of all that was written is kept: it does not tell what, as a salt is in it."""
    review: Review = case.review
    review.sheet_hash, review.locked_at = sheets.hash_of(review), timezone.now()
    review.save(update_fields=["sheet_hash", "locked_at"])
    history.write("review signed", f"case:{case.pk}", actor=actor, case=case, after={"sheet_hash": review.sheet_hash})
    tasks.finish(case, None, actor)
    panel = review.panel
    if all(each.case.state == "locked" for each in seating.sitting(panel)) and not seating.vacant(panel):
        tasks.give(panel.case, "lock", ("专家均已签署，锁定评审", "All have signed: lock the panel"), panel.case.owner,
                   "programme_officer", actor=actor)  # fmt: skip
        officers = notices.people_of(panel.case.owner, ["programme_officer"])
        _tell(panel.case, officers, ("专家均已签署", "All experts have signed"), f"panel-signed:{panel.case_id}")


def released(*, case: Case, actor: Actor, **_: Any) -> None:
    """The expert is told that nothing is left to do."""
    tasks.finish(case, None, actor)
    _tell(case, [case.review.expert.membership.user], ("评审已取消", "The review is off"), f"released:{case.pk}")


def _tell(case: Case, people: list[User], words: Label, about: str) -> None:
    subject = (f"{words[0]}：{case.title}", f"{words[1]}: {case.title}")
    notices.tell(people, subject, about=about, case=case, urgent=True)

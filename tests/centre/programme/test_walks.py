"""Nothing goes round the programme: whoever does whatever in whatever order, an application comes to each state only
with all that it needs, by those who may. No path reaches approval without seal, check, review and decision."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.programme.models import ApplicationVersion, CheckAnswer, Review, Section, Waiver
from pingjiang.centre.programme.printing import printed
from pingjiang.centre.programme.services import (
    applications,
    calls,
    checks,
    decisions,
    districts,
    drafts,
    panels,
    reviews,
)
from tests.centre.cast import Cast
from tests.centre.programme import filling, panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding
from tests.centre.programme.walks import Bureau

pytestmark = pytest.mark.django_db
WHICH = st.integers(0, 1)
PICK = st.integers(0, 10_000)
GIVEN: dict[str, Any] = {"no_interest": True, "number": panel_play.NUMBER, "remedy": "strike"}


class Walk(RuleBasedStateMachine):
    """A walk through one bureau, undone at its end."""

    bureau: Bureau  # as it stands before each walk
    came: ClassVar[Counter[str]] = Counter()  # states that applications came to, over all walks

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.bureau.days, self.bureau.told = 0.0, 0
        self.harmed: dict[int, str] = {}

    def teardown(self) -> None:
        try:
            assert history.verify().whole
            self.came.update(each.case.state for each in self.bureau.all())
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def somebody(self, pick: int) -> Any:
        people = self.bureau.people
        return people[sorted(people)[pick % len(people)]]

    # ── the right next step

    @rule(which=WHICH, times=st.integers(1, 3))
    def an_application_goes_on(self, which: int, times: int) -> None:
        for _ in range(times):
            self.bureau.attempt(partial(self.bureau.advance_application, which))

    @rule(times=st.integers(1, 5))
    def a_panel_goes_on(self, times: int) -> None:
        for _ in range(times):
            self.bureau.attempt(self.bureau.advance_panel)

    @rule(
        times=st.integers(1, 5),
        kinds=st.sampled_from([("approve", "defer"), ("reject", "approve"), ("amend", "reject")]),
    )
    def a_decision_goes_on(self, times: int, kinds: tuple[str, str]) -> None:
        for _ in range(times):
            self.bureau.attempt(partial(self.bureau.advance_decision, *kinds))

    # ── whatever is not anybody's turn

    @rule(case=PICK, move=PICK, who=PICK, hands=st.booleans())
    def anybody_makes_any_move(self, case: int, move: int, who: int, hands: bool) -> None:
        cases = self.bureau.cases()
        chosen = cases[-1 - case % len(cases)]
        moves = service.workflow_of(chosen).moves
        name = moves[move % len(moves)].name
        if name != "withdraw" or chosen.workflow != "application" or case % 5 == 0:
            given = GIVEN if hands else None
            self.bureau.attempt(partial(service.perform, chosen, name, self.somebody(who), "理由", given=given))

    @rule(which=WHICH, act=PICK, who=PICK)
    def anybody_does_anything_with_an_application(self, which: int, act: int, who: int) -> None:
        made, actor = self.bureau.all()[which], self.somebody(who)
        paper, version = printed(made), made.versions.first()
        code, today = paper.code if paper is not None else "PJ26-2222-2222", timezone.localdate()
        said = {"comment": "同意", "rank": 1, "match": Decimal(1), "policy": "示例"}
        row = getattr(made, "recommendation", None)
        goals = made.sections.get(name="goals")
        items = dict.fromkeys(("seal", "letter", *(f"material:{each}" for each in filling.MATERIALS)), (True, ""))
        waiver = Waiver.objects.first()
        acts: list[Callable[[], object]] = [
            lambda: drafts.save(made, actor, "goals", {"text": "改"}, revision=goals.revision),
            lambda: drafts.rename(made, actor, "另一名称"),
            lambda: plays.attach(made, actor, "licence"),
            lambda: applications.send(made, actor),
            lambda: districts.recommend(made, actor, said, revision=row.revision if row is not None else 0),
            lambda: districts.print_form(made, actor),
            lambda: districts.seal(made, actor, code, "某", today, [filling.PDF], "盖章.pdf"),
            lambda: checks.run(made, actor),
            lambda: checks.answer(made, actor, items if version is not None else {}),
            lambda: checks.ask_waiver(made, actor, "industry_output", "理由"),
            lambda: checks.approve_waiver(waiver, actor) if waiver is not None else None,
        ]  # fmt: skip
        self.bureau.attempt(acts[act % len(acts)])

    @rule(act=PICK, who=PICK)
    def anybody_does_anything_with_panel_and_decision(self, act: int, who: int) -> None:
        bureau, actor = self.bureau, self.somebody(who)
        panel, decision = bureau.panel, bureau.decision
        due = timezone.now() + datetime.timedelta(days=1)
        said = panels.Composed(bureau.all(), panel_play.SEATS, "某号码", due, (due + datetime.timedelta(days=9)).date())
        review = Review.objects.filter(panel=panel).order_by("pk").first() if panel is not None else None
        acts: list[Callable[[], object]] = [
            lambda: panels.make_up(bureau.call, actor, "patent", "专家组"),
            lambda: decisions.prepare(bureau.call, "patent", actor),
        ]
        if panel is not None:
            acts += [
                lambda: panels.compose(panel, actor, said), lambda: panels.look(panel, actor),
                lambda: panels.publish(panel, actor), lambda: panels.draw(panel, actor, panel_play.NUMBER),
                lambda: panels.lock(panel, actor), lambda: panels.dissolve(panel, actor, "理由"),
            ]  # fmt: skip
        if panel is not None and review is not None:
            sheet = panel_play.written(panel)
            acts += [lambda: reviews.save(review, actor, bureau.all()[0], sheet, revision=0)]
        if decision is not None:
            entries = {item.pk: decisions.Entry("approve", None, "理由") for item in deciding.items(decision)}
            acts += [
                lambda: decisions.propose(decision, actor, entries), lambda: decisions.renew(decision, actor),
                lambda: decisions.enter(decision, actor, entries, deciding.MEETING),
            ]  # fmt: skip
        bureau.attempt(acts[act % len(acts)])

    # ── time, and harm done past every page

    @rule(days=st.sampled_from([0.5, 1.1, 6.0]))
    def time_passes(self, days: float) -> None:
        self.bureau.days += days
        self.bureau.attempt(calls.pass_time)

    @precondition(lambda self: not self.harmed)
    @rule(which=WHICH, kind=st.sampled_from(["byte", "version", "answer"]), seldom=st.integers(0, 3))
    def harm_is_done(self, which: int, kind: str, seldom: int) -> None:
        """A byte of what it says, another version beside the one that was checked, an item found wanting after all."""
        made = self.bureau.all()[which]
        version, section = made.versions.first(), made.sections.get(name="plan")
        if seldom or version is None:
            return
        if kind == "byte":
            self.harmed[which] = section.content
            Section.objects.filter(pk=section.pk).update(content=section.content + " ")
        elif kind == "version":
            ApplicationVersion.objects.create(
                application=made, number=version.number + 1, content=version.content,
                content_hash=version.content_hash, by=version.by,
            )  # fmt: skip
        else:
            CheckAnswer.objects.create(
                application=made, version=version, item="seal", holds=False, reason="印章不清", by=version.by
            )

    @precondition(lambda self: self.harmed)
    @rule()
    def the_byte_is_put_back(self) -> None:
        for which, content in self.harmed.items():
            Section.objects.filter(application=self.bureau.all()[which], name="plan").update(content=content)
        self.harmed.clear()


@pytest.mark.parametrize(("walks", "steps"), [(2, 15), pytest.param(10, 40, marks=pytest.mark.slow)])
def test_whoever_does_whatever(cast: Cast, walks: int, steps: int) -> None:
    Walk.bureau = Bureau(cast)
    Walk.came = Counter()
    run_state_machine_as_test(
        Walk, settings=settings(
            max_examples=walks, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    if walks > 2:
        assert {"approved", "reviewed", "accepted", "submitted"} <= set(Walk.came), Walk.came


def test_the_walk_comes_to_the_end(cast: Cast) -> None:
    """With every step the right one, one is approved and one put off; then reviewed anew, and refused for want of
    places: so what the walks look at is there to be looked at."""
    bureau = Bureau(cast)
    for which in (0, 1):
        for _ in range(3):
            assert bureau.attempt(partial(bureau.advance_application, which)) == ""
    for step in (bureau.advance_panel, bureau.advance_decision):
        for _ in range(5 if step == bureau.advance_decision else 4):
            assert bureau.attempt(step) == ""
    assert [each.case.state for each in bureau.all()] == ["approved", "deferred"]
    assert Case.objects.filter(workflow="review", state="locked").count() == 5
    for step in (bureau.advance_decision, partial(bureau.advance_decision, "approve", "approve")):
        told = bureau.attempt(step)
    assert told == "budget"
    assert [each.case.state for each in bureau.all()] == ["approved", "deferred"]

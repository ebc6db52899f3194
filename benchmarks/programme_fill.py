"""Fills an empty site with a year of the programme: `python -m benchmarks.programme_fill 200`, in the site's
environment. It prints where each role's pages are, and what the moves took that people wait for, as JSON.

Calls of so many applications each: of one the panel is being made up, of one seven experts write, of one the decision
is on the table, of one its notice is out. The first application of each came by its way; the others are copies of it,
each of a firm of its own, in five districts. Experts, districts, firms and officers act as themselves.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from pingjiang.centre import commands

commands.ready()

from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre.cast import person  # noqa: E402
from tests.centre.programme import filling, panel_play  # noqa: E402
from tests.centre.programme import play as plays  # noqa: E402
from tests.centre.programme.deciding import play as deciding  # noqa: E402

from pingjiang.centre.accounts.models import Actor, District, Organisation  # noqa: E402
from pingjiang.centre.casework import service as casework  # noqa: E402
from pingjiang.centre.programme.content.steps import pages_of  # noqa: E402
from pingjiang.centre.programme.models import (  # noqa: E402
    Application,
    Call,
    Decision,
    Expert,
    Panel,
    Recommendation,
    Review,
    Sheet,
)
from pingjiang.centre.programme.review import sheets  # noqa: E402
from pingjiang.centre.programme.review.sheets import Written  # noqa: E402
from pingjiang.centre.programme.rulepack import pack_of  # noqa: E402
from pingjiang.centre.programme.services import applications, decisions, panels  # noqa: E402
from pingjiang.centre.programme.services.calls import Opened  # noqa: E402
from pingjiang.centre.programme.services.decisions import Entry  # noqa: E402

SEATS = {"technology": 3, "industry": 2, "ip": 1, "finance": 1}
_DISTRICTS = 5
_WRITING = 10  # firms that write an application
Made = TypeVar("Made")
Pages = list[tuple[str, str]]  # name of the page, its address


class Fill:
    """The site being filled. `took`: seconds of the processor by move."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.cast = casts.make()
        self.play = plays.begin(self.cast)
        self.chance = random.Random(20261130)
        self.took: dict[str, float] = {}
        panel_play.pool(self.play, 5)
        self.districts = [self.play.district, *map(self._district, range(1, _DISTRICTS))]
        self.officers = [self.cast.olga, *(self._of_bureau(f"Officer{n}", "programme_officer") for n in range(4))]
        self.leaders = [self.play.leader, self._of_bureau("Leader1", "decision_maker")]

    def _district(self, number: int) -> Actor:
        place = District.objects.create(code=f"32050{number}", name_zh=f"示例{number}区", name_en=f"District {number}")
        desk = Organisation.objects.create(kind="district", name_zh=f"示例{number}区知识产权局", district=place)
        return person(f"District{number}", desk, "district_officer")

    def _of_bureau(self, name: str, role: str) -> Actor:
        return person(name, self.cast.bureau, role, ["patent"] if role == "programme_officer" else None)

    def timed(self, name: str, work: Callable[[], Made]) -> Made:
        """Do it, and remember the processor time that it took, which depends little on what else the machine does; the
        longest of several counts."""
        began = time.process_time()
        made = work()
        self.took[name] = max(self.took.get(name, 0.0), round(time.process_time() - began, 2))
        return made

    def call(self) -> list[Application]:
        """A call and its accepted applications, in all districts."""
        budget = Decimal("4800000") * self.count / 4
        on = plays.call(self.play, tracks=[Opened("patent", filling.PACK, filling.VERSION, budget, self.count // 4)])
        made = panel_play.many(self.play, self.count, plays.application(self.play, "accepted", on))
        for at, each in enumerate(made[1:], start=1):
            desk = self.districts[at % _DISTRICTS].organisation
            Organisation.objects.filter(pk=each.case.owner_id).update(district=desk.district)
            Application.objects.filter(pk=each.pk).update(district=desk.district)
            Recommendation.objects.create(
                application=each, comment="同意推荐。", rank=at // _DISTRICTS + 1, match=Decimal("480.00"),
                policy="示例政策〔2026〕2号",
            )  # fmt: skip
        return made

    def panel(self, made: list[Application], *, drawn: bool = True) -> Panel:
        """A panel over them, looked at, and drawn."""
        found = panel_play.composed(self.play, made, SEATS)
        self.timed("look for conflicts", lambda: panels.look(found, self.cast.olga))
        if drawn:
            self.timed("publish the list", lambda: panels.publish(found, self.cast.olga))
            with panel_play.later(days=1, minutes=1):
                self.timed("draw", lambda: panels.draw(found, self.cast.olga, panel_play.NUMBER))
        return panel_play.fresh(found)

    def written(self, panel: Panel, made: list[Application], *, sign: bool) -> None:
        """Sheets of its experts: all and signed, or half of them."""
        criteria = sheets.criteria_of(panel)
        worth = {each.pk: self.chance.gauss(0.72, 0.08) for each in made}
        rows = Review.objects.filter(panel=panel).select_related("panel__case", "expert__membership__user", "case")
        for review in rows.order_by("pk"):
            panel_play.begin(review)
            new = []
            for each in made if sign else made[: len(made) // 2]:
                share = [worth[each.pk] + self.chance.gauss(0, 0.09) for _ in criteria.criteria]
                marks = {
                    row.id: criteria.step * round(min(max(one, 0.0), 1.0) * float(row.points / criteria.step))
                    for row, one in zip(criteria.criteria, share, strict=True)
                }
                sheet = Sheet(review=review, application=each, revision=1)
                sheets.put(sheet, Written(marks, dict.fromkeys(marks, "依据充分；指标与进度的衔接还可细化。"), ""))
                new.append(sheet)
            Sheet.objects.bulk_create(new)
            if sign:
                who = panel_play.actor_of(review.expert)
                self.timed("sign all sheets", partial(casework.perform, review.case, "lock", who))

    def decision(self, panel: Panel, *, until: str) -> Decision:
        """A decision on a locked panel, as far as its state."""
        olga, leader = self.cast.olga, self.play.leader
        made = self.timed("prepare the pack", lambda: decisions.prepare(panel.call, "patent", olga))
        rows = deciding.items(made)
        kinds = ["approve" if row.position <= self.count // 4 else "reject" for row in rows]
        said = {row.pk: Entry(kind, None, "理由") for row, kind in zip(rows, kinds, strict=True)}
        self.timed("propose", lambda: decisions.propose(made, olga, said))
        if until == "drafting":
            return made
        self.timed("put on the table", lambda: casework.perform(deciding.fresh(made).case, "table", olga))
        if until == "publicity":
            self.timed("enter", lambda: decisions.enter(deciding.fresh(made), leader, said, deciding.MEETING))
            self.timed("decide", lambda: casework.perform(deciding.fresh(made).case, "decide", leader))
            self.timed("publish the notice", lambda: casework.perform(deciding.fresh(made).case, "publicise", olga))
        return deciding.fresh(made)

    def locked(self) -> tuple[list[Application], Panel]:
        """Applications with a panel that has locked."""
        made = self.call()
        panel = self.panel(made)
        self.written(panel, made, sign=True)
        self.timed("lock the panel", lambda: panels.lock(panel, self.cast.olga))
        return made, panel_play.fresh(panel)

    def writers(self, on: Call) -> list[tuple[Actor, Application]]:
        """Firms with an application that they write."""
        found = []
        for number in range(_WRITING):
            desk = self.districts[number % _DISTRICTS].organisation
            firm = Organisation.objects.create(kind="firm", name_zh=f"撰写单位 {number}", district=desk.district)
            actor = person(f"Writer{number}", firm, "member_user")
            made = applications.begin(on, actor, "patent", f"正在填报的项目 {number}")
            plays.fill(made, actor)
            found.append((actor, made))
        return found


def _at(name: str, *arguments: object, query: str = "") -> str:
    return reverse(name, args=arguments) + query


def _some(fill: Fill, name: str, page: str, rows: list[Application], query: str = "") -> Pages:
    """A page of a dozen of the records, under one name."""
    return [(page, _at(name, row.case_id, query=query)) for row in fill.chance.sample(rows, min(12, len(rows)))]


def filled(count: int) -> dict[str, Any]:
    """Role → accounts and pages; and what moves took."""
    fill = Fill(count)
    waiting = fill.call()
    composed = fill.panel(waiting, drawn=False)
    under_review = fill.call()
    drawn = fill.panel(under_review)
    fill.written(drawn, under_review, sign=False)
    reviewed, locked = fill.locked()
    drafting = fill.decision(locked, until="drafting")
    _tabled, tabled_panel = fill.locked()
    tabled = fill.decision(tabled_panel, until="tabled")
    _public, public_panel = fill.locked()
    public = fill.decision(public_panel, until="publicity")
    opened = Review.objects.filter(panel=locked, case__state="locked").order_by("pk")[0]
    writing = fill.writers(drawn.call)
    shared: Pages = [("/", "/"), ("/todo/", "/todo/"), ("/cases/", "/cases/")]
    lists: Pages = [(_at(name)[1:], _at(name)) for name in ("calls", "applications", "panels", "reviews", "decisions")]
    results: Pages = [
        ("panels/…/results/", _at("panel-results", locked.case_id)),
        ("panels/…/results/?by=kemeny", _at("panel-results", locked.case_id, query="?by=kemeny")),
        ("decisions/…/ (tabled)", _at("decision", tabled.case_id)),
        ("decisions/…/ (notice out)", _at("decision", public.case_id)),
    ]
    officer = [
        *shared, *lists, *results, *_some(fill, "application", "applications/…/", reviewed),
        *_some(fill, "application-check", "applications/…/check/", waiting),
        ("applications/?page=4", _at("applications", query="?page=4")),
        ("applications/?q=…", _at("applications", query="?q=示例项目 01")),
        ("calls/…/", _at("call", locked.call.case_id)), ("experts/", _at("experts")),
        ("panels/…/ (draft)", _at("panel", composed.case_id)),
        ("panels/…/compose/", _at("panel-compose", composed.case_id)),
        ("panels/…/conflicts/", _at("panel-conflicts", composed.case_id)),
        ("panels/…/ (drawn)", _at("panel", drawn.case_id)), ("panels/…/ (locked)", _at("panel", locked.case_id)),
        ("reviews/…/ (opened)", _at("review", opened.case_id)),
        ("reviews/…/applications/…/ (opened)", _at("review-sheet", opened.case_id, reviewed[7].case_id)),
        ("decisions/…/ (drafting)", _at("decision", drafting.case_id)), ("simulation/", _at("simulation")),
        ("objections/", _at("objections")),
    ]  # fmt: skip
    experts = {}
    for review in Review.objects.filter(panel=drawn).select_related("expert__membership__user").order_by("pk"):
        of_each = [
            ("reviews/…/applications/…/", _at("review-sheet", review.case_id, row.case_id))
            for row in fill.chance.sample(under_review, min(12, count))
        ]
        experts[review.expert.membership.user.username] = [
            *shared, ("reviews/", _at("reviews")), ("reviews/…/", _at("review", review.case_id)), *of_each,
            ("experts/me/", _at("expert-me")),
        ]  # fmt: skip
    return {
        "took": fill.took,
        "people": {
            **{each.user.username: officer for each in fill.officers},
            **{each.user.username: [*shared, *lists, *results, *_some(fill, "application", "applications/…/", reviewed)]
               for each in fill.leaders},
            **{each.user.username: _of_district(fill, each, shared) for each in fill.districts},
            **{actor.user.username: _of_writer(actor, made, shared) for actor, made in writing}, **experts,
            "": [
                ("public/calls/", _at("public-calls")), ("public/calls/…/", _at("public-call", locked.call.case_id)),
                ("public/panels/", _at("public-panels")), ("public/panels/…/", _at("public-panel", drawn.case_id)),
                ("public/decisions/", _at("public-decisions")),
                ("public/decisions/…/", _at("public-decision", public.case_id)),
            ],
        },
    }  # fmt: skip


def _of_district(fill: Fill, actor: Actor, shared: Pages) -> Pages:
    rows = list(Application.objects.filter(district=actor.organisation.district).exclude(case__state="draft"))
    return [
        *shared, ("applications/district/", _at("district-applications")), ("applications/", _at("applications")),
        *_some(fill, "application-district", "applications/…/district/", rows),
        *_some(fill, "application", "applications/…/", rows), ("decisions/", _at("decisions")),
    ]  # fmt: skip


def _of_writer(actor: Actor, made: Application, shared: Pages) -> Pages:
    steps = [page.name for page in pages_of(pack_of(made), made.case.track)]
    return [
        *shared, ("calls/", _at("calls")), ("calls/…/", _at("call", made.call.case_id)),
        ("calls/…/check/…/", _at("call-check", made.call.case_id, "patent")), ("applications/", _at("applications")),
        ("applications/…/", _at("application", made.case_id)),
        *((f"applications/…/write/{name}/", _at("application-step", made.case_id, name)) for name in steps),
    ]  # fmt: skip


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    assert not Expert.objects.exists()
    reverse("verify")  # loads all pages, which a server has done before anybody waits
    print(json.dumps(filled(int(sys.argv[1])), ensure_ascii=False))

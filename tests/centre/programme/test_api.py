"""The programme by a program: the same as on the pages, no more; what is public without a token, and never a mark."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from pingjiang.centre.casework import service
from pingjiang.centre.programme.content.hashing import hash_of
from pingjiang.centre.programme.models import Call, Expert, Panel
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.services import calls, checks, drafts
from tests.centre.api.test_endpoints import Program
from tests.centre.cast import Cast
from tests.centre.programme import filling, panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def anybody(path: str, **query: Any) -> tuple[int, Any]:
    found = Client().get(f"/api/v1/public/{path}", query)
    return found.status_code, found.json()


def test_an_applicant_reads_state_versions_and_content_with_its_hash(play: Play) -> None:
    made = plays.application(play, "submitted")
    firm, path = Program(play.cast.alice), f"applications/{made.case_id}"
    status, page = firm.get("applications", call=made.call.case_id)
    assert status == 200 and [each["id"] for each in page["items"]] == [made.case_id]
    one = firm.get(path)[1]
    assert (one["state"], one["state_zh"], one["versions"], one["seal"]) == ("submitted", "形式审查", 1, "standing")
    assert one["content_hash"] == hash_of(made) and one["call"] == made.call.case_id
    (version,) = firm.get(f"{path}/versions")[1]
    status, said = firm.get(f"{path}/versions/{version['number']}")
    assert status == 200 and hashlib.sha256(said["text"].encode()).hexdigest() == version["content_hash"]
    assert said["sections"] == filling.content() and len(said["attachments"]) == len(filling.MATERIALS)
    assert firm.get(f"{path}/versions/2")[0] == firm.get("applications/999999/versions/1")[0] == 404
    assert firm.get("applications", call=999_999)[1]["items"] == firm.get("applications", state="draft")[1]["items"]
    assert firm.get("applications", calls=1)[0] == 422
    for stranger in (play.cast.charlie, play.other_district):
        assert Program(stranger).get("applications")[1]["total"] == 0
        for each in (path, f"{path}/versions", f"{path}/versions/1", f"{path}/checks"):
            assert Program(stranger).get(each)[0] == 404


def test_what_is_being_corrected_only_its_applicant_reads(play: Play) -> None:
    made = plays.application(play, "supplement")
    row = made.sections.get(name="clustered")
    changed = {"text": "补正中", "bodies": "100", "location_quotient": "1.4"}
    drafts.save(made, play.cast.alice, "clustered", changed, revision=row.revision)
    path, told = f"applications/{made.case_id}", {}
    for name, actor in (("firm", play.cast.alice), ("district", play.district), ("bureau", play.cast.olga)):
        program = Program(actor)
        one, found = program.get(path)[1], program.get(f"{path}/checks")[1]
        bodies = next(each for each in found["lines"] if each["rule"] == "industry_bodies")
        told[name] = (one["seal"], one["content_hash"] == hash_of(plays.fresh(made)), bodies["status"])
        assert found["content_hash"] == one["content_hash"]
    plays.attach(made, play.cast.alice, "licence", filling.PDF + b"2")
    drafts.rename(plays.fresh(made), play.cast.alice, "补正后的名称")
    since = made.case.events.filter(kind="move").latest("number").number
    for name, actor in (("firm", play.cast.alice), ("district", play.district), ("bureau", play.cast.olga)):
        events = Program(actor).get(f"cases/{made.case_id}/events")[1]
        written = {each["kind"] for each in events if each["number"] > since}
        assert ({"document added", "renamed"} <= written) == (name == "firm") and "task given" in written
    assert told["firm"] == ("void", True, "fail")
    assert told["district"] == told["bureau"] == ("standing", False, "pass")


def test_what_the_formal_check_found_is_the_bureau_s(play: Play) -> None:
    made = plays.application(play, "submitted")
    plays.check(play, made)
    checks.answer(made, play.cast.olga, {"letter": (False, "承诺函未写金额")})
    checks.ask_waiver(made, play.cast.olga, "industry_output", "成长性好。")
    path = f"applications/{made.case_id}/checks"
    bureau = Program(play.cast.olga).get(path)[1]
    assert bureau["run"]["version"] == 1 and len(bureau["run"]["lines"]) == len(bureau["lines"]) > 5
    assert all(each["clause"] and each["label_zh"] for each in bureau["run"]["lines"])
    (letter,) = [each for each in bureau["items"] if each["item"] == "letter"]
    assert (letter["holds"], letter["reason"]) == (False, "承诺函未写金额")
    assert [(each["rule"], each["approved_at"]) for each in bureau["waivers"]] == [("industry_output", None)]
    for actor in (play.cast.alice, play.district):
        found = Program(actor).get(path)[1]
        assert found["lines"] and (found["run"], found["items"], found["waivers"]) == (None, [], [])


def test_calls_for_everybody(play: Play) -> None:
    plays.call(play, "draft")
    plays.call(play, "withdrawn")
    call = plays.call(play)
    calls.answer(calls.ask(call, play.cast.charlie, "外省企业可否申报？"), play.cast.olga, "须在本市登记。")
    calls.ask(call, play.cast.charlie, "还没有答复的提问")
    service.perform(call.case, "extend", play.leader, "系统维护", given=plays.later(call))
    status, page = anybody("calls")
    assert status == 200 and [each["id"] for each in page["items"]] == [call.case_id]
    one = anybody(f"calls/{call.case_id}")[1]
    assert one == page["items"][0]
    (track,) = one["tracks"]
    assert (track["budget"], track["places"], track["district_quota"]) == ("20000000.00", 4, 2) and track["materials"]
    assert [(each["question"], each["answer"]) for each in one["questions"]] == [
        ("外省企业可否申报？", "须在本市登记。")
    ]  # fmt: skip
    (extension,) = one["extensions"]
    assert extension["reason"] == "系统维护" and {each["name"] for each in extension["times"]} == {
        "closes_at", "seals_until"
    }  # fmt: skip
    assert one["closes_at"] == next(each["after"] for each in extension["times"] if each["name"] == "closes_at")
    assert len(one["codes"]) == 2 and play.cast.other.name_zh not in str(one)
    assert anybody("calls/999999")[0] == anybody(f"calls/{Call.objects.earliest('pk').case_id}")[0] == 404
    assert anybody("calls", limit=0)[0] == anybody("calls", page=1)[0] == 422


def test_a_list_of_experts_with_its_draw_and_never_a_mark(play: Play) -> None:
    panel = panel_play.panel(play, "drawn")
    one = anybody(f"panels/{panel.case_id}")[1]
    assert hashlib.sha256(one["list_text"].encode()).hexdigest() == one["list_hash"]
    rules = drawing.draw(one["list_text"], one["public_number"], drawing.DrawRules(1, False, 1))
    for stratum, seats in zip(rules.strata, one["seats"], strict=True):
        order = [each.code for each in stratum.order if not each.excluded]
        assert seats["seated"] + seats["following"] == order and len(seats["seated"]) == stratum.seats
    panel_play.panel(play, "draft")
    assert [each["id"] for each in anybody("panels")[1]["items"]] == [panel.case_id]
    names = [each.membership.user.name for each in Expert.objects.select_related("membership__user")]
    assert names and not any(name in str(one) for name in names)


def test_a_public_notice_tells_what_it_grants(cast: Cast) -> None:
    table = deciding.begin(cast)
    made = deciding.decision(table, "publicity", ("approve", "reject"))
    hidden = deciding.items(made)[1].application.case
    status, page = anybody("decisions")
    assert status == 200 and page["items"] == [anybody(f"decisions/{made.case_id}")[1]]
    (one,) = page["items"]
    assert [each["amount"] for each in one["grants"]] == [one["total"]] == ["4800000.00"]
    assert one["grants"][0]["applicant"] == cast.firm.name_zh and one["code"].startswith("PJ")
    assert hidden.title not in str(one) and "mean" not in str(one)
    panel = Panel.objects.get()
    opened = str(anybody(f"panels/{panel.case_id}")[1])
    assert panel.case.state == "locked" and "mark" not in opened and "score" not in opened

"""Calls and applications in their states, for the site that browsers look at."""

from __future__ import annotations

from django.urls import reverse

from pingjiang.centre.programme.services import applications, calls
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.deciding.fill import fill_decisions
from tests.centre.programme.review_fill import fill_reviews


def fill_programme(cast: Cast) -> dict[str, list[str]]:
    """Name of a URL → who sees it, and where."""
    play = plays.begin(cast)
    call = plays.call(play)
    question = calls.ask(call, cast.charlie, "集群企业家数怎样计算，是否包括市外设立的分公司？")
    waiting = calls.ask(call, cast.charlie, "配套经费可否分年到位？")
    calls.answer(question, cast.olga, "按在本市登记的统一社会信用代码计，每个代码计一次。")
    draft_call = plays.call(play, "draft", title="2027 年度运营中心申报通知（拟稿）")
    applications.precheck(call, cast.alice, "patent", filling.STATED)
    draft = plays.application(play, on=call)
    sent = plays.application(play, "district", on=call)
    submitted = plays.application(play, "submitted", on=call)
    step = reverse("application-step", args=[draft.case_id, "budget"])
    return {
        "call": ["alice", reverse("call", args=[call.case_id])],
        "call-edit": ["olga", reverse("call-edit", args=[draft_call.case_id])],
        "call-ask": ["charlie", reverse("call-ask", args=[call.case_id])],
        "call-answer": ["olga", reverse("call-answer", args=[call.case_id, waiting.pk])],
        "call-check": ["alice", reverse("call-check", args=[call.case_id, "patent"])],
        "public-call": ["", reverse("public-call", args=[call.case_id])],
        "application": ["alice", reverse("application", args=[draft.case_id])],
        "application-step": ["alice", step],
        "application-drafts": ["alice", f"{step}drafts/"],
        "application-cite": ["alice", reverse("application-cite", args=[draft.case_id])],
        "application-district": [play.district.user.username, reverse("application-district", args=[sent.case_id])],
        "application-check": ["olga", reverse("application-check", args=[submitted.case_id])],
        **fill_reviews(play),
        **fill_decisions(play),
    }

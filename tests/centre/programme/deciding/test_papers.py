"""What the papers of a decision say, and that each bears a code that everybody can verify."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from pingjiang.centre.documents import papers
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme.deciding import effects
from pingjiang.centre.programme.models import Decision
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import Table

pytestmark = pytest.mark.django_db


def said(made: Decision, name: str) -> str:
    """All texts of a paper, in its order."""
    paper = Paper.objects.filter(case=made.case_id, name=name).order_by("-edition")[0]
    return "\n".join(_texts(json.loads(paper.said)))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value)]


def test_the_pack_has_all_that_the_meeting_needs(table: Table) -> None:
    made = plays.decision(table, "tabled", ("approve", "amend"))
    text = said(made, effects.PACK)
    for each in table.applications:
        assert each.case.title in text and each.case.owner.name_zh in text
    wanted = ("480.00", "240.00", "理由 1", "理由 2", "720.00", "780.00", "1,500.00", "入选概率", "1000 次", "稳",
              "未检出", made.results_digest[:16])  # fmt: skip
    assert [each for each in wanted if each not in text] == []


def test_what_was_decided_stands_with_its_meeting(table: Table) -> None:
    made = plays.decision(table, "decided", ("approve", "defer"))
    text = said(made, effects.RESULT)
    wanted = ("示例纪〔2026〕12 号", "2026年1月15日", "顾行简、程越、何以安", "同意", "缓议", "480.00")
    assert [each for each in wanted if each not in text] == []


def test_codes_are_verified_by_everybody_and_recalled_papers_say_so(table: Table) -> None:
    made = plays.decision(table, "publicity")
    notice = Paper.objects.get(case=made.case_id, name=effects.NOTICE)
    assert papers.standing(notice) == "current"
    page = Client().get("/verify/", {"code": notice.code}).content.decode()
    assert "现行有效" in page and notice.code in page
    address = f"/public/decisions/{made.case_id}/"
    pdf = Client().get(f"{address}paper.pdf")
    assert pdf.status_code == 200 and b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    plays.take(table, made, "reconsider")
    assert papers.standing(notice) == "recalled"
    assert Client().get(f"{address}paper.pdf").status_code == 404
    for step in ("decide", "publicise"):
        plays.take(table, made, step)
    again = Paper.objects.filter(case=made.case_id, name=effects.NOTICE).order_by("-edition")[0]
    assert (again.edition, papers.standing(again)) == (2, "current")


def test_the_final_list_takes_the_place_of_the_notice(table: Table) -> None:
    made = plays.decision(table, "final", ("amend", "reject"))
    text = said(made, effects.FINAL)
    assert "240.00" in text and table.applications[0].case.title in text
    assert table.applications[1].case.title not in text
    page = Client().get(f"/public/decisions/{made.case_id}/").content.decode()
    assert Paper.objects.get(case=made.case_id, name=effects.FINAL).code in page

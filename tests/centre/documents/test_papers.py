"""Papers of cases: kept in both forms, answered for by their code, superseded and recalled, never changed."""

from __future__ import annotations

import datetime
import hashlib

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import papers, store
from pingjiang.centre.documents.models import Paper, Recall
from pingjiang.documents.papers import Paper as Said
from pingjiang.documents.papers import Paragraph
from pingjiang.errors import InputRefused
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db
SECRET = "责令甲公司整改"


def said(text: str = "内容从略。") -> Said:
    return Said("市局文件", SECRET, (Paragraph(text),), "市局", datetime.date(2026, 11, 27))


@pytest.fixture
def case(cast: Cast) -> Case:
    return service.open_case(ERRAND, cast.alice, number="P-1", title="事", authority=cast.bureau)


def issued(case: Case, cast: Cast, text: str = "内容从略。") -> Paper:
    with transaction.atomic():
        return papers.issue(case, "letter", said(text), ("通知书", "Letter"), cast.olga, lines=("规则 第 2 版",))


def test_a_paper_is_kept_in_both_forms_with_one_digest(cast: Cast, case: Case) -> None:
    paper = issued(case, cast)
    pdf, word = store.open_content(paper.pdf).read(), store.open_content(paper.word).read()
    assert pdf.startswith(b"%PDF") and word.startswith(b"PK")
    assert hashlib.sha256(pdf).hexdigest() == paper.pdf_id
    assert hashlib.sha256(paper.said.encode()).hexdigest() == paper.digest == said().digest
    assert paper.code.startswith("PJ26-") and papers.look_up(paper.code.lower().replace("-", "")) == paper
    assert history.verify().whole


def test_editions_supersede_and_a_recall_ends(cast: Cast, case: Case) -> None:
    one, two = issued(case, cast), issued(case, cast, "新内容。")
    assert (one.edition, two.edition) == (1, 2) and one.code != two.code
    assert (papers.standing(one), papers.standing(two)) == ("superseded", "current")
    with pytest.raises(Refused, match="理由"):
        papers.recall(two, cast.olga, " ")
    papers.recall(two, cast.olga, "写错了")
    assert (papers.standing(one), papers.standing(two)) == ("superseded", "recalled")
    with pytest.raises(Refused, match="已经撤回"):
        papers.recall(two, cast.olga, "再撤")
    assert Recall.objects.count() == 1 and history.verify().whole


def test_what_cannot_be_printed_leaves_nothing(cast: Cast, case: Case) -> None:
    with pytest.raises(InputRefused, match=r"U\+1F9FF"):
        issued(case, cast, "图案🧿")
    assert not Paper.objects.exists()
    with pytest.raises(RuntimeError, match="transaction"):
        _outside(case, cast)


def _outside(case: Case, cast: Cast) -> None:
    from unittest.mock import patch

    with patch.object(transaction.get_connection(), "in_atomic_block", False):
        papers.issue(case, "letter", said(), "通知书", cast.olga)


def test_the_public_page_answers_and_tells_no_content(cast: Cast, case: Case) -> None:
    case.synthetic = True
    case.save()
    one = issued(case, cast)
    client = Client()
    page = client.get(reverse("verify"), {"code": one.code.lower()})
    text = page.content.decode()
    assert page.status_code == 200
    for wanted in (one.code, one.digest, "通知书", "市局", "2026-11-27", "现行有效", "示例数据"):
        assert wanted in text, wanted
    assert SECRET not in text and "内容从略" not in text and "甲公司" not in text
    issued(case, cast, "新")
    assert "已被新版替代" in client.get(reverse("verify"), {"code": one.code}).content.decode()
    english = client.get(reverse("verify"), {"code": one.code}, headers={"accept-language": "en"}).content.decode()
    assert "Superseded" in english and "Letter" in english


def test_wrong_codes_are_answered_and_guessing_is_slowed(cast: Cast, case: Case) -> None:
    one, client = issued(case, cast), Client()
    slip = client.get(reverse("verify"), {"code": one.code[:-1] + ("2" if one.code[-1] != "2" else "3")})
    assert slip.status_code == 404 and "核对" in slip.content.decode()
    assert client.get(reverse("verify")).status_code == 200
    evil = client.get(reverse("verify"), {"code": "<script>alert(1)</script>"})
    assert evil.status_code == 404 and "<script>" not in evil.content.decode()
    statuses = [client.get(reverse("verify"), {"code": f"PJ26-{n}"}).status_code for n in range(25)]
    assert statuses.count(404) == 18 and set(statuses[18:]) == {429}
    assert client.get(reverse("verify"), {"code": one.code}).status_code == 429


def test_files_of_a_paper_go_to_those_who_see_its_case(cast: Cast, case: Case) -> None:
    paper = issued(case, cast)
    for form in ("pdf", "docx"):
        url = reverse("paper-file", args=[paper.code, form])
        for actor, status in ((cast.alice, 200), (cast.charlie, 404), (None, 404)):
            client = Client()
            if actor:
                client.force_login(actor.user)
            answer = client.get(url)
            assert answer.status_code == status
            if status == 200:
                assert answer["Content-Disposition"].startswith("attachment")

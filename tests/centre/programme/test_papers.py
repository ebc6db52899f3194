"""Papers say all that was typed, in words that are data; what the bureau finds nobody reads before its letter."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from pathlib import Path

import docx
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.casework.models import Event
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme import papers as papers_of
from pingjiang.centre.programme.papers.application import application_paper
from pingjiang.centre.programme.papers.words import WORDS
from pingjiang.centre.programme.printing import FORM, printed_hash
from pingjiang.centre.programme.services import checks
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays

FOLDER = Path(papers_of.__file__).parent


def test_every_word_is_used_and_every_word_used_is_there() -> None:
    sources = [*FOLDER.glob("*.py"), FOLDER.parent / "printing.py"]
    told = [path.read_text(encoding="utf-8") for path in sources]
    code = "".join(text for text in told if "papers.words import" in text)
    used = {name for name in WORDS if re.search(rf"[\"']{name}[\"']", code) or name.startswith("status_")}
    assert used == set(WORDS)
    asked = set(re.findall(r"\bword\(\s*[\"'](\w+)[\"']", code))
    assert asked <= set(WORDS)
    statuses = {"pass", "fail", "waivable", "waived", "expert", "unknown"}
    assert {name.removeprefix("status_") for name in WORDS if name.startswith("status_")} == statuses


@pytest.mark.django_db
def test_an_application_is_printed_as_it_was_typed(cast: Cast) -> None:
    play = plays.begin(cast)
    made = plays.application(play, "district")
    said = application_paper(made).canonical
    for name in filling.TEXTS:
        assert f"（{name}）" in said
    for text in (
        "280.00",
        "300.00",
        "1,010.00",
        "林知白",
        "第 12 季度任务",
        "2029-10—12",
        "101",
        "盖公章",
        "licence.pdf",
    ):
        assert text in said, text
    paper = Paper.objects.get(case=made.case_id, name=FORM)
    assert paper.digest == application_paper(made).digest
    assert printed_hash(paper) == plays.fresh(made).versions.get().content_hash
    assert printed_hash(paper)[:8] in said


@pytest.mark.django_db
def test_letters_say_why_and_by_which_clause(cast: Cast) -> None:
    play = plays.begin(cast)
    made = plays.application(play, "accepted")
    accepted = made.case.papers.get(name="acceptance")
    told = json.loads(accepted.said)
    assert accepted.title == "受理通知书" and told["addressee"] == cast.firm.name_zh
    (table,) = [block for block in told["body"] if block["kind"] == "table"]
    assert ["三（一）4", "101 家，超过 100 家。"] in [[row[0], row[3]] for row in table["rows"]]
    rejected = plays.application(play, "rejected").case.papers.get(name="acceptance")
    assert rejected.title == "不予受理通知书" and "理由" in rejected.said
    corrected = plays.application(play, "supplement").case.papers.get(name="correction")
    assert "补正以一次为限" in corrected.said


@pytest.mark.django_db
@pytest.mark.parametrize(("step", "name"), [("reject", "acceptance"), ("correct", "correction")])
def test_letters_tell_what_was_not_in_order_and_none_of_what_was(cast: Cast, step: str, name: str) -> None:
    play = plays.begin(cast)
    made = plays.application(play, "submitted")
    plays.check(play, made)
    reason = "名单实有 100 家，未超过 100 家。"
    checks.answer(plays.fresh(made), cast.olga, {"material:body_list": (False, reason)})
    plays.take(play, made, step)
    (table,) = [block for block in json.loads(made.case.papers.get(name=name).said)["body"] if block["kind"] == "table"]
    assert [(row[1], row[2]) for row in table["rows"]] == [("三（一）4", reason)]


@pytest.mark.django_db
def test_no_text_stands_under_its_own_heading_twice(cast: Cast) -> None:
    """A section of one text beside data has its heading once; a text after others is told from them."""
    body = json.loads(application_paper(plays.application(plays.begin(cast), "district")).canonical)["body"]
    headings = [block["text"] for block in body if block["kind"] == "heading"]
    assert "产业分析：战略性" in headings
    assert [text for text, following in pairwise(headings) if text == following] == []
    leading = headings.index("产业分析：引领性")
    assert headings[leading + 1 : leading + 4] == ["龙头企业", "核心产业技术研究机构（含高校）", "说明"]


@pytest.mark.django_db
def test_the_history_of_the_case_does_not_tell_what_the_bureau_finds(cast: Cast) -> None:
    play = plays.begin(cast)
    made = plays.application(play, "submitted")
    plays.check(play, made)
    kinds = set(Event.objects.filter(case=made.case_id).values_list("kind", flat=True))
    assert not kinds & {"item checked", "formal check run", "waiver asked", "recommendation saved"}
    assert Event.objects.filter(kind="item checked", subject=f"application:{made.case_id}").exists()


@pytest.mark.django_db
def test_a_draft_of_the_paper_is_there_before_it_is_sent_and_bears_no_code(cast: Cast) -> None:
    play = plays.begin(cast)
    made = plays.application(play, "draft")
    client = Client()
    client.force_login(cast.alice.user)
    urls = {form: reverse("application-draft", args=[made.case_id, form]) for form in ("pdf", "docx")}
    page = client.get(reverse("application-step", args=[made.case_id, "goals"])).content.decode()
    assert all(url in page for url in urls.values())
    files = {form: b"".join(client.get(url).streaming_content) for form, url in urls.items()}  # type: ignore[attr-defined]
    pages = ["".join(each.extract_text().split()) for each in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages]
    assert len(pages) > 10 and all("草稿" in text and "PJ26-" not in text for text in pages)
    assert all(f"（{name}）" in "".join(pages) for name in filling.TEXTS)
    document = docx.Document(io.BytesIO(files["docx"]))
    assert document.sections[0].header.paragraphs[-1].text == "草稿"
    assert not Paper.objects.filter(case=made.case_id).exists()
    assert client.get(urls["pdf"].replace("pdf", "txt")).status_code == 404
    plays.take(play, made, "send")
    assert client.get(urls["pdf"]).status_code == 404  # it has its paper now


@pytest.mark.django_db
def test_a_draft_that_cannot_be_printed_says_why(cast: Cast) -> None:
    play = plays.begin(cast)
    made = plays.application(play, "draft", goals={"text": "目标🧿"})
    client = Client()
    client.force_login(cast.alice.user)
    answer = client.get(reverse("application-draft", args=[made.case_id, "pdf"]), follow=True)
    assert answer.redirect_chain and "U+1F9FF" in answer.content.decode()

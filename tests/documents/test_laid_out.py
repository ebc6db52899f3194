"""How papers are laid out: amounts on the right, rows whole, titles in lines alike, headings that are headings."""

from __future__ import annotations

import io
from collections import Counter

import docx
import pypdf
import pypdfium2
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from pingjiang.documents.papers import Heading, Paragraph, Table
from pingjiang.documents.typeset import pdf
from pingjiang.documents.word import word
from tests.documents.test_papers import mark, paper

MONEY = Table(
    ("序", "项目", "支持经费（万元）", "名次"),
    (("1", "智能网联汽车", "1,460.00", "1"), ("2", "新材料", "−20.50", "2–3"), ("3", "半导体", "—", "3")),
)


def test_a_column_of_numbers_alone_stands_on_the_right() -> None:
    assert MONEY.numbers == (True, False, True, False)
    assert Table(("项目", "内容"), (("家数", "132"),)).numbers == (False, False), "label and value"
    assert Table(("a", "b", "c"), (("—", "", "x"),)).numbers == (False, False, False), "no number at all"
    assert Table(("a", "b", "c"), ()).numbers == (False, False, False)


def test_so_it_does_in_word() -> None:
    made = paper(body=(MONEY,))
    (grid,) = docx.Document(io.BytesIO(word(made, mark(made)))).tables
    for row in grid.rows:
        sides = [cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for cell in row.cells]
        assert sides == [True, False, True, False]


def edges(data: bytes, words: list[str]) -> dict[str, tuple[float, float]]:
    """Left and right of words on the first page."""
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    found = {}
    for each in words:
        place = page.search(each).get_next()
        assert place is not None, each
        boxes = [page.get_charbox(place[0] + at) for at in range(place[1])]
        found[each] = (min(box[0] for box in boxes), max(box[2] for box in boxes))
    return found


def test_so_it_does_in_the_pdf() -> None:
    made = paper(body=(MONEY,))
    found = edges(pdf(made, mark(made)), ["1,460.00", "20.50", "智能网联汽车", "新材料"])
    assert found["1,460.00"][1] == pytest.approx(found["20.50"][1], abs=1)
    assert found["智能网联汽车"][0] == pytest.approx(found["新材料"][0], abs=1)
    assert found["1,460.00"][0] < found["20.50"][0] - 5


def test_a_short_row_is_whole_on_one_page() -> None:
    cell = "产业知识产权运营中心建设项目" * 4
    rows = tuple((str(number), f"{number:02}起{cell}止{number:02}", "460.00") for number in range(1, 25))
    made = paper(body=(Table(("序", "项目", "万元"), rows, (1, 3, 1)),))
    pages = ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf(made, mark(made)))).pages]
    assert len(pages) > 2
    for number in range(1, 25):
        assert sum(f"{number:02}起产" in page and f"止{number:02}" in page for page in pages) == 1, number
    (grid,) = docx.Document(io.BytesIO(word(made, mark(made)))).tables
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in grid.rows)


def test_a_row_longer_than_a_page_goes_on_over_pages() -> None:
    made = paper(body=(Table(("项", "文"), (("一", "长" * 3000 + "完"),)),))
    pages = pypdf.PdfReader(io.BytesIO(pdf(made, mark(made)))).pages
    assert len(pages) > 2 and any("完" in page.extract_text() for page in pages)
    (grid,) = docx.Document(io.BytesIO(word(made, mark(made)))).tables
    assert grid.rows[1]._tr.trPr is None or grid.rows[1]._tr.trPr.find(qn("w:cantSplit")) is None


TITLE = (
    "关于申报年度产业知识产权运营中心建设项目的通知专利类审定结果及其公示名单和说明"
    "以及其他有关事项的请示报告和附件目录"
)  # fmt: skip


@pytest.mark.parametrize("length", range(20, 57, 3))
def test_lines_of_a_title_are_about_as_long_as_one_another(length: int) -> None:
    made = paper(title=TITLE[:length])
    page = pypdfium2.PdfDocument(pdf(made, mark(made)))[0].get_textpage()
    found = page.search(TITLE[:4]).get_next()
    assert found is not None
    lines: Counter[int] = Counter()
    at = found[0]
    while lines.total() < length:
        if page.get_text_range(at, 1).strip():
            _left, bottom, _right, top = page.get_charbox(at)
            lines[round((bottom + top) / 2 / 34)] += 1
        at += 1
    assert len(lines) > 1 and max(lines.values()) - min(lines.values()) <= 4, lines


def test_headings_are_headings_for_who_reads_by_them() -> None:
    made = paper(body=(Heading("一、申报条件"), Paragraph("正文。"), Heading("（一）产业", 2), Paragraph("正文。")))
    reader = pypdf.PdfReader(io.BytesIO(pdf(made, mark(made))))
    first, within = reader.outline
    assert not isinstance(first, list) and isinstance(within, list)
    assert first.title == "一、申报条件" and [getattr(each, "title", "") for each in within] == ["（一）产业"]
    document = docx.Document(io.BytesIO(word(made, mark(made))))
    levels = {
        line.text: line._p.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))
        for line in document.paragraphs
        if line._p.pPr is not None and line._p.pPr.find(qn("w:outlineLvl")) is not None
    }
    assert levels == {"一、申报条件": "0", "（一）产业": "1"}

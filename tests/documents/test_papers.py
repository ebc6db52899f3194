"""Official papers: what is said is what is shown, in both formats, in fonts that lie in the file, and nothing else."""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
import zipfile
import zlib
from typing import Any

import docx
import numpy as np
import pypdf
import pypdfium2
import pytest
import zxingcpp
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.documents import papers, typeset
from pingjiang.documents.papers import Heading, Mark, Paper, Paragraph, Table
from pingjiang.documents.quick_code import as_png
from pingjiang.documents.typeset import pdf
from pingjiang.documents.word import word
from pingjiang.errors import InputRefused

DAY = datetime.date(2027, 1, 15)
MARKUP = "#let x = 1 *粗* _斜_ $y$ <b>标</b> @名 = 题 \\ // 注 {{ 数 }} “引” [块] `码` ~ --- …"


def paper(**more: Any) -> Paper:
    said: dict[str, Any] = {
        "issuer": "示例市知识产权局文件", "title": "关于征集专利导航项目的通知", "number": "示知〔2027〕2号",
        "addressee": "各有关单位", "body": (Paragraph("为做好本年度工作，现将有关事项通知如下。"),),
        "signed_by": "示例市知识产权局", "signed_on": DAY,
    }  # fmt: skip
    return Paper(**{**said, **more})


WHERE = "https://ip.example.gov.cn/verify/?code=PJ27-7QK4-M2XD"


def mark(of: Paper) -> Mark:
    return Mark("PJ27-7QK4-M2XD", of.digest, ("数据版本 R2027.01-1",), WHERE)


def text_of_pdf(data: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def text_of_word(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    return "".join("".join(text.text or "" for text in document.element.body.iter(qn("w:t"))).split())


def fonts_of(data: bytes) -> dict[str, Any]:
    found = {}
    page: Any
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found[font.get_object()["/BaseFont"]] = inner["/FontDescriptor"].get_object()
    return found


FULL = paper(
    body=(
        Heading("一、申报条件"), Heading("（一）企业", 2), Heading("1. 规模", 3), Paragraph(MARKUP),
        Table(("事项", "期限"), (("服务合同 #1", "2027-03-31"), ("银行回单", "2027-02-26")), (2, 1)),
    ),
    attachments=("申报表", "评分办法"), note="此件公开发布", synthetic=True,
)  # fmt: skip


@pytest.mark.parametrize("read", [lambda p: text_of_pdf(pdf(p, mark(p))), lambda p: text_of_word(word(p, mark(p)))])
def test_all_that_is_said_is_shown_as_it_is_said(read: Any) -> None:
    shown = read(FULL)
    for text in papers._texts(FULL.said()):
        if text not in ("heading", "paragraph", "table", DAY.isoformat()):
            assert "".join(text.split()) in shown, text
    assert "2027年1月15日" in shown and "附件：1．申报表" in shown


def test_every_page_of_a_pdf_has_number_code_and_digest() -> None:
    long = paper(body=(Paragraph("甲乙丙丁。" * 600), Table(("甲", "乙"), tuple((str(n), "值") for n in range(60)))))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(long, mark(long)))).pages]
    assert len(pages) > 5
    for number, text in enumerate(pages, start=1):
        assert f"— {number} —" in text and "PJ27-7QK4-M2XD" in text and mark(long).short_digest in text
    assert "不具效力" not in pages[0]
    assert "不具效力" in text_of_pdf(pdf(FULL, mark(FULL)))


def test_no_heading_is_the_last_of_its_page() -> None:
    """After so many lines there was room for it alone."""
    lines = [Paragraph(f"第{number}条") for number in range(14)]
    long = paper(body=(*lines, Heading("一、时间安排", 1), Paragraph("申报单位不得提供虚假材料。" * 5)))
    first, second = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(long, mark(long)))).pages)
    assert "第13条" in first and "时间安排" not in first and "时间安排" in second
    assert not Heading("（一）注册资本不低于500万元。", 2).leads  # says it all
    headings = [line for line in docx.Document(io.BytesIO(word(long, mark(long)))).paragraphs if "时间" in line.text]
    assert [line.paragraph_format.keep_with_next for line in headings] == [True]


ROW = ("{}", "江城市第{}产业知识产权运营中心建设项目", "示例科技有限公司", "480.00")
HEAD = ("序", "项目名称", "承担单位", "金额")


def rows(count: int) -> Table:
    told = tuple(tuple(cell.format(f"甲{at}乙") for cell in ROW) for at in range(1, count + 1))
    return Table(HEAD, told, (1, 3, 2, 1))


@pytest.mark.parametrize("count", range(6, 26))
def test_nobody_signs_an_empty_page_and_no_row_stands_alone(count: int) -> None:
    """Whatever the length: the last paragraph, or the last two rows with their head, go with the signature."""
    by_paragraph = paper(body=tuple(Paragraph(f"第{at}段。" + "甲乙丙丁" * 12) for at in range(count)), attachments=())
    by_table = paper(body=(Paragraph("如下。"), rows(count)), attachments=())
    inside = paper(body=(rows(count), *(Paragraph("甲乙丙丁" * 12 + "。") for _ in range(6))), attachments=())
    last = _pages(by_paragraph)[-1]
    assert f"第{count - 1}段。" in last and by_paragraph.day in last
    pages = _pages(by_table)
    assert by_table.day in pages[-1] and {f"甲{count}乙", f"甲{count - 1}乙"} <= set(_cells(pages[-1]))
    for each in (*pages, *_pages(inside)):
        cells = _cells(each)
        assert len(cells) != 1 and (not cells or "项目名称" in each)
    assert [cell for each in pages for cell in _cells(each)] == [f"甲{at}乙" for at in range(1, count + 1)]


def _pages(of: Paper) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(of, mark(of)))).pages]


def _cells(page: str) -> list[str]:
    """The numbers of the rows that stand on a page, in their order."""
    return re.findall(r"^甲\d+乙", page, re.MULTILINE)


def test_word_keeps_the_same_together() -> None:
    made = docx.Document(io.BytesIO(word(of := paper(body=(rows(4),), attachments=(), note="公开"), mark(of))))
    keeps = [
        [bool(line.paragraph_format.keep_with_next) for line in row.cells[0].paragraphs] for row in made.tables[0].rows
    ]
    assert keeps == [[True], [False], [False], [True], [True]]  # the head, and what stands before the signature
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in made.tables[0].rows)
    after = [line.paragraph_format.keep_with_next for line in made.paragraphs[-7:]]
    assert after == [True] * 6 + [None]  # room, who signs, the day; the note is the last
    made = docx.Document(
        io.BytesIO(word(of := paper(body=(Paragraph("甲。"), Paragraph("乙。")), attachments=()), mark(of)))
    )
    kept = {
        line.text: line.paragraph_format.keep_with_next for line in made.paragraphs if line.text in ("甲。", "乙。")
    }
    assert kept == {"甲。": False, "乙。": True}


def test_fonts_lie_in_the_pdf_and_no_character_is_a_box() -> None:
    data = pdf(FULL, mark(FULL))
    fonts = fonts_of(data)
    assert fonts
    for name, descriptor in fonts.items():
        assert "+" in name and {"/FontFile2", "/FontFile3"} & set(descriptor), name  # a subset, embedded
        assert name.startswith(descriptor["/FontName"])
    assert any("CJK" in name or "Fang" in name or "Song" in name for name in fonts), sorted(fonts)
    assert "\0" not in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_a_character_without_a_glyph_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rare = paper(title="关于🧿的通知")
    with pytest.raises(InputRefused, match=r"U\+1F9FF"):
        pdf(rare, mark(rare))
    # What is looked for above would be found: without the check, the box is in the file.
    monkeypatch.setattr(typeset, "_check_glyphs", lambda text, title: None)
    data = pdf(rare, mark(rare))
    assert "\0" in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("char", ["\0", "\n", "\x1b", "\ud800", "\ue000", "\u202e", "\uffff"])
def test_what_is_no_character_of_a_text_is_refused(char: str) -> None:
    with pytest.raises(InputRefused, match=f"U\\+{ord(char):04X}"):
        paper(body=(Paragraph(f"甲{char}乙"),))


def test_equal_papers_have_equal_bytes_and_others_another_digest() -> None:
    again = paper()
    assert paper().digest == again.digest
    assert pdf(paper(), mark(again)) == pdf(again, mark(again))
    assert word(paper(), mark(again)) == word(again, mark(again))
    other = paper(signed_on=DAY + datetime.timedelta(days=1))
    assert other.digest != again.digest and pdf(other, mark(other)) != pdf(again, mark(again))


def test_word_names_chinese_faces_and_counts_pages_itself() -> None:
    data = word(FULL, mark(FULL))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        parts = {name: packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml")}
    document = docx.Document(io.BytesIO(data))
    for run in document.element.body.iter(qn("w:r")):
        assert run.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:eastAsia")), run.text
    feet = [text for name, text in parts.items() if name.startswith("word/footer")]
    assert len(feet) == 2  # odd and even pages
    for foot in feet:
        assert foot.index("begin") < foot.index(" PAGE ") < foot.index("separate") < foot.index('"end"')
        assert "PJ27-7QK4-M2XD" in foot and mark(FULL).short_digest in foot
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in parts["word/fontTable.xml"]
    assert "w:evenAndOddHeaders" in parts["word/settings.xml"]


def test_word_papers_are_alike_in_programs_that_do_not_count_in_characters() -> None:
    """LibreOffice gives a character two cells of a grid that is narrower, and knows no indent in characters."""
    document: Any = docx.Document(io.BytesIO(word(FULL, mark(FULL))))
    assert document.sections[0]._sectPr.find(qn("w:docGrid")).get(qn("w:type")) == "lines"
    indents = [each for each in document.element.body.iter(qn("w:ind")) if each.get(qn("w:firstLineChars"))]
    assert indents and {each.get(qn("w:firstLine")) for each in indents} == {"630"}  # two characters of 15.75 pt
    title = next(line for line in document.paragraphs if line.text == FULL.title)
    assert title._p.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0"


@pytest.mark.parametrize(("signer", "right"), [("局", [675, 400]), ("某某市知识产权局与版权局联合办公室", [400, 925])])
def test_who_signs_and_the_day_stand_in_the_middle_of_one_another(signer: str, right: list[int]) -> None:
    signed: Any = docx.Document(io.BytesIO(word(of := paper(signed_by=signer), mark(of)))).paragraphs[-2:]
    assert [line.text for line in signed] == [signer, "2027年1月15日"]  # 6.5 characters wide
    assert [int(line._p.pPr.ind.get(qn("w:rightChars"))) for line in signed] == right


def test_a_form_text_becomes_headings_and_paragraphs() -> None:
    found = papers.paragraphs("导语。\r\n\r\n一、条件\n（一）企业\n十二、附则\n（备注）不是标题\n一心一意，不是标题")
    assert [(block.kind, getattr(block, "level", 0)) for block in found] == [
        ("paragraph", 0), ("heading", 1), ("heading", 2), ("heading", 1), ("paragraph", 0), ("paragraph", 0)
    ]  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("汉字。，（）“”—…·《》"), max_size=60
    )
)
def test_any_text_passes_unread(text: str) -> None:
    """Nothing is markup: ASCII of every kind comes back letter by letter."""
    one = paper(body=(Paragraph("始" + text + "终"),))
    wanted = "".join(("始" + text + "终").split())
    assert wanted in text_of_word(word(one, mark(one)))
    # Between pages and at ends of lines typst may hyphenate nothing, but marks that join letters are undone by pypdf.
    assert wanted in text_of_pdf(pdf(one, mark(one)))


def unpacked(png: bytes) -> Any:
    """A PNG of one bit a pixel, as rows of grey."""
    at, parts = 8, {b"IDAT": b""}
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        parts[kind] = parts.get(kind, b"") + png[at + 8 : at + 8 + length]
        at += 12 + length
    width, height = int.from_bytes(parts[b"IHDR"][:4]), int.from_bytes(parts[b"IHDR"][4:8])
    assert parts[b"IHDR"][8:10] == b"\x01\x00", "one bit, grey"
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, -1)
    assert set(lines[:, 0]) <= {0, 2}, "as they are, or what differs from the line above"
    bits = lines[:, 1:].copy()
    for row in np.flatnonzero(lines[:, 0]):
        bits[row] += bits[row - 1]
    return np.unpackbits(bits, axis=1)[:, :width] * np.uint8(255)


def drawn(data: bytes) -> list[Any]:
    """The pages of a PDF as PDFium draws them."""
    document: Any = pypdfium2.PdfDocument(data)
    return [page.render(scale=2).to_numpy() for page in document]


def test_every_page_bears_a_code_that_leads_to_where_it_is_verified() -> None:
    """Drawn by PDFium and read by ZXing: by others than who made them."""
    long = paper(body=(Paragraph("甲乙丙丁。" * 300),), synthetic=True)
    pages = drawn(pdf(long, mark(long)))
    assert len(pages) > 1
    assert [[each.text for each in zxingcpp.read_barcodes(page)] for page in pages] == [[WHERE]] * len(pages)


def test_a_word_paper_bears_it_beside_the_code_on_odd_and_even_pages() -> None:
    with zipfile.ZipFile(io.BytesIO(word(FULL, mark(FULL)))) as made:
        (picture,) = [name for name in made.namelist() if name.startswith("word/media/")]
        assert [each.text for each in zxingcpp.read_barcodes(unpacked(made.read(picture)))] == [WHERE]
    section = docx.Document(io.BytesIO(word(FULL, mark(FULL)))).sections[0]
    for foot in (section.footer, section.even_page_footer):
        (row,) = foot.tables[0].rows
        assert "查验编号" in row.cells[0].text and "PJ27-7QK4-M2XD" in row.cells[0].text
        (named,) = row.cells[1]._tc.iter(qn("wp:docPr"))
        assert named.get("descr") == f"查验二维码：{WHERE}"


def test_without_an_address_there_is_no_code_and_a_paper_is_as_good() -> None:
    bare = Mark("PJ27-7QK4-M2XD", FULL.digest)
    assert not any(zxingcpp.read_barcodes(page) for page in drawn(pdf(FULL, bare)))
    with zipfile.ZipFile(io.BytesIO(word(FULL, bare))) as made:
        assert not any(name.startswith("word/media/") for name in made.namelist())


@given(text=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=150))
@settings(max_examples=25, deadline=None)
def test_a_quick_code_says_what_it_was_given(text: str) -> None:
    assert [each.text for each in zxingcpp.read_barcodes(unpacked(as_png(text)))] == [text]


def test_a_draft_says_so_on_every_page_and_has_no_code() -> None:
    long = paper(body=(Paragraph("甲乙丙丁。" * 600), Table(("甲", "乙"), tuple((str(n), "值") for n in range(60)))))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(long, None))).pages]
    assert len(pages) > 5
    for number, text in enumerate(pages, start=1):
        shown = "".join(text.split())
        assert f"—{number}—" in shown and papers.DRAFT in shown and "".join(papers.DRAFT_NOTE.split()) in shown
        assert long.digest[:4] not in shown and "查验编号PJ" not in shown and "查验二维码" not in shown
    document = docx.Document(io.BytesIO(word(dataclasses.replace(long, synthetic=True), None)))
    section = document.sections[0]
    for head in (section.header, section.even_page_header):
        assert [line.text for line in head.paragraphs] == [papers.SYNTHETIC_NOTE, papers.DRAFT]
    for foot in (section.footer, section.even_page_footer):
        (cell,) = foot.tables[0].rows[0].cells
        assert cell.text == papers.DRAFT_NOTE
    assert document.core_properties.identifier == papers.DRAFT and not document.inline_shapes
    assert not any(zxingcpp.read_barcodes(page) for page in drawn(pdf(long, None)))

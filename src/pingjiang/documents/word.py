"""Papers as Word documents, to be worked on further: faces by their Chinese names, page numbers as fields."""

from __future__ import annotations

import copy
import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from pingjiang.documents.papers import DRAFT, DRAFT_NOTE, SYNTHETIC_NOTE, Heading, Mark, Paper, Table
from pingjiang.documents.quick_code import as_png

_FANGSONG, _HEITI, _KAITI, _SONGTI, _TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
# Where a machine lacks a face of the standard, the one that its Windows or WPS has.
_INSTEAD = {_FANGSONG: "仿宋", _KAITI: "楷体", _TITLE: "华文中宋"}
_LATIN = "Times New Roman"
_PITCH = Pt(28.95)  # 22 lines in 225 mm
_RED = RGBColor(0xC0, 0, 0)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEVELS = {1: (_HEITI, False), 2: (_KAITI, False), 3: (_FANGSONG, True)}


def word(paper: Paper, mark: Mark | None) -> bytes:
    """The paper as .docx. The same bytes for the same paper and mark; without one, a draft by each of its pages."""
    document = docx.Document()
    _page(document)
    _body_style(document)
    _head(document, paper)
    for at, block in enumerate(paper.body, start=1):
        last = at == len(paper.body) and not paper.attachments
        if isinstance(block, Table):
            _table(document, block, signed=last)
        elif isinstance(block, Heading):
            face, bold = _LEVELS[block.level]
            heading = _line(document, block.text, face=face, bold=bold, indent=2)
            heading.paragraph_format.keep_with_next = block.leads
            _outline(heading, block.level)
        else:
            # What stands before the signature goes with it: nobody signs an empty page.
            _line(document, block.text, indent=2).paragraph_format.keep_with_next = last
    _end(document, paper)
    _foot(document, paper, mark)
    _properties(document, paper, mark)
    _alternatives(document)
    return _packed(document)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance, section.header_distance = Mm(14), Mm(20)
    document.settings.odd_and_even_pages_header_footer = True
    grid = section._sectPr.find(qn("w:docGrid"))
    grid = section._sectPr.makeelement(qn("w:docGrid"), {}) if grid is None else grid
    # Of lines alone: in cells narrower than their characters, some programs give each character two.
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    if grid.getparent() is None:
        section._sectPr.append(grid)


def _body_style(document: Document) -> None:
    style = document.styles["Normal"]
    style.font.size = Pt(16)
    style.font.name = _LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), _FANGSONG)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), "-5")  # by a quarter of a point: 28 characters of 16 pt in 156 mm
    style.element.get_or_add_rPr().insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(language)
    for side in ("autoSpaceDE", "autoSpaceDN"):  # no space between a number and its unit, as in the PDF
        _set_off(style.element.get_or_add_pPr(), side)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, _PITCH


def _set_off(properties: Any, name: str) -> None:
    """Turn a property of a paragraph off that is on by itself."""
    found = OxmlElement(f"w:{name}")
    found.set(qn("w:val"), "0")
    properties.insert_element_before(
        found, "w:bidi", "w:adjustRightInd", *(["w:snapToGrid"] if name != "snapToGrid" else []), "w:spacing", "w:ind",
        "w:jc", "w:rPr",
    )  # fmt: skip


def _run(
    line: Line, text: str, *, face: str = _FANGSONG, size: float = 16, bold: bool = False, red: bool = False
) -> Run:
    run = line.add_run(text)
    run.font.name, run.font.size, run.font.bold = _LATIN, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    if red:
        run.font.color.rgb = _RED
    return run


def _line(
    document: Document, text: str, *, face: str = _FANGSONG, size: float = 16, bold: bool = False, indent: int = 0,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
) -> Line:  # fmt: skip
    line = document.add_paragraph()
    line.alignment = align
    if indent:
        _indent(line, firstLineChars=100 * indent)
    _run(line, text, face=face, size=size, bold=bold)
    return line


def _indent(line: Line, **characters: int) -> None:
    """Indents in hundredths of a character, as Word counts Chinese; in points for who does not count so."""
    found = line._p.get_or_add_pPr().get_or_add_ind()
    for name, value in characters.items():
        found.set(qn(f"w:{name}"), str(value))
        found.set(qn(f"w:{name.removesuffix('Chars')}"), str(value * 315 // 100))  # twentieths of a point


def _head(document: Document, paper: Paper) -> None:
    middle = WD_ALIGN_PARAGRAPH.CENTER
    issuer = document.add_paragraph()
    issuer.alignment = middle
    issuer.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    size = max(22, min(42, int(442 / max(len(paper.issuer), 1))))
    _run(issuer, paper.issuer, face=_TITLE, size=size, bold=False, red=True)
    number = _line(document, paper.number, align=middle)
    _border(number, "bottom", "C00000", 16)
    number.paragraph_format.space_after = Pt(28.95)
    title = _line(document, paper.title, face=_TITLE, size=22, align=middle)
    _spaced(title, 34)
    title.paragraph_format.space_after = Pt(28.95)
    if paper.addressee:
        _line(document, f"{paper.addressee}：")


def _outline(line: Line, level: int) -> None:
    """A place in the outline of the document, as Word shows it beside the text."""
    found = OxmlElement("w:outlineLvl")
    found.set(qn("w:val"), str(level - 1))
    line._p.get_or_add_pPr().insert_element_before(found, "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")


def _spaced(line: Line, points: float) -> None:
    """Lines at a distance of their own, not at that of the page's grid."""
    line.paragraph_format.line_spacing = Pt(points)
    _set_off(line._p.get_or_add_pPr(), "snapToGrid")


def _border(line: Line, side: str, color: str, eighths: int) -> None:
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", color)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    line._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _table(document: Document, table: Table, *, signed: bool) -> None:
    """A table. No row is divided; the head stays with the first row, the last two rows with each other, and, where the
    signature follows, with that."""
    grid = document.add_table(rows=1, cols=len(table.header))
    grid.style = document.styles["Table Grid"]
    repeated = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    share = 156 / sum(table.widths)
    widths = [Mm(share * width) for width in table.widths]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    _fill(grid.rows[0], table, table.header, widths, _HEITI)
    rows = [grid.rows[0]._tr]
    if table.rows:
        first = grid.add_row()
        _fill(first, table, table.rows[0], widths, _FANGSONG)
        rows.append(first._tr)
        for texts in table.rows[1:]:  # a copy with other texts: made anew, each cell costs a hundred times as much
            row = copy.deepcopy(first._tr)
            for run, text in zip(row.iter(qn("w:r")), texts, strict=True):
                run.text = text
            grid._tbl.append(row)
            rows.append(row)
    for row, unbroken in zip(rows, (True, *table.unbroken), strict=True):
        if unbroken:
            row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
    kept = {0, len(rows) - 2, *([len(rows) - 1] if signed else [])}
    for line in (line for at in kept for line in rows[at].iter(qn("w:p"))):
        Line(line, document).paragraph_format.keep_with_next = True


def _fill(row: Any, table: Table, texts: Sequence[str], widths: Sequence[Mm], face: str) -> None:
    for cell, text, width, number in zip(row.cells, texts, widths, table.numbers, strict=True):
        cell.width = width
        line = cell.paragraphs[0]
        _spaced(line, 18)
        if number:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(line, text, face=face, size=12)


def _end(document: Document, paper: Paper) -> None:
    if paper.attachments:
        document.add_paragraph()
    for at, name in enumerate(paper.attachments, start=1):
        number = f"{at}．" if len(paper.attachments) > 1 else ""
        _line(document, f"{'附件：' if at == 1 else '　　　'}{number}{name}", indent=2)
    for _ in range(4):  # the room of the real stamp, kept together with who signs
        document.add_paragraph().paragraph_format.keep_with_next = True
    widths = [_width(text) for text in (paper.signed_by, paper.day)]
    for text, width in zip((paper.signed_by, paper.day), widths, strict=True):
        signed = _line(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
        _indent(signed, rightChars=400 + int(50 * (max(widths) - width)))  # one in the middle of the other
        signed.paragraph_format.keep_with_next = text is paper.signed_by or bool(paper.note)
        signed.paragraph_format.keep_together = True
    if paper.note:
        _line(document, f"（{paper.note}）", indent=2)


def _width(text: str) -> float:
    """How wide a text is, in characters of Chinese."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def _foot(document: Document, paper: Paper, mark: Mark | None) -> None:
    section = document.sections[0]
    for foot, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    ):  # fmt: skip
        number = foot.paragraphs[0]
        number.alignment = side
        _indent(number, leftChars=100, rightChars=100)
        _run(number, "— ", face=_SONGTI, size=14)
        _field(number, "PAGE")
        _run(number, " —", face=_SONGTI, size=14)
        _strip(foot, mark)
    notes = [(SYNTHETIC_NOTE, 9)] if paper.synthetic else []
    notes += [(DRAFT, 26)] if mark is None else []
    for head in (section.header, section.even_page_header) if notes else ():
        for at, (text, size) in enumerate(notes):
            line = head.add_paragraph() if at else head.paragraphs[0]
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            _run(line, text, face=_HEITI, size=size)


def _strip(foot: Any, mark: Mark | None) -> None:
    """Code, digest and lines; beside them the QR code of where the code is verified. Of a draft, that it is one."""
    texts = (DRAFT_NOTE,) if mark is None else (
        f"查验编号　{mark.code}　　内容摘要　{mark.short_digest}", *mark.lines
    )  # fmt: skip
    address = "" if mark is None else mark.address
    widths = (Mm(138), Mm(18)) if address else (Mm(156),)
    grid = foot.add_table(rows=1, cols=len(widths), width=sum(widths))
    grid.autofit = False
    _no_margins(grid)
    cells = grid.rows[0].cells
    for cell, column, width in zip(cells, grid.columns, widths, strict=True):
        cell.width = column.width = width
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        _cell_edge(cell)
    for at, text in enumerate(texts):
        line = cells[0].add_paragraph() if at else cells[0].paragraphs[0]
        _spaced(line, 12)
        _run(line, text, face=_HEITI, size=8)
    if address:
        line = cells[1].paragraphs[0]
        line.alignment, line.paragraph_format.line_spacing_rule = WD_ALIGN_PARAGRAPH.RIGHT, WD_LINE_SPACING.SINGLE
        picture = line.add_run().add_picture(io.BytesIO(as_png(address)), height=Mm(15))
        picture._inline.docPr.set("descr", f"查验二维码：{address}")
    # Word wants a paragraph after a table.
    last = foot.add_paragraph()
    _spaced(last, 1)


def _no_margins(grid: Any) -> None:
    """Cells as wide as their texts: the line above them is as long as those of the text."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _cell_edge(cell: Any) -> None:
    """A thin line above a cell."""
    borders = OxmlElement("w:tcBorders")
    edge = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    properties = cell._tc.get_or_add_tcPr()
    properties.insert_element_before(
        borders, "w:shd", "w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark"
    )


def _field(line: Line, code: str) -> None:
    """A field that Word counts itself: begin, code, separator, what stands until it is counted, end."""
    run = _run(line, "", face=_SONGTI, size=14)
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            said = OxmlElement("w:instrText")
            said.set(qn("xml:space"), "preserve")
            said.text = f" {code} "
            run._element.append(said)
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        run._element.append(part)
        if kind == "separate":
            shown = OxmlElement("w:t")
            shown.text = "1"
            run._element.append(shown)


def _properties(document: Document, paper: Paper, mark: Mark | None) -> None:
    about: Any = document.core_properties
    noon = datetime.datetime.combine(paper.signed_on, datetime.time(4))
    about.title, about.author, about.last_modified_by = paper.title, paper.issuer, paper.issuer
    about.created = about.modified = noon
    about.identifier = DRAFT if mark is None else mark.code
    about.revision, about.language, about.comments = 1, "zh-CN", ""


def _alternatives(document: Document) -> None:
    """Say in the table of fonts which face stands in for one that a machine lacks."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            part: Any = relation.target_part
            fonts = "".join(
                f'<w:font w:name="{face}"><w:altName w:val="{other}"/></w:font>' for face, other in _INSTEAD.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _packed(document: Document) -> bytes:
    """The file with one time on all its parts: that of packing would make two equal papers differ."""
    first, last = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(last, "w") as packed:
        for part in made.infolist():
            packed.writestr(zipfile.ZipInfo(part.filename, _EPOCH), made.read(part), compress_type=zipfile.ZIP_DEFLATED)
    return last.getvalue()

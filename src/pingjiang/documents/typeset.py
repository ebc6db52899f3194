"""Papers as PDF, set by typst. Fonts lie in the file; a character that none of them has is refused, never a box."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import manimgx_fonts_cjk
import typst
from fontTools.ttLib import TTCollection

from pingjiang.documents.papers import DRAFT, DRAFT_NOTE, SYNTHETIC_NOTE, Block, Mark, Paper, Table
from pingjiang.documents.quick_code import as_svg
from pingjiang.errors import InputRefused

_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = Path(manimgx_fonts_cjk.__file__).parent  # Noto Sans CJK, under the SIL Open Font License 1.1
_FACE = 2  # the face for simplified Chinese in the collection
_NOON = datetime.time(12, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def pdf(paper: Paper, mark: Mark | None) -> bytes:
    """The paper as PDF 1.7, tagged. The same bytes for the same paper and mark on a machine of the same fonts.

    Without a mark it is a draft, and every page says so. InputRefused names the first character that cannot be shown.
    """
    data = {
        **paper.said(),
        "body": [_laid_out(block, said) for block, said in zip(paper.body, paper.said()["body"], strict=True)],
        "signed_on": paper.day,
        "signed_on_parts": {
            "year": paper.signed_on.year, "month": paper.signed_on.month, "day": paper.signed_on.day,
        },
        "synthetic_note": SYNTHETIC_NOTE,
        "mark": None if mark is None else _strip(mark),
        "draft": DRAFT,
        "draft_note": DRAFT_NOTE,
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    _check_glyphs(text, paper.title)
    made = typst.compile(
        str(_TEMPLATES / "letter.typ"),
        root=str(_TEMPLATES),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"paper": text},
        timestamp=datetime.datetime.combine(paper.signed_on, _NOON),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


def _laid_out(block: Block, said: dict[str, Any]) -> dict[str, Any]:
    """What a block says, and of a table which columns stand on the right and which rows are not broken."""
    return {**said, "numbers": block.numbers, "unbroken": block.unbroken} if isinstance(block, Table) else said


def _strip(mark: Mark) -> dict[str, object]:
    return {
        "code_label": "查验编号", "code": mark.code, "digest_label": "内容摘要", "digest": mark.short_digest,
        "lines": mark.lines, "quick_code": as_svg(mark.address) if mark.address else "",
        "quick_code_means": f"查验二维码：{mark.address}",
    }  # fmt: skip


def require_glyphs(paper: Paper) -> None:
    """InputRefused names the first character of a paper that cannot be shown."""
    _check_glyphs(paper.canonical, paper.title)


@cache
def _fonts() -> typst.Fonts:
    """The machine's fonts and ours, looked for once."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(_FONTS)])


@cache
def _shown() -> frozenset[int]:
    """All characters that the font which comes with the program has: every face of the template ends in it."""
    with TTCollection(str(next(_FONTS.glob("*.ttc"))), lazy=True) as collection:
        return frozenset(collection.fonts[_FACE].getBestCmap())


def _check_glyphs(text: str, title: str) -> None:
    for char in sorted(set(text)):
        if ord(char) not in _shown():
            raise InputRefused(
                f"字库里没有“{char}”（U+{ord(char):04X}），不能印出。",
                f"No font at hand has '{char}' (U+{ord(char):04X}): it cannot be printed.",
                file=title,
                remedy=("请换成通用规范汉字，或用文字说明。", "write it another way."),
            )

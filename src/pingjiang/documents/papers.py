"""Official papers: what one says, as data; its digest; what it looks like is said in `typeset` (PDF) and `word`.

    paper = Paper(issuer="…", title="…", body=(Paragraph("…"),), signed_by="…", signed_on=date)
    mark  = Mark(code="PJ26-…", digest=paper.digest)
    pdf(paper, mark)   word(paper, mark)          bytes; the same for the same paper and mark
    pdf(paper, None)   word(paper, None)          a draft: says so on every page, and has no code

A text is a text: nothing in it is read as markup, in no format. What no font at hand can show is refused.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Any

from pingjiang.errors import InputRefused

SYNTHETIC_NOTE = "示例数据：本件为版式样张，不是任何机构的公文，不具效力　Synthetic data: of no effect"
DRAFT = "草稿"
DRAFT_NOTE = "草稿：供核对，尚未报送，没有查验编号，不具效力　Draft: not handed in, no code, of no effect"
_NO_CHARACTERS = ("Cc", "Cs", "Co", "Cn")  # control, half of a pair, private, unassigned
_TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_NUMBER, _DIGIT = re.compile(r"[−-]?[\d,]+(\.\d+)?%?|—|"), re.compile(r"\d")
_ON_ONE_PAGE = 200  # characters of a cell
_DIGITS = "〇一二三四五六七八九十"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、黑体), 2 (（一）楷体) or 3 (1.)."""

    text: str
    level: int = 1
    kind: str = field(default="heading", init=False)

    @property
    def leads(self) -> bool:
        """Whether it stands for what follows, and not at the end of a page; one that is a sentence says it all."""
        return not self.text.endswith(("。", "；"))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: str
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class Table:
    """A table of texts. `widths` are shares, by default equal."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    kind: str = field(default="table", init=False)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row has as many cells as the header")
        if not self.widths:
            object.__setattr__(self, "widths", (1.0,) * len(self.header))
        if len(self.widths) != len(self.header):
            raise ValueError("a width for each column")

    @property
    def numbers(self) -> tuple[bool, ...]:
        """Columns of numbers alone, which stand on the right. Of label and value, two columns, none does."""
        columns = list(zip(*self.rows, strict=True)) if len(self.header) > 2 else []
        found = [all(map(_NUMBER.fullmatch, each)) and any(map(_DIGIT.search, each)) for each in columns]
        return tuple(found or [False] * len(self.header))

    @property
    def unbroken(self) -> tuple[bool, ...]:
        """Rows that are short enough to stand on one page whole."""
        return tuple(max(map(len, row)) <= _ON_ONE_PAGE for row in self.rows)


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Paper:
    """What an official paper says, part by part as GB/T 9704 names them."""

    issuer: str  # 发文机关标志
    title: str
    body: tuple[Block, ...]
    signed_by: str
    signed_on: datetime.date
    number: str = ""  # 发文字号
    addressee: str = ""  # 主送机关
    attachments: tuple[str, ...] = ()
    note: str = ""  # 附注
    synthetic: bool = False

    def __post_init__(self) -> None:
        for text in _texts(self.said()):
            _check(text, self.title)

    def said(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "signed_on": self.signed_on.isoformat()}

    @property
    def canonical(self) -> str:
        """JSON with sorted keys and no blanks: what the digest is taken over."""
        return json.dumps(self.said(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of what the paper says, 64 hexadecimal digits. It is the same whatever file shows it."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def day(self) -> str:
        """The day of signing as papers write it."""
        return f"{self.signed_on.year}年{self.signed_on.month}月{self.signed_on.day}日"


@dataclass(frozen=True)
class Mark:
    """What stands at the foot of each page: verification code, digest of the contents, and lines beneath.

    `address` is where the code is verified; it stands beside as a QR code. Without one there is none.
    """

    code: str
    digest: str
    lines: tuple[str, ...] = ()
    address: str = ""

    @property
    def short_digest(self) -> str:
        """The digest as it is printed: its first 16 and last 4 digits in groups of four."""
        text = self.digest
        return " ".join([*(text[at : at + 4] for at in range(0, 16, 4)), "…", text[-4:]])


def paragraphs(text: str) -> tuple[Block, ...]:
    """A text as people type it into a form: a line a paragraph; lines that begin with 一、 or （一） are headings."""
    found: list[Block] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        said = line.strip()
        if said:
            level = _level(said)
            found.append(Heading(said, level) if level and len(said) <= 40 else Paragraph(said))
    return tuple(found)


def _level(line: str) -> int:
    head = line.lstrip(_DIGITS)
    if head != line and head.startswith("、"):
        return 1
    inner = line.removeprefix("（").lstrip(_DIGITS)
    return 2 if line.startswith("（") and inner.startswith("）") and inner != line.removeprefix("（") else 0


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    return []


def _check(text: str, title: str) -> None:
    """Refuse what is no character of a text: controls, halves of pairs, what turns the direction of writing."""
    for at, char in enumerate(text, start=1):
        if unicodedata.category(char) in _NO_CHARACTERS or char in _TURNING:
            raise InputRefused(
                f"文中第 {at} 个字符（U+{ord(char):04X}）不是可印的字符。",
                f"Character {at} (U+{ord(char):04X}) of a text cannot be printed.",
                file=title,
                remedy=("请删去它，或换成可印的字。", "take it out, or write another."),
            )

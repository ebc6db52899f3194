"""From characters to raw nodes with their positions, by `grammar.lark`; and what to say where that fails."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pingjiang.errors import QueryRefused, Words

if TYPE_CHECKING:
    from lark import Lark, Token, UnexpectedInput

MAX_LENGTH = 200_000  # characters
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_OPERATOR_WORDS = {"AND", "OR", "NOT", "与", "或", "非"}
_OPERAND, _OPERATOR = {"WORD", "QUOTED", "FIELD", "LPAR", "SET"}, {"_AND", "_OR", "PROX"}
# What may stand somewhere, as it is told; the first that fits of each line.
_EXPECTED: tuple[tuple[set[str], Words], ...] = (
    ({"FIELD", "SET", "LPAR"}, ("检索词、字段（如 标题=）或“(”", "a word, a field (such as TI=) or '('")),
    ({"WORD", "QUOTED"}, ("检索词或带引号的词组", "a word, or a phrase in quotes")),
    (_OPERATOR, ("AND、OR、NOT 或 nW、nN", "AND, OR, NOT, nW or nN")),
    ({"_TO"}, ("TO", "TO")),
    ({"RSQB"}, ("“]”", "']'")),
    ({"RPAR"}, ("“)”", "')'")),
)


@dataclass(frozen=True, slots=True)
class RawWord:
    """A word or phrase. `mark`: '' or what stands before it ('=' alone, '>=', …)."""

    text: str
    quoted: bool
    at: int
    mark: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawRange:
    """`[low TO high]`."""

    low: RawWord
    high: RawWord
    at: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawSet:
    """`#3`, `##name`."""

    text: str
    at: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawField:
    """A field and what is asked of it."""

    name: str
    part: Raw
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class RawMany:
    """Several by one operator: 'or', 'and'."""

    operator: str
    parts: tuple[Raw, ...]
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class RawNot:
    """NOT something."""

    part: Raw
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class RawNear:
    """`a 3W b`: sides, and the operator between each two with its position."""

    parts: tuple[Raw, ...]
    operators: tuple[tuple[str, int], ...]
    at: int
    depth: int


Raw = RawWord | RawRange | RawSet | RawField | RawMany | RawNot | RawNear


def half_width(text: str) -> str:
    """Full-width Latin signs at half width, character by character: positions stay."""
    return text.translate(_HALF_WIDTH)


def read_raw(text: str) -> Raw:
    """The raw nodes of a query. QueryRefused where it cannot be read."""
    from lark import UnexpectedInput

    if len(text) > MAX_LENGTH:
        raise QueryRefused(
            f"检索式超过 {MAX_LENGTH:,} 个字符。", f"The query has more than {MAX_LENGTH:,} characters.",
            query=text, position=MAX_LENGTH + 1,
            remedy=("拆成几条，用 #1 OR #2 合并。", "Divide it and join the parts by #1 OR #2."),
        )  # fmt: skip
    plain = half_width(text)
    try:
        made: Raw = _parser().parse(plain)  # type: ignore[assignment]
    except UnexpectedInput as error:
        raise _refused(text, plain, error) from None
    return made


@cache
def _parser() -> Lark:
    from lark import Lark, Token, Transformer

    def deepest(parts: Iterable[Any]) -> int:
        return max(int(part.depth) for part in parts)

    class Make(Transformer[Token, Raw]):
        """Raw nodes as the parser meets them: nothing recurs, however deep the brackets."""

        def start(self, found: list[Any]) -> Raw:
            return found[0]  # type: ignore[no-any-return]

        def simple(self, found: list[Token]) -> RawWord:
            token = found[0]
            quoted = token.type == "QUOTED"
            return RawWord(_unescaped(token[1:-1] if quoted else token), quoted, token.start_pos or 0)

        bound = simple

        def any_of(self, found: list[Any]) -> RawMany:
            return RawMany("or", tuple(found), found[0].at, deepest(found))

        def all_of(self, found: list[Any]) -> RawMany:
            return RawMany("and", tuple(found), found[0].at, deepest(found))

        def and_next(self, found: list[Any]) -> Raw:
            return found[0]  # type: ignore[no-any-return]

        def negated(self, found: list[Any]) -> RawNot:
            return RawNot(found[1], found[0].start_pos, found[1].depth + 1)

        except_next = negated

        def near(self, found: list[Any]) -> RawNear:
            sides, between = found[::2], found[1::2]
            marks = tuple((str(token), token.start_pos) for token in between)
            return RawNear(tuple(sides), marks, sides[0].at, deepest(sides))

        def group(self, found: list[Any]) -> Raw:
            return _deeper(found[1])

        def fielded(self, found: list[Any]) -> RawField:
            return RawField(str(found[0]), found[1], found[0].start_pos, found[1].depth)

        def compared(self, found: list[Any]) -> RawField:
            return self.fielded([found[0], self.marked(found[1:])])

        def marked(self, found: list[Any]) -> RawWord:
            sign = {"==": "=", "=>": ">=", "=<": "<=", "≥": ">=", "≤": "<="}.get(found[0], str(found[0]))
            return RawWord(found[1].text, found[1].quoted, found[1].at, sign)

        def whole(self, found: list[Any]) -> RawWord:
            return RawWord(found[0].text, found[0].quoted, found[0].at, "=")

        def range(self, found: list[Any]) -> RawRange:
            return RawRange(found[1], found[2], found[0].start_pos)

        def saved(self, found: list[Any]) -> RawSet:
            return RawSet(str(found[0]), found[0].start_pos)

    grammar = resources.files("pingjiang.query").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=Make(), maybe_placeholders=False)


def _deeper(raw: Raw) -> Raw:
    """The same within one more pair of brackets."""
    from dataclasses import replace

    return replace(raw, depth=raw.depth + 1)


_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def _unescaped(text: str) -> str:
    r"""`\"` and the like as the sign itself; `\*`, `\?`, `\\` stay: they mean signs that would be wildcards."""
    return _ESCAPE.sub(lambda found: found[0] if found[1] in "*?\\" else found[1], text)


def _refused(text: str, plain: str, error: UnexpectedInput) -> QueryRefused:
    """Why it breaks off, where, and what would have been understood there."""
    from lark import UnexpectedCharacters, UnexpectedToken

    at = error.pos_in_stream
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at is None or ended:
        at = len(text.rstrip())
    if isinstance(error, UnexpectedCharacters):
        allowed = set(error.allowed or ())
    else:
        allowed = set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())
    if not text.strip():
        return QueryRefused("检索式是空的。", "The query is empty.", query=text, position=1)
    word = re.match(r"\w+", plain[at:])
    found = word[0][:20] if word else plain[at : at + 1]
    zh, en, remedy = _cause(plain, at, found, allowed, ended)
    return QueryRefused(zh, en, query=text, position=at + 1, remedy=remedy)


def _cause(plain: str, at: int, found: str, allowed: set[str], ended: bool) -> tuple[str, str, Words | None]:
    """What is wrong, in both languages, with a remedy where there is a likely one."""
    told_zh, told_en = _told(allowed)
    if found in ('"', "“", "”"):
        return "引号没有成对。", "The quotation mark has no partner.", ("补上另一个引号。", "Add the other one.")
    if ended:
        opened = _opened(plain)
        if opened is not None and "RPAR" in allowed:
            bracket = f"第 {opened + 1} 个字符的“(”没有关上。", f"The '(' at character {opened + 1} is not closed."
            return *bracket, ("在末尾补上“)”。", "Add ')' at the end.")
        return f"检索式没有写完：这里应是{told_zh}。", f"The query ends too early: expected {told_en}.", None
    if found == ")" and _opened(plain[:at]) is None:
        return "这个“)”没有对应的“(”。", "This ')' closes nothing.", ("删去它，或补上“(”。", "Take it out, or add '('.")
    if allowed & {"_AND", "_OR"} and found not in "()[]【】=:<>≤≥":
        return (
            f"两个词之间缺少运算符：这里应是{told_zh}。",
            f"Two words stand side by side: expected {told_en}.",
            ("连在一起的词组请加引号，否则写 AND 或 OR。", "Put a phrase in quotes, or write AND or OR between them."),
        )
    if found.upper() in _OPERATOR_WORDS and not ended:
        remedy = (f"要检索“{found}”这个词，请加引号。", f"To look for the word {found!r} put it in quotes.")
    else:
        remedy = None
    return f"“{found}”不能在这里：这里应是{told_zh}。", f"{found!r} cannot stand here: expected {told_en}.", remedy


def _told(allowed: set[str]) -> tuple[str, str]:
    """What may stand here, in words."""
    said: list[tuple[str, str]] = []
    rest = set(allowed)
    for names, words in _EXPECTED:
        if rest & names:
            said.append((words, words) if isinstance(words, str) else words)
            rest -= names | (_OPERAND if names & _OPERAND else set())
    return "，或".join(zh for zh, _ in said) or "结束", ", or ".join(en for _, en in said) or "the end"


def _opened(plain: str) -> int | None:
    """Where the innermost bracket that is not closed stands; quotes are passed over."""
    stack: list[int] = []
    quoted = False
    for at, char in enumerate(plain):
        if char in '"“”':
            quoted = not quoted
        elif not quoted and char == "(":
            stack.append(at)
        elif not quoted and char == ")" and stack:
            stack.pop()
    return stack[-1] if stack else None
